"""Rows of ties as they are stored: sorted, without repeated neighbours, packed, one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import inlined, kernel
from wom_sim.world.tie_rows import (
    BLOCK,
    CLASS_BITS,
    CLASS_MASK,
    CLOSE,
    CLOSE_SHIFT,
    FAR,
    HOUSEHOLD,
    MOST_CLOSE,
    MOST_OTHERS,
    row_length,
)

SLOT = np.uint64(16)
"""Bits of an entry of a row that is being made, below neighbour x 4 + class: the slot of a far tie."""
SLOT_MASK = np.uint64(65535)
WHO = np.uint64(16 + CLASS_BITS)


@inlined
def tidy_row(row: NDArray[np.uint64], size: int, me: int) -> int:
    """Sort a row, drop the person and repeated neighbours (the closest class stays); return its new size.

    An entry is (neighbour x 4 + class) x 2^16 + slot.
    """
    for a in range(1, size):
        value = row[a]
        b = a - 1
        while b >= 0 and row[b] > value:
            row[b + 1] = row[b]
            b -= 1
        row[b + 1] = value
    kept = 0
    for a in range(size):
        who = np.int64(row[a] >> WHO)
        if who == me or (kept > 0 and np.int64(row[kept - 1] >> WHO) == who):
            continue
        row[kept] = row[a]
        kept += 1
    return kept


@inlined
def write_packed(
    row: NDArray[np.uint64], packed: NDArray[np.uint8], span: tuple[int, int], where: tuple[int, int, int]
) -> np.int64:
    """Write a row to the bytes in ``span`` and return its head without its bit of the household; -1 if it does not fit.

    ``where`` is (first of the community, -1 if it is too large for bytes; first of the town; one past its last).
    """
    at, end = span
    community, low, high = where
    close = 0
    for a in range(row.size):
        tie = np.int64(row[a] >> SLOT)
        if community >= 0 and tie & CLASS_MASK == CLOSE and close < MOST_CLOSE:
            if at == end:
                return np.int64(-1)
            packed[at] = (tie >> CLASS_BITS) - community
            at += 1
            close += 1
    passed, others = 0, 0
    for a in range(row.size):
        tie = np.int64(row[a] >> SLOT)
        if tie & CLASS_MASK == HOUSEHOLD:
            continue
        if tie & CLASS_MASK == CLOSE and passed < close:
            passed += 1
            continue
        if at + 2 > end or others == MOST_OTHERS:
            return np.int64(-1)
        place = (tie >> CLASS_BITS) - low
        if 0 <= place < high - low:
            entry = place << CLASS_BITS | (tie & CLASS_MASK)
        else:
            entry = np.int64(row[a] & SLOT_MASK) << CLASS_BITS | FAR
        packed[at] = entry & 255
        packed[at + 1] = entry >> 8
        at += 2
        others += 1
    return np.int64(close << CLOSE_SHIFT | others)


@kernel
def starts_of(start: NDArray[np.uint32]) -> None:
    """Turn degrees, at i + 1, into where rows begin."""
    for i in range(1, start.size):
        start[i] += start[i - 1]


@kernel
def blocks_of(heads: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return where the packed rows of every ``BLOCK`` people begin."""
    out = np.empty((heads.size + BLOCK - 1) // BLOCK, dtype=np.int64)
    at = 0
    for i in range(heads.size):
        if i % BLOCK == 0:
            out[i // BLOCK] = at
        at += row_length(heads[i])
    return out


def close_gaps(rows: NDArray[Any], offset: NDArray[np.int64], taken: NDArray[np.int64]) -> None:
    """Move each town's rows up to the end of the town before it, and give what is left at the end back."""
    total = 0
    for begin, size in zip(offset.tolist(), taken.tolist(), strict=False):
        if begin != total:
            rows[total : total + size] = rows[begin : begin + size]
        total += size
    rows.resize(total, refcheck=False)
