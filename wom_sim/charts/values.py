"""The level axis of a panel that shows values of any size around zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.page import Box, box_of
from wom_sim.charts.panels import tick_words
from wom_sim.charts.scales import FAR_APART, even_step, set_scale, sizes, tenfold_from, tenfold_ticks
from wom_sim.charts.style import FAINT, FAINT_INK
from wom_sim.charts.typesetting import text_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKS = (8, 6, 5, 4, 3, 2)
"""Marks of an axis, about, from the most to the least that are tried."""
_BETWEEN = 0.16
"""Room between the words of two marks, in inches."""


def even_ticks(low: float, high: float, box: Box, say: Callable[[float], str]) -> list[float]:
    """Return zero and marks at even steps, as many as have room for their words; zero and the ends come first."""
    room = (box.right - box.left) / (high - low)
    for marks in _MARKS:
        step = even_step((high - low) / marks)
        ticks = [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
        if max(text_width(say(tick), FAINT) for tick in ticks) + _BETWEEN <= step * room:
            break
    return sorted(ticks, key=lambda tick: (tick != 0.0, -abs(tick), -tick))


def value_axis(axes: Axes, values: Sequence[float], say: Callable[[float], str], *, plain: bool = False) -> bool:
    """Set limits that hold zero and every value, write a few ticks, draw zero; return whether steps are tenfold.

    Steps become tenfold when sizes lie far apart, unless ``plain``. Missing values are passed over.
    """
    known = [0.0, *(float(v) for v in values if math.isfinite(v))]
    low, high = min(known), max(known)
    far = sizes(known)
    threshold = None
    if not plain and len(far) > 1 and far[-1] > FAR_APART * far[0] and far[-1] > FAR_APART * far[len(far) // 4]:
        threshold = tenfold_from(far[len(far) // 4], far[-1])
        low, high = min(2.0 * low, -threshold), max(2.0 * high, threshold)
        ticks = sorted(tenfold_ticks(low, high, threshold, 40), key=lambda t: (t != 0.0, -abs(t), -t))
    else:
        pad = 0.08 * (high - low) or 1.0
        low, high = low - pad, high + pad
        ticks = even_ticks(low, high, box_of(axes), say)
    set_scale(axes, "x", (low, high), threshold, str)
    axes.axvline(0.0, color=FAINT_INK, linewidth=1.4, zorder=1)
    tick_words(axes, ticks, say)
    return threshold is not None
