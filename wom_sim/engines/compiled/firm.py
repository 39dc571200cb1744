"""The firm's phase, and attention: what outlets and authorities do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import part
from wom_sim.engines.compiled.calendar import (
    END,
    NIL,
    Calendar,
    first_chunk,
    next_chunk,
    people_due,
    schedule,
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
from wom_sim.rules.attention import (
    chance_of_pickup,
)
from wom_sim.rules.fairness import learns
from wom_sim.rules.leaving import chance_to_follow
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.luck import (
    BLOCK_FOLLOW,
    BLOCK_PICKUP,
    four,
)
from wom_sim.world.network import CLASS_BITS, CLASS_MASK, HOUSEHOLD
from wom_sim.world.trace import Book
from wom_sim.world.treatments import DISMISS

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
        books.book_told(book, day, i, books_group(run, i), (t[row].given, t[row].cost, run.numbers[0].discount))
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
    books.book_demand(book, day, outlet, dismissed, cost)


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
            cause = books.cause_of_end(np.int64(run.treatments[rows[k]].action))
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
                own = run.accounts[np.int64(run.people[other].segment)].follows
                if u < chance_to_follow(own, run.numbers[0].household_follows):
                    source = np.int64(tr.source_of(tr.BY_HOUSEHOLD, i))
                    leaves(run, book, other, day, (np.int64(tr.WITH_HOUSEHOLD), source))


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
            books.note(book, day, tr.PICKED_UP, outlet, source, (0, 0, 0), 0)
            demands(run, book, day, outlet, memory[DISMISSED])
