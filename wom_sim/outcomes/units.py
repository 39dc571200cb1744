"""The unit of chance: a replication; or a world, where parameters were drawn and its replications share them.

Runs of one world are dependent, so an interval that counted them one by one would be too short. Everything here
takes ``unit``, the number of the unit of each run; where each run is a unit of its own, formulas are the usual ones.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.statistics import CONFIDENCE

Numbers = NDArray[np.float64]
Units = NDArray[np.int64]
Interval = tuple[float, float]
NOWHERE: Interval = (math.nan, math.nan)


def occasions(replications: pd.DataFrame) -> list[str]:
    """Return the columns that say which luck a run had: replication, and the world if worlds were drawn."""
    return ["world", "replication"] if "world" in replications.columns else ["replication"]


def units_of(runs: pd.DataFrame) -> Units:
    """Return the number of the unit of each run: its world if there is one, else the run itself."""
    if "world" in runs.columns:
        return np.unique(runs["world"].to_numpy(), return_inverse=True)[1].astype(np.int64)
    return np.arange(len(runs), dtype=np.int64)


def standard_error(values: Numbers, unit: Units) -> float:
    """Return the standard error of the mean when runs of one unit are dependent; NaN for a single unit.

    Source: the ratio estimator of cluster sampling (Cochran 1977, "Sampling Techniques", chapter 9A).
    """
    count = int(unit.max()) + 1 if len(unit) else 0
    if count < 2:
        return math.nan
    apart = np.bincount(unit, weights=values - values.mean(), minlength=count)
    return float(np.sqrt((apart**2).sum() * count / (count - 1)) / len(values))


def mean_interval(values: Numbers, unit: Units, freedom: float | None = None) -> Interval:
    """Return the 95 % interval of the mean (Student's t over units; ``freedom`` if fewer count)."""
    from scipy.special import stdtrit

    error = standard_error(values, unit)
    if math.isnan(error):
        return NOWHERE
    half = float(stdtrit(unit.max() if freedom is None else freedom, 0.5 + CONFIDENCE / 2)) * error
    return float(values.mean()) - half, float(values.mean()) + half


def independent_runs(happened: Numbers, unit: Units) -> float:
    """Return how many independent runs would know a share as well as these do.

    That is their number over the design effect, at least the number of units and at most that of runs. A share
    of 0 or 1 shows no dependence; then only units count.
    """
    count, n = int(unit.max()) + 1, len(happened)
    if count == n:
        return float(n)
    share = float(happened.mean())
    error = standard_error(happened, unit)
    if math.isnan(error) or error == 0.0 or share in (0.0, 1.0):
        return float(count)
    return float(np.clip(share * (1.0 - share) / error**2, count, n))


def share_interval(happened: Numbers, unit: Units) -> tuple[float, float, float]:
    """Return the share of runs in which something happened, with Jeffreys' 95 % interval.

    A tie may count half. Source: Brown, Cai & DasGupta 2001, "Interval estimation for a binomial proportion".
    """
    from scipy.special import betaincinv

    if not len(happened):
        return math.nan, *NOWHERE
    n = independent_runs(happened, unit)
    share = float(happened.mean())
    k, tail = share * n, (1.0 - CONFIDENCE) / 2
    low = 0.0 if share == 0.0 else float(betaincinv(k + 0.5, n - k + 0.5, tail))
    high = 1.0 if share == 1.0 else float(betaincinv(k + 0.5, n - k + 0.5, 1.0 - tail))
    return share, low, high
