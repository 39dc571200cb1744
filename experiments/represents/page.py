"""docs/SCALING.md from its text, SCALING.md.in, and the tables of result.csv."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from wom_sim.words.figures import Figures

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "SCALING.md"
_PLACE = re.compile(r"^\{\{([\w ]+)\}\}$", re.MULTILINE)
_HEADS = {
    "national_coverage": "national news", "national_day": "on day", "first_post_day": "first post on day",
    "posts": "posts", "told": "told", "reached": "reached", "lost_profitable": "lost",
    "losses_avoided": "losses avoided", "net_value": "net value",
}  # fmt: skip
TELL = Figures.plain("USD")


def write_page(result: pd.DataFrame) -> None:
    """Write the page with a table for each case that the text asks for."""
    text = (HERE / "SCALING.md.in").read_text(encoding="utf-8")
    PAGE.write_text(_PLACE.sub(lambda place: table(result, place.group(1)), text), encoding="utf-8")


def table(result: pd.DataFrame, case: str) -> str:
    """Return the table of a case: a row for each policy and size, means with 95 % intervals."""
    own = result[result["case"] == case]
    heads = [_HEADS[name] for name in _HEADS if name in set(own["output"])]
    lines = [f"| policy | one for | runs | {' | '.join(heads)} |", "|---|" + "---:|" * (2 + len(heads))]
    for (policy, way, size), rows in _grouped(own):
        cells = rows.set_index("output")
        told = [_cell(name, cells.loc[name]) for name in _HEADS if name in cells.index]
        by_hand = ", by hand" if way == "by hand" else ""
        runs = int(cells.loc["net_value", "n"])
        lines.append(f"| {policy} | {size:,}{by_hand} | {runs} | {' | '.join(told)} |")
    return "\n".join(lines)


def _grouped(own: pd.DataFrame) -> list[tuple[tuple[str, str, int], pd.DataFrame]]:
    """Return the rows of each policy, way and size; policies in their order, by hand last."""
    places = {policy: place for place, policy in enumerate(dict.fromkeys(own["policy"]))}
    groups = [(key, rows) for key, rows in own.groupby(["policy", "way", "size"])]
    return sorted(groups, key=lambda group: (places[group[0][0]], group[0][1] == "by hand", group[0][2]))


def _cell(output: str, row: pd.Series) -> str:
    """Return a mean with its interval, in the unit of the output."""
    if row["n"] == 0 or row["mean"] != row["mean"]:
        return "never"
    if output == "national_coverage":
        return f"{100 * row['mean']:.3g} % ({100 * row['low']:.2g} to {100 * row['high']:.3g})"
    if output in ("losses_avoided", "net_value"):
        mean, low, high = (TELL.money(row[end], brief=True) for end in ("mean", "low", "high"))
    else:
        mean, low, high = (_three(max(0.0, row[end])) for end in ("mean", "low", "high"))  # no count is below 0
    return f"{mean} ({low} to {high})" if row["low"] == row["low"] else mean


def _three(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{float(f'{value:.3g}'):,.10g}"
