"""Screening by Morris: how much each factor matters, and how much that depends on where one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import wom_sim.charts.study_page as sheet
from wom_sim.charts.labels import spread
from wom_sim.charts.study_page import Room, Saying
from wom_sim.charts.style import FAINT_INK, TEXT, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height
from wom_sim.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "factor", "mu_star", "mu_star_low", "mu_star_high", "sigma", "sigma_low", "sigma_high")
HOW = (
    "Right: the factor matters more. Up: its effect depends more on the other factors, or is not straight. Below the "
    "line the effect is mostly the same everywhere. Bars: 95 % intervals."
)
_NAMED = 6


def draw(table: pd.DataFrame, title: str = "", note: str = "", order: Sequence[str] = ()) -> Figure:
    """Return the plane of mu* and sigma for one output, a panel a policy; the six largest factors are named.

    Parameters
    ----------
    table
        Columns policy, factor; mu_star, sigma and their intervals (mu_star_low, mu_star_high, ...).
    title
        The finding; made from the table if absent.
    note
        What it was found in.
    order
        Policies in the order that fixes their colours; default: as they appear.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share policy and factor.
    """
    check(table, COLUMNS, ("policy", "factor"), finite=("mu_star", "sigma"))
    looks = looks_for(table, order)
    figure, panels = sheet.open_figure(
        Saying(title or finding(table), note, HOW), [p[:1].upper() + p[1:] for p in looks], Room(least=3.0)
    )
    for number, ((policy, look), axes) in enumerate(zip(looks.items(), panels, strict=True)):
        _draw_plane(axes, table[table["policy"] == policy], look, first=number == 0)
    return figure


def finding(table: pd.DataFrame) -> str:
    """Return the chart's title: the factor that matters most, for the policy for which it does."""
    row = table.loc[table["mu_star"].idxmax()]
    name = sheet.short(str(row["factor"]))
    return f"{name[:1].upper()}{name[1:]} matters most"


def _draw_plane(axes: Axes, rows: pd.DataFrame, look: Look, first: bool) -> None:
    """Draw one policy's points, bars and names."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    sheet.plain(axes, "both")
    for row in rows.to_dict("records"):
        axes.plot([row["mu_star_low"], row["mu_star_high"]], [row["sigma"]] * 2, color=look.colour, alpha=0.5, lw=2.0)
        axes.plot([row["mu_star"]] * 2, [row["sigma_low"], row["sigma_high"]], color=look.colour, alpha=0.5, lw=2.0)
    axes.plot(rows["mu_star"], rows["sigma"], look.marker, color=look.colour, markeredgecolor=look.ink, markersize=7.0)
    most = 1.08 * max(float(rows[["mu_star_high", "sigma_high", "mu_star", "sigma"]].max().max()), 1e-12)
    axes.plot([0.0, most], [0.0, most], color=FAINT_INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlim(0.0, 1.5 * most)
    axes.set_ylim(0.0, most)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.set_major_formatter(FuncFormatter(lambda value, _: Words().number(value)))
    axes.set_xlabel("mean size of the effect, mu*", fontsize=TEXT, color=FAINT_INK)
    if first:
        axes.set_ylabel("spread of the effect, sigma", fontsize=TEXT, color=FAINT_INK)
    _name(axes, rows.sort_values("mu_star", ascending=False).head(_NAMED), look, most)


def _name(axes: Axes, rows: pd.DataFrame, look: Look, most: float) -> None:
    """Write names right of the points, moved apart where they would collide."""
    height = axes.get_position().height * axes.figure.get_size_inches()[1]  # type: ignore[union-attr]
    step = line_height() / height * most
    levels = spread(list(rows["sigma"].astype(float)), [step] * len(rows), 0.0, most)
    for row, level in zip(rows.to_dict("records"), levels, strict=True):
        name = sheet.short(str(row["factor"]))
        axes.annotate(
            name, (row["mu_star"], row["sigma"]), (row["mu_star_high"] + 0.03 * most, level), fontsize=TEXT,
            color=look.ink, va="center", parse_math=False,
            arrowprops={"arrowstyle": "-", "color": FAINT_INK, "linewidth": 0.6},
        )  # fmt: skip
