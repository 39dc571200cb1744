"""Means with intervals, the kind of interval chosen by what is independent of what."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.statistics import CONFIDENCE, chance_interval, mean_ends, mean_interval, moments, share_ends

RESAMPLES = 1000
"""Resamples of every bootstrap."""
RARE = 0.05
"""What chance shows in fewer cases than this is told as found."""


def interval(values: NDArray[np.float64], chance: bool, signed: bool = True) -> tuple[float, float, float]:
    """Return mean and 95 % interval as everywhere (``outcomes.statistics``); NaN ends for a single value.

    ``signed``: whether the values might be below zero, also where those that were seen are not.

    Means of runs that share luck may be given for a chance: the interval is then wide rather than narrow, and
    not empty where nothing happened in any run.
    """
    seen = values[~np.isnan(values)]
    return chance_interval(seen) if chance else mean_interval(seen, signed)


def welch(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the second mean minus the first, and its 95 % interval for two independent samples.

    Source: Welch 1947. NaN bounds if one of them has fewer than two values.
    """
    from scipy.special import stdtrit

    a, b = first[~np.isnan(first)], second[~np.isnan(second)]
    if not len(a) or not len(b):
        return float("nan"), float("nan"), float("nan")
    gap = float(b.mean() - a.mean())
    if min(len(a), len(b)) < 2:
        return gap, float("nan"), float("nan")
    parts = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    if sum(parts) == 0.0:
        return gap, gap, gap
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    half = float(stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * float(np.sqrt(sum(parts)))
    return gap, gap - half, gap + half


def chance_of_gap(first: NDArray[np.float64], second: NDArray[np.float64], paired: bool) -> float:
    """Return how often chance alone sets two means so far apart; NaN where that cannot be told (single values).

    Source: Student's t for pairs, else Welch 1947.
    """
    from scipy.special import stdtr

    if paired:
        gaps = second - first
        gaps = gaps[~np.isnan(gaps)]
        a, b = np.zeros(2), gaps
    else:
        a, b = first[~np.isnan(first)], second[~np.isnan(second)]
    if min(len(a), len(b)) < 2:
        return float("nan")
    gap, parts = float(b.mean() - a.mean()), (a.var(ddof=1) / len(a), b.var(ddof=1) / len(b))
    if sum(parts) == 0.0:
        return 0.0 if gap != 0.0 else 1.0
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    return 2.0 * float(stdtr(freedom, -abs(gap) / float(np.sqrt(sum(parts)))))


def chance_of_mean(values: NDArray[np.float64]) -> float:
    """Return how often chance alone puts a mean so far from 0 (Student's t); NaN for a single value."""
    return chance_of_gap(np.zeros_like(values), values, paired=True)


def holm(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return chances corrected for how many were looked at; NaN is none and stays.

    Source: Holm 1979, "A simple sequentially rejective multiple test procedure".

    >>> holm(np.array([0.01, 0.04, np.nan, 0.03]))
    array([0.03, 0.06,  nan, 0.06])
    """
    found = np.full(len(chances), np.nan)
    seen = np.flatnonzero(~np.isnan(chances))
    order = seen[np.argsort(chances[seen], kind="stable")]
    many = len(order) - np.arange(len(order))
    found[order] = np.minimum(1.0, np.maximum.accumulate(chances[order] * many))
    return found


def percentiles(resampled: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the 95 % interval of each column of resamples x quantities; NaN where all are NaN."""
    tail = 100.0 * (1.0 - CONFIDENCE) / 2.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanpercentile(resampled, [tail, 100.0 - tail], axis=0)
    return low, high


def rows_interval(values: NDArray[np.float64], chance: bool, signed: bool = True) -> dict[str, NDArray[np.float64]]:
    """Return mean, low, high, p05, median, p95 and n of each row of points x replications; as ``interval``."""
    seen = ~np.isnan(values)
    n = seen.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows without a run
        mean = np.where(seen, values, 0.0).sum(axis=1) / n
        low, high = share_ends(mean * n, n) if chance else mean_ends(moments(values), signed)
        quantile = np.quantile if seen.all() else np.nanquantile
        lower, median, upper = quantile(values, [0.05, 0.5, 0.95], axis=1)
    return {"mean": mean, "low": low, "high": high, "p05": lower, "median": median, "p95": upper, "n": n}
