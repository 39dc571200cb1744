"""A higher price: both engines agree, and the books hold what those who stay pay more."""

from __future__ import annotations

import pytest
from markets import scenario
from random_runs import difference

from wom_sim.engines.compiled import Engine
from wom_sim.rules.money import months_value
from wom_sim.scenario.models import Policy
from wom_sim.simulation import Result, build_world, monthly_discount, run_policy
from wom_sim.world import trace as tr

SAID = scenario(700, 200, alike_in_household=0.4)
RISE = Policy(name="rise", use="reprice", price_rise=2.0, for_all=True)


def result(engine: str, seed: int = 0) -> Result:
    world = build_world(SAID, workers=1)
    return run_policy(SAID, RISE, world, engine if engine == "reference" else Engine(world), seed, events=True)


@pytest.mark.parametrize("replication", [0, 1])
def test_engines_agree_on_a_price_for_all(replication: int):
    reference, compiled = result("reference", replication), result("compiled", replication)
    assert not difference(reference.trace, compiled.trace)
    left = compiled.trace.events()["event"] == tr.LEFT
    assert left.sum() > 20, "a threefold price makes some leave"


def test_price_paid_is_what_each_pays_until_they_leave():
    found = result("compiled")
    discount = monthly_discount(SAID)
    total = 0.0
    for row, told, left in zip(found.treatments, found.trace.told, found.trace.left, strict=True):
        until = left if left >= 0 else SAID.run.days
        if told >= 0:
            total += months_value(float(row["profit_change"]), int(told) // 30, -(-int(until) // 30), discount)
    assert found.ledger["price_paid"] == pytest.approx(total, abs=0.01 * len(found.treatments))
    assert total > 0.0
    assert (found.trace.left >= 0).sum() > 50
