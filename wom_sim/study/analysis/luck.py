"""How much of what varies is luck, and how much are the factors: two-way analysis of variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.intervals import percentiles
from wom_sim.study.analysis.study import NotApplicableError, NothingFoundError, Response, Study
from wom_sim.words.said import Said

_RESAMPLES = 300
_LEAST_POINTS = 10


class Shares(NamedTuple):
    """Shares of the variance of a single run; NaN where they cannot be told.

    ``factors``: the points differ. ``common``: a replication's luck that is the same at every point.
    ``interplay``: luck that matters at some points. ``in_mean``: interplay's share of the variance, over the points,
    of the mean over replications.
    """

    factors: float
    common: float
    interplay: float
    in_mean: float

    @property
    def luck(self) -> float:
        """Return the share of luck, both kinds."""
        return self.common + self.interplay


_UNKNOWN = Shares(float("nan"), float("nan"), float("nan"), float("nan"))


def split(values: NDArray[np.float64]) -> Shares:
    """Return the shares for points x replications; unbiased components, below zero set to zero.

    Replications share luck across points, so luck alone moves all points together; only the interplay is left in
    a mean over replications.

    >>> import numpy as np
    >>> split(np.array([[1.0, 2.0], [11.0, 12.0]]))
    Shares(factors=0.990..., common=0.009..., interplay=0.0, in_mean=0.0)
    """
    points, runs = values.shape
    if points < 2 or runs < 2 or np.isnan(values).any():
        return _UNKNOWN
    grand, by_point, by_run = values.mean(), values.mean(axis=1), values.mean(axis=0)
    rest = values - by_point[:, None] - by_run[None, :] + grand
    interplay = float((rest**2).sum() / ((points - 1) * (runs - 1)))
    factors = max(0.0, float(by_point.var(ddof=1)) - interplay / runs)
    common = max(0.0, float(by_run.var(ddof=1)) - interplay / points)
    total = factors + common + interplay
    of_mean = factors + interplay / runs
    if total == 0.0 or of_mean == 0.0:
        return _UNKNOWN
    return Shares(factors / total, common / total, interplay / total, interplay / runs / of_mean)


def luck(study: Study) -> pd.DataFrame:
    """Return, for each output, the shares of factors and luck in a run's variance, with 95 % intervals.

    Intervals: bootstrap over points.

    Raises
    ------
    NotApplicableError
        If there are fewer than two replications or ten points.
    """
    if study.table["replication"].nunique() < 2:
        raise NotApplicableError(Said("analysis.single"))
    if len(study.design) < _LEAST_POINTS:
        raise NotApplicableError(Said("analysis.few_for_shares", n=len(study.design), least=_LEAST_POINTS))
    rows = [row for row in (_row(response, study.seed) for response in study.responses()) if row is not None]
    if not rows:
        raise NothingFoundError(Said("analysis.same_in_runs"))
    return pd.DataFrame(rows)


def _row(response: Response, seed: int) -> dict[str, object] | None:
    """Return the row of a response, over the points that have all their runs; None if few have, or nothing varies."""
    runs = response.runs[~np.isnan(response.runs).any(axis=1)]
    shares = split(runs)
    if shares is _UNKNOWN or len(runs) < _LEAST_POINTS:
        return None
    draws = np.random.default_rng(seed)
    size = len(runs)
    resampled = [split(runs[draws.integers(size, size=size)]) for _ in range(_RESAMPLES)]
    low, high = percentiles(np.array([[s.factors, s.luck] for s in resampled]))
    return response.head | {
        "factors": shares.factors, "factors_low": low[0], "factors_high": high[0],
        "luck": shares.luck, "luck_low": low[1], "luck_high": high[1],
        "luck_common": shares.common, "luck_interplay": shares.interplay, "luck_in_mean": shares.in_mean,
        "points": size, "replications": runs.shape[1],
    }  # fmt: skip
