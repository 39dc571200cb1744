"""The firm's phase, and attention: what outlets and authorities do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, part
from wom_sim.engines.compiled.calendar import (
    END,
    NIL,
    Calendar,
    first_chunk,
    next_chunk,
    people_due,
    schedule,
)
from wom_sim.engines.compiled.leave import UNKNOWN, await_bills, books_group, leaves
from wom_sim.engines.compiled.state import (
    AFFECTED,
    FROM_THE_FIRM,
    STOPPED,
    TOLD,
    Run,
    four_of,
    source_heard,
    still_customer,
    touch,
)
from wom_sim.rules.attention import (
    authority_acts,
    chance_today,
    days_until_reported,
    intensity_of_story,
    luck_of_story,
    own_threshold,
    reports_announcement,
    size_of_news,
)
from wom_sim.rules.complaining import moved_by_complaints
from wom_sim.rules.fairness import learns
from wom_sim.rules.leaving import chance_to_follow
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.luck import (
    BLOCK_AUTHORITY,
    BLOCK_FOLLOW,
    BLOCK_PICKUP,
    BLOCK_REPORTED,
    BLOCK_STORY,
    BLOCK_TASTE,
    four,
)
from wom_sim.world.own_rules import own_chance
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.tie_rows import CLASS_BITS, CLASS_MASK, HOUSEHOLD, degree_of, ties_of
from wom_sim.world.trace import Book
from wom_sim.world.treatments import DISMISS

_BLOCKS = 64
"""Draws of a broadcast made in one go, so that many people's rows are on their way from memory at once."""

# What the firm and the public remember, by position.
(
    CURSOR, CLOCK, DISMISSED, WORST_STORY, MOST_NEWS, FIRST_NATIONAL, NEWS_TODAY, PICKED_UP, WITHDRAWN, ANECDOTES,
    LOUDEST, BREAKS_ON, RESPONDED_ON, FIRST_TOLD, PAUSED, TOLD_SO_FAR, CALLS_SO_FAR, WRONGED_SO_FAR, INSTEAD, CASES,
    BAD_POSTS,
) = range(21)  # fmt: skip
MEMORY = 21


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
        _change(run, row, memory)
        if run.voices.size > 0:
            plans_to_speak(run, i, day, memory[FIRST_TOLD] < 0)
        if memory[FIRST_TOLD] < 0:
            memory[FIRST_TOLD] = day
        mine = run.state[touch(run, i)]
        first = not mine.marks & TOLD
        mine.marks |= TOLD
        mine.marks &= 255 - STOPPED
        if learns(np.float64(t[row].story), np.float64(t[row].grievance), t[row].praise):
            mine.marks |= AFFECTED
            if mine.heard == 0:
                mine.heard = day + 1
                mine.source = FROM_THE_FIRM
        if not t[row].praise:
            _remember(memory, np.int64(t[row].story), np.int64(t[row].news))
        costs = (t[row].given, t[row].cost, run.numbers[0].discount)
        books.book_told(book, day, i, books_group(run, i), first, costs)
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
    await_bills(run, calendar, told[:number], day, UNKNOWN)


@part
def _change(run: Run, row: int, memory: NDArray[np.int64]) -> None:
    """Put what an order has changed in the place of a row that is carried out."""
    if memory[INSTEAD] > 0:
        run.treatments[row] = run.instead[(memory[INSTEAD] - 1) * run.treatments.size + row]


@inlined
def _remember(memory: NDArray[np.int64], story: int, news: int) -> None:
    """Remember the worst that the firm has done, and to how many it did anything of which there is a story."""
    memory[WORST_STORY] = max(memory[WORST_STORY], story)
    memory[MOST_NEWS] = max(memory[MOST_NEWS], news)
    memory[WRONGED_SO_FAR] += 1 if story > 0 else 0


@part
def plans_to_speak(run: Run, i: int, day: int, first: bool) -> None:
    """Let people of note plan to speak: who has just been told, and, after the ``first`` that is told, who comments."""
    for v in range(run.voices.size):
        voice = run.voices[v]
        if run.speaks[v] < 0 and (np.int64(voice.person) == i if voice.told else first):
            run.speaks[v] = day + voice.after


@part
def forget_posts(memory: NDArray[np.int64]) -> None:
    """Forget today's posts, one by one; what they leave is the buzz."""
    memory[ANECDOTES] = 0
    memory[LOUDEST] = 0
    memory[BAD_POSTS] = 0


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
            total += 1 + degree_of(run.network, i)
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
        for each in ties_of(run.network, i):
            tie = np.int64(each)
            other = tie >> CLASS_BITS
            if tie & CLASS_MASK == HOUSEHOLD and still_customer(run, other, day):
                u, _, _, _ = four(run.seed, BLOCK_FOLLOW, other, i, 0)
                own = run.accounts[np.int64(run.people[other].segment)].follows
                if u < chance_to_follow(own, run.numbers[0].household_follows):
                    source = np.int64(tr.source_of(tr.BY_HOUSEHOLD, i))
                    leaves(run, book, other, day, (np.int64(tr.WITH_HOUSEHOLD), source))


@part
def outlets_decide(
    run: Run, book: Book, day: int, heat: tuple[float, float, float], memory: NDArray[np.int64]
) -> None:  # fmt: skip
    """Let outlets pick the story up.

    ``heat`` is (buzz, factor of the response on the newsworthiness of posts, formal complaints that still count).
    """
    p, covered, seed = run.numbers[0], run.covered, run.seed
    if memory[WORST_STORY] == 0 and p.announced_on != day + 1:
        return
    u0, u1, discovered, announced = four(seed, BLOCK_STORY, 0, 0, 0)
    z_story = normal_pair(u0, u1)[0]
    today = (
        heat[0],
        memory[LOUDEST] / 256.0 * heat[1],
        intensity_of_story(luck_of_story(p.story_spread, z_story), p.novelty, heat[0] * p.coherence)
        + memory[ANECDOTES] / 4096.0 * heat[1],
    )
    for outlet in range(covered.shape[0]):
        if covered[outlet, 0] >= 0:
            continue
        if run.outlets[outlet].acts_after_news >= 0.0:
            if _authority_acts(run, day, outlet, heat[2], memory):
                reports(run, book, day, outlet, memory[WORST_STORY], memory)
            continue
        asks = run.outlets[outlet].cost_per_dismissal
        if p.announced_on == day + 1 and reports_announcement(announced, p.announced_chance, asks):
            memory[BREAKS_ON] = day
            reports(run, book, day, outlet, p.announced_story, memory)
            continue
        if memory[WORST_STORY] == 0:
            continue
        if covered[outlet, 2] < 0:
            u, _, _, _ = four(seed, BLOCK_PICKUP, outlet, 0, day)
            if u < _chance_today(run, outlet, today, z_story):
                covered[outlet, 2] = day
                if memory[BREAKS_ON] < 0:
                    w0, w1, w2, _ = four(seed, BLOCK_REPORTED, 0, 0, 0)
                    luck = (discovered, normal_pair(w0, w1)[0], w2)
                    delay, late = (p.report_median, p.report_spread), (p.found_late, p.late_from, p.late_to)
                    told = np.float64(memory[WRONGED_SO_FAR] * p.represents)
                    size = size_of_news(told, p.coherence, heat[0], p.act_size, p.story_size)
                    memory[BREAKS_ON] = day + days_until_reported(luck, delay, late, (heat[0], size))
        if covered[outlet, 2] >= 0 and day >= memory[BREAKS_ON]:
            reports(run, book, day, outlet, memory[WORST_STORY], memory)


@inlined
def _chance_today(run: Run, outlet: int, today: tuple[float, float, float], z_story: float) -> float:
    """Return the chance that the story convinces an outlet today, by the rule that holds."""
    p, usual = run.numbers[0], run.outlets[outlet].threshold
    v0, v1, _, _ = four(run.seed, BLOCK_TASTE, outlet, 0, 0)
    own = own_threshold(usual, p.taste_spread, p.taste_common, z_story, normal_pair(v0, v1)[0])
    if p.own_pick_up != 0:
        of_outlet = (usual, own, p.story_rate)
        return own_chance(p.own_pick_up, today, of_outlet, p.coherence, four_of(p.pick_up_numbers))
    return chance_today(p.media_rule, today, (usual, own, p.story_rate), p.coherence)


@part
def _authority_acts(run: Run, day: int, outlet: int, complaints: float, memory: NDArray[np.int64]) -> bool:
    """Return whether an outlet that is an authority acts today; ``complaints`` are the formal ones that still count."""
    if memory[WORST_STORY] == 0:
        return False
    who = run.outlets[outlet]
    acts, when, quietly, moved = four(run.seed, BLOCK_AUTHORITY, outlet, 0, 0)
    if moved_by_complaints(moved, complaints, who.complaints_level):
        return True
    news = day - memory[FIRST_NATIONAL] if memory[FIRST_NATIONAL] >= 0 else np.int64(-1)
    told = day - memory[FIRST_TOLD] if memory[FIRST_TOLD] >= 0 else np.int64(-1)
    after = (who.acts_after_news, who.acts_from, who.acts_to)
    return authority_acts((acts, when, quietly), (news, told), after, who.acts_a_year)


@part
def reports(run: Run, book: Book, day: int, outlet: int, story: int, memory: NDArray[np.int64]) -> None:
    """Let an outlet report the story, as bad as it is told by now."""
    run.covered[outlet, 0] = day
    run.covered[outlet, 1] = story
    memory[PICKED_UP] += 1
    book.daily[day, tr.D_PICKUPS] += 1
    if run.outlets[outlet].national:
        book.daily[day, tr.D_NATIONAL] += 1
        if memory[FIRST_NATIONAL] < 0:
            memory[FIRST_NATIONAL] = day
    source = tr.source_of(tr.BY_OUTLET, outlet)
    books.note(book, day, tr.PICKED_UP, outlet, source, (0, 0, 0), 0)
    demands(run, book, day, outlet, memory[DISMISSED])
