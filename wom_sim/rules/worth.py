"""What a customer brings over some months, and what a change of it is worth. All in currency, at day 0.

Time is told as in ``wom_sim.rules.money``.
"""

from __future__ import annotations

from typing import NamedTuple

from wom_sim._compile import rule as large_rule
from wom_sim.rules.calls import insight_of_calls
from wom_sim.rules.money import Months, flow_in, flow_value


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

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.25, 0.25, 1, 1200)
    >>> calls_value(10.0, 2.0, brings, Months(0, 1, 12, 2, 0.5, 0.5))
    6.4
    """
    spared = flow_value(now, then, at_stake, brings.end - brings.lag, brings.discount)
    return spared / (1.0 + brings.discount) ** brings.lag


@large_rule
def profit_value(brings: Worth, at_stake: Months) -> float:
    """Return the value at day 0 of the profit of a customer over some months: contribution less contact and credits.

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
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

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
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

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
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

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
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

    >>> brings = Worth(20.0, 5.0, 1.0, 2.0, 1.0, 0.0, 3.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
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

    >>> brings = Worth(20.0, 2.0, 0.0, 2.0, 0.0, 0.0, 5.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
    >>> round(insight_value(brings, Months(1, 3, 12, 2, 0.5, 0.5)), 2)
    4.32
    """
    now = insight_of_calls(brings.calls, False, brings.complaint_value)
    then = insight_of_calls(brings.usual, False, brings.complaint_value)
    return flow_value(now, then, at_stake, brings.end, brings.discount)


@large_rule
def insight_in(brings: Worth, at_stake: Months, month: int) -> float:
    """Return the value at day 0 of what the complaints of one month teach: what ``insight_value`` adds up.

    >>> brings = Worth(20.0, 2.0, 0.0, 2.0, 0.0, 0.0, 5.0, 0.5, 2, 0.5, 0, 0.0, 0.0, 1, 1200)
    >>> round(insight_in(brings, Months(1, 3, 12, 2, 0.5, 0.5), 1), 2)
    4.32
    """
    now = insight_of_calls(brings.calls, False, brings.complaint_value)
    then = insight_of_calls(brings.usual, False, brings.complaint_value)
    return flow_in(now, then, at_stake, month) / (1.0 + brings.discount) ** (month + 1)
