"""One policy's waterfall: each bar begins where the one before ended, and the net value begins at zero."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from wom_sim.charts.page import bar, box_of, inches, write
from wom_sim.charts.panels import tick_words
from wom_sim.charts.scales import step_below
from wom_sim.charts.setting import Setting
from wom_sim.charts.style import BAD, BOLD, FAINT_INK, GOOD, GRID, INK, Face, quiet, readable
from wom_sim.charts.typesetting import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HALF = 0.32
"""Half the thickness of a bar, in rows."""

_EDGE = 0.05


def running(amounts: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest point of a waterfall that starts at zero.

    >>> running([3.0, -8.0, 1.0])
    (-5.0, 3.0)
    """
    points = [0.0, *accumulate(amounts)]
    return min(points), max(points)


def numbers_width(amounts: Iterable[Sequence[float]], setting: Setting) -> float:
    """Return the width in inches of a column that holds all these amounts, and their sums."""
    numbers = [value for lines in amounts for value in (*lines, sum(lines))]
    return max(text_width(_signed(value, setting), BOLD) for value in numbers) + 0.1


def _signed(value: float, setting: Setting) -> str:
    return setting.words.signed_money(value, setting.currency, brief=True)


def draw_panel(
    axes: Axes, amounts: Sequence[float], span: tuple[float, float], numbers: float, setting: Setting
) -> None:
    """Draw a waterfall and its column of numbers.

    Parameters
    ----------
    axes
        Where the bars go; the numbers are written at its right.
    amounts
        The lines of the ledger from top to bottom, currency, without the net value.
    span
        The amounts at the left and right ends of the bars; holds zero.
    numbers
        Width of the column of numbers, inches.
    setting
        Language and currency.
    """
    last = len(amounts)
    box = box_of(axes)
    width = span[1] - span[0] or 1.0
    quiet(axes, "x")
    axes.set_xlim(span[0] - _EDGE * width, span[1] + _EDGE * width)
    axes.set_ylim(last + 0.5, -0.5)
    axes.set_yticks([])
    points = [0.0, *accumulate(amounts)]
    for row, (start, end) in enumerate(pairwise(points)):
        _draw_bar(axes, row, (start, end), GOOD if end > start else BAD)
        axes.plot([end, end], [row + _HALF, row + 1 - _HALF], color=FAINT_INK, linewidth=0.9, zorder=1)
    _draw_bar(axes, last, (0.0, points[-1]), INK)
    for row, amount in enumerate([*amounts, points[-1]]):
        ink = FAINT_INK if amount == 0.0 else readable(GOOD if amount > 0.0 else BAD)
        at = (box.right + numbers, inches(axes, 0.0, row)[1])
        write(box.figure, at, _signed(amount, setting), Face(bold=row == last, ink=ink), "right centre")
    across = (box.right + numbers - box.left) / (box.right - box.left)
    axes.axvline(0.0, color=FAINT_INK, linewidth=1.4, zorder=3)
    axes.axhline(last - 0.5, color=GRID, linewidth=1.5, xmax=across, clip_on=False)
    tick_words(axes, _ticks(span), lambda value: setting.words.money(value, setting.currency, brief=True))


def _draw_bar(axes: Axes, row: int, ends: tuple[float, float], colour: str) -> None:
    """Draw a bar in the middle of its row; however short, it shows; zero is only a line."""
    start, end = ends
    if start == end:
        axes.plot([end, end], [row - _HALF, row + _HALF], color=FAINT_INK, linewidth=0.9, zorder=1)
        return
    bar(axes, ends, row, 2 * _HALF, facecolor=colour, edgecolor=colour, linewidth=1.2)


def _ticks(span: tuple[float, float]) -> list[float]:
    """Return a plain amount on the longer side, which states the scale, and zero."""
    longer = max(span, key=abs)
    if longer == 0.0:
        return [0.0]
    return [math.copysign(step_below(abs(longer)), longer), 0.0]
