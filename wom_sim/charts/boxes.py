"""In which worlds it goes wrong: boxes of numbers that hold most of the bad cases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.names import factor_name, factor_said
from wom_sim.charts.page import Texts, finish, inches, write
from wom_sim.charts.page import box_of as axes_box
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BAD, BOLD, FAINT, GRID, INK
from wom_sim.charts.tables import check, policies_in
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WRONG = "below zero"
"""The case sought in which a policy does worse than keeping everyone; else it is the worst quarter of the points."""
COLUMNS = (
    "policy",
    "case",
    "box",
    "parameter",
    "low",
    "high",
    "among",
    "range_low",
    "range_high",
    "coverage",
    "density",
    "base",
)


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each box: which part of its range each number has in it.

    Parameters
    ----------
    table
        Columns policy; case: what is sought, "below zero" or "worst quarter"; box: its number; parameter: key of a
        number that it restricts; low, high: between what (missing: open at that end); among: the categories, where
        it is no number; range_low, range_high: the ends of what was tried; coverage: share of the bad cases that are
        in the box; density: share of its points that are bad cases; base: that share everywhere.
    setting
        Language, page.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a share is missing, or two rows share policy, box and
        parameter.
    """
    check(table, COLUMNS, ("policy", "box", "parameter"), finite=("box", "coverage", "density"))
    words = setting.words
    place = {policy: k for k, policy in enumerate(policies_in(table))}
    ordered = table.assign(place=table["policy"].astype(str).map(place)).sort_values(["place", "box", "parameter"])
    groups = [rows.to_dict("records") for _, rows in ordered.groupby(["place", "box"], sort=False)]
    often = table["parameter"].value_counts()
    parameters = sorted(often.index, key=lambda name: (-often[name], str(name)))
    texts = Texts(finding(groups, setting), words.say("chart.boxes.interval"), words.say("chart.boxes.how"))
    names = [Named(factor_name(p, setting.words)) for p in parameters]
    headings = [Named(_heading(rows[0], setting), BOLD) for rows in groups]
    told = [_range(row, setting) for rows in groups for row in rows]
    plan = Plan(narrowest=max(2.2, numbers_width(told, FAINT)), below=0.1, row=0.5, tallest=1.0)
    figure, panels = row_page(Opening(texts, setting), names, headings, plan)
    for axes, rows in zip(panels, groups, strict=True):
        of = {row["parameter"]: row for row in rows}
        axes.set_xlim(0.0, 1.0)
        axes.set_xticks([])
        for i, parameter in enumerate(parameters):
            _draw_row(axes, i, of.get(parameter), setting)
    facts = [f"{_heading(rows[0], setting)}: {_conditions(rows, setting)}." for rows in groups]
    return finish(figure, facts)


def finding(groups: Sequence[Sequence[Mapping[Any, Any]]], setting: Setting) -> str:
    """Return the chart's title: what the first box says."""
    rows, words = groups[0], setting.words
    return sentence(
        words.say(
            "chart.boxes.title" if rows[0]["case"] == WRONG else "chart.boxes.title_worst",
            policy=words.policy(rows[0]["policy"]),
            density=words.share(rows[0]["density"]),
            conditions=_conditions(rows, setting),
        )
    )


def _heading(row: Mapping[Any, Any], setting: Setting) -> str:
    words = setting.words
    return sentence(
        words.say(
            "chart.boxes.heading",
            policy=words.policy(row["policy"]),
            n=f"{row['box']:.0f}",
            coverage=words.share(row["coverage"]),
            density=words.share(row["density"]),
            base=words.share(row["base"]),
        )
    )


def _conditions(rows: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    words = setting.words
    return words.listed([f"{factor_said(row['parameter'], words)} {_range(row, setting)}" for row in rows])


def _range(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what a box asks of a number, in words."""
    words = setting.words
    if row["among"] == row["among"] and str(row["among"]):
        return words.say("chart.boxes.among", names=row["among"])
    ends = {end: float(row[end]) for end in ("low", "high") if math.isfinite(row[end])}
    said = {end: setting.level(row["parameter"], value) for end, value in ends.items()}
    if len(said) == 2:
        return words.say("chart.from_to", **said)
    for end, value in said.items():
        return words.say("chart.boxes.above" if end == "low" else "chart.boxes.below", n=value)
    return words.say("chart.boxes.any")


def _draw_row(axes: Axes, index: int, row: Mapping[Any, Any] | None, setting: Setting) -> None:
    """Draw a number's whole range, and the part of it that is in the box."""
    middle = index + 0.68
    axes.barh([middle], [1.0], 0.26, left=0.0, color=GRID, linewidth=0.0)
    text = setting.words.say("chart.boxes.any") if row is None else _range(row, setting)
    box = axes_box(axes)
    y = inches(axes, 0.0, index + 0.5)[1]
    write(box.figure, (box.left, y), text, FAINT, "left bottom")
    if row is None:
        return
    span = row["range_high"] - row["range_low"]
    if not (math.isfinite(span) and span > 0.0):
        return
    start = (row["low"] - row["range_low"]) / span if math.isfinite(row["low"]) else 0.0
    end = (row["high"] - row["range_low"]) / span if math.isfinite(row["high"]) else 1.0
    axes.barh([middle], [max(0.01, end - start)], 0.26, left=start, color=BAD, edgecolor=INK, linewidth=0.8)
