"""Proper scores: the smaller the better, and no forecast gains by saying something else than it believes.

What was observed need not be certain: each score is its expectation over what may have been the case.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
TAIL = 0.1
"""Chance below and above the interval that is scored: it holds 80 %."""


def brier(p: float, happened: float) -> float:
    """Return the expected squared error of a chance; ``happened`` is how sure it is that the event took place.

    Source: Brier 1950.

    >>> brier(0.9, 1.0), brier(0.5, 0.0)
    (0.009999999999999995, 0.25)
    """
    return happened * (1.0 - p) ** 2 + (1.0 - happened) * p**2


def log_score(p: float, happened: float) -> float:
    """Return the expected surprise, -ln of the chance given to what took place; infinite for what was ruled out.

    Source: Good 1952.

    >>> round(log_score(0.5, 1.0), 4), log_score(0.0, 1.0), log_score(0.0, 0.0)
    (0.6931, inf, 0.0)
    """
    total = 0.0
    for weight, given in ((happened, p), (1.0 - happened, 1.0 - p)):
        if weight > 0.0:
            total += weight * (-math.log(given) if given > 0.0 else math.inf)
    return total + 0.0


def chance_of(values: Numbers, weights: Numbers) -> float:
    """Return the chance of an event that ``values`` (1 or 0) runs saw; never quite 0 or 1.

    Half a run is added to each side (Jeffreys), as a handful of runs cannot rule anything out.

    >>> round(chance_of(np.zeros(9), np.full(9, 1 / 9)), 3)
    0.05
    """
    n = len(values)
    return float((n * (weights @ values) + 0.5) / (n + 1.0))


def crps(points: Numbers, weights: Numbers, at: Numbers, sure: Numbers) -> float:
    """Return the expected continuous ranked probability score of weighted points, in their unit.

    E|X - y| - E|X - X'| / 2, averaged over what may have been observed (``at``, with the weights ``sure``). For one
    point it is the absolute error. Source: Gneiting & Raftery 2007.

    >>> crps(np.array([2.0]), np.array([1.0]), np.array([5.0]), np.array([1.0]))
    3.0
    """
    apart = np.abs(points[:, None] - at[None, :])
    spread = np.abs(points[:, None] - points[None, :])
    return float(weights @ apart @ sure - 0.5 * (weights @ spread @ weights))


def quantiles(points: Numbers, weights: Numbers, tail: float = TAIL) -> tuple[float, float]:
    """Return the narrowest interval with at most ``tail`` of the weight below, and at most as much above.

    >>> quantiles(np.arange(20.0), np.full(20, 0.05))
    (2.0, 17.0)
    """
    order = np.argsort(points, kind="stable")
    points, below = points[order], np.cumsum(weights[order])
    total, dust = below[-1], 1e-9
    low = int(np.searchsorted(below, tail * total + dust, side="right"))
    high = int(np.searchsorted(below, (1.0 - tail) * total - dust, side="left"))
    return float(points[low]), float(points[max(low, high)])


def interval_score(low: float, high: float, at: Numbers, sure: Numbers, tail: float = TAIL) -> float:
    """Return the expected width of an interval, plus a fine for what lies outside, 1 / ``tail`` times how far.

    Source: Gneiting & Raftery 2007, with 2 / alpha = 1 / tail.

    >>> interval_score(2.0, 4.0, np.array([5.0]), np.array([1.0]))
    12.0
    """
    missed = np.maximum(low - at, 0.0) + np.maximum(at - high, 0.0)
    return float((high - low) + (sure @ missed) / tail)


class Difference(NamedTuple):
    """Mean over cases of null less model (positive: the model is better), its 95 % interval, and how often who wins."""

    mean: float
    low: float
    high: float
    cases: int
    clusters: int
    better: int
    worse: int


def paired(differences: Sequence[float], clusters: Sequence[str], seed: int = 15, draws: int = 10_000) -> Difference:
    """Return the mean of the cases' differences, with a bootstrap that draws whole clusters of cases.

    ``differences`` is a number a case (null less model), ``clusters`` what each belongs to. With few cases the
    interval is too narrow rather than too wide.
    """
    values, names = np.asarray(differences, dtype=float), sorted(set(clusters))
    of = np.array([names.index(c) for c in clusters])
    sums, counts = np.bincount(of, values), np.bincount(of).astype(float)
    drawn = np.random.default_rng(seed).integers(0, len(names), (draws, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    better, worse = int((values > 1e-9).sum()), int((values < -1e-9).sum())
    return Difference(float(values.mean()), float(low), float(high), len(values), len(names), better, worse)
