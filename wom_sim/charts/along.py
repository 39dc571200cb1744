"""The axis along the levels of a factor, and the line of an output over them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.names import factor_name
from wom_sim.charts.page import box_of, inches, write
from wom_sim.charts.panels import tick_words
from wom_sim.charts.setting import Setting
from wom_sim.charts.style import FAINT, FAINT_INK, Look
from wom_sim.charts.typesetting import wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WORD = 0.95
"""Least width of a level that is a word, in inches."""
_FAR = 20.0
"""Ratio of the highest to the lowest level above which each step along is ten times more."""


class Along(NamedTuple):
    """The axis of a factor: its key, its name, where each of its levels is, what is written where."""

    parameter: str
    name: str
    places: Mapping[Any, float]
    words: Mapping[float, list[str]]
    named: bool

    @property
    def limits(self) -> tuple[float, float]:
        """Return the limits, with half a step beside words and beside a single level."""
        low, high = min(self.places.values()), max(self.places.values())
        pad = 0.5 if self.named or low == high else 0.04 * (high - low)
        return low - pad, high + pad


def along_of(rows: pd.DataFrame, room: float, setting: Setting) -> Along:
    """Return the axis of a factor: words in their order, or numbers, by tenfold steps where they lie far apart."""
    from matplotlib.ticker import MaxNLocator

    parameter, levels = str(rows["parameter"].iloc[0]), list(dict.fromkeys(rows["level"]))
    numbers, name = [number_of(level) for level in levels], factor_name(parameter, setting.words)

    if any(number is None for number in numbers):
        wide = max(room / len(levels) - 0.1, WORD - 0.1)
        said = {float(k): wrap(setting.level(parameter, level), wide, FAINT) for k, level in enumerate(levels)}
        return Along(parameter, name, {level: float(k) for k, level in enumerate(levels)}, said, named=True)
    known = [number for number in numbers if number is not None]
    low, high = min(known), max(known)
    log = low > 0.0 and high / low >= _FAR
    at = math.log10 if log else float
    if low == high:
        ticks = [low]
    elif log:
        tens = [10.0**k for k in range(math.ceil(at(low) - 1e-9), math.floor(at(high) + 1e-9) + 1)]
        ticks = tens if len(tens) > 2 else [low, high, *tens]
    else:
        inner = [float(t) for t in MaxNLocator(4).tick_values(low, high) if low <= t <= high]
        ticks = [inner[0], inner[-1], *inner[1:-1]] if inner else [low, high]
    said = {at(tick): [setting.level(parameter, tick)] for tick in dict.fromkeys(ticks)}
    places = {level: at(number) for level, number in zip(levels, known, strict=True)}
    return Along(parameter, name, places, said, named=False)


def number_of(level: Any) -> float | None:
    """Return a level as a number, None where it is a word."""
    try:
        value = float(level)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) and not isinstance(level, bool) else None


def upright(table: pd.DataFrame) -> tuple[tuple[float, float], list[float]]:
    """Return the limits of the upright axis, which hold zero, the means and their intervals, and its ticks."""
    names = [name for name in ("mean", "low", "high") if name in table]
    known = [float(v) for name in names for v in table[name] if math.isfinite(v)]
    return limits_of(min(0.0, *known), max(0.0, *known))


def limits_of(low: float, high: float) -> tuple[tuple[float, float], list[float]]:
    """Return limits that hold two values, with some room beyond what is not zero, and ticks."""
    from matplotlib.ticker import MaxNLocator

    if low == high:
        return (-1.0, 1.0), [0.0]
    pad = 0.06 * (high - low)
    limits = (low - pad if low else low, high + pad if high else high)
    ticks = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(*limits)
    return limits, [float(t) for t in ticks if limits[0] <= t <= limits[1]]


def draw_line(axes: Axes, rows: pd.DataFrame, look: Look, shift: float | None) -> None:
    """Draw one policy: a line with a band; where levels are words, points with bars, moved aside by ``shift``."""
    at, mean, low, high = (rows[name].to_numpy(float) for name in ("at", "mean", "low", "high"))
    known = (low == low) & (high == high)
    point: Any = {"marker": look.marker, "markersize": 6.0, "markeredgecolor": look.ink, "color": look.colour}
    if shift is None:
        if known.any():
            axes.fill_between(at, low, high, where=known, color=look.colour, alpha=0.16, linewidth=0.0)
        axes.plot(at, mean, linestyle=look.line, linewidth=2.2, zorder=3, clip_on=False, **point)
        return
    for x, lowest, highest in zip(at[known] + shift, low[known], high[known], strict=True):
        axes.plot([x, x], [lowest, highest], color=look.colour, linewidth=4.0, alpha=0.5, solid_capstyle="butt")
    axes.plot(at + shift, mean, linestyle="none", zorder=3, clip_on=False, **point)


def name_levels(axes: Axes, along: Along) -> None:
    """Write the levels below a panel: words in their places, numbers as ticks."""
    if not along.named:
        tick_words(axes, list(along.words), lambda at: along.words[at][0])
        return
    box = box_of(axes)
    axes.set_xticks([])
    for at, lines in along.words.items():
        write(box.figure, (inches(axes, at, 0.0)[0], box.bottom - 0.06), lines, FAINT, "centre top")


def mark_zero(axes: Axes) -> None:
    """Draw a line at zero where the panel reaches below it."""
    if axes.get_ylim()[0] < 0.0:
        axes.axhline(0.0, color=FAINT_INK, linewidth=1.2, zorder=1)
