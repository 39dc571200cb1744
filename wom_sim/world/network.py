"""Ties as compressed rows: the neighbours of each person, ascending, with the class of each tie.

A tie is one number, neighbour x 4 + class, so that reading a row brings both from memory at once. It takes 32 bits, or
16 where people live in towns and most ties stay in town, as in the market network: at national size the ties are most
of the memory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel

HOUSEHOLD, CLOSE, ACQUAINTANCE = 0, 1, 2
"""Classes of tie."""
CLASS_NAMES = ("household", "close", "acquaintance")
CLASS_BITS = 2
CLASS_MASK = 3
FAR = 3
"""Stands in the place of the class of a tie that leads to another town, which is an acquaintance."""
MOST_IN_TOWN = 1 << 14
"""So many people may live in a town, and so many ties of a town may lead elsewhere, for ties of 16 bits."""

NO_STRENGTH: NDArray[np.float64] = np.empty(0, dtype=np.float64)
"""Of a network whose ties differ by class alone."""
_NO_SHORT: NDArray[np.uint16] = np.empty(0, dtype=np.uint16)
_NO_TURN: NDArray[np.uint32] = np.empty(0, dtype=np.uint32)


class Network(NamedTuple):
    """Who knows whom.

    ``start`` has n + 1 entries: the ties of person i are ``ties[start[i]:start[i+1]]``. ``pool`` is the
    number of people who may be met as strangers (persons 0 .. pool-1). ``strength``, if it is not empty, holds for
    each tie a factor (0..1) on the chance that it is used, the same in both directions.

    Where ``short`` is not empty it holds the ties instead of ``ties``, as place of the neighbour in the town x 4 +
    class; towns are ``town`` people in a row. If the class is FAR, the number before it is a slot, one of as many as
    ``turn`` has: slot q of town A leads to slot q of town (turn[q] - A) mod towns, and ``slots`` (town by town) holds
    the place in town of who has it. ``tie_at`` reads either form, ``listed`` returns the first.
    """

    start: NDArray[np.uint32]
    ties: NDArray[np.uint32]
    pool: int
    strength: NDArray[np.float64] = NO_STRENGTH
    short: NDArray[np.uint16] = _NO_SHORT
    slots: NDArray[np.uint16] = _NO_SHORT
    turn: NDArray[np.uint32] = _NO_TURN
    town: int = 1

    @property
    def size(self) -> int:
        """Return the number of people."""
        return int(self.start.shape[0]) - 1

    def neighbours(self, person: int) -> NDArray[np.uint32]:
        """Return the people tied to a person, ascending."""
        return self.row(person) >> np.uint32(CLASS_BITS)

    def classes(self, person: int) -> NDArray[np.uint32]:
        """Return the class of each of a person's ties, in the order of ``neighbours``."""
        return self.row(person) & np.uint32(CLASS_MASK)

    def row(self, person: int) -> NDArray[np.uint32]:
        """Return the ties of a person, neighbour x 4 + class, ascending."""
        first, last = int(self.start[person]), int(self.start[person + 1])
        return _ties_of(self, person, person + 1) if len(self.short) else self.ties[first:last]

    def listed(self) -> NDArray[np.uint32]:
        """Return all ties, neighbour x 4 + class, person by person; of a large network they take much memory."""
        return _ties_of(self, 0, self.size) if len(self.short) else self.ties

    def strengths(self, person: int) -> NDArray[np.float64]:
        """Return the strength of each of a person's ties, in the order of ``neighbours``; none if ties have none."""
        if not len(self.strength):
            return self.strength
        return self.strength[self.start[person] : self.start[person + 1]]

    def degrees(self) -> NDArray[np.int64]:
        """Return the number of ties of each person."""
        counts: NDArray[np.int64] = np.subtract(self.start[1:], self.start[:-1], dtype=np.int64)
        return counts


@inlined
def town_of(network: Network, i: int) -> np.int64:
    """Return the town of person ``i``, for ``tie_at``; 0 where there are none."""
    return np.int64(i) // np.int64(network.town) if network.short.size > 0 else np.int64(0)


@inlined
def tie_at(network: Network, town: np.int64, e: int | np.int64) -> np.int64:
    """Return the tie at position ``e``, of somebody of ``town``, as neighbour x 4 + class."""
    if network.short.size == 0:
        return np.int64(network.ties[e])
    number, kind = np.int64(network.short[e]) >> CLASS_BITS, np.int64(network.short[e]) & CLASS_MASK
    if kind != FAR:
        return ((town * network.town + number) << CLASS_BITS) | kind
    width = network.turn.size
    towns = network.slots.size // width
    other = np.int64(network.turn[number]) - town
    other += towns if other < 0 else 0
    return ((other * network.town + np.int64(network.slots[other * width + number])) << CLASS_BITS) | ACQUAINTANCE


@kernel
def _ties_of(network: Network, first: int, end: int) -> NDArray[np.uint32]:
    """Return the ties of the people ``first`` .. ``end`` - 1, neighbour x 4 + class, person by person."""
    begin = np.int64(network.start[first])
    out = np.empty(np.int64(network.start[end]) - begin, dtype=np.uint32)
    for i in range(first, end):
        town = town_of(network, i)
        for e in range(np.int64(network.start[i]), np.int64(network.start[i + 1])):
            out[e - begin] = tie_at(network, town, e)
    return out


def from_edges(
    n: int,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    kind: NDArray[np.int64],
    strength: NDArray[np.float64] = NO_STRENGTH,
) -> Network:
    """Return the network of undirected ties ``first`` - ``second`` of class ``kind`` and, if given, ``strength``.

    Loops are dropped; of several ties between two people the closest class is kept, and of those the first.

    Raises
    ------
    ValueError
        If a tie names a person outside 0 .. n-1, or there are too many ties.
    """
    if len(first) and (min(first.min(), second.min()) < 0 or max(first.max(), second.max()) >= n):
        raise ValueError(f"ties must be between people 0 to {n - 1}")
    keep = first != second
    a, b, k = np.minimum(first, second)[keep], np.maximum(first, second)[keep], kind[keep]
    source = np.concatenate([a, b])
    packed = (np.concatenate([b, a]) << CLASS_BITS) | np.concatenate([k, k])
    if len(source) >= 2**32:
        raise ValueError("a network may have at most 4,294,967,295 directed ties")
    order = np.lexsort((packed, source))
    source, packed = source[order], packed[order]
    fresh = np.ones(len(source), dtype=bool)
    fresh[1:] = (source[1:] != source[:-1]) | ((packed[1:] >> CLASS_BITS) != (packed[:-1] >> CLASS_BITS))
    source, packed = source[fresh], packed[fresh]
    start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=n), out=start[1:])
    if len(strength):
        strength = np.concatenate([strength[keep], strength[keep]])[order][fresh]
    return Network(start.astype(np.uint32), packed.astype(np.uint32), n, strength)


def edges(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return each undirected tie once: lower person, higher person, class."""
    source, listed = np.repeat(np.arange(network.size, dtype=np.int64), network.degrees()), network.listed()
    target = (listed >> CLASS_BITS).astype(np.int64)
    once = source < target
    return source[once], target[once], (listed & CLASS_MASK).astype(np.int64)[once]


def check(network: Network) -> None:
    """Raise ValueError unless rows ascend, no one is tied to themselves, and ties are symmetric."""
    source, listed = np.repeat(np.arange(network.size, dtype=np.int64), network.degrees()), network.listed()
    target = (listed >> CLASS_BITS).astype(np.int64)
    kind = (listed & CLASS_MASK).astype(np.int64)
    if len(target) != int(network.start[-1]):
        raise ValueError("start does not end at the number of ties")
    if not 0 <= network.pool <= network.size:
        raise ValueError("the pool of strangers is larger than the number of people")
    if len(kind) and kind.max() > ACQUAINTANCE:
        raise ValueError("a tie has no known class")
    if len(target) and target.max() >= network.size:
        raise ValueError("a tie leads to nobody")
    if (source == target).any():
        raise ValueError("someone is tied to themselves")
    same = source[1:] == source[:-1]
    if (target[1:][same] <= target[:-1][same]).any():
        raise ValueError("neighbours are not ascending")
    forward = np.stack([source, target, kind])[:, np.lexsort((target, source))]
    backward = np.stack([target, source, kind])[:, np.lexsort((source, target))]
    if not np.array_equal(forward, backward):
        raise ValueError("ties are not symmetric")
    if len(network.strength):
        _check_strength(network, np.lexsort((target, source)), np.lexsort((source, target)))


def _check_strength(network: Network, forward: NDArray[np.int64], backward: NDArray[np.int64]) -> None:
    strength = network.strength
    if len(strength) != int(network.start[-1]):
        raise ValueError("there is not one strength for each tie")
    if not (np.isfinite(strength).all() and strength.min() >= 0.0 and strength.max() <= 1.0):
        raise ValueError("the strength of a tie is not 0 to 1")
    if not np.array_equal(strength[forward], strength[backward]):
        raise ValueError("the strength of ties is not symmetric")


def append_isolated(network: Network, extra: int) -> Network:
    """Return the network with ``extra`` people without ties, whom nobody meets as strangers either."""
    tail = np.full(extra, network.start[-1], dtype=network.start.dtype)
    return network._replace(start=np.concatenate([network.start, tail]))
