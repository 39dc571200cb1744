"""Whom to let go: the selection rule that all policies share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.setting import Choice, Scores, Setting
from wom_sim.rules.money import monthly_profit
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.people import CUSTOMER, SEEKER, People, customers

_MOST_NOTED = 1_000_000
"""Longer lists are not kept from one replication to the next, for the memory that they take."""


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
def household_profits(
    people: People, who: NDArray[np.int64], cost_per_call: float, credit_per_call: float
) -> NDArray[np.float64]:
    """Return the profit of the whole household of each of ``who`` (members are contiguous), in currency a month."""
    out = np.zeros(who.size, dtype=np.float64)
    for k in range(who.size):
        first = who[k] - np.int64(people[who[k]].member)
        j = first
        while j < people.size and (j == first or people[j].member > 0):
            if people[j].traits & CUSTOMER:
                seeker = (people[j].traits & SEEKER) != 0
                out[k] += monthly_profit(people[j].margin, people[j].calls, seeker, cost_per_call, credit_per_call)
            j += 1
    return out


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
    """Return what the calls of each of ``who`` cost, and what they get in credits, in currency a month."""
    calls, credited = _calls_and_credits(
        people, np.ascontiguousarray(who), scores.cost_per_call, scores.credit_per_call
    )
    return calls, credited


def choose(setting: Setting) -> NDArray[np.int64]:
    """Return the customers that the firm would let go, the worst first (ties by number).

    The worst are those who call most where the choice is by calls, else the least profitable. In a sequence
    they are those whom the step before has left.

    Raises
    ------
    ValueError
        If a chosen number is not a customer.
    """
    choice, scores = setting.levers.choose, setting.scores
    if setting.whom is not None:
        return setting.whom
    if choice.ids is not None:
        return _named(choice.ids, setting.people)
    notes = {} if setting.notes is None else setting.notes
    question = ("choose", choice, scores.cost_per_call, scores.credit_per_call)
    known: NDArray[np.int64] | None = notes.get(question)
    if known is not None:
        return known
    chosen = _worst(choice, setting.people, scores)
    chosen.setflags(write=False)
    if len(chosen) <= _MOST_NOTED:
        notes[question] = chosen
    return chosen


def _named(numbers: tuple[int, ...], people: People) -> NDArray[np.int64]:
    ids = np.asarray(numbers, dtype=np.int64)
    wrong = [int(i) for i in ids if not 0 <= i < len(people) or not people[i].traits & CUSTOMER]
    if wrong:
        raise ValueError(f"choose.ids: {', '.join(map(str, wrong[:5]))} is not a customer")
    if len(np.unique(ids)) < len(ids):
        raise ValueError("choose.ids: a customer is named twice")
    return ids


def _worst(choice: Choice, people: People, scores: Scores) -> NDArray[np.int64]:
    """Return those who meet the conditions, the worst first."""
    chosen = _candidates(choice, people)
    profit = profits(people, chosen, scores.cost_per_call, scores.credit_per_call)
    keep = np.ones(len(chosen), dtype=bool)
    if choice.profit_below is not None:
        keep &= profit < choice.profit_below
    if choice.least_profitable_share is not None:
        keep &= profit <= _profit_limit(choice.least_profitable_share, people, scores)
    chosen, profit = chosen[keep], profit[keep]
    if choice.spare_profitable_households:
        at_home = household_profits(people, chosen, scores.cost_per_call, scores.credit_per_call)
        chosen, profit = chosen[at_home <= 0.0], profit[at_home <= 0.0]
    badness = people["calls"][chosen] if choice.calls_at_least is not None else -profit
    if choice.limit is not None and 0 < choice.limit < len(chosen):
        least = np.partition(badness, len(chosen) - choice.limit)[len(chosen) - choice.limit]
        chosen, badness = chosen[badness >= least], badness[badness >= least]
    order = np.lexsort((chosen, -badness))
    return chosen[order] if choice.limit is None else chosen[order[: choice.limit]]


def _candidates(choice: Choice, people: People) -> NDArray[np.int64]:
    """Return the customers who meet the conditions that need no profit."""
    calls = -1.0 if choice.calls_at_least is None else choice.calls_at_least
    segments = np.ones(256, dtype=np.bool_)
    if choice.segments is not None:
        segments[:] = False
        segments[list(choice.segments)] = True
    return _matching(people, calls, segments)


@kernel
def _matching(people: People, calls: float, segments: NDArray[np.bool_]) -> NDArray[np.int64]:
    found = np.empty(1024, dtype=np.int64)
    number = 0
    for i in range(people.size):
        person = people[i]
        if person.traits & CUSTOMER and person.calls >= calls and segments[person.segment]:
            if number == found.size:
                found = np.concatenate((found, np.empty_like(found)))
            found[number] = i
            number += 1
    return found[:number]


def _profit_limit(least_share: float, people: People, scores: Scores) -> float:
    """Return the profit below or at which the least profitable share of all customers lies."""
    everyone = np.flatnonzero(customers(people))
    count = round(least_share * len(everyone))
    if count == 0:
        return -np.inf
    profit = profits(people, everyone, scores.cost_per_call, scores.credit_per_call)
    return float(np.partition(profit, count - 1)[count - 1])


def after_review(setting: Setting, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the chosen whom an individual review does not spare."""
    if not setting.levers.individual_review or setting.levers.spared_by_review <= 0.0:
        return chosen
    spared = int(Purpose.SPARED)
    luck = np.array([uniform(setting.seed, spared, i, 0, 0) for i in chosen])
    return chosen[luck >= setting.levers.spared_by_review]
