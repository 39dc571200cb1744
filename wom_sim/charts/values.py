"""The level axis of a panel that shows values of any size around zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.panels import tick_words
from wom_sim.charts.scales import FAR_APART, set_scale, sizes, step_below, tenfold_from, tenfold_ticks
from wom_sim.charts.style import FAINT_INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
        longer, shorter = (high, low) if high >= -low else (low, high)
        ticks = [0.0, math.copysign(step_below(0.95 * abs(longer)), longer)]
        ticks.append(math.copysign(step_below(0.95 * abs(shorter)), shorter))
        ticks.append(math.copysign(step_below(0.45 * abs(longer)), longer))
    set_scale(axes, "x", (low, high), threshold, str)
    axes.axvline(0.0, color=FAINT_INK, linewidth=1.4, zorder=1)
    tick_words(axes, ticks, say)
    return threshold is not None
