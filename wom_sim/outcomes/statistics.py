"""From replications to a mean with an interval. The replication, not the person, is the unit.

How each interval was chosen: ``experiments/coverage`` measures how often it holds the true mean, for many shapes and
5 to 100 runs; its table is in docs/VALIDATION.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
FEW = 5
"""What is seen in fewer independent runs than this comes with a chance that is hardly known: a bound, no interval."""
_STRETCH = 1.5
"""Assumption: in 10 to 20 runs of skewed outcomes the skewness seen is some two thirds of the true one."""
_PRECISE = 1e6
"""A mean so many times its standard error, squared, is told by Student's t: gamma and t are then the same."""

Numbers = NDArray[np.float64]
Triple = tuple[float, float, float]


class Moments(NamedTuple):
    """What an interval needs of each row of runs: how many, mean, standard deviation, skewness, the largest run."""

    n: Numbers
    mean: Numbers
    deviation: Numbers
    skewness: Numbers
    most: Numbers


def moments(values: Numbers) -> Moments:
    """Return the moments over the last axis, without NaN; deviation and skewness are those of a sample."""
    there = ~np.isnan(values)
    n = there.sum(axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=-1) / n
        apart = np.where(there, values - mean[..., None], 0.0)
        square = (apart**2).sum(axis=-1)
        deviation = np.where(n > 1, np.sqrt(square / (n - 1)), np.nan)
        skewness = (apart**3).sum(axis=-1) / n / (square / n) ** 1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        skewness = np.where((n > 2) & (square > 0.0), skewness, 0.0)
    most = np.where(there, values, -np.inf).max(axis=-1, initial=-np.inf)
    return Moments(n, mean, deviation, skewness, most)


def mean_ends(m: Moments, signed: bool = True) -> tuple[Numbers, Numbers]:
    """Return the ends of the 95 % interval of each mean; NaN for fewer than two runs, or where all are 0.

    Of what no run showed, the runs do not tell how much it may be; ``unseen`` tells how often it may come.

    ``signed``: the outcome may be below zero, as money and differences may. Then the interval is the wider of
    Student's and Willink's at either end: the one holds where outcomes are heavy-tailed on both sides, the other where
    they are skewed. Of an outcome that is never below zero, such as people reached, the mean is told as that of a
    gamma distribution of the same mean and variance; its upper end as if the largest run had come once more.
    Source: Willink 2005, "A confidence interval and test for the mean of an asymmetric distribution"; Fay & Feuer
    1997, "Confidence intervals for directly standardized rates"; chosen by measured coverage.
    """
    unknown = np.isnan(m.deviation) | ((m.mean == 0.0) & (m.deviation == 0.0))
    down, up = _willink(m)
    if signed:
        low, high = student_ends(m.mean, _error(m), m.n - 1.0)
    else:
        low, high = _gamma(m)
        down = low
    return np.where(unknown, np.nan, np.minimum(low, down)), np.where(unknown, np.nan, np.maximum(high, up))


def _error(m: Moments) -> Numbers:
    return np.asarray(m.deviation / np.sqrt(np.maximum(m.n, 1.0)))


def student_ends(mean: Numbers, error: Numbers, freedom: Numbers | float) -> tuple[Numbers, Numbers]:
    """Return the ends of Student's 95 % interval, from means, their standard errors and degrees of freedom."""
    half = _student(freedom) * error
    return mean - half, mean + half


def _student(freedom: Numbers | float) -> Numbers:
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, 0.5 + CONFIDENCE / 2), dtype=np.float64)


def _willink(m: Moments) -> tuple[Numbers, Numbers]:
    """Return the ends of Willink's interval: Student's, bent by the skewness."""
    error, t = _error(m), _student(m.n - 1.0)
    bend = _STRETCH * m.skewness / (6.0 * np.sqrt(np.maximum(m.n, 1.0)))

    def bent(t: Numbers) -> Numbers:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(np.abs(bend) < 1e-6, t, (np.cbrt(1.0 + 6.0 * bend * (t - bend)) - 1.0) / (2.0 * bend))

    return m.mean - bent(t) * error, m.mean - bent(-t) * error


def _gamma(m: Moments) -> tuple[Numbers, Numbers]:
    """Return the ends for outcomes that are never below zero; the variance is widened as t is to the normal."""
    from scipy.special import ndtri

    t = _student(m.n - 1.0)
    variance = (_error(m) * t / ndtri(0.5 + CONFIDENCE / 2)) ** 2
    once_more = (m.most - m.mean) / np.maximum(m.n, 1.0)
    tail = (1.0 - CONFIDENCE) / 2
    return (
        _gamma_quantile(m.mean, variance, tail),
        _gamma_quantile(m.mean + once_more, variance + once_more**2, 1.0 - tail),
    )


def _gamma_quantile(mean: Numbers, variance: Numbers, p: float) -> Numbers:
    """Return a quantile of the gamma distribution with this mean and variance."""
    from scipy.special import gammaincinv, ndtri

    with np.errstate(invalid="ignore", divide="ignore"):
        shape = mean**2 / variance
        gamma = variance / mean * gammaincinv(np.clip(shape, 1e-12, _PRECISE), p)
        found = np.where(shape > _PRECISE, mean + ndtri(p) * np.sqrt(variance), gamma)
    return np.where(variance == 0.0, mean, found)


def mean_interval(values: Numbers, signed: bool = True) -> Triple:
    """Return mean and 95 % interval of independent runs; NaN ends for fewer than two. ``signed``: see mean_ends.

    >>> mean_interval(np.array([1.0, 2.0, 3.0]))
    (2.0, -0.484..., 4.484...)
    """
    m = moments(values)
    low, high = mean_ends(m, signed)
    return float(m.mean), float(low), float(high)


def unseen(n: float) -> float:
    """Return the greatest chance with which something may come that none of ``n`` runs showed (95 %).

    Source: the exact binomial bound, whose approximation 3 / n is the "rule of three".

    >>> round(unseen(10), 3), round(unseen(100), 3)
    (0.259, 0.03)
    """
    return float(1.0 - (1.0 - CONFIDENCE) ** (1.0 / n)) if n > 0 else 1.0


def share_ends(k: Numbers | float, n: Numbers | float) -> tuple[Numbers, Numbers]:
    """Return the ends of the 95 % interval of a chance, from ``k`` of ``n`` runs; of none or all of them, a bound.

    Source: Jeffreys' interval (Brown, Cai & DasGupta 2001, "Interval estimation for a binomial proportion"); of none
    or all the one-sided exact bound, as ``unseen``.
    """
    from scipy.special import betaincinv

    tail = (1.0 - CONFIDENCE) / 2
    k, n = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        hidden = (1.0 - CONFIDENCE) ** (1.0 / n)
        low, high = betaincinv(k + 0.5, n - k + 0.5, tail), betaincinv(k + 0.5, n - k + 0.5, 1.0 - tail)
    low = np.where(k <= 0.0, 0.0, np.where(k >= n, hidden, low))
    high = np.where(k >= n, 1.0, np.where(k <= 0.0, 1.0 - hidden, high))
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def chance_interval(happened: Numbers) -> Triple:
    """Return the share of independent runs in which something happened, with its 95 % interval (``share_ends``)."""
    seen = happened[~np.isnan(happened)]
    n, k = len(seen), float(seen.sum())
    low, high = share_ends(k, n)
    return k / n if n else float("nan"), float(low), float(high)


def spread(values: Numbers) -> Triple:
    """Return the 5, 50 and 95 % quantiles over replications, without NaN."""
    seen = values[~np.isnan(values)]
    if not len(seen):
        return float("nan"), float("nan"), float("nan")
    low, median, high = np.quantile(seen, [0.05, 0.5, 0.95])
    return float(low), float(median), float(high)
