"""Ties that are known, completed by those of the market: as many as without them, in the same places else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.world.luck import Purpose, four
from wom_sim.world.network import ACQUAINTANCE, CLASS_BITS, CLOSE, NO_STRENGTH, Network, edges, from_edges

_BLOCK = int(Purpose.GIVES_WAY) >> 2

Numbers = NDArray[np.int64]


def completed(drawn: Network, known: Network, seed: int) -> Network:
    """Return the known ties and the drawn ones, less as many drawn ones of the same class as are known.

    Who has known ties has so many drawn ones less; a tie is taken away first where both have known ties, then where
    one has. So a person of whom many ties are known has hardly any other, and the market has as many as before, unless
    more are known than were drawn near them. Drawn households stay. Where a known and a drawn tie meet, the closer
    class holds. Which drawn ties give way is luck of the pair (purpose ``GIVES_WAY``). Assumption: what is known of a
    person is drawn from the same ties as those that are not.
    """
    first, second, kind = edges(drawn)
    mine, theirs, known_kind = edges(known)
    people = drawn.size
    pairs, known_pairs = first * people + second, mine * people + theirs
    both_known = np.isin(pairs, known_pairs)
    new = ~np.isin(known_pairs, pairs)
    stays = np.ones(len(first), dtype=bool)
    for of_class in (CLOSE, ACQUAINTANCE):
        these = (known_kind == of_class) & new
        credit = np.bincount(np.concatenate([mine[these], theirs[these]]), minlength=people)
        may = np.flatnonzero((kind == of_class) & ~both_known & ((credit[first] > 0) | (credit[second] > 0)))
        luck = _lucks(first[may], second[may], np.uint64(seed))
        gone = _giving_way(first[may], second[may], luck, credit, int(these.sum()))
        stays[may[gone]] = False
    strength = NO_STRENGTH
    if len(known.strength):
        source = np.repeat(np.arange(people, dtype=np.int64), known.degrees())
        once = source < (known.ties >> CLASS_BITS).astype(np.int64)
        strength = np.concatenate([known.strength[once], np.ones(int(stays.sum()))])
    return from_edges(
        people, np.concatenate([mine, first[stays]]), np.concatenate([theirs, second[stays]]),
        np.concatenate([known_kind, kind[stays]]), strength,
    )  # fmt: skip


@kernel
def _lucks(first: Numbers, second: Numbers, seed: int) -> NDArray[np.float64]:
    out = np.empty(first.size, dtype=np.float64)
    for k in range(first.size):
        u, _, _, _ = four(seed, _BLOCK, first[k], second[k], 0)
        out[k] = u
    return out


def _giving_way(first: Numbers, second: Numbers, luck: NDArray[np.float64], credit: Any, most: int) -> Numbers:
    """Return which ties give way, at most ``most``: in the order of their luck, while who they tie has credit left.

    ``credit`` is used up: a tie takes one from each of its two people who has any.
    """
    order = np.argsort(luck, kind="stable")
    gone: list[int] = []
    for of_both in (True, False):
        if len(gone) >= most:
            break
        gone += _walk(first, second, order, credit, most - len(gone), of_both).tolist()
    return np.array(gone, dtype=np.int64)


@kernel
def _walk(first: Numbers, second: Numbers, order: Numbers, credit: Numbers, most: int, of_both: bool) -> Numbers:
    """Return ties that give way, in order; who has given one is not asked again (their place in ``order`` is -1)."""
    out = np.empty(max(0, most), dtype=np.int64)
    used = 0
    for place in range(order.size):
        if used >= most:
            break
        k = order[place]
        if k < 0:
            continue
        i, j = first[k], second[k]
        if (credit[i] > 0 and credit[j] > 0) if of_both else (credit[i] > 0 or credit[j] > 0):
            credit[i] = max(0, credit[i] - 1)
            credit[j] = max(0, credit[j] - 1)
            order[place] = -1
            out[used] = k
            used += 1
    return out[:used]
