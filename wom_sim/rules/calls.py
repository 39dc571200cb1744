"""Service calls: for whom many are chronic, how they fade, and what a fee or a repair of their cause does to them."""

from __future__ import annotations

import math

from wom_sim._compile import near_rule as rule
from wom_sim.rules.money import FOREVER


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
