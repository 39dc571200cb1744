"""The firm's phase, the delivery of what is due, and attention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import part
from wom_sim.engines.compiled.calendar import CALL, CONVERSATION, END, NIL, POST, Calendar, release, schedule, unpack
from wom_sim.engines.compiled.leave import await_bill, books_group, leaves
from wom_sim.engines.compiled.state import AFFECTED, STOPPED, TOLD, Run, still_customer, touch
from wom_sim.engines.compiled.talk import dose, hears
from wom_sim.rules.attention import chance_of_pickup, people_skipped, reach_on_day
from wom_sim.rules.hearing import dose_units
from wom_sim.rules.money import cents
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
CURSOR, CLOCK, DISMISSED, WORST_STORY, MOST_NEWS, FIRST_NATIONAL, NEWS_TODAY = range(7)
MEMORY = 7


@part
def tells_customers(
    run: Run, book: Book, calendar: Calendar, day: int, memory: NDArray[np.int64], picked_up: NDArray[np.int64]
) -> tuple[Book, Calendar]:
    """Deliver the rows of the programme's next day; rows of customers who have left are void."""
    t = run.treatments
    memory[CLOCK] += 1
    while memory[CURSOR] < t.size and t[memory[CURSOR]].day_told == memory[CLOCK]:
        row = memory[CURSOR]
        memory[CURSOR] += 1
        i = t[row].person
        if not still_customer(run, i, day):
            continue
        run.told[row] = day
        touch(run, i)
        run.state[i].marks |= TOLD | AFFECTED
        run.state[i].marks &= 255 - STOPPED
        if run.state[i].heard == 0:
            run.state[i].heard = day + 1
            run.state[i].source = tr.source_of(tr.FIRM, 0)
        memory[WORST_STORY] = max(memory[WORST_STORY], t[row].story)
        memory[MOST_NEWS] = max(memory[MOST_NEWS], t[row].news)
        book = tr.book_told(book, day, i, books_group(run, i), t[row].given, t[row].cost)
        if t[row].action == DISMISS:
            memory[DISMISSED] += 1
            for outlet in range(picked_up.size):
                if picked_up[outlet] >= 0:
                    demands(run, book, day, outlet, np.int64(1))
        if t[row].notice >= 0:
            calendar = schedule(calendar, END, day + t[row].notice, row, 0, 0)
        calendar = await_bill(run, calendar, i, day)
    return book, calendar


@part
def demands(run: Run, book: Book, day: int, outlet: int, dismissed: int) -> None:
    """Book what a consumer authority demands for each customer dismissed."""
    tr.pay(book, day, tr.L_AUTHORITY, -cents(run.outlets[outlet].cost_per_dismissal) * dismissed)


@part
def ends_service(
    run: Run, book: Book, calendar: Calendar, day: int, departed: tuple[NDArray[np.uint32], int]
) -> tuple[Book, tuple[NDArray[np.uint32], int]]:
    """End service for those whose day it is; members of their household may go with them."""
    total = 0
    node = calendar.heads[END, day]
    while node != NIL:
        total += 1
        node = calendar.nodes[node, 3]
    rows = np.empty(total, dtype=np.int64)
    node = calendar.heads[END, day]
    for k in range(total):
        rows[k] = calendar.nodes[node, 0]
        node = calendar.nodes[node, 3]
    release(calendar, END, day)
    rows.sort()  # where service ends twice on one day, the first row is the cause
    let_go = 0
    for k in range(total):
        i = run.treatments[rows[k]].person
        if still_customer(run, i, day):
            cause = tr.DISMISSED if run.treatments[rows[k]].action == DISMISS else tr.ACCEPTED
            source = np.int64(run.state[i].source)
            book, departed = leaves(run, book, i, day, (np.int64(cause), source), departed)
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
                    why = (np.int64(tr.WITH_HOUSEHOLD), np.int64(tr.source_of(tr.BY_HOUSEHOLD, i)))
                    book, departed = leaves(run, book, other, day, why, departed)
    return book, departed


@part
def conversations(run: Run, book: Book, calendar: Calendar, day: int, climate: tuple[float, float]) -> Calendar:
    """Hold today's conversations; who tells someone who knows may stop, from tomorrow on.

    Praise may make a prospect join who otherwise would not, so those who hear it look at their luck again.
    """
    p, state = run.numbers[0], run.state
    moved = np.empty(64, dtype=np.uint32)
    moves = 0
    stopping = np.empty(64, dtype=np.uint32)
    stops = 0
    held = 0
    harm = 0
    praised = 0
    node = calendar.heads[CONVERSATION, day]
    while node != NIL:
        talker = np.int64(calendar.nodes[node, 0])
        listener = np.int64(calendar.nodes[node, 1])
        channel, praise, story, code, _ = unpack(calendar.nodes[node, 2])
        node = calendar.nodes[node, 3]
        if state[talker].marks & STOPPED:
            continue
        held += 1
        knew = (state[listener].marks & TOLD) != 0 or 0 < state[listener].heard < day + 1
        if praise:
            units = dose_units(p.weight[channel], story / STORY_UNIT)
            praised += units
            if state[listener].marks & AFFECTED:
                if moves == moved.size:
                    moved = np.concatenate((moved, np.empty_like(moved)))
                moved[moves] = listener
                moves += 1
        else:
            units = dose(run, channel, story, climate)
            harm += units
        hears(run, listener, day, tr.source_of(channel, talker), story, units, praise)
        if knew:
            _, u, _, _ = four(run.seed, BLOCK_TELL, talker, listener, code)
            if u < p.p_stop_when_known:
                if stops == stopping.size:
                    stopping = np.concatenate((stopping, np.empty_like(stopping)))
                stopping[stops] = talker
                stops += 1
    release(calendar, CONVERSATION, day)
    book.daily[day, tr.D_CONVERSATIONS] += held
    book.daily[day, tr.D_HARM] += harm
    book.daily[day, tr.D_PRAISE] += praised
    for k in range(stops):
        touch(run, np.int64(stopping[k]))
        state[stopping[k]].marks |= STOPPED
    for k in range(moves):
        calendar = await_bill(run, calendar, np.int64(moved[k]), day)
    return calendar


@part
def posts(
    run: Run, book: Book, calendar: Calendar, day: int, climate: tuple[float, float], memory: NDArray[np.int64]
) -> Book:
    """Publish today's posts; their readers are random people."""
    node = calendar.heads[POST, day]
    while node != NIL:
        author = np.int64(calendar.nodes[node, 0])
        audience = np.int64(calendar.nodes[node, 1])
        _, _, story, code, news = unpack(calendar.nodes[node, 2])
        node = calendar.nodes[node, 3]
        book.daily[day, tr.D_POSTS] += 1
        memory[NEWS_TODAY] += news
        book = tr.log(book, day, tr.POSTS, author, tr.NO_SOURCE, (0, 0, np.int64(run.people[author].group)), audience)
        units = dose(run, tr.BY_POST, story, climate)
        source = tr.source_of(tr.BY_POST, author)
        read = 0
        for k in range(audience):
            reader, _ = stranger(run.seed, BLOCK_READER, author, k, code, run.network.pool)
            if reader != author:
                read += 1
                hears(run, reader, day, source, story, units, False)
        book.daily[day, tr.D_READERS] += read
        book.daily[day, tr.D_HARM] += read * units
    release(calendar, POST, day)
    return book


@part
def coverage(run: Run, book: Book, day: int, outlet: int, since: tuple[int, int], climate: tuple[float, float]) -> None:
    """Reach people through an outlet; ``since`` is (day of pick-up, how bad the story was)."""
    days = day - since[0] - run.outlets[outlet].lag
    if days < 0:
        return
    reach = reach_on_day(run.outlets[outlet].reach, run.outlets[outlet].half_life, days)
    if reach <= 0.0:
        return
    units = dose(run, tr.BY_OUTLET, since[1], climate)
    source = tr.source_of(tr.BY_OUTLET, outlet)
    n = run.people.size
    reached = 0
    person = -1
    block = 0
    audience = np.empty(4 * _BLOCKS, dtype=np.int64)
    while person < n:
        found = 0
        for _ in range(_BLOCKS):
            for u in four(run.seed, BLOCK_BROADCAST, outlet, block, day):
                person += 1 + people_skipped(u, reach)
                if person < n:
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
def calls(run: Run, book: Book, calendar: Calendar, day: int) -> Book:
    """Answer today's calls of those who still are customers."""
    node = calendar.heads[CALL, day]
    while node != NIL:
        who = np.int64(calendar.nodes[node, 0])
        node = calendar.nodes[node, 3]
        if still_customer(run, who, day):
            book = tr.book_call(book, day, who, books_group(run, who), run.numbers[0].cost_per_call)
    release(calendar, CALL, day)
    return book


@part
def outlets_decide(
    run: Run, book: Book, day: int, buzz: float, memory: NDArray[np.int64], covered: NDArray[np.int64]
) -> Book:
    """Let outlets pick the story up; ``covered`` is (day of pick-up or -1, how bad the story was) for each."""
    if memory[WORST_STORY] == 0:
        return book
    for outlet in range(covered.shape[0]):
        if covered[outlet, 0] >= 0:
            continue
        u, _, _, _ = four(run.seed, BLOCK_PICKUP, outlet, 0, day)
        if u < chance_of_pickup(buzz, run.outlets[outlet].threshold):
            covered[outlet, 0] = day
            covered[outlet, 1] = memory[WORST_STORY]
            book.daily[day, tr.D_PICKUPS] += 1
            if run.outlets[outlet].national:
                book.daily[day, tr.D_NATIONAL] += 1
                if memory[FIRST_NATIONAL] < 0:
                    memory[FIRST_NATIONAL] = day
            source = tr.source_of(tr.BY_OUTLET, outlet)
            book = tr.log(book, day, tr.PICKED_UP, outlet, source, (0, 0, 0), 0)
            demands(run, book, day, outlet, memory[DISMISSED])
    return book
