"""Places of a chart that say their value when they are pointed at: rectangles of the page, each with its text.

A picture is drawn once; a page lays these over it. Whoever saves a chart as a file does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from wom_sim.charts.page import box_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Spot(NamedTuple):
    """A rectangle, from the upper left corner of the page in shares of its width and height, and what it says."""

    left: float
    top: float
    width: float
    height: float
    text: str


_OF: WeakKeyDictionary[Figure, list[Spot]] = WeakKeyDictionary()


def add_spot(axes: Axes, across: tuple[float, float], up: tuple[float, float], text: str) -> None:
    """Let a part of some axes say a text: from left to right, and from bottom to top, in inches of the page."""
    figure = box_of(axes).figure
    width, height = map(float, figure.get_size_inches())
    (left, right), (bottom, top) = across, up
    spot = Spot(left / width, 1.0 - top / height, (right - left) / width, (top - bottom) / height, text)
    _OF.setdefault(figure, []).append(spot)


def spots_of(figure: Figure) -> list[Spot]:
    """Return what a figure says where it is pointed at; nothing of a chart that has no such places."""
    return list(_OF.get(figure, ()))
