"""From rows to a table to read (Markdown) and a table to compute with (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks.measure import Row
from wom_sim._files import write_text_atomically

HERE = Path(__file__).parent
_HEAD = (
    "what",
    "people",
    "runs",
    "CPU s",
    "wall s",
    "count",
    "of",
    "CPU ns each",
    "spread",
    "peak GiB",
    "x limit",
    "note",
)


def write(machine: dict[str, str], parts: dict[str, list[Row]], folder: Path = HERE) -> None:
    """Write RESULTS.md and RESULTS.csv; each is complete or not there."""
    write_text_atomically(folder / "RESULTS.md", markdown(machine, parts))
    write_text_atomically(folder / "RESULTS.csv", table(machine, parts))


def markdown(machine: dict[str, str], parts: dict[str, list[Row]]) -> str:
    """Return a section for each part, which begins with the probe taken right before it."""
    lines = ["# Benchmarks", "", "Medians over the runs of a row. CPU seconds count all threads of the process.", ""]
    lines += [f"* {name}: {value}" for name, value in machine.items()]
    for part, rows in parts.items():
        lines += ["", f"## {part}", ""]
        lines += [f"Probe: {'; '.join(f'{_figure(r.count)} {r.unit} ({r.what})' for r in _probes(rows))}.", ""]
        lines += [f"| {' | '.join(_HEAD)} |", "|" + "---|" * len(_HEAD)]
        lines += [f"| {' | '.join(_cells(row))} |" for row in rows if row.part != "probe"]
    return "\n".join(lines) + "\n"


def table(machine: dict[str, str], parts: dict[str, list[Row]]) -> str:
    """Return every row with the machine and with the probe taken right before its part."""
    text = io.StringIO()
    names = [field.name for field in fields(Row)]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, "each_ns", "probe", *machine])
    for rows in parts.values():
        probe = "; ".join(f"{row.what}: {_figure(row.count)} {row.unit}" for row in _probes(rows))
        for row in rows:
            if row.part != "probe":
                held = ["" if value is None else value for value in asdict(row).values()]
                writer.writerow([*held, row.each, probe, *machine.values()])
    return text.getvalue()


def _probes(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.part == "probe"]


def _cells(row: Row) -> list[str]:
    each = "" if "second" in row.unit or row.each is None else _figure(row.each)
    values = (row.people, row.runs, row.cpu, row.wall, row.count)
    return [
        row.what,
        *(_figure(v) for v in values),
        row.unit,
        each,
        _figure(row.spread),
        _figure(row.peak),
        _figure(row.limit),
        row.note,
    ]


def _figure(value: float | None) -> str:
    """Return a number to three figures, whole numbers in full."""
    if value is None:
        return ""
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
