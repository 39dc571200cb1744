"""Loose ends of ties: how many acquaintances each person has, and the ties of a town to others.

Acquaintances form a configuration model (Molloy & Reed 1995) with log-normal degrees. Most are within a
town of a few thousand; the others lead to another town: slot q of town A meets slot q of town (c_q - A),
which is a matching, because the map is its own inverse, and needs no table of the whole country.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import borrowed, fetch, inlined, kernel, rule
from wom_sim.networks.market_plan import MarketPlan
from wom_sim.networks.packing import SLOT, SLOT_MASK
from wom_sim.world.luck import four, unit, words_in_row
from wom_sim.world.shuffle import lognormal, normal, shuffle
from wom_sim.world.tie_rows import ACQUAINTANCE, CLASS_BITS

_ACQUAINTANCES, _FAR, _FAR_PARTNER = 24, 26, 27
_NOBODY = 65535
_MOST = 60_000
"""So many acquaintances in town a person may have."""
_AT_A_TIME = 256
"""The luck of so many people is made at a time."""
FEW = 4
"""What most people have fewer loose ends than."""
_AHEAD = 16
"""So many slots ahead, what is in them is asked for."""


@rule
def _stubs(market: MarketPlan, words: NDArray[np.uint32], k: int) -> tuple[int, int]:
    """Return a person's number of acquaintances in town and far away; their luck is column ``k``."""
    u2, u3 = unit(words[2, k]), unit(words[3, k])
    z = normal(unit(words[0, k]), unit(words[1, k]))
    total = int(lognormal(market.acquaintances, market.acquaintances_spread, z) + u2)
    far = int(total * market.far + u3)
    return total - far, far


@inlined
def fill(stubs: NDArray[np.uint16], at: np.int64, number: int, who: int) -> np.int64:
    """Write ``who`` so many times from ``at`` on, and return where they end; what is in the next FEW may be lost.

    A few are always written, because a loop that ends after another number of steps each time costs more.
    """
    for k in range(FEW):
        stubs[at + k] = who
    for k in range(FEW, number):
        stubs[at + k] = who
    return at + number


@kernel
def list_stubs(
    span: tuple[int, int],
    market: MarketPlan,
    member: NDArray[np.uint8],
    out: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.int64]],
    size_of: tuple[int, int, int],
    seed: int,
) -> None:
    """For the towns in ``span`` fill local stub counts, far slots, and an upper bound of what ties take.

    ``size_of`` is what a tie takes: of a household, close, any other.
    """
    local, slots, bound = borrowed(out[0]), borrowed(out[1]), borrowed(out[2])
    member = borrowed(member)
    household, close, other = size_of
    stubs = np.empty(2 * market.far_slots + 1024, dtype=np.uint16)
    room = np.empty((4, _AT_A_TIME), dtype=np.uint32)
    for town in range(span[0], span[1]):
        low = town * market.town
        high = min(market.people, low + market.town)
        far_total, ties, home = np.int64(0), np.int64(0), np.int64(low)
        for first in range(low, high, _AT_A_TIME):
            after = min(high, first + _AT_A_TIME)
            words = words_in_row(seed, _ACQUAINTANCES, (first, 1), (0, 0), after - first, room)
            for i in range(first, after):
                near, far = _stubs(market, words, i - first)
                local[i] = min(near, _MOST)
                if member[i] == 0:
                    home = np.int64(i)
                ties += close * market.close + other * (np.int64(local[i]) + far) + 2 * household * (i - home)
                while far_total + far + FEW > stubs.size:
                    stubs = np.concatenate((stubs, np.empty_like(stubs)))
                far_total = fill(stubs, far_total, far, i - low)
        shuffle(stubs, far_total, seed, _FAR, town)
        for q in range(market.far_slots):
            slots[town * market.far_slots + q] = stubs[q] if q < far_total else _NOBODY
        bound[town] = ties


@inlined
def far_ties(
    town: int, market: MarketPlan, slots: NDArray[np.uint16], turn: NDArray[np.uint32], size: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]:
    """Return where the ties to other towns of each of a town's ``size`` people begin, and these ties, ascending.

    A tie is (neighbour x 4 + class) x 2^16 + slot.
    """
    towns = (market.people + market.town - 1) // market.town
    begin = np.zeros(size + 1, dtype=np.uint32)
    own = np.empty(market.far_slots, dtype=np.uint16)
    found = np.empty(market.far_slots, dtype=np.uint64)
    number = 0
    for q in range(market.far_slots):
        if q + _AHEAD < market.far_slots:
            soon = np.int64(turn[q + _AHEAD]) - town
            fetch(slots, (soon + (towns if soon < 0 else 0)) * market.far_slots + q + _AHEAD)
        mine = slots[town * market.far_slots + q]
        other = np.int64(turn[q]) - town
        if other < 0:
            other += towns
        partner = slots[other * market.far_slots + q]
        if other != town and mine != _NOBODY and partner != _NOBODY:
            neighbour = other * market.town + np.int64(partner)
            own[number] = mine
            found[number] = np.uint64((neighbour << CLASS_BITS) | ACQUAINTANCE) << SLOT | (np.uint64(q) & SLOT_MASK)
            begin[np.int64(mine) + 1] += 1
            number += 1
    for i in range(size):
        begin[i + 1] += begin[i]
    ties = np.empty(number, dtype=np.uint64)
    fill = begin.copy()
    for e in range(number):
        me = np.int64(own[e])
        at = np.int64(fill[me])
        while at > begin[me] and ties[at - 1] > found[e]:
            ties[at] = ties[at - 1]
            at -= 1
        ties[at] = found[e]
        fill[me] += 1
    return begin, ties


@kernel
def turns(slots: int, towns: int, seed: int) -> NDArray[np.uint32]:
    """Return for each slot the sum (mod towns) of the two towns that it ties."""
    out = np.empty(slots, dtype=np.uint32)
    for q in range(slots):
        u, _, _, _ = four(seed, _FAR_PARTNER, q, 0, 0)
        out[q] = 1 if towns == 2 else int(u * towns)  # of two towns, each must lead to the other
    return out
