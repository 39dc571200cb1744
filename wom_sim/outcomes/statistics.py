"""From replications to a mean with an interval. The replication, not the person, is the unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return mean and 95 % interval (Student's t over replications); NaN bounds for fewer than two values."""
    from scipy.special import stdtrit

    seen = values[~np.isnan(values)]
    n = len(seen)
    if n == 0:
        return float("nan"), float("nan"), float("nan")
    mean = float(seen.mean())
    if n == 1:
        return mean, float("nan"), float("nan")
    half = float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) * float(seen.std(ddof=1)) / np.sqrt(n)
    return mean, mean - half, mean + half


def chance_interval(happened: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the share of runs in which something happened, with Jeffreys' 95 % interval.

    Source: Brown, Cai & DasGupta 2001, "Interval estimation for a binomial proportion".
    """
    from scipy.special import betaincinv

    n, k = len(happened), float(np.nansum(happened))
    tail = (1.0 - CONFIDENCE) / 2
    low = 0.0 if k == 0 else float(betaincinv(k + 0.5, n - k + 0.5, tail))
    high = 1.0 if k == n else float(betaincinv(k + 0.5, n - k + 0.5, 1.0 - tail))
    return k / n if n else float("nan"), low, high


def spread(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % quantiles over replications, without NaN."""
    seen = values[~np.isnan(values)]
    if not len(seen):
        return float("nan"), float("nan"), float("nan")
    low, median, high = np.quantile(seen, [0.05, 0.5, 0.95])
    return float(low), float(median), float(high)
