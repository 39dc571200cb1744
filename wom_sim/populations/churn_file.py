"""``churn_model.csv``: where the churn of a customer table is from and how good it was, written and read again."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import NamedTuple

from wom_sim._text import FileError, check_regular

CHURN_MODEL = "churn_model.csv"
"""The name of the table in the folder that an import writes."""
_NAN = math.nan


class ChurnRow(NamedTuple):
    """A number of a churn model with its 95 % interval; ``observed`` of ``customers`` where it is a forecast.

    Sections: ``about``; ``tenure`` (hazard a month by months as a customer, of the first segment, without a contract),
    ``segment`` and ``season`` (factors on it); ``segment_mean`` (the null model); ``check``; ``decile`` (expected and
    observed leavers, the least likely to leave first).
    """

    section: str
    name: str
    value: float
    low: float = _NAN
    high: float = _NAN
    observed: float = _NAN
    customers: float = _NAN


def text_of(rows: list[ChurnRow]) -> str:
    """Return rows as the text of the file."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(ChurnRow._fields)
    for row in rows:
        table.writerow([row.section, row.name, *("" if math.isnan(value) else f"{value:.9g}" for value in row[2:])])
    return out.getvalue()


def read_beside(table: Path) -> list[ChurnRow]:
    """Return the churn model beside a customer table; none where there is no such file.

    Raises FileError where it is not what an import writes.
    """
    file = table.with_name(CHURN_MODEL)
    if not file.exists():
        return []
    check_regular(file)
    rows = []
    with file.open(encoding="utf-8", newline="") as text:
        for line, cells in enumerate(csv.reader(text), start=1):
            if line == 1 and tuple(cells) != ChurnRow._fields:
                raise FileError(file, line, f"given {', '.join(cells)[:80]!r}, allowed: {', '.join(ChurnRow._fields)}")
            if line > 1:
                rows.append(_row(file, line, cells))
    return rows


def _row(file: Path, line: int, cells: list[str]) -> ChurnRow:
    try:
        numbers = [float(cell) if cell else _NAN for cell in cells[2:]]
        return ChurnRow(cells[0], cells[1], *numbers)
    except (ValueError, IndexError, TypeError):
        raise FileError(file, line, "is no row of a churn model; wom-sim import FILE --churn writes one") from None
