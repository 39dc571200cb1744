"""Telling and deciding to talk, for the people whom the story reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import fetch, inlined, part
from wom_sim.engines.compiled.calendar import CALL, CONVERSATION, POST, Calendar, pack, schedule
from wom_sim.engines.compiled.leave import await_bills
from wom_sim.engines.compiled.reasons import count_dose
from wom_sim.engines.compiled.state import (
    AFFECTED,
    FROM_THE_FIRM,
    HEARD_COUNT,
    STRUCK,
    STRUCK_COUNT,
    TOLD,
    WRONGED,
    Run,
    made_rare,
    row_of,
    still_customer,
    touch,
)
from wom_sim.rules.attention import told_by_outlet
from wom_sim.rules.fairness import story_severity
from wom_sim.rules.hearing import AFFECTED as IS_AFFECTED
from wom_sim.rules.hearing import SIDES, chance_to_defend, chance_to_side, dose_units, reaction
from wom_sim.rules.talking import (
    MOST_FURTHER_CALLS,
    audience_of_post,
    chance_to_post,
    chance_to_retell,
    chance_to_talk,
    day_of_call,
    delay_in_days,
    further_calls,
    poisson_count,
    share_within,
)
from wom_sim.world import trace as tr
from wom_sim.world.luck import (
    BLOCK_HEARER,
    BLOCK_STRANGER,
    BLOCK_TALKER,
    BLOCK_TELL,
    BLOCK_VICTIM,
    first_words,
    four,
    four_words,
    stranger,
    unit,
)
from wom_sim.world.network import CLASS_BITS, CLASS_MASK
from wom_sim.world.people import ADVOCATE
from wom_sim.world.trace import Book
from wom_sim.world.treatments import STORY_UNIT

_HEARER = _NO = np.int64(0)
_YES = np.int64(1)
"""Typed, so that functions are compiled for one set of types only."""


@inlined
def dose(run: Run, channel: int, story: int, climate: tuple[float, float], tone: float = 1.0) -> int:
    """Return the dose of one telling; ``climate`` is (corroboration, response), ``tone`` the teller's own factor."""
    severity = story_severity(story / STORY_UNIT * tone, climate[0], climate[1])
    return dose_units(run.numbers[0].weight[channel], severity)


@inlined
def hears(run: Run, i: int, day: int, source: int, story: int, units: int, praise: bool) -> None:
    """Give person ``i`` a dose; on first hearing remember from whom (the lowest source of the day).

    How bad the story is, is remembered from the first day on which it does harm.
    """
    state = run.state
    if run.doses.size > 0:
        count_dose(run.doses, run.outlets.size, i, source, units, praise)
    if state[i].heard == 0:
        state[i].heard = day + 1
        state[i].source = source
        run.heard[run.count[HEARD_COUNT]] = i
        run.count[HEARD_COUNT] += 1
        if not praise:
            state[i].story = story
    elif state[i].heard == day + 1 and state[i].source != FROM_THE_FIRM:
        state[i].source = min(np.int64(state[i].source), source)
        if not praise:
            state[i].story = max(np.int64(state[i].story), story)
    elif not praise and units > 0:
        if state[i].harm == 0 and not state[i].marks & WRONGED:
            _strike(run, i)
        if state[i].marks & STRUCK:
            state[i].story = max(np.int64(state[i].story), story)
    if praise:
        k = made_rare(run, i)
        run.rare[k].praise = min(65535, np.int64(run.rare[k].praise) + units)
    else:
        state[i].harm = min(65535, np.int64(state[i].harm) + units)
    state[i].last = day + 1


@part
def _strike(run: Run, i: int) -> None:
    """Note that person ``i``, who knew good of the firm, hears something bad for the first time."""
    run.state[i].marks |= STRUCK
    touch(run, i)
    run.struck[run.count[STRUCK_COUNT]] = i
    run.count[STRUCK_COUNT] += 1


@inlined
def strangers_met(run: Run, who: int, code: int, mean: float) -> int:
    """Return how many random people someone who talks meets."""
    if mean <= 0.0:
        return 0
    _, _, u, _ = four(run.seed, BLOCK_TALKER, who, 0, code)
    return poisson_count(u, mean)


LANES = 64
"""Ties whose luck is made in one go."""


@inlined
def plan_ties(
    run: Run, calendar: Calendar, who: int, day: int, tells: tuple[float, float, float], what: tuple[int, int, int],
    within: float, words: NDArray[np.uint32],
) -> int:  # fmt: skip
    """Plan, for each tie, whether and when to tell it; ``what`` is (code, story, 1 if praise). Counts them.

    ``within`` is ``share_within`` of the delays; ``words`` is room for LANES numbers.
    """
    code, story, praise = what
    half_life, longest = run.numbers[0].talk_half_life, run.numbers[0].talk_days
    graded = run.network.strength.size > 0
    planned = 0
    last = np.int64(run.network.start[who + 1])
    for first in range(np.int64(run.network.start[who]), last, LANES):
        ties = run.network.ties[first : min(last, first + LANES)]
        luck = first_words(run.seed, BLOCK_TELL, who, (ties, CLASS_BITS), code, words)
        for k in range(ties.size):
            kind = np.int64(ties[k] & CLASS_MASK)
            chance = tells[kind]
            if graded:
                chance *= run.network.strength[first + k]
            u = unit(luck[k])
            if u < chance:
                when = day + delay_in_days(u / chance, half_life, longest, within)
                other = np.int64(ties[k] >> CLASS_BITS)
                schedule(calendar, CONVERSATION, when, who, other, pack(kind + 1, praise, story, code, _NO))
                planned += 1
    return planned


@inlined
def plan_strangers(run: Run, calendar: Calendar, who: int, day: int, mean: float, what: tuple[int, int, int]) -> int:
    """Plan to tell random people; ``what`` is (code, story, 1 if praise). Returns the number planned."""
    code, story, praise = what
    half_life, longest = run.numbers[0].stranger_half_life, run.numbers[0].talk_days
    planned = 0
    number = strangers_met(run, who, code, mean)
    if number == 0:
        return 0
    within = share_within(half_life, longest)
    for occasion in range(number):
        other, v = stranger(run.seed, BLOCK_STRANGER, who, occasion, code, run.network.pool)
        if other != who:
            when = day + delay_in_days(v, half_life, longest, within)
            schedule(calendar, CONVERSATION, when, who, other, pack(np.int64(tr.BY_STRANGER), praise, story, code, _NO))
            planned += 1
    return planned


@part
def plan_post(
    run: Run, calendar: Calendar, who: int, day: int, luck: tuple[float, float, float],
    what: tuple[int, int, int, int],
) -> None:  # fmt: skip
    """Plan a post, perhaps; ``luck`` is (u, chance, luck of the audience), ``what`` (code, story, news, praise)."""
    p = run.numbers[0]
    chance = chance_to_post(luck[1], 1.0)
    if luck[0] < chance:
        within = share_within(p.post_half_life, p.post_days)
        when = day + delay_in_days(luck[0] / chance, p.post_half_life, p.post_days, within)
        readers = audience_of_post(luck[2], p.audience_least, p.audience_tail, p.audience_most)
        meta = pack(np.int64(tr.BY_POST), what[3], what[1], what[0], what[2])
        schedule(calendar, POST, when, who, readers, meta)


@inlined
def plan_call(calendar: Calendar, who: int, day: int, u: float, chance: float) -> None:
    """Plan a call to service, perhaps."""
    if u < chance:
        schedule(calendar, CALL, day + day_of_call(u / chance), who, 0, 0)


@inlined
def plan_further_calls(run: Run, calendar: Calendar, who: int, day: int, u: float, chance: float) -> None:
    """Plan the calls that follow the first, until the matter is solved."""
    p = run.numbers[0]
    if u < chance:
        when = day + day_of_call(u / chance)
        for _ in range(further_calls(u / chance, p.unsolved, MOST_FURTHER_CALLS)):
            when += p.calls_again_after
            schedule(calendar, CALL, when, who, 0, 0)


OTHER_PLANS = 4
"""What a hearer plans at most besides conversations: a post, a call, a bill; and an end of service."""


@part
def plans_of_victims(run: Run, rows: tuple[int, int]) -> int:
    """Return how much, at most, those told by the rows from .. to plan."""
    total = 0
    for row in range(rows[0], rows[1]):
        who = np.int64(run.treatments[row].person)
        met = strangers_met(run, who, np.int64(run.treatments[row].turn) + 1, run.numbers[0].victim_strangers)
        total += OTHER_PLANS + MOST_FURTHER_CALLS + run.network.start[who + 1] - run.network.start[who] + met
    return total


@part
def victims_decide(run: Run, book: Book, calendar: Calendar, day: int, rows: tuple[int, int]) -> None:
    """Let those told today (rows of the treatments from .. to) plan conversations, posts and calls."""
    p, t = run.numbers[0], run.treatments
    within = share_within(p.talk_half_life, p.talk_days)
    words = np.empty(LANES, dtype=np.uint32)
    for row in range(rows[0], rows[1]):
        if run.told[row] != day:
            continue
        who = np.int64(t[row].person)
        code = np.int64(t[row].turn) + 1
        story = np.int64(t[row].story)
        talk, call, post, audience = four(run.seed, BLOCK_VICTIM, who, 0, code - 1)
        if talk < chance_to_talk(p.p_talk_victim, np.float64(t[row].grievance)):
            praise = _YES if t[row].praise else _NO
            ties = plan_ties(run, calendar, who, day, p.victim_tells, (code, story, praise), within, words)
            others = plan_strangers(run, calendar, who, day, p.victim_strangers, (code, story, praise))
            tr.book_talk(book, day, who, np.int64(run.people[who].group), praise == _YES, ties + others)
            news = np.int64(t[row].news)
            plan_post(run, calendar, who, day, (post, p.p_post, audience), (code, story, news, praise))
        asks = np.float64(t[row].p_call)
        plan_call(calendar, who, day, call, asks)
        plan_further_calls(run, calendar, who, day, call, asks)


_IS_AFFECTED, _DEFENDS, _TALKS, _CALLS = 1, 2, 4, 8
_AHEAD = 16
"""How many people ahead rows are asked for."""


@part
def hearers_act(
    run: Run, book: Book, day: int, which: tuple[int, int], climate: tuple[float, float],
    found: tuple[NDArray[np.uint32], NDArray[np.uint8]], words: NDArray[np.uint32],
) -> int:  # fmt: skip
    """Book those who first heard today, at positions from .. to of the list of those who heard, and find who of
    them does anything: fills ``found``, (who, what they do), and returns how many. ``words`` is room for luck.

    Most only know. Nothing is planned here, so that this loop, which meets everyone reached, stays lean.
    """
    sides = _chances_to_side(run, day)
    p, people, state, heard = run.numbers[0], run.people, run.state, run.heard
    acting, acts = found
    last = run.count[HEARD_COUNT]
    number = 0
    luck = four_words(run.seed, BLOCK_HEARER, heard[which[0] : which[1]], words)
    for k in range(which[0], which[1]):
        if k + _AHEAD < last:
            fetch(people, heard[k + _AHEAD])
            fetch(state, heard[k + _AHEAD])
        who = np.int64(heard[k])
        tr.book_heard(book, day, who, np.int64(state[who].source), np.int64(people[who].group))
        lucky = luck[k - which[0]]
        react, retell, call, defend = unit(lucky[0]), unit(lucky[1]), unit(lucky[2]), unit(lucky[3])
        source = np.int64(state[who].source)
        side = sides[source & tr.SOURCE_ID] if source >> tr.SOURCE_SHIFT == tr.BY_OUTLET else p.sides
        reacts = reaction(react, side, p.affected)
        act = _IS_AFFECTED if reacts == IS_AFFECTED else 0
        if state[who].harm != 0:
            advocate = (people[who].traits & ADVOCATE) != 0
            if defend < chance_to_defend(advocate, reacts == SIDES, p.p_defend, p.p_defend_siding):
                act |= _DEFENDS
            elif reacts != SIDES:
                severity = story_severity(state[who].story / STORY_UNIT, climate[0], climate[1])
                if retell < chance_to_retell(p.p_retell, severity, np.float64(people[who].talkativeness)):
                    act |= _TALKS
            if call < p.p_call:
                act |= _CALLS
        if act:
            acts[number] = act
            acting[number] = who
            number += 1
    return number


@part
def _chances_to_side(run: Run, day: int) -> NDArray[np.float64]:
    """Return, for each outlet, the chance that someone who has it from there sides with the firm."""
    out = np.empty(run.outlets.size, dtype=np.float64)
    for k in range(run.outlets.size):
        outlet = run.outlets[k]
        days = day - run.covered[k, 0] - outlet.lag
        theirs = told_by_outlet(outlet.sides, outlet.sides_after, days, outlet.revises_after)
        out[k] = chance_to_side(run.numbers[0].sides, theirs)
    return out


@part
def struck_act(
    run: Run, day: int, climate: tuple[float, float], found: tuple[NDArray[np.uint32], NDArray[np.uint8]]
) -> int:
    """Find who of those struck today answers: fills ``found``, (who, what they do), and returns how many."""
    p, state = run.numbers[0], run.state
    sides = _chances_to_side(run, day)
    number = 0
    for k in range(run.count[STRUCK_COUNT]):
        who = np.int64(run.struck[k])
        state[who].marks &= 255 - STRUCK
        source = np.int64(state[who].source)
        side = sides[source & tr.SOURCE_ID] if source >> tr.SOURCE_SHIFT == tr.BY_OUTLET else p.sides
        react, retell, call, defend = four(run.seed, BLOCK_HEARER, who, 0, 0)
        reacts = reaction(react, side, p.affected)
        fan = (run.people[who].traits & ADVOCATE) != 0
        if state[who].marks & TOLD and run.treatments[row_of(run, who)].praise:
            fan = True
        act = 0
        if defend < chance_to_defend(fan, reacts == SIDES, p.p_defend, p.p_defend_siding):
            act |= _DEFENDS
        elif reacts != SIDES:
            severity = story_severity(state[who].story / STORY_UNIT, climate[0], climate[1])
            if retell < chance_to_retell(p.p_retell, severity, np.float64(run.people[who].talkativeness)):
                act |= _TALKS
        if call < p.p_call:
            act |= _CALLS
        if act:
            found[0][number] = who
            found[1][number] = act
            number += 1
    run.count[STRUCK_COUNT] = 0
    return number


@part
def plans_of_hearers(run: Run, acting: NDArray[np.uint32], acts: NDArray[np.uint8]) -> int:
    """Return how much, at most, these people plan."""
    mean = run.numbers[0].hearer_strangers
    total = 0
    for k in range(acting.size):
        who = np.int64(acting[k])
        if k + _AHEAD < acting.size:
            fetch(run.network.start, acting[k + _AHEAD])
        total += OTHER_PLANS
        if acts[k] & (_DEFENDS | _TALKS):
            total += run.network.start[who + 1] - run.network.start[who]
            fetch(run.network.ties, run.network.start[who])
        if acts[k] & _TALKS:
            total += strangers_met(run, who, _HEARER, mean)
    return total


@part
def hearers_decide(
    run: Run, book: Book, calendar: Calendar, day: int, who_acts: tuple[NDArray[np.uint32], NDArray[np.uint8]],
    most_news: int,
) -> None:  # fmt: skip
    """Let those of the hearers who act take sides, and defend, retell, post and call.

    ``who_acts`` is (people, what they do); ``most_news`` the most newsworthy thing told so far.
    """
    p, state = run.numbers[0], run.state
    acting, acts = who_acts
    within = share_within(p.talk_half_life, p.talk_days)
    words = np.empty(LANES, dtype=np.uint32)
    moved = np.empty(acting.size, dtype=np.int64)
    moves = 0
    for k in range(acting.size):
        who = np.int64(acting[k])
        act = acts[k]
        if act & _IS_AFFECTED:
            state[who].marks |= AFFECTED
            moved[moves] = who
            moves += 1
        if act & (_DEFENDS | _TALKS):
            story = np.int64(state[who].story)
            praises = _YES if act & _DEFENDS else _NO
            planned = plan_ties(run, calendar, who, day, p.hearer_tells, (_HEARER, story, praises), within, words)
            if not praises:
                planned += plan_strangers(run, calendar, who, day, p.hearer_strangers, (_HEARER, story, _NO))
                post, audience, _, _ = four(run.seed, BLOCK_TALKER, who, 0, 0)
                if post < p.p_post_hearer:
                    news = np.int64(most_news * p.hearsay_news)
                    what = (_HEARER, story, news, _NO)
                    plan_post(run, calendar, who, day, (post, np.float64(p.p_post_hearer), audience), what)
            tr.book_talk(book, day, who, np.int64(run.people[who].group), praises == _YES, planned)
        if act & _CALLS and still_customer(run, who, day):
            _, _, call, _ = four(run.seed, BLOCK_HEARER, who, 0, 0)
            plan_call(calendar, who, day, call, p.p_call)
    await_bills(run, calendar, moved[:moves], day)
