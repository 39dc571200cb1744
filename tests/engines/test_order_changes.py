"""Orders that change how the next are treated, and giving in to pressure, from the scenario to the run."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from test_news import QUIET, firm, told

from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.rules.steering import CHANGE, DAYS, NATIONAL_REPORT, REINSTATE
from wom_sim.scenario import Scenario
from wom_sim.simulation import build_world, luck_seed, run_policy, treatments_of
from wom_sim.simulation.orders import instead_of_these, orders_of, when_of
from wom_sim.world import trace as tr
from wom_sim.world.orders import ORDER_TYPE

CASE = {
    "name": "changes", "population": {"customers": 3000, "prospects": 100}, "choose": {"limit": 60},
    "run": {"days": 90, "seed": 5}, "media": {"outlets": []},
}  # fmt: skip
LETTER = {"name": "letter", "use": "bulk_letter", "channel": "letter", "per_day": 2}


def scenario(**policy: object) -> Scenario:
    return Scenario.model_validate_json(json.dumps(CASE | {"policies": [LETTER | policy]}))


def done(drawn: Scenario, engine: str = "compiled"):
    """Return the result of a run."""
    world = build_world(drawn, workers=1)
    made = Engine(world) if engine == "compiled" else "reference"
    return run_policy(drawn, drawn.policies[0], world, made, 0, events=True)


def rows_of(drawn: Scenario):
    """Return what the policy plans for each, by person."""
    return treatments_of(drawn, drawn.policies[0], build_world(drawn, workers=1), luck_seed(drawn, 0))


PAY = {"trigger": "people_told", "level": 20, "do": "pay", "payment": 300}


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_from_the_order_on_who_is_told_is_paid(engine):
    found = done(scenario(when=[PAY]), engine)
    rows, day = found.treatments, found.trace.told
    late = rows["person"][found.daily["told"].cumsum().to_numpy().searchsorted(20) < day]
    paying = {int(r["person"]): r for r in rows_of(scenario(payment=300))}
    plain = {int(r["person"]): r for r in rows_of(scenario())}
    assert 20 < len(late) < 50
    for row in rows[found.trace.told >= 0]:
        other = (paying if row["person"] in late else plain)[int(row["person"])]
        for column in ("given", "grievance", "agreed", "notice", "news"):
            assert row[column] == other[column], column
    assert found.ledger["given"] < done(scenario(), engine).ledger["given"] == 0.0


def test_another_channel_holds_for_those_who_come_later_on_the_days_planned():
    change = {"trigger": "days", "level": 10, "do": "change_channel", "channel": "phone"}
    found, plain = done(scenario(when=[change])), done(scenario())
    assert np.array_equal(found.treatments["day_told"], plain.treatments["day_told"])
    first = int(found.trace.told[found.trace.told >= 0].min())
    by_phone = found.treatments["news"] < plain.treatments["news"]
    assert by_phone.any()
    assert (found.trace.told[by_phone] >= first + 10).all()
    assert not by_phone[(found.trace.told >= 0) & (found.trace.told < first + 10)].any()


def test_of_two_changes_the_latest_holds():
    changes = [PAY | {"level": 10}, PAY | {"level": 30, "payment": 0}]
    rows = done(scenario(when=changes)).treatments
    given = rows["given"][np.argsort(rows["day_told"], kind="stable")]
    assert given[0] == given[-1] < given.max()


def test_an_order_that_comes_never_changes_nothing():
    never = done(scenario(when=[PAY | {"chance": 0.0}]))
    assert np.array_equal(never.trace.events(), done(scenario()).trace.events())


def test_what_stands_in_is_for_the_same_people_in_their_order():
    drawn = scenario(when=[PAY, {"trigger": "days", "level": 9, "do": "change_channel", "channel": "personal"}])
    world, seed = build_world(drawn, workers=1), luck_seed(drawn, 0)
    rows = treatments_of(drawn, drawn.policies[0], world, seed)
    instead = instead_of_these(drawn, drawn.policies[0], world, seed, rows)
    assert len(instead) == 2 * len(rows)
    for part in (instead[: len(rows)], instead[len(rows) :]):
        for column in ("person", "day_told", "turn"):
            assert np.array_equal(part[column], rows[column])
    orders = orders_of(drawn, drawn.policies[0], rows)
    assert orders["action"].tolist() == [CHANGE, CHANGE]
    assert orders["instead"].tolist() == [1, 2]


@pytest.mark.parametrize(("for_all", "chance"), [(False, 0.2), (True, 0.5)])
def test_a_retreat_is_an_order_to_reinstate_with_the_odds_of_what_was_done(for_all, chance):
    more = {"use": "reprice", "for_all": True} if for_all else {}
    drawn = scenario(retreat={}, **more)
    (order,) = when_of(drawn.policies[0])
    assert (order.trigger, order.do, order.chance) == ("national_report", "reinstate", chance)
    assert (order.after_days, order.days_spread) == (11, 1.4)
    (row,) = orders_of(drawn, drawn.policies[0], rows_of(drawn))
    assert (row["trigger"], row["action"], row["spread"]) == (NATIONAL_REPORT, REINSTATE, 1.4)


def test_the_days_of_a_retreat_are_log_normal():
    """Seen on day 0 in each of 400 lucks: median 11 days, quartiles 4 and 28."""
    world = firm(60, threshold=1e9)
    order = np.zeros(1, dtype=ORDER_TYPE)
    for name, value in {"trigger": DAYS, "after": 11, "chance": 1.0, "action": REINSTATE, "severity": 1.0, "news": 1.0,
                        "cost": 70.0, "spread": 1.4}.items():  # fmt: skip
        order[name] = value
    engine, numbers = Engine(world), QUIET._replace(days=400)
    days = []
    for seed in range(400):
        paid = np.flatnonzero(engine.run(numbers, told(world, [0]), seed, orders=order).book.daily[:, tr.D_MONEY])
        days.append(int(paid[-1]) if len(paid) else numbers.days)
    quartiles = np.quantile(days, [0.25, 0.5, 0.75]) - 1  # it is seen on the morning of day 1
    expected = [11.0 * math.exp(1.4 * z) for z in (-0.6745, 0.0, 0.6745)]
    assert quartiles == pytest.approx(expected, rel=0.25, abs=1.0)


def test_the_table_that_is_given_stays_as_it_was():
    world = firm(60, threshold=1e9)
    rows = told(world, [0, 5])
    other = rows.copy()
    other["given"] = 900.0
    order = np.zeros(1, dtype=ORDER_TYPE)
    for name, value in {"trigger": DAYS, "limit": 2, "chance": 1.0, "action": CHANGE, "instead": 1}.items():
        order[name] = value
    before = rows.copy()
    traces = [
        Engine(world).run(QUIET, rows, 3, orders=order, instead=other),
        Market(world, QUIET, rows, seed=3, orders=order, instead=other).run().result(),
    ]
    assert np.array_equal(rows, before)
    for trace in traces:
        assert trace.done["given"].tolist() == [0.0, 900.0]
    assert Engine(world).run(QUIET, rows, 3).done is None
