"""How an output follows what was varied: a panel for each factor of a study, a line for each policy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.along import WORD, Along, along_of, draw_line, mark_zero, name_levels, number_of, upright
from wom_sim.charts.factors import label_of
from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.names import factor_said
from wom_sim.charts.page import MARGIN, Texts, box_of, finish, inches, place, write
from wom_sim.charts.panels import GAP, Grid, Opening, lay_out
from wom_sim.charts.setting import PLAIN_SETTING, SIZES, Setting
from wom_sim.charts.style import BOLD, FAINT, Face, Look, quiet
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.timeline import label_ends
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "parameter", "level", "indicator", "label", "unit", "mean", "low", "high")
MOST = 6
"""Assumption: so many panels can be read; the factors that move the output most are shown."""
_NARROWEST, _LOWEST, _LABEL = 2.3, 1.2, 2.2


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return the curve of each policy over the levels of each factor, all others averaged.

    Parameters
    ----------
    table
        Columns policy; parameter: key of the factor; level: a number or a word; indicator, label, unit: the output;
        mean; low, high: its 95 % interval, missing where there is none. One output. A column that may be missing:
        beyond: whether the factor moves the output of the policy by more than chance shows; else it gives no title.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share policy, parameter and level.
    """
    check(table, COLUMNS, ("policy", "parameter", "level"), finite=("mean",))
    words, looks = setting.words, looks_for(table, setting.order)
    moved = {p: _moved(rows) for p, rows in table.groupby("parameter", sort=True)}
    ranked = sorted(moved, key=lambda p: (-moved[p], str(p)))
    alone = len(ranked) == 1
    room = SIZES[setting.size][0] - 2 * MARGIN - (_LABEL if alone else 0.0) - 1.5
    alongs = [along_of(table[table["parameter"] == p], room if alone else _NARROWEST, setting) for p in ranked[:MOST]]
    how = words.say("chart.response.how")
    if len(ranked) > MOST:
        how += " " + words.say("chart.factors.left_out", n=MOST, of=len(ranked))
    known = bool((table["low"].notna() & table["high"].notna()).any())
    interval = words.say("chart.interval.mean95" if known else "chart.interval.none")
    opening = Opening(Texts(finding(table, setting), interval, how), setting)
    limits, ticks = upright(table)
    unit = str(table["unit"].iloc[0])
    names = max(text_width(words.quantity(v, unit, setting.currency, brief=True)) for v in ticks) + 0.15
    panels = _open_panels(opening, alongs, (looks, names), sentence(label_of(table.iloc[0], setting)), alone)
    for axes, along in zip(panels, alongs, strict=True):
        rows = table[table["parameter"] == along.parameter]
        axes.set_ylim(*limits)
        axes.set_yticks(ticks, labels=[words.quantity(v, unit, setting.currency, brief=True) for v in ticks])
        axes.tick_params(axis="y", labelleft=box_of(axes).left - names < 2 * MARGIN)
        _draw_factor(axes, rows, along, looks)
    if alone:
        _name_ends(panels[0], table, alongs[0], looks, setting)
    facts = [_fact(table, str(p), policy, setting) for p in ranked[:MOST] for policy in looks]
    return finish(box_of(panels[0]).figure, [fact for fact in facts if fact])


def finding(table: pd.DataFrame, setting: Setting) -> str:
    """Return the chart's title: what moves the output most, for which policy, and how far."""
    words, unit = setting.words, str(table["unit"].iloc[0])
    means = table.groupby(["policy", "parameter"], sort=False)["mean"].agg(["min", "max"])
    label = label_of(table.iloc[0], setting)
    size = means["max"] - means["min"]
    if "beyond" in table:
        size = size.where(table.groupby(["policy", "parameter"], sort=False)["beyond"].any(), 0.0)
    if not (size > 0.0).any():
        return words.say("chart.response.nothing")
    policy, parameter = size.idxmax()
    low, high = (words.quantity(float(means.loc[(policy, parameter), end]), unit, setting.currency) for end in means)
    values = {"policy": words.policy(policy), "parameter": factor_said(parameter, setting.words), "label": label}
    return sentence(words.say("chart.response.title", low=low, high=high, **values))


def _moved(rows: pd.DataFrame) -> float:
    """Return how far a factor moves the output: the widest range of means of any policy."""
    by = rows.groupby("policy", sort=False)["mean"]
    return float((by.max() - by.min()).max())


def _open_panels(
    opening: Opening, alongs: Sequence[Along], marks: tuple[Mapping[str, Look], float], label: str, alone: bool
) -> list[Axes]:
    """Return the axes of each factor on a new page, with the names of output, policies and factors written."""
    (looks, names), words = marks, opening.setting.words
    samples = (
        []
        if alone
        else [Sample(sentence(words.policy(p)), look, face=Face(bold=True, ink=look.ink)) for p, look in looks.items()]
    )
    below = 0.1 + max(len(lines) for along in alongs for lines in along.words.values()) * line_height()
    wide = max([_NARROWEST, *(WORD * len(along.places) for along in alongs if along.named)])
    headings = [[] if alone else wrap(along.name, wide, BOLD) for along in alongs]
    above = max(map(len, headings)) * line_height() + 0.1
    room = SIZES[opening.setting.size][0] - 2 * MARGIN
    top = legend_height(samples, room) + line_height() + 0.05
    foot = 0.3 if alone else 0.0
    ends = sum(len(_ends_name(p, opening.setting)) * line_height() + 0.04 for p in looks) if alone else 0.0
    rows = math.ceil(len(alongs) / max(1, int((room - names + GAP) / (wide + GAP))))
    lowest = max(_LOWEST, ends) + above + below + foot + top / rows + 0.1
    grid = lay_out(opening, len(alongs), names, wide + (_LABEL + 0.5 if alone else 0.0), lowest)
    return _place_panels(grid, alongs, (label, samples, headings), (top, above, below + foot))


def _place_panels(
    grid: Grid,
    alongs: Sequence[Along],
    said: tuple[str, Sequence[Sample], Sequence[Sequence[str]]],
    heights: tuple[float, float, float],
) -> list[Axes]:
    """Return the axes, placed below the name of the output and the samples of the policies' lines."""
    (label, samples, headings), (top, above, below) = said, heights
    write(grid.figure, (MARGIN, grid.top), label, BOLD)
    room = grid.figure.get_figwidth() - 2 * MARGIN
    draw_legend(grid.figure, (MARGIN, grid.top - line_height() - 0.05), room, samples)
    rows = math.ceil(len(alongs) / grid.columns)
    high = (rows * grid.height - top) / rows
    alone = len(alongs) == 1
    panels = []
    for index, along in enumerate(alongs):
        left = grid.corner(index)[0]
        ceiling = grid.top - top - (index // grid.columns) * high
        write(grid.figure, (left, ceiling), headings[index], BOLD)
        width = grid.width - (_LABEL + 0.35 if alone else 0.0)
        axes = place(grid.figure, left, ceiling - high + below + 0.1, width, high - above - below - 0.1)
        if alone:
            at = (left, ceiling - high + 0.1)
            write(grid.figure, at, wrap(along.name, width, FAINT)[:1], FAINT, "left bottom")
        panels.append(axes)
    return panels


def _draw_factor(axes: Axes, rows: pd.DataFrame, along: Along, looks: Mapping[str, Look]) -> None:
    """Draw every policy's line with its band; where levels are words, points with bars side by side."""
    quiet(axes, "y")
    axes.set_xlim(*along.limits)
    for number, (policy, look) in enumerate(looks.items()):
        mine = rows[rows["policy"].astype(str) == policy]
        mine = mine.assign(at=mine["level"].map(along.places)).sort_values("at")
        shift = min(0.08, 0.6 / len(looks)) * (number - (len(looks) - 1) / 2) if along.named else None
        draw_line(axes, mine, look, shift)
    mark_zero(axes)
    name_levels(axes, along)


def _ends_name(policy: str, setting: Setting) -> list[str]:
    return wrap(sentence(setting.words.policy(policy)), _LABEL - 0.1, BOLD)


def _name_ends(axes: Axes, table: pd.DataFrame, along: Along, looks: Mapping[str, Look], setting: Setting) -> None:
    """Write each policy's name at the end of its line."""
    ends = {}
    for policy in looks:
        mine = table[table["policy"].astype(str) == policy]
        last = mine.loc[mine["level"].map(along.places).astype(float).idxmax()]
        ends[policy] = inches(axes, along.places[last["level"]], float(last["mean"]))
    label_ends(axes, ends, {policy: _ends_name(policy, setting) for policy in looks}, looks)


def _fact(table: pd.DataFrame, parameter: str, policy: str, setting: Setting) -> str:
    """Return what a line shows: the output at its first and its last level; an empty text where there is none."""
    words = setting.words
    rows = table[(table["parameter"].astype(str) == parameter) & (table["policy"].astype(str) == policy)]
    if rows.empty:
        return ""
    numbers = rows["level"].map(number_of)
    rows = rows.loc[numbers.sort_values().index] if numbers.notna().all() else rows
    told = []
    for _, row in rows.iloc[[0, -1] if len(rows) > 1 else [0]].iterrows():
        level = setting.level(parameter, row["level"])
        value = words.quantity(float(row["mean"]), str(row["unit"]), setting.currency)
        told.append(words.say("chart.response.at", level=level, value=value))
    name = sentence(words.policy(policy))
    of = factor_said(parameter, words)
    return words.say("chart.response.fact", policy=name, parameter=of, points=words.listed(told))
