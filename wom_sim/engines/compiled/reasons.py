"""Why people act: what they had heard from where, and which ties had left. Only where the event log is kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import part
from wom_sim.engines.compiled.leave import units_of_tie
from wom_sim.engines.compiled.state import Run
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.tie_rows import CLASS_BITS, CLASS_MASK, degree_of, ties_of
from wom_sim.world.trace import Book


@part
def count_dose(doses: NDArray[np.uint16], outlets: int, i: int, source: int, units: int, praise: bool) -> None:
    """Count a dose of person ``i`` where it comes from."""
    column = books.dose_column(np.int64(source), praise, outlets)
    doses[column, i] = min(books.MOST_DOSE, np.int64(doses[column, i]) + units)


@part
def reasons_of_day(run: Run, book: Book, day: int, first: int) -> None:
    """Log why those act who did so today, by the events from position ``first`` on.

    At the end of the day: doses come before bills, and ties that left today weigh from tomorrow on. Nothing happens if
    no log is kept.
    """
    if book.log.size == 0:
        return
    last = book.used[0]
    room = 0
    for k in range(first, last):
        event = book.log[k]
        if books.reasons_needed(event.event, event.cause, event.group) != 0:
            i = np.int64(event.person)
            room += run.doses.shape[0] + degree_of(run.network, i)
    books.make_room(book, room)
    for k in range(first, last):
        reason = books.reasons_needed(book.log[k].event, book.log[k].cause, book.log[k].group)
        if reason == tr.TIE:
            _ties(run, book, day, np.int64(book.log[k].person), np.int64(book.log[k].group))
        elif reason == tr.DOSE:
            _doses(run, book, day, np.int64(book.log[k].person), np.int64(book.log[k].group))


@part
def _doses(run: Run, book: Book, day: int, i: int, group: int) -> None:
    for column in range(run.doses.shape[0]):
        units = np.int64(run.doses[column, i])
        if units > 0:
            books.book_dose(book, day, (i, group), column, run.outlets.size, units)


@part
def _ties(run: Run, book: Book, day: int, i: int, group: int) -> None:
    for each in ties_of(run.network, i):
        tie = np.int64(each)
        units = units_of_tie(run, tie, day)
        if units > 0:
            source = tr.source_of((tie & CLASS_MASK) + 1, tie >> CLASS_BITS)
            books.note(book, day, tr.TIE, i, source, (0, 0, group), units)
