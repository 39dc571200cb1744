"""The same firm in another currency: people do the same, and all money is the same amount in that currency."""

from __future__ import annotations

import pytest
import tomli_w
from daily import few

from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.scenario import load_scenario
from wom_sim.scenario.amounts import amounts
from wom_sim.scenario.model_keys import slot_at
from wom_sim.scenario.ranges import limits_of, tree_of
from wom_sim.simulation import build_world
from wom_sim.simulation.running import run_policy

RATE = 0.79
FIRM = """
name = "Firm"
[population]
customers = 900
prospects = 100
[choose]
limit = 60
[run]
days = 90
[media]
rule = "level"
[media.report]
median_days = 0.0
found_late = 0.0
[[media.outlets]]
name = "consumer authority"
threshold = 0.5
reach = 0.2
lag = 1
cost_per_dismissal = 200.0
[[policies]]
name = "letter"
use = "bulk_letter"
notice_days = 20
[[policies]]
name = "paid"
use = "paid_exit"
[[policies]]
name = "fee"
use = "reprice"
price_rise = 0.0
fee_per_call = 4.0
[[policies]]
name = "two steps"
use = "nudge"
then = { use = "cap_credits", after_days = 10 }
[[policies]]
name = "handed over"
use = "transfer"
"""


def in_pounds(dollars):
    """Return a scenario of which every amount is stated, as a file of which every amount is stated in pounds."""
    data = dollars.model_dump(mode="json", exclude={"uncertain", "exchange"}, exclude_none=True)
    for path, value in amounts(tree_of(dollars)):
        place = data
        for part in path[:-1]:
            place = place[part]
        assert limits_of(slot_at(path)).low <= value
        place[path[-1]] = value * RATE
    return tomli_w.dumps(data | {"currency": "GBP", "exchange": {"per_dollar": RATE}})


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """The firm in dollars, with every amount stated in pounds, and with the defaults left to be converted."""
    folder = tmp_path_factory.mktemp("money")
    (folder / "dollars.toml").write_text(FIRM)
    dollars = load_scenario(folder / "dollars.toml")
    defaults = [amount for amount in (policy.payment for policy in dollars.policies) if amount]
    assert not defaults, "what policies have by default is not written out in dollars"
    head = f'currency = "GBP"\n[exchange]\nper_dollar = {RATE}\n'
    left = FIRM.replace("200.0", str(200.0 * RATE)).replace("4.0", str(4.0 * RATE))
    (folder / "left.toml").write_text(left.replace('name = "Firm"\n', f'name = "Firm"\n{head}'))
    stated = in_pounds(dollars).replace('use = "paid_exit"', f'use = "paid_exit"\npayment = {200.0 * RATE}')
    (folder / "stated.toml").write_text(stated)
    (folder / "above.toml").write_text(f'extends = "dollars.toml"\n{head}')
    return dollars, [load_scenario(folder / f"{name}.toml") for name in ("left", "stated", "above")]


@pytest.mark.parametrize("policy", few(range(5)))
def test_people_do_the_same_and_money_is_the_same_in_both_engines(three, policy):
    dollars, others = three
    world = build_world(dollars, workers=1)
    was = run_policy(dollars, dollars.policies[policy], world, "reference", 0, events=True)
    assert len(was.treatments)
    for scenario in others:
        there = build_world(scenario, workers=1)
        by, other = (
            run_policy(scenario, scenario.policies[policy], there, engine, 0, events=True)
            for engine in ("reference", Engine(there))
        )
        assert by.events.equals(other.events) and by.indicators.equals(other.indicators)
        events, now = was.events, by.events
        people = [column for column in events.columns if column != "amount"]
        assert now[people].equals(events[people])
        rounding = 0.01 * (1.0 + len(events) + was.treatments["day_told"].size)  # each booking to a cent, once in each
        for indicator in INDICATORS:
            a, b = was.measured[indicator.name], by.measured[indicator.name]
            if indicator.unit == "currency":
                assert b == pytest.approx(RATE * a, abs=rounding), indicator.name
            else:
                assert not indicator.unit.startswith("currency") and b == pytest.approx(a, rel=0, nan_ok=True)


def test_the_authority_asks_for_200_dollars_and_not_for_200_pounds(three):
    dollars, (left, *_) = three
    bills = []
    for scenario in (dollars, left):
        world = build_world(scenario, workers=1)
        bills.append(run_policy(scenario, scenario.policies[0], world, "reference", 0).ledger["authority"])
    assert bills[0] < 0.0 and bills[1] == pytest.approx(RATE * bills[0])
