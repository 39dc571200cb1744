"""How the ties of a person are stored and read: plain rows, or packed ones, of which nothing is kept that follows.

A *plain* network has rows of 32 bits a tie, neighbour x 4 + class, from ``begins[i]`` to ``begins[i + 1]``.

A *packed* one is for people who live in communities and towns, as in the market network: at national size the ties
are most of the memory. It has a head of 16 bits a person, and a row of bytes:

* ties of the household take nothing: heads say where a household begins, and its members follow one another;
* a close tie takes a byte, the place of the neighbour in the community (where a community has at most 256 people);
* all other ties take two: place of the neighbour in the town x 4 + class. If the class is FAR, the number before it is
  a slot, which leads to another town; see ``Network``.

Where a row begins is kept for every 32 people; the lengths of the rows between follow from their heads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import fetch, inlined, kernel, part

if TYPE_CHECKING:
    from wom_sim.world.network import Network

HOUSEHOLD, CLOSE, ACQUAINTANCE = 0, 1, 2
"""Classes of tie."""
CLASS_BITS = 2
CLASS_MASK = 3
FAR = 3
"""Stands in the place of the class of a tie that leads to another town, which is an acquaintance."""
MOST_IN_TOWN = 1 << 14
"""So many people may live in a town, and so many ties of a town may lead elsewhere, for packed rows."""
MOST_IN_COMMUNITY = 256
"""So many people may live in a community for close ties of a byte; in a larger one they take two."""

BEGINS_HOUSEHOLD = 1 << 15
"""Bit of a head: the person is the first of their household."""
CLOSE_SHIFT, MOST_CLOSE, MOST_OTHERS = 10, 31, 1023
"""A head also says how many ties take a byte (from bit CLOSE_SHIFT on), and below it how many take two."""
BLOCK = 32
"""Of every so many people it is kept where their rows begin."""


@inlined
def row_length(head: int) -> np.int64:
    """Return how many bytes the row of a person takes.

    >>> row_length(BEGINS_HOUSEHOLD | 3 << CLOSE_SHIFT | 4)
    11
    """
    return (np.int64(head) >> CLOSE_SHIFT & MOST_CLOSE) + 2 * (np.int64(head) & MOST_OTHERS)


@inlined
def _row_begins(network: Network, i: int) -> np.int64:
    """Return where the packed row of person ``i`` begins."""
    at = network.blocks[np.int64(i) // BLOCK]
    for before in range(np.int64(i) // BLOCK * BLOCK, np.int64(i)):
        at += row_length(network.heads[before])
    return at


@inlined
def _household(network: Network, i: int) -> tuple[np.int64, np.int64]:
    """Return the first member of the household of person ``i`` and the one after the last, by the heads."""
    first, end = np.int64(i), np.int64(i) + 1
    while not network.heads[first] & BEGINS_HOUSEHOLD:
        first -= 1
    while end < network.heads.size and not network.heads[end] & BEGINS_HOUSEHOLD:
        end += 1
    return first, end


@inlined
def degree_of(network: Network, i: int | np.int64) -> np.int64:
    """Return the number of ties of person ``i``."""
    if network.heads.size == 0:
        return np.int64(network.begins[i + 1]) - np.int64(network.begins[i])
    first, end = _household(network, i)
    head = np.int64(network.heads[i])
    return end - first - 1 + (head >> CLOSE_SHIFT & MOST_CLOSE) + (head & MOST_OTHERS)


@kernel
def ties_into(network: Network, i: int, out: NDArray[np.uint32]) -> np.int64:
    """Write the ties of person ``i``, neighbour x 4 + class, ascending, to the front of ``out``; return their number.

    ``out`` has room for ``degree_of`` numbers at least.
    """
    if network.heads.size == 0:
        begin = np.int64(network.begins[i])
        size = np.int64(network.begins[i + 1]) - begin
        for k in range(size):
            out[k] = network.ties[begin + k]
        return size
    number = np.int64(0)
    first, end = _household(network, i)
    for other in range(first, end):
        if other != i:
            out[number] = other << CLASS_BITS | HOUSEHOLD
            number += 1
    at, head = _row_begins(network, i), np.int64(network.heads[i])
    community = np.int64(i) // network.community * network.community
    for _ in range(head >> CLOSE_SHIFT & MOST_CLOSE):
        number = _put_in_order(out, number, (community + np.int64(network.packed[at])) << CLASS_BITS | CLOSE)
        at += 1
    town = np.int64(i) // network.town
    for _ in range(head & MOST_OTHERS):
        entry = np.int64(network.packed[at]) | np.int64(network.packed[at + 1]) << 8
        number = _put_in_order(out, number, _tie_of(network, town, entry))
        at += 2
    return number


@inlined
def _put_in_order(out: NDArray[np.uint32], number: np.int64, tie: np.int64) -> np.int64:
    """Put a tie among the ``number`` that are there in ascending order; return how many there are now."""
    k = number
    while k > 0 and out[k - 1] > tie:
        out[k] = out[k - 1]
        k -= 1
    out[k] = tie
    return number + 1


@inlined
def _tie_of(network: Network, town: np.int64, entry: np.int64) -> np.int64:
    """Return an entry of two bytes, of somebody of ``town``, as neighbour x 4 + class."""
    place, kind = entry >> CLASS_BITS, entry & CLASS_MASK
    if kind != FAR:
        return (town * network.town + place) << CLASS_BITS | kind
    other, slot = _slot(network, town, place)
    return (other * network.town + np.int64(network.slots[slot])) << CLASS_BITS | ACQUAINTANCE


@inlined
def _slot(network: Network, town: np.int64, place: np.int64) -> tuple[np.int64, np.int64]:
    """Return to which town slot ``place`` of ``town`` leads, and where in ``slots`` it is said to whom there."""
    width = network.turn.size
    other = np.int64(network.turn[place]) - town
    other += network.slots.size // width if other < 0 else 0
    return other, other * width + place


@kernel
def ties_of(network: Network, i: int) -> NDArray[np.uint32]:
    """Return the ties of person ``i``, neighbour x 4 + class, ascending."""
    out = np.empty(degree_of(network, i), dtype=np.uint32)
    ties_into(network, i, out)
    return out


@kernel
def row_starts(network: Network, people: int) -> NDArray[np.uint32]:
    """Return for each person how many ties those before have, and at the end how many there are."""
    out = np.zeros(people + 1, dtype=np.uint32)
    total = 0
    for i in range(people):
        total += degree_of(network, i)
        out[i + 1] = total
    return out


@kernel
def all_ties(network: Network, people: int, total: int) -> NDArray[np.uint32]:
    """Return the ties of all, ``total`` of them, person by person."""
    out = np.empty(total, dtype=np.uint32)
    at = 0
    for i in range(people):
        at += ties_into(network, i, out[at:])
    return out


@inlined
def fetch_head(network: Network, i: int) -> None:
    """Ask for what says where the ties of person ``i`` are; they are needed soon."""
    if network.heads.size == 0:
        fetch(network.begins, i)
    else:
        fetch(network.heads, i)
        fetch(network.blocks, np.int64(i) // BLOCK)


@inlined
def fetch_ties(network: Network, i: int) -> None:
    """Ask for the ties of person ``i``, which are needed soon."""
    if network.heads.size == 0:
        fetch(network.ties, network.begins[i])
    else:
        at = _row_begins(network, i)
        fetch(network.packed, at)
        fetch(network.packed, at + row_length(network.heads[i]))


@part
def fetch_far_ties(network: Network, i: int) -> None:
    """Ask for what says who the ties of person ``i`` to other towns are; it is needed soon. Their row is read.

    These stand first and last among the ties of two bytes, as rows ascend.
    """
    if network.heads.size == 0:
        return
    head = np.int64(network.heads[i])
    first = _row_begins(network, i) + (head >> CLOSE_SHIFT & MOST_CLOSE)
    last = first + 2 * (head & MOST_OTHERS)
    at = first
    while at < last and _fetch_far(network, i, at):
        at += 2
    while last > at and _fetch_far(network, i, last - 2):
        last -= 2


@inlined
def _fetch_far(network: Network, i: int, at: np.int64) -> bool:
    """Ask for whom the entry at ``at``, of person ``i``, leads to; returns whether that is in another town."""
    entry = np.int64(network.packed[at]) | np.int64(network.packed[at + 1]) << 8
    if entry & CLASS_MASK != FAR:
        return False
    fetch(network.slots, _slot(network, np.int64(i) // network.town, entry >> CLASS_BITS)[1])
    return True
