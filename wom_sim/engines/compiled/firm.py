"""The firm's phase, the delivery of what is due, and attention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import fetch, inlined, part
from wom_sim.engines.compiled.calendar import (
    CALL,
    CONVERSATION,
    END,
    NIL,
    POST,
    Calendar,
    due,
    first_chunk,
    next_chunk,
    people_due,
    release,
    schedule,
    unpack,
)
from wom_sim.engines.compiled.leave import await_bills, books_group, leaves
from wom_sim.engines.compiled.state import (
    AFFECTED,
    FROM_THE_FIRM,
    STOPPED,
    TOLD,
    WRONGED,
    Run,
    source_heard,
    still_customer,
    touch,
)
from wom_sim.engines.compiled.talk import dose, hears
from wom_sim.rules.attention import (
    chance_of_pickup,
    days_of_coverage,
    people_skipped,
    reach_on_day,
    skip_length,
    told_by_outlet,
)
from wom_sim.rules.fairness import learns
from wom_sim.rules.hearing import dose_units
from wom_sim.world import trace as tr
from wom_sim.world.luck import (
    BLOCK_BROADCAST,
    BLOCK_FOLLOW,
    BLOCK_PICKUP,
    BLOCK_READER,
    BLOCK_TELL,
    four,
    stranger,
)
from wom_sim.world.network import CLASS_BITS, CLASS_MASK, HOUSEHOLD
from wom_sim.world.trace import Book
from wom_sim.world.treatments import DISMISS, STORY_UNIT

_BLOCKS = 64
"""Draws of a broadcast made in one go, so that many people's rows are on their way from memory at once."""

# What the firm and the public remember, by position.
CURSOR, CLOCK, DISMISSED, WORST_STORY, MOST_NEWS, FIRST_NATIONAL, NEWS_TODAY, PICKED_UP, WITHDRAWN = range(9)
MEMORY = 9


@part
def rows_of_today(run: Run, memory: NDArray[np.int64]) -> int:
    """Start the programme's next day and return the number of its rows."""
    memory[CLOCK] += 1
    row = memory[CURSOR]
    while row < run.treatments.size and run.treatments[row].day_told == memory[CLOCK]:
        row += 1
    return row - memory[CURSOR]


@part
def tells_customers(run: Run, book: Book, calendar: Calendar, day: int, rows: int, memory: NDArray[np.int64]) -> None:
    """Deliver the programme's next ``rows``; rows of customers who have left are void."""
    t = run.treatments
    told = np.empty(rows, dtype=np.int64)
    number = 0
    for row in range(memory[CURSOR], memory[CURSOR] + rows):
        i = np.int64(t[row].person)
        if not still_customer(run, i, day):
            continue
        run.told[row] = day
        touch(run, i)
        run.state[i].marks |= TOLD
        run.state[i].marks &= 255 - STOPPED
        if learns(np.float64(t[row].story), np.float64(t[row].grievance), t[row].praise):
            run.state[i].marks |= AFFECTED if t[row].praise else AFFECTED | WRONGED
            if run.state[i].heard == 0:
                run.state[i].heard = day + 1
                run.state[i].source = FROM_THE_FIRM
        if not t[row].praise:
            memory[WORST_STORY] = max(memory[WORST_STORY], np.int64(t[row].story))
            memory[MOST_NEWS] = max(memory[MOST_NEWS], np.int64(t[row].news))
        tr.book_told(book, day, i, books_group(run, i), (t[row].given, t[row].cost, run.numbers[0].discount))
        if t[row].action == DISMISS:
            memory[DISMISSED] += 1
            for outlet in range(run.covered.shape[0]):
                if run.covered[outlet, 0] >= 0:
                    demands(run, book, day, outlet, np.int64(1))
        if t[row].notice >= 0:
            schedule(calendar, END, day + t[row].notice, row, 0, 0)
        told[number] = i
        number += 1
    memory[CURSOR] += rows
    await_bills(run, calendar, told[:number], day)


@part
def demands(run: Run, book: Book, day: int, outlet: int, dismissed: int) -> None:
    """Book what a consumer authority demands for each customer dismissed."""
    cost = (run.outlets[outlet].cost_per_dismissal, run.numbers[0].discount)
    tr.book_demand(book, day, outlet, dismissed, cost)


@part
def ends_today(run: Run, calendar: Calendar, day: int) -> int:
    """Return how many people, at most, leave because their service, or that of a tie, ends today."""
    total = 0
    chunk, at, end = first_chunk(calendar, END, day)
    while chunk != NIL:
        for k in range(at, end):
            i = np.int64(run.treatments[calendar.entries[k, 0]].person)
            total += 1 + run.network.start[i + 1] - run.network.start[i]
        chunk, at, end = next_chunk(calendar, chunk)
    return total


@part
def ends_service(run: Run, book: Book, calendar: Calendar, day: int) -> None:
    """End service for those whose day it is; members of their household may go with them."""
    rows = people_due(calendar, END, day)  # ascending: where service ends twice on one day, the first row is the cause
    let_go = 0
    for k in range(rows.size):
        i = np.int64(run.treatments[rows[k]].person)
        if still_customer(run, i, day):
            cause = tr.cause_of_end(np.int64(run.treatments[rows[k]].action))
            leaves(run, book, i, day, (np.int64(cause), np.int64(source_heard(run, i))))
            rows[let_go] = i
            let_go += 1
    people = rows[:let_go]
    people.sort()
    for k in range(let_go):
        i = people[k]
        for e in range(run.network.start[i], run.network.start[i + 1]):
            tie = run.network.ties[e]
            other = np.int64(tie >> CLASS_BITS)
            if np.int64(tie & CLASS_MASK) == HOUSEHOLD and still_customer(run, other, day):
                u, _, _, _ = four(run.seed, BLOCK_FOLLOW, other, i, 0)
                if u < run.numbers[0].household_follows:
                    source = np.int64(tr.source_of(tr.BY_HOUSEHOLD, i))
                    leaves(run, book, other, day, (np.int64(tr.WITH_HOUSEHOLD), source))


@part
def conversations(run: Run, book: Book, calendar: Calendar, day: int, climate: tuple[float, float]) -> None:
    """Hold today's conversations; who tells someone who knows may stop, from tomorrow on.

    Praise may make a prospect join who otherwise would not, so those who hear it look at their luck again.
    """
    p, state = run.numbers[0], run.state
    total = due(calendar, CONVERSATION, day)
    moved = np.empty(total, dtype=np.int64)
    stopping = np.empty(total, dtype=np.uint32)
    moves, stops, held, harm, praised = 0, 0, 0, 0, 0
    chunk, at, end = first_chunk(calendar, CONVERSATION, day)
    while chunk != NIL:
        for k in range(at, end):
            fetch(state, calendar.entries[k, 0])
            fetch(state, calendar.entries[k, 1])
        for k in range(at, end):
            talker = np.int64(calendar.entries[k, 0])
            listener = np.int64(calendar.entries[k, 1])
            if state[talker].marks & STOPPED:
                continue
            channel, praise, story, code, _ = unpack(calendar.entries[k, 2])
            held += 1
            knew = 0 < state[listener].heard < day + 1 or (
                state[listener].heard != 0 and state[listener].source == FROM_THE_FIRM
            )
            if praise:
                units = praise_units(run, channel, story)
                praised += units
                if state[listener].marks & AFFECTED:
                    moved[moves] = listener
                    moves += 1
            else:
                units = dose(run, channel, story, climate)
                harm += units
            hears(run, listener, day, tr.source_of(channel, talker), story, units, praise)
            if knew:
                _, u, _, _ = four(run.seed, BLOCK_TELL, talker, listener, code)
                if u < p.p_stop_when_known:
                    stopping[stops] = talker
                    stops += 1
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, CONVERSATION, day)
    book.daily[day, tr.D_CONVERSATIONS] += held
    book.daily[day, tr.D_HARM] += harm
    book.daily[day, tr.D_PRAISE] += praised
    for k in range(stops):
        touch(run, np.int64(stopping[k]))
        state[stopping[k]].marks |= STOPPED
    await_bills(run, calendar, moved[:moves], day)


@inlined
def praise_units(run: Run, channel: int, story: int) -> int:
    """Return the dose of one telling of praise."""
    return dose_units(run.numbers[0].weight[channel], story / STORY_UNIT)


@part
def readers_today(calendar: Calendar, day: int) -> int:
    """Return how many people read praise today, at most: each may have a bill to await."""
    total = 0
    chunk, at, end = first_chunk(calendar, POST, day)
    while chunk != NIL:
        for k in range(at, end):
            _, praise, _, _, _ = unpack(calendar.entries[k, 2])
            if praise:
                total += np.int64(calendar.entries[k, 1])
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
            audience = np.int64(calendar.entries[k, 1])
            _, praise, story, code, news = unpack(calendar.entries[k, 2])
            book.daily[day, tr.D_POSTS] += 1
            if not praise:
                memory[NEWS_TODAY] += news
            group = np.int64(run.people[author].group)
            tr.note(book, day, tr.POSTS, author, tr.NO_SOURCE, (0, 0, group), audience)
            if not praise:
                tr.note(book, day, tr.NEWS, author, tr.NO_SOURCE, (0, 0, group), news)
            units = praise_units(run, tr.BY_POST, story) if praise else dose(run, tr.BY_POST, story, climate)
            moved = _reads(run, book, day, (author, code, audience), (story, units, praise))
            await_bills(run, calendar, moved, day)
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, POST, day)


@part
def _reads(
    run: Run, book: Book, day: int, post: tuple[int, int, int], what: tuple[int, int, bool]
) -> NDArray[np.int64]:
    """Let random people read a post, (author, code, audience); ``what`` is (story, dose, whether it is praise).

    Returns those who look at their luck again, because they read praise.
    """
    author, code, audience = post
    moved = np.empty(audience if what[2] else 0, dtype=np.int64)
    moves = 0
    source = np.int64(tr.source_of(tr.BY_POST, author))
    readers = np.empty(min(audience, _BLOCKS), dtype=np.int64)
    read = 0
    for first in range(0, audience, _BLOCKS):
        found = 0
        for k in range(first, min(first + _BLOCKS, audience)):
            reader, _ = stranger(run.seed, BLOCK_READER, author, k, code, run.network.pool)
            if reader != author:
                fetch(run.state, reader)
                readers[found] = reader
                found += 1
        for k in range(found):
            hears(run, readers[k], day, source, what[0], what[1], what[2])
            if what[2] and run.state[readers[k]].marks & AFFECTED:
                moved[moves] = readers[k]
                moves += 1
        read += found
    book.daily[day, tr.D_READERS] += read
    book.daily[day, tr.D_PRAISE if what[2] else tr.D_HARM] += read * what[1]
    return moved[:moves]


@part
def coverage(run: Run, book: Book, day: int, outlet: int, climate: tuple[float, float]) -> None:
    """Reach people through an outlet that has picked the story up."""
    since, medium = (run.covered[outlet, 0], run.covered[outlet, 1]), run.outlets[outlet]
    days = day - since[0] - medium.lag
    if days < 0:
        return
    reach = reach_on_day(medium.reach, medium.half_life, days_of_coverage(days, medium.revises_after))
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
                    fetch(run.state, person)
                    audience[found] = person
                    found += 1
            block += 1
            if person >= n:
                break
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
                cost = (run.numbers[0].cost_per_call, run.numbers[0].discount)
                tr.book_call(book, day, who, source_heard(run, who), books_group(run, who), cost)
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, CALL, day)


@part
def outlets_decide(run: Run, book: Book, day: int, buzz: float, memory: NDArray[np.int64]) -> None:
    """Let outlets pick the story up."""
    covered = run.covered
    for outlet in range(covered.shape[0]):
        if covered[outlet, 0] >= 0:
            continue
        u, _, _, _ = four(run.seed, BLOCK_PICKUP, outlet, 0, day)
        if u < chance_of_pickup(buzz, run.outlets[outlet].threshold):
            covered[outlet, 0] = day
            covered[outlet, 1] = memory[WORST_STORY]
            memory[PICKED_UP] += 1
            book.daily[day, tr.D_PICKUPS] += 1
            if run.outlets[outlet].national:
                book.daily[day, tr.D_NATIONAL] += 1
                if memory[FIRST_NATIONAL] < 0:
                    memory[FIRST_NATIONAL] = day
            source = tr.source_of(tr.BY_OUTLET, outlet)
            tr.note(book, day, tr.PICKED_UP, outlet, source, (0, 0, 0), 0)
            demands(run, book, day, outlet, memory[DISMISSED])
