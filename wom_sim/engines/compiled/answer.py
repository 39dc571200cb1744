"""Deciding to talk: those the firm told, those who heard, and those struck by bad news after good."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import fetch, inlined, part
from wom_sim.engines.compiled.calendar import Calendar
from wom_sim.engines.compiled.complain import plan_complaints
from wom_sim.engines.compiled.leave import UNKNOWN, await_bills
from wom_sim.engines.compiled.state import (
    AFFECTED,
    FRESH_COUNT,
    STRUCK,
    STRUCK_COUNT,
    SWAYED_COUNT,
    TALKED,
    TALKS,
    THINKS,
    TOLD,
    Run,
    begins_to_talk,
    row_of,
    share_of_ties,
    still_customer,
)
from wom_sim.engines.compiled.talk import (
    HEARER,
    LANES,
    plan_call,
    plan_further_calls,
    plan_post,
    plan_strangers,
    plan_ties,
    strangers_met,
)
from wom_sim.rules.attention import days_since_report, told_by_outlet
from wom_sim.rules.fairness import story_severity
from wom_sim.rules.hearing import AFFECTED as IS_AFFECTED
from wom_sim.rules.hearing import SIDES, chance_to_defend, chance_to_side, reaction
from wom_sim.rules.spreading import retells
from wom_sim.rules.talking import MOST_FURTHER_CALLS, chance_to_retell, chance_to_talk, share_within
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.luck import BLOCK_HEARER, BLOCK_TALKER, BLOCK_VICTIM, four, four_words, unit
from wom_sim.world.members import days_later
from wom_sim.world.people import ADVOCATE
from wom_sim.world.tie_rows import degree_of, fetch_far_ties, fetch_head, fetch_ties
from wom_sim.world.trace import Book
from wom_sim.world.treatments import STORY_UNIT

_NO = np.int64(0)
_YES = np.int64(1)
"""Typed, so that functions are compiled for one set of types only."""

OTHER_PLANS = 4
"""What a hearer plans at most besides conversations: a post, a call, a bill; and an end of service."""


@part
def plans_of_victims(run: Run, rows: tuple[int, int]) -> int:
    """Return how much, at most, those told by the rows from .. to plan."""
    total = 0
    for row in range(rows[0], rows[1]):
        who = np.int64(run.treatments[row].person)
        met = strangers_met(run, who, np.int64(run.treatments[row].turn) + 1, run.numbers[0].victim_strangers)
        total += OTHER_PLANS + MOST_FURTHER_CALLS + degree_of(run.network, who) + met
        total += run.numbers[0].represents - 1
        if run.numbers[0].p_complain > 0.0:
            total += run.numbers[0].represents
    return total


@part
def victims_decide(run: Run, book: Book, calendar: Calendar, day: int, rows: tuple[int, int]) -> None:
    """Let those told today (rows of the treatments from .. to) plan conversations, posts and calls."""
    p, t = run.numbers[0], run.treatments
    within = share_within(p.talk_half_life, p.talk_days)
    words = np.empty((2, LANES), dtype=np.uint32)
    for row in range(rows[0], rows[1]):
        if run.told[row] != day:
            continue
        who = np.int64(t[row].person)
        code = np.int64(t[row].turn) + 1
        story = np.int64(t[row].story)
        praise = _YES if t[row].praise else _NO
        talk, call, _, _ = four(run.seed, BLOCK_VICTIM, who, 0, code - 1)
        if talk < chance_to_talk(p.p_talk_victim, np.float64(t[row].grievance)):
            if praise == _NO:
                begins_to_talk(run, who)
            ties = plan_ties(run, calendar, who, day, p.victim_tells, (code, story, praise), within, words)
            others = plan_strangers(run, calendar, who, day, p.victim_strangers, (code, story, praise))
            _book_talk(run, book, day, np.int64(run.place[who]), praise, ties + others)
        _victims_post(run, calendar, day, row, (code, story, np.int64(t[row].news), praise))
        if p.p_complain > 0.0 and not t[row].praise:
            plan_complaints(run, calendar, day, row)
        asks = np.float64(t[row].p_call)
        plan_call(calendar, who, day, call, asks)
        plan_further_calls(run, calendar, who, day, call, asks)


@part
def _book_talk(run: Run, book: Book, day: int, row: int, praises: int, planned: int) -> None:
    """Book that the person of a row decides to talk, or to speak well of the firm; who passes it on is marked."""
    mine = run.state[row]
    who, first = np.int64(mine.person), not mine.marks & TALKED
    if not praises:
        mine.marks |= TALKED
    books.book_talk(book, day, who, np.int64(run.people[who].group), (praises == _YES, first), planned)


@part
def _victims_post(run: Run, calendar: Calendar, day: int, row: int, what: tuple[int, int, int, int]) -> None:
    """Let each of those for whom the person of a row stands talk and post, or not, on the day on which they are told.

    ``what`` is (code, story, news, praise). Outlets count posts, so these are as many as the people are.
    """
    p, act = run.numbers[0], run.treatments[row]
    who = np.int64(act.person)
    chance = chance_to_talk(p.p_talk_victim, np.float64(act.grievance))
    if chance <= 0.0:
        return
    apart = np.float64(act.apart)
    for member in range(p.represents):
        talk, _, post, _ = four(run.seed, BLOCK_VICTIM, who, member, what[0] - 1)
        if talk < chance:
            plan_post(run, calendar, who, day + days_later(member, apart), (post, p.p_post), what, member)


_IS_AFFECTED, _DEFENDS, _TALKS, _CALLS = 1, 2, 4, 8
_AHEAD = 16
"""How many people ahead rows are asked for."""


@inlined
def _takes(p: np.void, source: int, react: float, sides: NDArray[np.float64]) -> int:
    """Return how someone who has the story from ``source`` takes it; ``sides`` is ``_chances_to_side``."""
    side = sides[source & tr.SOURCE_ID] if source >> tr.SOURCE_SHIFT == tr.BY_OUTLET else p.sides
    return reaction(react, side, p.affected)


@inlined
def _answer(
    p: np.void, reacts: int, luck: tuple[float, float, float], fan: bool, what: tuple[int, float, float],
    climate: tuple[float, float],
) -> int:  # fmt: skip
    """Return what someone does who has heard something bad; ``luck`` is that of (retelling, calling, defending).

    ``what`` is (story heard, own talkativeness, share of ties that told it), ``climate`` (corroboration, response).
    Takes plain numbers, not ``run``: it stands in the loop that meets everyone reached, and arrays of ``run`` are
    counted at each use.
    """
    retell, call, defend = luck
    act = 0
    if defend < chance_to_defend(fan, reacts == SIDES, p.p_defend, p.p_defend_siding):
        act |= _DEFENDS
    elif reacts != SIDES:
        severity = story_severity(what[0] / STORY_UNIT, climate[0], climate[1])
        felt, threshold = (severity, what[1], what[2]), (p.threshold, p.threshold_spread)
        if retells(p.retelling, retell, chance_to_retell(p.p_retell, severity, what[1]), felt, threshold):
            act |= _TALKS
    if call < p.p_call:
        act |= _CALLS
    return act


@part
def hearers_act(
    run: Run, book: Book, day: int, which: tuple[int, int], climate: tuple[float, float],
    found: tuple[NDArray[np.uint32], NDArray[np.uint8]], room: tuple[NDArray[np.uint32], NDArray[np.uint32]],
) -> int:  # fmt: skip
    """Book those who first heard today, at positions from .. to of the list of their rows, and find who of
    them does anything: fills ``found``, (their rows, what they do), and returns how many. ``room`` is that for who
    they are, and for their luck.

    Most only know. Nothing is planned here, so that this loop, which meets everyone reached, stays lean.
    """
    sides = _chances_to_side(run, day)
    p, people, state, fresh = run.numbers[0], run.people, run.state, run.fresh
    (acting, acts), (whose, words) = found, room
    last = run.count[FRESH_COUNT]
    number = 0
    for k in range(which[0], which[1]):
        whose[k - which[0]] = state[fresh[k]].person
    luck = four_words(run.seed, BLOCK_HEARER, whose[: which[1] - which[0]], words)
    for k in range(which[0], which[1]):
        if k + _AHEAD < last:
            fetch(people, state[fresh[k + _AHEAD]].person)
        known = state[fresh[k]]
        at = k - which[0]
        who = np.int64(whose[at])
        books.book_heard(book, day, who, np.int64(known.source), np.int64(people[who].group))
        reacts = _takes(p, np.int64(known.source), unit(luck[0, at]), sides)
        act = _IS_AFFECTED if reacts == IS_AFFECTED else 0
        if known.harm != 0:
            fan = (people[who].traits & ADVOCATE) != 0
            mine = (unit(luck[1, at]), unit(luck[2, at]), unit(luck[3, at]))
            what = (np.int64(known.story), np.float64(people[who].talkativeness), share_of_ties(run, who))
            act |= _answer(p, reacts, mine, fan, what, climate)
        acts[number] = act
        acting[number] = fresh[k]
        number += 1 if act else 0
    return number


@part
def _chances_to_side(run: Run, day: int) -> NDArray[np.float64]:
    """Return, for each outlet, the chance that someone who has it from there sides with the firm."""
    out = np.empty(run.outlets.size, dtype=np.float64)
    for k in range(run.outlets.size):
        outlet = run.outlets[k]
        days = days_since_report(day, run.covered[k, 0], outlet.lag, run.numbers[0].announced_on)
        theirs = told_by_outlet(outlet.sides, outlet.sides_after, days, outlet.revises_after)
        out[k] = chance_to_side(run.numbers[0].sides, theirs)
    return out


@part
def _answer_of(run: Run, who: int, sides: NDArray[np.float64], climate: tuple[float, float]) -> int:
    """Return what one person does about the story, by all that they know of it now."""
    p, mine = run.numbers[0], run.state[run.place[who]]
    react, retell, call, defend = four(run.seed, BLOCK_HEARER, who, 0, 0)
    reacts = _takes(p, np.int64(mine.source), react, sides)
    what = (np.int64(mine.story), np.float64(run.people[who].talkativeness), share_of_ties(run, who))
    return _answer(p, reacts, (retell, call, defend), _is_fan(run, who), what, climate)


@part
def struck_act(
    run: Run, day: int, climate: tuple[float, float], found: tuple[NDArray[np.uint32], NDArray[np.uint8]]
) -> int:
    """Find who of those struck today answers: fills ``found``, (rows, what they do), and returns how many."""
    sides = _chances_to_side(run, day)
    number = 0
    for k in range(run.count[STRUCK_COUNT]):
        who = np.int64(run.struck[k])
        run.state[run.place[who]].marks &= 255 - STRUCK
        act = _answer_of(run, who, sides, climate)
        if act:
            found[0][number] = run.place[who]
            found[1][number] = act
            number += 1
    run.count[STRUCK_COUNT] = 0
    return number


@part
def swayed_act(
    run: Run, day: int, climate: tuple[float, float], found: tuple[NDArray[np.uint32], NDArray[np.uint8]]
) -> int:
    """Find who of those whom a tie told today now retells: fills ``found``, (rows, what they do), returns how many."""
    sides = _chances_to_side(run, day)
    number = 0
    for k in range(run.count[SWAYED_COUNT]):
        who = np.int64(run.swayed[k])
        run.talk[who] &= 65535 - THINKS
        if run.talk[who] & TALKS or run.state[run.place[who]].harm == 0:
            continue
        act = _answer_of(run, who, sides, climate) & _TALKS
        if act:
            found[0][number] = run.place[who]
            found[1][number] = act
            number += 1
    run.count[SWAYED_COUNT] = 0
    return number


@inlined
def _is_fan(run: Run, who: int) -> bool:
    """Return whether a person is an advocate of the firm, or has had good of it."""
    if run.people[who].traits & ADVOCATE:
        return True
    return (run.state[run.place[who]].marks & TOLD) != 0 and bool(run.treatments[row_of(run, who)].praise)


@part
def plans_of_hearers(run: Run, acting: NDArray[np.uint32], acts: NDArray[np.uint8]) -> int:
    """Return how much, at most, the people of these rows plan; ask for their ties."""
    mean, state = run.numbers[0].hearer_strangers, run.state
    total = 0
    for k in range(acting.size):
        who = np.int64(state[acting[k]].person)
        if k + _AHEAD < acting.size:
            fetch_head(run.network, state[acting[k + _AHEAD]].person)
        total += OTHER_PLANS
        if acts[k] & (_DEFENDS | _TALKS):
            total += degree_of(run.network, who)
            fetch_ties(run.network, who)
        if acts[k] & _TALKS:
            total += strangers_met(run, who, HEARER, mean) + run.numbers[0].represents - 1
    for k in range(acting.size):
        if acts[k] & (_DEFENDS | _TALKS):
            fetch_far_ties(run.network, np.int64(state[acting[k]].person))
    return total


@part
def hearers_decide(
    run: Run, book: Book, calendar: Calendar, day: int, who_acts: tuple[NDArray[np.uint32], NDArray[np.uint8]],
    most_news: int,
) -> None:  # fmt: skip
    """Let those of the hearers who act take sides, and defend, retell, post and call.

    ``who_acts`` is (their rows, what they do); ``most_news`` the most newsworthy thing told so far.
    """
    p, state = run.numbers[0], run.state
    acting, acts = who_acts
    within = share_within(p.talk_half_life, p.talk_days)
    words = np.empty((2, LANES), dtype=np.uint32)
    moved = np.empty(acting.size, dtype=np.int64)
    moves = 0
    for k in range(acting.size):
        mine, act = state[acting[k]], acts[k]
        who = np.int64(mine.person)
        if act & _IS_AFFECTED:
            mine.marks |= AFFECTED
            fetch(run.place, who)
            moved[moves] = who
            moves += 1
        if act & (_DEFENDS | _TALKS):
            story = np.int64(mine.story)
            praises = _YES if act & _DEFENDS else _NO
            planned = plan_ties(run, calendar, who, day, p.hearer_tells, (HEARER, story, praises), within, words)
            if not praises:
                begins_to_talk(run, who)
                planned += plan_strangers(run, calendar, who, day, p.hearer_strangers, (HEARER, story, _NO))
                what = (HEARER, story, np.int64(most_news * p.hearsay_news), _NO)
                for member in range(p.represents):
                    post, _, _, _ = four(run.seed, BLOCK_TALKER, who, member, 0)
                    if post < p.p_post_hearer:
                        plan_post(run, calendar, who, day, (post, np.float64(p.p_post_hearer)), what, member)
            _book_talk(run, book, day, np.int64(acting[k]), praises, planned)
        if act & _CALLS and still_customer(run, who, day):
            _, _, call, _ = four(run.seed, BLOCK_HEARER, who, 0, 0)
            plan_call(calendar, who, day, call, p.p_call)
    await_bills(run, calendar, moved[:moves], day, UNKNOWN)
