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

import numpy as np
from numpy.typing import NDArray

from wom_sim.networks.market_plan import MarketPlan, plan, with_acquaintances
from wom_sim.networks.packing import blocks_of, close_gaps, starts_of
from wom_sim.networks.stubs import list_stubs, turns
from wom_sim.networks.weave import weave
from wom_sim.world.network import Network
from wom_sim.world.shuffle import in_threads
from wom_sim.world.tie_rows import MOST_IN_COMMUNITY, MOST_IN_TOWN

__all__ = ["MarketPlan", "build", "plan", "with_acquaintances"]


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
        lambda first, last: list_stubs((first, last), market, member, (local, slots, bound), size_of, key),
        towns,
        workers,
    )
    offset = np.zeros(towns + 1, dtype=np.int64)
    np.cumsum(bound, out=offset[1:])
    room = int(offset[-1])
    if not pack and room >= 2**32:
        raise ValueError(f"a network may have at most 4,294,967,295 directed ties; this one would have {room:,}")
    start, turn = np.zeros(0 if pack else n + 1, dtype=np.uint32), turns(market.far_slots, towns, key)
    ties, packed = np.empty(0 if pack else room, dtype=np.uint32), np.empty(room + 1 if pack else 0, dtype=np.uint8)
    taken = np.zeros(towns, dtype=np.int64)
    out = (start, ties, packed, local)
    in_threads(
        lambda first, last: weave((first, last), market, member, (slots, offset, turn), out, taken, key),
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
