"""Whom to let go: the selection rule that all policies share, and its errors."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies.harm import expected_harm, harm_levers
from wom_sim.policies.setting import Choice, Scores, Setting
from wom_sim.policies.where import compiled, names_in
from wom_sim.rules.money import chronic_share, monthly_profit, months_special, waiting_value
from wom_sim.world.accounts import Accounts, contribution, contribution_margin, share_of_cost
from wom_sim.world.listed import Listed
from wom_sim.world.luck import Purpose, stranger, uniform
from wom_sim.world.network import CLASS_BITS, CLASS_MASK, HOUSEHOLD, Network, tie_at, town_of
from wom_sim.world.people import ADVOCATE, CUSTOMER, SEEKER, People, customers
from wom_sim.world.trace import G_PROFITABLE

_MOST_NOTED = 1_000_000
"""Longer lists are not kept from one replication to the next, for the memory that they take."""
_TENURE, _TENURE_SEED = int(Purpose.TENURE), 0
"""How long somebody has been a customer is a fact, not luck: the same in every replication, whatever its seed."""
_LONGEST_TENURE = 240
"""Months. Assumption: no firm has had its customers for longer."""
_WRONG, _INSTEAD = int(Purpose.WRONG), int(Purpose.INSTEAD) >> 2
_TRIES = 64
"""Draws for another customer before the next one in line is taken, as where nearly all of them are chosen already."""


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
    start = network.start
    out = np.zeros(who.size, dtype=np.float64)
    for k in range(who.size):
        town = town_of(network, who[k])
        for after in (False, True):  # in the order of their numbers, the same for all members
            if after:
                out[k] += _profit_of(people, who[k], costs)
            for j in range(np.int64(start[who[k]]), np.int64(start[who[k] + 1])):
                tie = tie_at(network, town, j)
                other = tie >> CLASS_BITS
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


def choose(setting: Setting) -> NDArray[np.int64]:
    """Return the customers that the firm would let go, the worst first (ties by number).

    The worst are the least valuable where the choice is by value, else those who call most where it is by calls, else
    the least profitable. Where the criterion errs, a profitable customer stands in the place of who was meant. In a
    sequence they are those whom the step before has left.

    Raises
    ------
    ValueError
        If a chosen number is not a customer.
    """
    if setting.whom is not None:
        return _among(setting, setting.whom) if setting.own_choice else setting.whom
    meant, rate = _meant(setting), setting.levers.choose.error_rate
    if rate <= 0.0:
        return meant
    acted_on = np.zeros(0, dtype=np.int64) if setting.without is None else setting.without
    return _with_mistakes(setting.people, meant, acted_on, rate, setting.seed)


def _among(setting: Setting, whom: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those of ``whom`` who meet the criterion, the worst first; a limit counts them alone."""
    choice = setting.levers.choose
    unlimited = replace(setting, levers=replace(setting.levers, choose=replace(choice, limit=None)))
    meant = _meant(unlimited)
    return meant[np.isin(meant, whom)][: choice.limit]


def for_everyone(setting: Setting) -> Setting:
    """Return the setting in which all customers are chosen, where the policy is for all; else the setting itself."""
    return replace(setting, levers=replace(setting.levers, choose=Choice())) if setting.levers.for_all else setting


def wrongly_chosen(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return who of ``who`` was chosen by mistake: does not meet the criterion."""
    if setting.levers.choose.error_rate <= 0.0:
        return np.zeros(len(who), dtype=np.bool_)
    wrong: NDArray[np.bool_] = np.isin(who, _meant(setting), invert=True)
    return wrong


def _meant(setting: Setting) -> NDArray[np.int64]:
    """Return the customers who meet the criterion, the worst first."""
    choice, scores = replace(setting.levers.choose, error_rate=0.0), setting.scores
    if choice.ids is not None:
        named = _named(choice.ids, setting)
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


def _named(named: tuple[int | str, ...], setting: Setting) -> NDArray[np.int64]:
    """Return the customers of the firm's own ids, or of numbers where customers come from no table."""
    people = setting.people
    ids = np.asarray(named, dtype=np.int64) if setting.listed is None else setting.listed.people_of(named)
    wrong = [int(i) for i in ids if not 0 <= i < len(people) or not people[i].traits & CUSTOMER]
    if wrong:
        raise ValueError(f"choose.ids: {', '.join(map(str, wrong[:5]))} is not a customer")
    if len(np.unique(ids)) < len(ids):
        raise ValueError("choose.ids: a customer is named twice")
    return ids


def candidates_of(setting: Setting) -> NDArray[np.int64]:
    """Return the customers who meet the criterion without any mistake, the worst first."""
    return _meant(setting)


def number_qualifying(setting: Setting) -> int:
    """Return how many customers meet the conditions of the choice, however many of them its limit allows."""
    choice = setting.levers.choose
    if choice.ids is not None:
        return len(_named(choice.ids, setting))
    return len(_qualifying(choice, setting)[0])


def _qualifying(choice: Choice, setting: Setting) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return those who meet the conditions, by number, and what each is worth."""
    people, network, scores = setting.people, setting.network, setting.scores
    chosen = _conditions_met(choice, setting, _candidates(choice, people))
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
        start = setting.network.start
        keep &= _within(start[who + 1].astype(np.int64) - start[who], choice.ties_at_least, choice.ties_at_most)
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


@kernel
def _tenures(people: People, who: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    out = np.empty(who.size, dtype=np.int64)
    for k in range(who.size):
        out[k] = months_special(uniform(seed, _TENURE, who[k], 0, 0), np.float64(people[who[k]].churn)) - 1
    return np.minimum(out, _LONGEST_TENURE)


def tenures(people: People, who: NDArray[np.int64], listed: Listed | None = None) -> NDArray[np.int64]:
    """Return for how many whole months each of ``who`` has been a customer at the start.

    Where the firm's table does not know, it is drawn for each person by a luck of their own. Who leaves at a constant
    hazard has been there, in a steady market, n months with chance (1 - churn)^n; nobody longer than twenty years.
    Assumption.
    """
    drawn = np.asarray(_tenures(people, np.ascontiguousarray(who), np.uint64(_TENURE_SEED)))
    if listed is None:
        return drawn
    known = listed.values("tenure_months", who)
    return np.where(np.isnan(known), drawn, np.nan_to_num(known)).astype(np.int64)


def _worst(choice: Choice, setting: Setting) -> NDArray[np.int64]:
    """Return those who meet the conditions, the worst first."""
    chosen, worth = _qualifying(choice, setting)
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


def _candidates(choice: Choice, people: People) -> NDArray[np.int64]:
    """Return the customers who meet the conditions that need no profit."""
    calls = -1.0 if choice.calls_at_least is None else choice.calls_at_least
    abuse = choice.abuse_calls if choice.abuse_only else -1.0
    segments = np.ones(256, dtype=np.bool_)
    if choice.segments is not None:
        segments[:] = False
        segments[list(choice.segments)] = True
    return _matching(people, max(calls, abuse), choice.abuse_only, segments)


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


@kernel
def _with_mistakes(
    people: People, meant: NDArray[np.int64], acted_on: NDArray[np.int64], rate: float, seed: int
) -> NDArray[np.int64]:
    """Return those who were meant, but for a share ``rate`` in whose place a profitable customer stands.

    To let go an unprofitable customer whom the criterion did not mean is no mistake that a firm regrets. Each has
    luck of their own, so a larger error keeps the mistakes of a smaller one; the number of the chosen stays. On whom an
    earlier wave has ``acted_on`` is not chosen again.
    """
    out = meant.copy()
    taken = np.zeros(people.size, dtype=np.bool_)
    taken[meant] = True
    taken[acted_on] = True
    others = 0
    for i in range(people.size):
        others += (people[i].group & G_PROFITABLE) != 0 and not taken[i]
    for k in range(meant.size):
        u = uniform(seed, _WRONG, meant[k], 0, 0)
        if u < rate and others > 0:
            out[k] = _other_customer(people, taken, meant[k], seed)
            taken[out[k]] = True
            others -= 1
    return out


@kernel
def _other_customer(people: People, taken: NDArray[np.bool_], who: int, seed: int) -> np.int64:
    """Return a random profitable customer who is not taken, in the place of ``who``; there must be one."""
    other = np.int64(who)
    for attempt in range(_TRIES):
        drawn, _ = stranger(seed, _INSTEAD, who, attempt, 0, people.size)
        other = np.int64(drawn)
        if people[other].group & G_PROFITABLE and not taken[other]:
            return other
    while taken[other] or not people[other].group & G_PROFITABLE:
        other = (other + 1) % people.size
    return other


def after_review(setting: Setting, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the chosen whom an individual review does not spare; it finds most of those chosen by mistake."""
    levers = setting.levers
    if not levers.individual_review:
        return chosen
    wrong = wrongly_chosen(setting, chosen)
    if levers.spared_by_review <= 0.0 and not wrong.any():
        return chosen
    found = max(setting.scores.mistake["found_by_review"], levers.spared_by_review)
    spared = int(Purpose.SPARED)
    luck = np.array([uniform(setting.seed, spared, i, 0, 0) for i in chosen])
    return chosen[luck >= np.where(wrong, found, levers.spared_by_review)]
