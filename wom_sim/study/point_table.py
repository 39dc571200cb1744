"""A table of points from CSV or Parquet: a column a factor, a row a point."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wom_sim._tables import unguarded
from wom_sim.scenario.errors import Fault, ScenarioError, visible
from wom_sim.scenario.model_keys import Slot
from wom_sim.scenario.overrides import slot_of
from wom_sim.scenario.tree import Node, Origin
from wom_sim.study.points import POINT, Points


def read_points(path: Path, origin: Origin, base: Node) -> Points:
    """Return the points in a table. A column ``point`` is left out; an empty cell leaves the scenario as it is.

    ``origin``: where the table is named; ``base``: the scenario, whose keys tell text from numbers.

    Raises ScenarioError if the table cannot be used.
    """
    file = str(path)
    if not path.is_file():
        raise _fault(origin.file, f"no such file: '{visible(file)}'", origin.line, "design.file")
    if path.suffix.lower() not in (".csv", ".parquet"):
        words = f"given '{visible(path.name)}', allowed: a CSV or Parquet file"
        raise _fault(origin.file, words, origin.line, "design.file")
    columns, rows = _of_parquet(file) if path.suffix.lower() == ".parquet" else _of_csv(file)
    kept = [number for number, name in enumerate(columns) if name != POINT]
    names = tuple(columns[number] for number in kept)
    if not names:
        raise _fault(file, "has no column that is a factor", 1)
    if len(set(names)) < len(names):
        raise _fault(file, "two columns have the same name", 1)
    slots = [slot_of(base, name)[0] for name in names]
    points = [tuple(_value(row[number], slot) for number, slot in zip(kept, slots, strict=True)) for row in rows]
    if not points:
        raise _fault(file, "has no rows")
    return Points(names, points, source=file)


def _of_csv(file: str) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the cells of a CSV file as texts."""
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text, strict=True)
            columns = [str(unguarded(name.strip())) for name in next(lines, [])]
            rows = []
            for row in lines:
                if not row and lines.line_num > 1:  # an empty last line; one between rows counts as a short row
                    rows.append(row)
                    continue
                if len(row) != len(columns):
                    words = f"given {len(row)} cells, allowed: {len(columns)} as in the header"
                    raise _fault(file, words, lines.line_num)
                rows.append(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise _fault(file, f"is not a CSV file in UTF-8: {error}") from None
    except OSError as error:
        raise _fault(file, f"cannot be read: {error.strerror}") from None
    while rows and not rows[-1]:
        rows.pop()
    if [] in rows:
        raise _fault(file, "given an empty line, allowed: at the end only", rows.index([]) + 2)
    return columns, rows


def _of_parquet(file: str) -> tuple[list[str], Iterable[list[Any]]]:
    """Return the columns and the values of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        raise _fault(file, f"is not a Parquet file: {visible(str(error))[:120]}") from None
    return table.column_names, [list(row) for row in zip(*table.to_pydict().values(), strict=True)]


def _value(cell: Any, slot: Slot | None) -> Any:
    """Return a cell as the value that its key takes; what does not fit is left for the scenario to refuse."""
    if isinstance(cell, str):
        cell = _of_text(cell.strip(), slot)
    if isinstance(cell, float):
        if math.isnan(cell):
            return None
        if cell.is_integer() and slot is not None and int in slot.kinds and float not in slot.kinds:
            return int(cell)
    return cell


def _of_text(text: str, slot: Slot | None) -> Any:
    """Return what a cell of a CSV file says."""
    if text == "":
        return None
    plain = str(unguarded(text))
    if plain != text or (slot is not None and slot.takes_text):
        return plain
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _fault(file: str, message: str, line: int | None = None, key: str = "") -> ScenarioError:
    return ScenarioError([Fault(visible(file), line, key, message=message)])
