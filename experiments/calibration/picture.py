"""Draw the patterns: target band and what was obtained, a small scale of its own for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pattern_runs import HOLDS, REPORTED, Row

from wom_sim.charts.page import DPI, MARGIN, finish, place, write
from wom_sim.charts.save import png_bytes
from wom_sim.charts.style import BAD, BETTER_SIDE, BOLD, FAINT, GOOD, INK, OKABE_ITO, TITLE, readable
from wom_sim.charts.typesetting import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _ROW, _TOP, _FOOT = 13.6, 0.36, 1.05, 0.55
_NAME, _SCALE, _WORDS = 5.0, 3.4, 4.1
_COLOUR = {HOLDS: GOOD, REPORTED: OKABE_ITO["blue"]}
DEFAULTS = (
    "The patterns that the defaults were calibrated to",
    "Band: target. Point and bar: obtained, with its interval. Each row has a scale of its own, from 0.",
    "Blue: reported, not judged. Bold: missed. Figures of docs/VALIDATION.md and docs/NEWS.md.",
)
DRAWS = (
    "The patterns over draws of what nobody knows",
    "Band: target. Point: mean over the draws; bar: nine of ten draws. Each row has a scale of its own, from 0.",
    "Blue: reported, not judged. Bold: the mean misses. Figures of docs/POSTERIOR.md.",
)
"""Title, what is to be seen, and footnote: at the defaults, and over draws."""


def draw(rows: Sequence[Row], path: str | Path, words: tuple[str, str, str] = DEFAULTS) -> None:
    """Write the picture of a report as a PNG."""
    Path(path).write_bytes(png_bytes(figure(rows, words)))


def figure(rows: Sequence[Row], words: tuple[str, str, str] = DEFAULTS) -> Figure:
    """Return the picture of a report, a line a row; ``words``: title, what is to be seen, footnote."""
    from matplotlib.figure import Figure

    height = _TOP + _ROW * len(rows) + _FOOT
    page = Figure(figsize=(_WIDTH, height), dpi=DPI, facecolor="white")
    write(page, (MARGIN, height - 0.2), words[0], TITLE)
    write(page, (MARGIN, height - 0.6), words[1], FAINT)
    write(page, (MARGIN, 0.14), words[2], FAINT, "left bottom")
    for k, row in enumerate(rows):
        middle = height - _TOP - _ROW * (k + 0.5)
        write(page, (MARGIN, middle), row.pattern, anchor="left centre")
        axes = place(page, MARGIN + _NAME, middle - 0.13, _SCALE, 0.26)
        _scale(axes, row)
        obtained = wrap(row.obtained, _WORDS)
        face = BOLD if row.verdict not in (HOLDS, REPORTED) else FAINT
        write(page, (MARGIN + _NAME + _SCALE + 0.25, middle), obtained[0], face, "left centre")
    return finish(page)


def _scale(axes: Axes, row: Row) -> None:
    """Draw the target as a band, and the value with its interval upon it."""
    known = [x for x in (row.value, row.low, row.high, row.least, row.most) if math.isfinite(x)]
    most = 1.15 * max(map(abs, known), default=1.0) or 1.0
    colour = readable(_COLOUR.get(row.verdict, BAD))
    if math.isfinite(row.least):
        axes.axvspan(max(0.0, row.least), row.most, color=BETTER_SIDE if row.verdict != REPORTED else "#DCE9F2", lw=0)
    if math.isfinite(row.low):
        axes.plot([max(0.0, row.low), row.high], [0, 0], color=colour, linewidth=2.5, solid_capstyle="butt")
    axes.plot([row.value], [0], marker="o", color=colour, markersize=7, clip_on=False)
    axes.axvline(0.0, color=INK, linewidth=1.0)
    axes.set(xlim=(0.0, most), ylim=(-1, 1), xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_visible(False)
