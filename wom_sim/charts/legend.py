"""A line of samples with their names, for marks that cannot be labelled where they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.page import write
from wom_sim.charts.style import PLAIN, Face, Look
from wom_sim.charts.typesetting import line_height, text_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SAMPLE, _GAP = 0.42, 0.3


class Sample(NamedTuple):
    """A mark and what it stands for; ``lined``: with a piece of line."""

    text: str
    look: Look
    lined: bool = True
    face: Face = PLAIN


def legend_height(samples: Sequence[Sample], room: float) -> float:
    """Return the height in inches that the samples take in lines of this width."""
    return (max(line for line, _ in _places(samples, room)) + 1) * line_height() + 0.08 if samples else 0.0


def draw_legend(figure: Figure, at: tuple[float, float], room: float, samples: Sequence[Sample]) -> None:
    """Draw the samples from a point (its left and top) in inches, in as many lines as they need."""
    from matplotlib.lines import Line2D

    across, up = figure.get_size_inches()
    for sample, (line, start) in zip(samples, _places(samples, room), strict=True):
        x, y = at[0] + start, at[1] - (line + 0.5) * line_height()
        look: Any = {"color": sample.look.colour, "marker": sample.look.marker, "markeredgecolor": sample.look.ink}
        style: Any = sample.look.line if sample.lined else "none"
        ends = [x / across, (x + _SAMPLE / 2) / across, (x + _SAMPLE) / across]
        mark: Any = {"linestyle": style, "linewidth": 2.2, "markersize": 6.5, "markevery": [1]}
        figure.add_artist(Line2D(ends, [y / up] * 3, **look, **mark))
        write(figure, (x + _SAMPLE + 0.07, y), sample.text, sample.face, "left centre")


def _places(samples: Sequence[Sample], room: float) -> list[tuple[int, float]]:
    """Return for each sample its line and where on the line it starts."""
    places: list[tuple[int, float]] = []
    line, start = 0, 0.0
    for sample in samples:
        width = _SAMPLE + 0.07 + text_width(sample.text, sample.face)
        if start > 0.0 and start + width > room:
            line, start = line + 1, 0.0
        places.append((line, start))
        start += width + _GAP
    return places
