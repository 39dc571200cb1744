"""Value of a customer, and what a departure, a join or a month is worth. All in currency, at day 0.

One convention of time, for every line of the ledger. A month is 30 days; the months of a customer begin with their
bill, on which they stay (and owe the month's profit, received at its end) or leave (and owe nothing). So the profit
of month k is worth profit / (1 + discount)^(k + 1) today, and a customer met on day 0 is worth exactly
``customer_value``. What is paid or received at once in month k (an offer, a call, a campaign, a new customer, who
from then on is worth ``customer_value``) is divided by (1 + discount)^k.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from wom_sim._compile import near_rule as rule
from wom_sim._compile import rule as large_rule


@rule
def customer_value(profit: float, churn: float, discount: float) -> float:
    """Return the expected value of a customer: profit x q/(1-q), q = (1 - churn)/(1 + discount), all a month.

    Source: standard customer lifetime value (Gupta, Lehmann & Stuart 2004, A).

    >>> round(customer_value(24.0, 0.02, 0.0083))
    831
    """
    q = (1.0 - churn) / (1.0 + discount)
    if q >= 1.0:
        return profit * 1.0e9
    return profit * q / (1.0 - q)


@large_rule
def waiting_value(profit: float, settled: float, churn: float, discount: float, settles: float) -> float:
    """Return the expected value of keeping a customer one more month, with the option to leave them later.

    ``profit`` is today's and ``settled`` what it becomes, both a month: with chance ``settles`` a month the customer
    comes to call like others, for good. Each month the firm may let them go, and does where that is better. Negative:
    not even the hope is worth the wait.
    Source: the option to abandon adds up to 20 % to the value of a customer and turns some negative values positive
    (Haenlein, Kaplan & Schoder 2006, A). Assumption: the two states.

    >>> round(waiting_value(-10.0, 20.0, 0.02, 0.0083, 0.05))
    331
    >>> round(waiting_value(-300.0, 20.0, 0.02, 0.0083, 0.05), 1)
    -242.4
    """
    q = (1.0 - churn) / (1.0 + discount)
    after = settled + max(0.0, customer_value(settled, churn, discount))
    month = q * (settles * after + (1.0 - settles) * profit)
    again = q * (1.0 - settles)
    if month <= 0.0:
        return month
    return month * 1.0e9 if again >= 1.0 else month / (1.0 - again)


@rule
def at_once(amount: float, month: int, discount: float) -> float:
    """Return what an amount that is paid at once in ``month`` is worth at day 0.

    >>> at_once(100.0, 2, 0.25)
    64.0
    """
    return amount / (1.0 + discount) ** month


@rule
def first_bill(day: int, bill_day: int, month_days: int) -> int:
    """Return the month of the first bill on or after ``day``; a month has ``month_days``.

    So it is how many bills there are before ``day``. For the last day plus one it is how many the run lives through.

    >>> first_bill(0, 5, 30), first_bill(5, 5, 30), first_bill(6, 5, 30), first_bill(365, 4, 30), first_bill(365, 5, 30)
    (0, 0, 1, 13, 12)
    """
    return max(0, (day - bill_day + month_days - 1) // month_days)


FOREVER = 1_000_000_000
"""A number of months after which nothing is left of any flow that fades; a horizon that long is none."""


class Months(NamedTuple):
    """The months of a customer that a departure, a stay or a price decides about.

    From month ``first`` to before ``until``, or on and on where ``until`` is -1. Months before ``bills`` are within the
    run, and known; beyond it the customer leaves with chance ``churn`` a month. In months before ``settles`` they are
    as they were observed (they call much, say), from then on as they are in the long run; where that lies beyond the
    run, what is special about them ends with chance ``fades`` a month, counted from the last bill of the run.
    """

    first: int
    until: int
    bills: int
    settles: int
    churn: float
    fades: float


@rule
def value_beyond(profit: float, churn: float, bills: int, end: int, discount: float) -> float:
    """Return the value at day 0 of a customer who is still there after ``bills`` bills, from then on to month ``end``.

    The closed form of a geometric series: profit x q (1 - q^n)/(1 - q) for n months, q = (1 - churn)/(1 + discount);
    written so that nothing cancels where q is next to 1.

    >>> round(value_beyond(24.0, 0.02, 12, FOREVER, 0.0083)), value_beyond(8.0, 0.5, 0, 2, 0.0)
    (753, 6.0)
    >>> value_beyond(8.0, 0.0, 2, 5, 0.0), value_beyond(8.0, 0.5, 3, 3, 0.0)
    (24.0, 0.0)
    """
    months = end - bills
    if months <= 0:
        return 0.0
    leaks = churn + discount
    if leaks <= 0.0:
        return profit * months
    fades = -math.expm1(months * (math.log1p(-churn) - math.log1p(discount))) if churn < 1.0 else 1.0
    return profit * (1.0 - churn) * fades / leaks / (1.0 + discount) ** bills


@rule
def flow_in(now: float, then: float, at_stake: Months, month: int) -> float:
    """Return an amount a month as far as it comes in one month (not discounted); beyond the run, what is expected.

    >>> at_stake = Months(1, -1, 2, 2, 0.5, 0.5)
    >>> flow_in(10.0, 4.0, at_stake, 0), flow_in(10.0, 4.0, at_stake, 1), flow_in(10.0, 4.0, at_stake, 2)
    (0.0, 10.0, 3.5)
    """
    if month < at_stake.first or 0 <= at_stake.until <= month:
        return 0.0
    if month < at_stake.bills:
        return now if month < at_stake.settles else then
    beyond = month - at_stake.bills + 1
    special = (1.0 - at_stake.fades) ** beyond if at_stake.settles >= at_stake.bills else 0.0
    return (1.0 - at_stake.churn) ** beyond * (then + (now - then) * special)


@large_rule
def flow_value(now: float, then: float, at_stake: Months, end: int, discount: float) -> float:
    """Return the value at day 0 of an amount a month over the months of a customer, as far as before month ``end``.

    ``now`` is the amount while they are as observed, ``then`` in the long run.

    >>> flow_value(10.0, 4.0, Months(1, 4, 12, 3, 0.02, 0.1), FOREVER, 0.0)
    24.0
    >>> flow_value(10.0, 4.0, Months(1, -1, 2, 2, 0.5, 0.5), FOREVER, 0.0)
    16.0
    """
    last = at_stake.bills if at_stake.until < 0 else at_stake.until
    total = 0.0
    for month in range(at_stake.first, min(last, end)):
        total += (now if month < at_stake.settles else then) / (1.0 + discount) ** (month + 1)
    if at_stake.until < 0:
        total += value_beyond(then, at_stake.churn, at_stake.bills, end, discount)
        if at_stake.settles >= at_stake.bills and now != then:
            either = 1.0 - (1.0 - at_stake.churn) * (1.0 - at_stake.fades)
            total += value_beyond(now - then, either, at_stake.bills, end, discount)
    return total


@large_rule
def join_value(newcomer: tuple[float, float, float, float, int], month: int) -> float:
    """Return what a new customer who joins in ``month``, with their first bill, is worth at day 0.

    ``newcomer`` is (profit and churn a month of a new customer, cost of acquisition, discount a month, month from which
    nothing is counted).

    >>> round(join_value((24.0, 0.02, 400.0, 0.0083, FOREVER), 0))
    431
    """
    profit, churn, acquisition, discount, end = newcomer
    if month >= end:
        return 0.0
    return value_beyond(profit, churn, month, end, discount) - acquisition / (1.0 + discount) ** month


@large_rule
def months_of_stay(churn: float, months: int, discount: float) -> float:
    """Return what 1 a month is worth for ``months`` months from today to someone who leaves with chance ``churn``.

    1 + q + ... + q^(months - 1), q = (1 - churn)/(1 + discount). Added up, because the closed form loses digits
    where q is near 1.

    >>> months_of_stay(0.5, 3, 0.0), months_of_stay(0.0, 3, 0.0)
    (1.75, 3.0)
    """
    q = (1.0 - churn) / (1.0 + discount)
    total, there = 0.0, 1.0
    for _ in range(months):
        total += there
        there *= q
    return total


@rule
def cents(amount: float) -> int:
    """Return an amount in whole hundredths, so that sums do not depend on order.

    >>> cents(1.005), cents(-2.5)
    (100, -250)
    """
    if amount >= 0.0:
        return int(amount * 100.0 + 0.5)
    return -int(-amount * 100.0 + 0.5)


@rule
def monthly_profit(margin: float, calls: float, seeker: bool, cost_per_call: float, credit_per_call: float) -> float:
    """Return a customer's profit a month: margin less cost to serve (calls, and credits to who calls for them).

    >>> monthly_profit(24.0, 40.0, True, 8.0, 2.0)
    -376.0
    """
    per_call = cost_per_call
    if seeker:
        per_call += credit_per_call
    return margin - calls * per_call
