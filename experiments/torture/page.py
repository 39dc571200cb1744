"""The tables of docs/RELIABILITY.md, between their markers, from what the harness has noted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "RELIABILITY.md"
FIRST, LAST = "<!-- torture: written by make torture -->", "<!-- torture: end -->"
_INPUTS = "| kind | cases | ran | refused | tracebacks | hangs | lost or unseen |\n|---|---|---|---|---|---|---|"
_HARMS = {
    "kills": ("Killed with signal 9, and gone on with", "kills"),
    "full": ("On a disk that is full on the way, and gone on with", "points"),
    "two": ("Started twice at once", "times"),
}
_BAD = ("tracebacks", "hangs", "lost", "differs")


@dataclass(frozen=True)
class Rows:
    """The tables as lines of text, and how many cases were not as they must be."""

    text: list[str]
    wrong: int


def rows_of(lines: Mapping[str, Mapping[str, Any]]) -> Rows:
    """Return the tables of what was noted: a row a kind of input, a row a command that writes."""
    tables: dict[str, dict[str, Counter[str]]] = {}
    for line in lines.values():
        found = tables.setdefault(line["table"], {}).setdefault(line["kind"], Counter())
        found.update({"cases": line["cases"], **line["counts"]})
    inputs = tables.get("inputs", {})
    text = [_INPUTS, *(_row(kind, found) for kind, found in inputs.items())]
    text.append(_row("**together**", sum(inputs.values(), Counter())))
    for name, (title, unit) in _HARMS.items():
        if name in tables:
            text += [
                "",
                f"{title}:",
                "",
                f"| command | {unit} | same bytes at the end | lost or other bytes |",
                "|---|---|---|---|",
            ]
            rows = tables[name]
            text += [_harm(kind, found, name) for kind, found in rows.items()]
            text.append(_harm("**together**", sum(rows.values(), Counter()), name))
    wrong = sum(found[bad] for table in tables.values() for found in table.values() for bad in _BAD)
    return Rows(text, wrong)


def _row(kind: str, found: Counter[str]) -> str:
    names = ("cases", "ran", "refused", "tracebacks", "hangs", "lost")
    return "| " + " | ".join([kind, *(f"{found[name]:,}" for name in names)]) + " |"


def _harm(kind: str, found: Counter[str], table: str) -> str:
    wrong = sum(found[bad] for bad in _BAD)
    same = found["cases"] - wrong if table == "two" else found["same"]
    return f"| {kind} | {found['cases']:,} | {'all' if not wrong else f'{same:,}'} | {wrong:,} |"


def write(rows: Rows, page: Path = PAGE) -> None:
    """Put the tables between the markers of the page."""
    text = page.read_text(encoding="utf-8")
    inside = "\n".join([FIRST, *rows.text, LAST])
    made, number = re.subn(f"{re.escape(FIRST)}.*?{re.escape(LAST)}", lambda _: inside, text, flags=re.DOTALL)
    if number != 1:
        raise ValueError(f"{page} must have the markers {FIRST} and {LAST} once")
    page.write_text(made, encoding="utf-8")
