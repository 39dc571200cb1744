"""The table beside a chart of the report: what is drawn, in words and numbers as everywhere, and as a file to save."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from wom_sim._tables import csv_text
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.words import sentence

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "differences": {"policy": "", "indicator": "", "mean": "unit", "low": "unit", "high": "unit"},
    "dumbbell": {"policy": "", "against": "", "mean": "unit", "low": "unit", "high": "unit"},
    "paired": {"policy": "", "against": "", "replication": "index", "difference": "unit"},
    "reached": {"policy": "", "day": "day", "mean": "people", "low": "people", "high": "people"},
    "fan": {"policy": "", "day": "day", "mean": "people", "p10": "people", "p90": "people"},
    "channels": {"policy": "", "channel": "", "day": "day", "people": "people"},
    "ledger": {"policy": "", "line": "", "mean": "currency"},
    "payback": {"policy": "", "day": "day", "mean": "currency", "low": "currency", "high": "currency"},
    "exceedance": {"policy": "", "replication": "index", "net_value": "currency"},
    "verdicts": {
        "policy": "", "share_best": "share", "expected_net_value": "currency", "regret_mean": "currency",
        "regret_worst": "currency",
    },
    "tornado": {"policy": "", "parameter": "", "value_if_low": "unit", "value_if_high": "unit"},
}  # fmt: skip
"""Columns that are shown of a chart's table, each with its unit: one of its own, or "unit", as its row has it."""
MOST_ROWS, MOST_SAVED = 60, 2000
"""Rows that are shown, and rows of the file: of days, as many evenly spaced ones as make no more."""


class Beside(NamedTuple):
    """What stands beside a chart: its table as text, and the address and name of a file with all of its columns."""

    table: Table
    address: str
    file: str


def beside(name: str, table: pd.DataFrame, story: Story) -> Beside | None:
    """Return the table of a chart; None for one of which nothing can be shown in words."""
    columns = {c: unit for c, unit in COLUMNS.get(name, {}).items() if c in table}
    if not columns or table.empty:
        return None
    rows = thinned(table, MOST_ROWS)
    heads = [story.words.say(f"chart.column.{column}") for column in columns]
    told = [[Cell(_told(story, row, column, columns[column])) for column in columns] for row in rows.to_dict("records")]
    saved = base64.b64encode(csv_text(thinned(table, MOST_SAVED)).encode()).decode()
    words = sum(1 for unit in columns.values() if not unit)
    return Beside(Table("", heads, told, numbers=words), f"data:text/csv;charset=utf-8;base64,{saved}", f"{name}.csv")


def thinned(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return at most so many rows of a table: of days those evenly spaced and the last; of others the first.

    >>> thinned(pd.DataFrame({"day": range(11)}), 3)["day"].tolist()
    [0, 5, 10]
    """
    if len(table) <= most:
        return table
    if "day" not in table:
        return table.head(most)
    days = sorted(set(table["day"]))
    each = math.ceil(len(table) / len(days))
    shown = max(2, most // each)
    kept = {days[round(n * (len(days) - 1) / (shown - 1))] for n in range(shown)}
    return table[table["day"].isin(kept)].head(most)


def _told(story: Story, row: Mapping[Any, Any], column: str, unit: str) -> str:
    """Return a cell in words."""
    value = row[column]
    if column in ("policy", "against"):
        return story.heading(str(value))
    if column in ("indicator", "line"):
        return sentence(story.words.name("indicator", str(value)))
    if column == "channel":
        return sentence(story.words.name("channel", str(value)))
    if column == "parameter":
        return story.parameter(str(value))
    if unit == "index":
        return story.words.exact(int(value) + 1)
    return _number(story, float(value), str(row.get("unit", "currency")) if unit == "unit" else unit)


def _number(story: Story, value: float, unit: str) -> str:
    if not math.isfinite(value):
        return ""
    return story.words.number(value) if unit == "day" else story.figures.value(value, unit)
