"""Which numbers decide: rank correlation, share of variance, value of knowing one perfectly, and what flips.

The value of perfect information on one number (EVPPI) is estimated from the sample itself: the expected net value of
each policy, given the number, is a spline through the worlds; knowing the number is worth what the best of these
curves is above the best policy, on average.
Source: Strong, Oakley & Brennan 2014, "Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample: a nonparametric regression approach".
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.worlds import Floats, ends, resampled, values_by_world

EVERY = "all policies"
"""In ``drivers.csv`` the rows about the choice among all policies; other rows are about one policy against keep."""
_KNOTS = 5
_GROUPS = 6
"""A number with so few values or fewer is taken by value, not by spline."""
_PERMUTATIONS = 400
_RESAMPLES = 400
_LEAST_WORLDS = 12

COLUMNS = (
    "policy", "parameter", "grade", "low", "high", "rank_correlation", "evppi", "flips", "share_of_variance",
    "rank_correlation_low", "rank_correlation_high", "evppi_low", "evppi_high", "evppi_by_chance", "flips_low",
    "flips_high", "flip_at", "share_of_variance_low", "share_of_variance_high", "value_if_low", "value_if_high",
    "beyond_chance",
)  # fmt: skip


def drivers(replications: pd.DataFrame, worlds: pd.DataFrame, about: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return what each number does to the choice among all policies, and to each policy against ``keep``.

    Parameters
    ----------
    replications : DataFrame
        Columns world, policy, replication, net_value; ``keep`` among the policies.
    worlds : DataFrame
        Column world, and one for each number that was drawn.
    about : DataFrame
        Columns parameter, grade, low, high: a row for each of these numbers.
    seed : int
        Seed of permutations and resamples.

    Returns
    -------
    DataFrame
        ``COLUMNS``; those that decide most first. ``low`` and ``high`` are the ends of the number's range. In rows
        of all policies, correlation and variance are of the best less the second best. ``value_if_low`` is the mean
        where the number is in its lowest fifth. ``evppi_by_chance`` is what permuted worlds reach, over all numbers,
        in one case of twenty; ``beyond_chance`` says whether the figure is above.
    """
    policies, runs = values_by_world(replications)
    means = runs.mean(axis=1)
    numbers = worlds.set_index("world").loc[sorted(replications["world"].unique()), list(about["parameter"])]
    bases = [_bases(numbers[name].to_numpy(dtype=float)) for name in about["parameter"]]
    order = np.argsort(-means.mean(axis=0), kind="stable")
    rows = []
    for name, kept in _choices(policies, order):
        rows += _of_choice(name, means[:, kept], (numbers, about, bases), seed)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _choices(policies: list[str], order: NDArray[np.int64]) -> list[tuple[str, list[int]]]:
    """Return the choices to be looked at: a name, and the policies among which it is, the best two first."""
    keep = policies.index("keep")
    found = [(EVERY, [int(k) for k in order])] if len(policies) > 2 else []
    rank = {int(k): n for n, k in enumerate(order)}
    return found + [(policies[k], [k, keep]) for k in sorted(rank, key=rank.__getitem__) if k != keep]


def _of_choice(
    name: str, means: Floats, drawn: tuple[pd.DataFrame, pd.DataFrame, list[list[Floats]]], seed: int
) -> list[dict[str, object]]:
    """Return a row for each number. The first two columns of ``means`` are the policies whose gap is looked at."""
    numbers, about, bases = drawn
    gaps = means - means[:, [int(np.argmax(means.mean(axis=0)))]]
    gap = means[:, 0] - means[:, 1]
    chance, often = by_chance(gaps, bases, seed)
    again = resampled(len(means), _RESAMPLES, seed)
    rows = []
    for (_, info), basis in zip(about.iterrows(), bases, strict=True):
        x = numbers[info["parameter"]].to_numpy(dtype=float)
        found = _knowing(gaps, x, basis, again)
        high = max(found.high, chance)
        correlation = rank_correlation(x, gap)
        share = _share_of_variance(gap, basis, again)
        low_fifth, high_fifth = (gap[_fifth(x, top)].mean() for top in (False, True))
        rows.append(
            {
                "policy": name, "parameter": info["parameter"], "grade": info["grade"],
                "low": info["low"], "high": info["high"],
                "rank_correlation": correlation[0], "rank_correlation_low": correlation[1],
                "rank_correlation_high": correlation[2],
                "evppi": found.value, "evppi_low": found.low, "evppi_high": high, "evppi_by_chance": chance,
                "flips": found.flips, "flips_low": found.flips_low, "flips_high": max(found.flips_high, often),
                "flip_at": found.flip_at,
                "share_of_variance": share[0], "share_of_variance_low": share[1], "share_of_variance_high": share[2],
                "value_if_low": low_fifth, "value_if_high": high_fifth, "beyond_chance": found.value > chance,
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: (-row["evppi"], -row["share_of_variance"]))


def _fifth(x: Floats, top: bool) -> NDArray[np.bool_]:
    edge = np.quantile(x, 0.8 if top else 0.2)
    return x >= edge if top else x <= edge


# -- curves --------------------------------------------------------------------------------------------------


def _bases(x: Floats) -> list[Floats]:
    """Return bases of growing richness for a curve over ``x``, each orthonormal, the constant among them."""
    n = len(x)
    found = [np.full((n, 1), n**-0.5)]
    values = np.unique(x)
    if n < _LEAST_WORLDS or len(values) < 2:
        return found
    if len(values) <= _GROUPS:
        columns = [(x == value).astype(float) for value in values]
        return [*found, _orthonormal(np.column_stack(columns))]
    scaled = (x - x.mean()) / x.std()
    for knots in range(2, min(_KNOTS, n // 10 + 2) + 1):
        found.append(_orthonormal(_natural_spline(scaled, knots)))
    return found


def _natural_spline(x: Floats, knots: int) -> Floats:
    """Return a natural cubic spline's basis: constant, ``x`` and, for each inner knot, a curve straight at the ends.

    Source: Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, section 5.2.1.
    """
    at = np.unique(np.quantile(x, np.linspace(0.05, 0.95, knots)))
    if len(at) < 3:
        return np.column_stack([np.ones_like(x), x])

    def curve(k: int) -> Floats:
        bent: Floats = np.maximum(0.0, x - at[k]) ** 3 - np.maximum(0.0, x - at[-1]) ** 3
        return bent / (at[-1] - at[k])

    last = curve(len(at) - 2)
    return np.column_stack([np.ones_like(x), x, *(curve(k) - last for k in range(len(at) - 2))])


def _orthonormal(columns: Floats) -> Floats:
    q, r = np.linalg.qr(columns)
    kept = np.abs(np.diag(r)) > 1e-9 * np.abs(r).max()
    basis: Floats = q[:, kept]
    return basis


def _chosen(y: Floats, bases: list[Floats]) -> NDArray[np.int64]:
    """Return for each column of ``y`` which basis has the least BIC."""
    n = len(y)
    whole = (y**2).sum(axis=0)
    scores = []
    for basis in bases:
        left = np.maximum(whole - ((basis.T @ y) ** 2).sum(axis=0), 1e-12 * np.maximum(whole, 1e-300))
        scores.append(n * np.log(left / n) + basis.shape[1] * np.log(n))
    chosen: NDArray[np.int64] = np.argmin(scores, axis=0)
    return chosen


def _curves(y: Floats, bases: list[Floats]) -> Floats:
    """Return the expected value of each column of ``y`` given the number, in each world."""
    out = np.empty_like(y)
    chosen = _chosen(y, bases)
    for which in np.unique(chosen):
        columns = chosen == which
        out[:, columns] = bases[which] @ (bases[which].T @ y[:, columns])
    return out


# -- the value of knowing ------------------------------------------------------------------------------------


class Knowing(NamedTuple):
    """What knowing a number is worth and how often it flips the choice, each with ends; where it first flips."""

    value: float
    low: float
    high: float
    flips: float
    flips_low: float
    flips_high: float
    flip_at: float


def _knowing(gaps: Floats, x: Floats, bases: list[Floats], again: NDArray[np.int64]) -> Knowing:
    """Return the value of knowing a number; ``gaps`` are net values less those of the best policy."""
    fitted = _curves(gaps, bases)
    best = int(np.argmax(gaps.mean(axis=0)))
    value = min(fitted.max(axis=1).mean() - fitted.mean(axis=0).max(), _at_most(gaps))
    other = np.delete(fitted, best, axis=1).max(axis=1) - fitted[:, best]
    values, flips = _again(gaps, bases, again, best)
    low, high = ends(values)
    flips_low, flips_high = ends(flips)
    crossing = _crossing(x, other)
    flipped = float((other > 0.0).mean())
    return Knowing(
        float(max(0.0, value)), float(low), float(high), flipped, min(flipped, float(flips_low)),
        max(flipped, float(flips_high)), crossing,
    )  # fmt: skip


def _at_most(gaps: Floats) -> float:
    """Return what it is worth to know everything in these worlds: one number cannot be worth more."""
    return float(gaps.max(axis=1).mean() - gaps.mean(axis=0).max())


def _again(gaps: Floats, bases: list[Floats], again: NDArray[np.int64], best: int) -> tuple[Floats, Floats]:
    """Return value and flips in each resample of worlds, with curves of the same richness."""
    weights, n = again.astype(float), len(gaps)
    fitted = np.empty((len(again), n, gaps.shape[1]))
    chosen = _chosen(gaps, bases)
    for which in np.unique(chosen):
        basis, columns = bases[which], np.flatnonzero(chosen == which)
        p = basis.shape[1]
        products = (basis[:, :, None] * basis[:, None, :]).reshape(n, p * p)
        left = (weights @ products).reshape(-1, p, p) + 1e-9 * np.eye(p)
        targets = (basis[:, :, None] * gaps[:, None, columns]).reshape(n, -1)
        right = (weights @ targets).reshape(-1, p, len(columns))
        fitted[:, :, columns] = np.einsum("np,bpd->bnd", basis, np.linalg.solve(left, right))
    means = np.einsum("bn,bnd->bd", weights, fitted) / n
    values = np.einsum("bn,bn->b", weights, fitted.max(axis=2)) / n - means.max(axis=1)
    values = np.minimum(values, weights @ gaps.max(axis=1) / n - (weights @ gaps / n).max(axis=1))
    other = np.delete(fitted, best, axis=2).max(axis=2) > fitted[:, :, best]
    return np.maximum(0.0, values), np.einsum("bn,bn->b", weights, other.astype(float)) / n


def _crossing(x: Floats, other: Floats) -> float:
    """Return where another policy first becomes as good, from the middle of ``x`` outwards; NaN if nowhere."""
    order = np.argsort(x, kind="stable")
    at, sign = x[order], other[order] > 0.0
    turns = np.flatnonzero(sign[1:] != sign[:-1])
    if not len(turns):
        return float("nan")
    places = (at[turns] + at[turns + 1]) / 2.0
    return float(places[np.argmin(np.abs(places - np.median(x)))])


def by_chance(
    gaps: Floats, bases: list[list[Floats]], seed: int, permutations: int = _PERMUTATIONS
) -> tuple[float, float]:
    """Return value and flips that the luckiest number reaches in 5 % of cases where none has any value.

    Worlds are permuted against the numbers, all numbers alike; each permutation has one highest value. This is what
    the estimate finds in noise, with as many numbers as there are, and what may go unseen.
    """
    generator = np.random.default_rng([seed, 0x7065726D])
    n, policies = gaps.shape
    best = int(np.argmax(gaps.mean(axis=0)))
    orders = np.stack([generator.permutation(n) for _ in range(permutations)])
    shuffled = gaps[orders].transpose(1, 0, 2).reshape(n, permutations * policies)
    highest, oftenest = np.zeros(permutations), np.zeros(permutations)
    for basis in bases:
        fitted = _curves(shuffled, basis).reshape(n, permutations, policies)
        values = fitted.max(axis=2).mean(axis=0) - fitted.mean(axis=0).max(axis=1)
        highest = np.maximum(highest, np.minimum(values, _at_most(gaps)))
        flips = (np.delete(fitted, best, axis=2).max(axis=2) > fitted[:, :, best]).mean(axis=0)
        oftenest = np.maximum(oftenest, flips)
    return float(np.quantile(highest, 0.95)), float(np.quantile(oftenest, 0.95))


# -- correlation and variance --------------------------------------------------------------------------------


def rank_correlation(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Return Spearman's rank correlation with its 95 % interval; 0 where one of the two does not vary.

    Source: Bonett & Wright 2000, "Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations": Fisher's z with variance (1 + r^2/2)/(n - 3).
    """
    from scipy.special import ndtri
    from scipy.stats import rankdata

    n = len(x)
    a, b = rankdata(x), rankdata(y)
    if n < 4 or a.std() == 0.0 or b.std() == 0.0:
        return 0.0, -1.0 if n < 4 else 0.0, 1.0 if n < 4 else 0.0
    r = float(np.corrcoef(a, b)[0, 1])
    half = float(ndtri(0.975)) * np.sqrt((1.0 + r * r / 2.0) / (n - 3))
    z = np.arctanh(np.clip(r, -1.0 + 1e-12, 1.0 - 1e-12))
    return r, float(np.tanh(z - half)), float(np.tanh(z + half))


def _share_of_variance(y: Floats, bases: list[Floats], again: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the share of the variance of ``y`` that the number alone explains (a first-order Sobol index).

    Source: Saltelli et al. 2008, Global Sensitivity Analysis, from given data; adjusted for the curve's freedom.
    """
    basis = bases[int(_chosen(y[:, None], bases)[0])]
    n, p = basis.shape
    if y.var() == 0.0 or p == 1:
        return 0.0, 0.0, _undetected(n)
    fitted = basis @ (basis.T @ y)

    def share(w: Floats) -> Floats:
        mean = w @ y / n
        left = w @ (y - fitted) ** 2 / (n - p)
        whole = (w @ y**2 / n - mean**2) * n / (n - 1)
        return np.clip(1.0 - left / np.maximum(whole, 1e-300), 0.0, 1.0)

    low, high = ends(share(again.astype(float)))
    return float(share(np.ones((1, n)))[0]), float(low), float(high)


def _undetected(worlds: int) -> float:
    """Return the share of variance that goes unseen: BIC adds a straight line from about log(n)/n on."""
    return min(1.0, 2.0 * float(np.log(worlds)) / worlds)
