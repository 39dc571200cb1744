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

from wom_sim._compile import rule as large_rule
from wom_sim._compile import small_rule as rule


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

    The closed form of a geometric series: profit x q (1 - q^n)/(1 - q) for n months, q = (1 - churn)/(1 + discount).

    >>> round(value_beyond(24.0, 0.02, 12, FOREVER, 0.0083)), value_beyond(8.0, 0.5, 0, 2, 0.0)
    (753, 6.0)
    >>> value_beyond(8.0, 0.0, 2, 5, 0.0), value_beyond(8.0, 0.5, 3, 3, 0.0)
    (24.0, 0.0)
    """
    months = end - bills
    if months <= 0:
        return 0.0
    q = (1.0 - churn) / (1.0 + discount)
    worth = profit * months if q >= 1.0 else profit * q * (1.0 - q**months) / (1.0 - q)
    return worth / (1.0 + discount) ** bills


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


class Worth(NamedTuple):
    """What a customer brings a month, in currency, before what a policy changes.

    ``margin`` is contribution before calls; ``calls`` a month as observed and ``usual`` in the long run; ``contact`` is
    what a call costs and is spared ``lag`` months after it is not made, ``credit`` what it brings the customer at once;
    ``teach`` by which share credits rise in the long run, ``learning`` the discount of ``discount_while_learning``.
    ``settles``, ``fades`` and ``churn`` are those of ``Months``; nothing is counted from month ``end`` on. Complaints
    of who calls for credits are worth 0.
    """

    margin: float
    calls: float
    usual: float
    contact: float
    credit: float
    teach: float
    complaint_value: float
    churn: float
    settles: int
    fades: float
    bill_day: int
    discount: float
    learning: float
    lag: int
    end: int


@large_rule
def calls_value(now: float, then: float, brings: Worth, at_stake: Months) -> float:
    """Return the value at day 0 of a cost of calls a month that is spared ``brings.lag`` months later.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.25, 0.25, 1, FOREVER)
    >>> calls_value(10.0, 2.0, brings, Months(0, 1, 12, 2, 0.5, 0.5))
    6.4
    """
    spared = flow_value(now, then, at_stake, brings.end - brings.lag, brings.discount)
    return spared / (1.0 + brings.discount) ** brings.lag


@large_rule
def profit_value(brings: Worth, at_stake: Months) -> float:
    """Return the value at day 0 of the profit of a customer over some months: contribution less contact and credits.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> profit_value(brings, Months(1, 3, 12, 2, 0.5, 0.5))
    22.0
    """
    credit = brings.credit * (1.0 + brings.teach)
    now, then = brings.margin - brings.calls * credit, brings.margin - brings.usual * credit
    total = flow_value(now, then, at_stake, brings.end, brings.discount)
    if brings.credit * brings.teach != 0.0:
        learned = brings.credit * brings.teach
        total += flow_value(brings.calls * learned, brings.usual * learned, at_stake, brings.end, brings.learning)
    return total - calls_value(brings.calls * brings.contact, brings.usual * brings.contact, brings, at_stake)


FOLLOWS, CAPS, EXCESS = range(3)
"""What a change of profit follows: calls; calls, with an end to credits; or calls beyond the usual."""


@large_rule
def left_when_usual(brings: Worth, kind: int) -> float:
    """Return which share of what follows somebody's calls is left once they call as usual.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> left_when_usual(brings, FOLLOWS), left_when_usual(brings, EXCESS)
    (0.2, 0.0)
    """
    if kind == EXCESS:
        return 0.0
    return brings.usual / brings.calls if brings.calls > 0.0 else 1.0


@large_rule
def change_value(brings: Worth, at_stake: Months, change: tuple[float, float, float], kind: int) -> float:
    """Return the value at day 0 of a change of monthly profit over some months.

    ``change`` is (whatever they call, what follows their calls, contact cost that is spared), currency a month while
    they call as observed. ``CAPS``: credits end, so that those which would have come in the long run are spared too.
    ``EXCESS``: it is about calls beyond the usual, so of what follows calls nothing is left once they are usual again.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> change_value(brings, Months(1, 3, 12, 2, 0.5, 0.5), (6.0, 5.0, 10.0), FOLLOWS)
    30.0
    >>> change_value(brings, Months(1, 3, 12, 2, 0.5, 0.5), (0.0, 5.0, 10.0), EXCESS)
    15.0
    """
    ratio = left_when_usual(brings, kind)
    now, then = change[0] + change[1], change[0] + change[1] * ratio
    learned = brings.credit * brings.teach if kind == CAPS else 0.0
    now, then = now + brings.calls * learned, then + brings.usual * learned
    total = flow_value(now, then, at_stake, brings.end, brings.discount)
    if learned != 0.0:
        total -= flow_value(brings.calls * learned, brings.usual * learned, at_stake, brings.end, brings.learning)
    return total + calls_value(change[2], change[2] * ratio, brings, at_stake)


@large_rule
def profit_in(brings: Worth, at_stake: Months, month: int) -> float:
    """Return the value at day 0 of the profit of one month: what ``profit_value`` adds up.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> [profit_in(brings, Months(1, 3, 12, 2, 0.5, 0.5), month) for month in range(5)]
    [0.0, 15.0, 9.0, -2.0, 0.0]
    """
    credit, contact = brings.credit * (1.0 + brings.teach), brings.contact
    now, then = brings.margin - brings.calls * credit, brings.margin - brings.usual * credit
    amount = flow_in(now, then, at_stake, month)
    amount -= flow_in(brings.calls * contact, brings.usual * contact, at_stake, month - brings.lag)
    total = amount / (1.0 + brings.discount) ** (month + 1)
    if brings.credit * brings.teach != 0.0:
        learned = brings.credit * brings.teach
        more = flow_in(brings.calls * learned, brings.usual * learned, at_stake, month)
        total += more / (1.0 + brings.learning) ** (month + 1)
    return total


@large_rule
def change_in(brings: Worth, at_stake: Months, change: tuple[float, float, float], kind: int, month: int) -> float:
    """Return the value at day 0 of a change of the profit of one month: what ``change_value`` adds up.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> [change_in(brings, Months(1, 3, 12, 2, 0.5, 0.5), (6.0, 5.0, 10.0), FOLLOWS, month) for month in range(5)]
    [0.0, 11.0, 17.0, 2.0, 0.0]
    """
    ratio = left_when_usual(brings, kind)
    learned = brings.credit * brings.teach if kind == CAPS else 0.0
    now = change[0] + change[1] + brings.calls * learned
    then = change[0] + change[1] * ratio + brings.usual * learned
    amount = flow_in(now, then, at_stake, month)
    amount += flow_in(change[2], change[2] * ratio, at_stake, month - brings.lag)
    total = amount / (1.0 + brings.discount) ** (month + 1)
    if learned != 0.0:
        more = flow_in(brings.calls * learned, brings.usual * learned, at_stake, month)
        total -= more / (1.0 + brings.learning) ** (month + 1)
    return total


@large_rule
def insight_value(brings: Worth, at_stake: Months) -> float:
    """Return the value at day 0 of what the complaints of a customer teach the firm over some months.

    >>> brings = Worth(20.0, 2.0, 0.0, 2.0, 0.0, 0.0, 5.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> round(insight_value(brings, Months(1, 3, 12, 2, 0.5, 0.5)), 2)
    4.32
    """
    now = insight_of_calls(brings.calls, False, brings.complaint_value)
    then = insight_of_calls(brings.usual, False, brings.complaint_value)
    return flow_value(now, then, at_stake, brings.end, brings.discount)


@large_rule
def insight_in(brings: Worth, at_stake: Months, month: int) -> float:
    """Return the value at day 0 of what the complaints of one month teach: what ``insight_value`` adds up.

    >>> brings = Worth(20.0, 2.0, 0.0, 2.0, 0.0, 0.0, 5.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, FOREVER)
    >>> round(insight_in(brings, Months(1, 3, 12, 2, 0.5, 0.5), 1), 2)
    4.32
    """
    now = insight_of_calls(brings.calls, False, brings.complaint_value)
    then = insight_of_calls(brings.usual, False, brings.complaint_value)
    return flow_in(now, then, at_stake, month) / (1.0 + brings.discount) ** (month + 1)


@rule
def chronic_share(share: float, calls: float, usual: float, steepness: float, reference: float) -> float:
    """Return the chance that what is special about somebody's calls is chronic, 0..1: the more special, the higher.

    The odds are those of ``share``, which holds for somebody who calls ``reference`` times as much as they do in the
    long run (or as much less), times (how special / reference)^steepness. Source: a bank's worst tenth, hundredth and
    thousandth keep .38, .47 and .62 of their loss after a year (A nearby). Assumption: the form.

    >>> chronic_share(0.4, 8.0, 2.0, 0.5, 4.0), round(chronic_share(0.4, 32.0, 2.0, 0.5, 4.0), 3)
    (0.4, 0.571)
    """
    if share <= 0.0 or share >= 1.0 or usual <= 0.0 or calls <= 0.0:
        return share
    special = min(1.0e6, max(calls / usual, usual / calls))
    odds = share / (1.0 - share) * (special / reference) ** steepness
    return odds / (1.0 + odds)


@rule
def months_special(u: float, fades: float) -> int:
    """Return after how many months what is special about somebody ends: after more than n with chance (1 - fades)^n.

    Source: heavy use regresses (a bank's customers over two years, A nearby). Assumption: a constant chance a month.

    >>> months_special(0.9, 0.2), months_special(0.5, 0.2), months_special(0.5, 1.0), months_special(0.5, 0.0)
    (1, 4, 1, 1000000000)
    """
    if fades <= 0.0:
        return FOREVER
    if fades >= 1.0:
        return 1
    return 1 + int(min(math.log(u) / math.log1p(-fades), 1.0e6))


@rule
def insight_of_calls(calls: float, seeker: bool, value: float) -> float:
    """Return what a customer's complaints teach the firm, in currency a month: value x (1 - exp(-calls)).

    ``value`` is that of a customer who complains all the time: the first complaint teaches most. Who calls for credits
    teaches nothing. Source: every complaint is a gift (case documents, S). Assumption: form and size.

    >>> insight_of_calls(0.0, False, 5.0), round(insight_of_calls(2.0, False, 5.0), 2), insight_of_calls(2.0, True, 5.0)
    (0.0, 4.32, 0.0)
    """
    if seeker:
        return 0.0
    return value * (1.0 - math.exp(-calls))


@rule
def discount_while_learning(discount: float, time_constant: float) -> float:
    """Return the discount a month under which a constant is worth what exp(-t / time constant) is, t in months.

    What rises as 1 - exp(-t / time constant) is thus the difference of two constants, one at either discount.

    >>> round(discount_while_learning(0.01, 18.0), 4)
    0.0677
    """
    return (1.0 + discount) * math.exp(1.0 / time_constant) - 1.0


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
def calls_at_fee(calls: float, fee: float, own_time: float, elasticity: float) -> float:
    """Return the calls a month of someone who pays ``fee`` a call: calls x ((own time + fee)/own time)^-elasticity.

    ``own_time`` is what a call costs the customer in time and patience (currency): a call is never free, so a fee
    raises its full price by a share. Source: full prices, Becker 1965 (B); Assumption: the sizes.

    >>> calls_at_fee(40.0, 15.0, 5.0, 0.5), calls_at_fee(40.0, 0.0, 5.0, 0.5)
    (20.0, 40.0)
    """
    return calls * ((own_time + fee) / own_time) ** -elasticity


@rule
def share_repaired(a_year: float, time_constant: float, months: int) -> float:
    """Return the mean share of calls that have fallen away over the first ``months`` of a repair.

    The share grows as 1 - exp(-t / time constant) (months) and is ``a_year`` after twelve months.
    Source: calls -20 % a year, time constant 18 months (EVIDENCE 12, A); Assumption: the exponential form.

    >>> round(share_repaired(0.2, 18.0, 12), 4), share_repaired(0.0, 18.0, 12)
    (0.111, 0.0)
    """
    if months <= 0:
        return 0.0
    so_far = 1.0 - math.exp(-months / time_constant)
    mean = 1.0 - time_constant / months * so_far
    return a_year * mean / (1.0 - math.exp(-12.0 / time_constant))


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
