"""The history of an import: of the customer table itself, or of a file of its own."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from wom_sim._text import FileError
from wom_sim.intake.base import Base, find
from wom_sim.intake.churn import CHECK_MONTHS, Churn, learn
from wom_sim.intake.hazard import ChurnError
from wom_sim.intake.history import LONGEST, MOST_MONTHS, History, history_of
from wom_sim.intake.sheets import Asked

ALL = "all"
"""A window without an end: each customer who is marked left when their time as a customer ended, whenever that was."""


class Told(NamedTuple):
    """What the user said of a history: its file, mapping, first day, window without dates, months of the check."""

    file: str | None = None
    mapping: Path | None = None
    first: date | None = None
    window: float | None = None
    check_months: float = CHECK_MONTHS


class Learnt(NamedTuple):
    """What was learnt: the rows of the history, and its churn."""

    rows: pa.Table
    churn: Churn


def told(file: str | None, mapping: Path | None, first: str | None, when: str | None, check_months: float) -> Told:
    """Return what the user said; ``when``: the window, or ``ALL``. Raises FileError with the option that cannot be."""
    if mapping is not None and file is None:
        raise FileError("--history-mapping", None, "goes with --history")
    window = None if when is None else LONGEST if when == ALL else _number(when)
    if window is not None and when != ALL and not 0.0 < window <= MOST_MONTHS:
        raise FileError("--churn-window", None, f"given {when}, allowed: above 0, to {MOST_MONTHS} months, or {ALL}")
    if not 1.0 <= check_months <= MOST_MONTHS:
        raise FileError("--check-months", None, f"given {check_months:g}, allowed: 1 to {MOST_MONTHS}")
    if first is None:
        return Told(file, mapping, None, window, check_months)
    try:
        day = datetime.strptime(first, "%Y-%m-%d").date()
    except ValueError:
        raise FileError("--history-from", None, f"given {first!r}, allowed: a day as in 2023-01-31") from None
    return Told(file, mapping, day, window, check_months)


def history_base(said: Told, asked: Asked) -> Base | None:
    """Return the file of a history, read as a customer table is; None where the customer table is the history."""
    return None if said.file is None else find([said.file], asked, said.mapping, None, history=True)


def learnt(base: Base, history: Base | None, said: Told) -> Learnt:
    """Return the churn of a base from its history.

    Where a file of a history holds only who has left, those of the customer table who are there complete it.

    Raises
    ------
    FileError
        If nothing can be learnt from it.
    """
    source = base if history is None else history
    if source.taken is None or base.taken is None or source.taken.history is None:
        raise ValueError("a history with open questions, or without times, teaches nothing")
    name = source.sheets[0].name
    rows = source.taken.history
    as_of = source.mapping.as_of or base.mapping.as_of or date.today()
    if history is not None and bool(pc.all(pc.fill_null(rows["churned"], False)).as_py()):
        here = base.taken.history
        if here is None:
            raise ValueError("the customers were read without times")
        rows = pa.concat_tables([rows, here.filter(pc.invert(pc.fill_null(here["churned"], False)))])
        as_of = base.mapping.as_of or as_of
    if said.first is not None and said.first >= as_of:
        raise FileError("--history-from", None, f"given {said.first}, allowed: before the day of the table, {as_of}")
    try:
        found = history_of(rows, as_of, said.window or 1.0, said.first)
        if not found.dated and said.window is None:
            raise FileError("--churn-window", None, _question(found))
        return Learnt(rows, learn(found, said.check_months))
    except ChurnError as error:
        raise FileError(name, None, str(error)) from None


def _number(text: str) -> float:
    """Return a number of months; 0, which is refused, where it is none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _question(history: History) -> str:
    """Return what must be said where no departure has a date, with what each answer would mean."""
    left, months = history.left, history.end - history.since
    share, stay = 100.0 * float(left.mean()), float(months[~left].mean()) if not left.all() else 0.0
    rate = 100.0 * float(left.sum()) / max(float(months.sum()), 1e-9)
    return (
        f"missing; no date of leaving is known, so say when those who are marked left. 1: all within the last month, "
        f"so {share:.3g} % leave in a month, where those who are there have been for {stay:.0f} months on average; "
        f"{ALL}: at any time, when their time as a customer ended, so {rate:.2g} % leave in a month; or N: within the "
        "last N months"
    )
