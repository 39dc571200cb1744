"""Ties as compressed rows: the neighbours of each person, ascending, with the class of each tie.

A tie is one number, neighbour x 4 + class. How rows are stored, and how kernels read them, is in ``tie_rows``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.world.tie_rows import (
    ACQUAINTANCE,
    BEGINS_HOUSEHOLD,
    BLOCK,
    CLASS_BITS,
    CLASS_MASK,
    CLOSE,
    HOUSEHOLD,
    all_ties,
    row_starts,
    ties_of,
)

__all__ = [
    "ACQUAINTANCE", "CLASS_BITS", "CLASS_MASK", "CLASS_NAMES", "CLOSE", "HOUSEHOLD", "NO_STRENGTH", "Network",
    "append_isolated", "check", "edges", "from_edges",
]  # fmt: skip

CLASS_NAMES = ("household", "close", "acquaintance")

NO_STRENGTH: NDArray[np.float64] = np.empty(0, dtype=np.float64)
"""Of a network whose ties differ by class alone."""
_NO_HEADS: NDArray[np.uint16] = np.empty(0, dtype=np.uint16)
_NO_BLOCKS: NDArray[np.int64] = np.empty(0, dtype=np.int64)
_NO_BYTES: NDArray[np.uint8] = np.empty(0, dtype=np.uint8)
_NO_TURN: NDArray[np.uint32] = np.empty(0, dtype=np.uint32)


class Network(NamedTuple):
    """Who knows whom.

    ``begins`` has n + 1 entries: the ties of person i are ``ties[begins[i]:begins[i+1]]``. ``pool`` is the
    number of people who may be met as strangers (persons 0 .. pool-1). ``strength``, if it is not empty, holds for
    each tie a factor (0..1) on the chance that it is used, the same in both directions.

    Where ``heads`` is not empty rows are packed (see ``tie_rows``), and ``begins`` and ``ties`` are empty: ``heads``
    has an entry a person, ``packed`` the rows, ``blocks`` where those of every 32 people begin. Towns are ``town``
    people in a row, communities ``community``. Of far ties, slot q of town A leads to slot q of town (turn[q] - A) mod
    towns, and ``slots`` (town by town) holds the place in town of who has it.
    """

    begins: NDArray[np.uint32]
    ties: NDArray[np.uint32]
    pool: int
    strength: NDArray[np.float64] = NO_STRENGTH
    heads: NDArray[np.uint16] = _NO_HEADS
    packed: NDArray[np.uint8] = _NO_BYTES
    blocks: NDArray[np.int64] = _NO_BLOCKS
    slots: NDArray[np.uint16] = _NO_HEADS
    turn: NDArray[np.uint32] = _NO_TURN
    town: int = 1
    community: int = 1

    @property
    def size(self) -> int:
        """Return the number of people."""
        return len(self.heads) if len(self.heads) else len(self.begins) - 1

    @property
    def start(self) -> NDArray[np.uint32]:
        """Return n + 1 numbers: the ties of person i are ``listed()[start[i]:start[i+1]]``; made anew if packed."""
        starts: NDArray[np.uint32] = row_starts(self, self.size) if len(self.heads) else self.begins
        return starts

    def neighbours(self, person: int) -> NDArray[np.uint32]:
        """Return the people tied to a person, ascending."""
        return self.row(person) >> np.uint32(CLASS_BITS)

    def classes(self, person: int) -> NDArray[np.uint32]:
        """Return the class of each of a person's ties, in the order of ``neighbours``."""
        return self.row(person) & np.uint32(CLASS_MASK)

    def row(self, person: int) -> NDArray[np.uint32]:
        """Return the ties of a person, neighbour x 4 + class, ascending.

        Raises
        ------
        IndexError
            If there is no such person.
        """
        if not 0 <= person < self.size:
            raise IndexError(f"person {person}: people are numbered 0 to {self.size - 1}")
        ties: NDArray[np.uint32] = ties_of(self, person)
        return ties

    def listed(self) -> NDArray[np.uint32]:
        """Return all ties, neighbour x 4 + class, person by person; of a large network they take much memory."""
        if not len(self.heads):
            return self.ties
        ties: NDArray[np.uint32] = all_ties(self, self.size, int(self.degrees().sum()))
        return ties

    def strengths(self, person: int) -> NDArray[np.float64]:
        """Return the strength of each of a person's ties, in the order of ``neighbours``; none if ties have none."""
        if not len(self.strength):
            return self.strength
        return self.strength[self.begins[person] : self.begins[person + 1]]

    def degrees(self) -> NDArray[np.int64]:
        """Return the number of ties of each person."""
        start = self.start
        counts: NDArray[np.int64] = np.subtract(start[1:], start[:-1], dtype=np.int64)
        return counts


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
    if not len(network.heads):
        tail = np.full(extra, network.begins[-1], dtype=network.begins.dtype)
        return network._replace(begins=np.concatenate([network.begins, tail]))
    heads = np.concatenate([network.heads, np.full(extra, BEGINS_HOUSEHOLD, dtype=np.uint16)])
    beyond = np.full(-(-len(heads) // BLOCK) - len(network.blocks), len(network.packed), dtype=np.int64)
    return network._replace(heads=heads, blocks=np.concatenate([network.blocks, beyond]))
