"""Partial rank correlation: how strongly an output rises or falls with a factor, the others held fixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.effects import told_apart
from wom_sim.study.analysis.intervals import RESAMPLES, percentiles
from wom_sim.study.analysis.sobol import independent_rows
from wom_sim.study.analysis.study import (
    SCATTERED,
    Factor,
    NotApplicableError,
    NothingFoundError,
    OtherDesignError,
    Response,
    Study,
)
from wom_sim.words.said import Said

_TINY = 1e-9
"""Added to the correlation of each column with itself, so that a perfect fit does not divide by zero."""


def prcc(study: Study) -> pd.DataFrame:
    """Return the partial rank correlation of each factor with each output, with a 95 % interval.

    It is meant for outputs that rise or fall with a factor throughout; a hump can give 0. Computed from the mean over
    replications. Interval: bootstrap over points. Of Saltelli's design only the independent points are taken.
    Of factors that the design moves together, only the first stands here. A factor that is no number has no rank: it is
    held fixed as the others are, by a column for each of its values, and has no row. One that the policy does not use
    has 0.

    Source: Iman & Conover 1979; Marino et al. 2008.

    Raises
    ------
    NotApplicableError
        If points are not spread at random, or are too few.
    """
    if study.kind not in (*SCATTERED, "table"):
        raise OtherDesignError(Said("analysis.spread", what=Said("analysis.what.ranks"), kind=study.kind))
    numbers = told_apart(study)
    if not numbers:
        raise NotApplicableError(Said("analysis.no_ranks"))
    words = [f for f in study.varied if not f.numeric]
    if words:
        study.leave_out(Said("analysis.without_rank", factors=", ".join(f.key for f in words)))
    independent = independent_rows(study)
    columns = len(numbers) + sum(columns_of(study, f).shape[1] for f in words)
    seen = [(~np.isnan(study.values(policy, study.outputs[0])[independent])).any(axis=1) for policy in study.policies]
    most = max(int(there.sum()) for there in seen)
    if most < _needed(columns):
        raise NotApplicableError(
            Said("analysis.few_for_ranks", n=most, factors=len(study.varied), least=_needed(columns))
        )
    rows = []
    for response in study.responses():
        rows += _rows(study, response, (numbers, words), independent)
    if not rows:
        raise NothingFoundError("every output is the same at all points")
    return pd.DataFrame(rows)


def _needed(columns: int) -> int:
    """Return the points that ranks of so many columns need, at least. Assumption: three for each, two of them spare."""
    return 3 * (columns + 2)


def _rows(
    study: Study, response: Response, factors: tuple[list[Factor], list[Factor]], points: NDArray[np.int64]
) -> list[dict[str, object]]:
    """Return a row for each number of (numbers, words); none where nothing varies, or too few points have a run."""
    means = response.means[points]
    seen = ~np.isnan(means)
    numbers, words = ([f for f in kind if study.uses(response.policy, f.key)] for kind in factors)
    columns = [study.columns(numbers), *(columns_of(study, f) for f in words)]
    values = np.column_stack(columns)[points][seen]
    if not numbers or seen.sum() < _needed(values.shape[1]) or np.ptp(means[seen]) == 0.0:
        return []
    found = np.stack(_with_interval(values, means[seen], study.seed))
    of = {f.key: found[:, k] for k, f in enumerate(numbers)}
    rows: list[dict[str, object]] = []
    for factor in factors[0]:
        told = dict(zip(("prcc", "low", "high"), of.get(factor.key, np.zeros(3)), strict=True))
        rows.append(response.head | {"factor": factor.key, **told, "points": int(seen.sum()), "used": factor.key in of})
    return rows


def columns_of(study: Study, factor: Factor) -> NDArray[np.float64]:
    """Return a column for each value but one of a factor that is no number: 1 where a point has it, else 0."""
    codes = study.categories(factor)[0]
    there = np.unique(codes)
    return (codes[:, None] == there[None, 1:]).astype(np.float64)


def partial_rank_correlation(values: NDArray[np.float64], outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a correlation for each column of points x factors; NaN for a column that does not vary."""
    return _correlation(_places(values, outputs), np.ones(len(values), dtype=np.int64))


def _places(values: NDArray[np.float64], outputs: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return, for each factor and then for the output, the place of each point's value among the different values."""
    return [np.unique(column, return_inverse=True)[1].ravel() for column in (*values.T, outputs)]


def _correlation(places: list[NDArray[np.int64]], times: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the correlation for a sample that holds each point so many times.

    Ranks follow from places by counting, which saves sorting every resample: many times faster with many points.
    """
    ranks = np.empty((len(times), len(places)))
    for k, place in enumerate(places):
        here = np.bincount(place, weights=times)
        ranks[:, k] = (np.cumsum(here) - (here - 1.0) / 2.0)[place]
    sampled = ranks[times > 0]
    varies = np.ptp(sampled, axis=0) > 0.0
    found = np.full(len(places) - 1, np.nan)
    if not varies[-1] or not varies[:-1].any():
        return found
    covariance = np.cov(ranks[:, varies], rowvar=False, fweights=times)
    spread = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(spread, spread)
    inverse = np.linalg.inv(correlation + _TINY * np.eye(len(correlation)))
    found[varies[:-1]] = -inverse[:-1, -1] / np.sqrt(np.diag(inverse)[:-1] * inverse[-1, -1])
    return found


def _with_interval(
    values: NDArray[np.float64], outputs: NDArray[np.float64], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    draws = np.random.default_rng(seed)
    size = len(values)
    places = _places(values, outputs)
    drawn = (np.bincount(draws.integers(size, size=size), minlength=size) for _ in range(RESAMPLES))
    resampled = np.array([_correlation(places, times) for times in drawn])
    return _correlation(places, np.ones(size, dtype=np.int64)), *percentiles(resampled)
