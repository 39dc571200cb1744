"""The only functions that write the record of a run.

Both engines keep their books through them, so that what counts as what is said once. All sums are integers
(people, hundredths of currency, 1/256 doses), so that order cannot matter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import near_rule, part, rule
from wom_sim._lent import replacing, taking
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.money import FOREVER, Months, at_once, cents, flow_in, join_value
from wom_sim.rules.worth import Worth, change_in, change_value, insight_in, insight_value, profit_in, profit_value
from wom_sim.world.accounts import months_of, without_horizon
from wom_sim.world.trace import (
    ACCEPTED,
    ANYWAY,
    BECAUSE,
    BY_OUTLET,
    BY_POST,
    CALLS,
    CONTAGION,
    D_CALLS,
    D_DEFENDERS,
    D_EXTRA_JOINS,
    D_EXTRA_OTHERS,
    D_EXTRA_PROFITABLE,
    D_LET_GO,
    D_LOST_PROFITABLE,
    D_MONEY,
    D_REACHED,
    D_REACHED_PROFITABLE,
    D_REACHED_PROSPECTS,
    D_TALKERS,
    D_TOLD,
    D_TREATED_LEFT,
    D_TREATED_PROFITABLE,
    DEFENDS,
    DEMANDS,
    DISMISSED,
    DOSE,
    EARLIER,
    FIRM,
    G_CUSTOMER,
    G_PROFITABLE,
    G_PROSPECT,
    G_TREATED,
    GIVES,
    HANDED_OVER,
    HANDLES,
    HEARD,
    JOINED,
    L_AUTHORITY,
    L_CALLS_HEARERS,
    L_CALLS_TOLD,
    L_GIVEN,
    L_HANDLING,
    L_INSIGHT,
    L_JOINS,
    L_KEPT,
    L_LOSSES_AVOIDED,
    L_LOST_CONTAGION,
    L_LOST_FIRM,
    L_LOST_HOUSEHOLD,
    L_LOST_STORY,
    L_OTHERS_LEFT,
    L_PROGRAMME,
    L_RESPONSE,
    LATER,
    LEFT,
    NO_LINE,
    NO_SOURCE,
    NONE,
    NOT_JOINED,
    PREVENTED,
    RESPONDS,
    SEGMENT_SHIFT,
    SOURCE_ID,
    SOURCE_SHIFT,
    STARTS,
    STAYED,
    STORY,
    TALKS,
    TEACHES,
    TIE,
    TOLD,
    WITH_HOUSEHOLD,
    Book,
    tally_group,
)
from wom_sim.world.treatments import DISMISS, ENFORCE, TRANSFER


def with_room(book: Book, events: int) -> Book:
    """Return the book with room for so many more events, if a log is kept. Ask before booking; booking never grows.

    This is for Python; kernels, to which a book is lent, call ``make_room``.
    """
    used = int(book.used[0])
    if len(book.log) == 0 or used + events <= len(book.log):
        return book
    bigger = np.empty(2 * (used + events), dtype=book.log.dtype)
    bigger[:used] = book.log[:used]
    return book._replace(log=bigger)


_replace_log = replacing("log")
take_log = taking("log")
"""Take the log of a book that is lent, which may have grown since."""


@part
def make_room(book: Book, events: int) -> None:
    """Let a book that is lent have room for so many more events, if a log is kept."""
    used = book.used[0]
    if book.log.size == 0 or used + events <= book.log.size:
        return
    bigger = np.empty(2 * (used + events), dtype=book.log.dtype)
    for k in range(used):
        bigger[k] = book.log[k]
    _replace_log(book, bigger)


@near_rule
def note(book: Book, day: int, event: int, person: int, source: int, kind: tuple[int, int, int], amount: int) -> None:
    """Append an event that is not about money, if a log is kept; ``kind`` is (cause, label, group)."""
    if book.log.size > 0:
        _append(
            book,
            (np.int64(day), np.int64(event), np.int64(person), np.int64(source)),
            (np.int64(kind[0]), np.int64(kind[1]), np.int64(kind[2]), np.int64(NO_LINE)),
            np.int64(amount),
        )


@rule
def _append(book: Book, what: tuple[int, int, int, int], kind: tuple[int, int, int, int], amount: int) -> None:
    k = book.used[0]
    book.used[0] = k + 1  # beyond the log's length if no room was asked for, which Trace.events() refuses
    if k < book.log.size:
        book.log[k].day = what[0]
        book.log[k].event = what[1]
        book.log[k].person = what[2]
        book.log[k].source = what[3]
        book.log[k].cause = kind[0]
        book.log[k].label = kind[1]
        book.log[k].group = kind[2]
        book.log[k].line = kind[3]
        book.log[k].amount = amount


@rule
def enter(
    book: Book, day: int, what: tuple[int, int], who: tuple[int, int], kind: tuple[int, int, int], amount: int
) -> None:
    """Enter an event that is about money: hundredths of currency at day 0, positive if good for the firm.

    ``what`` is (event, line of the ledger), ``who`` (person, source), ``kind`` (cause, label, group). Every amount on
    the ledger comes through here, so the log adds up to it. Who enters says in which months it is received.
    """
    book.ledger[kind[2] >> SEGMENT_SHIFT, day // MONTH, what[1]] += amount
    book.daily[day, D_MONEY] += amount
    if book.log.size > 0:
        _append(
            book,
            (np.int64(day), np.int64(what[0]), np.int64(who[0]), np.int64(who[1])),
            (np.int64(kind[0]), np.int64(kind[1]), np.int64(kind[2]), np.int64(what[1])),
            np.int64(amount),
        )


@rule
def receive(book: Book, month: int, line: int, amount: int, growth: float) -> None:
    """Count hundredths of currency at day 0 in the month in which they come; ``growth`` makes cash of them."""
    last = book.receipts.shape[1] - 1
    book.receipts[0, min(month, last), line] += amount
    book.receipts[1, min(month, last), line] += cents(amount * growth / 100.0)


@rule
def spend(book: Book, day: int, what: tuple[int, int], person: int, group: int, cost: tuple[float, float]) -> None:
    """Book what is paid at once, if anything, to or for a person; ``cost`` is (currency, discount a month)."""
    amount = cents(at_once(cost[0], day // MONTH, cost[1]))
    if amount != 0:
        pay_at_once(book, day, what, (person, NO_SOURCE), (0, 0, group), (-amount, cost[1]))


@rule
def pay_at_once(
    book: Book,
    day: int,
    what: tuple[int, int],
    who: tuple[int, int],
    kind: tuple[int, int, int],
    paid: tuple[int, float],
) -> None:
    """Enter an amount that is paid or received in the month of the event; ``paid`` is (amount, discount a month)."""
    enter(book, day, what, who, kind, paid[0])
    receive(book, day // MONTH, what[1], paid[0], (1.0 + paid[1]) ** (day // MONTH))


PROFIT, INSIGHT, CHANGE = range(3)
"""What of a customer comes month by month: their profit, what their complaints teach, or a change of their profit."""
NO_CHANGE = (0.0, 0.0, 0.0, 0)


@rule
def value_of(part: int, brings: Worth, at_stake: Months, change: tuple[float, float, float, int]) -> float:
    """Return the value at day 0 of a part of what a customer brings; ``change`` is that of ``change_value``."""
    if part == PROFIT:
        return profit_value(brings, at_stake)
    if part == INSIGHT:
        return insight_value(brings, at_stake)
    return change_value(brings, at_stake, (change[0], change[1], change[2]), change[3])


@rule
def _value_in(part: int, brings: Worth, at_stake: Months, change: tuple[float, float, float, int], month: int) -> float:
    if part == PROFIT:
        return profit_in(brings, at_stake, month)
    if part == INSIGHT:
        return insight_in(brings, at_stake, month)
    return change_in(brings, at_stake, (change[0], change[1], change[2]), change[3], month)


@rule
def spread(
    book: Book, what: tuple[int, int, int], amount: int, brings: Worth, at_stake: Months,
    change: tuple[float, float, float, int],
) -> None:  # fmt: skip
    """Count in which months an amount is received that is a part of what a customer brings, or is lost with them.

    ``what`` is (part, line, 1 if it is gained and -1 if lost); ``amount`` has been entered: hundredths of currency, as
    many as ``value_of`` says, with that sign. What rounding leaves comes with the first month. Without a horizon all
    that is beyond the months that are kept comes later; with one, what comes after it is counted as later and is on no
    ledger.
    """
    part, line, sign = what
    last = book.receipts.shape[1] - 1
    upto, lasts = min(last, brings.end), at_stake.until + brings.lag
    if at_stake.until >= 0:
        upto = min(upto, lasts)
    counted = 0
    for month in range(at_stake.first, upto):
        worth = cents(sign * _value_in(part, brings, at_stake, change, month))
        counted += worth
        receive(book, month, line, worth, (1.0 + brings.discount) ** (month + 1))
    growth = (1.0 + brings.discount) ** (at_stake.first + 1)
    if brings.end > last and (at_stake.until < 0 or lasts > last):
        receive(book, last, line, amount - counted, growth)
        return
    receive(book, min(at_stake.first, max(upto - 1, 0)), line, amount - counted, growth)
    for_ever = value_of(part, without_horizon(brings), at_stake, change)
    receive(book, last, line, cents(sign * for_ever) - amount, growth)


@rule
def book_flow(
    book: Book, day: int, who: tuple[int, int], kind: tuple[int, int, int],
    what: tuple[int, int, int, int], brings: Worth, at_stake: Months,
) -> None:  # fmt: skip
    """Enter a part of what a customer brings; ``what`` is (event, line, part, 1 if it is gained and -1 if lost)."""
    amount = what[3] * cents(value_of(what[2], brings, at_stake, NO_CHANGE))
    enter(book, day, (what[0], what[1]), who, kind, amount)
    spread(book, (what[2], what[1], what[3]), amount, brings, at_stake, NO_CHANGE)


TOLD_EVENTS, DEPARTURE_EVENTS = 3, 2
"""Events, at most, of telling a customer, and of a departure (or of staying)."""


@rule
def book_told(
    book: Book, day: int, person: int, group: int, first: bool, costs: tuple[float, float, float]
) -> None:  # fmt: skip
    """Book that the firm told a customer; ``costs`` is (what it gives, what the case costs, discount a month).

    Customers are counted, so only the ``first`` time that the firm tells one of anything.
    """
    book.daily[day, D_TOLD] += 1 if first else 0
    note(book, day, TOLD, person, FIRM << SOURCE_SHIFT, (0, 0, group), 0)
    spend(book, day, (GIVES, L_GIVEN), person, group, (costs[0], costs[2]))
    spend(book, day, (HANDLES, L_HANDLING), person, group, (costs[1], costs[2]))


@rule
def book_start(book: Book, cost: float) -> None:
    """Book the cost of the programme, on the first day."""
    spend(book, 0, (STARTS, L_PROGRAMME), SOURCE_ID, 0, (cost, 0.0))


@rule
def book_response(book: Book, day: int, cost: float, discount: float) -> None:
    """Book that the firm responds to the crisis, even if that costs nothing."""
    amount = cents(at_once(cost, day // MONTH, discount))
    pay_at_once(book, day, (RESPONDS, L_RESPONSE), (SOURCE_ID, NO_SOURCE), (0, 0, 0), (-amount, discount))


@rule
def book_demand(book: Book, day: int, outlet: int, dismissed: int, cost: tuple[float, float]) -> None:
    """Book what a consumer authority demands; ``cost`` is (currency for each customer dismissed, discount a month)."""
    amount = cents(at_once(cost[0], day // MONTH, cost[1])) * dismissed
    if amount != 0:
        who = (outlet, (BY_OUTLET << SOURCE_SHIFT) | outlet)
        pay_at_once(book, day, (DEMANDS, L_AUTHORITY), who, (0, 0, 0), (-amount, cost[1]))


@near_rule
def count_heard(daily: NDArray[np.int64], day: int, group: int) -> None:
    """Count a person who first heard of it from others."""
    daily[day, D_REACHED] += 1
    daily[day, D_REACHED_PROFITABLE] += 1 if group & G_PROFITABLE else 0  # not a branch: nobody could foretell it
    daily[day, D_REACHED_PROSPECTS] += 0 if group & G_CUSTOMER else 1


@near_rule
def book_heard(book: Book, day: int, person: int, source: int, group: int) -> None:
    """Book that a person first heard of it from others."""
    count_heard(book.daily, day, group)
    note(book, day, HEARD, person, source, (0, 0, group), 0)


@rule
def book_talk(book: Book, day: int, person: int, group: int, how: tuple[bool, bool], planned: int) -> None:
    """Book that a person decides to talk, or to speak well of the firm, and how many conversations they plan.

    ``how`` is (whether they speak well of it, whether they pass the story on for the first time): those who pass it on
    are counted as people, once, however often they decide to.
    """
    if how[0]:
        book.daily[day, D_DEFENDERS] += 1
        note(book, day, DEFENDS, person, NO_SOURCE, (0, 0, group), planned)
    else:
        book.daily[day, D_TALKERS] += 1 if how[1] else 0
        note(book, day, TALKS, person, NO_SOURCE, (0, 0, group), planned)


@rule
def book_call(book: Book, day: int, person: int, source: int, group: int, cost: tuple[float, float]) -> None:
    """Book an extra call to service; ``cost`` is (currency, discount a month)."""
    book.daily[day, D_CALLS] += 1
    amount = cents(at_once(cost[0], day // MONTH, cost[1]))
    line = L_CALLS_TOLD if group & G_TREATED else L_CALLS_HEARERS
    pay_at_once(book, day, (CALLS, line), (person, source), (0, 0, group), (-amount, cost[1]))


@rule
def cause_of_end(action: int) -> int:
    """Return the cause of a departure when the firm ends service by an action of ``wom_sim.world.treatments``."""
    if action in (DISMISS, ENFORCE):
        return DISMISSED
    if action == TRANSFER:
        return HANDED_OVER
    return ACCEPTED


@rule
def let_go(cause: int) -> bool:
    """Return whether a departure is by the firm's hand."""
    return cause in (DISMISSED, ACCEPTED, HANDED_OVER)


@rule
def label_of(day: int, otherwise: int) -> int:
    """Return the label of a departure (or join) on ``day``; without the policy it is on ``otherwise`` (-1 never)."""
    if otherwise < 0:
        return BECAUSE
    if day == otherwise:
        return ANYWAY
    if day < otherwise:
        return EARLIER
    return LATER


@rule
def book_departure(
    book: Book,
    day: int,
    person: int,
    why: tuple[int, int, int, int],
    worth: Worth,
) -> None:
    """Book that a customer leaves on ``day``.

    ``why`` is (source, cause, group, the day of leaving without the policy or -1). A departure that is the same without
    the policy is not booked.
    """
    source, cause, group, otherwise = why
    if let_go(cause):
        book.daily[day, D_LET_GO] += 1
    label = label_of(day, otherwise)
    if label == ANYWAY:
        return
    until = otherwise if label == EARLIER else -1
    _count_departure(book, day, group, 1)
    if label == BECAUSE and group & G_PROFITABLE:
        book.daily[day, D_LOST_PROFITABLE] += 1
    if label == EARLIER:
        _count_departure(book, otherwise, group, -1)
    book.tally[cause, source >> SOURCE_SHIFT, label, tally_group(group)] += 1
    months, who, kind = (
        months_of(worth, day, until, book.daily.shape[0], MONTH),
        (person, source),
        (cause, label, group),
    )
    book_flow(book, day, who, kind, (LEFT, line_of_departure(group, cause, label), PROFIT, -1), worth, months)
    if worth.complaint_value > 0.0:
        book_flow(book, day, who, kind, (TEACHES, L_INSIGHT, INSIGHT, -1), worth, months)


@rule
def book_stay(book: Book, day: int, person: int, source: int, group: int, worth: Worth) -> None:
    """Book that a customer stays on the day on which, without the policy, they would have left."""
    _count_departure(book, day, group, -1)
    book.tally[STORY, source >> SOURCE_SHIFT, PREVENTED, tally_group(group)] += 1
    months, who = months_of(worth, day, -1, book.daily.shape[0], MONTH), (person, source)
    kind = (0, PREVENTED, group)
    book_flow(book, day, who, kind, (STAYED, line_of_departure(group, STORY, PREVENTED), PROFIT, 1), worth, months)
    if worth.complaint_value > 0.0:
        book_flow(book, day, who, kind, (TEACHES, L_INSIGHT, INSIGHT, 1), worth, months)


@rule
def line_of_departure(group: int, cause: int, label: int) -> int:
    """Return the line of the ledger for a departure, or for staying.

    What is lost with a profitable customer is a harm: the firm's own doing where it acted on them, else by what made
    them leave. What is gained by keeping one is on a line of its own, from which whoever leaves later after all is
    taken back. Loss-makers are never netted into either.
    """
    if not group & G_PROFITABLE:
        return L_LOSSES_AVOIDED if group & G_TREATED else L_OTHERS_LEFT
    if label in (PREVENTED, LATER):
        return L_KEPT
    if group & G_TREATED:
        return L_LOST_FIRM
    if cause == WITH_HOUSEHOLD:
        return L_LOST_HOUSEHOLD
    if cause == CONTAGION:
        return L_LOST_CONTAGION
    return L_LOST_STORY


@rule
def _count_departure(book: Book, day: int, group: int, change: int) -> None:
    if group & G_TREATED:
        book.daily[day, D_TREATED_LEFT] += change
    if group & G_PROFITABLE:
        book.daily[day, D_EXTRA_PROFITABLE] += change
        if group & G_TREATED:
            book.daily[day, D_TREATED_PROFITABLE] += change
    elif not group & G_TREATED:
        book.daily[day, D_EXTRA_OTHERS] += change


@rule
def book_join(
    book: Book, day: int, person: int, source: int, otherwise: int, worth: tuple[float, float, float, float, int]
) -> None:
    """Book that a prospect joins on ``day``; ``otherwise`` is the day without the policy, or -1.

    ``worth`` is (profit and churn a month of a new customer, cost of acquisition, discount a month, month from which
    nothing is counted). A join that is the same without the policy is not booked.
    """
    label = label_of(day, otherwise)
    if label == ANYWAY:
        return
    value = cents(join_value(worth, day // MONTH))
    book.daily[day, D_EXTRA_JOINS] += 1
    _receive_newcomer(book, day // MONTH, value, 1, worth)
    if label == EARLIER:
        later = cents(join_value(worth, otherwise // MONTH))
        value -= later
        book.daily[otherwise, D_EXTRA_JOINS] -= 1
        _receive_newcomer(book, otherwise // MONTH, -later, -1, worth)
    enter(book, day, (JOINED, L_JOINS), (person, source), (0, label, G_PROSPECT), value)


@rule
def _receive_newcomer(
    book: Book, month: int, amount: int, sign: int, worth: tuple[float, float, float, float, int]
) -> None:
    """Count in which months the value of a new customer of ``month`` comes, or does not; see ``spread``."""
    profit, churn, acquisition, discount, end = worth
    if month >= end:
        return
    last = book.receipts.shape[1] - 1
    cost = cents(at_once(acquisition, month, discount))
    receive(book, month, L_JOINS, -sign * cost, (1.0 + discount) ** month)
    counted = -sign * cost
    at_stake = Months(month, -1, month, FOREVER, churn, 0.0)
    for k in range(month, min(last, end)):
        value = cents(flow_in(profit, profit, at_stake, k) / (1.0 + discount) ** (k + 1)) * sign
        counted += value
        receive(book, k, L_JOINS, value, (1.0 + discount) ** (k + 1))
    growth = (1.0 + discount) ** (month + 1)
    if end > last:
        receive(book, last, L_JOINS, amount - counted, growth)
        return
    receive(book, month, L_JOINS, amount - counted, growth)
    for_ever = cents(join_value((profit, churn, acquisition, discount, FOREVER), month))
    receive(book, last, L_JOINS, sign * for_ever - amount, growth)


@rule
def book_no_join(book: Book, day: int, person: int, source: int, worth: tuple[float, float, float, float, int]) -> None:
    """Book that a prospect does not join on the day on which, without the policy, they would have."""
    value = cents(join_value(worth, day // MONTH))
    book.daily[day, D_EXTRA_JOINS] -= 1
    _receive_newcomer(book, day // MONTH, -value, -1, worth)
    enter(book, day, (NOT_JOINED, L_JOINS), (person, source), (0, PREVENTED, G_PROSPECT), -value)


# -- why somebody acts -------------------------------------------------------------------------------------------

MOST_DOSE = 65535
"""Where doses stop being counted."""
TELLING = BY_POST - FIRM
"""Channels by which people tell; each outlet is one of its own."""


def dose_columns(outlets: int) -> int:
    """Return how many sources of doses are told apart: channels and outlets for harm, channels for praise."""
    return TELLING + outlets + TELLING


@rule
def dose_column(source: int, praise: bool, outlets: int) -> int:
    """Return the column in which a dose is counted; outlets follow the channels, praise follows both."""
    channel = source >> SOURCE_SHIFT
    if praise:
        return TELLING + outlets + channel - 1
    if channel == BY_OUTLET:
        return TELLING + (source & SOURCE_ID)
    return channel - 1


@rule
def book_dose(book: Book, day: int, who: tuple[int, int], column: int, outlets: int, units: int) -> None:
    """Log how much of a column somebody, (person, group), who acts today had heard; praise is ``PREVENTED``."""
    if column < TELLING:
        source = ((column + 1) << SOURCE_SHIFT) | SOURCE_ID
    elif column < TELLING + outlets:
        source = (BY_OUTLET << SOURCE_SHIFT) | (column - TELLING)
    else:
        source = ((column - TELLING - outlets + 1) << SOURCE_SHIFT) | SOURCE_ID
    label = PREVENTED if column >= TELLING + outlets else NONE
    note(book, day, DOSE, who[0], source, (0, label, who[1]), units)


@rule
def reasons_needed(event: int, cause: int, group: int) -> int:
    """Return what the log must say of why somebody acts: DOSE, TIE, or 0 (the firm's own doing, or their household's).

    Departures of those whom the firm acted on are its own doing; their calls and their talk are as well.
    """
    if group & G_TREATED:
        return 0
    if event == LEFT:
        if cause == CONTAGION:
            return TIE
        return 0 if cause == WITH_HOUSEHOLD else DOSE
    return DOSE if event in (STAYED, JOINED, NOT_JOINED, CALLS) else 0
