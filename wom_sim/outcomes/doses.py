"""By what one was moved to act: the channels of the dose that mattered, and their shares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.acts import OTHER_DEPARTURE, Acts
from wom_sim.world import trace as tr


class Doses(NamedTuple):
    """What stood behind acts, a row an act and source: its channel, and its share of the dose that mattered."""

    act: NDArray[np.int64]
    channel: NDArray[np.int64]
    share: NDArray[np.float64]


TIE_LEFT, HOUSEHOLD_LEFT = len(tr.CHANNEL_NAMES), len(tr.CHANNEL_NAMES) + 1
WAYS = (*tr.CHANNEL_NAMES, "departure of a tie", "left with household")
"""By what one was moved: a channel, or what is no telling at all."""


def doses_of(log: NDArray[np.void], acts: Acts) -> Doses:
    """Return the shares of each act's dose by channel: of harm, or of praise where the act is good for the firm."""
    n = len(acts.person)
    way = first_way(acts)
    units = np.zeros((n, len(tr.CHANNEL_NAMES)))
    heard = _once(log[log["event"] == tr.DOSE])
    if len(heard) and n:
        key, keys = _moment(heard["person"], heard["day"]), _moment(acts.person, acts.day)
        order = np.argsort(keys, kind="stable")
        first, last = np.searchsorted(keys[order], key, "left"), np.searchsorted(keys[order], key, "right")
        for shift in range(int((last - first).max(initial=0))):  # who calls and leaves on one day has two acts
            on = first + shift < last
            act = order[first[on] + shift]
            mine = (heard["label"][on] == tr.PREVENTED) == acts.good[act]
            channel = (heard["source"][on] >> tr.SOURCE_SHIFT).astype(np.int64)
            np.add.at(units, (act[mine], channel[mine]), heard["amount"][on][mine])
    total = units.sum(axis=1)
    alone = (total == 0.0) | (way >= len(tr.CHANNEL_NAMES)) | (way == tr.FIRM)
    act, channel = np.nonzero(units * ~alone[:, None])
    lone = np.flatnonzero(alone)
    return Doses(
        np.concatenate([act, lone]), np.concatenate([channel, way[lone]]),
        np.concatenate([units[act, channel] / total[act], np.ones(len(lone))]),
    )  # fmt: skip


def _once(doses: NDArray[np.void]) -> NDArray[np.void]:
    """Return the doses without what was logged twice, because somebody acted twice on a day."""
    names = ("person", "day", "source", "label")
    rows = doses[np.lexsort([doses[name] for name in names])]
    again = np.ones(len(rows), dtype=bool)
    for name in names:
        again[1:] &= rows[name][1:] == rows[name][:-1]
    again[:1] = False
    return rows[~again]


def _moment(person: NDArray[np.integer], day: NDArray[np.integer]) -> NDArray[np.int64]:
    return person.astype(np.int64) * 65536 + day


def first_way(acts: Acts) -> NDArray[np.int64]:
    """Return by what the person of each act was first told: a channel, or one of the ways that are no telling."""
    way = acts.source >> tr.SOURCE_SHIFT
    left = acts.effect <= OTHER_DEPARTURE
    way = np.where(left & (acts.cause == tr.CONTAGION), TIE_LEFT, way)
    return np.where(left & (acts.cause == tr.WITH_HOUSEHOLD), HOUSEHOLD_LEFT, way)


def main_way(doses: Doses, acts: int) -> NDArray[np.int64]:
    """Return by what the person of each act was mostly moved: the largest share of the dose, the first of equals."""
    found = np.full(acts, tr.NOBODY)
    order = np.lexsort((doses.channel, -doses.share, doses.act))
    first = np.unique(doses.act[order], return_index=True)[1]
    found[doses.act[order][first]] = doses.channel[order][first]
    return found
