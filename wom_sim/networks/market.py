"""The market network: households, close ties in communities, acquaintances with uneven degrees.

* Members of a household are all tied to each other.
* Close ties form a small world (Watts & Strogatz 1998) among the members of a community, in an order of
  their own, so that friends are not next-door numbers.
* Acquaintances form a configuration model (Molloy & Reed 1995) with log-normal degrees. Most are within a
  town of a few thousand; the others lead to another town: slot q of town A meets slot q of town (c_q - A),
  which is a matching, because the map is its own inverse, and needs no table of the whole country.

Every town is built by itself from keyed luck, so threads cannot matter, and people near in number are near
in the network, which keeps most reads in the processor's cache.
Source: structure as in Onnela et al. 2007 (A); sizes C (EVIDENCE section 7).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel, rule
from wom_sim.networks.packing import SLOT, blocks_of, close_gaps, starts_of, tidy_row, write_packed
from wom_sim.world.luck import four
from wom_sim.world.network import Network
from wom_sim.world.shuffle import in_threads, lognormal, normal_pair, shuffle
from wom_sim.world.tie_rows import (
    ACQUAINTANCE,
    BEGINS_HOUSEHOLD,
    CLASS_BITS,
    CLOSE,
    HOUSEHOLD,
    MOST_IN_COMMUNITY,
    MOST_IN_TOWN,
    row_length,
)

_PLACE, _CLOSE, _ACQUAINTANCES, _TOWN, _FAR, _FAR_PARTNER = 22, 23, 24, 25, 26, 27
_NOBODY = 65535


class MarketPlan(NamedTuple):
    """The numbers of a market network; see ``wom_sim.scenario.sections.network.MarketNetwork`` for their meaning."""

    people: int
    community: int
    town: int
    close: int
    close_rewired: float
    acquaintances: float
    acquaintances_spread: float
    far: float
    far_slots: int


def plan(people: int, community: int, town: int, close: int, rewired: float) -> MarketPlan:
    """Return a plan without acquaintances; towns are made of whole communities."""
    return MarketPlan(
        people, community, max(community, town // community * community), close, rewired, 0.0, 0.0, 0.0, 0
    )


def with_acquaintances(market: MarketPlan, mean: float, spread: float, far: float) -> MarketPlan:
    """Return the plan with ``mean`` acquaintances a person; a share ``far`` of them leads to other towns."""
    if market.people <= market.town:
        far = 0.0
    return market._replace(
        acquaintances=mean, acquaintances_spread=spread, far=far, far_slots=round(mean * far * market.town)
    )


@rule
def _stubs(market: MarketPlan, i: int, seed: int) -> tuple[int, int]:
    """Return person i's number of acquaintances in town and far away."""
    u0, u1, u2, u3 = four(seed, _ACQUAINTANCES, i, 0, 0)
    z, _ = normal_pair(u0, u1)
    total = int(lognormal(market.acquaintances, market.acquaintances_spread, z) + u2)
    far = int(total * market.far + u3)
    return total - far, far


@kernel
def _list_stubs(
    first: int,
    last: int,
    market: MarketPlan,
    member: NDArray[np.uint8],
    out: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.int64]],
    size_of: tuple[int, int, int],
    seed: int,
) -> None:
    """For towns ``first`` .. ``last`` - 1 fill local stub counts, far slots, and an upper bound of what ties take.

    ``size_of`` is what a tie takes: of a household, close, any other.
    """
    local, slots, bound = out
    household, close, other = size_of
    stubs = np.empty(1024, dtype=np.int64)
    for town in range(first, last):
        low = town * market.town
        high = min(market.people, low + market.town)
        far_total = 0
        ties = 0
        for i in range(low, high):
            near, far = _stubs(market, i, seed)
            local[i] = min(near, 60_000)
            ties += close * market.close + other * (np.int64(local[i]) + far)
            while far_total + far > stubs.size:
                stubs = np.concatenate((stubs, np.empty_like(stubs)))
            for _ in range(far):
                stubs[far_total] = i - low
                far_total += 1
            j = i
            while j > low and member[j] > 0:
                j -= 1
                ties += 2 * household
        shuffle(stubs, far_total, seed, _FAR, town)
        for q in range(market.far_slots):
            slots[town * market.far_slots + q] = stubs[q] if q < far_total else _NOBODY
        bound[town] = ties


@inlined
def _push(edges: NDArray[np.uint32], used: int, i: int, j: int, kind: int) -> tuple[NDArray[np.uint32], int]:
    """Append a tie i - j (numbers within the town) to a list that grows; nobody is tied to themselves."""
    if i == j:
        return edges, used
    if used == edges.shape[0]:
        edges = np.concatenate((edges, np.empty_like(edges)))
    edges[used, 0] = i
    edges[used, 1] = j
    edges[used, 2] = kind
    return edges, used + 1


@kernel
def _near_edges(
    town: int,
    market: MarketPlan,
    member: NDArray[np.uint8],
    local: NDArray[np.uint16],
    edges: NDArray[np.uint32],
    seed: int,
) -> tuple[NDArray[np.uint32], int]:
    """List the ties within a town: households, close ties, acquaintances in town."""
    low = town * market.town
    high = min(market.people, low + market.town)
    used = 0
    for i in range(low, high):
        j = i
        while j > low and member[j] > 0:
            j -= 1
            edges, used = _push(edges, used, i - low, j - low, HOUSEHOLD)
    place = np.empty(market.community, dtype=np.int64)
    for start in range(low, high, market.community):
        size = min(high, start + market.community) - start
        for k in range(size):
            place[k] = start - low + k
        shuffle(place, size, seed, _PLACE, start)
        for k in range(size):
            for step in range(1, market.close // 2 + 1):
                u, v, _, _ = four(seed, _CLOSE, start + k, step, 0)
                other = int(v * size) if u < market.close_rewired else (k + step) % size
                edges, used = _push(edges, used, place[k], place[other], CLOSE)
    total = 0
    for i in range(low, high):
        total += local[i]
    stubs = np.empty(total, dtype=np.int64)
    k = 0
    for i in range(low, high):
        for _ in range(local[i]):
            stubs[k] = i - low
            k += 1
    shuffle(stubs, total, seed, _TOWN, town)
    for k in range(0, total - 1, 2):
        edges, used = _push(edges, used, stubs[k], stubs[k + 1], ACQUAINTANCE)
    return edges, used


@inlined
def _far_edges(
    town: int, market: MarketPlan, slots: NDArray[np.uint16], turn: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], int]:
    """List the ties of a town that lead elsewhere: (own place in town, neighbour, slot)."""
    towns = (market.people + market.town - 1) // market.town
    far = np.empty((market.far_slots, 3), dtype=np.int64)
    n_far = 0
    for q in range(market.far_slots):
        own = slots[town * market.far_slots + q]
        other = (np.int64(turn[q]) - town) % towns
        partner = slots[other * market.far_slots + q]
        if other != town and own != _NOBODY and partner != _NOBODY:
            far[n_far, 0] = own
            far[n_far, 1] = other * market.town + partner
            far[n_far, 2] = q
            n_far += 1
    return far, n_far


@kernel
def _weave(
    span: tuple[int, int],
    market: MarketPlan,
    member: NDArray[np.uint8],
    stubs: tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.int64]],
    out: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64]],
    turn: NDArray[np.uint32],
    seed: int,
) -> None:
    """Write the rows of the towns in ``span``, each town from its own offset on.

    ``out`` is (degrees, ties of 32 bits, packed rows, what each town takes): the first two or the third are empty. The
    heads of packed rows take the place of the local stub counts. What a town takes is -1 if its rows cannot be packed.
    """
    local, slots, offset = stubs
    start, ties, packed, taken = out
    edges = np.empty((8 * market.town, 3), dtype=np.uint32)
    at = np.empty(market.town + 1, dtype=np.int64)
    for town in range(span[0], span[1]):
        low = town * market.town
        high = min(market.people, low + market.town)
        edges, used = _near_edges(town, market, member, local, edges, seed)
        far, n_far = _far_edges(town, market, slots, turn)
        at[:] = 0
        for e in range(used):
            at[edges[e, 0] + 1] += 1
            at[edges[e, 1] + 1] += 1
        for e in range(n_far):
            at[far[e, 0] + 1] += 1
        for i in range(1, at.size):
            at[i] += at[i - 1]
        rows = np.empty(at[-1], dtype=np.uint64)
        fill = at.copy()
        for e in range(used):
            i = edges[e, 0]
            j = edges[e, 1]
            rows[fill[i]] = np.uint64(((low + j) << CLASS_BITS) | edges[e, 2]) << SLOT
            rows[fill[j]] = np.uint64(((low + i) << CLASS_BITS) | edges[e, 2]) << SLOT
            fill[i] += 1
            fill[j] += 1
        for e in range(n_far):
            entry = np.uint64((far[e, 1] << CLASS_BITS) | ACQUAINTANCE) << SLOT
            rows[fill[far[e, 0]]] = entry | np.uint64(far[e, 2])
            fill[far[e, 0]] += 1
        write = offset[town]
        for i in range(high - low):
            row = rows[at[i] : at[i + 1]]
            size = tidy_row(row, row.size, low + i)
            if packed.size == 0:
                start[low + i + 1] = size
                ties[write : write + size] = row[:size] >> SLOT
                write += size
                continue
            first = i // market.community * market.community + low
            where = (first if market.community <= MOST_IN_COMMUNITY else np.int64(-1), low, high)
            head = write_packed(row[:size], packed, (write, offset[town + 1]), where)
            if head < 0:
                write = offset[town] - 1
                break
            local[low + i] = head | (BEGINS_HOUSEHOLD if i == 0 or member[low + i] == 0 else 0)
            write += row_length(head)
        taken[town] = write - offset[town]


@kernel
def _turns(slots: int, towns: int, seed: int) -> NDArray[np.uint32]:
    """Return for each slot the sum (mod towns) of the two towns that it ties."""
    out = np.empty(slots, dtype=np.uint32)
    for q in range(slots):
        u, _, _, _ = four(seed, _FAR_PARTNER, q, 0, 0)
        out[q] = 1 if towns == 2 else int(u * towns)  # of two towns, each must lead to the other
    return out


def build(market: MarketPlan, member: NDArray[np.uint8], seed: int, workers: int | None = None) -> Network:
    """Return the market network of people whose ``member`` column is given (contiguous within towns).

    Rows are packed where towns are small enough for it.

    Raises
    ------
    ValueError
        If there would be more ties than 32 bits can number.
    """
    if max(market.town, market.far_slots) <= MOST_IN_TOWN:
        packed = _build(market, member, seed, workers, True)
        if packed is not None:
            return packed
    plain = _build(market, member, seed, workers, False)
    assert plain is not None, "plain rows take any number of ties"
    return plain


def _build(market: MarketPlan, member: NDArray[np.uint8], seed: int, workers: int | None, pack: bool) -> Network | None:
    """Return the network with packed or plain rows; None if somebody has too many ties for packed ones."""
    n = market.people
    towns = -(-n // market.town)
    key = np.uint64(seed)
    local = np.zeros(n, dtype=np.uint16)
    slots = np.zeros(towns * market.far_slots, dtype=np.uint16)
    bound = np.zeros(towns, dtype=np.int64)
    close = 1 if market.community <= MOST_IN_COMMUNITY else 2
    size_of = (0, close, 2) if pack else (1, 1, 1)
    in_threads(
        lambda first, last: _list_stubs(first, last, market, member, (local, slots, bound), size_of, key),
        towns,
        workers,
    )
    offset = np.zeros(towns + 1, dtype=np.int64)
    np.cumsum(bound, out=offset[1:])
    room = int(offset[-1])
    if not pack and room >= 2**32:
        raise ValueError(f"a network may have at most 4,294,967,295 directed ties; this one would have {room:,}")
    start, turn = np.zeros(0 if pack else n + 1, dtype=np.uint32), _turns(market.far_slots, towns, key)
    ties, packed = np.empty(0 if pack else room, dtype=np.uint32), np.empty(room + 1 if pack else 0, dtype=np.uint8)
    taken = np.zeros(towns, dtype=np.int64)
    out = (start, ties, packed, taken)
    in_threads(
        lambda first, last: _weave((first, last), market, member, (local, slots, offset), out, turn, key),
        towns,
        workers,
    )
    if (taken < 0).any():
        return None
    if not pack:
        starts_of(start)
        close_gaps(ties, offset, taken)
        return Network(start, ties, n)
    close_gaps(packed, offset, taken)
    return Network(
        start, ties, n, heads=local, packed=packed, blocks=blocks_of(local), slots=slots, turn=turn, town=market.town,
        community=market.community,
    )  # fmt: skip
