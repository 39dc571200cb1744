"""The look of every chart: one colour, line and marker for each policy, and quiet axes."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KEEP = "keep"
own_colours: ContextVar[tuple[str, ...]] = ContextVar("own_colours", default=())
"""Colours of a house that take the place of ours; set by ``house.house_colours``, read by ``palette`` alone."""
OKABE_ITO = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "bluish green": "#009E73",
    "reddish purple": "#CC79A7",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "black": "#000000",
    "yellow": "#F0E442",
}
GREY = "#808080"
INK = "#222222"
FAINT_INK = "#5A5A5A"
GRID = "#E4E4E4"
OTHERS = "#7A7A7A"
"""What is nobody's, or all others together: not the grey of ``keep``."""
GOOD = OKABE_ITO["bluish green"]
BAD = OKABE_ITO["vermillion"]
GAIN = OKABE_ITO["blue"]
BETTER_SIDE = "#D3EDE4"
OTHER_SIDE = "#F1F1F1"

TEXT = 11.5
"""Size of type in points at 10 x 5.6 inches; nothing is smaller."""

_LINES = ("-", (0, (5, 1.5, 1, 1.5)), (0, (1, 1.2)), (0, (7, 2, 2, 2)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
_CONTRAST = 4.5
"""Least contrast of text on white. Source: WCAG 2.1, level AA."""


@dataclass(frozen=True)
class Look:
    """How a policy looks in every chart: colour of lines and areas, line style, marker, colour of text."""

    colour: str
    line: str | tuple[int, tuple[float, ...]]
    marker: str
    ink: str


@dataclass(frozen=True)
class Face:
    """How a text looks: size in points, weight, colour."""

    size: float = TEXT
    bold: bool = False
    ink: str = INK


PLAIN = Face()
BOLD = Face(bold=True)
FAINT = Face(ink=FAINT_INK)
TITLE = Face(17.0, bold=True)


def palette(policies: Sequence[str]) -> dict[str, Look]:
    """Return the look of each policy, by the order given; ``keep`` is always grey and dashed.

    ``keep`` takes none of the colours, so that the others look the same with and without it. Policies beside
    each other differ in line and marker too, so that grey will do.

    Raises
    ------
    ValueError
        For more than 32 policies: two would look the same.

    >>> palette(["keep", "bulk_letter"])["bulk_letter"].colour
    '#0072B2'
    """
    others = [p for p in dict.fromkeys(policies) if p != KEEP]
    colours = list(own_colours.get() or OKABE_ITO.values())
    most = len(colours) * len(_LINES)
    if len(others) > most:
        raise ValueError(f"{len(others)} policies in one chart; at most {most} can be told apart")
    looks = {}
    for policy in dict.fromkeys(policies):
        if policy == KEEP:
            looks[policy] = Look(GREY, "--", "o", FAINT_INK)
            continue
        turn, index = divmod(others.index(policy), len(colours))
        colour = colours[index]
        line, marker = _LINES[(index + turn) % len(_LINES)], _MARKERS[(index + 2 * turn) % len(_MARKERS)]
        looks[policy] = Look(colour, line, marker, readable(colour))
    return looks


def shade(size: float) -> tuple[float, float, float]:
    """Return a colour from white (0) to blue (1, a gain) or vermillion (-1, a loss)."""
    end = GAIN if size > 0.0 else BAD
    full = [int(end[at : at + 2], 16) / 255.0 for at in (1, 3, 5)]
    weight = 0.15 + 0.85 * min(1.0, abs(size)) if size else 0.0
    red, green, blue = (1.0 - weight * (1.0 - channel) for channel in full)
    return red, green, blue


def paler(colour: str, share: float) -> str:
    """Return a colour (``#RRGGBB``) with a share of white.

    >>> paler("#0072B2", 0.5)
    '#80B9D9'
    """
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{int(c + (255 - c) * share + 0.5):02X}" for c in channels)


def readable(colour: str) -> str:
    """Return a colour (``#RRGGBB``), darkened until it can be read as text on white.

    >>> readable("#0072B2"), readable("#F0E442")
    ('#0072B2', '#7D7722')
    """
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    factor = 1.0
    while contrast_on_white("#" + "".join(f"{round(c * factor):02X}" for c in channels)) < _CONTRAST:
        factor -= 0.02
    return "#" + "".join(f"{round(c * factor):02X}" for c in channels)


def contrast_on_white(colour: str) -> float:
    """Return the contrast of a colour (``#RRGGBB``) on white, 1 to 21.

    Source: WCAG 2.1, relative luminance.

    >>> contrast_on_white("#000000"), contrast_on_white("#FFFFFF")
    (21.0, 1.0)
    """
    parts = [int(colour[at : at + 2], 16) / 255.0 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return round(1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05), 4)


def quiet(axes: Axes, grid: str) -> None:
    """Leave of the frame only a light grid along one axis, "x" or "y", and the tick labels."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(visible=False)
    axes.grid(visible=True, axis="x" if grid == "x" else "y", color=GRID, linewidth=1.0, linestyle="-")
    axes.tick_params(which="both", length=0.0, labelsize=TEXT, labelcolor=FAINT_INK)
