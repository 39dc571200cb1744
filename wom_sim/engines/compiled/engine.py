"""The loop of days, and the engine as other layers see it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import borrowed, kernel
from wom_sim.engines.compiled.calendar import Calendar, new_calendar
from wom_sim.engines.compiled.firm import (
    CLOCK,
    CURSOR,
    FIRST_NATIONAL,
    MEMORY,
    MOST_NEWS,
    NEWS_TODAY,
    calls,
    conversations,
    coverage,
    ends_service,
    outlets_decide,
    posts,
    tells_customers,
)
from wom_sim.engines.compiled.leave import bereave, bills
from wom_sim.engines.compiled.state import HEARD_COUNT, STATE_TYPE, Run, clear, lend
from wom_sim.engines.compiled.talk import book_hearers, hearers_decide, victims_decide
from wom_sim.rules.attention import buzz_of_today
from wom_sim.rules.fairness import corroboration
from wom_sim.rules.money import cents
from wom_sim.world import trace as tr
from wom_sim.world.network import Network
from wom_sim.world.numbers import Numbers, as_record, no_numbers
from wom_sim.world.outlets import OUTLET_TYPE
from wom_sim.world.people import PERSON_TYPE
from wom_sim.world.treatments import Treatments, nothing, rows_by_person
from wom_sim.world.world import World


@kernel
def live(
    run: Run, book: tr.Book, calendar: Calendar, buzz_by_day: NDArray[np.float64], covered: NDArray[np.int64]
) -> tr.Book:
    """Live through all days: the phases of ``wom_sim.world.day`` in order. Returns the books."""
    run = lend(run)
    book = tr.Book(borrowed(book.daily), borrowed(book.tally), borrowed(book.ledger), book.log, borrowed(book.used))
    p = run.numbers[0]
    memory = np.zeros(MEMORY, dtype=np.int64)
    memory[CLOCK] = -1
    memory[FIRST_NATIONAL] = -1
    buzz, response, response_news = 0.0, 1.0, 1.0
    departed = (np.empty(64, dtype=np.uint32), 0)
    if p.programme_cost > 0.0:
        tr.pay(book, 0, tr.L_PROGRAMME, -cents(p.programme_cost))
    for day in range(p.days):
        departed = (departed[0], 0)
        first_row = memory[CURSOR]
        if not (p.pause_above > 0.0 and buzz > p.pause_above):
            book, calendar = tells_customers(run, book, calendar, day, memory, covered[:, 0])
        book, departed = ends_service(run, book, calendar, day, departed)
        if p.response_after > 0 and memory[FIRST_NATIONAL] >= 0 and day == memory[FIRST_NATIONAL] + p.response_after:
            response, response_news = p.response_severity, p.response_news
            tr.pay(book, day, tr.L_RESPONSE, -cents(p.response_cost))

        first_fresh = run.count[HEARD_COUNT]
        climate = (corroboration(buzz, p.corroboration_boost, p.corroboration_half_point), response)
        calendar = conversations(run, book, calendar, day, climate)
        book = posts(run, book, calendar, day, climate, memory)
        for outlet in range(covered.shape[0]):
            if covered[outlet, 0] >= 0:
                coverage(run, book, day, outlet, (covered[outlet, 0], covered[outlet, 1]), climate)
        book = calls(run, book, calendar, day)

        book, calendar = victims_decide(run, book, calendar, day, (first_row, memory[CURSOR]))
        book = book_hearers(run, book, day, first_fresh)
        setting = (climate[0], climate[1], memory[MOST_NEWS])
        book, calendar = hearers_decide(run, book, calendar, day, first_fresh, setting)

        buzz = buzz_of_today(buzz, p.buzz_half_life, memory[NEWS_TODAY] / 256.0 * response_news)
        memory[NEWS_TODAY] = 0
        buzz_by_day[day] = buzz
        book = outlets_decide(run, book, day, buzz, memory, covered)

        book, calendar, departed = bills(run, book, calendar, day, departed)
        calendar = bereave(run, calendar, day, departed)
    return book


class Engine:
    """Runs treatments on a world. It owns the state of one run at a time; use one engine a thread.

    The state of a person takes 16 bytes, taken from the system only where the story reaches, and is cleared
    after each run at a cost that follows the number of people reached.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        n = len(world.people)
        self._state = np.zeros(n, dtype=STATE_TYPE)
        self._heard = np.empty(n, dtype=np.uint32)
        self._touched = np.empty(n, dtype=np.uint32)
        self._count = np.zeros(2, dtype=np.int64)

    def run(self, numbers: Numbers, treatments: Treatments, seed: int, *, events: bool = False) -> tr.Trace:
        """Return the trace of one run under luck ``seed`` (0 .. 2^64-1); ``events`` keeps the event log."""
        world = self.world
        if len(treatments) and int(treatments["person"].max()) >= len(world.people):
            raise ValueError(f"treatments.person: people are numbered 0 to {len(world.people) - 1}")
        told = np.full(len(treatments), -1, dtype=np.int64)
        run = Run(
            world.people, world.network, world.outlets, treatments, as_record(numbers), np.uint64(seed),
            self._state, self._heard, self._touched, self._count, rows_by_person(treatments), told,
        )  # fmt: skip
        book = tr.new_book(numbers.days, events)
        buzz = np.zeros(numbers.days)
        covered = np.full((len(world.outlets), 2), -1, dtype=np.int64)
        try:
            ended = live(run, book, new_calendar(numbers.days), buzz, covered)
            left = np.where(told >= 0, self._state["gone"][treatments["person"]].astype(np.int64) - 1, -1)
        finally:
            clear(self._state, self._heard, self._touched, self._count)
        book = book._replace(log=ended.log)  # the other arrays were lent, and are still ours
        return tr.Trace(book, buzz, told, left, covered[:, 0].copy())


def warm() -> None:
    """Compile the engine (or load it from the cache) by running it on nobody, so that a first run need not wait."""
    nobody = World(
        np.zeros(0, dtype=PERSON_TYPE),
        Network(np.zeros(1, np.uint32), np.zeros(0, np.uint32), 0),
        np.zeros(0, dtype=OUTLET_TYPE),
    )
    Engine(nobody).run(no_numbers(), nothing(), 0)
