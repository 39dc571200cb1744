"""Classes of points by one factor: by value where there are few, or it is no number; else equally many in each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.sobol import independent_rows
from wom_sim.study.analysis.study import Factor, NotApplicableError, OtherDesignError, Response, Study
from wom_sim.words.said import Said

Floats = NDArray[np.float64]
BY_VALUE = 12
"""A number with so many different values or fewer is taken by value."""
LEAST_POINTS = 60
MOST_POINTS = 2_000
"""Of more points so many are drawn, by the study's seed: analyses that fit and fit again would take hours."""


def classes_of(study: Study, factor: Factor, points: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    """Return the class of each point, counted from 0; ``many``: how many of a number that takes many values.

    A factor that is no number has a class for each of its values, whatever their order.
    """
    if not factor.numeric:
        return np.unique(study.categories(factor)[0][points], return_inverse=True)[1].ravel()
    values = study.columns([factor])[points][:, 0]
    distinct, found = np.unique(values, return_inverse=True)
    if len(distinct) <= BY_VALUE:
        return np.asarray(found.ravel(), dtype=np.int64)
    order = np.argsort(values, kind="stable")
    places = np.empty(len(values), dtype=np.int64)
    for number, part in enumerate(np.array_split(order, many)):
        places[part] = number
    return places


def spread_points(study: Study, what: str) -> NDArray[np.int64]:
    """Return the points that are independent of each other, at most ``MOST_POINTS``.

    Raises
    ------
    NotApplicableError
        If the design holds the other factors at one value, or has too few points.
    """
    if study.kind in ("morris", "one_at_a_time"):
        raise OtherDesignError(Said("analysis.together", what=what, kind=study.kind))
    points = independent_rows(study)
    if len(points) < LEAST_POINTS:
        raise NotApplicableError(Said("analysis.few_points", n=len(points), what=what, least=LEAST_POINTS))
    if not study.varied:
        raise NotApplicableError(Said("analysis.no_factor"))
    if len(points) <= MOST_POINTS:
        return points
    study.leave_out(Said("analysis.drawn", n=len(points), most=MOST_POINTS))
    return np.sort(np.random.default_rng(study.seed).choice(points, MOST_POINTS, replace=False))


def there(response: Response, points: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats] | None:
    """Return the points that have a run and their means; None where nothing varies or too few are there."""
    means = response.means[points]
    seen = ~np.isnan(means)
    if seen.sum() < LEAST_POINTS or np.ptp(means[seen]) == 0.0:
        return None
    return points[seen], means[seen]


def encoded(study: Study, factors: list[Factor], points: NDArray[np.int64]) -> tuple[Floats, list[NDArray[np.int64]]]:
    """Return columns for a method that splits at numbers, and which of them are each factor's.

    A factor that is no number has a column for each of its values, so that no order is made up for them.
    """
    columns: list[Floats] = []
    of: list[NDArray[np.int64]] = []
    for factor in factors:
        if factor.numeric:
            own = study.columns([factor])[points]
        else:
            codes = study.categories(factor)[0][points]
            own = pd.get_dummies(pd.Series(codes), dtype=float).to_numpy()
        first = sum(c.shape[1] for c in columns)
        of.append(np.arange(first, first + own.shape[1]))
        columns.append(own)
    return np.column_stack(columns), of
