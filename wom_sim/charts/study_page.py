"""The page of a study's chart: the finding, what it was found in, one or more panels side by side, how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts.labels import spread
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, GRID, TEXT, TITLE, Face, Look
from wom_sim.charts.typesetting import line_height, text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 10.0, 5.6
_MARGIN, _DPI, _TALLEST = 0.3, 150, 40
_GAP = 0.35


class Saying(NamedTuple):
    """What a page says: the finding, what it was found in, how to read the chart."""

    title: str
    note: str = ""
    foot: str = ""


class Room(NamedTuple):
    """What the panels need beside themselves, inches: left and right of them, below; and how high they must be."""

    left: float = 0.9
    right: float = 0.3
    below: float = 0.65
    least: float = 2.2


def open_figure(saying: Saying, panels: Sequence[str], room: Room) -> tuple[Figure, list[Axes]]:
    """Return a figure of 10 x 5.6 inches, or higher where the panels need it, and axes for each panel's heading."""
    from matplotlib.figure import Figure

    wide = WIDTH - 2 * _MARGIN
    title, note, foot = (
        wrap(text, wide, face) if text else []
        for text, face in zip(saying, (TITLE, FAINT, FAINT), strict=True)
    )  # fmt: skip
    above = 0.22 + len(title) * line_height(TITLE) + len(note) * line_height(FAINT) + 0.2
    under = 0.2 + len(foot) * line_height(FAINT) + room.below
    heading = 0.3 if any(panels) else 0.05
    height = min(max(HEIGHT, above + heading + room.least + under), float(_TALLEST))
    figure = Figure(figsize=(WIDTH, height), dpi=_DPI, facecolor="white")
    _write(figure, _MARGIN, height - 0.22, title, TITLE)
    _write(figure, _MARGIN, height - 0.22 - len(title) * line_height(TITLE) - 0.04, note, FAINT)
    _write(figure, _MARGIN, 0.16 + len(foot) * line_height(FAINT), foot, FAINT)
    each = (wide - room.left - room.right - (len(panels) - 1) * _GAP) / len(panels)
    axes = []
    for number, name in enumerate(panels):
        left = _MARGIN + room.left + number * (each + _GAP)
        size = (left / WIDTH, under / height, each / WIDTH, (height - above - heading - under) / height)
        axes.append(figure.add_axes(size, facecolor="none"))
        lines = wrap(name, each, BOLD)[:1] if name else []
        _write(figure, left, height - above, lines, BOLD)
    return figure, axes


def _write(figure: Figure, x: float, y: float, lines: Sequence[str], face: Face) -> None:
    """Write lines below a point given in inches."""
    width, height = figure.get_size_inches()
    for number, line in enumerate(lines):
        figure.text(
            x / width, (y - number * line_height(face) - 0.93 * face.size / 72.0) / height, line, fontsize=face.size,
            fontweight="bold" if face.bold else "normal", color=face.ink, parse_math=False, va="baseline",
        )  # fmt: skip


def plain(axes: Axes, grid: str) -> None:
    """Leave of the frame a light grid along one axis, "x", "y" or "both"."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(visible=True, axis="x" if grid == "x" else "y" if grid == "y" else "both", color=GRID, linewidth=1.0)
    axes.tick_params(which="both", length=0.0, labelsize=TEXT, labelcolor=FAINT_INK)


def label_ends(
    axes: Axes, ends: Mapping[str, float], names: Mapping[str, list[str]], looks: Mapping[str, Look]
) -> None:
    """Write each line's name at the right of the axes, level with its end or as near as the others allow."""
    figure = axes.figure
    width, height = figure.get_size_inches()  # type: ignore[union-attr]
    box = axes.get_position()
    at = {name: axes.transData.transform((axes.get_xlim()[1], y))[1] / _DPI for name, y in ends.items()}
    heights = [len(names[name]) * line_height(BOLD) + 0.04 for name in ends]
    centres = spread([at[n] for n in ends], heights, box.y0 * height - 0.1, box.y1 * height + 0.25)
    for name, centre in zip(ends, centres, strict=True):
        top = centre + len(names[name]) * line_height(BOLD) / 2
        _write(figure, box.x1 * width + 0.12, top, names[name], Face(TEXT, True, looks[name].ink))  # type: ignore[arg-type]


def short(key: str) -> str:
    """Return a key of the scenario short enough for an axis: its last two parts, in words.

    >>> short("behaviour.leaving.beta"), short('policies."letter, 300 days".per_day')
    ('leaving: beta', 'letter, 300 days: per day')
    """
    parts = [part.strip('"') for part in key.split(".")]
    return ": ".join(part.replace("_", " ") for part in parts[-2:])


def widest(names: Sequence[str], face: Face = FAINT) -> float:
    """Return the width of the widest of some names, inches."""
    return max((text_width(name, face) for name in names), default=0.0)
