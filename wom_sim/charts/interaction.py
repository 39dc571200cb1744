"""Whether one factor does more where another is so: a line for each level of the other, a panel a policy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.along import WORD, Along, along_of, draw_line, limits_of, mark_zero, name_levels, number_of
from wom_sim.charts.factors import label_of
from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.names import factor_name, factor_said
from wom_sim.charts.page import Texts, box_of, finish, place, write
from wom_sim.charts.panels import Grid, Opening, lay_out
from wom_sim.charts.setting import PLAIN_SETTING, SIZES, Setting
from wom_sim.charts.style import BOLD, FAINT, Face, Look, palette, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = (
    "policy", "parameter", "level", "other", "other_level", "indicator", "label", "unit", "mean", "interaction", "low",
    "high", "beyond",
)  # fmt: skip
_NARROWEST, _LOWEST = 2.3, 1.4


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the output over the levels of one factor, a line for each level of another; parallel: no interaction.

    Parameters
    ----------
    table
        Columns policy; parameter, level: the factor along the axis; other, other_level: the factor of the lines;
        indicator, label, unit: the output; mean. The same in all rows of a policy: interaction: by how much more the
        one factor does at one end of the other than at another; low, high: its 95 % interval, missing where there is
        none; beyond: whether it is more than chance shows. One pair of factors, one output.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share policy and both levels.
    """
    check(table, COLUMNS, ("policy", "level", "other_level"), finite=("mean",))
    if len(set(table["parameter"])) > 1 or len(set(table["other"])) > 1:
        raise ValueError("columns 'parameter' and 'other' must name one pair of factors; draw each pair by itself")
    words, looks = setting.words, looks_for(table, setting.order)
    how = words.say("chart.interaction.how")
    opening = Opening(Texts(finding(table, setting), words.say("chart.interaction.note"), how), setting)
    lines = _lines(table)
    other = table["other"].iloc[0]
    samples = [Sample(setting.level(other, each), look) for each, look in lines.items()]
    along = along_of(table.sort_values("level") if _numbers(table["level"]) else table, _NARROWEST, setting)
    limits, ticks = limits_of(float(table["mean"].min()), float(table["mean"].max()))
    unit = str(table["unit"].iloc[0])
    said = [words.quantity(v, unit, setting.currency, brief=True) for v in ticks]
    gaps = {p: _gap(table[table["policy"].astype(str) == p], setting) for p in looks}
    grid, heights = _open_page(opening, along, gaps, (samples, max(map(text_width, said)) + 0.15))
    _write_head(grid, table, samples, setting)
    for index, (policy, look) in enumerate(looks.items()):
        axes = _panel(grid, index, heights)
        box = box_of(axes)
        mine = table[table["policy"].astype(str) == policy]
        heading, gap = wrap(sentence(words.policy(policy)), grid.width, BOLD), gaps[policy]
        at = box.top + 0.06 + line_height() * len(wrap(gap, grid.width, FAINT))
        write(grid.figure, (box.left, at), heading, Face(bold=True, ink=look.ink), "left bottom")
        write(grid.figure, (box.left, box.top + 0.06), wrap(gap, grid.width, FAINT), FAINT, "left bottom")
        axes.set_ylim(*limits)
        axes.set_yticks(ticks, labels=said)
        axes.tick_params(axis="y", labelleft=index % grid.columns == 0)
        _draw_panel(axes, mine, along, lines)
    return finish(grid.figure, [_fact(table, policy, lines, setting) for policy in looks])


def finding(table: pd.DataFrame, setting: Setting) -> str:
    """Return the chart's title: under which policies what one factor does depends on the other, or that none shows."""
    words = setting.words
    names = {name: factor_said(table[name].iloc[0], setting.words) for name in ("parameter", "other")}
    names["label"] = label_of(table.iloc[0], setting)
    beyond = table.loc[table["beyond"].astype(bool), "policy"].astype(str)
    sure = [words.policy(policy) for policy in dict.fromkeys(beyond)]
    if not sure:
        return sentence(words.say("chart.interaction.nothing", **names))
    return sentence(words.say("chart.interaction.title", policies=words.listed(sure), **names))


def _gap(rows: pd.DataFrame, setting: Setting) -> str:
    """Return the interaction of a policy in words, with its interval."""
    words, unit = setting.words, str(rows["unit"].iloc[0])
    gap, low, high = (float(rows[name].iloc[0]) for name in ("interaction", "low", "high"))
    if not math.isfinite(gap):
        return words.say("chart.interaction.unused")
    said = [words.signed_quantity(v, unit, setting.currency, brief=True) for v in (gap, low, high)]
    if not (math.isfinite(low) and math.isfinite(high)):
        return words.say("chart.interaction.gap_alone", gap=said[0])
    return words.say("chart.interaction.gap", gap=said[0], low=said[1], high=said[2])


def _lines(table: pd.DataFrame) -> dict[Any, Look]:
    """Return the look of each level of the other factor: numbers in their order, words as they come."""
    levels = list(dict.fromkeys(table["other_level"]))
    if _numbers(table["other_level"]):
        levels.sort(key=float)
    looks = list(palette([f"level {k}" for k in range(len(levels))]).values())
    return dict(zip(levels, looks, strict=True))


def _numbers(levels: pd.Series) -> bool:
    return all(number_of(level) is not None for level in levels)


def _open_page(
    opening: Opening, along: Along, gaps: Mapping[str, str], marks: tuple[Sequence[Sample], float]
) -> tuple[Grid, tuple[float, float, float]]:
    """Return the page, and the heights of its head, and of what is above and below each panel."""
    samples, names = marks
    words, setting = opening.setting.words, opening.setting
    wide = max(_NARROWEST, WORD * len(along.places) if along.named else 0.0)
    heads = [len(wrap(sentence(words.policy(p)), wide, BOLD)) + len(wrap(gap, wide, FAINT)) for p, gap in gaps.items()]
    above = max(heads) * line_height() + 0.1
    below = max(len(lines) for lines in along.words.values()) * line_height() + line_height() + 0.25
    top = legend_height(samples, SIZES[setting.size][0] - 0.6) + 2 * line_height() + 0.1
    grid = lay_out(opening, len(gaps), names, wide, above + _LOWEST + below + top)
    return grid, (top, above, below)


def _write_head(grid: Grid, table: pd.DataFrame, samples: Sequence[Sample], setting: Setting) -> None:
    """Write what the lines are, and the names of both factors and of the output."""
    left = 0.3
    other = factor_name(str(table["other"].iloc[0]), setting.words)
    write(grid.figure, (left, grid.top), other, FAINT)
    draw_legend(grid.figure, (left, grid.top - line_height()), grid.figure.get_figwidth() - 0.6, samples)
    at = grid.top - line_height() - legend_height(samples, grid.figure.get_figwidth() - 0.6)
    write(grid.figure, (left, at), sentence(label_of(table.iloc[0], setting)), BOLD)


def _panel(grid: Grid, index: int, heights: tuple[float, float, float]) -> Axes:
    top, above, below = heights
    left, ceiling = grid.corner(index)
    high = grid.height - top - above - below
    return place(grid.figure, left, ceiling - grid.height + below, grid.width, high)


def _draw_panel(axes: Axes, rows: pd.DataFrame, along: Along, lines: Mapping[Any, Look]) -> None:
    """Draw a policy's lines, and the levels and the name of the factor below them."""
    quiet(axes, "y")
    axes.set_xlim(*along.limits)
    for number, (level, look) in enumerate(lines.items()):
        mine = rows[rows["other_level"] == level]
        mine = mine.assign(at=mine["level"].map(along.places).astype(float)).sort_values("at")
        shift = min(0.08, 0.6 / len(lines)) * (number - (len(lines) - 1) / 2) if along.named else None
        if shift is not None:
            axes.plot(mine["at"] + shift, mine["mean"], color=look.colour, linestyle=look.line, linewidth=1.6)
        draw_line(axes, mine.assign(low=math.nan, high=math.nan), look, shift)
    mark_zero(axes)
    name_levels(axes, along)
    box = box_of(axes)
    lowest = max(len(words) for words in along.words.values()) * line_height()
    name = wrap(along.name, box.right - box.left, FAINT)[:1]
    write(box.figure, (box.left, box.bottom - lowest - 0.1), name, FAINT)


def _fact(table: pd.DataFrame, policy: str, lines: Mapping[Any, Look], setting: Setting) -> str:
    """Return what a panel shows: the output at the ends of the first and of the last line."""
    words, told = setting.words, []
    rows = table[table["policy"].astype(str) == policy]
    rows = rows.sort_values("level", kind="stable") if _numbers(table["level"]) else rows
    keys = {name: str(table[name].iloc[0]) for name in ("parameter", "other")}
    for each in dict.fromkeys([next(iter(lines)), list(lines)[-1]]):
        mine = rows[rows["other_level"] == each]
        if mine.empty:
            continue
        first, last = (words.quantity(float(v), str(mine["unit"].iloc[0]), setting.currency)
                       for v in (mine["mean"].iloc[0], mine["mean"].iloc[-1]))  # fmt: skip
        low, high = (setting.level(keys["parameter"], mine["level"].iloc[end]) for end in (0, -1))
        said = {"level": setting.level(keys["other"], each), "first": first, "last": last, "from": low, "to": high}
        told.append(words.say("chart.interaction.line", **said))
    names = {name: factor_said(key, setting.words) for name, key in keys.items()}
    gap = _gap(rows, setting)
    return words.say(
        "chart.interaction.fact", policy=sentence(words.policy(policy)), lines="; ".join(told), gap=gap, **names
    )
