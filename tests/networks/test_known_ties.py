"""Known ties, completed by the market's: all of them are there, and as many ties as before; ids are the firm's own."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest
from customer_tables import some_customers, write_base

from wom_sim import build_world, load_scenario
from wom_sim.cli import main
from wom_sim.networks.graph_file import TieFileError, read
from wom_sim.networks.known import completed
from wom_sim.networks.tie_people import Whose
from wom_sim.networks.tie_strength import Close, by_weight
from wom_sim.scenario import ScenarioError, fingerprint
from wom_sim.scenario.notes import notes
from wom_sim.scenario.ties import ties_read
from wom_sim.study.runs import world_key
from wom_sim.words import Words
from wom_sim.world.network import ACQUAINTANCE, CLOSE, HOUSEHOLD, check, edges, from_edges

PEOPLE = 3000
SCENARIO = """
name = "Own ties"
population.file = "base"
population.prospects = 200
population.segments = [{name = "gold", share = 0.5}, {name = "silver", share = 0.5}]
network.path = "ties.csv"
choose.limit = 5
policies = [{name = "letter", use = "bulk_letter"}]
"""


@pytest.fixture(scope="module")
def drawn():
    scenario = load_scenario("scenarios/first_look.toml", [f"population.customers={PEOPLE - 300}", "choose.limit=9",
                                                           "population.prospects=300"])  # fmt: skip
    return build_world(scenario, workers=1).network


def some_known(number, seed=1, first=0, last=PEOPLE, kind=None):
    rng = np.random.default_rng(seed)
    pairs = np.sort(rng.integers(first, last, (4 * number, 2)), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    pairs = pairs[rng.permutation(len(pairs))[:number]]
    kinds = rng.integers(CLOSE, ACQUAINTANCE + 1, len(pairs)) if kind is None else np.full(len(pairs), kind)
    return from_edges(PEOPLE, pairs[:, 0], pairs[:, 1], kinds.astype(np.int64))


def classes(network):
    return {(int(a), int(b)): int(k) for a, b, k in zip(*edges(network), strict=True)}


@pytest.mark.parametrize("number", [1, 60, 900])
def test_what_is_known_is_there_and_there_are_as_many_ties_of_each_class_as_before(drawn, number):
    known = some_known(number)
    found = completed(drawn, known, 7)
    check(found)
    before, after, told = classes(drawn), classes(found), classes(known)
    for pair, kind in told.items():
        assert after[pair] == min(kind, before.get(pair, kind)), "the closer class holds"
    met = [pair for pair in told if pair in before]
    for kind in (CLOSE, ACQUAINTANCE):
        same = sum(k == kind for p, k in before.items() if p not in told)
        now = sum(k == kind for p, k in after.items() if p not in told)
        assert same - now == sum(k == kind for p, k in told.items() if p not in met)
    assert len(after) == len(before)
    assert {p for p, k in before.items() if k == HOUSEHOLD} <= set(after), "households stay"


def test_ties_give_way_where_something_is_known_and_nowhere_else(drawn):
    """All that is known lies among the first 200 people: no tie between two others is touched."""
    known = some_known(150, first=0, last=200, kind=CLOSE)
    found, before = classes(completed(drawn, known, 7)), classes(drawn)
    gone = set(before) - set(found)
    some = set(np.flatnonzero(known.degrees()).tolist())
    assert gone and all({a, b} & some for a, b in gone)
    assert len(gone) == len(set(classes(known)) - set(before))


def test_both_known_go_before_one_known_and_the_rest_is_luck_of_the_pair():
    ring = np.arange(8)
    drawn = from_edges(8, ring, (ring + 1) % 8, np.full(8, CLOSE))
    known = from_edges(8, np.array([0, 1]), np.array([2, 3]), np.full(2, CLOSE))
    gone = {seed: set(classes(drawn)) - set(classes(completed(drawn, known, seed))) for seed in range(30)}
    outer = {(0, 1), (2, 3)}
    assert all(each == outer or ((1, 2) in each and len(each) == 2) for each in gone.values())
    assert 5 < sum(each == outer for each in gone.values()) < 28, "luck"
    again = classes(completed(drawn, known, 3))
    assert again == classes(completed(drawn, known, 3))


def test_strengths_of_what_is_known_stay_and_others_count_fully(drawn):
    known = some_known(40)
    half = known._replace(strength=np.full(len(known.ties), 0.5))
    found = completed(drawn, half, 1)
    check(found)
    told = classes(known)
    for person in range(0, PEOPLE, 97):
        for other, strength in zip(found.neighbours(person).tolist(), found.strengths(person).tolist(), strict=True):
            pair = (min(person, other), max(person, other))
            assert strength == (0.5 if pair in told else 1.0)


def test_weights_say_which_ties_are_close_person_by_person():
    first, second = np.array([0, 0, 0, 1, 4]), np.array([1, 2, 3, 2, 5])
    weight = np.array([9.0, 8.0, 7.0, 6.0, 1.0])
    close = by_weight(first, second, weight, Close(2, 1.0)) == CLOSE
    assert close.tolist() == [True, True, False, True, True], "0 has three, and 3 has but one"
    strongest = by_weight(first, second, weight, Close(2, 0.4)) == CLOSE
    assert strongest.tolist() == [True, True, False, False, False], "of five, two"


# -- as a user has it ----------------------------------------------------------------------------------------


@pytest.fixture
def firm(tmp_path):
    columns = some_customers(500)
    write_base(tmp_path / "base", columns)
    table = pq.read_table(tmp_path / "base" / "customers.parquet").to_pydict()
    (tmp_path / "firm.toml").write_text(SCENARIO)
    ids = [str(each) for each, left in zip(table["customer"], table["churned"], strict=True) if not left]

    def of(ties, *overrides):
        (tmp_path / "ties.csv").write_text("from,to,minutes\n" + "".join(f"{a},{b},{w}\n" for a, b, w in ties))
        return load_scenario(tmp_path / "firm.toml", overrides)

    return of, ids, [str(each) for each, left in zip(table["customer"], table["churned"], strict=True) if left]


@pytest.mark.parametrize("kind", ["market", "file"])
def test_people_of_a_tie_file_are_the_firms_own_customers(firm, kind):
    of, ids, gone = firm
    ties = [(ids[k], ids[-1 - k], 100 - k) for k in range(40)]
    scenario = of([*ties, ("nobody", ids[0], 5), (gone[0], ids[1], 5), (ids[3], ids[3], 1)], f"network.kind={kind}")
    world = build_world(scenario, workers=1)
    pairs = classes(world.network)
    number = {name: k for k, name in enumerate(world.listed.ids(np.arange(len(world.people))).tolist()) if name}
    for a, b, _ in ties:
        one, other = sorted((number[a], number[b]))
        assert (one, other) in pairs
    found = ties_read(scenario)
    assert (found.lines, found.ties, found.outside, found.loops) == (43, 40, 2, 1)
    assert (len(pairs) == 40) == (kind == "file")
    said = " ".join(notes(scenario, Words("en")))
    assert "customer that is simulated, not used: 2." in said
    assert ("The other ties are drawn around them" in said) == (kind == "market")
    assert "Regels met iemand die geen klant is" in " ".join(notes(scenario, Words("nl")))


def test_show_ties_says_whose_they_are(firm, tmp_path, capsys):
    of, ids, _ = firm
    of([(ids[0], ids[1], 1)])
    with pytest.raises(SystemExit) as ended:
        main(["show", "ties", str(tmp_path / "firm.toml"), "--out", str(tmp_path / "who.csv")])
    assert not ended.value.code and not (tmp_path / "who.csv").exists()
    assert "the customers of population.file, by id: there is no list to write" in capsys.readouterr().err


def test_the_content_of_the_file_is_in_the_fingerprint_and_without_one_nothing_is(firm):
    of, ids, _ = firm
    first, second = fingerprint(of([(ids[0], ids[1], 1)])), fingerprint(of([(ids[0], ids[2], 1)]))
    assert first != second
    plain, closer = (load_scenario("scenarios/first_look.toml", more) for more in ((), ("network.tie=close",)))
    assert plain.network != closer.network
    assert fingerprint(plain) == fingerprint(closer), "of ties that nobody knows no class matters"
    keys = {world_key(each, each.model_dump(mode="json"), 0) for each in (plain, closer)}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("ties", "overrides", "said"),
    [
        ([("x", "y", 1)], (), "no line ties two customers of population.file"),
        ([("000", "", 1)], (), "is not a person"),
        (None, ("population.customers=100",), "population.customers left out"),
        (None, ("run.represents=2",), "ties from a file"),
        (None, ("network.path=none.csv",), "no such file"),
    ],
)
def test_what_cannot_be_is_said(firm, ties, overrides, said):
    of, ids, _ = firm
    with pytest.raises((ScenarioError, ValueError, TieFileError), match=said):
        scenario = of(ties or [(ids[0], ids[1], 1)], *overrides)
        ties_read(scenario)


def test_an_id_without_its_zeros_is_told(tmp_path):
    import pyarrow as pa

    (tmp_path / "t.csv").write_text("a,b\n12,7\n")
    whose = Whose(pa.array(["0012", "007"]), np.array([1, 0]))
    with pytest.raises(TieFileError, match=r"did you mean '?0012'?, with its zeros"):
        read(tmp_path / "t.csv", 5, ACQUAINTANCE, whose)
    (tmp_path / "t.csv").write_text("a,b\n0012,007\n")
    network, _ = read(tmp_path / "t.csv", 5, ACQUAINTANCE, whose)
    assert classes(network) == {(0, 1): ACQUAINTANCE}


# -- what a sceptic tried --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "ties", "strengths"),
    [
        ("w.csv", "a,b,weight\n0,1,0.1\n1,2,0.1\n", 2, {0.1}),
        ("w.csv", "a,b,weight\n0,1,5\n1,2,5\n", 2, set()),
        ("w.csv", "a,b,weight\n0,1,0\n1,2,3\n2,3,9\n", 2, {3 / 8.4, 1.0}),
        ("z.csv", "a,b\n007,1\n7,1\n", 2, set()),
        ("l.csv", "a,b\n1234567890123456789,123456789012345678\n", 1, set()),
        ("g.gml", "graph [\n node [ id 0 ]\n node [ id 1 ]\n" + 2 * " edge [ source 0 target 1 ]\n" + "]", 1, set()),
    ],
)  # fmt: skip
def test_weights_ids_and_repeats_are_what_they_say(tmp_path, name, text, ties, strengths):
    (tmp_path / name).write_text(text)
    network, found = read(tmp_path / name, 9, ACQUAINTANCE)
    assert found.ties == ties
    assert {round(each, 9) for each in network.strength.tolist()} == {round(each, 9) for each in strengths}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.net", "*Vertices 3\n1 a\n2 b\n3 c\n*Edges\n1 2\n2 9\n", r"p\.net, line 7: '9' is no vertex: 3 are listed"),
        ("z.csv", "a,b,weight\n0,1,0\n1,2,0\n", "no line ties two people with a weight above 0"),
    ],
)
def test_what_is_no_tie_is_refused(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(TieFileError, match=said):
        read(tmp_path / name, 9, ACQUAINTANCE)
