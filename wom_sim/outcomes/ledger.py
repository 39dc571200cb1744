"""Ledger lines that are known only when a run is over: what those who stay pay, and what they are worth then."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel, rule
from wom_sim._lent import lent
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import Months, cents
from wom_sim.rules.worth import CAPS, EXCESS, FOLLOWS, profit_value
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.accounts import Accounts, months_of, worth_in
from wom_sim.world.numbers import Numbers, as_record
from wom_sim.world.people import People
from wom_sim.world.treatments import CAP_CREDITS, WARN, Treatments, people_of, rows_by_person
from wom_sim.world.world import World


class Rows(NamedTuple):
    """Treatments: person, kind of change of monthly profit, the changes, multiplier of churn, days told and left.

    ``lasts`` is after how many days the changes end, 0 if they do not.
    """

    person: NDArray[np.int64]
    kind: NDArray[np.int64]
    change: NDArray[np.float64]
    with_calls: NDArray[np.float64]
    contact: NDArray[np.float64]
    multiplier: NDArray[np.float64]
    told: NDArray[np.int32]
    left: NDArray[np.int32]
    lasts: NDArray[np.int32]


def book_price_paid(trace: tr.Trace, treatments: Treatments, world: World, numbers: Numbers, seed: int) -> tr.Trace:
    """Return the trace with what those who stay pay more (or cost less) a month, and the outlook of their churn.

    Each pays from the first bill after being told until they leave, and who never leaves within the run, then what is
    expected beyond, at the churn that they have now. Where what they pay is valued beyond the run, so is what their
    changed churn does to their usual profit: without that a price that drives people away would look good. An urge to
    leave that comes of a contact alone, or of a change that ends, is not thought to outlast the run.
    """
    names = ("profit_change", "call_change", "contact_change", "hazard_multiplier")
    change, with_calls, contact, multiplier = (np.ascontiguousarray(treatments[name]) for name in names)
    if not (change.any() or with_calls.any() or contact.any() or (multiplier != 1.0).any()):
        return trace
    action, lasts = treatments["action"], np.ascontiguousarray(treatments["lasts"])
    kind = np.where(action == CAP_CREDITS, CAPS, np.where(action == WARN, EXCESS, FOLLOWS)).astype(np.int64)
    rows = Rows(people_of(treatments), kind, change, with_calls, contact, multiplier, trace.told, trace.left, lasts)
    lasting = _lasting(rows, _by_person(treatments))
    room = 2 * len(treatments) if len(trace.book.log) else 0
    book = books.with_room(trace.book, room)
    known = (as_record(numbers), np.uint64(seed))
    _book(lent(book), (world.people, world.accounts), rows, lasting, known)
    return trace._replace(book=book)


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


@rule
def ends_on(told: int, left: int, lasts: int, days: int) -> int:
    """Return the day on which a change of profit ends, -1 if it goes on beyond the run of ``days``.

    A change may last some days only (0: it does not end); it ends with the customer in any case. What ends after a run
    that cannot be longer ends with it.

    >>> ends_on(10, -1, 0, 365), ends_on(10, -1, 90, 365), ends_on(10, 40, 90, 365), ends_on(300, -1, 90, 365)
    (-1, 100, 40, 365)
    """
    if lasts == 0 or 0 <= left <= told + lasts:
        return left
    return min(told + lasts, days)


@kernel
def _book(
    book: tr.Book,
    whom: tuple[People, Accounts],
    rows: Rows,
    lasting: NDArray[np.int64],
    known: tuple[NDArray[np.void], int],
) -> None:
    """Book the rows one by one; a price for everyone has as many rows as there are customers."""
    people, accounts = whom
    numbers, seed = known
    p = numbers[0]
    for row in range(rows.told.size):
        told, left = np.int64(rows.told[row]), np.int64(rows.left[row])
        if told < 0:
            continue
        changes = rows.change[row] != 0.0 or rows.with_calls[row] != 0.0 or rows.contact[row] != 0.0
        if not changes:
            continue
        i = rows.person[row]
        person = people[i]
        worth = worth_in(people, accounts, p, i, seed)
        lasts = np.int64(rows.lasts[row])
        until = ends_on(told, left, lasts, p.days)
        months = months_of(worth, told, until, p.days, MONTH)
        multiplier = rows.multiplier[lasting[row]]
        churn = min(1.0, worth.churn * multiplier)
        now = Months(months.first, months.until, months.bills, months.settles, churn, months.fades)
        kind = (np.int64(0), np.int64(0), np.int64(person.group) | tr.G_TREATED)
        who = (np.int64(i), np.int64(tr.FIRM << tr.SOURCE_SHIFT))
        change = (rows.change[row], rows.with_calls[row], rows.contact[row], rows.kind[row])
        paid = cents(books.value_of(books.CHANGE, worth, now, change))
        books.enter(book, told, (tr.PAYS, tr.L_PRICE), who, kind, paid)
        books.spread(book, (books.CHANGE, tr.L_PRICE, 1), paid, worth, now, change)
        if left < 0 and lasting[row] == row and multiplier != 1.0 and lasts == 0:
            beyond = Months(months.bills, -1, months.bills, months.settles, now.churn, months.fades)
            usual = Months(months.bills, -1, months.bills, months.settles, worth.churn, months.fades)
            stays, would = profit_value(worth, beyond), profit_value(worth, usual)
            changed, first = cents(stays - would), cents(stays)
            books.enter(book, told, (tr.OUTLOOK, tr.L_OUTLOOK), who, kind, changed)
            books.spread(book, (books.PROFIT, tr.L_OUTLOOK, 1), first, worth, beyond, change)
            books.spread(book, (books.PROFIT, tr.L_OUTLOOK, -1), changed - first, worth, usual, change)
