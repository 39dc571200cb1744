"""Rows that are read as a whole: numpy record types, which compiled kernels take as one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

_LINE = 64
"""Bytes of a line of the cache."""


def record_type(fields: Sequence[tuple[Any, ...]]) -> np.dtype[np.void]:
    """Return an aligned record type; ``rows[i].field`` reads and writes in Python and in kernels alike."""
    return np.dtype((np.record, np.dtype(list(fields), align=True)))


def rows(n: int, kind: np.dtype[np.void]) -> Any:
    """Return ``n`` rows, all zero, that begin on a line of the cache; pages are only taken when they are written."""
    raw = np.zeros(n * kind.itemsize + _LINE, dtype=np.uint8)
    offset = -raw.ctypes.data % _LINE
    return raw[offset : offset + n * kind.itemsize].view(kind)
