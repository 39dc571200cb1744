"""For how many months money counts, how long runs go on, and over which months customers were observed."""

from __future__ import annotations

import tomllib

import pytest

from wom_sim.cli import main
from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.sections.money import NO_HORIZON
from wom_sim.scenario.used import uses
from wom_sim.study.levers import Candidate


@pytest.mark.parametrize(("days", "fewest"), [(29, 1), (60, 2), (365, 12), (390, 13)])
def test_a_horizon_goes_at_least_to_the_end_of_the_run(small, days, fewest):
    assert load_scenario(small, [f"run.days={days}", f"money.horizon_months={fewest}"]).money.horizon_months == fewest
    if fewest > 1:
        words = rf"money\.horizon_months: given {fewest - 1}, allowed: at least the {fewest} months of the run"
        with pytest.raises(ScenarioError, match=words):
            load_scenario(small, [f"run.days={days}", f"money.horizon_months={fewest - 1}"])


def test_a_horizon_that_is_too_short_ends_the_command_in_words(small, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["validate", str(small), "--set", "money.horizon_months=6"])
    assert ended.value.code == 4
    assert "money.horizon_months: given 6, allowed: at least the 12 months of the run" in capsys.readouterr().err


def test_for_ever_is_written_as_inf(small, write):
    """In a file, by --set, and through the text that a result keeps; nothing else takes inf."""
    text = small.read_text() + "\n[money]\nhorizon_months = inf\n"
    for scenario in (load_scenario(write("ever.toml", text)), load_scenario(small, ["money.horizon_months=inf"])):
        assert scenario.money.horizon_months == NO_HORIZON
        assert scenario.money.counted_months == float("inf")
        assert load_scenario(write("copy.toml", to_toml(scenario))) == scenario
    for given in ("-inf", "nan", "0", "1201", "3.5"):
        with pytest.raises(ScenarioError, match="at least 1 and at most 1200"):
            load_scenario(small, [f"money.horizon_months={given}"])
    with pytest.raises(ScenarioError, match="a finite number"):
        load_scenario(small, ["money.cost_per_call=inf"])


@pytest.mark.parametrize("place", ["choose", "then.choose"])
def test_months_of_observation_are_no_choice_of_a_policy(small, place):
    sets = ["policies[0].then={use='bulk_letter'}"] if place.startswith("then") else []
    with pytest.raises(ScenarioError, match=r"observed_months: unknown key; belongs in choose\.observed_months"):
        load_scenario(small, [*sets, f"policies[0].{place}.observed_months=6"])


SETS = (
    ["choose.observed_months=6", "run.days_after=90", "policies[0].choose.limit=3"],
    ["choose.observed_months=24", "choose.ids=[1, 2]", "policies[0].choose.ids=[3]"],
    ["choose.observed_months=6", "policies[0].then={use='bulk_letter',after_days=20,choose={limit=2}}"],
)


@pytest.mark.parametrize("sets", SETS, ids=["limit", "ids", "then"])
def test_it_comes_back_from_its_own_text(small, write, sets):
    scenario = load_scenario(small, sets)
    text = to_toml(scenario)
    copy = load_scenario(write("copy.toml", text))
    assert copy == scenario
    assert fingerprint(copy) == fingerprint(scenario) != fingerprint(load_scenario(small, sets[1:]))
    data = tomllib.loads(text)
    assert data["choose"]["observed_months"] == scenario.choose.observed_months
    assert "observed_months" not in data["policies"][0].get("choose", {})


def test_a_choice_that_a_search_varies_begins_as_the_scenarios(small, write):
    """It used to carry along how long the firm observed, which no policy may say."""
    scenario = load_scenario(small, ["choose.observed_months=6", "choose.limit=7"])
    policy = Candidate(scenario.policies[0].name, (("choose.limit", 2),)).policy(scenario)
    tried = scenario.model_copy(update={"policies": (policy.model_copy(update={"name": "tried"}),)})
    copy = load_scenario(write("copy.toml", to_toml(tried)))
    assert (copy.policies[0].choose.limit, copy.choose.observed_months) == (2, 6)


def test_what_was_observed_matters_to_a_policy_with_a_choice_of_its_own(small):
    scenario = load_scenario(small, ["policies[0].choose.limit=3"])
    assert uses(scenario, scenario.policies[0], "choose.observed_months")
    assert not uses(scenario, scenario.policies[0], "choose.limit")


@pytest.mark.parametrize(("days", "given", "after"), [(365, [], 365), (90, [], 90), (700, [], 365), (90, [40], 40)])
def test_how_long_a_run_goes_on_after_the_last_act(small, days, given, after):
    sets = [f"run.days={days}", *(f"run.days_after={n}" for n in given)]
    assert load_scenario(small, sets).run.time_after == after
