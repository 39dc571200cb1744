"""What the customers of a firm bring and cost, and what those whom a policy chooses do: sums over people."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel
from wom_sim.policies.reprice import revenue_of
from wom_sim.populations.synthetic import HEAVY_CALLER
from wom_sim.rules.calls import chronic_share
from wom_sim.rules.leaving import base_hazard, lock
from wom_sim.rules.money import FOREVER, Months, monthly_profit
from wom_sim.rules.worth import Worth, profit_value
from wom_sim.world.accounts import Accounts, contribution, share_of_cost, worth_in
from wom_sim.world.people import CUSTOMER, SEEKER, People
from wom_sim.world.trace import G_PROFITABLE

YEAR = 12
"""Months of a year."""
DECILES = 10

SUMS = (
    "customers", "revenue", "calls", "credited_calls", "churn", "in_contract", "heavy_callers", "credit_seekers",
    "without_revenue", "profitable_by_contribution", "profitable_by_books", "contribution", "booked_profit",
    "loss_by_contribution", "loss_by_books", "account_cost", "account_cost_avoidable",
)  # fmt: skip
"""What ``base_sums`` adds up over customers: numbers of people, currency and calls a month, and chances of leaving."""

CHOSEN = (
    "chosen", "booked_profit", "contribution", "revenue", "calls", "busiest_calls", "profitable", "in_contract",
    "settles", "losses_spared", "profit_forgone", "saving_settled",
)  # fmt: skip
"""What ``chosen_sums`` adds up over the chosen; ``busiest_calls`` is the largest cost of one's calls a month."""

_NO_REVENUE = 1e-5
"""Of the cost of the account: what is paid less than that is a remainder of arithmetic with single precision."""


@kernel
def base_sums(
    people: People,
    accounts: Accounts,
    charged: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]],
    costs: tuple[float, float, float, float],
) -> NDArray[np.float64]:
    """Return the ``SUMS`` of the customers of each segment, a row a segment.

    ``charged`` is by segment (cost of an account, currency a month; variable cost, share of revenue), and by person by
    how much the cost of their own account is above that (empty: of nobody); ``costs`` is
    (cost of a call by the books, contact cost, credit of a call, contribution above which a customer is profitable).
    """
    out = np.zeros((charged[0].size, 17), dtype=np.float64)
    for i in range(people.size):
        person = people[i]
        if not person.traits & CUSTOMER:
            continue
        row = out[person.segment]
        margin, calls = np.float64(person.margin), np.float64(person.calls)
        cost, variable = charged[0][person.segment], charged[1][person.segment]
        if charged[2].size > 0:
            cost += np.float64(charged[2][i])
        paid = revenue_of(margin, cost, variable)
        seeker = (person.traits & SEEKER) != 0
        booked = monthly_profit(margin, calls, seeker, costs[0], costs[2])
        brings = contribution(people, accounts, i, (costs[1], costs[2]))
        row[0] += 1.0
        row[1] += paid
        row[2] += calls
        row[3] += calls if seeker else 0.0
        row[4] += np.float64(person.churn)
        row[5] += 1.0 if person.contract > 0 else 0.0
        row[6] += 1.0 if calls >= HEAVY_CALLER else 0.0
        row[7] += 1.0 if seeker else 0.0
        row[8] += 1.0 if paid <= _NO_REVENUE * cost else 0.0
        row[9] += 1.0 if brings > costs[3] else 0.0
        row[10] += 1.0 if booked > costs[3] else 0.0
        row[11] += brings
        row[12] += booked
        row[13] += max(0.0, -brings)
        row[14] += max(0.0, -booked)
        row[15] += cost
        account = accounts[np.int64(person.segment)]
        row[16] += cost * (1.0 + account.share) - account.stays * share_of_cost(person.traits)
    return out


@kernel
def customer_profits(
    people: People, accounts: Accounts, costs: tuple[float, float, float], by_books: bool
) -> NDArray[np.float32]:
    """Return each customer's profit a month by the books, or contribution; ``costs`` as above, without the threshold.

    In single precision: the only column as long as the population that the base needs.
    """
    number = 0
    for i in range(people.size):
        number += 1 if people[i].traits & CUSTOMER else 0
    out = np.empty(number, dtype=np.float32)
    k = 0
    for i in range(people.size):
        person = people[i]
        if person.traits & CUSTOMER:
            if by_books:
                seeker = (person.traits & SEEKER) != 0
                out[k] = monthly_profit(np.float64(person.margin), np.float64(person.calls), seeker, costs[0], costs[2])
            else:
                out[k] = contribution(people, accounts, i, (costs[1], costs[2]))
            k += 1
    return out


def decile_sums(profits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the sum of each tenth of the customers, the most profitable first; ``profits`` is put in another order."""
    ends = [k * profits.size // DECILES for k in range(DECILES + 1)]
    inner = sorted({end for end in ends if 0 < end < profits.size})
    if inner:
        profits.partition(inner)
    sums = [profits[low:high].sum(dtype=np.float64) for low, high in pairwise(ends)]
    return np.array(sums[::-1])


@kernel
def chosen_sums(
    people: People,
    who: NDArray[np.int64],
    accounts: Accounts,
    charged: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]],
    costs: tuple[float, float, float],
    known: tuple[NDArray[np.void], int],
) -> NDArray[np.float64]:
    """Return the ``CHOSEN`` sums over the people ``who``; ``charged`` and ``costs`` as above.

    ``known`` is (record of ``Numbers``, months without them that are counted, 0 for none).
    """
    out = np.zeros(12, dtype=np.float64)
    p, months = known[0][0], known[1]
    for k in range(who.size):
        i = who[k]
        person, account = people[i], accounts[np.int64(people[i].segment)]
        margin, calls = np.float64(person.margin), np.float64(person.calls)
        seeker = (person.traits & SEEKER) != 0
        out[0] += 1.0
        out[1] += monthly_profit(margin, calls, seeker, costs[0], costs[2])
        out[2] += contribution(people, accounts, i, (costs[1], costs[2]))
        cost = charged[0][person.segment]
        if charged[2].size > 0:
            cost += np.float64(charged[2][i])
        out[3] += revenue_of(margin, cost, charged[1][person.segment])
        out[4] += calls
        out[5] = max(out[5], calls * (costs[0] + (costs[2] if seeker else 0.0)))
        out[6] += 1.0 if person.group & G_PROFITABLE else 0.0
        out[7] += 1.0 if person.contract > 0 else 0.0
        chronic = chronic_share(account.chronic, calls, account.usual, p.special_steepness, p.special_reference)
        ends = (chronic, account.chronic_fades, account.passing_fades) if calls != account.usual else (1.0, 0.0, 0.0)
        out[8] += 1.0 - _still_special(ends, YEAR)
        if months > 0:
            worth = worth_in(people, accounts, p, i, 0)
            brings, settled = _year(worth, np.int64(person.contract), p.locked, months, ends)
            out[10 if person.group & G_PROFITABLE else 9] += brings
            out[11] -= settled
    out[9] = -out[9]
    return out


@inlined
def _still_special(ends: tuple[float, float, float], month: int) -> float:
    """Return the chance that what is special about a customer has not ended before ``month``.

    ``ends`` is (chance that it is chronic, chance a month that it ends if it is, and if it is not).
    """
    return ends[0] * (1.0 - ends[1]) ** month + (1.0 - ends[0]) * (1.0 - ends[2]) ** month


@inlined
def _year(
    worth: Worth, contract: int, locked: float, months: int, ends: tuple[float, float, float]
) -> tuple[float, float]:
    """Return what a customer is expected to bring in so many months from day 0: if nothing settles, and as it settles.

    Each month by the ledger's own rule, times the chance that the customer has not left by its bill.
    """
    there, now, expected = 1.0, 0.0, 0.0
    for month in range(months):
        there *= 1.0 - base_hazard(worth.churn, lock(contract, month, locked, False), 1.0)
        special = profit_value(worth, Months(month, month + 1, months, FOREVER, worth.churn, 0.0))
        usual = profit_value(worth, Months(month, month + 1, months, 0, worth.churn, 0.0))
        still = _still_special(ends, month)
        now += there * special
        expected += there * (still * special + (1.0 - still) * usual)
    return now, expected
