"""The table beside a chart of the report: what is drawn, in words and numbers as everywhere, and as a file to save."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from wom_sim._tables import csv_text
from wom_sim.charts import CHARTS
from wom_sim.charts.along import number_of
from wom_sim.charts.names import factor_name, number_name, seen_name
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.words import sentence
from wom_sim.words.levers import levers

COLUMNS: Mapping[str, Mapping[str, str]] = {
    **{chart.name: chart.beside for chart in CHARTS if chart.beside},
    "differences": {"policy": "", "indicator": "", "mean": "unit", "low": "unit", "high": "unit"},
    "dumbbell": {"policy": "", "against": "", "mean": "unit", "low": "unit", "high": "unit"},
    "changed": {
        "policy": "", "before": "unit", "before_low": "unit", "before_high": "unit", "mean": "unit", "low": "unit",
        "high": "unit",
    },
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
    "buzz": {"policy": "", "day": "day", "buzz": "rough", "low": "rough", "high": "rough", "coverage": "people"},
    "value": {
        "policy": "", "value_from": "currency", "value_to": "currency", "people": "people", "money": "currency",
    },
    "cascade": {"policy": "", "people": "people", "steps": "number"},
    "breakeven": {
        "policy": "", "value": "number", "value2": "number", "difference": "currency", "low": "currency",
        "high": "currency",
    },
    "boxes": {"policy": "", "box": "number", "parameter": "", "low": "number", "high": "number", "coverage": "share"},
    "frontier": {
        "policy": "", "levers": "", "expected_net_value": "currency", "low": "currency", "high": "currency",
        "worst": "currency", "national": "share",
    },
    "sobol": {"policy": "", "parameter": "", "first": "share", "total": "share"},
    "morris": {"policy": "", "parameter": "", "mu_star": "unit", "sigma": "unit"},
    "response": {"policy": "", "parameter": "", "level": "level", "mean": "unit", "low": "unit", "high": "unit"},
    "interaction": {"policy": "", "level": "level", "other_level": "level", "mean": "unit"},
    "heatmap": {"policy": "", "x": "level", "y": "level", "mean": "unit"},
    "learned": {
        "key": "", "before_low": "number", "before_median": "number", "before_high": "number", "low": "number",
        "median": "number", "high": "number",
    },
    "taught": {"seen": "", "key": "", "alone": "share"},
    "checked": {
        "seen": "", "value": "number", "before_low": "number", "before_median": "number", "before_high": "number",
        "low": "number", "median": "number", "high": "number",
    },
    "calibrated": {"world": "index", "key": "", "place": "share"},
}  # fmt: skip
"""Columns that are shown of a chart's table, each with its unit: one of its own, or "unit", as its row has it."""
MOST_ROWS, MOST_SAVED = 60, 2000
"""Rows that are shown, and rows of the file: of days, as many evenly spaced ones as make no more."""


class Beside(NamedTuple):
    """What stands beside a chart: its table as text, and the address and name of a file with all of its columns."""

    table: Table
    address: str
    file: str


def _of_days(table: pd.DataFrame) -> pd.DataFrame:
    """Return the days of a chart of buzz without its outlets, whose day is a mean."""
    return table[table["outlet"].fillna("") == ""]


def _of_runs(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many heard of it in the run that a chart shows, and over how many steps, for each policy."""
    return table.drop_duplicates("policy").rename(columns={"total": "people"})


SHAPED: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {"buzz": _of_days, "cascade": _of_runs}
"""What is shown of a table that has several kinds of rows; the file has all of them."""


NAMED: Mapping[str, Callable[[Story, str, Mapping[Any, Any]], str]] = {
    "policy": lambda story, value, row: story.heading(value),
    "against": lambda story, value, row: story.heading(value),
    "indicator": lambda story, value, row: sentence(story.words.name("indicator", value)),
    "line": lambda story, value, row: sentence(story.words.name("indicator", value)),
    "channel": lambda story, value, row: sentence(story.words.name("channel", value)),
    "parameter": lambda story, value, row: factor_name(value, story.words),
    "key": lambda story, value, row: number_name(value, str(row.get("meaning", "")), story.words),
    "seen": lambda story, value, row: seen_name(value, story.words),
    "levers": lambda story, value, row: levers(value, story.words, story.found.scenario.currency),
}
"""What is said for the names in a table, by their column."""


def beside(name: str, table: pd.DataFrame | None, story: Story) -> Beside | None:
    """Return the table of a chart; None for one of which nothing can be shown in words."""
    if name not in COLUMNS or table is None or table.empty:
        return None
    shown = SHAPED.get(name, lambda whole: whole)(table)
    columns = {c: unit for c, unit in COLUMNS[name].items() if c in shown}
    rows = thinned(shown, MOST_ROWS)
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
    value, name = row[column], NAMED.get(column)
    if name is not None:
        return name(story, str(value), row)
    if unit == "index":
        return story.words.exact(int(value) + 1)
    if unit == "level" and number_of(value) is None:
        return story.words.name("level", str(value))
    return _number(story, float(value), str(row.get("unit", "currency")) if unit == "unit" else unit)


def _number(story: Story, value: float, unit: str) -> str:
    if not math.isfinite(value):
        return ""
    if unit == "rough":  # half-lives leave next to nothing for long
        return story.words.number(round(value, 2) + 0.0)
    plain = unit in ("day", "number", "level", "")
    return story.words.number(value) if plain else story.figures.value(value, unit)
