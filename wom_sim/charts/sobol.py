"""Which share of the variance each factor makes, alone and together with others: bars, a panel a policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import wom_sim.charts.study_page as sheet
from wom_sim.charts.study_page import Room, Saying
from wom_sim.charts.style import FAINT_INK, TEXT, Look
from wom_sim.charts.tables import check, looks_for

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "factor", "first", "first_low", "first_high", "total", "total_low", "total_high")
HOW = (
    "Full bar: share of the variance that the factor makes alone. Pale bar: with its interplay with others as well. "
    "Lines: 95 % intervals."
)
_MOST = 16
_ROW = 0.34


def draw(table: pd.DataFrame, title: str = "", note: str = "", order: Sequence[str] = ()) -> Figure:
    """Return bars of first and total order for one output, the largest total first.

    Parameters
    ----------
    table
        Columns policy, factor; first, total: shares; first_low, first_high, total_low, total_high: intervals.
    title
        The finding; made from the table if absent.
    note
        What it was found in.
    order
        Policies in the order that fixes their colours; default: as they appear.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a share is missing, or two rows share policy and factor.
    """
    check(table, COLUMNS, ("policy", "factor"), finite=("first", "total"))
    looks = looks_for(table, order)
    largest = table.groupby("factor", sort=False)["total"].max().sort_values(ascending=False, kind="stable")
    factors = list(largest.index[:_MOST])
    names = [sheet.short(str(factor)) for factor in factors]
    left_out = f" Of {len(largest)} factors the {_MOST} largest." if len(largest) > _MOST else ""
    saying = Saying(title or finding(table), note, HOW + left_out)
    room = Room(left=sheet.widest(names) + 0.1, right=0.1, below=0.55, least=_ROW * len(factors))
    figure, panels = sheet.open_figure(saying, [p[:1].upper() + p[1:] for p in looks], room)
    for number, ((policy, look), axes) in enumerate(zip(looks.items(), panels, strict=True)):
        rows = table[table["policy"] == policy].set_index("factor").reindex(factors)
        _draw_bars(axes, rows, look)
        axes.set_yticks(range(len(factors)), labels=names if number == 0 else [""] * len(factors))
    return figure


def finding(table: pd.DataFrame) -> str:
    """Return the chart's title: the factor that makes most of the variance, and how much of it.

    Of several policies, the one for which a factor makes most.
    """
    row = table.loc[table["total"].idxmax()]
    name = sheet.short(str(row["factor"]))
    return f"{name[:1].upper()}{name[1:]} makes {100 * row['first']:.0f} % of the variance alone"


def _draw_bars(axes: Axes, rows: pd.DataFrame, look: Look) -> None:
    """Draw a policy's bars from the top down."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    sheet.plain(axes, "x")
    places = range(len(rows))
    axes.barh(places, rows["total"].clip(lower=0.0), 0.68, color=look.colour, alpha=0.28)
    axes.barh(places, rows["first"].clip(lower=0.0), 0.34, color=look.colour)
    for place, (_, row) in zip(places, rows.iterrows(), strict=True):
        axes.plot([row["total_low"], row["total_high"]], [place + 0.25] * 2, color=FAINT_INK, linewidth=1.4)
        axes.plot([row["first_low"], row["first_high"]], [place] * 2, color=look.ink, linewidth=1.4)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), max(axes.get_xlim()[1], 0.1))
    axes.axvline(0.0, color=FAINT_INK, linewidth=1.2)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f} %"))
    axes.set_xlabel("share of the variance", fontsize=TEXT, color=FAINT_INK)
