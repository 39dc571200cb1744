"""The rows of a market network, town by town: households, close ties, acquaintances near and far.

Nothing is sorted by comparing. A list of ties is written twice: first to each end as it comes, then, person by person,
to those whom each is tied to, so that everybody's row comes out in ascending order (a matrix turned twice).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import borrowed, inlined, kernel, part
from wom_sim.networks.market_plan import MarketPlan
from wom_sim.networks.packing import SLOT, SLOT_MASK, WHO, tidy_row, write_packed
from wom_sim.networks.stubs import FEW, far_ties, fill
from wom_sim.world.luck import unit, words_in_row
from wom_sim.world.shuffle import shuffle
from wom_sim.world.tie_rows import (
    ACQUAINTANCE,
    BEGINS_HOUSEHOLD,
    CLASS_BITS,
    CLOSE,
    CLOSE_SHIFT,
    FAR,
    HOUSEHOLD,
    MOST_CLOSE,
    MOST_IN_COMMUNITY,
    MOST_OTHERS,
    row_length,
)

_PLACE, _CLOSE, _TOWN = 22, 23, 25
AT_ONCE = 8
"""So many close ties, which is more than most people have, are copied without counting them."""

Rows = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]
"""Where each person's row begins, where it ends, and what is in the rows: places of neighbours, ascending."""

Near = tuple[Rows, NDArray[np.uint32], NDArray[np.uint64]]
"""Of a town: rows of acquaintances in town, where each person's ties to other towns begin, and these ties."""
Out = tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint16]]
"""Degrees, ties of 32 bits; packed rows, heads. The first two, or the third, are empty."""


@part
def _rows_of(ends: NDArray[np.uint16], ties: int, begin: NDArray[np.uint32], home: NDArray[np.uint16]) -> Rows:
    """Return the rows of ties between people ``ends[2 k]`` and ``ends[2 k + 1]``, none of them twice.

    ``begin`` holds where each person's row begins, with room for all their ends, and last how much room is needed;
    ``home`` which household is theirs. Ties within one are left out, as it has ties of its own.
    """
    size = begin.size - 1
    as_they_come = np.empty(begin[size], dtype=np.uint16)
    end = begin.copy()
    for k in range(ties):
        i, j = ends[2 * k], ends[2 * k + 1]
        if home[i] != home[j]:
            as_they_come[end[i]] = j
            end[i] += 1
            as_they_come[end[j]] = i
            end[j] += 1
    ascending = np.empty(np.int64(begin[size]) + AT_ONCE, dtype=np.uint16)
    last = begin.copy()
    for i in range(size):
        for k in range(begin[i], end[i]):
            j = as_they_come[k]
            at = last[j]
            if at == begin[j] or ascending[at - 1] != i:
                ascending[at] = i
                last[j] = at + 1
    return begin, last, ascending


@part
def _homes(low: int, high: int, member: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return for each person of a town the place in town of the first of their household."""
    homes = np.empty(high - low, dtype=np.uint16)
    home = low
    for i in range(low, high):
        if member[i] == 0:
            home = i
        homes[i - low] = home - low
    return homes


@part
def _acquainted(town: int, market: MarketPlan, local: NDArray[np.uint16], homes: NDArray[np.uint16], seed: int) -> Rows:
    """Return the rows of acquaintances within a town."""
    low = town * market.town
    high = min(market.people, low + market.town)
    begin = np.empty(high - low + 1, dtype=np.uint32)
    total = np.int64(0)
    for i in range(low, high):
        begin[i - low] = total
        total += np.int64(local[i])
    begin[high - low] = total
    stubs = np.empty(total + FEW, dtype=np.uint16)
    k = np.int64(0)
    for i in range(low, high):
        k = fill(stubs, k, np.int64(local[i]), i - low)
    shuffle(stubs, total, seed, _TOWN, town)
    return _rows_of(stubs, total // 2, begin, homes)


@part
def _close(start: int, size: int, market: MarketPlan, homes: NDArray[np.uint16], seed: int) -> Rows:
    """Return the rows of close ties among the ``size`` people of the community that begins at ``start``.

    They are a ring in an order of its own, in which some ties lead elsewhere in the community.
    """
    place = np.empty(size, dtype=np.uint16)
    for k in range(size):
        place[k] = k
    shuffle(place, size, seed, _PLACE, start)
    around = market.close // 2
    ends = np.empty(2 * around * size, dtype=np.uint16)
    begin = np.zeros(size + 1, dtype=np.uint32)
    room = np.empty((4, size), dtype=np.uint32)
    at = 0
    for step in range(1, around + 1):
        words = words_in_row(seed, _CLOSE, (start, 1), (step, 0), size, room)
        for k in range(size):
            u, v = unit(words[0, k]), unit(words[1, k])
            other = k + step
            while other >= size:
                other -= size
            if u < market.close_rewired:
                other = int(v * size)
            ends[at] = place[k]
            ends[at + 1] = place[other]
            begin[np.int64(place[k]) + 1] += 1
            begin[np.int64(place[other]) + 1] += 1
            at += 2
    for k in range(size):
        begin[k + 1] += begin[k]
    return _rows_of(ends, at // 2, begin, homes)


@inlined
def _put(entry: int, packed: NDArray[np.uint8], at: int) -> None:
    """Write an entry of two bytes."""
    packed[at] = entry & 255
    packed[at + 1] = entry >> 8


@inlined
def _copy_close(
    others: NDArray[np.uint16], which: tuple[int, int], packed: NDArray[np.uint8], span: tuple[int, int]
) -> np.int64:
    """Write places from .. to of ``others`` as bytes; return where they end, -1 if they do not fit."""
    begin, number, at = which[0], which[1] - which[0], np.int64(span[0])
    if at + number > span[1]:
        return np.int64(-1)
    if number <= AT_ONCE and at + AT_ONCE <= span[1]:
        a, b, c, d = others[begin], others[begin + 1], others[begin + 2], others[begin + 3]
        e, f, g, h = others[begin + 4], others[begin + 5], others[begin + 6], others[begin + 7]
        packed[at], packed[at + 1], packed[at + 2], packed[at + 3] = a, b, c, d
        packed[at + 4], packed[at + 5], packed[at + 6], packed[at + 7] = e, f, g, h
        return at + number
    for k in range(number):
        packed[at + k] = others[begin + k]
    return at + number


@inlined
def _pack(
    me: int,
    where: tuple[int, int, int, int],
    close: Rows,
    near: Near,
    packed: NDArray[np.uint8],
    span: tuple[int, int],
) -> np.int64:
    """Write the packed row of a person whose close ties take a byte each; return its head, or -1 if it does not fit.

    It is what ``write_packed`` writes of the row that ``_gather`` gathers. ``where`` is (first of the community, of the
    next; of the town, of the next).
    """
    first, low = where[0], where[2]
    at, end = span
    at = _copy_close(close[2], (np.int64(close[0][me - first]), np.int64(close[1][me - first])), packed, (at, end))
    if at < 0:
        return np.int64(-1)
    taken = at - span[0]
    number = 0
    (acquainted, last, known), far_begin, far = near
    f, far_end = np.int64(far_begin[me - low]), np.int64(far_begin[me - low + 1])
    before = np.int64(-1)
    for k in range(np.int64(acquainted[me - low]), np.int64(last[me - low]) + 1):
        is_last = k == last[me - low]
        while f < far_end and (is_last or np.int64(far[f] >> WHO) < low):
            other = np.int64(far[f] >> WHO)
            if other != before:
                if at + 2 > end or number == MOST_OTHERS:
                    return np.int64(-1)
                _put(np.int64(far[f] & SLOT_MASK) << CLASS_BITS | FAR, packed, at)
                at += 2
                number += 1
            before = other
            f += 1
        if is_last or _among(low + np.int64(known[k]), me, where, close):
            continue
        if at + 2 > end or number == MOST_OTHERS:
            return np.int64(-1)
        _put(np.int64(known[k]) << CLASS_BITS | ACQUAINTANCE, packed, at)
        at += 2
        number += 1
    return np.int64(taken << CLOSE_SHIFT | number)


@inlined
def _among(other: int, me: int, where: tuple[int, int, int, int], close: Rows) -> bool:
    """Return whether a person is among the close ties of ``me``."""
    if not where[0] <= other < where[1]:
        return False
    begins, ends, others = close
    for k in range(begins[me - where[0]], ends[me - where[0]]):  # noqa: SIM110  # kernels know no any()
        if where[0] + np.int64(others[k]) == other:
            return True
    return False


@part
def _gather(who: tuple[int, int, int], where: tuple[int, int, int, int], close: Rows, near: Near) -> NDArray[np.uint64]:
    """Return the row of a person as ``tidy_row`` leaves it; arguments as those of ``_pack``."""
    me, home, after = who
    first, low = where[0], where[2]
    begins, ends, others = close
    (acquainted, last, known), far_begin, far = near
    row = np.empty(
        after - home + ends[me - first] - begins[me - first] + last[me - low] - acquainted[me - low]
        + far_begin[me - low + 1] - far_begin[me - low], dtype=np.uint64,
    )  # fmt: skip
    size = 0
    for other in range(home, after):
        row[size] = np.uint64(other << CLASS_BITS | HOUSEHOLD) << SLOT
        size += 1
    for k in range(begins[me - first], ends[me - first]):
        row[size] = np.uint64((first + np.int64(others[k])) << CLASS_BITS | CLOSE) << SLOT
        size += 1
    for k in range(acquainted[me - low], last[me - low]):
        row[size] = np.uint64((low + np.int64(known[k])) << CLASS_BITS | ACQUAINTANCE) << SLOT
        size += 1
    for k in range(far_begin[me - low], far_begin[me - low + 1]):
        row[size] = far[k]
        size += 1
    return row[: tidy_row(row, size, me)]


@inlined
def _next_household(homes: NDArray[np.uint16], home: int, town: tuple[int, int]) -> int:
    """Return the first person after the household that begins with ``home``; ``town`` is (first, first of the next)."""
    low, high = town
    after = home + 1
    while after < high and homes[after - low] == home - low:
        after += 1
    return after


@part
def _write_community(
    where: tuple[int, int, int, int],
    close: Rows,
    near: Near,
    homes: NDArray[np.uint16],
    out: Out,
    span: tuple[int, int, bool],
) -> np.int64:
    """Write the rows of a community; return where they end, -1 if they do not fit.

    ``where`` is as in ``_pack``, ``span`` (where from, where to at most, whether close ties take a byte). The heads of
    packed rows take the place of the local stub counts.
    """
    close = (borrowed(close[0]), borrowed(close[1]), borrowed(close[2]))
    start, ties, packed, heads = borrowed(out[0]), borrowed(out[1]), borrowed(out[2]), borrowed(out[3])
    first, next_first, low, high = where
    write, end, in_bytes = np.int64(span[0]), span[1], span[2]
    for i in range(first, next_first):
        home = low + np.int64(homes[i - low])
        if packed.size > 0 and in_bytes and close[1][i - first] - close[0][i - first] <= MOST_CLOSE:
            head = _pack(i, where, close, near, packed, (write, end))
        else:
            row = _gather((i, home, _next_household(homes, home, (low, high))), where, close, near)
            if packed.size == 0:
                start[i + 1] = row.size
                ties[write : write + row.size] = row >> SLOT
                write += row.size
                continue
            head = write_packed(row, packed, (write, end), (first if in_bytes else np.int64(-1), low, high))
        if head < 0:
            return np.int64(-1)
        heads[i] = head | (BEGINS_HOUSEHOLD if i == home else 0)
        write += row_length(head)
    return write


@part
def _write_town(
    low: int, market: MarketPlan, near: Near, homes: NDArray[np.uint16], out: Out, writing: tuple[int, int, int]
) -> np.int64:
    """Write the rows of the town that begins at ``low``; ``writing`` is (where from, where to at most, seed).

    Returns where they end, -1 if they do not fit.
    """
    (begins, ends, known), far_begin, far = near
    near = ((borrowed(begins), borrowed(ends), borrowed(known)), borrowed(far_begin), borrowed(far))
    homes = borrowed(homes)
    high = min(market.people, low + market.town)
    write, end, seed = np.int64(writing[0]), writing[1], writing[2]
    for first in range(low, high, market.community):
        after = min(high, first + market.community)
        close = _close(first, after - first, market, homes[first - low : after - low], seed)
        span = (write, end, market.community <= MOST_IN_COMMUNITY)
        write = _write_community((first, after, low, high), close, near, homes, out, span)
        if write < 0:
            break
    return write


@kernel
def weave(
    span: tuple[int, int],
    market: MarketPlan,
    member: NDArray[np.uint8],
    stubs: tuple[NDArray[np.uint16], NDArray[np.int64], NDArray[np.uint32]],
    out: Out,
    taken: NDArray[np.int64],
    seed: int,
) -> None:
    """Write the rows of the towns in ``span``, each town from its own offset on.

    ``stubs`` is (far slots, offsets, turns), ``taken`` what each town takes: -1 if its rows cannot be packed.
    """
    slots, offset, turn = borrowed(stubs[0]), stubs[1], borrowed(stubs[2])
    for town in range(span[0], span[1]):
        low = town * market.town
        high = min(market.people, low + market.town)
        homes = _homes(low, high, member)
        acquainted = _acquainted(town, market, out[3], homes, seed)
        begin, far = far_ties(town, market, slots, turn, high - low)
        near = (acquainted, begin, far)
        write = _write_town(low, market, near, homes, out, (offset[town], offset[town + 1], seed))
        taken[town] = write - offset[town] if write >= 0 else -1
