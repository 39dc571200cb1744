"""Who meets the criterion of a choice: its conditions, its limit, and the measure by which the worst come first."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.harm import expected_harm, harm_levers
from wom_sim.policies.setting import Choice, Scores, Setting
from wom_sim.policies.tenure import tenures
from wom_sim.policies.where import compiled, names_in
from wom_sim.policies.worth import contributions, household_profits, profits, values
from wom_sim.world.people import ADVOCATE, CUSTOMER, SEEKER, People, customers

_MOST_NOTED = 1_000_000
"""Longer lists are not kept from one replication to the next, for the memory that they take."""
OF_PEOPLE = "of people"
"""How a question begins whose answer follows from people alone: it holds in every world of theirs."""


def candidates_of(setting: Setting) -> NDArray[np.int64]:
    """Return the customers who meet the criterion without any mistake, the worst first."""
    choice, scores = replace(setting.levers.choose, error_rate=0.0), setting.scores
    if choice.ids is not None:
        named = named_by_id(choice.ids, setting)
        return named if setting.without is None else named[np.isin(named, setting.without, invert=True)]
    notes = {} if setting.notes is None else setting.notes
    costs = (scores.cost_per_call, scores.contact_cost, scores.credit_per_call)
    known_by = (scores.accounts.tobytes(), scores.special, scores.discount)
    question: tuple[Hashable, ...] = ("choose", choice, costs, *known_by)
    if setting.without is not None and len(setting.without):
        question += (blake2b(setting.without.tobytes(), digest_size=16).digest(),)
    if choice.harm_at_most is not None or choice.spare_most_harmful > 0.0:
        question += (setting.numbers, harm_levers(setting))
    known: NDArray[np.int64] | None = notes.get(question)
    if known is not None:
        return known
    chosen = _worst(choice, setting)
    chosen.setflags(write=False)
    if len(chosen) <= _MOST_NOTED:
        notes[question] = chosen
    return chosen


def named_by_id(named: tuple[int | str, ...], setting: Setting) -> NDArray[np.int64]:
    """Return the customers of the firm's own ids, or of numbers where customers come from no table."""
    people = setting.people
    ids = np.asarray(named, dtype=np.int64) if setting.listed is None else setting.listed.people_of(named)
    wrong = [int(i) for i in ids if not 0 <= i < len(people) or not people[i].traits & CUSTOMER]
    if wrong:
        raise ValueError(f"choose.ids: {', '.join(map(str, wrong[:5]))} is not a customer")
    if len(np.unique(ids)) < len(ids):
        raise ValueError("choose.ids: a customer is named twice")
    return ids


def number_qualifying(setting: Setting) -> int:
    """Return how many customers meet the conditions of the choice, however many of them its limit allows."""
    choice = setting.levers.choose
    if choice.ids is not None:
        return len(named_by_id(choice.ids, setting))
    return len(qualifying(choice, setting)[0])


def qualifying(choice: Choice, setting: Setting) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return those who meet the conditions, by number, and what each is worth."""
    people, network, scores = setting.people, setting.network, setting.scores
    chosen = _conditions_met(choice, setting, _candidates(choice, setting))
    worth = _worth(choice, people, chosen, scores)
    keep = np.ones(len(chosen), dtype=bool)
    if choice.by == "value":
        keep &= worth < 0.0
    if choice.profit_below is not None:
        keep &= profits(people, chosen, scores.cost_per_call, scores.credit_per_call) < choice.profit_below
    if choice.least_profitable_share is not None:
        keep &= worth <= _worth_limit(choice, setting)
    chosen, worth = chosen[keep], worth[keep]
    if choice.spare_profitable_households:
        costs = (scores.cost_per_call, scores.credit_per_call)
        at_home = household_profits(people, network, chosen, costs)
        chosen, worth = chosen[at_home <= 0.0], worth[at_home <= 0.0]
    if choice.harm_at_most is not None or choice.spare_most_harmful > 0.0:
        touched = _not_too_harmful(choice, setting, chosen)
        chosen, worth = chosen[touched], worth[touched]
    return chosen, worth


def _conditions_met(choice: Choice, setting: Setting, who: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of ``who`` on whom no wave has acted, and whose place, ties, tenure and loyalty are as asked."""
    people, keep = setting.people, np.ones(len(who), dtype=bool)
    if setting.without is not None and len(setting.without):
        keep &= np.isin(who, setting.without, invert=True)
    if choice.advocates is not None:
        keep &= ((people["traits"][who] & ADVOCATE) != 0) == choice.advocates
    if choice.where is not None:
        keep &= _where(choice.where, setting, who)
    if choice.area_from is not None or choice.area_to is not None:
        first, last = choice.area_from or 0.0, 1.0 if choice.area_to is None else choice.area_to
        keep &= (who >= round(first * len(people))) & (who < round(last * len(people)))
    if choice.ties_at_least is not None or choice.ties_at_most is not None:
        keep &= _within(setting.network.degrees()[who], choice.ties_at_least, choice.ties_at_most)
    who = who[keep]
    if choice.tenure_at_least is None and choice.tenure_at_most is None:
        return who
    return who[_within(tenures(people, who, setting.listed), choice.tenure_at_least, choice.tenure_at_most)]


def _where(text: str, setting: Setting, who: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return of whom of ``who`` an expression over the columns of the firm's table holds."""
    if setting.listed is None:
        raise ValueError("choose.where: asks for columns of a customer table; allowed: with population.file")
    table = setting.listed.table
    meets = compiled(text)({name: table.whole(name) for name in names_in(text)}, len(table))
    return meets[setting.listed.row[who]]


def _within(values: NDArray[np.int64], least: float | None, most: float | None) -> NDArray[np.bool_]:
    """Return which values are at least and at most so much, where that is asked."""
    keep = np.ones(len(values), dtype=np.bool_)
    if least is not None:
        keep &= values >= least
    if most is not None:
        keep &= values <= most
    return keep


def _not_too_harmful(choice: Choice, setting: Setting, who: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return who of ``who`` may be let go: expected harm within the limit, and not among the most harmful share."""
    harm = expected_harm(setting, who).total
    keep = np.ones(len(who), dtype=np.bool_)
    if choice.harm_at_most is not None:
        keep &= harm <= choice.harm_at_most
    most = round(choice.spare_most_harmful * len(who))
    if most > 0:
        keep[np.lexsort((who, -harm))[:most]] = False
    return keep


def _worst(choice: Choice, setting: Setting) -> NDArray[np.int64]:
    """Return those who meet the conditions, the worst first."""
    chosen, worth = qualifying(choice, setting)
    by_calls = choice.calls_at_least is not None and choice.by == "profit"
    badness = setting.people["calls"][chosen] if by_calls else -worth
    if choice.limit is not None and 0 < choice.limit < len(chosen):
        least = np.partition(badness, len(chosen) - choice.limit)[len(chosen) - choice.limit]
        chosen, badness = chosen[badness >= least], badness[badness >= least]
    order = np.lexsort((chosen, -badness))
    return chosen[order] if choice.limit is None else chosen[order[: choice.limit]]


def _worth(choice: Choice, people: People, who: NDArray[np.int64], scores: Scores) -> NDArray[np.float64]:
    """Return what each of ``who`` is worth to the firm, by the measure of the choice."""
    costs = (scores.contact_cost, scores.credit_per_call)
    if choice.by == "value":
        return values(people, who, scores.accounts, costs, scores.special, scores.discount)
    if choice.by == "contribution":
        return contributions(people, who, scores.accounts, costs)
    return profits(people, who, scores.cost_per_call, scores.credit_per_call)


def _candidates(choice: Choice, setting: Setting) -> NDArray[np.int64]:
    """Return the customers who meet the conditions that need no profit."""
    calls = -1.0 if choice.calls_at_least is None else choice.calls_at_least
    abuse = choice.abuse_calls if choice.abuse_only else -1.0
    notes = {} if setting.notes is None else setting.notes
    question = (OF_PEOPLE, max(calls, abuse), choice.abuse_only, choice.segments)
    known: NDArray[np.int64] | None = notes.get(question)
    if known is not None:
        return known
    segments = np.ones(256, dtype=np.bool_)
    if choice.segments is not None:
        segments[:] = False
        segments[list(choice.segments)] = True
    found: NDArray[np.int64] = _matching(setting.people, max(calls, abuse), choice.abuse_only, segments)
    found.setflags(write=False)
    if len(found) <= _MOST_NOTED:
        notes[question] = found
    return found


@kernel
def _matching(people: People, calls: float, seekers_only: bool, segments: NDArray[np.bool_]) -> NDArray[np.int64]:
    asked = CUSTOMER | (SEEKER if seekers_only else 0)
    found = np.empty(1024, dtype=np.int64)
    number = 0
    for i in range(people.size):
        person = people[i]
        if person.traits & asked == asked and person.calls >= calls and segments[person.segment]:
            if number == found.size:
                found = np.concatenate((found, np.empty_like(found)))
            found[number] = i
            number += 1
    return found[:number]


def _worth_limit(choice: Choice, setting: Setting) -> float:
    """Return the worth below or at which the least profitable (valuable) share of all customers lies."""
    people, scores, everyone = setting.people, setting.scores, np.flatnonzero(customers(setting.people))
    if setting.without is not None and len(setting.without):
        everyone = everyone[np.isin(everyone, setting.without, invert=True)]
    count = round((choice.least_profitable_share or 0.0) * len(everyone))
    if count == 0:
        return -np.inf
    return float(np.partition(_worth(choice, people, everyone, scores), count - 1)[count - 1])
