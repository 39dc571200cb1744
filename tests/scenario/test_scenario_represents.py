"""``run.represents``: where it is refused, and the warning where a market is made smaller by hand instead."""

import json

import pytest

from wom_sim.scenario import Scenario, ScenarioError, fingerprint, load_scenario
from wom_sim.scenario.represents import few_chosen, fits, simulated_people
from wom_sim.scenario.shrunk_market import smaller_market

SPRINT, TOWN = "scenarios/sprint_2007.toml", "scenarios/first_look.toml"


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (["run.represents=0"], r"given 0, allowed: at least 1 and at most"),
        (["run.represents=2.5"], r"given 2.5, allowed: a whole number"),
        (["run.represents=300"], r"given 300, which leaves 3 people to let go of choose.limit = 1,000; .* up to 200"),
        (["run.represents=180"], r"given 180, but 6 people .* are 1,080, not .* within 5%, such as 125"),
        (["run.represents=10", "choose.limit=0", "policies.'paid exit'.choose={limit=12}"], r"leaves 1 people"),
        (["run.represents=10", "search.choose.limit=[1000, 30]"], r"leaves 3 people to let go of choose.limit = 30"),
        (["run.represents=10", "choose={ids=[1, 2]}"], r"allowed with choose.ids: 1"),
        (["run.represents=10", "network.kind=complete"], r"allowed with network.kind = 'complete': 1"),
        (["run.represents=10", "network.kind=karate"], r"allowed with network.kind = 'karate': 1"),
        (["run.represents=50000", "choose={calls_at_least=40}", "population.customers=500000",
          "population.prospects=0"], r"which leaves 10 people to simulate; allowed: at least 200, so up to 2,500"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_place(sets, said):
    with pytest.raises(ScenarioError, match=said) as refused:
        load_scenario(SPRINT, sets)
    (fault,) = refused.value.faults
    assert (fault.file, fault.key) == (f"--set {sets[0]}", "run.represents")


def test_ties_of_a_file_are_those_of_one_each(tmp_path):
    (tmp_path / "ties.csv").write_text("a,b\n0,1\n")
    text = f'extends = "{TOWN}"\nnetwork = {{ kind = "file", path = "ties.csv" }}\n[run]\nrepresents = 10\n'
    (tmp_path / "mine.toml").write_text(text.replace(f'"{TOWN}"', json.dumps(str(_absolute(TOWN)))))
    with pytest.raises(ScenarioError, match=r"mine.toml:4: run.represents: given 10, allowed with ties from a file: 1"):
        load_scenario(tmp_path / "mine.toml")


def _absolute(path: str):
    from pathlib import Path

    return Path(path).resolve()


@pytest.mark.parametrize("represents", [2, 10, 40, 100, 200])
def test_what_makes_sense_is_not_refused(represents):
    scenario = load_scenario(SPRINT, [f"run.represents={represents}"])
    assert simulated_people(scenario) == pytest.approx(73e6 / represents, rel=1e-5)
    assert fits(scenario, represents)
    assert not fits(scenario, 300)


@pytest.mark.parametrize(("represents", "few"), [(1, None), (50, None), (60, 17), (100, 10)])
def test_few_people_to_let_go_are_said_to_be_few(represents, few):
    assert few_chosen(load_scenario(SPRINT, [f"run.represents={represents}"])) == few


def test_a_scenario_of_whole_people_has_the_fingerprint_that_it_had():
    scenario = load_scenario(TOWN)
    assert fingerprint(scenario) == fingerprint(load_scenario(TOWN, ["run.represents=1"]))
    assert fingerprint(scenario) != fingerprint(load_scenario(TOWN, ["run.represents=2"]))
    assert "represents" in json.dumps(Scenario.model_json_schema())


def test_a_smaller_market_is_told_what_it_distorts():
    sets = ["population.customers=530000", "population.prospects=200000"]
    said = smaller_market(SPRINT, load_scenario(SPRINT, sets))
    assert said is not None
    for part in (
        "population.customers = 530,000", "states 53,000,000", "up to 1,000 people (choose.limit), 100 times as large",
        "outlets report at 6 to 60 posts", "--set run.represents=100",
    ):  # fmt: skip
        assert part in said


def test_a_smaller_limit_does_not_make_it_the_same_story():
    sets = ["population.customers=5300000", "choose.limit=100"]
    said = smaller_market(SPRINT, load_scenario(SPRINT, sets))
    assert said is not None
    assert "lets go of 100 people instead of 1,000, and outlets report at 6 to 60 posts" in said
    assert "run.represents=10" in said


def test_what_a_file_extends_counts_as_stated():
    said = smaller_market("scenarios/sprint_done_right.toml", load_scenario(
        "scenarios/sprint_done_right.toml", ["population.customers=1000000"]))  # fmt: skip
    assert said is not None
    assert "states 53,000,000" in said


@pytest.mark.parametrize(
    "sets",
    [[], ["population.customers=53000000"], ["population.customers=90000000"], ["run.represents=50"],
     ["population.prospects=5"], ["population.customers=5300000", "run.represents=10"]],
)  # fmt: skip
def test_nothing_is_said_where_no_market_was_made_smaller_by_hand(sets):
    assert smaller_market(SPRINT, load_scenario(SPRINT, sets)) is None


def test_nothing_is_said_where_nothing_is_counted():
    file = "scenarios/limits/random_graph.toml"
    assert not load_scenario(file).media.outlets
    assert smaller_market(file, load_scenario(file, ["population.customers=500", "choose.ids=[0]"])) is not None
    root = load_scenario(file, ["population.customers=500"])
    free = root.model_copy(update={"choose": root.choose.model_copy(update={"ids": None, "limit": None})})
    assert smaller_market(file, free) is None


def test_where_people_cannot_stand_for_several_nothing_is_recommended():
    sets = ["population.customers=1000", "choose.limit=3"]
    said = smaller_market(TOWN, load_scenario(TOWN, sets))
    assert said is not None
    assert "For the same story" not in said
