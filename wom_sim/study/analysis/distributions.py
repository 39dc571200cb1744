"""How far a factor moves the whole distribution of an output, not its mean alone: Borgonovo's delta, and PAWN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.classes import classes_of, spread_points, there
from wom_sim.study.analysis.intervals import percentiles
from wom_sim.study.analysis.study import NothingFoundError, Response, Study
from wom_sim.words.said import Said

Floats = NDArray[np.float64]
_SLICES = 10
_RESAMPLES, _PERMUTATIONS = 200, 200
_DELTA_RESAMPLES, _DELTA_PERMUTATIONS = 60, 40
_GRID = 100
_SMOOTH = 20
"""So many different values an output must take, and in each class more than one, for a density to mean anything."""


def pawn(study: Study) -> pd.DataFrame:
    """Return how far the distribution of each output moves away from that of all points, where a factor is known.

    Points are put into classes by the factor: ten with equally many of a number, one for each value of what is no
    number, or takes few values. ``pawn`` is the median over classes of the greatest distance between the distribution
    in the class and that of all points (Kolmogorov-Smirnov), ``pawn_most`` the largest: 0 moves nothing, 1 all. 95 %
    intervals: bootstrap over points. ``by_chance``: what the luckiest factor reaches in one case of twenty where
    none moves anything; ``beyond_chance``: whether ``pawn`` is above. A factor that the policy does not use has 0.

    Source: Pianosi & Wagener 2018, "Distribution-based sensitivity analysis from a generic input-output sample".

    Raises
    ------
    NotApplicableError
        If points are too few, or not spread.
    """
    points = spread_points(study, Said("analysis.what.distances"))
    rows: list[dict[str, Any]] = []
    for response in study.responses():
        found = there(response, points)
        if found is not None:
            rows += _of_pawn(study, response, *found)
    if not rows:
        raise NothingFoundError(Said("analysis.same_everywhere"))
    return pd.DataFrame(rows)


def _of_pawn(study: Study, response: Response, points: NDArray[np.int64], outputs: Floats) -> list[dict[str, Any]]:
    """Return the rows of one response."""
    used = [f for f in study.varied if study.uses(response.policy, f.key)]
    of = {f.key: classes_of(study, f, points, _SLICES) for f in used}
    draws = np.random.default_rng(study.seed)
    size = len(outputs)
    again = draws.multinomial(size, np.full(size, 1.0 / size), size=_RESAMPLES)
    shuffled = [draws.permutation(size) for _ in range(_PERMUTATIONS)]
    order = np.argsort(outputs, kind="stable")
    luckiest = [max((np.median(distances(of[k][s], outputs, order)) for k in of), default=0.0) for s in shuffled]
    chance = float(np.quantile(luckiest, 0.95))
    rows = []
    for factor in study.varied:
        told = {name: 0.0 for name in ("pawn", "low", "high", "pawn_most", "most_low", "most_high")}
        if factor.key in of:
            told = _with_ends(of[factor.key], outputs, order, again)
        is_used = factor.key in of
        sure = {"by_chance": chance, "beyond_chance": is_used and told["pawn"] > chance}
        rows.append(response.head | {"factor": factor.key} | told | sure | {"points": size, "used": is_used})
    return rows


def _with_ends(
    classes: NDArray[np.int64], outputs: Floats, order: NDArray[np.int64], again: NDArray[np.int64]
) -> dict[str, float]:
    """Return median and largest distance of classes with the ends of their intervals."""
    every = distances(classes, outputs, order)
    samples = [distances(classes, outputs, order, times.astype(float)) for times in again]
    low, high = percentiles(np.array([[np.nanmedian(s), np.nanmax(s)] for s in samples]))
    middle, most = float(np.median(every)), float(every.max())
    return {
        "pawn": middle, "low": min(low[0], middle), "high": max(high[0], middle),
        "pawn_most": most, "most_low": min(low[1], most), "most_high": max(high[1], most),
    }  # fmt: skip


def distances(
    classes: NDArray[np.int64], outputs: Floats, order: NDArray[np.int64], weights: Floats | None = None
) -> Floats:
    """Return the greatest distance between the distribution of each class and that of all; NaN for an empty class.

    ``order`` sorts the outputs; ``weights``: how often each point counts.
    """
    w = (np.ones(len(outputs)) if weights is None else weights)[order]
    placed = outputs[order]
    last = np.append(placed[1:] != placed[:-1], True)  # of equal outputs only the last is a step of the distribution
    members = classes[order][None, :] == np.arange(classes.max() + 1)[:, None]
    inside = np.cumsum(members * w, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        gaps = np.abs(inside / inside[:, -1:] - np.cumsum(w) / w.sum())
    return np.asarray(gaps[:, last].max(axis=1))


def delta(study: Study) -> pd.DataFrame:
    """Return how much of the density of each output moves, on average, when a factor becomes known: delta.

    0 where the output does not depend on the factor, 1 where the factor alone makes it. ``delta`` has the bias that few
    points bring taken off by bootstrap, with its 95 % interval. ``by_chance``: what the luckiest factor reaches in one
    case of twenty where none moves anything. Classes are those of ``pawn``, of a number as many as Plischke takes. An
    output that takes few values, as a chance does, has no density, and no row; ``pawn`` has one.

    Source: Borgonovo 2007, "A new uncertainty importance measure"; Plischke, Borgonovo & Smith 2013, "Global
    sensitivity measures from given data": the estimator of SALib, here with classes that are right for words as well,
    no class passed over, and luck of its own.

    Raises
    ------
    NotApplicableError
        If points are too few, or not spread.
    """
    points = spread_points(study, Said("analysis.what.densities"))
    rows: list[dict[str, Any]] = []
    few = []
    for response in study.responses():
        found = there(response, points)
        if found is None:
            continue
        if len(np.unique(found[1])) < _SMOOTH:
            few.append(response.output)
            continue
        rows += _of_delta(study, response, *found)
    if few:
        names = ", ".join(dict.fromkeys(few))
        study.leave_out(Said("analysis.no_density", outputs=names))
    if not rows:
        raise NothingFoundError(Said("analysis.no_densities"))
    return pd.DataFrame(rows)


def _of_delta(study: Study, response: Response, points: NDArray[np.int64], outputs: Floats) -> list[dict[str, Any]]:
    """Return the rows of one response."""
    used = [f for f in study.varied if study.uses(response.policy, f.key)]
    of = {f.key: classes_of(study, f, points, _classes(len(outputs))) for f in used}
    draws = np.random.default_rng([study.seed, 1])
    luckiest = [
        max((moved(of[k][order], outputs) for k in of), default=0.0)
        for order in (draws.permutation(len(outputs)) for _ in range(_DELTA_PERMUTATIONS))
    ]
    rows = []
    for factor in study.varied:
        is_used, sure = factor.key in of, False
        told = {"delta": 0.0, "low": 0.0, "high": 0.0}
        if is_used:
            told = _delta_with_ends(of[factor.key], outputs, draws)
            sure = moved(of[factor.key], outputs) > float(np.quantile(luckiest, 0.95))
        lucky = max(0.0, float(np.quantile(luckiest, 0.95) - np.mean(luckiest)))
        head: dict[str, Any] = {**response.head, "factor": factor.key}
        about = {"by_chance": lucky, "beyond_chance": sure, "points": len(outputs), "used": is_used}
        rows.append(head | told | about)
    return rows


def _classes(points: int) -> int:
    """Return how many classes so many points bear. Source: Plischke et al. 2013, as SALib has it."""
    return int(np.round(min(int(np.ceil(points ** (2.0 / (7.0 + np.tanh((1500.0 - points) / 500.0))))), 48)))


def _delta_with_ends(classes: NDArray[np.int64], outputs: Floats, draws: np.random.Generator) -> dict[str, float]:
    """Return delta less its bias, with its interval, both by bootstrap over points."""
    first, size = moved(classes, outputs), len(outputs)
    chosen = (draws.integers(size, size=size) for _ in range(_DELTA_RESAMPLES))
    again = np.array([2.0 * first - moved(classes[k], outputs[k]) for k in chosen])
    middle = float(np.clip(again.mean(), 0.0, 1.0))
    low, high = percentiles(again[:, None])
    return {"delta": middle, "low": min(middle, max(0.0, float(low[0]))), "high": max(middle, min(1.0, float(high[0])))}


def moved(classes: NDArray[np.int64], outputs: Floats) -> float:
    """Return the mean over classes of half the area between the density in the class and that of all points.

    Densities are Gaussian kernels of Silverman's width. A class in which the output is always the same has no density:
    all of it has moved.
    """
    grid = np.linspace(outputs.min(), outputs.max(), _GRID)
    whole, found = _density(outputs, grid), 0.0
    for number in np.unique(classes):
        own = outputs[classes == number]
        apart = 2.0 if np.ptp(own) == 0.0 else float(_area(np.abs(whole - _density(own, grid)), grid))
        found += len(own) / (2.0 * len(outputs)) * apart
    return found


def _density(values: Floats, grid: Floats) -> Floats:
    """Return the density of values at the points of a grid. Source: Silverman 1986, Density estimation."""
    width = values.std(ddof=1) * (0.75 * len(values)) ** -0.2
    kernels = np.exp(-0.5 * ((grid[:, None] - values[None, :]) / width) ** 2)
    return np.asarray(kernels.sum(axis=1) / (len(values) * width * np.sqrt(2.0 * np.pi)))


def _area(heights: Floats, grid: Floats) -> float:
    return float(((heights[1:] + heights[:-1]) / 2.0 * np.diff(grid)).sum())
