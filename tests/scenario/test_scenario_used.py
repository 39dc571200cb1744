"""What is said not to be used changes no result; what the firm sets is told from what it would have to find out."""

from __future__ import annotations

import pytest

from wom_sim.engines.compiled import Engine
from wom_sim.policies import POLICIES
from wom_sim.scenario import load_scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.used import is_choice, owner, uses
from wom_sim.simulation import build_world, run_policy, settled

SMALL = ["population.customers=900", "population.prospects=90", "run.days=60", "choose.limit=30"]
LEVERS = {
    "price_rise": 0.6, "fee_per_call": 2.0, "calls_saved": 0.7, "acceptance": 0.2, "last_resort": True,
    "for_all": True, "second_round_after": 5, "payment": 50.0, "notice_days": 90, "start_day": 3, "explanation": 0.9,
}  # fmt: skip


@pytest.fixture(scope="module")
def town():
    scenario = load_scenario("scenarios/first_look.toml", SMALL)
    world = settled(build_world(scenario), scenario)
    return scenario, world, Engine(world)


def measured(town, policy, scenario=None):
    own, world, engine = town
    found = run_policy(own if scenario is None else scenario, policy, world, engine, 0).measured
    return {name: value for name, value in found.items() if value == value}


@pytest.mark.parametrize("use", POLICIES)
def test_a_lever_that_a_policy_does_not_use_changes_nothing(town, use):
    policy = Policy(name="it", use=use)
    scenario = town[0].model_copy(update={"policies": (policy,)})
    before = measured(town, policy)
    idle = [lever for lever in LEVERS if not uses(scenario, policy, f"policies.it.{lever}")]
    for lever in idle:
        assert measured(town, policy.model_copy(update={lever: LEVERS[lever]})) == before, lever
    assert len(idle) >= (len(LEVERS) if use == "keep" else 4)


def test_a_lever_that_is_used_changes_something(town):
    for use, lever in (("paid_exit", "payment"), ("bulk_letter", "notice_days"), ("reprice", "price_rise"),
                       ("downgrade", "calls_saved"), ("transfer", "acceptance"), ("reprice", "for_all")):  # fmt: skip
        policy = Policy(name="it", use=use)
        scenario = town[0].model_copy(update={"policies": (policy,)})
        assert uses(scenario, policy, f"policies.it.{lever}")
        assert measured(town, policy.model_copy(update={lever: LEVERS[lever]})) != measured(town, policy), (use, lever)


def test_a_response_that_is_never_given_is_not_used(town):
    policy = Policy(name="it", use="bulk_letter")
    scenario = town[0].model_copy(update={"policies": (policy,)})
    before = measured(town, policy)
    for name, value in (("after_days", 1), ("severity", 0.2), ("cost", 5e6), ("news", 0.1)):
        assert not uses(scenario, policy, f"policies.it.response.{name}")
        other = policy.model_copy(update={"response": policy.response.model_copy(update={name: value})})
        assert measured(town, other) == before, name
    assert uses(scenario, policy, "policies.it.response.kind")
    answering = policy.model_copy(update={"response": policy.response.model_copy(update={"kind": "apologise"})})
    assert uses(scenario, answering, "policies.it.response.after_days")


def test_whom_the_scenario_chooses_does_not_matter_to_who_chooses_otherwise(town):
    scenario = town[0]
    fewer = scenario.model_copy(update={"choose": scenario.choose.model_copy(update={"limit": 3})})
    everyone = Policy(name="all", use="reprice", for_all=True)
    own = Policy(name="own", use="bulk_letter", choose=scenario.choose)
    for policy in (everyone, own):
        assert not uses(scenario, policy, "choose.limit")
        assert measured(town, policy, fewer) == measured(town, policy), policy.name
    letter = Policy(name="letter", use="bulk_letter")
    assert uses(scenario, letter, "choose.limit")
    assert measured(town, letter, fewer) != measured(town, letter)
    assert uses(scenario, own, "policies.own.choose.limit") and not uses(
        scenario, everyone, "policies.all.choose.limit"
    )


def test_what_is_of_another_policy_or_of_another_command_is_not_used(town):
    scenario = town[0]
    letter = next(p for p in scenario.policies if p.name == "bulk letter")
    for key in ("policies.paid exit.payment", 'policies."paid exit".payment', "name", "search.payment", "worlds.fixed",
                "run.replications", "behaviour.responding.apologise"):  # fmt: skip
        assert not uses(scenario, letter, key), key
    for key in ("policies.bulk letter.payment", "behaviour.leaving.beta", "run.days", "population.customers"):
        assert uses(scenario, letter, key), key
    number = [p.name for p in scenario.policies].index("bulk letter")
    assert owner(scenario, f"policies[{number}].payment") == "bulk letter"
    assert uses(scenario, letter, f"policies[{number}].payment")


def test_a_policy_that_does_not_say_what_it_does_may_use_anything_of_its_own(town, monkeypatch):
    from dataclasses import replace

    from wom_sim import policies

    silent = replace(policies.policy("bulk_letter"), actions=None)
    monkeypatch.setattr("wom_sim.policies.policy", lambda name, known=policies.policy: silent)
    policy = Policy(name="it", use="bulk_letter")
    scenario = town[0].model_copy(update={"policies": (policy,)})
    assert all(uses(scenario, policy, f"policies.it.{lever}") for lever in LEVERS)
    assert uses(scenario, policy, "behaviour.responding.apologise")


def test_a_step_that_follows_has_levers_of_its_own(town):
    policy = Policy.model_validate({"name": "it", "use": "paid_exit", "then": {"use": "bulk_letter", "after_days": 20}})
    scenario = town[0].model_copy(update={"policies": (policy,)})
    assert uses(scenario, policy, "policies.it.then.after_days") and uses(scenario, policy, "policies.it.then.framing")
    assert not uses(scenario, policy, "policies.it.then.price_rise")


@pytest.mark.parametrize(
    ("key", "chosen"),
    [
        ("choose.limit", True), ("choose.calls_at_least", True), ("choose.error_rate", False),
        ("policies.paid exit.payment", True), ("policies.paid exit.framing", True), ("policies[0].per_day", True),
        ("policies.paid exit.choose.limit", True), ("policies.paid exit.choose.error_rate", False),
        ("policies.hand over.acceptance", False), ("policies.slow.calls_saved", False),
        ("policies.letter.response.kind", True), ("policies.letter.response.severity", False),
        ("policies.letter.then.payment", True), ("policies.letter.then.acceptance", False),
        ("behaviour.leaving.beta", False), ("money.cost_per_call", False), ("run.days", False),
    ],
)  # fmt: skip
def test_what_the_firm_sets_is_told_from_what_it_would_have_to_find_out(key, chosen):
    assert is_choice(key) is chosen
