"""A table from a file or a database, every cell as it was written: nothing is guessed by the reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._text import FileError, bare_number
from wom_sim.intake.cells import is_blank


class Refused(NamedTuple):
    """A row that is not taken: its line, the key of the reason (``import.row.*``), what the reason speaks of."""

    file: str
    line: int
    reason: str
    about: dict[str, Any]


class Sheet(NamedTuple):
    """A table: columns by header, the line of each row, rows that could not be read, and ``facts`` on the reading."""

    name: str
    columns: dict[str, pd.Series]
    lines: NDArray[np.int64]
    refused: list[Refused]
    facts: dict[str, Any]


class Asked(NamedTuple):
    """What the user said of how to read: encoding, sheet of an Excel file, query to a database."""

    encoding: str | None = None
    sheet: str | None = None
    query: str | None = None


def headers_of(file: Path | str, line: int, row: Sequence[Any]) -> list[str]:
    """Return distinct headers; raise FileError where the row is one of numbers and not of names."""
    cells = ["" if is_blank(cell) else str(cell).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    named = [cell for cell in cells if cell]
    data = [cell for cell in named if bare_number(cell) is not None or cell[:1].isdigit() or "@" in cell]
    if not named or len(data) * 3 > len(named):
        words = f"has no header: the first row is {', '.join(named)[:60]!r}; add a row with the names of the columns"
        raise FileError(file, line, words)
    seen: Counter[str] = Counter(cells)
    return [
        cell if cell and seen[cell] == 1 else f"{cell or 'no name'} (column {k})"
        for k, cell in enumerate(cells, start=1)
    ]


def of_frame(name: str, frame: pd.DataFrame, facts: dict[str, Any]) -> Sheet:
    """Return the table that a frame holds; ``facts``: what is to be said of how it was read."""
    header = headers_of(name, 1, [str(column) for column in frame.columns])
    columns = {header[k]: frame.iloc[:, k].reset_index(drop=True) for k in range(len(header))}
    return Sheet(name, columns, np.arange(1, len(frame) + 1, dtype=np.int64), [], facts)


def names_of(files: Sequence[str]) -> list[str]:
    """Return what each file is called: its name, or its path where two have the same name.

    >>> names_of(["a/x.csv", "b/y.csv"]), names_of(["a/x.csv", "b/x.csv"])
    (['x.csv', 'y.csv'], ['a/x.csv', 'b/x.csv'])
    """
    names = [file if "://" in file else Path(file).name for file in files]
    return [name if names.count(name) == 1 else file for name, file in zip(names, files, strict=True)]


def stacked(sheets: Sequence[Sheet]) -> tuple[dict[str, pd.Series], NDArray[np.int64], pd.Categorical]:
    """Return the columns of several tables below each other, with the line and the table of each row.

    Raises
    ------
    FileError
        If a table has other headers than the first.
    """
    first = sheets[0]
    for sheet in sheets[1:]:
        missing = [name for name in first.columns if name not in sheet.columns]
        more = [name for name in sheet.columns if name not in first.columns]
        if missing or more:
            words = [f"lacks {', '.join(missing)}"] if missing else []
            words += [f"has {', '.join(more)} as well"] if more else []
            differs = f"has other columns than {first.name}: {'; '.join(words)}"
            raise FileError(sheet.name, None, f"{differs}. Import it apart, or join them")
    lines = np.concatenate([sheet.lines for sheet in sheets])
    which = np.repeat(np.arange(len(sheets), dtype=np.int32), [len(sheet.lines) for sheet in sheets])
    called = names_of([sheet.name for sheet in sheets])
    titles = list(dict.fromkeys(called))
    places = np.array([titles.index(each) for each in called], dtype=np.int32)
    names = pd.Categorical.from_codes(places[which], categories=titles)
    if len(sheets) == 1:
        return dict(first.columns), lines, names
    joined = {name: pd.concat([s.columns[name] for s in sheets], ignore_index=True) for name in first.columns}
    return joined, lines, names
