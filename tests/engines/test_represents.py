"""One simulated person for several: exact where nothing is posted, true to the full size where posts are counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios, standing_for

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.scenario import Scenario
from wom_sim.simulation import luck_seed, policy_of, run_policy, treatments_of
from wom_sim.simulation.full_size import times
from wom_sim.world import trace as tr

COUNTED = {"people", "conversations", "calls", "currency"}
"""Units of what is multiplied; posts and outlets are at full size as they are, days and chances are neither."""


def without_posts(scenario: Scenario) -> Scenario:
    """Return the scenario in which nobody posts, complains formally or goes to the press, and what is hidden stays so.

    Nothing then depends on counts.
    """
    behaviour, media = scenario.behaviour, scenario.media
    talking = behaviour.talking.model_copy(update={"p_post": 0.0, "p_post_hearer": 0.0})
    quiet = behaviour.complaining.model_copy(update={"share": 0.0, "before": 0.0})
    return scenario.model_copy(
        update={
            "behaviour": behaviour.model_copy(update={"talking": talking, "complaining": quiet}),
            "media": media.model_copy(update={"p_leak": 0.0}),
            "people_of_note": (),
            "policies": tuple(each.model_copy(update={"announce": None}) for each in scenario.policies),
        }
    )


@pytest.mark.science
@settings(max_examples=40, deadline=None)
@given(scenarios().map(without_posts), st.sampled_from([2, 7, 100]))
def test_without_posts_results_are_so_many_times_those_of_the_people_simulated(scenario, represents):
    """Everything that the scenario counts, at full size, comes down to the same simulation, whose results grow."""
    full = standing_for(scenario, represents)
    found, small = (
        run_policy(s, s.policies[0], world, Engine(world), 0, events=True)
        for s in (full, scenario)
        for world in [build_world(s, workers=1)]
    )
    assert np.array_equal(found.trace.events(), small.trace.events()), "an event is that of one simulated person"
    for indicator in INDICATORS:
        larger = represents if indicator.unit in COUNTED else 1
        expected = pytest.approx(small.measured[indicator.name] * larger, nan_ok=True, rel=1e-12)
        assert found.measured[indicator.name] == expected, indicator.name
    assert np.array_equal(found.trace.book.daily, small.trace.book.daily * times(represents))
    assert found.ledger.to_dict() == pytest.approx((small.ledger * represents).to_dict())
    if len(found.trace.events()):
        few, many = (run.attribution[["number", "lasting", "amount"]].to_numpy() for run in (small, found))
        assert many == pytest.approx(few * represents)


def test_every_column_of_the_daily_table_says_whether_it_grows():
    alone = {line.name for line, by in zip(tr.DAILY, times(50), strict=True) if by == 1}
    assert alone == {"posts", "pickups", "national_pickups"}
    assert set(times(50).tolist()) == {1, 50}


LETTERS = [
    "population.customers=24000", "population.prospects=6000", "choose.limit=600", "run.days=120",
    "media.outlets=[]", "run.same_world=false",
]  # fmt: skip
"""600 letters, and nobody to report: posts alone."""


def posts_of(represents: int, policy: str, runs: int, *sets: str) -> np.ndarray:
    """Return the posts of each day (runs x days), and the readings of posts in the last column."""
    scenario = load_scenario("scenarios/first_look.toml", [*LETTERS, f"run.represents={represents}", *sets])
    found = []
    for replication in range(runs):
        world = build_world(scenario, replication)
        result = run_policy(scenario, policy_of(scenario, policy), world, Engine(world), replication)
        daily = result.trace.book.daily
        found.append([*daily[:, tr.D_POSTS], daily[:, tr.D_READERS].sum()])
    return np.array(found, dtype=float)


@pytest.fixture(scope="module")
def letters() -> dict[int, np.ndarray]:
    return {k: posts_of(k, "bulk letter", runs) for k, runs in ((1, 25), (6, 40), (60, 80))}


@pytest.mark.parametrize("represents", [6, 60])
@pytest.mark.science
def test_there_are_as_many_posts_as_at_full_size(letters, represents):
    full, found = (letters[k][:, :-1].sum(axis=1) for k in (1, represents))
    apart = abs(full.mean() - found.mean())
    assert apart < 3.0 * np.hypot(full.std() / len(full) ** 0.5, found.std() / len(found) ** 0.5)
    assert full.mean() > 20.0


@pytest.mark.parametrize("represents", [6, 60])
@pytest.mark.science
def test_their_number_is_hardly_more_a_matter_of_luck(letters, represents):
    """Sixty posts of one person at once would have sixty times the variance."""
    full, found = (letters[k][:, :-1].sum(axis=1).var() for k in (1, represents))
    assert found < 3.0 * full


@pytest.mark.parametrize("represents", [6, 60])
@pytest.mark.science
def test_they_come_on_the_same_days(letters, represents):
    def first_days(k: int) -> np.ndarray:
        return np.array([np.flatnonzero(run)[0] for run in letters[k][:, :-1]])

    assert abs(first_days(1).mean() - first_days(represents).mean()) < 1.0
    days = np.arange(letters[1].shape[1] - 1)
    means = [(letters[k][:, :-1].mean(axis=0) * days).sum() / letters[k][:, :-1].mean(axis=0).sum() for k in (1, 60)]
    assert means[0] == pytest.approx(means[1], abs=1.5)


@pytest.mark.science
def test_they_are_read_by_as_many(letters):
    """Audiences have a heavy tail, so medians are compared."""
    full, found = (np.median(letters[k][:, -1] / letters[k][:, :-1].sum(axis=1)) for k in (1, 6))
    assert found == pytest.approx(full, rel=0.25)


def test_a_pace_is_kept_though_few_are_simulated():
    """Six hundred at ten a day are told over sixty days, though ten people, six days apart, stand for them."""
    pace = ['policies."case by case".per_day=10', "behaviour.talking.p_talk_victim=1.0", "behaviour.talking.p_post=1.0"]
    full, found = (posts_of(k, "case by case", 6, *pace)[:, :-1].mean(axis=0).cumsum() for k in (1, 60))
    full, found = full / full[-1], found / found[-1]
    assert np.abs(full - found).max() < 0.1, "in lumps of sixty there would be steps of a sixth"


def test_levers_at_full_size_are_met_by_few():
    sets = [*LETTERS, "run.represents=60", 'policies."case by case".per_day=10']
    scenario = load_scenario("scenarios/first_look.toml", sets)
    world = build_world(scenario)
    assert len(world.people) == 500
    table = treatments_of(scenario, policy_of(scenario, "case by case"), world, luck_seed(scenario, 0))
    assert table["day_told"].tolist() == [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]
    assert set(table["apart"].tolist()) == {np.float32(0.1)}


def test_a_second_step_is_as_far_apart_as_the_first():
    then = '{name="two", use="nudge", per_day=10, then={use="bulk_letter", after_days=5, channel="email"}}'
    scenario = load_scenario(
        "scenarios/first_look.toml", [*LETTERS, "run.represents=60", f"policies=[{then}]", "media.p_leak=0.0"]
    )
    world = build_world(scenario)
    table = treatments_of(scenario, policy_of(scenario, "two"), world, luck_seed(scenario, 0))
    assert len(table) == 20
    assert set(table["apart"].tolist()) == {np.float32(0.1)}


def outlets_that_report(represents: int, runs: int) -> float:
    """Return in what share of runs a hundred letters make a paper that needs a dozen posts."""
    sets = ["population.customers=20000", "population.prospects=0", "choose.limit=100", "run.days=60",
            "run.same_world=false", f"run.represents={represents}"]  # fmt: skip
    paper = '[{name="paper", threshold=16.0, reach=0.02, lag=1, half_life=3.0}]'
    scenario = load_scenario("scenarios/first_look.toml", [*sets, f"media.outlets={paper}"])
    seen = 0
    for replication in range(runs):
        world = build_world(scenario, replication)
        policy = policy_of(scenario, "bulk letter")
        seen += run_policy(scenario, policy, world, Engine(world), replication).trace.picked_up[0] >= 0
    return seen / runs


@pytest.mark.science
def test_what_is_news_with_even_odds_is_so_with_fewer_people():
    """Lumps would make it a matter of luck whether anyone posts; a market made smaller by hand would keep it quiet."""
    full, found = outlets_that_report(1, 120), outlets_that_report(10, 200)
    assert 0.2 < full < 0.8
    assert abs(full - found) < 3.0 * (0.25 / 120 + 0.25 / 200) ** 0.5
