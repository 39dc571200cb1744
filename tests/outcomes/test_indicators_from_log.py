"""Every indicator of every policy in both engines, recomputed from the event log by a second definition."""

from __future__ import annotations

import math
from functools import cache

import log_readings as by_log
import numpy as np
import pytest
from log_readings import Reader
from loud_firm import NAMES, compiled, reference, scenario, world
from money_by_hand import LONG, Coming, Money

from wom_sim.engines.compiled import Engine
from wom_sim.simulation import policy_of, run_policy
from wom_sim.world import trace as tr

EVERY = pytest.mark.parametrize("name", NAMES)
EITHER = pytest.mark.parametrize("engine", ["compiled", "reference"])


@cache
def reader(name: str, engine: str) -> Reader:
    result, census = reference(name)
    return Reader(result if engine == "reference" else compiled(name), world().people, census)


def shown(name: str, engine: str) -> dict[str, float]:
    return dict(reader(name, engine).result.measured)


# -- people, calls, posts, days ------------------------------------------------------------------------------


@EVERY
@EITHER
def test_what_is_counted_is_what_the_log_holds(name, engine):
    found, measured = by_log.counted(reader(name, engine)), shown(name, engine)
    assert {key: measured[key] for key in found} == pytest.approx(found, nan_ok=True)


@EVERY
@EITHER
def test_net_departures_and_joins(name, engine):
    read, measured = reader(name, engine), shown(name, engine)
    assert measured["extra_others"] == sum(by_log.net_by_month(read, False).values())
    assert measured["joins_lost"] == by_log.joins_lost(read)
    assert measured["churn_change"] == pytest.approx(by_log.churn_change(read))


TWICE = ("offer, then letter", "good news, then letter", "warn_then_end", "enforce")
"""Policies that act twice on a person."""
AFTERWARDS = ("price for all", "late letter", "warn_then_end", "at_renewal")
"""Policies that act on those who have heard of it from others, or act twice: some of them talk once as each."""


@EVERY
@EITHER
def test_told_are_people(name, engine):
    read = reader(name, engine)
    assert shown(name, engine)["told"] == len(read.people_in(tr.TOLD))
    assert (len(read.people_in(tr.TOLD)) < len(read.of(tr.TOLD))) == (name in TWICE)


@EVERY
@EITHER
def test_talkers_are_people(name, engine):
    read = reader(name, engine)
    assert shown(name, engine)["talkers"] == len(read.people_in(tr.TALKS))
    assert (len(read.people_in(tr.TALKS)) < len(read.of(tr.TALKS))) == (name in AFTERWARDS)


@EVERY
@EITHER
def test_defenders_are_people(name, engine):
    assert shown(name, engine)["defenders"] == len(reader(name, engine).people_in(tr.DEFENDS))


# -- profitable customers ------------------------------------------------------------------------------------


@EVERY
def test_the_log_and_the_census_agree_on_who_is_lost_and_kept(name):
    """Two ways to say it: the labels of the log, and the agents at the end of two markets."""
    read = reader(name, "reference")
    mine, census = by_log.lost_and_kept(read), read.census
    profitable = [person for person in range(len(census.gone)) if read.profitable(person)]
    assert mine.everyone == {p for p in profitable if census.gone[p] >= 0 > census.gone_otherwise[p]}
    assert mine.kept == {p for p in profitable if census.gone[p] < 0 <= census.gone_otherwise[p]}
    parts = (mine.story, mine.contagion, mine.household, mine.firm)
    assert sum(map(len, parts)) == len(mine.everyone), "nobody is lost twice"
    both = by_log.lost_and_kept(reader(name, "compiled"))
    assert both == mine


LOST = {
    "lost_to_story": "story", "lost_to_contagion": "contagion", "lost_with_household": "household",
    "lost_to_firm": "firm", "lost_profitable": "everyone", "kept_profitable": "kept",
}  # fmt: skip


@EVERY
@EITHER
def test_profitable_customers_lost_and_kept(name, engine):
    mine, measured = by_log.lost_and_kept(reader(name, engine)), shown(name, engine)
    expected = {key: len(getattr(mine, part)) for key, part in LOST.items()}
    expected["extra_profitable"] = len(mine.everyone) - len(mine.kept)
    assert {key: measured[key] for key in expected} == expected


def test_the_firms_own_act_drives_profitable_customers_out():
    """A price for all, and letters to the wrong people: the losses that were counted nowhere."""
    for name in ("price for all", "mistaken letter"):
        assert shown(name, "compiled")["lost_to_firm"] > 5


# -- money ---------------------------------------------------------------------------------------------------


@EVERY
@EITHER
def test_lines_are_sums_of_the_log(name, engine):
    found, measured = by_log.by_line(reader(name, engine)), shown(name, engine)
    assert {line: measured[line] for line in found} == pytest.approx(found, abs=1e-6)
    assert measured["net_value"] == pytest.approx(sum(found.values()), abs=1e-6)


@EVERY
@EITHER
def test_reputational_cost_is_what_talk_did(name, engine):
    assert shown(name, engine)["reputational_cost"] == pytest.approx(by_log.reputational_cost(reader(name, engine)))


@EVERY
def test_every_amount_is_what_it_is_worth(name):
    """Event by event, to the cent (rounded once): people's own months, without a formula of ours."""
    read = reader(name, "compiled")
    money, met = Money(read), set()
    for event in read.rows:
        if event.line == tr.NO_LINE:
            continue
        expected = money.of(event)
        if expected is not None:
            met.add(event.event)
            near = 0.005 * money.roundings(event) + 1e-6
            assert event.amount / 100.0 == pytest.approx(expected.before(money.ends), abs=near, rel=1e-9), event
    assert met or read.result.policy == "keep"


@EVERY
def test_what_those_who_stay_pay_is_what_it_is_worth(name):
    read = reader(name, "compiled")
    money = Money(read)
    booked = {event: [row for row in read.rows if row.event == event] for event in (tr.PAYS, tr.OUTLOOK)}
    rows = (money.of_row(k) for k in range(len(read.result.treatments)))
    expected = np.array([[part.before(money.ends) for part in row] for row in rows]).reshape(-1, 2)
    for column, event in enumerate((tr.PAYS, tr.OUTLOOK)):
        rows = booked[event]
        assert sum(row.amount for row in rows) / 100.0 == pytest.approx(
            expected[:, column].sum(), abs=0.0051 * max(1, len(rows)), rel=1e-9
        )
        assert len(rows) >= np.count_nonzero(np.abs(expected[:, column]) > 0.01)


CENT = 0.01


def _near(coming: Coming) -> np.ndarray:
    """Return how far rounding may have moved each month, in currency: half a cent for each rounded amount."""
    return 0.5 * CENT * coming.rounded + 1e-6


@cache
def money_of(name: str) -> tuple[Money, dict[int, Coming]]:
    money = Money(reader(name, "compiled"))
    return money, money.received()


def _months_kept(money: Money) -> int:
    return -(-money.days // 30) + 1 if money.forever else money.ends


def check_receipts(money: Money, received: dict[int, Coming], receipts: np.ndarray) -> None:
    """Compare every line of every month, in worth at day 0 and in cash, and all that comes later."""
    months, discount = _months_kept(money), money.discount
    assert receipts.shape[1] == months + 1
    growth = (1.0 + discount) ** (np.arange(months) + 1.0)
    for line, coming in received.items():
        near, worth, cash = _near(coming), receipts[0, :, line] / 100.0, receipts[1, :, line] / 100.0
        where = tr.LEDGER_NAMES[line]
        off = np.abs(worth[:-1] - coming.worth[:months])
        assert (off <= near[:months]).all(), (where, off, near[:months])
        off = np.abs(cash[:-1] - coming.cash(discount)[:months])
        assert (off <= near[:months] * (1.0 + growth)).all(), (where, off, near[:months])
        later, events = coming.worth[months:].sum(), coming.rounded[:months].sum()
        assert worth[-1] == pytest.approx(later, abs=0.5 * CENT * events + 1e-6), where


@EVERY
def test_money_comes_in_the_month_in_which_it_is_due(name):
    money, received = money_of(name)
    check_receipts(money, received, reader(name, "compiled").result.trace.book.receipts)


def _cash(money: Money, received: dict[int, Coming]) -> tuple[list[float], list[float]]:
    """Return cash by month to the horizon, and how far rounding may have moved it; what came before the first act
    comes with it."""
    cash = sum((each.cash(money.discount) for each in received.values()), start=np.zeros(LONG))[: money.ends]
    near = sum((_near(each) for each in received.values()), start=np.zeros(LONG))[: money.ends]
    near = 2.5 * near * (1.0 + money.discount) ** np.arange(len(near))
    first = money.begins
    return [cash[: first + 1].sum(), *cash[first + 1 :]], [near[: first + 1].sum(), *near[first + 1 :]]


def _paid_back(cash: list[float], near: list[float]) -> float | None:
    """Return after how many months the account of the policy is level and stays so; 0 if it is never in the red.

    None where what may have been rounded decides.
    """
    level, slack, months, reds = 0.0, 0.0, float("nan"), 0
    for number, (amount, more) in enumerate(zip(cash, near, strict=True), start=1):
        level, slack = level + amount, slack + more
        if level != 0.0 and abs(level) <= slack:
            return None
        if level < 0.0:
            reds, months = reds + 1, float("nan")
        elif math.isnan(months):
            months = float(number)
    return 0.0 if not reds and any(cash) else months


@EVERY
def test_the_first_year_the_payback_and_the_lifetime_are_read_a_second_time(name):
    money, received = money_of(name)
    (cash, near), measured = _cash(money, received), shown(name, "compiled")
    assert measured["first_year_cash"] == pytest.approx(sum(cash[:12]), abs=sum(near[:12]) + 1e-6)
    expected = _paid_back(cash, near) if any(cash) else float("nan")
    assert expected is not None or name == "price for all", "thousands of roundings decide there, and nowhere else"
    if expected is not None:
        assert measured["payback_month"] == pytest.approx(expected, nan_ok=True)
    lifetime = sum(each.worth.sum() for each in received.values())
    rounded = sum(each.rounded[: money.ends].sum() + 1 for each in received.values())
    assert measured["lifetime_value"] == pytest.approx(lifetime, abs=0.5 * CENT * rounded)


def test_the_policies_here_bring_out_every_event_and_line():
    """Else the tests above would show little."""
    events, lines = set(), set()
    for name in NAMES:
        for event in reader(name, "compiled").rows:
            events.add(event.event)
            lines |= {event.line} - {tr.NO_LINE}
    assert events == set(range(1, len(tr.EVENT_NAMES)))
    assert lines == set(range(len(tr.LEDGER_NAMES)))
    lost = [by_log.lost_and_kept(reader(name, "compiled")) for name in NAMES]
    for part in ("story", "contagion", "household", "firm", "kept"):
        assert sum(len(getattr(each, part)) for each in lost) > 3, part


@EVERY
@EITHER
def test_every_indicator_is_read_a_second_time(name, engine):
    """A new indicator needs a second definition here."""
    read = reader(name, engine)
    second = {*by_log.counted(read), *by_log.by_line(read), *LOST, "net_value", "extra_others", "extra_profitable"}
    second |= {
        "first_year_cash",
        "payback_month",
        "lifetime_value",
        "joins_lost",
        "churn_change",
        "told",
        "talkers",
        "defenders",
        "reputational_cost",
    }
    assert set(shown(name, engine)) - second == set()


def test_a_programme_paid_before_the_first_act_is_part_of_the_first_year():
    """A letter of day 120 whose programme is paid on day 0: its cost used to be in no month of payback."""
    late = policy_of(scenario(), "late letter")
    cash = []
    for cost in (0.0, 5000.0):
        policy = late.model_copy(update={"programme_cost": cost})
        found = run_policy(scenario(), policy, world(), Engine(world()), 0)
        cash.append(found.measured["first_year_cash"])
    assert cash[0] - cash[1] == pytest.approx(5000.0)
