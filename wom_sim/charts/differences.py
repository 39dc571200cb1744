"""How each policy differs from keeping everyone, indicator by indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.difference_panel import STEPS, draw_panel, tenfold_threshold
from wom_sim.charts.page import Words, box_of, finish, place, write
from wom_sim.charts.panels import lay_out
from wom_sim.charts.style import BOLD, KEEP, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, text_width, wrap
from wom_sim.charts.words import SHARES, currency_of, policy_name, sentence, signed_quantity

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "indicator", "label", "unit", "better", "mean", "low", "high", "p05", "p95")
BETTER = ("less", "more", "")

_NARROWEST, _ROW, _BELOW = 1.75, 0.5, 0.5
_WIDEST_NAME = 1.9


def draw(table: pd.DataFrame, title_note: str = "", order: Sequence[str] = (), currency: str = "USD") -> Figure:
    """Return small multiples: a panel an indicator, a row a policy, the difference to ``keep`` with ranges.

    Parameters
    ----------
    table
        Columns policy; indicator; label (its name in words); unit ("currency" or a code such as "EUR",
        "share", or words); better ("less", "more" or ""); mean difference; low, high: its 95 % interval; p05,
        p95: the 5 to 95 % range over replications. Ranges are missing when there is one replication.
    title_note
        What is written below the title: scenario, number of replications.
    order
        Policies in the order that fixes their colours; default: as they appear in the table.
    currency
        ISO code of indicators whose unit is "currency".

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, ``better`` is another word, or two rows share policy and
        indicator.
    """
    check(table, COLUMNS, ("policy", "indicator"))
    for better in dict.fromkeys(table["better"]):
        if better not in BETTER:
            raise ValueError(f"column 'better' holds '{better}'; allowed: {', '.join(map(repr, BETTER))}")
    panels = [rows for _, rows in table.groupby("indicator", sort=False)]
    words = Words(finding(panels[0], currency), title_note, how_to_read(panels))
    return _draw_page(panels, looks_for(table, order), words, currency)


def finding(rows: pd.DataFrame, currency: str) -> str:
    """Return the chart's title: what the best and the worst policy do to one indicator, that of ``rows``."""
    label, unit = sentence(str(rows["label"].iloc[0])), str(rows["unit"].iloc[0])
    known = rows[(rows["policy"].astype(str) != KEEP) & rows["mean"].notna()]
    if len(known) == 0 or (known["mean"] == 0.0).all():
        return f"{label}: no difference to keeping everyone"
    known = known.sort_values("mean", ascending=str(rows["better"].iloc[0]) == "less", kind="stable")
    ends = known.iloc[[0]] if len(known) == 1 else known.iloc[[0, -1]]
    parts = [
        f"{policy_name(policy)} {signed_quantity(mean, unit, currency)}"
        for policy, mean in zip(ends["policy"], ends["mean"], strict=True)
    ]
    return f"{label} against keeping everyone: {', '.join(parts)}"


def how_to_read(panels: Sequence[pd.DataFrame]) -> str:
    """Return what the marks mean, for those that the panels have."""
    parts = ["Point: mean difference to keeping everyone."]
    if any(rows["low"].notna().any() for rows in panels):
        parts.append("Thick: its 95 % interval.")
    if any(rows["p05"].notna().any() for rows in panels):
        parts.append("Thin: 5 to 95 % of the replications.")
    if any((rows["better"] != "").any() for rows in panels):
        parts.append("Green side: better for the firm.")
    if any(tenfold_threshold(rows) is not None for rows in panels):
        parts.append(f"{sentence(STEPS)}: each step outwards is ten times more.")
    return " ".join(parts)


def _draw_page(panels: Sequence[pd.DataFrame], looks: Mapping[str, Look], words: Words, currency: str) -> Figure:
    """Return the page with a panel for each indicator."""
    names = {p: wrap(sentence(policy_name(p)), _WIDEST_NAME, BOLD) for p in looks}
    headings = [_heading(rows, currency) for rows in panels]
    row = max(_ROW, max(map(len, names.values())) * line_height() + 0.1)
    above = max(map(len, headings)) * line_height() + 0.08
    widest = max(text_width(line, BOLD) for name in names.values() for line in name) + 0.25
    grid = lay_out(words, len(panels), widest, _NARROWEST, above + row * len(looks) + _BELOW)
    high = min(grid.height - above - _BELOW, 1.9 * row * len(looks))
    for index, (rows, heading) in enumerate(zip(panels, headings, strict=True)):
        left, top = grid.corner(index)
        write(grid.figure, (left, top - above + 0.08), heading, BOLD, "left bottom")
        axes = place(grid.figure, left, top - above - high, grid.width, high)
        draw_panel(axes, rows, looks, currency)
        if index % grid.columns == 0:
            _write_names(axes, names, looks)
    return finish(grid.figure)


def _heading(rows: pd.DataFrame, currency: str) -> list[str]:
    """Return a panel's heading: the indicator and, unless label or numbers say so, its unit."""
    label, unit = str(rows["label"].iloc[0]), str(rows["unit"].iloc[0])
    said = currency_of(unit, currency) is not None or unit in (*SHARES, "", "people") or unit in label
    return wrap(sentence(label) + ("" if said else f" ({unit})"), _NARROWEST, BOLD)


def _write_names(axes: Axes, names: Mapping[str, list[str]], looks: Mapping[str, Look]) -> None:
    """Write the policies at the left of a row of panels."""
    box = box_of(axes)
    pitch = (box.top - box.bottom) / len(names)
    for i, (policy, lines) in enumerate(names.items()):
        face = Face(bold=True, ink=looks[policy].ink)
        at = (box.left - 0.25, box.top - (i + 0.5) * pitch)
        write(box.figure, at, lines, face, "right centre")
