"""Tables as CSV: names are text, whatever they look like, and no spreadsheet takes one for a formula.

A policy may be called "NA", "007" or "=1+1". Written, a text that begins as a formula does is preceded by an
apostrophe, by which a spreadsheet shows it as it is, and so is one that looks like a number, unless its column is known
to hold names; read, the apostrophe goes. Reading takes columns of names as text, and in any other column only an empty
cell as missing. Every CSV file of the package is written here; those that it writes itself are read here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # charts and commands that read no table need not wait for it
    import pandas as pd
    import pyarrow as pa

ALL_POLICIES = "all policies"
"""In ``drivers.csv`` the rows about the choice among all policies; no policy may be called so."""
FIRM, PROSPECTS = "(firm)", "(prospects)"
"""In ``ledger.csv`` what no segment bears, and those who are not yet customers; no segment may be called so."""
PICKUP = "pickup_day:"
"""Head of the columns of ``replications`` that hold the day on which an outlet picked the story up."""
NAMES = frozenset(
    {
        "policy", "against", "candidate", "levers", "dominated_by", "segment", "section", "name", "group", "unit",
        "line", "label", "cause", "channel", "indicator", "measure", "effect", "dimension", "when", "id", "run",
        "error",
    }
)  # fmt: skip
"""Columns that hold names of things, or words; in a table with a ``dimension``, its ``value`` too."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""First characters that a spreadsheet takes for those of a formula (OWASP, CSV injection), and the apostrophe."""


def csv_text(table: pd.DataFrame, lineterminator: str | None = None) -> str:
    """Return a table as CSV, heads first, without its index."""
    import pandas as pd

    safe = table.copy(deep=False)
    names = _names_in(table.columns)
    for name in table.columns:
        if _holds_text(table[name]):
            safe[name] = table[name].astype(object).map(guarded if name in names else guarded_cell)
        elif table[name].dtype.kind == "f":
            safe[name] = table[name] + 0.0  # 0 has no sign
    safe.columns = pd.Index([guarded(name) for name in table.columns])
    return str(safe.to_csv(index=False, lineterminator=lineterminator))


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return rows as CSV in the same way, heads first; a cell is what Python writes of it, None is empty.

    >>> csv_rows(("policy", "x"), [("NA", 1), ("=1+1", 0.1), ("-1", None), ("b", "1e5"), ("c", True)])
    "policy,x\nNA,1\n'=1+1,0.1\n'-1,\nb,'1e5\nc,true\n"
    """
    names = _names_in(columns)
    guards = [guarded if name in names else guarded_cell for name in columns]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(guarded, columns))
    for row in rows:
        writer.writerow(_cell(guard(value)) for guard, value in zip(guards, row, strict=True))
    return text.getvalue()


def guarded_block(block: pa.Table) -> pa.Table:
    """Return an Arrow table, to be written as CSV: its texts and heads guarded in the same way, 0 without a sign."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = _names_in(block.column_names)
    for number, field in enumerate(block.schema):
        if pa.types.is_string(field.type):
            guard = guarded if field.name in names else guarded_cell
            packed = block.column(number).combine_chunks().dictionary_encode()
            safe = pa.array([guard(text) for text in packed.dictionary.to_pylist()], type=pa.string())
            block = block.set_column(number, field, safe.take(packed.indices))
        elif pa.types.is_floating(field.type):
            block = block.set_column(number, field, pc.add(block.column(number), pa.scalar(0.0, field.type)))
    return block.rename_columns([str(guarded(name)) for name in block.column_names])


def read_csv(file: Path | StringIO) -> pd.DataFrame:
    """Return a table that ``csv_text`` has written, or an earlier version without it.

    Raises what pandas raises.
    """
    import pandas as pd

    text = StringIO(file.read_text(encoding="utf-8")) if isinstance(file, Path) else file
    columns = list(pd.read_csv(text, nrows=0).columns)
    text.seek(0)
    names = _names_in(columns)
    missing = {name: [""] for name in columns if name not in names}
    table = pd.read_csv(text, dtype=dict.fromkeys(names, str), keep_default_na=False, na_values=missing)
    for name in table.columns:
        if _holds_text(table[name]):
            table[name] = table[name].map(unguarded)
    return table.rename(columns=unguarded)


def _names_in(columns: Iterable[str]) -> set[str]:
    """Return the columns that hold names, of those of a table."""
    there = set(columns)
    return (there & NAMES) | ({"value"} if "dimension" in there and "value" in there else set())


def _holds_text(column: pd.Series) -> bool:
    import pandas as pd

    return not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column))


def guarded(value: object) -> object:
    """Return a text as a spreadsheet shows it; anything else as it is.

    >>> guarded("=1+1"), guarded("'quoted'"), guarded("a=b"), guarded(-1.0)
    ("'=1+1", "''quoted'", 'a=b', -1.0)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def guarded_cell(value: object) -> object:
    """Return the same, of a column that may hold numbers: there a text that looks like one is guarded as well.

    >>> guarded_cell("1e5"), guarded_cell("nan"), guarded_cell("a"), guarded_cell("TRUE"), guarded_cell(1e5)
    ("'1e5", "'nan", 'a', "'TRUE", 100000.0)
    """
    return f"'{value}" if isinstance(value, str) and _looks_like_a_number(value) else guarded(value)


def unguarded(value: object) -> object:
    """Return a text without the apostrophe that ``guarded`` or ``guarded_cell`` has put before it.

    >>> unguarded("'=1+1"), unguarded("''quoted'"), unguarded("'old'"), unguarded("a=b"), unguarded("'1e5")
    ('=1+1', "'quoted'", "'old'", 'a=b', '1e5')
    """
    if not isinstance(value, str) or value[:1] != "'":
        return value
    text = value[1:]
    return text if text.startswith(_FORMULA) or _looks_like_a_number(text) else value


def _looks_like_a_number(text: str) -> bool:
    """Whether a text would be read as a number, as true or as false."""
    if text.strip().lower() in ("true", "false"):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def _cell(value: object) -> object:
    """Return a value as a cell: true and false as TOML writes them, a number with all its digits, 0 without a sign."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else repr(value + 0.0) if isinstance(value, float) else value
