"""Where two policies are equal: zeros of a difference along a number, with intervals from paired replications."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.statistics import CONFIDENCE

Floats = NDArray[np.float64]
_RESAMPLES = 2000


class Zero(NamedTuple):
    """Where the mean difference is zero, with a 95 % interval; an end is infinite where it lies beyond the range.

    ``rises``: whether the difference rises there with the number.
    """

    value: float
    low: float
    high: float
    rises: bool


def zeros(at: Floats, differences: Floats, seed: int = 0) -> list[Zero]:
    """Return the zeros of the mean difference, straight between the points.

    Parameters
    ----------
    at : array
        Values of the number, rising.
    differences : array (values, replications)
        Difference at each value; the same column has the same luck throughout.
    seed : int
        Seed of the bootstrap over replications.

    Notes
    -----
    The interval is a bootstrap: replications are drawn again, and the zero of their mean nearest to the one found
    (rising or falling like it) is taken. A resample without such a zero counts as one beyond the end of the range
    towards which its curve lies. NaN ends with a single replication.
    """
    mean = differences.mean(axis=1)
    found = _crossings(at, mean)
    if not found:
        return []
    n = differences.shape[1]
    if n < 2:
        return [Zero(value, float("nan"), float("nan"), rises) for value, rises in found]
    generator = np.random.default_rng([seed, 0x7A65726F])
    weights = generator.multinomial(n, np.full(n, 1.0 / n), size=_RESAMPLES) / n
    curves = differences @ weights.T
    return [_with_interval(value, rises, at, curves) for value, rises in found]


def _crossings(at: Floats, curve: Floats) -> list[tuple[float, bool]]:
    """Return where a curve, straight between points, crosses zero, and whether it rises there."""
    found = []
    for k in np.flatnonzero(np.sign(curve[1:]) != np.sign(curve[:-1])):
        left, right = curve[k], curve[k + 1]
        if right == 0.0 and k + 2 < len(curve):
            continue  # counted from the point onwards
        found.append((float(at[k] + (at[k + 1] - at[k]) * left / (left - right)), bool(right > left)))
    return found


def _with_interval(value: float, rises: bool, at: Floats, curves: Floats) -> Zero:
    places = np.empty(curves.shape[1])
    for b, curve in enumerate(curves.T):
        alike = [place for place, up in _crossings(at, curve) if up == rises]
        if alike:
            places[b] = min(alike, key=lambda place: abs(place - value))
        else:  # all above zero: a rising curve crossed before the range, a falling one will after it
            above = curve.mean() > 0.0
            places[b] = -np.inf if above == rises else np.inf
    low, high = np.quantile(places, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], method="inverted_cdf")
    return Zero(value, float(low), float(high), rises)


VERDICTS = ("better", "worse", "undecided")


def verdicts(low: Floats, high: Floats) -> list[str]:
    """Return for each interval of a difference: better, worse, or undecided where it includes zero or is not known."""
    return ["better" if a > 0.0 else "worse" if b < 0.0 else "undecided" for a, b in zip(low, high, strict=True)]
