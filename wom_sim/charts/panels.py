"""Many small panels on one page, in rows and columns, with shared names at the left of each row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts.page import MARGIN, Page, Texts, box_of, inches, open_page, write
from wom_sim.charts.setting import Setting
from wom_sim.charts.style import FAINT
from wom_sim.charts.typesetting import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP = 0.28
_SPILL = 0.34 * GAP


class Opening(NamedTuple):
    """What a page of panels begins with."""

    texts: Texts
    setting: Setting


@dataclass(frozen=True)
class Grid:
    """Where the panels are, in inches: the first one's left and top, and the size of each."""

    page: Page
    columns: int
    left: float
    top: float
    width: float
    height: float

    @property
    def figure(self) -> Figure:
        """Return the figure of the page."""
        return self.page.figure

    def corner(self, panel: int) -> tuple[float, float]:
        """Return the left and the top of a panel; panels are numbered from 0 along the rows."""
        row, column = divmod(panel, self.columns)
        return self.left + column * (self.width + GAP), self.top - row * self.height


def lay_out(
    opening: Opening, panels: int, names: float, narrowest: float, lowest: float, highest: float = math.inf,
    low: bool = False,
) -> Grid:
    """Return the smallest page on which the panels fit.

    Parameters
    ----------
    opening
        Title and notes of the page, and the setting in which it is drawn.
    panels
        How many.
    names
        Width of the names at the left of each row of panels, inches.
    narrowest, lowest
        Least width and height of a panel with all that belongs to it, inches.
    highest
        Height that a panel makes use of: where a row has more, there is another row if it fits.
    low
        Whether a column may be lower than a slide, as for few rows; see ``open_page``.
    """

    def room(page: Page) -> float:
        return page.width - 2 * MARGIN - names

    def columns_of(page: Page) -> int:
        most = max(1, int((room(page) + GAP) / (narrowest + GAP)))
        rows, height = math.ceil(panels / most), page.top - page.bottom
        while rows < panels and height / rows > highest and (rows + 1) * lowest <= height:
            rows += 1
        return math.ceil(panels / rows)

    def fits(page: Page) -> bool:
        rows = math.ceil(panels / columns_of(page))
        return room(page) >= narrowest and rows * lowest <= page.top - page.bottom

    page = open_page(opening.texts, opening.setting, fits, low)
    columns = columns_of(page)
    width = (room(page) - (columns - 1) * GAP) / columns
    height = (page.top - page.bottom) / math.ceil(panels / columns)
    return Grid(page, columns, MARGIN + names, page.top, width, height)


def tick_words(axes: Axes, ticks: Sequence[float], say: Callable[[float], str]) -> None:
    """Write ticks below a panel, the most important first: within a third of a gap, none where they collide."""
    box = box_of(axes)
    taken: list[tuple[float, float]] = []
    shown = []
    for tick in ticks:
        width = text_width(say(tick))
        start = between(inches(axes, tick, 0.0)[0] - width / 2, box.left - _SPILL, box.right + _SPILL - width)
        if any(start < other_end + 0.1 and other < start + width + 0.1 for other, other_end in taken):
            continue
        taken.append((start, start + width))
        shown.append(tick)
        write(box.figure, (start, box.bottom - 0.04), say(tick), FAINT)
    axes.set_xticks(shown, labels=[""] * len(shown))
    axes.set_xticks([], minor=True)


def between(value: float, low: float, high: float) -> float:
    """Return a value moved into [low, high]; ``low`` when there is no such place."""
    return max(low, min(value, high))
