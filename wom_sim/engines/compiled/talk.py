"""Telling and deciding to talk, for the people whom the story reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, part
from wom_sim.engines.compiled.calendar import CALL, CONVERSATION, POST, Calendar, pack, schedule
from wom_sim.engines.compiled.leave import await_bill
from wom_sim.engines.compiled.state import AFFECTED, HEARD_COUNT, TOLD, Run, still_customer
from wom_sim.rules.fairness import story_severity
from wom_sim.rules.hearing import AFFECTED as IS_AFFECTED
from wom_sim.rules.hearing import SIDES, chance_to_defend, dose_units, reaction
from wom_sim.rules.talking import (
    audience_of_post,
    chance_to_post,
    chance_to_retell,
    chance_to_talk,
    day_of_call,
    delay_in_days,
    poisson_count,
)
from wom_sim.world import trace as tr
from wom_sim.world.luck import BLOCK_HEARER, BLOCK_STRANGER, BLOCK_TALKER, BLOCK_TELL, BLOCK_VICTIM, four, stranger
from wom_sim.world.network import CLASS_BITS, CLASS_MASK
from wom_sim.world.people import ADVOCATE
from wom_sim.world.records import record_type
from wom_sim.world.trace import Book
from wom_sim.world.treatments import STORY_UNIT

_HEARER = _NO = np.int64(0)
_YES = np.int64(1)
"""Typed, so that functions are compiled for one set of types only."""


@inlined
def dose(run: Run, channel: int, story: int, climate: tuple[float, float]) -> int:
    """Return the dose of one telling; ``climate`` is (corroboration, response)."""
    return dose_units(run.numbers[0].weight[channel], story_severity(story / STORY_UNIT, climate[0], climate[1]))


@inlined
def hears(run: Run, i: int, day: int, source: int, story: int, units: int, praise: bool) -> None:
    """Give person ``i`` a dose; on first hearing remember from whom (the lowest source of the day) and how bad."""
    state = run.state
    if praise:
        state[i].praise = min(65535, np.int64(state[i].praise) + units)
    else:
        state[i].harm = min(65535, np.int64(state[i].harm) + units)
    state[i].last = day + 1
    if state[i].heard == 0:
        state[i].heard = day + 1
        state[i].source = source
        state[i].story = story
        run.heard[run.count[HEARD_COUNT]] = i
        run.count[HEARD_COUNT] += 1
    elif state[i].heard == day + 1 and not state[i].marks & TOLD:
        state[i].source = min(np.int64(state[i].source), source)
        state[i].story = max(np.int64(state[i].story), story)


@part
def plan_ties(
    run: Run, calendar: Calendar, who: int, day: int, tells: tuple[float, float, float], what: tuple[int, int, int]
) -> tuple[Calendar, int]:
    """Plan, for each tie, whether and when to tell it; ``what`` is (code, story, 1 if praise). Counts them."""
    code, story, praise = what
    planned = 0
    for k in range(run.network.start[who], run.network.start[who + 1]):
        tie = run.network.ties[k]
        kind = np.int64(tie & CLASS_MASK)
        other = np.int64(tie >> CLASS_BITS)
        chance = tells[kind]
        u, _, _, _ = four(run.seed, BLOCK_TELL, who, other, code)
        if u < chance:
            when = day + delay_in_days(u / chance, run.numbers[0].talk_half_life, run.numbers[0].talk_days)
            calendar = schedule(calendar, CONVERSATION, when, who, other, pack(kind + 1, praise, story, code, _NO))
            planned += 1
    return calendar, planned


@part
def plan_strangers(
    run: Run, calendar: Calendar, who: int, day: int, mean: float, what: tuple[int, int]
) -> tuple[Calendar, int]:
    """Plan to tell random people; ``what`` is (code, story). Returns the number planned."""
    code, story = what
    planned = 0
    if mean > 0.0:
        _, _, u, _ = four(run.seed, BLOCK_TALKER, who, 0, code)
        for occasion in range(poisson_count(u, mean)):
            other, v = stranger(run.seed, BLOCK_STRANGER, who, occasion, code, run.network.pool)
            if other != who:
                when = day + delay_in_days(v, run.numbers[0].stranger_half_life, run.numbers[0].talk_days)
                calendar = schedule(
                    calendar, CONVERSATION, when, who, other, pack(np.int64(tr.BY_STRANGER), _NO, story, code, _NO)
                )
                planned += 1
    return calendar, planned


@inlined
def plan_post(
    run: Run, calendar: Calendar, who: int, day: int, luck: tuple[float, float, float], what: tuple[int, int, int]
) -> Calendar:
    """Plan a post, perhaps; ``luck`` is (u, chance, luck of the audience), ``what`` is (code, story, news)."""
    chance = chance_to_post(luck[1], 1.0)
    if luck[0] < chance:
        when = day + delay_in_days(luck[0] / chance, run.numbers[0].post_half_life, run.numbers[0].post_days)
        readers = audience_of_post(
            luck[2], run.numbers[0].audience_least, run.numbers[0].audience_tail, run.numbers[0].audience_most
        )
        meta = pack(np.int64(tr.BY_POST), _NO, what[1], what[0], what[2])
        calendar = schedule(calendar, POST, when, who, readers, meta)
    return calendar


@inlined
def plan_call(calendar: Calendar, who: int, day: int, u: float, chance: float) -> Calendar:
    """Plan a call to service, perhaps."""
    if u < chance:
        calendar = schedule(calendar, CALL, day + day_of_call(u / chance), who, 0, 0)
    return calendar


@part
def victims_decide(run: Run, book: Book, calendar: Calendar, day: int, rows: tuple[int, int]) -> tuple[Book, Calendar]:
    """Let those told today (rows of the treatments from .. to) plan conversations, posts and calls."""
    p, t = run.numbers[0], run.treatments
    for row in range(rows[0], rows[1]):
        if run.told[row] != day:
            continue
        who = t[row].person
        code = t[row].turn + 1
        story = t[row].story
        talk, call, post, audience = four(run.seed, BLOCK_VICTIM, who, 0, t[row].turn)
        if talk < chance_to_talk(p.p_talk_victim, t[row].grievance):
            calendar, ties = plan_ties(run, calendar, who, day, p.victim_tells, (code, story, _NO))
            calendar, others = plan_strangers(run, calendar, who, day, p.victim_strangers, (code, story))
            group = np.int64(run.people[who].group)
            book = tr.log(book, day, tr.TALKS, who, tr.NO_SOURCE, (0, 0, group), ties + others)
            book.daily[day, tr.D_TALKERS] += 1
            calendar = plan_post(run, calendar, who, day, (post, p.p_post, audience), (code, story, t[row].news))
        calendar = plan_call(calendar, who, day, call, t[row].p_call)
    return book, calendar


_BLOCK = 256
GLANCE_TYPE = record_type(
    [("talkativeness", np.float32), ("harm", np.uint16), ("story", np.uint8), ("traits", np.uint8)]
)
"""What is needed of everyone who hears."""


@part
def glance(run: Run, first: int, last: int, near: NDArray[np.void]) -> None:
    """Copy what is needed of the next hearers side by side: waiting for one row from memory, then for the next, is
    what takes the time; here many are under way at once.
    """
    for k in range(first, last):
        who = run.heard[k]
        near[k - first].talkativeness = run.people[who].talkativeness
        near[k - first].traits = run.people[who].traits
    for k in range(first, last):
        who = run.heard[k]
        near[k - first].harm = run.state[who].harm
        near[k - first].story = run.state[who].story


@part
def book_hearers(run: Run, book: Book, day: int, first: int) -> Book:
    """Book those who first heard today, from position ``first`` of the list of those who heard."""
    for k in range(first, run.count[HEARD_COUNT]):
        tr.count_heard(book.daily, day, np.int64(run.people[run.heard[k]].group))
    if book.log.size > 0:
        for k in range(first, run.count[HEARD_COUNT]):
            who = np.int64(run.heard[k])
            kind = (0, 0, np.int64(run.people[who].group))
            book = tr.log(book, day, tr.HEARD, who, np.int64(run.state[who].source), kind, 0)
    return book


_IS_AFFECTED, _DEFENDS, _TALKS, _CALLS = 1, 2, 4, 8


@part
def who_acts(
    run: Run, first: int, climate: tuple[float, float, int], acts: NDArray[np.uint8], acting: NDArray[np.uint32]
) -> int:
    """Find who of those who first heard today does anything: fill what (``acts``), who (``acting``); count them.

    Most only know. Nothing is planned here, so that this loop, which meets everyone reached, stays lean.
    """
    p = run.numbers[0]
    total = run.count[HEARD_COUNT]
    near = np.empty(_BLOCK, dtype=GLANCE_TYPE)
    number = 0
    for k in range(first, total):
        at = (k - first) % _BLOCK
        if at == 0:
            glance(run, k, min(total, k + _BLOCK), near)
        who = np.int64(run.heard[k])
        react, retell, call, defend = four(run.seed, BLOCK_HEARER, who, 0, 0)
        reacts = reaction(react, p.sides, p.affected)
        act = _IS_AFFECTED if reacts == IS_AFFECTED else 0
        if near[at].harm != 0:
            advocate = (near[at].traits & ADVOCATE) != 0
            if defend < chance_to_defend(advocate, reacts == SIDES, p.p_defend, p.p_defend_siding):
                act |= _DEFENDS
            elif reacts != SIDES:
                severity = story_severity(near[at].story / STORY_UNIT, climate[0], climate[1])
                if retell < chance_to_retell(p.p_retell, severity, np.float64(near[at].talkativeness)):
                    act |= _TALKS
            if call < p.p_call:
                act |= _CALLS
        if act:
            acts[number] = act
            acting[number] = who
            number += 1
    return number


@part
def hearers_decide(
    run: Run, book: Book, calendar: Calendar, day: int, first: int, climate: tuple[float, float, int]
) -> tuple[Book, Calendar]:
    """Let those who first heard today take sides, and defend, retell, post and call.

    ``first`` is where today's begin in the list of those who heard; ``climate`` is (corroboration, response,
    most newsworthy thing told so far).
    """
    p, state = run.numbers[0], run.state
    fresh = run.count[HEARD_COUNT] - first
    acts = np.empty(fresh, dtype=np.uint8)
    acting = np.empty(fresh, dtype=np.uint32)
    for k in range(who_acts(run, first, climate, acts, acting)):
        who = np.int64(acting[k])
        act = acts[k]
        story = np.int64(state[who].story)
        if act & _IS_AFFECTED:
            state[who].marks |= AFFECTED
            calendar = await_bill(run, calendar, who, day)
        if act & _DEFENDS:
            calendar, planned = plan_ties(run, calendar, who, day, p.hearer_tells, (_HEARER, story, _YES))
            book.daily[day, tr.D_DEFENDERS] += 1
            group = np.int64(run.people[who].group)
            book = tr.log(book, day, tr.DEFENDS, who, tr.NO_SOURCE, (0, 0, group), planned)
        if act & _TALKS:
            calendar, ties = plan_ties(run, calendar, who, day, p.hearer_tells, (_HEARER, story, _NO))
            calendar, others = plan_strangers(run, calendar, who, day, p.hearer_strangers, (_HEARER, story))
            book.daily[day, tr.D_TALKERS] += 1
            group = np.int64(run.people[who].group)
            book = tr.log(book, day, tr.TALKS, who, tr.NO_SOURCE, (0, 0, group), ties + others)
            post, audience, _, _ = four(run.seed, BLOCK_TALKER, who, 0, 0)
            news = np.int64(climate[2] * p.hearsay_news)
            calendar = plan_post(run, calendar, who, day, (post, p.p_post_hearer, audience), (_HEARER, story, news))
        if act & _CALLS and still_customer(run, who, day):
            _, _, call, _ = four(run.seed, BLOCK_HEARER, who, 0, 0)
            calendar = plan_call(calendar, who, day, call, p.p_call)
    return book, calendar
