"""The delivery of what is due: conversations, posts, coverage and calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import fetch, inlined, part
from wom_sim.engines.compiled.calendar import (
    CALL,
    CONVERSATION,
    NIL,
    POST,
    Calendar,
    entries_due,
    first_chunk,
    next_chunk,
    release,
    unpack,
)
from wom_sim.engines.compiled.firm import ANECDOTES, BAD_POSTS, LOUDEST, NEWS_TODAY
from wom_sim.engines.compiled.leave import UNKNOWN, await_bills, books_group
from wom_sim.engines.compiled.state import (
    AFFECTED,
    FROM_THE_FIRM,
    STOPPED,
    Run,
    chain_of,
    four_of,
    source_heard,
    still_customer,
    talks_now,
    told_by_tie,
    touch,
)
from wom_sim.engines.compiled.talk import audience_of, dose, hears
from wom_sim.rules.attention import (
    STORY,
    days_of_coverage,
    days_since_report,
    intensity_of_post,
    luck_of_story,
    people_skipped,
    reach_after_move,
    reach_on_day,
    skip_length,
    told_by_outlet,
    units_of_intensity,
)
from wom_sim.rules.hearing import dose_units
from wom_sim.rules.spreading import BOTH, CONSTANT, THRESHOLD, chance_to_stop, reach_by_hearing
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.luck import (
    BLOCK_ANECDOTE,
    BLOCK_BROADCAST,
    BLOCK_MEETS,
    BLOCK_READER,
    BLOCK_TELL,
    four,
    stranger,
)
from wom_sim.world.members import code_of_member, most_readers, reads_it
from wom_sim.world.own_rules import own_reach
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.trace import Book
from wom_sim.world.treatments import STORY_UNIT

_AHEAD = 16
"""How many conversations ahead people are asked for: where their rows are twice as early."""
_BLOCKS = 64
"""Draws of a broadcast made in one go, so that many people's rows are on their way from memory at once."""


@part
def conversations(run: Run, book: Book, calendar: Calendar, day: int, climate: tuple[float, float]) -> None:
    """Hold today's conversations; who tells someone who knows may stop, from tomorrow on.

    Praise may make a prospect join who otherwise would not, so those who hear it look at their luck again.
    """
    p, state = run.numbers[0], run.state
    today = entries_due(calendar, CONVERSATION, day)
    total = today.shape[0]
    moved = np.empty(total, dtype=np.int64)
    stopping = np.empty(2 * total, dtype=np.uint32)
    moves, stops, held, harm, praised = 0, 0, 0, 0, 0
    for k in range(total):
        _fetch_talk(run, today, k)
        talker, listener = np.int64(today[k, 0]), np.int64(today[k, 1])
        if state[run.place[talker]].marks & STOPPED:
            continue
        channel, praise, story, code, _ = unpack(today[k, 2])
        held += 1
        known = state[run.place[listener]]
        knew = 0 < known.heard < day + 1 or (known.heard != 0 and known.source == FROM_THE_FIRM)
        if praise:
            units = praise_units(run, channel, story)
            praised += units
            if known.marks & AFFECTED:
                moved[moves] = listener
                moves += 1
        else:
            units = dose(run, channel, story, climate)
            harm += units
        hears(run, listener, day, tr.source_of(channel, talker), story, units, praise)
        if p.retelling == THRESHOLD and not praise and channel != tr.BY_STRANGER:
            told_by_tie(run, listener)
        if knew:
            stops = _who_stops(run, day, (talker, listener, code), stopping, stops)
    book.daily[day, tr.D_CONVERSATIONS] += held
    book.daily[day, tr.D_HARM] += harm
    book.daily[day, tr.D_PRAISE] += praised
    for k in range(stops):
        state[touch(run, np.int64(stopping[k]))].marks |= STOPPED
    await_bills(run, calendar, moved[:moves], day, UNKNOWN)


@inlined
def _fetch_talk(run: Run, today: NDArray[np.uint32], k: int) -> None:
    """Ask for what is read of those who meet in the conversations that follow conversation ``k`` of today."""
    if k + 2 * _AHEAD < today.shape[0]:
        fetch(run.place, today[k + 2 * _AHEAD, 0])
        fetch(run.place, today[k + 2 * _AHEAD, 1])
    if k + _AHEAD < today.shape[0]:
        fetch(run.state, run.place[today[k + _AHEAD, 0]])
        fetch(run.state, run.place[today[k + _AHEAD, 1]])
        if unpack(today[k + _AHEAD, 2])[1]:
            fetch(run.begin, chain_of(np.int64(today[k + _AHEAD, 1]), run.begin.size))


@inlined
def _who_stops(
    run: Run, day: int, talk: tuple[int, int, int], stopping: NDArray[np.uint32], stops: int
) -> int:  # fmt: skip
    """List who stops talking because the listener of ``talk``, (talker, listener, code), knew; returns how many do."""
    p = run.numbers[0]
    meets = False
    if p.stopping == BOTH:
        u, _, _, _ = four(run.seed, BLOCK_MEETS, talk[0], talk[1], day)
        meets = talks_now(run, talk[1])
    else:
        _, u, _, _ = four(run.seed, BLOCK_TELL, talk[0], talk[1], talk[2])
    if u < chance_to_stop(p.stopping, p.p_stop_when_known, meets):
        stopping[stops] = talk[0]
        stops += 1
        if meets:
            stopping[stops] = talk[1]
            stops += 1
    return stops


@part
def _heard_before(book: Book, day: int, people: int) -> float:
    """Return the share of people who had first heard from others before ``day``."""
    total = 0
    for before in range(day):
        total += np.int64(book.daily[before, tr.D_REACHED])
    return total / people


@inlined
def praise_units(run: Run, channel: int, story: int) -> int:
    """Return the dose of one telling of praise."""
    return dose_units(run.numbers[0].weight[channel], story / STORY_UNIT)


@part
def readers_today(run: Run, calendar: Calendar, day: int) -> int:
    """Return how many people read praise today, at most: each may have a bill to await."""
    total = 0
    chunk, at, end = first_chunk(calendar, POST, day)
    while chunk != NIL:
        for k in range(at, end):
            _, praise, _, code, _ = unpack(calendar.entries[k, 2])
            if praise:
                total += audience_of(run, np.int64(calendar.entries[k, 0]), np.int64(calendar.entries[k, 1]), code)
        chunk, at, end = next_chunk(calendar, chunk)
    return total


@part
def posts(
    run: Run, book: Book, calendar: Calendar, day: int, climate: tuple[float, float], memory: NDArray[np.int64]
) -> None:
    """Publish today's posts; their readers are random people."""
    chunk, at, end = first_chunk(calendar, POST, day)
    while chunk != NIL:
        for k in range(at, end):
            author = np.int64(calendar.entries[k, 0])
            member = np.int64(calendar.entries[k, 1])
            _, praise, story, code, news = unpack(calendar.entries[k, 2])
            audience = audience_of(run, author, member, code)
            book.daily[day, tr.D_POSTS] += 1
            if not praise:
                makes_news(run, (author, member, code), (news, 1.0), memory)
            group = np.int64(run.people[author].group)
            books.note(book, day, tr.POSTS, author, tr.NO_SOURCE, (0, 0, group), audience)
            if not praise:
                books.note(book, day, tr.NEWS, author, tr.NO_SOURCE, (0, 0, group), news)
            units = praise_units(run, tr.BY_POST, story) if praise else dose(run, tr.BY_POST, story, climate)
            moved = reads(run, book, day, (author, member, code, audience), (story, units, praise))
            await_bills(run, calendar, moved, day, UNKNOWN)
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, POST, day)


@part
def makes_news(run: Run, post: tuple[int, int, int], what: tuple[int, float], memory: NDArray[np.int64]) -> int:
    """Count a post of today, (author, member, code), as news; ``what`` is (newsworthiness, standing of the author).

    Returns what it is worth in all, in 1/256 posts.
    """
    p = run.numbers[0]
    worth = np.int64(what[0] * what[1] + 0.5)
    memory[NEWS_TODAY] += worth
    memory[LOUDEST] = max(memory[LOUDEST], worth)
    memory[BAD_POSTS] += 1
    if p.media_rule == STORY:
        u, v, _, _ = four(run.seed, BLOCK_ANECDOTE, post[0], post[1], post[2])
        luck = luck_of_story(p.story_spread, normal_pair(u, v)[0])
        memory[ANECDOTES] += units_of_intensity(
            intensity_of_post(luck, p.novelty, what[0] / 256.0, what[1], p.coherence, p.story_alone)
        )
    return worth


@part
def reads(
    run: Run, book: Book, day: int, post: tuple[int, int, int, int], what: tuple[int, int, bool]
) -> NDArray[np.int64]:
    """Let random people read a post, (author, member, code, audience); ``what`` is (story, dose, whether praise).

    Returns those who look at their luck again, because they read praise.
    """
    author, member, code, audience = post
    represents = run.numbers[0].represents
    most = most_readers(audience, represents)
    moved = np.empty(most if what[2] else 0, dtype=np.int64)
    moves = 0
    source = np.int64(tr.source_of(tr.BY_POST, author))
    readers = np.empty(min(most, _BLOCKS), dtype=np.int64)
    read = 0
    occasion = code_of_member(code, member)
    for first in range(0, most, _BLOCKS):
        found = 0
        for k in range(first, min(first + _BLOCKS, most)):
            reader, reads = stranger(run.seed, BLOCK_READER, author, k, occasion, run.network.pool)
            if reader != author and reads_it(reads, k, audience, represents):
                fetch(run.place, reader)
                readers[found] = reader
                found += 1
        for k in range(found):
            hears(run, readers[k], day, source, what[0], what[1], what[2])
            if what[2] and run.state[run.place[readers[k]]].marks & AFFECTED:
                moved[moves] = readers[k]
                moves += 1
        read += found
    book.daily[day, tr.D_READERS] += read
    book.daily[day, tr.D_PRAISE if what[2] else tr.D_HARM] += read * what[1]
    return moved[:moves]


@inlined
def _reach_among(run: Run, book: Book, day: int, outlet: int, usual: float) -> float:
    """Return an outlet's reach today, ``usual`` but for who has heard, and for a rule of another package."""
    p, medium = run.numbers[0], run.outlets[outlet]
    if medium.spread == CONSTANT and p.own_coverage == 0:
        return usual
    heard = _heard_before(book, day, run.people.size)
    reach = reach_by_hearing(medium.spread, usual, medium.imitation, heard)
    if p.own_coverage != 0:
        days = days_since_report(day, run.covered[outlet, 0], medium.lag, p.announced_on)
        today = (np.float64(days_of_coverage(days, medium.revises_after)), reach, heard)
        return own_reach(p.own_coverage, (medium.reach, medium.half_life), today, four_of(p.coverage_numbers))
    return reach


@part
def coverage(run: Run, book: Book, day: int, outlet: int, climate: tuple[float, float], responded_on: int) -> None:
    """Reach people through an outlet that has picked the story up; ``responded_on`` is -1 if the firm has not."""
    since, medium = (run.covered[outlet, 0], run.covered[outlet, 1]), run.outlets[outlet]
    days = days_since_report(day, since[0], medium.lag, run.numbers[0].announced_on)
    if days < 0:
        return
    reach = reach_on_day(medium.reach, medium.half_life, days_of_coverage(days, medium.revises_after))
    if responded_on >= 0:
        again = reach_after_move(medium.reach, medium.half_life, day - responded_on, run.numbers[0].second_peak)
        reach = min(1.0, reach + again)
    reach = _reach_among(run, book, day, outlet, reach)
    if reach <= 0.0:
        return
    length = skip_length(reach)
    tone = told_by_outlet(medium.tone, medium.tone_after, days, medium.revises_after)
    units = dose(run, tr.BY_OUTLET, since[1], climate, tone)
    source = np.int64(tr.source_of(tr.BY_OUTLET, outlet))
    n = run.people.size
    reached = 0
    person = -1
    block = 0
    audience = np.empty(4 * _BLOCKS, dtype=np.int64)
    while person < n:
        found = 0
        for _ in range(_BLOCKS):
            for u in four(run.seed, BLOCK_BROADCAST, outlet, block, day):
                person += 1 + people_skipped(u, length)
                if person < n:
                    fetch(run.place, person)
                    audience[found] = person
                    found += 1
            block += 1
            if person >= n:
                break
        for k in range(found):
            fetch(run.state, run.place[audience[k]])
        for k in range(found):
            hears(run, audience[k], day, source, since[1], units, False)
        reached += found
    book.daily[day, tr.D_COVERAGE] += reached
    book.daily[day, tr.D_HARM] += reached * units


@part
def calls(run: Run, book: Book, calendar: Calendar, day: int) -> None:
    """Answer today's calls of those who still are customers."""
    chunk, at, end = first_chunk(calendar, CALL, day)
    while chunk != NIL:
        for k in range(at, end):
            who = np.int64(calendar.entries[k, 0])
            if still_customer(run, who, day):
                cost = (run.numbers[0].contact_cost, run.numbers[0].discount)
                books.book_call(book, day, who, source_heard(run, who), books_group(run, who), cost)
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, CALL, day)
