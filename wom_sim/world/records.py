"""Rows that are read as a whole: numpy record types, which compiled kernels take as one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def record_type(fields: Sequence[tuple[Any, ...]]) -> np.dtype[np.void]:
    """Return an aligned record type; ``rows[i].field`` reads and writes in Python and in kernels alike."""
    return np.dtype((np.record, np.dtype(list(fields), align=True)))
