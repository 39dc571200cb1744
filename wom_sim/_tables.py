"""Tables as CSV: names are text, whatever they look like, and no spreadsheet takes one for a formula.

A policy may be called "NA", "007" or "=1+1". Written, a text that begins as a formula does is preceded by an
apostrophe, by which a spreadsheet shows it as it is; read, the apostrophe goes. Reading takes columns of names as text
and never as a number or as missing.
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # charts and commands that read no table need not wait for it
    import pandas as pd

NAMES = frozenset(
    {
        "policy", "against", "candidate", "levers", "dominated_by", "segment", "section", "name", "group", "unit",
        "line", "label", "cause", "channel", "indicator", "measure", "effect", "dimension", "when",
    }
)  # fmt: skip
"""Columns that hold names of things, or words; in a table with a ``dimension``, its ``value`` too."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""First characters that a spreadsheet takes for those of a formula (OWASP, CSV injection), and the apostrophe."""


def csv_text(table: pd.DataFrame, lineterminator: str | None = None) -> str:
    """Return a table as CSV, heads first, without its index."""
    import pandas as pd

    safe = table.copy(deep=False)
    for name in table.columns:
        if _holds_text(table[name]):
            safe[name] = table[name].astype(object).map(_guarded)
    safe.columns = pd.Index([_guarded(name) for name in table.columns])
    return str(safe.to_csv(index=False, lineterminator=lineterminator))


def read_csv(file: Path | StringIO) -> pd.DataFrame:
    """Return a table that ``csv_text`` has written, or an earlier version without it.

    Raises what pandas raises.
    """
    import pandas as pd

    text = StringIO(file.read_text(encoding="utf-8")) if isinstance(file, Path) else file
    columns = list(pd.read_csv(text, nrows=0).columns)
    text.seek(0)
    names = {name for name in columns if name in NAMES or (name == "value" and "dimension" in columns)}
    missing = {name: sorted(_MISSING) for name in columns if name not in names}
    table = pd.read_csv(text, dtype=dict.fromkeys(names, str), keep_default_na=False, na_values=missing)
    for name in table.columns:
        if _holds_text(table[name]):
            table[name] = table[name].map(_unguarded)
    return table.rename(columns=_unguarded)


_MISSING = {
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
}  # fmt: skip
"""What pandas takes for missing where nothing else is said."""


def _holds_text(column: pd.Series) -> bool:
    import pandas as pd

    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def _guarded(value: object) -> object:
    """Return a text as a spreadsheet shows it; anything else as it is.

    >>> _guarded("=1+1"), _guarded("'quoted'"), _guarded("a=b"), _guarded(-1.0)
    ("'=1+1", "''quoted'", 'a=b', -1.0)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _unguarded(value: object) -> object:
    """Return a text without the apostrophe that ``_guarded`` has put before it.

    >>> _unguarded("'=1+1"), _unguarded("''quoted'"), _unguarded("'old'"), _unguarded("a=b")
    ('=1+1', "'quoted'", "'old'", 'a=b')
    """
    guarded = isinstance(value, str) and value[:1] == "'" and value[1:].startswith(_FORMULA)
    return value[1:] if guarded and isinstance(value, str) else value
