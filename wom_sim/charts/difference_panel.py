"""One indicator: a point and its ranges for each policy, and on which side the firm is better off."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wom_sim.charts.page import bar, box_of, inches, write
from wom_sim.charts.panels import tick_words
from wom_sim.charts.scales import FAR_APART, set_scale, sizes, step_below, tenfold_from, tenfold_ticks
from wom_sim.charts.setting import Setting
from wom_sim.charts.spots import add_spot
from wom_sim.charts.style import (
    BETTER_SIDE,
    FAINT,
    FAINT_INK,
    GOOD,
    OTHER_SIDE,
    Face,
    Look,
    quiet,
    readable,
)
from wom_sim.charts.typesetting import line_height
from wom_sim.charts.words import sentence
from wom_sim.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_STRIP = 0.2
"""Height of the strip in which a policy's point stands, inches; its number stands above."""


def draw_panel(axes: Axes, rows: pd.DataFrame, looks: Mapping[str, Look], setting: Setting) -> None:
    """Draw one indicator's rows (columns as in ``differences.draw``), one strip a policy of ``looks``."""
    unit, better = str(rows["unit"].iloc[0]), str(rows["better"].iloc[0])
    threshold = tenfold_threshold(rows)
    limits = _limits(rows, threshold)

    def say(value: float) -> str:
        return setting.words.signed_quantity(value, unit, setting.currency, brief=True)

    quiet(axes, "x")
    axes.grid(visible=False)
    set_scale(axes, "x", limits, threshold, say)
    box = box_of(axes)
    axes.set_ylim((box.top - box.bottom), 0.0)
    axes.set_yticks([])
    pitch = (box.top - box.bottom) / len(looks)
    of_policy = {str(row["policy"]): row for row in rows.to_dict("records")}
    for i, (policy, look) in enumerate(looks.items()):
        middle = (i + 0.5) * pitch + 0.5 * line_height()
        _draw_strip(axes, middle, limits, better)
        if policy in of_policy:
            row = of_policy[policy]
            _draw_ranges(axes, middle, row, look)
            above = (box.left, inches(axes, 0.0, middle - _STRIP / 2)[1] + 0.02)
            write(box.figure, above, say(row["mean"]), Face(bold=True, ink=look.ink), "left bottom")
            ends = [inches(axes, 0.0, middle + turn * (0.5 * _STRIP + 0.5 * line_height()))[1] for turn in (1.0, -1.0)]
            add_spot(axes, (box.left, box.right), (ends[0], ends[1]), _told(row, setting))
    tick_words(axes, _ticks(limits, threshold), say)
    _write_hints(axes, better, threshold is not None, setting.words)


def _told(row: Mapping[Any, Any], setting: Setting) -> str:
    """Return a policy, its difference, and its interval where there is one."""
    words, unit = setting.words, str(row["unit"])
    label = sentence(words.name("indicator", str(row["indicator"]), str(row["label"])))
    mean, low, high = (words.signed_quantity(row[end], unit, setting.currency) for end in ("mean", "low", "high"))
    text = f"{label}\n{sentence(words.policy(str(row['policy'])))}: {mean}"
    known = math.isfinite(row["low"]) and math.isfinite(row["high"])
    return f"{text}\n{words.say('chart.from_to', low=low, high=high)}" if known else text


def tenfold_threshold(rows: pd.DataFrame) -> float | None:
    """Return where tenfold steps begin when the policies' differences lie far apart, else None."""
    known = sizes(float(v) for v in rows["mean"])
    if not known or known[-1] <= FAR_APART * known[0]:
        return None
    return tenfold_from(known[0], known[-1])


def _draw_strip(axes: Axes, middle: float, limits: tuple[float, float], better: str) -> None:
    """Draw the ground on which a policy's point stands: the better side in green, and zero."""
    for side, ends in (("less", (limits[0], 0.0)), ("more", (0.0, limits[1]))):
        colour = BETTER_SIDE if side == better else OTHER_SIDE
        bar(axes, ends, middle, _STRIP, color=colour, linewidth=0.0, zorder=0)
    ends_of_zero = [middle - 0.5 * _STRIP, middle + 0.75 * _STRIP]
    axes.plot([0.0, 0.0], ends_of_zero, color=FAINT_INK, linewidth=1.6, zorder=2, clip_on=False)


def _draw_ranges(axes: Axes, middle: float, row: Mapping[Any, Any], look: Look) -> None:
    """Draw a policy's point, and the ranges that it has."""
    thin: Any = {"linewidth": 1.8, "color": look.ink}
    thick: Any = {"linewidth": 6.5, "color": look.colour, "alpha": 0.5}
    for low, high, how in (("p05", "p95", thin), ("low", "high", thick)):
        if math.isfinite(row[low]) and math.isfinite(row[high]):
            axes.plot([row[low], row[high]], [middle, middle], solid_capstyle="butt", **how)
    if math.isfinite(row["mean"]):
        point: Any = {"marker": look.marker, "markersize": 6.5, "markeredgecolor": look.ink}
        axes.plot([row["mean"]], [middle], color=look.colour, zorder=5, **point)


def _write_hints(axes: Axes, better: str, tenfold: bool, words: Words) -> None:
    """Write below the ticks which side is better for the firm, and that steps are tenfold where they are."""
    box = box_of(axes)
    y = box.bottom - 0.04 - line_height()
    face = Face(bold=True, ink=readable(GOOD))
    if better == "less":
        write(box.figure, (box.left, y), f"◀ {words.say('chart.better')}", face, "left top")
    elif better == "more":
        write(box.figure, (box.right, y), f"{words.say('chart.better')} ▶", face, "right top")
    if tenfold:
        x, anchor = (box.left, "left top") if better == "more" else (box.right, "right top")
        write(box.figure, (x, y), words.say("chart.steps"), FAINT, anchor)


def _limits(rows: pd.DataFrame, threshold: float | None) -> tuple[float, float]:
    """Return limits that hold every range and show some of either side of zero."""
    columns = (rows[name] for name in ("mean", "low", "high", "p05", "p95"))
    values = [0.0, *(float(v) for column in columns for v in column if math.isfinite(v))]
    low, high = min(values), max(values)
    if threshold is not None:
        return min(3.0 * low, -2.0 * threshold), max(3.0 * high, 2.0 * threshold)
    span = high - low or 1.0
    return low - 0.15 * span, high + 0.15 * span


def _ticks(limits: tuple[float, float], threshold: float | None) -> list[float]:
    """Return the ticks of a narrow panel, the most important first: zero, then the farthest ones."""
    low, high = limits
    if threshold is not None:
        ticks = tenfold_ticks(low, high, threshold, 40)
        return [0.0, *sorted((t for t in ticks if t), key=lambda t: (-abs(t), -t))]
    if high >= -low:
        return [0.0, step_below(high * 0.95), -step_below(-low)]
    return [0.0, -step_below(-low * 0.95), step_below(high)]
