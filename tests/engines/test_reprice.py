"""A higher price: both engines agree, and the books hold what those who stay pay more."""

from __future__ import annotations

import pytest
from markets import scenario
from random_runs import difference

from wom_sim.engines.compiled import Engine
from wom_sim.scenario.sections.money import NO_HORIZON
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation import Result, build_world, monthly_discount, run_policy
from wom_sim.world import trace as tr

SAID = scenario(700, 200, alike_in_household=0.4)
RISE = Policy(name="rise", use="reprice", price_rise=2.0, for_all=True)


def result(engine: str, seed: int = 0, horizon: int = 36) -> Result:
    world = build_world(SAID, workers=1)
    said = SAID.model_copy(update={"money": SAID.money.model_copy(update={"horizon_months": horizon})})
    return run_policy(said, RISE, world, engine if engine == "reference" else Engine(world), seed, events=True)


@pytest.mark.parametrize("replication", [0, 1])
def test_engines_agree_on_a_price_for_all(replication: int):
    reference, compiled = result("reference", replication), result("compiled", replication)
    assert not difference(reference.trace, compiled.trace)
    left = compiled.trace.events()["event"] == tr.LEFT
    assert left.sum() > 20, "a threefold price makes some leave"


@pytest.mark.parametrize("horizon", [36, NO_HORIZON])
def test_price_paid_is_what_each_pays_until_they_leave_and_is_expected_to_pay_beyond(horizon: int):
    """Bill by bill: the months of those who leave; what is expected until the horizon of those who are still there.

    Without a horizon that is 4,000 months.
    """
    found = result("compiled", horizon=horizon)
    last = 4000 if horizon == NO_HORIZON else horizon
    people, discount = build_world(SAID, workers=1).people, monthly_discount(SAID)
    total = 0.0
    for row, told, left in zip(found.treatments, found.trace.told, found.trace.left, strict=True):
        if told < 0:
            continue
        person = people[row["person"]]
        stay = 1.0 - min(1.0, float(person["churn"]) * float(row["hazard_multiplier"]))
        there = 1.0
        for month, day in enumerate(range(int(person["bill_day"]), last * 30, 30)):
            if 0 <= left <= day or there < 1e-9:
                break
            there *= stay if day >= SAID.run.days else 1.0
            if day >= told:
                total += there * float(row["profit_change"]) / (1.0 + discount) ** (month + 1)
    assert found.ledger["price_paid"] == pytest.approx(total, abs=0.01 * len(found.treatments))
    assert total > 0.0
    assert (found.trace.left >= 0).sum() > 50
