"""What a cell says, or that it says nothing. A cell that may mean two things is never guessed.

A cell is text (from CSV) or already a value (from Excel, Parquet, SQL). Each different cell is read once.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

UNKNOWN = frozenset(
    [
        "unknown", "onbekend", "unbekannt", "inconnu", "n/a", "na", "nan", "null", "none", "nil", "-", "--", "?",
        "unk", "nvt", "n.v.t.", "#n/a", "#value!", "#null!", "missing", "(blank)", "<na>", "nat", "n.b.", "nb",
    ]
) | {"not available", "niet bekend", "not known"}  # fmt: skip
"""What people write for nothing, in lower case."""


class Read(NamedTuple):
    """A column as it was read: a value a row (None where there is none), and what is to be said of a row's cell.

    ``said`` holds for each row the key of a sentence (``import.cell.*``), or "" where the cell is as it should be or
    empty. ``result`` is of objects, or of floats with NaN for none.
    """

    result: NDArray[Any]
    said: NDArray[np.object_]


def plain(text: object) -> str:
    """Return a text in lower case without accents and outer blanks, with one blank between words.

    >>> plain("  Beëindigd "), plain("False.")
    ('beeindigd', 'false')
    """
    bare = unicodedata.normalize("NFKD", str(text))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().split()).rstrip(".")


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return True
    if isinstance(cell, float):
        return math.isnan(cell)
    return isinstance(cell, str) and not cell.strip()


def is_unknown(cell: Any) -> bool:
    """Whether a cell says in a word that nothing is known."""
    return isinstance(cell, str) and (cell.strip().lower() in UNKNOWN or plain(cell) in UNKNOWN)


def of_text(column: pd.Series) -> bool:
    """Whether a column holds text and knows it: then its cells need not each be an object, which takes memory."""
    return isinstance(column.dtype, pd.StringDtype)


def different(column: pd.Series) -> list[Any]:
    """Return the different cells of a column."""
    return list(pd.unique(column if of_text(column) else column.astype(object)))


def number_of_different(column: pd.Series) -> int:
    """Return how many different cells a column has, blank ones aside."""
    if of_text(column):
        return int(pc.count_distinct(pa.array(column, from_pandas=True)).as_py())
    return int(column.nunique())


def blanks(column: pd.Series) -> NDArray[np.bool_]:
    """Return which cells of a column hold nothing."""
    if of_text(column):
        empty: NDArray[np.bool_] = (column.isna() | (column.str.strip() == "")).to_numpy(dtype=bool, na_value=True)
        return empty
    return np.array([is_blank(cell) for cell in column.tolist()], dtype=bool)


def each_once(column: pd.Series, read: Callable[[Any], tuple[Any, str]]) -> Read:
    """Read each different cell once; ``read`` returns its value and the key of what is to be said of it."""
    codes, found = pd.factorize(column if of_text(column) else column.astype(object), use_na_sentinel=True)
    values = np.empty(len(found) + 1, dtype=object)  # the last: no cell
    said = np.full(len(found) + 1, "", dtype=object)
    for k, cell in enumerate(found.tolist()):
        if is_blank(cell):
            continue
        values[k], said[k] = (None, "unknown") if is_unknown(cell) else read(cell)
    return Read(values[codes], said[codes])
