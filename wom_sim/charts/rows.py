"""Rows with their names at the left, in one panel or several side by side, with a column of numbers in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts.page import box_of, inches, place, price, write
from wom_sim.charts.panels import Opening, lay_out
from wom_sim.charts.setting import NARROW
from wom_sim.charts.style import BOLD, PLAIN, Face, quiet
from wom_sim.charts.typesetting import line_height, text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAME_WIDTHS = (4.2, 3.4, 2.0)
_GAP = 0.18
_NARROWEST = 1.6
"""Width of a panel, in inches, at which bars and dots can still be told apart; a narrow page asks for no more."""


class Named(NamedTuple):
    """A name and how it is written: that of a row, or the heading of a panel."""

    text: str
    face: Face = PLAIN


class Plan(NamedTuple):
    """What each panel needs, in inches: least width, width of its numbers, height below it, least and most of a row.

    ``above``: least height above it, for what a chart writes there itself.
    """

    narrowest: float = 1.6
    numbers: float = 0.0
    below: float = 0.35
    row: float = 0.34
    tallest: float = 0.62
    above: float = 0.0


def row_page(
    opening: Opening, names: Sequence[Named], headings: Sequence[Named], plan: Plan
) -> tuple[Figure, list[Axes]]:
    """Return the smallest page with a panel for each heading, and the axes: row ``i`` is at ``i + 0.5``."""
    narrow = opening.setting.size == NARROW
    least = (min(plan.narrowest, _NARROWEST) if narrow else plan.narrowest) + plan.numbers
    headed = [wrap(heading.text, least, heading.face) for heading in headings]
    above = max(max(len(lines) for lines in headed) * line_height() + 0.06, plan.above)
    tries = []
    for room in _NAME_WIDTHS:
        wrapped = [wrap(name.text, room, name.face) for name in names]
        pitch = max(plan.row, max(map(len, wrapped)) * line_height() + 0.08)
        widest = max(text_width(line, BOLD) for lines in wrapped for line in lines) + _GAP
        grid = lay_out(opening, len(headings), widest, least, above + pitch * len(names) + plan.below, low=True)
        tries.append((price(grid.page.width, grid.page.top), wrapped, pitch, grid))
    _, wrapped, pitch, grid = min(tries, key=lambda each: each[0])
    high = min(grid.height - above - plan.below, max(pitch, plan.tallest) * len(names))
    panels = []
    for index, lines in enumerate(headed):
        left, top = grid.corner(index)
        write(grid.figure, (left, top - above + 0.06), lines, headings[index].face, "left bottom")
        axes = place(grid.figure, left, top - above - high, grid.width - plan.numbers, high)
        quiet(axes, "x")
        axes.set_ylim(len(names), 0.0)
        axes.set_yticks([])
        panels.append(axes)
        if index % grid.columns == 0:
            for row, (name, text) in enumerate(zip(names, wrapped, strict=True)):
                at = (grid.left - _GAP, top - above - (row + 0.5) * high / len(names))
                write(grid.figure, at, text, name.face, "right centre")
    return grid.figure, panels


def write_number(axes: Axes, row: float, text: str, plan: Plan, face: Face = PLAIN) -> None:
    """Write a row's number in the column at the right of its panel."""
    box = box_of(axes)
    at = (box.right + plan.numbers, inches(axes, 0.0, row)[1])
    write(box.figure, at, text, face, "right centre")


def numbers_width(texts: Sequence[str], face: Face = PLAIN) -> float:
    """Return the width in inches of a column that holds all these texts."""
    return max((text_width(text, face) for text in texts), default=0.0) + 0.15
