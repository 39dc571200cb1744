"""An adaptive policy: what the firm sees in the morning, and what it does about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import part
from wom_sim.engines.compiled.firm import (
    CALLS_SO_FAR,
    CURSOR,
    FIRST_NATIONAL,
    FIRST_TOLD,
    INSTEAD,
    PAUSED,
    RESPONDED_ON,
    TOLD_SO_FAR,
    WITHDRAWN,
)
from wom_sim.engines.compiled.state import Run
from wom_sim.rules.steering import CHANGE, GO_ON, PAUSE, REINSTATE, RESPOND, STOP, days_until_obeyed, is_met
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.luck import BLOCK_OBEYED, four
from wom_sim.world.orders import DONE, WAITS
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.trace import Book


@part
def responds(run: Run, book: Book, day: int, what: tuple[float, int], memory: NDArray[np.int64]) -> None:
    """Respond to the crisis; ``what`` is (cost, whether what has not taken effect yet is withdrawn)."""
    memory[RESPONDED_ON] = day
    books.book_response(book, day, what[0], run.numbers[0].discount)
    if what[1]:
        memory[CURSOR] = run.treatments.size
        memory[WITHDRAWN] = 1


@part
def obey(
    run: Run, book: Book, day: int, heat: tuple[float, float, float, float], memory: NDArray[np.int64]
) -> tuple[float, float]:
    """Obey the orders that are due.

    ``heat`` is (buzz, factors of the response on severity and on news, formal complaints that still count).

    Returns these factors. An order to pause or to go on waits again once what it waits for has passed.
    """
    p = run.numbers[0]
    response, news = heat[1], heat[2]
    if day > 0:
        memory[TOLD_SO_FAR] += book.daily[day - 1, tr.D_TOLD]
        memory[CALLS_SO_FAR] += book.daily[day - 1, tr.D_CALLS]
    seen = (
        heat[0],
        1.0 if memory[FIRST_NATIONAL] >= 0 else 0.0,
        np.float64(memory[TOLD_SO_FAR] * p.represents),
        np.float64(memory[CALLS_SO_FAR] * p.represents),
        np.float64(day - memory[FIRST_TOLD]) if memory[FIRST_TOLD] >= 0 else -1.0,
        heat[3],
    )
    for k in range(run.orders.size):
        order = run.orders[k]
        met = is_met(order.trigger, order.limit, seen)
        if run.obeyed[k] == WAITS and met:
            _, v0, v1, _ = four(run.seed, BLOCK_OBEYED, k, 0, day)
            run.obeyed[k] = day + days_until_obeyed(order.after, order.spread, normal_pair(v0, v1)[0])
        elif run.obeyed[k] == DONE and not met and (order.action == PAUSE or order.action == GO_ON):
            run.obeyed[k] = WAITS
        if run.obeyed[k] != day:
            continue
        run.obeyed[k] = DONE
        u, _, _, _ = four(run.seed, BLOCK_OBEYED, k, 0, day)
        if u >= order.chance:
            continue
        if order.action == PAUSE:
            memory[PAUSED] = 1
        elif order.action == GO_ON:
            memory[PAUSED] = 0
        elif order.action == STOP:
            memory[CURSOR] = run.treatments.size
        elif order.action == CHANGE:
            memory[INSTEAD] = order.instead
        if order.action == RESPOND or order.action == REINSTATE:
            response, news = order.severity, order.news
            responds(run, book, day, (order.cost, np.int64(order.action == REINSTATE)), memory)
    return response, news
