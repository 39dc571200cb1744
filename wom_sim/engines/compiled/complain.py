"""Formal complaints: planned, made, charged for, remembered; and what an authority settles for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import part
from wom_sim.engines.compiled.calendar import COMPLAINT, NIL, Calendar, first_chunk, next_chunk, release, schedule
from wom_sim.engines.compiled.firm import CASES, FIRST_NATIONAL
from wom_sim.engines.compiled.state import Run
from wom_sim.rules.complaining import ALWAYS, SILENT, YEAR, cases_charged, day_of_complaint, kind_of_complaint
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.luck import BLOCK_COMPLAINS, four
from wom_sim.world.members import days_later
from wom_sim.world.trace import Book


@part
def plan_complaints(run: Run, calendar: Calendar, day: int, row: int) -> None:
    """Let each of those for whom the person of a row stands plan a formal complaint of a kind, or not."""
    p, act = run.numbers[0], run.treatments[row]
    who, turn, grievance = np.int64(act.person), np.int64(act.turn), np.float64(act.grievance)
    apart = np.float64(act.apart)
    for member in range(p.represents):
        u, v, _, _ = four(run.seed, BLOCK_COMPLAINS, who, member, turn)
        kind = kind_of_complaint(u, p.p_complain, grievance, p.complain_more)
        if kind != SILENT:
            when = day + days_later(member, apart) + day_of_complaint(v, p.complain_from, p.complain_to)
            schedule(calendar, COMPLAINT, when, who, member, kind)


@part
def complaints_today(run: Run, book: Book, calendar: Calendar, day: int, memory: NDArray[np.int64]) -> int:
    """Make today's formal complaints, for which an ombudsman charges; return how many there are."""
    if day % YEAR == 0:
        memory[CASES] = 0
    made = 0
    chunk, at, end = first_chunk(calendar, COMPLAINT, day)
    while chunk != NIL:
        for k in range(at, end):
            who = np.int64(calendar.entries[k, 0])
            if calendar.entries[k, 2] == ALWAYS or memory[FIRST_NATIONAL] >= 0:
                made += 1
                books.note(book, day, tr.COMPLAINS, who, tr.NO_SOURCE, (0, 0, np.int64(run.people[who].group)), 0)
        chunk, at, end = next_chunk(calendar, chunk)
    release(calendar, COMPLAINT, day)
    for outlet in range(run.outlets.size):
        charged = cases_charged(memory[CASES], made, run.outlets[outlet].cases_free)
        books.book_demand(book, day, outlet, charged, (run.outlets[outlet].case_fee, run.numbers[0].discount))
    memory[CASES] += made
    return made


@part
def settles(run: Run, book: Book, day: int) -> None:
    """Book what the firm pays today to settle with authorities that have begun to act."""
    for outlet in range(run.outlets.size):
        who, began = run.outlets[outlet], run.covered[outlet, 0]
        if began >= 0 and who.settlement > 0.0 and day == began + who.settles_after:
            books.book_demand(book, day, outlet, np.int64(1), (who.settlement, run.numbers[0].discount))
