"""Acts: departures, departures prevented, joins lost and gained, and extra calls, as an event log has them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.world import trace as tr

DEPARTURE, OTHER_DEPARTURE, PREVENTED, JOIN_LOST, JOIN_GAINED, CALL = range(6)
EFFECTS = ("departure", "other departure", "departure prevented", "join lost", "join gained", "call")
"""Departures of profitable customers, of others, of anyone prevented; in this order in every table."""


class Acts(NamedTuple):
    """Acts, a row each: which effect, who, when, the event's cause and source; what it counts and costs.

    ``number`` is 1, or -1 where it takes back another (a departure later than one that was prevented); ``lasting`` is
    the same without departures (joins) that only came earlier; ``amount`` is 1/100 currency.
    """

    effect: NDArray[np.int64]
    person: NDArray[np.int64]
    day: NDArray[np.int64]
    cause: NDArray[np.int64]
    source: NDArray[np.int64]
    number: NDArray[np.int64]
    lasting: NDArray[np.int64]
    amount: NDArray[np.int64]
    good: NDArray[np.bool_]


def acts_of(log: NDArray[np.void]) -> Acts:
    """Return the acts of a log: departures, stays, joins of those not acted on, and all extra calls."""
    event, treated = log["event"], (log["group"] & tr.G_TREATED) != 0
    mine = (event == tr.CALLS) | (np.isin(event, (tr.LEFT, tr.STAYED, tr.JOINED, tr.NOT_JOINED)) & ~treated)
    rows = log[mine]
    rows = rows[np.lexsort((rows["person"], rows["event"], rows["day"]))]
    event, label = rows["event"], rows["label"]
    late = label == tr.LATER
    effect = np.select(
        [event == tr.CALLS, (event == tr.STAYED) | ((event == tr.LEFT) & late), event == tr.LEFT,
         (event == tr.NOT_JOINED) | late],
        [CALL, PREVENTED, np.where(rows["group"] & tr.G_PROFITABLE, DEPARTURE, OTHER_DEPARTURE), JOIN_LOST],
        JOIN_GAINED,
    )  # fmt: skip
    number = np.where(late, -1, 1)
    person, day, cause, source, amount = (
        rows[name].astype(np.int64) for name in ("person", "day", "cause", "source", "amount")
    )
    calls_of_told = (rows["group"] & tr.G_TREATED) != 0
    source = np.where(calls_of_told, tr.FIRM << tr.SOURCE_SHIFT, source)
    lasting = np.where(label == tr.EARLIER, 0, number)
    good = (effect == PREVENTED) | (effect == JOIN_GAINED)
    return Acts(effect, person, day, cause, source, number, lasting, amount, good)
