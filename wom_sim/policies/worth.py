"""What customers are worth to the firm: profit, contribution, value, and what their calls cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.setting import Scores
from wom_sim.rules.calls import chronic_share
from wom_sim.rules.money import monthly_profit, waiting_value
from wom_sim.world.accounts import Accounts, contribution, contribution_margin, share_of_cost
from wom_sim.world.network import Network
from wom_sim.world.people import CUSTOMER, SEEKER, People
from wom_sim.world.tie_rows import CLASS_BITS, CLASS_MASK, HOUSEHOLD, ties_of


@kernel
def profits(
    people: People, who: NDArray[np.int64], cost_per_call: float, credit_per_call: float
) -> NDArray[np.float64]:
    """Return the monthly profit of the people ``who``, in currency."""
    out = np.empty(who.size, dtype=np.float64)
    for k in range(who.size):
        i = who[k]
        seeker = (people[i].traits & SEEKER) != 0
        out[k] = monthly_profit(people[i].margin, people[i].calls, seeker, cost_per_call, credit_per_call)
    return out


@kernel
def contributions(
    people: People, who: NDArray[np.int64], accounts: Accounts, costs: tuple[float, float]
) -> NDArray[np.float64]:
    """Return the monthly contribution of ``who``, in currency; ``costs`` is (contact cost, credit of a call)."""
    out = np.empty(who.size, dtype=np.float64)
    for k in range(who.size):
        out[k] = contribution(people, accounts, who[k], costs)
    return out


@kernel
def values(
    people: People,
    who: NDArray[np.int64],
    accounts: Accounts,
    costs: tuple[float, float],
    special: tuple[float, float],
    discount: float,
) -> NDArray[np.float64]:
    """Return what it is worth to keep each of ``who`` for now, in currency; see ``waiting_value``.

    ``costs`` is (contact cost, credit of a call), ``special`` (steepness, reference of ``chronic_share``), ``discount``
    a month. What is special about them is chronic or passes with the chances by which the ledger counts; nobody knows
    of whom. Contracts are looked beyond: churn is that of who is free to go.
    """
    out = np.empty(who.size, dtype=np.float64)
    for k in range(who.size):
        person = people[who[k]]
        account = accounts[np.int64(person.segment)]
        stays = account.stays * share_of_cost(person.traits)
        margin = contribution_margin(np.float64(person.margin), stays, account.share)
        seeker = (person.traits & SEEKER) != 0
        calls, churn = np.float64(person.calls), np.float64(person.churn)
        today = monthly_profit(margin, calls, seeker, costs[0], costs[1])
        settled = monthly_profit(margin, account.usual, seeker, costs[0], costs[1])
        chronic = chronic_share(account.chronic, calls, account.usual, special[0], special[1])
        lasting = waiting_value(today, settled, churn, discount, account.chronic_fades)
        passing = waiting_value(today, settled, churn, discount, account.passing_fades)
        out[k] = chronic * lasting + (1.0 - chronic) * passing
    return out


@kernel
def household_profits(
    people: People,
    network: Network,
    who: NDArray[np.int64],
    costs: tuple[float, float],
) -> NDArray[np.float64]:
    """Return the profit of the whole household of each of ``who``: theirs and that of their ties of that class.

    In currency a month. ``costs`` is (cost per call, credit per call).
    """
    out = np.zeros(who.size, dtype=np.float64)
    for k in range(who.size):
        ties = ties_of(network, who[k])
        for after in (False, True):  # in the order of their numbers, the same for all members
            if after:
                out[k] += _profit_of(people, who[k], costs)
            for tie in ties:
                other = np.int64(tie >> CLASS_BITS)
                if tie & CLASS_MASK == HOUSEHOLD and (other > who[k]) == after:
                    out[k] += _profit_of(people, other, costs)
    return out


@kernel
def _profit_of(people: People, i: int, costs: tuple[float, float]) -> float:
    """Return the monthly profit of a person in currency, 0 of who is no customer."""
    if not people[i].traits & CUSTOMER:
        return 0.0
    seeker = (people[i].traits & SEEKER) != 0
    return monthly_profit(np.float64(people[i].margin), np.float64(people[i].calls), seeker, costs[0], costs[1])


@kernel
def _calls_and_credits(
    people: People, who: NDArray[np.int64], cost_per_call: float, credit_per_call: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    calls = np.empty(who.size, dtype=np.float64)
    credited = np.zeros(who.size, dtype=np.float64)
    for k in range(who.size):
        person = people[who[k]]
        calls[k] = np.float64(person.calls) * cost_per_call
        if person.traits & SEEKER:
            credited[k] = np.float64(person.calls) * credit_per_call
    return calls, credited


def costs_to_serve(
    people: People, who: NDArray[np.int64], scores: Scores
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what would be spared without the calls of each of ``who``: contact cost, and credits, currency a month."""
    calls, credited = _calls_and_credits(people, np.ascontiguousarray(who), scores.contact_cost, scores.credit_per_call)
    return calls, credited
