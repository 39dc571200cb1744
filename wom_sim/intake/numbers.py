"""Cells as numbers: the decimal sign of a column, and numbers that stand for "unknown"."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._text import bare_number, decimal_sign, number_of
from wom_sim.intake.cells import Read, different, each_once

FILLERS = frozenset({999.0, 9999.0, 99999.0, 999999.0, -1.0, -999.0, -9999.0})
"""Numbers that stand for "unknown" where they lie far from all others."""
FAR = 10.0
"""How many times the largest other number makes a filler. Assumption."""
LARGEST = 1e12
"""No amount or count of a customer is beyond this."""


def decimals_of(column: pd.Series) -> str:
    """Return the decimal sign of a column of text: "," or ".", "?" where its cells may be read either way.

    >>> decimals_of(pd.Series(["1.234,50", "29,95"])), decimals_of(pd.Series(["1.234", "2.500"]))
    (',', '?')
    """
    found: set[str] = set()
    for cell in different(column):
        bare = bare_number(cell) if isinstance(cell, str) else None
        sign = None if bare is None else decimal_sign(bare)
        if sign is not None:
            found.add(sign)
    clear = found - {"?"}
    if len(clear) == 1:
        return clear.pop()
    return "?" if "?" in found else "."


def numbers(column: pd.Series, decimal: str) -> Read:
    """Read numbers; with fillers for "unknown" (9999) taken away where they lie far from all others."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        said = np.full(len(values), "", dtype=object)
        wrong = np.isinf(values) | (np.abs(values) > LARGEST)
        values, said = np.where(wrong, np.nan, values), np.where(wrong, "beyond", said)
    else:
        read = each_once(column, lambda cell: _number(cell, decimal))
        values = np.array([math.nan if value is None else value for value in read.result], dtype=np.float64)
        said = read.said
    filler = _fillers(values)
    return Read(np.where(filler, np.nan, values), np.where(filler, "filler", said))


def _number(cell: Any, decimal: str) -> tuple[float | None, str]:
    if isinstance(cell, (date, datetime, bool)):
        return None, "no_number"
    if isinstance(cell, str):
        bare = bare_number(cell)
        if bare is None:
            return None, "no_number"
        sign = decimal_sign(bare)
        number = number_of(bare, decimal if sign in (None, "?") or "e" in bare.lower() else sign)
    else:
        try:
            number = float(cell)
        except (TypeError, ValueError, OverflowError):
            return None, "no_number"
    if number is None:
        return None, "no_number"
    return (number, "") if abs(number) <= LARGEST else (None, "beyond")


def _fillers(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which numbers stand for "unknown": a filler that is the largest by far, or the only one below 0."""
    found = np.isin(values, list(FILLERS))
    if not found.any():
        return found
    others = values[~found & ~np.isnan(values)]
    if not len(others):
        return np.zeros_like(found)
    return found & np.where(values > 0, values > FAR * others.max(), others.min() >= 0)
