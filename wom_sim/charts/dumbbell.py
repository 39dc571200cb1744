"""What separates the best policy from each of the others: both values, and their paired difference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.page import Texts, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT_INK, GRID, INK, Face, Look, palette
from wom_sim.charts.tables import check, policies_in
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "against", "indicator", "label", "unit", "mean_policy", "mean_against", "mean", "low", "high")

Rows = Sequence[Mapping[Any, Any]]


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return two panels: the value of both policies of a pair joined by a line, and their difference.

    Parameters
    ----------
    table
        Columns policy; against; indicator; label; unit; mean_policy, mean_against: the mean of either; mean:
        the mean paired difference (policy minus against); low, high: its 95 % interval, missing when there is
        one replication. One indicator, the best policy first: a row a pair.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share a pair.
    """
    check(table, COLUMNS, ("policy", "against"), finite=("mean_policy", "mean_against", "mean"))
    rows = sorted(table.to_dict("records"), key=lambda row: (row["mean"], str(row["policy"]), str(row["against"])))
    words = setting.words
    looks = palette([*map(str, setting.order), *policies_in(table), *(str(row["against"]) for row in rows)])
    known = any(_known(row) for row in rows)
    texts = Texts(
        finding(rows, setting),
        words.say("chart.interval.mean95" if known else "chart.interval.none"),
        words.say("chart.dumbbell.how"),
    )
    alone = len(policies_in(table)) == 1
    names = [Named(sentence(pair_name(row["policy"], row["against"], setting, alone)), Face(bold=True)) for row in rows]
    label = sentence(words.name("indicator", str(rows[0]["indicator"]), str(rows[0]["label"])))
    headings = [Named(label, BOLD), Named(sentence(words.say("chart.dumbbell.difference")), BOLD)]
    told = [_say(row["mean"], row, setting, signed=True) for row in rows]
    plan = Plan(narrowest=2.1, numbers=numbers_width(told, BOLD), below=0.35, row=0.4, tallest=0.95)
    figure, (values, gaps) = row_page(Opening(texts, setting), names, headings, plan)
    _draw_values(values, rows, looks, setting)
    _draw_gaps(gaps, rows, setting)
    for i, (row, text) in enumerate(zip(rows, told, strict=True)):
        write_number(gaps, i + 0.5, text, plan, Face(bold=True, ink=INK if clear(row) else FAINT_INK))
    return finish(figure, [_fact(row, setting) for row in rows])


def finding(rows: Rows, setting: Setting) -> str:
    """Return the chart's title: by how much the best policy is ahead of the next, and whether that is sure."""
    words = setting.words
    nearest = min(rows, key=lambda row: abs(row["mean"]))
    first, second = words.policy(nearest["policy"]), words.policy(nearest["against"])
    if not clear(nearest):
        return sentence(words.say("chart.dumbbell.undecided", first=first, second=second))
    if nearest["mean"] < 0.0:
        first, second = second, first
    gap = _say(abs(nearest["mean"]), nearest, setting, brief=False)
    label = words.name("indicator", str(nearest["indicator"]), str(nearest["label"]))
    return sentence(words.say("chart.dumbbell.ahead", first=first, second=second, gap=gap, label=label))


def clear(row: Mapping[Any, Any]) -> bool:
    """Return whether the interval of a difference leaves zero out; without an interval nothing is clear."""
    return _known(row) and not row["low"] <= 0.0 <= row["high"]


def _known(row: Mapping[Any, Any]) -> bool:
    return math.isfinite(row["low"]) and math.isfinite(row["high"])


def pair_name(policy: str, against: str, setting: Setting, alone: bool) -> str:
    """Return what a pair is called; ``alone``: the first is the same in every pair and need not be said."""
    words = setting.words
    if alone:
        return words.say("chart.against_one", second=words.policy(against))
    return words.say("chart.against", first=words.policy(policy), second=words.policy(against))


def _say(value: float, row: Mapping[Any, Any], setting: Setting, *, signed: bool = False, brief: bool = True) -> str:
    say = setting.words.signed_quantity if signed else setting.words.quantity
    return say(value, str(row["unit"]), setting.currency, brief)


def _draw_values(axes: Axes, rows: Rows, looks: Mapping[str, Look], setting: Setting) -> None:
    """Draw the two values of each pair, joined."""
    ends = [row[name] for row in rows for name in ("mean_policy", "mean_against")]
    value_axis(axes, ends, lambda value: _say(value, rows[0], setting))
    for i, row in enumerate(rows):
        ends = [row["mean_against"], row["mean_policy"]]
        axes.plot(ends, [i + 0.5] * 2, color=GRID, linewidth=5.0, solid_capstyle="round", zorder=2)
        for value, policy in zip(ends, (row["against"], row["policy"]), strict=True):
            look = looks[str(policy)]
            mark: Any = {"marker": look.marker, "markersize": 9.0, "markeredgecolor": look.ink, "zorder": 4}
            axes.plot([value], [i + 0.5], color=look.colour, linestyle="none", clip_on=False, **mark)


def _draw_gaps(axes: Axes, rows: Rows, setting: Setting) -> None:
    """Draw the difference of each pair with its interval; hollow where zero is within."""
    ends = [row[name] for row in rows for name in ("mean", "low", "high")]
    value_axis(axes, ends, lambda value: _say(value, rows[0], setting))
    for i, row in enumerate(rows):
        if _known(row):
            axes.plot([row["low"], row["high"]], [i + 0.5] * 2, color=INK, linewidth=2.4, solid_capstyle="butt")
        face = INK if clear(row) else "white"
        axes.plot([row["mean"]], [i + 0.5], marker="o", markersize=8.0, color=face, markeredgecolor=INK, zorder=4)


def _fact(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return what one row shows."""
    pair = sentence(pair_name(row["policy"], row["against"], setting, alone=False))
    text = f"{pair}: {_say(row['mean'], row, setting, signed=True, brief=False)}"
    if _known(row):
        low, high = (_say(row[end], row, setting, signed=True, brief=False) for end in ("low", "high"))
        text += f" ({setting.words.say('chart.from_to', low=low, high=high)})"
    return f"{text}."
