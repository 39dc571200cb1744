"""People of a firm's own table: what is known stays as it is, the rest is drawn; who is simulated, and with whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from customer_tables import some_customers, write_base

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.policies.reprice import revenue
from wom_sim.policies.tenure import tenures
from wom_sim.populations.customer_file import read
from wom_sim.populations.from_table import MOST_TOGETHER, months_left
from wom_sim.scenario.notes import notes
from wom_sim.simulation import events_log, policy_of, run_policy
from wom_sim.simulation.treatments import setting_of
from wom_sim.words import Words
from wom_sim.world.accounts import share_of_cost
from wom_sim.world.people import ADVOCATE, check, customers, households

SCENARIO = """
name = "own customers"
[population]
file = "base"
prospects = {prospects}
[[population.segments]]
name = "gold"
share = 0.5
variable_cost = 0.2
variable_avoidable = 0.5
[[population.segments]]
name = "silver"
share = 0.5
account_cost = 20.0
[run]
days = 60
[choose]
limit = 10
[[policies]]
name = "letter"
use = "bulk_letter"
"""


def world_of_table(folder: Path, known, *overrides: str, prospects: int = 100):
    write_base(folder / "base", known)
    (folder / "firm.toml").write_text(SCENARIO.format(prospects=prospects), encoding="utf-8")
    scenario = load_scenario(folder / "firm.toml", overrides)
    return scenario, build_world(scenario, workers=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return world_of_table(tmp_path_factory.mktemp("firm"), some_customers(500))


def test_churn_of_the_table_is_that_of_the_people_and_changes_nothing_else(tmp_path, built):
    columns = some_customers(500)
    churn = np.random.default_rng(3).beta(1.0, 30.0, 500)
    churn[::7] = np.nan
    columns["churn"] = [None if np.isnan(value) else value for value in churn]
    _, world = world_of_table(tmp_path, columns)
    who = np.flatnonzero(customers(world.people))
    table = world.listed.values("churn", who)
    known = ~np.isnan(table)
    assert 0 < (~known).sum() < len(known)
    assert np.array_equal(world.people["churn"][who][known], table[known].astype(np.float32))
    before = built[1].people
    assert np.array_equal(world.people["churn"][who][~known], before["churn"][who][~known]), "else drawn as ever"
    for name in before.dtype.names:
        if name not in ("churn", "group"):
            assert np.array_equal(world.people[name], before[name]), name


def test_a_segment_is_fitted_to_the_churn_of_the_table(tmp_path):
    columns = some_customers(500)
    columns["churn"] = np.random.default_rng(3).beta(1.0, 30.0, 500).tolist()
    scenario, world = world_of_table(tmp_path, columns, "population.fit=true")
    table = world.listed.table
    for segment in scenario.population.segments:
        of = table.columns["segment"] == segment.name
        assert segment.churn == pytest.approx(table.columns["churn"][of].mean())
        relative = table.columns["churn"][of].var() / segment.churn**2
        assert np.exp(segment.churn_spread**2) - 1.0 == pytest.approx(relative)


def test_the_columns_of_the_table_are_those_of_the_people(built):
    scenario, world = built
    people, listed = world.people, world.listed
    check(people)
    who = np.flatnonzero(customers(people))
    columns = {name: values[listed.row[who]] for name, values in listed.table.columns.items()}
    assert sorted(listed.row[who].tolist()) == list(range(len(listed.table))), "each once"
    known = ~np.isnan(columns["calls"])
    assert np.array_equal(people["calls"][who][known], columns["calls"][known].astype(np.float32))
    setting = setting_of(scenario, policy_of(scenario, "letter"), world, 1)
    known = ~np.isnan(columns["revenue"])
    assert np.allclose(revenue(setting, who)[known], columns["revenue"][known], rtol=1e-4, atol=1e-3)
    advocate = (people["traits"][who] & ADVOCATE) != 0
    for answer in (0, 1):
        assert (advocate[columns["advocate"] == answer] == bool(answer)).all()
    known = ~np.isnan(columns["tenure_months"])
    found = tenures(people, who, listed)
    assert np.array_equal(found[known], columns["tenure_months"][known])
    assert np.array_equal(found[~known], tenures(people, who)[~known]), "what is unknown is drawn as ever"
    names = np.array(["gold", "silver"], dtype=object)[people["segment"][who]]
    told = columns["segment"] != None  # noqa: E711
    assert (names[told] == columns["segment"][told]).all()
    assert not (names[~told] == "gold").all() or (~told).sum() < 5


def test_the_margin_has_the_customers_own_cost_to_the_cent_and_levels_split_it(built):
    scenario, world = built
    people, listed = world.people, world.listed
    who = np.flatnonzero(customers(people))
    cost, paid = (listed.table.columns[name][listed.row[who]] for name in ("cost", "revenue"))
    both = ~np.isnan(cost) & ~np.isnan(paid)
    kept = np.array([1.0 - s.variable_cost for s in scenario.population.segments])[people["segment"][who]]
    assert np.allclose(people["margin"][who][both], (paid * kept - cost)[both], rtol=1e-4, atol=1e-3)
    usual = np.array([s.account_cost for s in scenario.population.segments])[people["segment"][who]]
    shares = np.array([share_of_cost(traits) for traits in people["traits"][who]])
    inside = both & (cost > 0.14 * usual) & (cost < 6.0 * usual)
    assert inside.sum() > 200
    assert (np.abs(np.log2(shares[inside] * usual[inside] / cost[inside])) <= 0.1 + 1e-9).all(), "a tenth of a doubling"
    assert (shares[np.isnan(cost)] == 1.0).all()


def test_who_has_left_is_not_simulated_and_counted(built):
    scenario, world = built
    gone = sum(some_customers(500)["churned"])
    assert world.listed.table.left == gone > 10
    assert scenario.population.customers == 500 - gone == customers(world.people).sum()


@pytest.mark.parametrize(("lang", "told"), [("en", "1,869 more have left"), ("nl", "Nog 1.869 zijn al weg")])
def test_how_many_have_left_is_the_number_of_the_table_to_the_last_one(built, monkeypatch, lang, told):
    scenario, world = built
    listed = world.listed.table
    table = type(listed)(listed.ids, listed.columns, 1869)
    monkeypatch.setattr("wom_sim.scenario.notes.table_of", lambda scenario: table)
    assert told in " ".join(notes(scenario, Words(lang)))
    one = type(listed)(listed.ids, listed.columns, 1)
    monkeypatch.setattr("wom_sim.scenario.notes.table_of", lambda scenario: one)
    assert Words(lang).say("note.customers_left.one") in " ".join(notes(scenario, Words(lang)))


def test_households_of_the_table_live_together_and_with_nobody_else(built):
    _, world = built
    who = np.flatnonzero(customers(world.people))
    home = households(world.people)
    known = world.listed.table.columns["household"][world.listed.row[who]]
    for household in np.unique(known[known >= 0]):
        assert len(set(home[who[known == household]].tolist())) == 1
    assert len(set(home[who[known < 0]].tolist())) == (known < 0).sum(), "of whom none is known lives alone"
    lived_in = [set(known[home[who] == place].tolist()) for place in np.unique(home[who])]
    assert all(len(found) == 1 for found in lived_in)
    prospects = np.flatnonzero(~customers(world.people))
    assert not set(home[prospects].tolist()) & set(home[who].tolist())


def test_an_account_of_very_many_is_cut(tmp_path):
    _, world = world_of_table(tmp_path, {"calls": [1.0] * 50, "household": [7] * 45 + [None] * 5}, prospects=0)
    sizes = np.unique(households(world.people), return_counts=True)[1]
    assert sorted(sizes.tolist(), reverse=True)[:3] == [MOST_TOGETHER, MOST_TOGETHER, 5]


def test_without_a_household_column_households_are_drawn(tmp_path):
    _, world = world_of_table(tmp_path, {"calls": [1.0] * 2000}, prospects=500)
    sizes = np.unique(households(world.people), return_counts=True)[1]
    assert sizes.max() <= 6
    assert abs(sizes.mean() - 2.56) < 0.15


def test_no_household_lies_across_towns(tmp_path):
    known = {"calls": [1.0] * 400, "household": [k // 7 for k in range(400)]}
    _, world = world_of_table(tmp_path, known, "network.community=10", "network.town=50", prospects=30)
    town = np.arange(len(world.people)) // 50
    assert (town == town[households(world.people)]).all()
    who = np.flatnonzero(customers(world.people))
    home, told = households(world.people)[who], world.listed.table.columns["household"][world.listed.row[who]]
    whole = sum(len(set(home[told == each].tolist())) == 1 for each in range(57))
    assert whole >= 57 - len(world.people) // 50, "at most one household a town is cut"


def test_customers_and_prospects_are_mixed_evenly(built):
    _, world = built
    mixed = customers(world.people)[: len(world.people) // 150 * 150].reshape(-1, 150).mean(axis=1)
    assert abs(mixed - customers(world.people).mean()).max() < 0.07


# -- more or fewer than the table has ----------------------------------------------------------------------------------


def rows_of(folder, number: int, *more: str):
    _, world = world_of_table(folder, some_customers(300), f"population.customers={number}", *more)
    return world, np.sort(world.listed.row[world.listed.row >= 0])


def test_a_smaller_sample_is_a_part_of_a_larger_one(tmp_path):
    _, few = rows_of(tmp_path, 60)
    _, more = rows_of(tmp_path, 150)
    assert len(few) == len(set(few.tolist())) == 60
    assert set(few.tolist()) < set(more.tolist())
    assert set(rows_of(tmp_path, 60, "run.seed=99")[1].tolist()) != set(few.tolist()), "luck of the world's seed"
    assert set(rows_of(tmp_path, 60, "run.seed=99", "run.world_seed=2007")[1].tolist()) == set(few.tolist())


def test_whole_households_are_taken(tmp_path):
    world, rows = rows_of(tmp_path, 120)
    told = world.listed.table.columns["household"]
    cut = 0
    for household in np.unique(told[rows][told[rows] >= 0]):
        cut += set(np.flatnonzero(told == household).tolist()) - set(rows.tolist()) != set()
    assert cut <= 1, "but for the last one, where the number asks for it"


def test_a_larger_firm_has_each_as_often_as_fits(tmp_path):
    world, rows = rows_of(tmp_path, 700)
    counts = np.bincount(rows, minlength=len(world.listed.table))
    copies = 700 // len(world.listed.table)
    assert set(counts.tolist()) <= {copies, copies + 1}
    check(world.people)
    once_more = set(np.flatnonzero(counts == copies + 1).tolist())
    assert once_more == set(rows_of(tmp_path, 700 - copies * len(world.listed.table))[1].tolist())


def test_nobody_and_prospects_alone(tmp_path):
    world, rows = rows_of(tmp_path, 0, "choose.limit=0")
    assert len(rows) == 0
    assert not customers(world.people).any()


def test_the_same_people_whoever_builds_them(tmp_path):
    scenario, world = world_of_table(tmp_path, some_customers(300))
    again = build_world(scenario, workers=3)
    assert np.array_equal(world.people, again.people)
    assert np.array_equal(world.listed.row, again.listed.row)


def test_a_person_who_stands_for_several_is_a_row_of_the_table(tmp_path):
    scenario, world = world_of_table(
        tmp_path, some_customers(3000), "run.represents=5", "choose.limit=100", prospects=500
    )
    assert customers(world.people).sum() == round(scenario.population.customers / 5)
    assert len(set(world.listed.row[world.listed.row >= 0].tolist())) == customers(world.people).sum()


# -- contracts ---------------------------------------------------------------------------------------------------------


def test_months_of_contract_left(tmp_path):
    known = {
        "contract_months_left": [5.0, 0.0, None, None, None, None],
        "contract_months": [12.0, 12.0, 1.0, 12.0, 24.0, 12.0],
        "tenure_months": [3.0, 3.0, 40.0, 30.0, None, 12.0],
    }
    write_base(tmp_path / "base", known)
    left = months_left(read(tmp_path / "base" / "customers.parquet"), np.full(6, 0.25))
    assert left.tolist() == [5.0, 0.0, 0.0, 6.0, 6.0, 12.0]


def test_contracts_of_the_people(built):
    _, world = built
    who = np.flatnonzero(customers(world.people))
    term = world.listed.table.columns["contract_months"][world.listed.row[who]]
    months = world.people["contract"][who]
    assert (months[term == 1.0] == 0).all()
    assert ((months[term == 12.0] >= 1) & (months[term == 12.0] <= 12)).all()
    assert (months[term == 24.0] > 12).any()
    assert (months[np.isnan(term)] == 0).all(), "drawn: the segment has no contracts"


def test_the_log_of_events_names_the_firms_own_customers(built):
    """Whoever is told is one of the chosen, by the firm's own id; prospects and outlets have none."""
    scenario, world = built
    found = run_policy(scenario, policy_of(scenario, "letter"), world, Engine(world), 0, events=True)
    events = found.events
    assert list(events.columns[:3]) == ["day", "person", "customer"]
    told = events[events["event"] == "told"]
    assert len(told) and set(told["customer"]) == set(world.listed.ids(told["person"].to_numpy(dtype=np.int64)))
    assert set(told["customer"]) <= set(world.listed.table.ids.to_pylist())
    nobody = events["event"].isin(["picked up", "starts", "responds", "demands"])
    people = events[~nobody]
    prospects = world.listed.row[people["person"].to_numpy(dtype=np.int64)] < 0
    assert ((people["customer"] == "") == prospects).all() and prospects.any() and not prospects.all()
    assert (events.loc[nobody, "customer"] == "").all()
    assert np.array_equal(events_log(events), found.trace.events()), "the log again, without the ids"
    assert "customer" not in run_policy(scenario, policy_of(scenario, "letter"), world, Engine(world), 0).events
