"""The loop of days, and the engine as other layers see it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel, part
from wom_sim._lent import lent
from wom_sim.engines.compiled.answer import (
    hearers_act,
    hearers_decide,
    plans_of_hearers,
    plans_of_victims,
    struck_act,
    swayed_act,
    victims_decide,
)
from wom_sim.engines.compiled.calendar import (
    BILL,
    CALL,
    COMPLAINT,
    CONVERSATION,
    END,
    POST,
    Calendar,
    due,
    give_up,
    make_room,
    new_calendar,
    new_pool,
    release,
)
from wom_sim.engines.compiled.complain import complaints_today, settles
from wom_sim.engines.compiled.deliver import calls, conversations, coverage, posts, readers_today
from wom_sim.engines.compiled.firm import (
    BAD_POSTS,
    BREAKS_ON,
    CLOCK,
    CURSOR,
    FIRST_NATIONAL,
    FIRST_TOLD,
    MEMORY,
    MOST_NEWS,
    NEWS_TODAY,
    PAUSED,
    PICKED_UP,
    RESPONDED_ON,
    WITHDRAWN,
    ends_service,
    ends_today,
    forget_posts,
    outlets_decide,
    rows_of_today,
    tells_customers,
)
from wom_sim.engines.compiled.leave import await_joins, bereave, bereaved_today, bills
from wom_sim.engines.compiled.reasons import reasons_of_day
from wom_sim.engines.compiled.state import (
    COUNTS,
    DEPARTED_COUNT,
    FRESH_COUNT,
    RARE_TYPE,
    STATE_TYPE,
    STRUCK_COUNT,
    SWAYED_COUNT,
    Run,
    clear,
    days_left,
)
from wom_sim.engines.compiled.steer import obey, responds
from wom_sim.engines.compiled.voices import readers_of_voices, speak
from wom_sim.rules.attention import buzz_of_today
from wom_sim.rules.fairness import corroboration
from wom_sim.rules.leaving import beta_while_courted
from wom_sim.rules.rating import joins_when_rated
from wom_sim.rules.spreading import BOTH, THRESHOLD
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.network import Network
from wom_sim.world.numbers import Numbers, as_record, no_numbers
from wom_sim.world.orders import WAITS, Orders, no_orders
from wom_sim.world.outlets import OUTLET_TYPE
from wom_sim.world.people import PERSON_TYPE
from wom_sim.world.records import rows
from wom_sim.world.treatments import Treatments, nothing, rows_by_person
from wom_sim.world.voices import Voices, no_voices
from wom_sim.world.world import World

_BLOCK = 512
"""Those who heard are met in blocks: who acts plans while their rows are still near."""


@part
def firm(run: Run, book: tr.Book, calendar: Calendar, day: int, rows: int, memory: NDArray[np.int64]) -> None:
    """Live through the firm's phase, but for its response to a crisis."""
    if rows:
        make_room(calendar, 2 * rows)
        books.make_room(book, rows * (books.TOLD_EVENTS + run.covered.shape[0]))
        tells_customers(run, book, calendar, day, rows, memory)
    if memory[WITHDRAWN]:
        release(calendar, END, day)
    elif due(calendar, END, day):
        books.make_room(book, books.DEPARTURE_EVENTS * ends_today(run, calendar, day))
        ends_service(run, book, calendar, day)


@part
def tell(
    run: Run, book: tr.Book, calendar: Calendar, day: int, climate: tuple[float, float], memory: NDArray[np.int64]
) -> None:
    """Deliver what is due today."""
    if due(calendar, CONVERSATION, day):
        make_room(calendar, due(calendar, CONVERSATION, day))
        conversations(run, book, calendar, day, climate)
    if due(calendar, POST, day):
        books.make_room(book, 2 * due(calendar, POST, day))
        make_room(calendar, readers_today(run, calendar, day))
        posts(run, book, calendar, day, climate, memory)
    speaking, readers = readers_of_voices(run, day)
    if speaking:
        books.make_room(book, 2 * speaking)
        make_room(calendar, readers)
        speak(run, book, calendar, day, climate, memory)
    for outlet in range(run.covered.shape[0]):
        if run.covered[outlet, 0] >= 0:
            coverage(run, book, day, outlet, climate, memory[RESPONDED_ON])
    if due(calendar, CALL, day):
        books.make_room(book, due(calendar, CALL, day))
        calls(run, book, calendar, day)


@part
def decide_to_talk(
    run: Run, book: tr.Book, calendar: Calendar, day: int, rows: tuple[int, int],
    climate: tuple[float, float], most_news: int,
) -> None:  # fmt: skip
    """Let those plan whom the firm told, by its ``rows`` from .. to, or who heard."""
    if rows[1] > rows[0]:
        make_room(calendar, plans_of_victims(run, rows))
        books.make_room(book, rows[1] - rows[0])
        victims_decide(run, book, calendar, day, rows)
    fresh = run.count[FRESH_COUNT]
    if fresh:
        books.make_room(book, 2 * fresh)
        found = (np.empty(_BLOCK, dtype=np.uint32), np.empty(_BLOCK, dtype=np.uint8))
        room = (np.empty(_BLOCK, dtype=np.uint32), np.empty((4, _BLOCK), dtype=np.uint32))
        for first in range(0, fresh, _BLOCK):
            which = (first, min(fresh, first + _BLOCK))
            number = hearers_act(run, book, day, which, climate, found, room)
            these = (found[0][:number], found[1][:number])
            make_room(calendar, plans_of_hearers(run, these[0], these[1]))
            hearers_decide(run, book, calendar, day, these, most_news)
    for which in (STRUCK_COUNT, SWAYED_COUNT):
        many = run.count[which]
        if many == 0:
            continue
        books.make_room(book, 2 * many)
        answers = (np.empty(many, dtype=np.uint32), np.empty(many, dtype=np.uint8))
        if which == STRUCK_COUNT:
            number = struck_act(run, day, climate, answers)
        else:
            number = swayed_act(run, day, climate, answers)
        these = (answers[0][:number], answers[1][:number])
        make_room(calendar, plans_of_hearers(run, these[0], these[1]))
        hearers_decide(run, book, calendar, day, these, most_news)


@part
def bill_and_contagion(
    run: Run, book: tr.Book, calendar: Calendar, day: int, first_departed: int, mood: tuple[float, float]
) -> None:
    """Let those whose bill it is decide, and let the departures of today, from the first on, reach ties tomorrow.

    ``mood`` is (log hazard ratio of leaving at full harm, factor of the ratings on the chance to join), today.
    """
    waiting = due(calendar, BILL, day)
    if waiting:
        make_room(calendar, waiting)
        books.make_room(book, books.DEPARTURE_EVENTS * waiting)
        bills(run, book, calendar, day, mood)
    if run.count[DEPARTED_COUNT] > first_departed:
        make_room(calendar, bereaved_today(run, first_departed))
        bereave(run, calendar, day, first_departed)


@part
def complain(run: Run, book: tr.Book, calendar: Calendar, day: int, before: float, memory: NDArray[np.int64]) -> float:
    """Let formal complaints be made that are due today; returns how many count by now."""
    p = run.numbers[0]
    if p.p_complain <= 0.0 and before <= 0.0:
        return before
    books.make_room(book, due(calendar, COMPLAINT, day) + run.outlets.size)
    made = complaints_today(run, book, calendar, day, memory)
    return buzz_of_today(before, p.complaints_half_life, np.float64(made))


@part
def settle(run: Run, book: tr.Book, day: int, memory: NDArray[np.int64]) -> None:
    """Let the firm settle with authorities whose day it is."""
    if memory[PICKED_UP] == 0:
        return
    books.make_room(book, run.covered.shape[0])
    settles(run, book, day)


@part
def rate(run: Run, calendar: Calendar, day: int, before: float, memory: NDArray[np.int64]) -> float:
    """Add today's posts to the bad ratings that still count; from the first on, all who would join see them."""
    p = run.numbers[0]
    if p.rating_effect <= 0.0:
        return before
    if memory[BAD_POSTS] > 0 and before == 0.0:
        make_room(calendar, run.people.size)
        await_joins(run, calendar, day)
    return buzz_of_today(before, p.rating_half_life, np.float64(memory[BAD_POSTS]))


@inlined
def joins_as_rated(run: Run, bad: float) -> float:
    """Return the factor of so many bad ratings on the chance to join."""
    p = run.numbers[0]
    return joins_when_rated(p.rating_effect, bad, p.rating_count, p.rating_stars)


@inlined
def beta_of_day(run: Run, day: int, memory: NDArray[np.int64]) -> float:
    """Return the log hazard ratio of leaving at full harm; rivals raise it for a while after the first report."""
    p = run.numbers[0]
    if memory[FIRST_NATIONAL] < 0:
        return p.beta
    since = day - memory[FIRST_NATIONAL]
    return beta_while_courted(p.beta, p.poach, since, p.poach_after, p.poach_after + p.poach_days)


@inlined
def goes_on(p: Numbers, buzz: float, memory: NDArray[np.int64]) -> bool:
    """Return whether the programme goes on today: neither its stop rule nor an order holds it back."""
    return not (p.pause_above > 0.0 and buzz > p.pause_above) and memory[PAUSED] == 0


@kernel
def live(run: Run, book: tr.Book, calendar: Calendar, buzz_by_day: NDArray[np.float64]) -> NDArray[np.void]:
    """Live through all days: the phases of ``wom_sim.world.day`` in order. Returns the log, which may have grown."""
    p = run.numbers[0]
    memory = np.zeros(MEMORY, dtype=np.int64)
    memory[CLOCK] = -1
    for place in (FIRST_NATIONAL, BREAKS_ON, RESPONDED_ON, FIRST_TOLD):
        memory[place] = -1
    buzz, response, response_news = 0.0, 1.0, 1.0
    complaints, bad_ratings = p.complaints_before, 0.0
    if p.programme_cost > 0.0:
        books.book_start(book, p.programme_cost)
    for day in range(p.days):
        first_departed = run.count[DEPARTED_COUNT]
        first_event = book.used[0]
        first_row = memory[CURSOR]
        rows = 0
        if run.orders.size > 0:
            books.make_room(book, run.orders.size)
            seen = (buzz, response, response_news, complaints)
            response, response_news = obey(run, book, day, seen, memory)
        if goes_on(p, buzz, memory):
            rows = rows_of_today(run, memory)
        if rows or due(calendar, END, day):
            firm(run, book, calendar, day, rows, memory)
        if 0 < p.response_after == day - memory[FIRST_NATIONAL] and memory[FIRST_NATIONAL] >= 0:
            response, response_news = p.response_severity, p.response_news
            books.make_room(book, 1)
            responds(run, book, day, (p.response_cost, p.response_reinstates), memory)

        run.count[FRESH_COUNT] = 0
        climate = (corroboration(buzz, p.corroboration_boost, p.corroboration_half_point), response)
        waiting = due(calendar, CONVERSATION, day) + due(calendar, POST, day) + due(calendar, CALL, day)
        waiting += readers_of_voices(run, day)[0]
        if waiting or memory[PICKED_UP]:
            tell(run, book, calendar, day, climate, memory)

        if rows or run.count[FRESH_COUNT] or run.count[STRUCK_COUNT] or run.count[SWAYED_COUNT]:
            decide_to_talk(run, book, calendar, day, (first_row, first_row + rows), climate, memory[MOST_NEWS])

        buzz = buzz_of_today(buzz, p.buzz_half_life, memory[NEWS_TODAY] / 256.0 * response_news)
        memory[NEWS_TODAY] = 0
        buzz_by_day[day] = buzz
        complaints = complain(run, book, calendar, day, complaints, memory)
        if memory[PICKED_UP] < run.covered.shape[0]:
            books.make_room(book, 2 * run.covered.shape[0])
            outlets_decide(run, book, day, (buzz, response_news, complaints), memory)
        settle(run, book, day, memory)
        bad_ratings = rate(run, calendar, day, bad_ratings, memory)
        forget_posts(memory)

        if due(calendar, BILL, day) or run.count[DEPARTED_COUNT] > first_departed:
            mood = (beta_of_day(run, day, memory), joins_as_rated(run, bad_ratings))
            bill_and_contagion(run, book, calendar, day, first_departed, mood)
        reasons_of_day(run, book, day, first_event)
    give_up(calendar)
    return books.take_log(book)


class Engine:
    """Runs treatments on a world. It owns the state of one run at a time; use one engine a thread.

    It takes four bytes a person, and 16 more of each who is reached, and is cleared after each run at a cost that
    follows the number of people reached.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        n = len(world.people)
        self._place = np.zeros(n, dtype=np.uint32)
        self._state = rows(n + 1, STATE_TYPE)
        self._fresh = np.empty(n, dtype=np.uint32)
        self._departed = np.empty(n, dtype=np.uint32)
        self._rare = np.empty(n, dtype=RARE_TYPE)
        self._begin = np.zeros(max(64, 1 << (n // 64).bit_length()), dtype=np.uint32)
        self._struck = np.empty(n, dtype=np.uint32)
        self._count = np.zeros(COUNTS, dtype=np.int64)
        self._pool = new_pool(64 + n // 64)

    def run(
        self,
        numbers: Numbers,
        treatments: Treatments,
        seed: int,
        *,
        voices: Voices | None = None,
        orders: Orders | None = None,
        instead: Treatments | None = None,
        events: bool = False,
    ) -> tr.Trace:
        """Return the trace of one run under luck ``seed`` (0 .. 2^64-1).

        ``voices`` are the people of note (nobody if left out), ``orders`` what an adaptive policy does when (nothing);
        ``instead`` are rows that orders may put in the place of those of ``treatments``: as many for each such order,
        list after list; ``events`` keeps the event log.
        """
        world = self.world
        voices = no_voices() if voices is None else voices
        orders = no_orders() if orders is None else orders
        if len(treatments) and int(treatments["person"].max()) >= len(world.people):
            raise ValueError(f"treatments.person: people are numbered 0 to {len(world.people) - 1}")
        instead = nothing() if instead is None else instead
        if len(instead):
            treatments = treatments.copy()  # rows are changed as they are carried out
        told = np.full(len(treatments), -1, dtype=np.int32)
        kept = (books.dose_columns(len(world.outlets)), len(world.people)) if events else (0, 0)
        doses = np.zeros(kept, dtype=np.uint16)  # pages are taken where people hear
        many = numbers.retelling == THRESHOLD
        talk = np.zeros(len(world.people) if many or numbers.stopping == BOTH else 0, dtype=np.uint16)
        swayed = np.empty(len(world.people) if many else 0, dtype=np.uint32)
        covered = np.full((len(world.outlets), 3), -1, dtype=np.int64)
        run: Run = lent(Run(
            world.people, world.network, world.outlets, world.accounts, treatments, as_record(numbers), np.uint64(seed),
            self._place, self._state, self._fresh, self._departed, self._rare, self._begin, self._struck,
            self._count, rows_by_person(treatments), told, covered, doses,
            voices, np.full(len(voices), -1, dtype=np.int64), orders, np.full(len(orders), WAITS, dtype=np.int64),
            instead, talk, swayed,
        ))  # fmt: skip
        book = tr.new_book(numbers.days, events, world.segments, numbers.end_month)
        buzz = np.zeros(numbers.days)
        try:
            log = live(run, lent(book), lent(new_calendar(numbers.days, self._pool)), buzz)
            left = days_left(run)
        finally:
            clear(run)
        if len(log) > len(book.log):
            book = book._replace(log=log)
        return tr.Trace(book, buzz, told, left, covered[:, 0].copy(), treatments if len(instead) else None)


def warm() -> None:
    """Compile the engine (or load it from the cache) by running it on nobody, so that a first run need not wait."""
    nobody = World(
        np.zeros(0, dtype=PERSON_TYPE),
        Network(np.zeros(1, np.uint32), np.zeros(0, np.uint32), 0),
        np.zeros(0, dtype=OUTLET_TYPE),
    )
    Engine(nobody).run(no_numbers(), nothing(), 0)
