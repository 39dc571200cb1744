"""Value of a customer, and what a departure, a join or a month is worth. All in currency, at day 0.

One convention of time, for every line of the ledger. A month is 30 days; the months of a customer begin with their
bill, on which they stay (and owe the month's profit, received at its end) or leave (and owe nothing). So the profit
of month k is worth profit / (1 + discount)^(k + 1) today, and a customer met on day 0 is worth exactly
``customer_value``. What is paid or received at once in month k (an offer, a call, a campaign, a new customer, who
from then on is worth ``customer_value``) is divided by (1 + discount)^k.
"""

from __future__ import annotations

import math

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


@rule
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


@rule
def months_value(profit: float, first: int, last: int, discount: float) -> float:
    """Return the value at day 0 of ``profit`` in each of the months ``first`` .. ``last`` - 1.

    >>> months_value(10.0, 2, 5, 0.0)
    30.0
    """
    total = 0.0
    for month in range(first, last):
        total += profit / (1.0 + discount) ** (month + 1)
    return total


@rule
def value_beyond(profit: float, churn: float, horizon: int, discount: float) -> float:
    """Return the value at day 0 of a customer who is still there after ``horizon`` bills, from then on.

    >>> round(value_beyond(24.0, 0.02, 12, 0.0083))
    753
    """
    return customer_value(profit, churn, discount) / (1.0 + discount) ** horizon


@rule
def departure_loss(profit: float, churn: float, left: int, otherwise: int, horizon: int, discount: float) -> float:
    """Return what a departure costs when month ``left`` is the first unpaid, and otherwise ``otherwise`` were.

    Months of profit until their own luck would have made them leave (within ``horizon`` bills), then, if it
    would not (``otherwise`` < 0), the expected value beyond. Negative for an unprofitable customer.

    >>> departure_loss(10.0, 0.02, 1, 4, 12, 0.0)
    30.0
    """
    if otherwise >= 0:
        return months_value(profit, left, otherwise, discount)
    return months_value(profit, left, horizon, discount) + value_beyond(profit, churn, horizon, discount)


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
def learned_credits(calls: float, seeker: bool, credit_per_call: float, teach: float) -> float:
    """Return by how much a credit seeker's credits rise in the long run, in currency a month.

    ``teach`` is the rise as a share of today's credits. Source: 'companies get what they ask for' (case documents, S).

    >>> learned_credits(40.0, True, 2.0, 0.5), learned_credits(40.0, False, 2.0, 0.5)
    (40.0, 0.0)
    """
    if not seeker:
        return 0.0
    return calls * credit_per_call * teach


@rule
def discount_while_learning(discount: float, months: float) -> float:
    """Return the discount a month under which exp(-t / months) x 1 is worth what it is.

    What rises as 1 - exp(-t / months) is thus the difference of two constants, one at either discount, in closed form.

    >>> round(discount_while_learning(0.01, 18.0), 4)
    0.0677
    """
    return (1.0 + discount) * math.exp(1.0 / months) - 1.0


@rule
def outlook(profit: float, churn: float, multiplier: float, horizon: int, discount: float) -> float:
    """Return what a lasting factor on the churn of someone who is still there after ``horizon`` bills is worth.

    The value beyond with the churn that they have now (at most 1), less that with the churn that they had.

    >>> outlook(24.0, 0.02, 1.0, 12, 0.008), outlook(10.0, 0.5, 2.0, 0, 0.0)
    (0.0, -10.0)
    """
    changed = value_beyond(profit, min(1.0, churn * multiplier), horizon, discount)
    return changed - value_beyond(profit, churn, horizon, discount)


@rule
def join_value(value: float, acquisition: float, month: int, discount: float) -> float:
    """Return what a new customer who joins in ``month`` is worth at day 0, less the cost of acquisition.

    ``value`` is the expected value of an average new customer (see ``customer_value``), whose first bill is that
    of ``month``.

    >>> join_value(850.0, 400.0, 0, 0.0083)
    450.0
    """
    return (value - acquisition) / (1.0 + discount) ** month


@rule
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
