"""Leaving and joining: bills are met only by people who were treated, reached and affected, or bereaved of a tie."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import fetch, inlined, part
from wom_sim.engines.compiled.calendar import BILL, Calendar, people_due, schedule
from wom_sim.engines.compiled.state import (
    AFFECTED,
    BEREAVED,
    CAUSED,
    DEPARTED_COUNT,
    KEPT,
    LET_GO,
    NOBODY_BEFORE,
    TOLD,
    Run,
    chain_of,
    fate_of,
    first_below,
    four_of,
    gone_on,
    made_rare,
    otherwise,
    praise_of,
    row_of,
    source_heard,
    touch,
    usual_levels,
)
from wom_sim.rules import leaving
from wom_sim.rules.hearing import harm as harm_of
from wom_sim.rules.leaving import MONTH
from wom_sim.rules.worth import Worth
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.accounts import worth_in
from wom_sim.world.luck import BLOCK_JOIN, BLOCK_LEAVE, monthly
from wom_sim.world.own_rules import own_decision, own_harm
from wom_sim.world.people import COMMITMENT_UNIT, CUSTOMER
from wom_sim.world.tie_rows import CLASS_BITS, CLASS_MASK, degree_of, ties_of
from wom_sim.world.trace import Book

UNKNOWN = np.int64(-1)
"""In the place of the day on which somebody lost a tie."""
_SAFE = 1.000001
"""Bounds are raised by this, so that rounding cannot make one lower than what it bounds."""


@inlined
def _highest(form: int, base: float, most: tuple[float, float], reference: float) -> float:
    """Return what a hazard is at most that story and ties can make no more than ``most`` (each) times as high."""
    if form == leaving.ADDITIVE:
        return base + reference * (most[0] - 1.0) + reference * (most[1] - 1.0)
    return base * most[0] * most[1]


@part
def _last_loss(run: Run, i: int) -> int:
    """Return the last day on which the policy made a tie of person ``i`` leave, -1 if it made nobody."""
    last = np.int64(-1)
    for tie in ties_of(run.network, i):
        other = np.int64(tie >> CLASS_BITS)
        if fate_of(run, other) & CAUSED:
            last = max(last, gone_on(run, other))
    return last


@inlined
def _await_bill(run: Run, calendar: Calendar, i: int, day: int, lost_on: int) -> None:
    """Plan the next bill, from ``day`` on, on which person ``i`` might decide otherwise than without the policy.

    The luck of coming months is looked at now: a bill whose luck is above every hazard the person could have
    is not worth a visit. Nobody leaves between now and that bill but by an event that says so. ``lost_on`` is the last
    day on which the policy made a tie of theirs leave, which weighs for a while, or UNKNOWN.
    """
    if gone_on(run, i) >= 0:
        return
    p, marks = run.numbers[0], run.state[run.place[i]].marks
    days, of_month = np.int64(p.days), np.int64(run.people[i].bill_day)
    before = NOBODY_BEFORE if fate_of(run, i) & KEPT else usual_levels(run, i)
    churn = np.float64(run.people[i].churn)
    if run.people[i].traits & CUSTOMER:
        treated, story, ties = _SAFE, _SAFE, 1.0
        waived = False
        if marks & AFFECTED:
            buffered = p.buffer * (np.float64(run.people[i].commitment) / COMMITMENT_UNIT)
            most = 1.0 - buffered if p.own_harm == 0 else 1.0
            story *= math.exp(p.beta * (1.0 + p.poach) * most)
        until = days
        if marks & BEREAVED:
            ties = (1.0 + p.chi) ** p.contagion_most
            if p.own_hazard == 0:
                until = (lost_on if lost_on >= 0 else _last_loss(run, i)) + p.contagion_window + 1
        if marks & TOLD:
            row = row_of(run, i)
            treated *= max(1.0, np.float64(run.treatments[row].hazard_multiplier))
            waived = run.treatments[row].waived
        months = np.int64(run.people[i].contract)
        locked = churn * leaving.lock(months, 0, p.locked, waived) * treated
        bound = _highest(p.hazard_form, locked, (story, ties), p.reference_churn)
        later = _highest(p.hazard_form, churn * treated, (story, ties), p.reference_churn)
        if p.own_hazard != 0 and marks & (AFFECTED | BEREAVED):
            bound = later = 1.0  # nobody knows how high a rule of another package may go
        when = (np.int64(day), min(days, until), of_month)
        found = first_below(run.seed, BLOCK_LEAVE, i, when, (bound, later, months), before)
        if found < 0 and until < days:
            bound = _highest(p.hazard_form, locked, (story, 1.0), p.reference_churn)
            later = _highest(p.hazard_form, churn * treated, (story, 1.0), p.reference_churn)
            when = (max(np.int64(day), until), days, of_month)
            found = first_below(run.seed, BLOCK_LEAVE, i, when, (bound, later, months), before)
    elif marks & AFFECTED or p.rating_effect > 0.0:
        praised = praise_of(run, i) > 0  # without praise a prospect can only be put off
        level = churn * (math.exp(p.beta_join) if praised else 1.0) * _SAFE
        when = (np.int64(day), days, of_month)
        found = first_below(run.seed, BLOCK_JOIN, i, when, (level, level, np.int64(0)), before)
    else:
        found = -1
    if found >= 0:
        schedule(calendar, BILL, found, i, 0, 0)


@part
def await_bills(run: Run, calendar: Calendar, people: NDArray[np.int64], day: int, lost_on: int) -> None:
    """Plan the next bill of each of these people, from ``day`` on, that is worth a visit.

    ``lost_on``: the day on which they lost a tie, if that is why, else UNKNOWN.
    """
    for k in range(people.size):
        _await_bill(run, calendar, people[k], day, lost_on)


@part
def await_joins(run: Run, calendar: Calendar, day: int) -> None:
    """Plan the next bill of every prospect who would join: from ``day`` on ratings may keep them from it."""
    for i in range(run.people.size):
        if not run.people[i].traits & CUSTOMER:
            _await_bill(run, calendar, np.int64(i), day, UNKNOWN)


@inlined
def harm_today(run: Run, i: int, day: int) -> float:
    """Return the harm that person ``i`` acts on, -1..1: none unless they are affected."""
    state, p = run.state[run.place[i]], run.numbers[0]
    if not state.marks & AFFECTED or state.last == 0:
        return 0.0
    buffered = p.buffer * (np.float64(run.people[i].commitment) / COMMITMENT_UNIT)
    since = day - (np.int64(state.last) - 1)
    fades = p.harm_half_life
    if p.join_half_life > 0.0 and not run.people[i].traits & CUSTOMER:
        fades = p.join_half_life
    if p.own_harm != 0:
        doses = (np.int64(state.harm) / 256.0, praise_of(run, i) / 256.0, p.harm_per_dose)
        return own_harm(p.own_harm, doses, buffered, (np.float64(since), fades), four_of(p.harm_numbers))
    return harm_of(np.int64(state.harm), praise_of(run, i), p.harm_per_dose, buffered, since, fades)


@inlined
def units_of_tie(run: Run, tie: int, day: int) -> int:
    """Return what the departure of a tie weighs today, in 1/256 units; 0 if it has not left because of the policy."""
    p = run.numbers[0]
    other = tie >> CLASS_BITS
    fate = fate_of(run, other)
    if not fate & CAUSED:
        return 0
    counts = p.dismissed_counts if fate & LET_GO else 1.0
    weight = p.departure_weight[tie & CLASS_MASK] * counts
    return leaving.departure_units(weight, day - gone_on(run, other), p.contagion_half_life, p.contagion_window)


@part
def contagion_today(run: Run, i: int, day: int) -> float:
    """Return the factor on the hazard of person ``i``, who is bereaved, from recent departures among their ties."""
    p = run.numbers[0]
    units = 0
    for tie in ties_of(run.network, i):
        units += units_of_tie(run, np.int64(tie), day)
    return leaving.contagion(units, p.chi, p.contagion_most)


@part
def worth(run: Run, i: int) -> Worth:
    """Return what a customer is worth."""
    return worth_in(run.people, run.accounts, run.numbers[0], i, run.seed)


@inlined
def books_group(run: Run, i: int) -> int:
    """Return the group under which a person is counted."""
    group = np.int64(run.people[i].group)
    return group | tr.G_TREATED if run.state[run.place[i]].marks & TOLD else group


@part
def leaves(run: Run, book: Book, i: int, day: int, why: tuple[int, int]) -> None:
    """Let person ``i`` leave; ``why`` is (cause, source). A departure that the policy caused joins ``run.departed``."""
    cause, source = why
    without = otherwise(run, i)
    k = made_rare(run, i)
    run.rare[k].gone = day + 1
    books.book_departure(book, day, i, (source, cause, books_group(run, i), without), worth(run, i))
    label = books.label_of(day, without)
    if label == tr.EARLIER or label == tr.BECAUSE:
        run.rare[k].fate |= CAUSED
        if books.let_go(cause):
            run.rare[k].fate |= LET_GO
        run.departed[run.count[DEPARTED_COUNT]] = i
        run.count[DEPARTED_COUNT] += 1


_AHEAD = 8


@part
def bills(run: Run, book: Book, calendar: Calendar, day: int, mood: tuple[float, float]) -> None:
    """Let those whose bill is worth a visit today decide.

    ``mood`` is (today's log hazard ratio of leaving at full harm, factor of the ratings on the chance to join).
    """
    people = people_due(calendar, BILL, day)
    still_here = 0
    before = -1
    for k in range(people.size):
        if k + 2 * _AHEAD < people.size:
            fetch(run.people, people[k + 2 * _AHEAD])
            fetch(run.place, people[k + 2 * _AHEAD])
        if k + _AHEAD < people.size:
            fetch(run.state, run.place[people[k + _AHEAD]])
            fetch(run.begin, chain_of(people[k + _AHEAD], run.begin.size))
        i = people[k]
        if i == before or gone_on(run, i) >= 0:
            continue
        before = i
        if run.people[i].traits & CUSTOMER:
            _stays_or_leaves(run, book, i, day, mood[0])
        else:
            _joins_or_not(run, book, i, day, mood[1])
        if gone_on(run, i) < 0:
            people[still_here] = i
            still_here += 1
    await_bills(run, calendar, people[:still_here], day + 1, UNKNOWN)


@inlined
def _stays_or_leaves(run: Run, book: Book, i: int, day: int, beta: float) -> None:
    p = run.numbers[0]
    month = day // MONTH
    waived = False
    multiplier = np.float64(1.0)
    if run.state[run.place[i]].marks & TOLD:
        row = row_of(run, i)
        waived = run.treatments[row].waived
        multiplier = np.float64(run.treatments[row].hazard_multiplier)
    churn, months = np.float64(run.people[i].churn), np.int64(run.people[i].contract)
    usual = leaving.base_hazard(churn, leaving.lock(months, month, p.locked, False), 1.0)
    treated = leaving.base_hazard(churn, leaving.lock(months, month, p.locked, waived), multiplier)
    u = monthly(run.seed, BLOCK_LEAVE, i, month)
    contagion = contagion_today(run, i, day) if run.state[run.place[i]].marks & BEREAVED else 1.0
    if p.own_hazard != 0:
        felt = (beta, harm_today(run, i, day), contagion)
        cause = own_decision(u, (usual, treated), felt, p.own_hazard, four_of(p.hazard_numbers))
    else:
        felt = (beta, harm_today(run, i, day), contagion)
        cause = leaving.decision_by(p.hazard_form, u, (usual, treated), felt, p.reference_churn)
    if cause != leaving.STAYS:
        leaves(run, book, i, day, (np.int64(cause), np.int64(source_heard(run, i))))
    elif u < usual and otherwise(run, i) == day:
        run.rare[made_rare(run, i)].fate |= KEPT
        books.book_stay(book, day, i, source_heard(run, i), books_group(run, i), worth(run, i))


@inlined
def _joins_or_not(run: Run, book: Book, i: int, day: int, rated: float) -> None:
    p = run.numbers[0]
    u = monthly(run.seed, BLOCK_JOIN, i, day // MONTH)
    new = (p.new_customer_profit, p.new_customer_churn, p.acquisition_cost, p.discount, p.end_month)
    chance = leaving.chance_to_join(np.float64(run.people[i].churn), p.beta_join, harm_today(run, i, day)) * rated
    usual = min(np.float64(1.0), np.float64(run.people[i].churn))
    if u >= chance and u >= usual:
        return
    without = otherwise(run, i)
    if u < chance:
        run.rare[made_rare(run, i)].gone = day + 1
        books.book_join(book, day, i, source_heard(run, i), without, new)
    elif without == day:
        run.rare[made_rare(run, i)].fate |= KEPT
        books.book_no_join(book, day, i, source_heard(run, i), new)


@part
def bereaved_today(run: Run, first: int) -> int:
    """Return how many ties those have whom the policy made leave today, from position ``first`` of the departed."""
    total = 0
    for k in range(first, run.count[DEPARTED_COUNT]):
        total += degree_of(run.network, np.int64(run.departed[k]))
    return total


@part
def bereave(run: Run, calendar: Calendar, day: int, first: int) -> None:
    """Let today's departures, from position ``first`` of the departed, reach the ties from tomorrow on."""
    bereaved = np.empty(bereaved_today(run, first), dtype=np.int64)
    number = 0
    for k in range(first, run.count[DEPARTED_COUNT]):
        for tie in ties_of(run.network, np.int64(run.departed[k])):
            other = np.int64(tie >> CLASS_BITS)
            run.state[touch(run, other)].marks |= BEREAVED
            if run.people[other].traits & CUSTOMER:
                bereaved[number] = other
                number += 1
    await_bills(run, calendar, bereaved[:number], day + 1, day)
