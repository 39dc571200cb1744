"""Ledger lines that are known only when a run is over: what those who stay pay, and what they are worth then."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import (
    cents,
    first_bill,
    learned_credits,
    monthly_profit,
    months_value,
    outlook,
    value_beyond,
)
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.people import SEEKER, People
from wom_sim.world.treatments import CAP_CREDITS, Treatments, people_of, rows_by_person


class Prices(NamedTuple):
    """Days of the run, discount a month, cost of a call, credit of a call (currency); by which share credits rise in
    the long run, and the discount of ``discount_while_learning``.
    """

    days: int
    discount: float
    cost_per_call: float
    credit_per_call: float
    credits_teach: float
    learning: float


class Rows(NamedTuple):
    """Treatments: person, whether credits end, change of monthly profit, hazard multiplier; the days on which told and
    left (-1: not).
    """

    person: NDArray[np.int64]
    capped: NDArray[np.bool_]
    change: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    told: NDArray[np.int32]
    left: NDArray[np.int32]


def book_price_paid(trace: tr.Trace, treatments: Treatments, people: People, prices: Prices) -> tr.Trace:
    """Return the trace with what those who stay pay more (or cost less) a month, and the outlook of their churn.

    Each pays from the first bill after being told until they leave, and who never leaves within the run, then what is
    expected beyond, at the churn that they have now. Where what they pay is valued beyond the run, so is what their
    changed churn does to their usual profit: without that a price that drives people away would look good. An urge to
    leave that comes of a contact alone is not thought to outlast the run.
    """
    change, multiplier = treatments["profit_change"], treatments["hazard_multiplier"]
    if not (change.any() or (multiplier != 1.0).any()):
        return trace
    columns = np.ascontiguousarray(change), np.ascontiguousarray(multiplier)
    rows = Rows(people_of(treatments), treatments["action"] == CAP_CREDITS, *columns, trace.told, trace.left)
    lasting = _lasting(rows, _by_person(treatments))
    room = 2 * len(treatments) if len(trace.book.log) else 0
    return trace._replace(book=_book(books.with_room(trace.book, room), people, rows, lasting, prices))


def _by_person(treatments: Treatments) -> NDArray[np.int64]:
    """Return the rows by person and turn; nobody acted on twice needs no sorting."""
    if len(treatments) and not treatments["turn"].any():
        return np.arange(len(treatments))
    return rows_by_person(treatments).astype(np.int64)


@kernel
def _lasting(rows: Rows, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row the last row delivered to its person, which is the one whose multiplier lasts; -1 if none."""
    lasting = np.full(order.size, -1, dtype=np.int64)
    last = -1
    for k in range(order.size - 1, -1, -1):
        row = order[k]
        if last >= 0 and rows.person[last] != rows.person[row]:
            last = -1
        if last < 0 and rows.told[row] >= 0:
            last = row
        lasting[row] = last
    return lasting


@inlined
def _paid(change: float, churn: float, when: tuple[int, int, int], stays: bool, discount: float) -> float:
    """Return what ``change`` a month is worth; ``when`` is (first bill, bill from which it ends, bills of the run)."""
    worth = months_value(change, when[0], when[1], discount)
    if stays:
        worth += value_beyond(change, min(1.0, churn), when[2], discount)
    return worth


@kernel
def _book(book: tr.Book, people: People, rows: Rows, lasting: NDArray[np.int64], prices: Prices) -> tr.Book:
    """Book the rows one by one; a price for everyone has as many rows as there are customers."""
    discount = prices.discount
    for row in range(rows.told.size):
        told, left, change = np.int64(rows.told[row]), np.int64(rows.left[row]), rows.change[row]
        if told < 0:
            continue
        i = rows.person[row]
        person = people[i]
        bill_day = np.int64(person.bill_day)
        horizon = first_bill(prices.days, bill_day, MONTH)
        churn = np.float64(person.churn)
        multiplier = rows.multiplier[lasting[row]]
        kind = (np.int64(0), np.int64(0), np.int64(person.group) | tr.G_TREATED)
        who = (np.int64(i), np.int64(tr.FIRM << tr.SOURCE_SHIFT))
        seeker = (person.traits & SEEKER) != 0
        calls = np.float64(person.calls)
        learned = learned_credits(calls, seeker, prices.credit_per_call, prices.credits_teach)
        if change != 0.0:
            spared = learned if rows.capped[row] else 0.0
            until = horizon if left < 0 else first_bill(left, bill_day, MONTH)
            when = (first_bill(told, bill_day, MONTH), until, horizon)
            worth = _paid(change + spared, churn * multiplier, when, left < 0, discount)
            if spared != 0.0:
                worth -= _paid(spared, churn * multiplier, when, left < 0, prices.learning)
            books.pay(book, told, (tr.PAYS, tr.L_PRICE), who, kind, cents(worth))
        if left < 0 and change != 0.0 and lasting[row] == row and multiplier != 1.0:
            margin = np.float64(person.margin)
            profit = monthly_profit(margin, calls, seeker, prices.cost_per_call, prices.credit_per_call)
            worth = outlook(profit - learned, churn, multiplier, horizon, discount)
            worth += outlook(learned, churn, multiplier, horizon, prices.learning)
            books.pay(book, told, (tr.OUTLOOK, tr.L_OUTLOOK), who, kind, cents(worth))
    return book
