"""The theorem: both engines give the same event log, person by person, day by day.

The reference gets its labels from running the world without the policy, the compiled engine from luck alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from daily import few
from hypothesis import given, settings
from hypothesis import strategies as st
from random_runs import Case, cases, difference
from random_scenarios import CONDITIONS, LEVERS, PLACES, USES, scenarios, standing_for

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.policies import POLICIES
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation import policies_of, run_policy
from wom_sim.world import trace as tr

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("WOM_SIM_PARITY_EXAMPLES", "300"))


@settings(max_examples=EXAMPLES, print_blob=True)
@given(cases())
def test_random_worlds(case: Case):
    reference = Market(case.world, case.numbers, case.treatments, seed=case.seed, **case.more).run().result()
    compiled = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more, events=True)
    assert difference(reference, compiled) == ""


@settings(max_examples=max(10, EXAMPLES // 3), print_blob=True)
@given(scenarios(), st.sampled_from([1, 1, 3, 20]))
def test_random_scenarios(scenario: Scenario, represents: int):
    """The same through the scenario language: every kind of network, every policy with its levers, media, responses."""
    scenario = standing_for(scenario, represents)
    world = build_world(scenario, workers=1)
    policy = scenario.policies[0]
    reference = run_policy(scenario, policy, world, "reference", 0, events=True)
    compiled = run_policy(scenario, policy, world, Engine(world), 0, events=True)
    assert difference(reference.trace, compiled.trace) == ""


def test_every_lever_of_the_scenario_language_is_turned():
    assert {*LEVERS, "name", "use", "choose", "response", "then", "waves"} == set(Policy.model_fields)
    assert {*CONDITIONS, *PLACES, "limit", "ids", "where"} == set(Choose.model_fields)
    assert set(USES) == set(POLICIES) - {"keep"}


@settings(max_examples=30)
@given(cases())
def test_an_engine_forgets(case: Case):
    """A second run on the same engine is like the first: nothing of a run is left behind."""
    engine = Engine(case.world)
    first = engine.run(case.numbers, case.treatments, case.seed, **case.more, events=True)
    again = engine.run(case.numbers, case.treatments, case.seed, **case.more, events=True)
    assert difference(first, again) == ""
    without = engine.run(case.numbers._replace(announced_on=0), case.treatments[:0], case.seed, events=True)
    assert set(without.events()["event"].tolist()) <= {tr.STARTS}, "a programme for nobody costs what it costs"


@settings(max_examples=60)
@given(cases())
def test_a_longer_horizon_does_not_change_the_past(case: Case):
    short = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more, events=True).events()
    longer = case.numbers._replace(days=case.numbers.days + 30)
    long = Engine(case.world).run(longer, case.treatments, case.seed, **case.more, events=True).events()
    past = long[long["day"] < case.numbers.days]
    columns = ["day", "person", "source", "event", "cause", "group"]  # labels and sums of money look ahead
    told = [np.sort(log[columns].copy(), order=columns) for log in (short, past)]
    kept = [log[log["event"] != tr.LEFT] for log in told]
    assert np.array_equal(kept[0], kept[1])


@pytest.mark.science
def test_the_hunt_sees_every_kind_of_event():
    """The random cases are worth something only if all events, causes and labels occur in them."""
    events, causes, labels = set(), set(), set()

    @settings(max_examples=1500, derandomize=True, database=None)  # joins occur in one case of eighty, in clusters
    @given(cases())
    def collect(case: Case) -> None:
        log = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more, events=True).events()
        events.update(log["event"].tolist())
        left = log[log["event"] == tr.LEFT]
        causes.update(left["cause"].tolist())
        labels.update(log["label"].tolist())

    collect()
    known_in_the_run = {*range(tr.TOLD, tr.TIE + 1), tr.TEACHES, tr.COMPLAINS}
    assert events == known_in_the_run, "what is known when a run is over comes after the engine"
    assert causes >= {tr.DISMISSED, tr.ACCEPTED, tr.WITH_HOUSEHOLD, tr.TREATMENT, tr.STORY, tr.CONTAGION}
    assert labels == {tr.NONE, tr.EARLIER, tr.BECAUSE, tr.PREVENTED, tr.LATER}


@pytest.mark.parametrize("policy", few(["bulk letter", "case by case", "paid exit", "keep"]))
def test_first_look_at_3000_people_over_a_year(policy: str):
    sets = ["population.customers=2500", "population.prospects=500", "run.days=365", "choose.limit=30"]
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", [*sets, "media.outlets.forum.threshold=1.0"])
    world = build_world(scenario)
    chosen = next(p for p in policies_of(scenario) if p.name == policy)
    reference = run_policy(scenario, chosen, world, "reference", 0, events=True)
    compiled = run_policy(scenario, chosen, world, Engine(world), 0, events=True)
    assert difference(reference.trace, compiled.trace) == ""
    assert (policy == "keep") == (len(reference.trace.events()) == 0)
    assert reference.indicators.equals(compiled.indicators)
