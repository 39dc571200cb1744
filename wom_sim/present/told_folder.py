"""The folder of a search, a break-even or a fit, read once, checked, and handed on as one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wom_sim.outcomes.break_even import VERDICTS
from wom_sim.present.material import Material, MissingError
from wom_sim.results.folder import FolderError, opened, read_json
from wom_sim.scenario import Scenario
from wom_sim.scenario.axes import axis_of
from wom_sim.study.break_even import BreakEven
from wom_sim.study.break_even import Question as Turning
from wom_sim.study.race import Selected
from wom_sim.study.recommend_folder import RESULT, SETTINGS, question_of
from wom_sim.study.recommendation import Recommendation

TABLES = {
    "search": ("frontier.csv", "tried.csv"), "break-even": ("breakeven.csv", "breakeven_line.csv"),
    "fit": ("learned.csv", "check.csv", "calibration.csv"),
}  # fmt: skip
"""What is told of each kind in words; its other tables are shown as charts."""
_NUMBERS = {
    "breakeven.csv": ("value", "difference", "low", "high"), "frontier.csv": ("expected_net_value", "low", "high"),
    "tried.csv": ("value_in_search",), "learned.csv": ("low", "median", "high"), "calibration.csv": ("place",),
}  # fmt: skip
"""Columns of what is told in words that must be there and hold numbers."""
_MAY_BE_EMPTY = ("breakeven_line.csv", "calibration.csv")


@dataclass(frozen=True)
class Told:
    """A result of another kind than a comparison or a study; ``tables``: by file name."""

    kind: str
    folder: Path
    scenario: Scenario
    run: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    material: Material


def read_told(folder: str | Path) -> Told:
    """Read the folder of a search, a break-even or a fit.

    Raises
    ------
    FolderError
        When it holds none, is not complete, or a file is missing or cannot be read.
    """
    found = opened(Path(folder), tuple(TABLES))
    if gone := found.missing():
        raise FolderError(f"{found.path}: not complete: run.json lists {', '.join(gone)}, not there; run it again")
    kind, material = found.kind.name, Material(found.path)
    try:
        tables = {name: _table(material, name) for name in TABLES[kind]}
    except MissingError as error:
        raise FolderError(f"{found.path}: {error}; run it again") from None
    if kind == "break-even" and not set(tables["breakeven.csv"].get("verdict", ["none"])) <= {*VERDICTS}:
        raise FolderError(f"{found.path / 'breakeven.csv'}: allowed in the column verdict: {', '.join(VERDICTS)}")
    return Told(kind, found.path, found.scenario, found.run, tables, material)


def _table(found: Material, name: str) -> pd.DataFrame:
    """Return a table; one without rows where that is what came out."""
    return found.whole(name) if name in _MAY_BE_EMPTY else found.table(name, numbers=_NUMBERS.get(name, ()))


def recommendation(found: Told) -> Recommendation:
    """Return what a search came to, as it was. Raises FolderError where the folder does not say what was asked."""
    asked = read_json(found.folder / SETTINGS)
    noted = read_json(found.folder / RESULT)
    try:
        question = question_of(asked, found.scenario)
        selected = Selected(**noted["selected"]) if noted.get("selected") else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FolderError(f"{found.folder}: {SETTINGS} or {RESULT} cannot be read: {error}") from None
    frontier, tried = (found.tables[name].copy() for name in TABLES["search"])
    for table in (frontier, tried):
        for column in ("levers", "alike", "beyond", "instead_of"):
            if column in table:
                table[column] = table[column].astype(object).where(table[column].notna(), "")
    best = frontier[frontier["best"].astype(bool)]
    if best.empty:
        raise FolderError(f"{found.folder}: frontier.csv has no row that is recommended; run it again")
    return Recommendation(question, frontier, tried, str(best["policy"].iloc[0]), selected=selected)


def turning(found: Told) -> BreakEven:
    """Return what a break-even came to, as it was."""
    table, line = (found.tables[name].copy() for name in TABLES["break-even"])
    table["beyond"] = table["beyond"].astype(object).where(table["beyond"].notna(), "") if "beyond" in table else ""
    head = table.iloc[0]
    keys = [("parameter", "value"), ("second", "value2")]
    axes = [
        axis_of(found.scenario, str(head[key]), float(table[value].min()), float(table[value].max()))
        for key, value in keys
        if isinstance(head.get(key), str) and head[key]
    ]
    if not axes:
        raise FolderError(f"{found.folder}: breakeven.csv does not say which number was varied; run it again")
    values = table["value"].nunique()
    question = Turning(str(head["policy"]), str(head["against"]), tuple(axes), int(values))
    return BreakEven(found.scenario, question, pd.DataFrame(), table, line)
