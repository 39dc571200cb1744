"""Adaptive policies, in runs: what the firm sees in the morning, and what it does about it."""

from __future__ import annotations

import numpy as np
import pytest
from test_news import QUIET, firm, told

from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.rules.steering import (
    BUZZ_ABOVE,
    BUZZ_BELOW,
    CALLS,
    DAYS,
    GO_ON,
    NATIONAL_REPORT,
    PAUSE,
    PEOPLE_TOLD,
    REINSTATE,
    RESPOND,
    STOP,
)
from wom_sim.world import trace as tr
from wom_sim.world.orders import ORDER_TYPE, Orders


def orders(*rows: tuple) -> Orders:
    """Return orders: (trigger, limit, action) and perhaps (days after, chance)."""
    found = np.zeros(len(rows), dtype=ORDER_TYPE)
    for row, (trigger, limit, action, *more) in zip(found, rows, strict=True):
        after, chance = (*more, 0, 1.0)[:2] if len(more) != 1 else (more[0], 1.0)
        for name, value in {
            "trigger": trigger, "limit": limit, "action": action, "after": after, "chance": chance, "severity": 0.5,
            "news": 0.5, "cost": 70.0,
        }.items():  # fmt: skip
            row[name] = value
    return found


def days_told(given: Orders, days: list[int], seed: int = 3, **changes: float) -> list[int]:
    """Return the days on which letters planned for ``days`` are delivered."""
    world = firm(60, threshold=1e9)
    return Engine(world).run(QUIET._replace(**changes), told(world, days), seed, orders=given).told.tolist()


DAILY = list(range(10))


def test_after_so_many_it_stops():
    assert days_told(orders((PEOPLE_TOLD, 4, STOP)), DAILY) == [0, 1, 2, 3, *[-1] * 6]


def test_it_acts_so_many_days_after_it_sees_it():
    assert days_told(orders((PEOPLE_TOLD, 4, STOP, 2)), DAILY) == [*range(6), *[-1] * 4]


def test_days_count_from_the_first_who_is_told():
    assert days_told(orders((DAYS, 3, STOP)), list(range(5, 15))) == [5, 6, 7, *[-1] * 7]


def test_a_pause_moves_all_that_follows_until_it_goes_on():
    given = orders((PEOPLE_TOLD, 2, PAUSE), (DAYS, 6, GO_ON))
    assert days_told(given, DAILY) == [0, 1, *range(6, 14)]


def test_pause_and_go_on_come_again_as_buzz_rises_and_falls():
    """Each post of 1 lifts buzz above the limit on the day after; it halves in a day."""
    loud = {"p_post": 1.0, "post_half_life": 0.1, "post_days": 1, "buzz_half_life": 1.0, "p_talk_victim": 1.0}
    given = orders((BUZZ_ABOVE, 0.7, PAUSE), (BUZZ_BELOW, 0.3, GO_ON))
    days = days_told(given, DAILY, **loud)
    assert days == sorted(days)
    assert min(days) == 0
    gaps = np.diff(days)
    assert (gaps == 1).any()
    assert (gaps > 1).sum() >= 3, "it paused more than once"


def test_calls_over_it_are_counted():
    world = firm(60, threshold=1e9)
    programme = told(world, list(range(30)), p_call=1.0)
    trace = Engine(world).run(QUIET, programme, 3, orders=orders((CALLS, 6, STOP)))
    calls = np.cumsum(trace.book.daily[:, tr.D_CALLS])
    last = int(trace.told.max())
    assert calls[last - 1] < 6 <= calls[last]


@pytest.mark.parametrize(("action", "left"), [(STOP, 5), (REINSTATE, 0)])
def test_to_reinstate_is_to_withdraw_what_has_not_taken_effect(action, left):
    world = firm(60, threshold=1e9)
    programme = told(world, [*[0] * 5, *[40] * 5], notice=30)
    trace = Engine(world).run(QUIET, programme, 3, orders=orders((DAYS, 10, action)))
    assert trace.book.daily[:, tr.D_LET_GO].sum() == left


@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_a_response_that_comes_later_takes_nothing_back_that_was_reinstated(engine):
    """Found over 2,000 random worlds: an order reinstates on day 10, and the planned response comes after it."""
    world = firm(60, threshold=0.0)
    numbers = QUIET._replace(response_after=12, response_reinstates=0, days=75)
    programme, given = told(world, [0] * 5, notice=40), orders((DAYS, 10, REINSTATE))
    if engine == "compiled":
        trace = Engine(world).run(numbers, programme, 3, orders=given)
    else:
        trace = Market(world, numbers, programme, seed=3, orders=given).run().result()
    assert trace.book.daily[:, tr.D_NATIONAL].sum() > 0 and (trace.book.ledger[:, :, tr.L_RESPONSE] != 0).any()
    assert trace.book.daily[:, tr.D_LET_GO].sum() == 0


def test_a_response_costs_once_and_halves_the_story_from_then_on():
    world = firm(3000, threshold=0.0)
    given = orders((NATIONAL_REPORT, 0, RESPOND, 5))
    with_it = Engine(world).run(QUIET, told(world, [0]), 3, orders=given)
    without = Engine(world).run(QUIET, told(world, [0]), 3)
    assert with_it.book.ledger[:, :, tr.L_RESPONSE].sum() == pytest.approx(-7000, abs=60)
    first = int(np.flatnonzero(without.book.daily[:, tr.D_NATIONAL])[0])
    dose = [trace.book.daily[:, tr.D_HARM] / np.maximum(1, trace.book.daily[:, tr.D_COVERAGE]) for trace in
            (with_it, without)]  # fmt: skip
    assert np.array_equal(dose[0][: first + 5], dose[1][: first + 5])
    assert dose[0][first + 6] == pytest.approx(0.5 * dose[1][first + 6], rel=0.02)


def test_what_is_done_under_pressure_is_done_with_that_chance():
    stopped = [max(days_told(orders((PEOPLE_TOLD, 4, STOP, 0, 0.5)), DAILY, seed)) == 3 for seed in range(400)]
    assert abs(np.mean(stopped) - 0.5) < 4.0 * 0.5 / 20.0
