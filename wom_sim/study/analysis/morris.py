"""Screening: Morris' elementary effects, their mean size and their spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.intervals import RESAMPLES, percentiles
from wom_sim.study.analysis.study import NotApplicableError, OtherDesignError, Response, Study
from wom_sim.words.said import OfPolicy, Said

_LEAST = 2
"""Elementary effects of a factor below which nothing can be said of their spread."""


def morris(study: Study) -> pd.DataFrame:
    """Return mu, mu* and sigma of each factor, of the mean over replications, with 95 % intervals of mu* and sigma.

    An elementary effect is the change of the output for a step of one factor, scaled to the factor's whole range
    (on its own scale, linear or logarithmic). For a factor that is no number it is the change from one of its values to
    another, counted as positive towards the end of its list; mu then depends on that order, mu* does not. mu* says how
    much a factor matters, sigma how much that depends on where one is. Intervals: bootstrap over trajectories. Steps
    from or to a point without a run do not count.

    Source: Morris 1991; Campolongo, Cariboni & Saltelli 2007.

    Raises
    ------
    NotApplicableError
        If the design is not one of trajectories, or too few steps have both their runs.
    """
    if study.kind != "morris":
        raise OtherDesignError(Said("analysis.morris", kind=study.kind))
    factors = study.factors
    if not study.varied:
        raise NotApplicableError(Said("analysis.nothing_varies"))
    values = study.coded(factors)
    unit = np.column_stack([f.unit_scale(values[:, k]) if f.numeric else values[:, k] for k, f in enumerate(factors)])
    words = np.array([not f.numeric for f in factors])
    rows = []
    for response in study.responses():
        found = elementary_effects(unit, response.means, words)
        _tell_gaps(study, response, found)
        described = _describe(found, study.seed)
        rows += [
            response.head | {"factor": f.key} | described[k] | {"used": study.uses(response.policy, f.key)}
            for k, f in enumerate(factors)
        ]
    table = pd.DataFrame(rows)
    if not (table["trajectories"] >= _LEAST).any():
        raise NotApplicableError(Said("analysis.no_steps"))
    return table


def _tell_gaps(study: Study, response: Response, effects: NDArray[np.float64]) -> None:
    """Say how many steps do not count because a point has no run, and which factors are left with too few."""
    gone, counted = int(np.isnan(response.means).sum()), (~np.isnan(effects)).sum(axis=0)
    few = [f.key for k, f in enumerate(study.factors) if counted[k] < _LEAST]
    if gone:
        study.leave_out(
            Said(
                "analysis.steps",
                gone=gone,
                points=len(response.means),
                policy=OfPolicy(response.policy),
                steps=int(counted.sum()),
                of=effects.size,
            )
        )
    if few:
        study.leave_out(Said("analysis.few_steps", factors=", ".join(few)))


def elementary_effects(
    unit: NDArray[np.float64], outputs: NDArray[np.float64], words: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Return trajectories x factors; NaN where a factor's step vanished (rounded to whole numbers), or has no output.

    ``unit``: points x factors as shares of their range, a trajectory of factors + 1 points after the other; of a factor
    that ``words`` marks as no number, the place of its value in a list.

    Raises
    ------
    NotApplicableError
        If a step moves more than one factor.
    """
    length = unit.shape[1] + 1
    if len(unit) % length:
        raise NotApplicableError(Said("analysis.no_trajectories", n=len(unit), length=length))
    steps = np.diff(unit.reshape(-1, length, unit.shape[1]), axis=1)
    if words is not None:
        steps[:, :, words] = np.sign(steps[:, :, words])
    changes = np.diff(outputs.reshape(-1, length), axis=1)
    moved = np.abs(steps) > 1e-12
    if (moved.sum(axis=2) > 1).any():
        raise NotApplicableError(Said("analysis.morris_order"))
    effects = np.full((len(steps), unit.shape[1]), np.nan)
    trajectory, step, factor = np.nonzero(moved)
    effects[trajectory, factor] = changes[trajectory, step] / steps[trajectory, step, factor]
    return effects


def _describe(effects: NDArray[np.float64], seed: int) -> list[dict[str, float]]:
    """Return the numbers of each factor."""
    draws = np.random.default_rng(seed)
    size = len(effects)
    found = _numbers(effects)
    resampled = np.array([_numbers(effects[draws.integers(size, size=size)]) for _ in range(RESAMPLES)])
    low, high = percentiles(resampled.reshape(RESAMPLES, -1))
    low, high = low.reshape(found.shape), high.reshape(found.shape)
    return [
        {
            "mu": found[0, k], "mu_star": found[1, k], "mu_star_low": low[1, k], "mu_star_high": high[1, k],
            "sigma": found[2, k], "sigma_low": low[2, k], "sigma_high": high[2, k],
            "trajectories": int((~np.isnan(effects[:, k])).sum()),
        }
        for k in range(effects.shape[1])
    ]  # fmt: skip


def _numbers(effects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return mu, mu* and sigma (rows) of each factor (columns)."""
    seen = ~np.isnan(effects)
    n = seen.sum(axis=0)
    filled = np.where(seen, effects, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mu, mu_star = filled.sum(axis=0) / n, np.abs(filled).sum(axis=0) / n
        sigma = np.sqrt((np.where(seen, effects - mu, 0.0) ** 2).sum(axis=0) / (n - 1))
    return np.stack([mu, mu_star, sigma])
