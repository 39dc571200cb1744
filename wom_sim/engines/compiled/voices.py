"""People of note: what they write, and who reads it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import part
from wom_sim.engines.compiled.calendar import Calendar
from wom_sim.engines.compiled.deliver import makes_news, praise_units, reads
from wom_sim.engines.compiled.firm import MOST_NEWS, WORST_STORY
from wom_sim.engines.compiled.leave import UNKNOWN, await_bills
from wom_sim.engines.compiled.state import Run, row_of
from wom_sim.engines.compiled.talk import dose
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.trace import Book
from wom_sim.world.voices import VOICE_CODE


@part
def readers_of_voices(run: Run, day: int) -> tuple[int, int]:
    """Return how many people of note speak today, and how many read them at most."""
    speaking, readers = 0, 0
    for v in range(run.voices.size):
        if run.speaks[v] == day:
            speaking += 1
            readers += np.int64(run.voices[v].audience)
    return speaking, readers


@part
def speak(
    run: Run, book: Book, calendar: Calendar, day: int, climate: tuple[float, float], memory: NDArray[np.int64]
) -> None:
    """Let people of note speak whose day it is: of what the firm did to them, or of the worst that is told.

    Who has nothing to tell, because what the firm does is hidden, is silent.
    """
    for v in range(run.voices.size):
        if run.speaks[v] != day:
            continue
        author = np.int64(run.voices[v].person)
        story, news, praise = memory[WORST_STORY], memory[MOST_NEWS], False
        if run.voices[v].told:
            act = run.treatments[row_of(run, author)]
            story, news, praise = np.int64(act.story), np.int64(act.news), bool(act.praise)
        if story == 0:
            continue
        if run.voices[v].news >= 0:
            news = np.int64(run.voices[v].news)
        audience, group = np.int64(run.voices[v].audience), np.int64(run.people[author].group)
        book.daily[day, tr.D_POSTS] += 1
        books.note(book, day, tr.POSTS, author, tr.NO_SOURCE, (0, 0, group), audience)
        if not praise:
            worth = makes_news(run, (author, 0, VOICE_CODE), (news, run.voices[v].standing), memory)
            books.note(book, day, tr.NEWS, author, tr.NO_SOURCE, (0, 0, group), worth)
        units = praise_units(run, tr.BY_POST, story) if praise else dose(run, tr.BY_POST, story, climate)
        moved = reads(run, book, day, (author, 0, VOICE_CODE, audience), (story, units, praise))
        await_bills(run, calendar, moved, day, UNKNOWN)
