"""A table from a sheet of an Excel file (.xlsx), read by openpyxl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wom_sim._text import FileError
from wom_sim.intake.cells import is_blank
from wom_sim.intake.sheets import Sheet, headers_of


def read_excel(file: Path, wanted: str | None) -> Sheet:
    """Return a sheet of an Excel file; values as they were last computed, dates as dates.

    ``wanted``: the name of the sheet; None: the first with rows. Raises FileError if it cannot be read, or has no such
    sheet, header or rows.
    """
    from openpyxl import load_workbook

    try:
        with closing(load_workbook(file, read_only=True, data_only=True)) as book:
            found, names = _rows_of_book(file, book, wanted)
    except (FileError, MemoryError):
        raise
    except Exception:  # the library lets through whatever the archive and the XML reader raise, also between rows
        words = "cannot be read as an Excel file (.xlsx): it is damaged or another packed file"
        raise FileError(file, None, words) from None
    if found is None:
        raise FileError(file, None, "has no sheet with a header and rows")
    title, rows = found
    return _of_excel(file, title, names, rows)


Rows = list[tuple[int, list[Any]]]


def _rows_of_book(file: Path, book: Any, wanted: str | None) -> tuple[tuple[str, Rows] | None, list[str]]:
    """Return title and rows of the sheet that is wanted, or the first that has any; and the names of all sheets."""
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None and wanted not in names:
        raise FileError(file, None, f"has no sheet {wanted!r}; it has: {', '.join(names)}")
    for sheet in [book[wanted]] if wanted is not None else book.worksheets:
        sheet.reset_dimensions()
        rows = [(k, row) for k, row in enumerate(_excel_rows(sheet), start=1) if not all(map(is_blank, row))]
        if len(rows) > 1:
            return (sheet.title, rows), names
    return None, names


def _excel_rows(sheet: Any) -> Iterator[list[Any]]:
    """Yield the values of rows; a number shown with leading zeros keeps them."""
    for row in sheet.iter_rows():
        cells = []
        for cell in row:
            value, form = cell.value, getattr(cell, "number_format", "")
            if isinstance(value, int) and not isinstance(value, bool) and form and set(form) == {"0"} and len(form) > 1:
                value = str(value).zfill(len(form))
            cells.append(value)
        yield cells


def _of_excel(file: Path, title: str, names: list[str], rows: Rows) -> Sheet:
    width = Counter(sum(not is_blank(cell) for cell in row) for _, row in rows).most_common(1)[0][0]
    skipped = next((k for k, (_, row) in enumerate(rows) if sum(not is_blank(c) for c in row) >= max(2, width // 2)), 0)
    line, first = rows[skipped]
    header = headers_of(file, line, first)
    below = rows[skipped + 1 :]
    if not below:
        raise FileError(file, None, "has no rows below its header")
    cells = [[*row[: len(header)], *[None] * (len(header) - len(row))] for _, row in below]
    columns = {
        name: pd.Series(list(column), dtype=object)
        for name, column in zip(header, zip(*cells, strict=True), strict=True)
    }
    lines = np.array([number for number, _ in below], dtype=np.int64)
    others = [name for name in names if name != title]
    facts = {"kind": "excel", "sheet": title, "other_sheets": others, "left_out_above": skipped}
    return Sheet(str(file), columns, lines, [], facts)
