"""Both engines give the same with a firm's own customers, event by event, under policies that read every column."""

from __future__ import annotations

import pytest
from customer_tables import some_customers, write_base
from daily import few
from random_runs import difference

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.simulation import policies_of, run_policy

SCENARIO = """
name = "own customers"
[population]
file = "base"
fit = true
prospects = 120
[run]
days = 150
[choose]
where = "calls >= 3 and not advocate and segment in ['gold', 'silver'] or let_go"
limit = 40
"""
USES = ("bulk_letter", "paid_exit", "reprice", "guarantee", "transfer", "suspend", "at_renewal", "warn_then_end")
SIZES = ([], ["population.customers=900"], ["population.customers=150"], ["network.kind=erdos_renyi"])


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firm")
    write_base(folder / "base", some_customers(400))
    policies = [f'[[policies]]\nname = "{use}"\nuse = "{use}"\n' for use in USES]
    (folder / "firm.toml").write_text(SCENARIO + "".join(policies), encoding="utf-8")
    return folder / "firm.toml"


@pytest.mark.parametrize("sizes", few(SIZES), ids=["as they are", "more", "fewer", "a graph"])
def test_the_same_in_both_engines(firm, sizes):
    scenario = load_scenario(firm, sizes)
    world = build_world(scenario, workers=1)
    acted = 0
    for policy in policies_of(scenario):
        reference = run_policy(scenario, policy, world, "reference", 0, events=True)
        compiled = run_policy(scenario, policy, world, Engine(world), 0, events=True)
        assert difference(reference.trace, compiled.trace) == "", policy.name
        assert reference.indicators.equals(compiled.indicators)
        acted += len(reference.trace.events()) > 0
    assert acted == len(USES)


def test_what_somebodys_own_account_costs_is_money(firm):
    """Without their own costs the same customers would be worth something else, in both engines' ledger."""
    scenario = load_scenario(firm)
    world = build_world(scenario, workers=1)
    plain = world.people.copy()
    plain["traits"] &= 7
    policy = next(p for p in scenario.policies if p.use == "bulk_letter")
    own = run_policy(scenario, policy, world, Engine(world), 0)
    other = world._replace(people=plain)
    assert not own.indicators.equals(run_policy(scenario, policy, other, Engine(other), 0).indicators)
