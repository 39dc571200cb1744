"""Who goes with somebody let go: by the chance of the follower's segment, or else of all; in both engines."""

import json

import pytest
from daily import few
from random_runs import difference

from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.scenario import Scenario
from wom_sim.scenario.relevance import bears
from wom_sim.scenario.uncertain import with_values
from wom_sim.simulation import build_world, numbers_of, treatments_of
from wom_sim.world import trace as tr

USUAL = "behaviour.leaving.household_follows"
CASE = {
    "name": "households", "choose": {"limit": 150}, "run": {"days": 60, "seed": 5},
    "policies": [{"name": "letter", "use": "bulk_letter", "notice_days": 5}],
}  # fmt: skip


def scenario_of(one, other, usual=0.6):
    """Return a firm with two segments of customers and their chances to follow; None is the usual one."""
    people = {"customers": 1500, "segments": [
        {"name": "one", "share": 0.5, "household_follows": one},
        {"name": "other", "share": 0.5, "household_follows": other},
    ]}  # fmt: skip
    leaving = {"behaviour": {"leaving": {"household_follows": usual}}}
    return Scenario.model_validate_json(json.dumps({**CASE, **leaving, "population": people}))


def traces(scenario):
    """Return the run of the letter by both engines."""
    world = build_world(scenario, workers=1)
    numbers = numbers_of(scenario, scenario.policies[0], world.newcomer)
    rows = treatments_of(scenario, scenario.policies[0], world, 9)
    reference = Market(world, numbers, rows, seed=9).run().result()
    return reference, Engine(world).run(numbers, rows, 9, events=True), world


def followers(scenario):
    """Return how many of each segment go with their household, the engines being the same event by event."""
    reference, compiled, world = traces(scenario)
    assert difference(reference, compiled) == ""
    log = compiled.events()
    gone = log[(log["event"] == tr.LEFT) & (log["cause"] == tr.WITH_HOUSEHOLD)]
    segments = world.people["segment"][gone["person"]]
    return [int((segments == each).sum()) for each in (0, 1)]


def test_each_segment_follows_with_its_own_chance():
    usual = followers(scenario_of(None, None))
    assert min(usual) >= 10
    none, some = followers(scenario_of(0.0, None))
    assert (none, some) == (0, usual[1])
    all_, nobody = followers(scenario_of(1.0, 0.0))
    assert (all_ > usual[0], nobody) == (True, 0)


def test_a_segments_own_chance_is_the_usual_one_where_they_are_equal():
    written, left = traces(scenario_of(0.6, 0.6)), traces(scenario_of(None, None))
    assert difference(written[1], left[1]) == ""


@pytest.mark.parametrize(("segments", "matters"), few([((0.1, 0.2), False), ((None, None), True), ((0.1, None), True)]))
def test_the_usual_chance_matters_as_long_as_a_segment_has_none(segments, matters):
    scenario = scenario_of(*segments)
    other = with_values(scenario, {USUAL: 0.05})
    assert bears(scenario, USUAL) == matters
    assert (difference(traces(scenario)[1], traces(other)[1]) != "") == matters
