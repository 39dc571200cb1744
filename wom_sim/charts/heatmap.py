"""An output over two factors at once, or a figure of each pair of factors: cells in colour, each with its number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.along import number_of
from wom_sim.charts.factors import label_of
from wom_sim.charts.names import factor_name, factor_said
from wom_sim.charts.page import Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import Opening, lay_out
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, INK, Face, shade
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "across", "x", "up", "y", "indicator", "label", "unit", "mean", "sure")
_ROW = 0.42
_PALE = 0.6
"""Strongest colour: so pale that dark letters can be read on it."""
_WIDEST = 1.5
"""Widest name of a column, in inches: longer ones are wrapped."""


class Cells(NamedTuple):
    """What the panels share: columns, rows, what is written in each cell by policy and place, and the sizes of means.

    ``sizes``: the least and the largest, the least being 0 where means lie on both sides of it.
    """

    xs: list[Any]
    ys: list[Any]
    said: Mapping[tuple[str, Any, Any], str]
    sizes: tuple[float, float]

    def strength(self, mean: float) -> float:
        """Return how strong the colour of a mean is, with its sign."""
        low, high = self.sizes
        share = (abs(mean) - low) / (high - low) if high > low else float(high > 0.0)
        floor = 0.0 if low == 0.0 else 0.1
        return math.copysign(_PALE * (floor + (1.0 - floor) * share), mean)


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a panel for each policy: the mean in each cell of two factors, or a share for each pair of factors.

    Parameters
    ----------
    table
        Columns policy; across, x: the factor of the columns and its level; up, y: that of the rows; both factors are ""
        where x and y are factors themselves; indicator, label, unit: the output, and the unit of ``mean``; sure:
        whether the mean is told from zero (else it stands in brackets). One pair, one output.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share policy and place.
    """
    check(table, COLUMNS, ("policy", "x", "y"), finite=("mean",))
    if len(set(table["across"])) > 1 or len(set(table["up"])) > 1:
        raise ValueError("columns 'across' and 'up' must name one pair of factors; draw each pair by itself")
    words, looks = setting.words, looks_for(table, setting.order)
    cells, pairs = _cells(table, setting), not str(table["across"].iloc[0])
    kind = "pairs" if pairs else "cells"
    how = words.say(f"chart.heatmap.how_{kind}")
    opening = Opening(Texts(finding(table, setting), words.say(f"chart.heatmap.note_{kind}"), how), setting)
    across, up = (table[side].iloc[0] for side in ("across", "up"))
    heads = [wrap(_named(across, x, setting), _WIDEST, FAINT) for x in cells.xs]
    sides = [wrap(_named(up, y, setting), 2.2, FAINT) for y in cells.ys]
    column = max(
        [*(text_width(line, FAINT) for lines in heads for line in lines), *map(text_width, cells.said.values())]
    )
    names = max(text_width(line, FAINT) for lines in sides for line in lines) + 0.2
    wide = (column + 0.16) * len(cells.xs)
    headings = {p: wrap(sentence(words.policy(p)), max(wide, 1.2), BOLD) for p in looks}
    above = max(map(len, headings.values())) * line_height() + 0.08
    below = (max(map(len, heads)) + (0 if pairs else 1)) * line_height() + 0.22
    pitch = max(_ROW, max(map(len, sides)) * line_height() + 0.08)
    top = 0.0 if pairs else line_height() + 0.05
    grid = lay_out(opening, len(looks), names, max(wide, 1.2), above + pitch * len(cells.ys) + below + top)
    if not pairs:
        write(grid.figure, (0.3, grid.top), factor_name(str(table["up"].iloc[0]), setting.words), BOLD)
    for index, (policy, look) in enumerate(looks.items()):
        left, ceiling = grid.corner(index)
        high = min(grid.height - above - below - top, 1.6 * pitch * len(cells.ys))
        axes = place(grid.figure, left, ceiling - top - above - high, grid.width, high)
        box = box_of(axes)
        face = Face(bold=True, ink=look.ink)
        write(grid.figure, (box.left, box.top + 0.06), headings[policy], face, "left bottom")
        _draw_cells(axes, table[table["policy"].astype(str) == policy], cells)
        _name_sides(axes, (heads, sides if index % grid.columns == 0 else []), cells)
        if not pairs:
            name = wrap(factor_name(str(table["across"].iloc[0]), setting.words), grid.width, BOLD)[:1]
            write(grid.figure, (box.left, box.bottom - below + line_height() + 0.1), name, BOLD)
    return finish(grid.figure, [_fact(table, policy, setting) for policy in looks])


def finding(table: pd.DataFrame, setting: Setting) -> str:
    """Return the chart's title: the best and the worst cell of all, or the pair that makes most together."""
    words, label = setting.words, label_of(table.iloc[0], setting)
    if not str(table["across"].iloc[0]):
        sure = table[table["sure"].astype(bool)]
        if sure.empty:
            return words.say("chart.heatmap.no_pair")
        top = sure.loc[sure["mean"].idxmax()]
        pair = {"one": factor_said(top["x"], words), "other": factor_said(top["y"], words)}
        values = {**pair, "share": _value(top, setting)}
        return sentence(words.say("chart.heatmap.pair", policy=words.policy(str(top["policy"])), label=label, **values))
    low, high = (table.loc[table["mean"].idxmin()], table.loc[table["mean"].idxmax()])
    if low["mean"] == high["mean"]:
        return sentence(words.say("chart.heatmap.same", label=label))
    ends = {"low": _value(low, setting), "high": _value(high, setting), "policy": words.policy(str(high["policy"]))}
    across, up = (factor_said(table[side].iloc[0], words) for side in ("across", "up"))
    at = {"across": across, "x": _named(high["across"], high["x"], setting), "up": up,
          "y": _named(high["up"], high["y"], setting)}  # fmt: skip
    return sentence(words.say("chart.heatmap.title", label=label, **ends, **at))


def _cells(table: pd.DataFrame, setting: Setting) -> Cells:
    """Return columns and rows, numbers in their order, words as they come; and what is written in each cell."""
    orders = []
    for column in ("x", "y"):
        levels = list(dict.fromkeys(table[column]))
        if all(number_of(level) is not None for level in levels):
            levels.sort(key=float)
        orders.append(levels)
    if not str(table["across"].iloc[0]):
        orders[1] = list(dict.fromkeys([*orders[0], *orders[1]]))[::-1]  # each pair is mirrored at the diagonal
    said = {}
    for row in table.to_dict("records"):
        value = _value(row, setting, brief=True)
        said[str(row["policy"]), row["x"], row["y"]] = value if row["sure"] else f"({value})"
    size, mixed = table["mean"].abs(), bool((table["mean"] > 0.0).any() and (table["mean"] < 0.0).any())
    return Cells(orders[0], orders[1], said, (0.0 if mixed else float(size.min()), float(size.max())))


def _value(row: Any, setting: Setting, brief: bool = False) -> str:
    return setting.words.quantity(float(row["mean"]), str(row["unit"]), setting.currency, brief=brief)


def _named(key: Any, value: Any, setting: Setting) -> str:
    """Return a level of a factor in words; where there is none (""), the factor that stands in its place."""
    return setting.level(key, value) if str(key) else factor_name(str(value), setting.words)


def _draw_cells(axes: Axes, rows: pd.DataFrame, cells: Cells) -> None:
    """Draw the cells of a policy: the stronger the colour, the larger; blue above zero, vermillion below."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(-0.5, len(cells.xs) - 0.5)
    axes.set_ylim(-0.5, len(cells.ys) - 0.5)
    for row in rows.to_dict("records"):
        i, j = cells.xs.index(row["x"]), cells.ys.index(row["y"])
        axes.bar([i], [0.96], 0.98, bottom=j - 0.48, color=shade(cells.strength(float(row["mean"]))), linewidth=0.0)
        at = inches(axes, i, j)
        text = cells.said[str(row["policy"]), row["x"], row["y"]]
        write(box_of(axes).figure, at, text, Face(ink=INK), "centre centre")


def _name_sides(axes: Axes, names: tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]], cells: Cells) -> None:
    """Write the columns below a panel, and the rows beside it where it is the first of its line."""
    box = box_of(axes)
    for i, lines in enumerate(names[0]):
        write(box.figure, (inches(axes, i, 0.0)[0], box.bottom - 0.06), lines, FAINT, "centre top")
    for j, lines in enumerate(names[1]):
        write(box.figure, (box.left - 0.1, inches(axes, 0.0, j)[1]), lines, FAINT, "right centre")


def _fact(table: pd.DataFrame, policy: str, setting: Setting) -> str:
    """Return what a panel shows: its lowest and its highest cell."""
    words, rows = setting.words, table[table["policy"].astype(str) == policy]
    ends = [rows.loc[rows["mean"].idxmin()], rows.loc[rows["mean"].idxmax()]]
    told = [
        words.say("chart.heatmap.at", value=_value(row, setting), x=_named(row["across"], row["x"], setting),
                  y=_named(row["up"], row["y"], setting))
        for row in ends
    ]  # fmt: skip
    names = {} if math.isnan(ends[0]["mean"]) else {"low": told[0], "high": told[1]}
    return words.say("chart.heatmap.fact", policy=sentence(words.policy(policy)), **names)
