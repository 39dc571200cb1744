"""Axes for values of one size, and for values whose sizes lie far apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAR_APART = 50.0
"""Assumption: above this ratio the smaller of two lengths can no longer be read from a plain axis."""

_DECADES = 6
_NO_KINK = 0.9 / math.log(10.0)
"""Length of the plain part, in tenfold steps, at which lines do not bend where it ends."""

_PLAIN_STEPS = (1, 2, 5, 10)
_FINE_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)


def sizes(values: Iterable[float]) -> list[float]:
    """Return the sizes of the values that are neither zero nor missing, smallest first."""
    return sorted(abs(v) for v in values if math.isfinite(v) and v != 0.0)


def tenfold_from(smallest: float, largest: float) -> float:
    """Return the power of ten up to which an axis is plain, and beyond which each step is ten times more.

    >>> tenfold_from(12.0, 6_000.0), tenfold_from(0.001, 6_000_000.0)
    (10.0, 10.0)
    """
    return 10.0 ** max(math.floor(math.log10(smallest)), math.ceil(math.log10(largest)) - _DECADES)


def step_below(value: float) -> float:
    """Return the largest plain number that is not above a positive value.

    >>> step_below(17.5), step_below(50.0)
    (15.0, 50.0)
    """
    power = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return max(step * power for step in _FINE_STEPS if step * power <= value * (1.0 + 1e-12))


def even_step(value: float) -> float:
    """Return the least even step, 1, 2 or 5 times a power of ten, that is not below a positive value.

    >>> even_step(17.5), even_step(0.05), even_step(21.0)
    (20.0, 0.05, 50.0)
    """
    power = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return next(step * power for step in _PLAIN_STEPS if step * power >= value * (1.0 - 1e-12))


def tenfold_ticks(low: float, high: float, threshold: float, most: int) -> list[float]:
    """Return zero and the powers of ten within [low, high], at most about ``most`` of them.

    >>> tenfold_ticks(-20.0, 6_000.0, 10.0, 8)
    [-10.0, 0.0, 10.0, 100.0, 1000.0]
    """
    above = [threshold * 10.0**k for k in range(40) if threshold * 10.0**k <= high]
    below = [-threshold * 10.0**k for k in range(40) if threshold * 10.0**k <= -low]
    every = max(1, math.ceil((len(above) + len(below)) / most))
    return [*sorted(below[::-1][::every]), 0.0, *sorted(above[::-1][::every])]


def set_scale(
    axes: Axes,
    which: str,
    limits: tuple[float, float],
    threshold: float | None,
    say: Callable[[float], str],
) -> None:
    """Set the scale, limits and tick words of the "x" or "y" axis; ``threshold`` None means plain."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = limits
    if threshold is None:
        axis.set_major_locator(MaxNLocator(6, steps=list(_PLAIN_STEPS), integer=True))
    else:
        set_symlog = axes.set_xscale if which == "x" else axes.set_yscale
        set_symlog("symlog", linthresh=threshold, linscale=_NO_KINK)
        axis.set_major_locator(FixedLocator(tenfold_ticks(low, high, threshold, 8)))
        axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: say(value)))
    (axes.set_xlim if which == "x" else axes.set_ylim)(low, high)
