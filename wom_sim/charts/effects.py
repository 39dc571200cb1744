"""Response curves: an output along one factor, a line a policy, with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.study_page import Room, Saying, label_ends, open_figure, plain, widest
from wom_sim.charts.style import BOLD, FAINT_INK, TEXT, Look
from wom_sim.charts.tables import check, looks_for, policies_in
from wom_sim.charts.typesetting import wrap
from wom_sim.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "level", "mean", "low", "high")
_LABEL = 2.2
_FAR = 20.0
"""Ratio of the highest to the lowest level above which each step along is ten times more."""


def draw(
    table: pd.DataFrame,
    saying: Saying,
    along: str,
    up: str,
    order: Sequence[str] = (),
) -> Figure:
    """Return the curve of each policy over the levels of a factor.

    Parameters
    ----------
    table
        Columns policy; level: a number or a word; mean; low, high: its interval (missing where there is none).
    saying
        The finding, what it was found in, how to read it.
    along, up
        What the axes show, with units.
    order
        Policies in the order that fixes their colours; default: as they appear.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a mean is missing, or two rows share policy and level.
    """
    check(table, COLUMNS, ("policy", "level"), finite=("mean",))
    looks = looks_for(table, order)
    names = {p: wrap(p[:1].upper() + p[1:], _LABEL, BOLD) for p in policies_in(table)}
    right = widest([line for lines in names.values() for line in lines], BOLD) + 0.25
    figure, (axes,) = open_figure(saying, [up], Room(left=0.85, right=right))
    levels = list(dict.fromkeys(table["level"]))
    words = not all(isinstance(level, int | float) or hasattr(level, "dtype") for level in levels)
    places = {level: float(k) if words else float(level) for k, level in enumerate(levels)}
    ends = {}
    for number, (policy, look) in enumerate(looks.items()):
        rows = table[table["policy"] == policy].assign(at=lambda t: t["level"].map(places)).sort_values("at")
        shift = 0.08 * (number - (len(looks) - 1) / 2) if words else 0.0
        _draw_line(axes, rows, look, shift if words else None)
        ends[policy] = float(rows["mean"].iloc[-1])
    _scale(axes, list(places.values()), [str(level) for level in levels] if words else None)
    axes.set_xlabel(along, fontsize=TEXT, color=FAINT_INK)
    label_ends(axes, ends, names, looks)
    return figure


def _draw_line(axes: Axes, rows: pd.DataFrame, look: Look, shift: float | None) -> None:
    """Draw one policy: a line with a band; where levels are words, points with bars, moved aside by ``shift``."""
    at, mean, low, high = (rows[name].to_numpy(float) for name in ("at", "mean", "low", "high"))
    known = (low == low) & (high == high)
    point: Any = {"marker": look.marker, "markersize": 6.5, "markeredgecolor": look.ink, "color": look.colour}
    if shift is None:
        axes.fill_between(at, low, high, where=known, color=look.colour, alpha=0.16, linewidth=0.0)
        axes.plot(at, mean, linestyle=look.line, linewidth=2.4, zorder=3, **point)
        return
    for x, lowest, highest in zip(at[known] + shift, low[known], high[known], strict=True):
        axes.plot([x, x], [lowest, highest], color=look.colour, linewidth=4.0, alpha=0.5, solid_capstyle="butt")
    axes.plot(at + shift, mean, linestyle="none", zorder=3, **point)


def _scale(axes: Axes, places: Sequence[float], words: Sequence[str] | None) -> None:
    """Set ticks: words, plain numbers, or tenfold steps; and zero where the values come near it."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    plain(axes, "y")
    low, high = min(places), max(places)
    if words is not None:
        axes.set_xticks(places, labels=[word.replace("_", " ") for word in words])
        axes.set_xlim(low - 0.5, high + 0.5)
    elif low > 0.0 and high / low >= _FAR:
        axes.set_xscale("log")
        first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
        ticks = [10.0**k for k in range(first, last + 1)]
        axes.xaxis.set_major_locator(FixedLocator(ticks if len(ticks) > 2 else sorted({low, *ticks, high})))
        axes.xaxis.set_minor_locator(NullLocator())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(7))
    if words is None:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: Words().number(value)))
    bottom, top = axes.get_ylim()
    if 0.0 < bottom < 0.4 * top:
        axes.set_ylim(0.0, top)
    if axes.get_ylim()[0] < 0.0 < axes.get_ylim()[1]:
        axes.axhline(0.0, color=FAINT_INK, linewidth=1.2, zorder=1)
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: Words().number(value)))
