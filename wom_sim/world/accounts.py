"""What a customer brings: the one place where columns, segment and luck become what the books count with.

A segment's account says which part of what the firm's books charge to a customer goes when the customer goes, how often
its customers call in the long run, and how what is special about one of them ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, rule
from wom_sim.rules.calls import chronic_share, months_special
from wom_sim.rules.money import FOREVER, Months, first_bill, monthly_profit
from wom_sim.rules.worth import Worth
from wom_sim.world.luck import BLOCK_SETTLES, four
from wom_sim.world.numbers import Numbers
from wom_sim.world.people import COST_BITS, SEEKER, People
from wom_sim.world.records import record_type

ACCOUNT_TYPE = record_type(
    [
        ("stays", np.float64), ("share", np.float64), ("usual", np.float64), ("chronic", np.float64),
        ("chronic_fades", np.float64), ("passing_fades", np.float64), ("follows", np.float64),
    ]
)  # fmt: skip
"""A segment's account. Contribution before calls is ``stays`` + (1 + ``share``) x the booked margin (currency a month):
what is charged to the customer and would stay if they went is no cost of theirs. ``usual`` is calls a month in the long
run; ``chronic`` the chance that what is special about a customer is chronic (see ``chronic_share``), which then ends
with chance ``chronic_fades`` a month, else with ``passing_fades``. ``follows`` is the chance that such a customer goes
with somebody of the household who is let go; ``AS_ALL``: that of all customers. All others zero: nothing stays, and
nothing ends."""

AS_ALL = -1.0
"""In the place of a number of a segment: the number that holds for all customers."""

Accounts = NDArray[np.void]
"""An array of ``ACCOUNT_TYPE``, a row a segment."""

MOST_SEGMENTS = 256
_FREE, _LOWEST, _HIGHEST = 1, 2, 31
_MIDDLE, _STEPS = 17.0, 5.0
"""Levels of a cost of one's own: 1 none at all; 2 to 31 from an eighth to seven times that of the segment, a fifth of a
doubling apart."""


def no_accounts() -> Accounts:
    """Return accounts under which all that is charged goes with the customer, and nothing ever settles."""
    accounts = np.zeros(MOST_SEGMENTS, dtype=ACCOUNT_TYPE)
    accounts["follows"] = AS_ALL
    return accounts


@rule
def share_of_cost(traits: int) -> float:
    """Return the cost of a customer's account as a multiple of the segment's, by the level in their ``traits``.

    A customer of whom the firm knows no cost has level 0, and the segment's. Levels only split a known cost into what
    goes with the customer and what stays: the booked margin has it to the cent.

    >>> share_of_cost(1), share_of_cost(1 + 8 * 1), share_of_cost(8 * 17), share_of_cost(8 * 22), share_of_cost(8 * 2)
    (1.0, 0.0, 1.0, 2.0, 0.125)
    """
    level = np.int64(traits) >> COST_BITS
    if level == 0:
        return 1.0
    return 0.0 if level == _FREE else 2.0 ** ((level - _MIDDLE) / _STEPS)


def level_of_cost(cost: NDArray[np.float64], usual: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the nearest level for a known cost of an account, given the segment's (currency a month; NaN: 0).

    >>> level_of_cost(np.array([36.0, 0.0, 72.0, np.nan, 1e6]), np.array([36.0]))
    array([17,  1, 22,  0, 31])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.rint(_MIDDLE + _STEPS * np.log2(cost / usual))
    level = np.where(cost > 0.0, np.clip(np.nan_to_num(steps, nan=0.0), _LOWEST, _HIGHEST), _FREE)
    return np.where(np.isnan(cost), 0, level).astype(np.int64)


@rule
def contribution_margin(margin: float, stays: float, share: float) -> float:
    """Return contribution before calls, in currency a month, of a booked margin.

    >>> contribution_margin(20.0, 3.0, 0.0)
    23.0
    """
    return margin * (1.0 + share) + stays


def allocated(people: People, who: NDArray[np.int64], accounts: Accounts) -> NDArray[np.float64]:
    """Return what of the cost of the accounts of ``who`` would stay if they went, in currency a month."""
    shares = np.array([share_of_cost(traits) for traits in range(1 << 8)])
    stays: NDArray[np.float64] = accounts["stays"][people["segment"][who]] * shares[people["traits"][who]]
    return stays


@inlined
def contribution(people: People, accounts: Accounts, i: int, costs: tuple[float, float]) -> float:
    """Return the monthly contribution of customer ``i``; ``costs`` is (contact cost, credit of a call). For kernels."""
    person = people[i]
    account = accounts[np.int64(person.segment)]
    stays = account.stays * share_of_cost(person.traits)
    margin = contribution_margin(np.float64(person.margin), stays, account.share)
    return monthly_profit(margin, np.float64(person.calls), (person.traits & SEEKER) != 0, costs[0], costs[1])


@rule
def worth_of(
    person: tuple[float, float, float, int, bool],
    account: tuple[float, float, float, float, float, float],
    costs: tuple[float, float, float, float],
    time: tuple[float, float, int, int, int],
    special: tuple[float, float],
    luck: tuple[float, float],
) -> Worth:
    """Return what a customer brings.

    ``person`` is (booked margin, calls, churn, day of the bill, whether they call for credits), ``account`` the first
    six fields of ``ACCOUNT_TYPE``, ``costs`` (contact cost of a call, credit of a call, value of complaints, by which
    share credits rise), ``time`` (discount, the discount of ``discount_while_learning``, lag in months, month from
    which people are observed, month from which nothing is counted), ``special`` (steepness, reference of
    ``chronic_share``), ``luck`` two uniform numbers of the person: whether they are chronic, and when it ends.
    """
    margin, calls, churn, bill_day, seeker = person
    stays, share, usual, chronic, chronic_fades, passing_fades = account
    fades = 0.0
    if calls != usual:
        kind = luck[0] < chronic_share(chronic, calls, usual, special[0], special[1])
        fades = chronic_fades if kind else passing_fades
    settles = min(FOREVER, time[3] + months_special(luck[1], fades))
    return Worth(
        contribution_margin(margin, stays, share), calls, usual, costs[0], costs[1] if seeker else 0.0,
        costs[3] if seeker else 0.0, 0.0 if seeker else costs[2], churn, settles, fades, bill_day,
        time[0], time[1], time[2], time[4],
    )  # fmt: skip


@inlined
def worth_in(people: People, accounts: Accounts, p: Numbers, i: int, seed: int) -> Worth:
    """Return what customer ``i`` brings; ``p`` is the record of the numbers. For kernels."""
    person = people[i]
    account = accounts[np.int64(person.segment)]
    chronic, ends, _, _ = four(seed, BLOCK_SETTLES, i, 0, 0)
    seeker = (person.traits & SEEKER) != 0
    return worth_of(
        (np.float64(person.margin), np.float64(person.calls), np.float64(person.churn), np.int64(person.bill_day),
         seeker),
        (account.stays * share_of_cost(person.traits), account.share, account.usual, account.chronic,
         account.chronic_fades, account.passing_fades),
        (p.contact_cost, p.credit_per_call, p.complaint_value, p.credits_teach),
        (p.discount, p.learning_discount, p.contact_lag, p.observed_from, p.end_month),
        (p.special_steepness, p.special_reference), (chronic, ends),
    )  # fmt: skip


@rule
def months_of(worth: Worth, day: int, until: int, days: int, month_days: int) -> Months:
    """Return the months of a customer from ``day`` on, until the day ``until`` (-1: not within the run of ``days``)."""
    last = first_bill(until, worth.bill_day, month_days) if until >= 0 else -1
    bills = first_bill(days, worth.bill_day, month_days)
    return Months(first_bill(day, worth.bill_day, month_days), last, bills, worth.settles, worth.churn, worth.fades)


@rule
def without_horizon(brings: Worth) -> Worth:
    """Return the same customer, all of whose months count."""
    return Worth(
        brings.margin, brings.calls, brings.usual, brings.contact, brings.credit, brings.teach, brings.complaint_value,
        brings.churn, brings.settles, brings.fades, brings.bill_day, brings.discount, brings.learning, brings.lag,
        FOREVER,
    )  # fmt: skip
