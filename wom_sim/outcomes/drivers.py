"""Which numbers decide: rank correlation, share of variance, value of knowing one perfectly, and what flips.

The value of perfect information on one number (EVPPI) is estimated from the sample itself: the expected net value of
each policy, given the number, is a spline through the worlds; knowing the number is worth what the best of these
curves is above the best policy, on average.
Source: Strong, Oakley & Brennan 2014, "Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample: a nonparametric regression approach".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._tables import ALL_POLICIES
from wom_sim.outcomes.splines import bases_of, chosen, curves
from wom_sim.outcomes.variance_shares import shares
from wom_sim.outcomes.worlds import Floats, ends, resampled, values_by_world

_PERMUTATIONS = 400
_RESAMPLES = 400
_MEASURES = ("rank_correlation", "evppi", "flips", "share_of_variance")

COLUMNS = (
    "policy", "parameter", "grade", "low", "high", "rank_correlation", "evppi", "flips", "share_of_variance",
    "rank_correlation_low", "rank_correlation_high", "evppi_low", "evppi_high", "evppi_by_chance", "flips_low",
    "flips_high", "flip_at", "share_of_variance_low", "share_of_variance_high", "value_if_low", "value_if_high",
    "beyond_chance", "share_beyond_chance", "share_by_chance", "swing_beyond_chance", "used",
)  # fmt: skip

Uses = Callable[[str, str], bool]
"""Called with a policy and a number: whether a result of the policy can depend on the number."""


def drivers(
    replications: pd.DataFrame,
    worlds: pd.DataFrame,
    about: pd.DataFrame,
    seed: int = 0,
    uses: Uses = lambda policy, number: True,
) -> pd.DataFrame:
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
    uses : callable
        Whether a policy uses a number. One that no policy of a choice uses has exactly 0 in all columns of its row.

    Returns
    -------
    DataFrame
        ``COLUMNS``; those that decide most first. ``low`` and ``high`` are the ends of the number's range. In rows
        of all policies, correlation and variance are of the best less the second best. ``value_if_low`` is the mean
        where the number is in its lowest fifth. ``evppi_by_chance`` is what permuted worlds reach, over all numbers,
        in one case of twenty; ``beyond_chance`` says whether the figure is above. ``share_of_variance`` is that of one
        fit of all numbers that are beyond chance, 0 for the others (``shares``); ``swing_beyond_chance`` says whether
        ``value_if_high`` and ``value_if_low`` are further apart than those of the luckiest permuted number.
    """
    policies, runs = values_by_world(replications)
    means = runs.mean(axis=1)
    numbers = worlds.set_index("world").loc[sorted(replications["world"].unique()), list(about["parameter"])]
    bases = [bases_of(numbers[name].to_numpy(dtype=float)) for name in about["parameter"]]
    order = np.argsort(-means.mean(axis=0), kind="stable")
    rows = []
    for name, kept in _choices(policies, order):
        used = [any(uses(policies[k], number) for k in kept) for number in about["parameter"]]
        drawn = Drawn(numbers, about, [basis for basis, is_used in zip(bases, used, strict=True) if is_used], used)
        rows += _of_choice(name, means[:, kept], drawn, seed)
    return pd.DataFrame(rows, columns=list(COLUMNS))


class Drawn(NamedTuple):
    """The numbers that were drawn: worlds x numbers, what is known of each, and which the policies of a choice use.

    ``bases`` are those of the used ones alone.
    """

    numbers: pd.DataFrame
    about: pd.DataFrame
    bases: list[list[Floats]]
    used: list[bool]


def of_the_choice(drivers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about which policy to choose: among all if there are several, else the one against keep."""
    among_all = drivers[drivers["policy"] == ALL_POLICIES]
    return drivers if among_all.empty else among_all


def of_each_policy(drivers: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about whether each policy beats keep; none where that is the choice itself."""
    return drivers[(drivers["policy"] != ALL_POLICIES) & bool((drivers["policy"] == ALL_POLICIES).any())]


def _choices(policies: list[str], order: NDArray[np.int64]) -> list[tuple[str, list[int]]]:
    """Return the choices to be looked at: a name, and the policies among which it is, the best two first."""
    keep = policies.index("keep")
    found = [(ALL_POLICIES, [int(k) for k in order])] if len(policies) > 2 else []
    rank = {int(k): n for n, k in enumerate(order)}
    return found + [(policies[k], [k, keep]) for k in sorted(rank, key=rank.__getitem__) if k != keep]


def _of_choice(name: str, means: Floats, drawn: Drawn, seed: int) -> list[dict[str, object]]:
    """Return a row for each number. The first two columns of ``means`` are the policies whose gap is looked at."""
    gaps = means - means[:, [int(np.argmax(means.mean(axis=0)))]]
    gap = means[:, 0] - means[:, 1]
    again = resampled(len(means), _RESAMPLES, seed)
    known = drawn.about[drawn.used].to_dict("records")
    columns = [drawn.numbers[info["parameter"]].to_numpy(dtype=float) for info in known]
    chance, often = by_chance(gaps, drawn.bases, seed) if known else (0.0, 0.0)
    share, swings = shares(gap, drawn.bases, again, seed), _swings(gap, columns, seed)
    rows = []
    for k, (info, x) in enumerate(zip(known, columns, strict=True)):
        found = knowing(gaps, x, drawn.bases[k], again)
        correlation = rank_correlation(x, gap)
        rows.append(
            _head(name, info)
            | dict(zip(_ends("rank_correlation"), correlation, strict=True))
            | dict(zip(_ends("evppi"), (found.value, found.low, max(found.high, chance)), strict=True))
            | dict(zip(_ends("flips"), (found.flips, found.flips_low, max(found.flips_high, often)), strict=True))
            | dict(zip(_ends("share_of_variance"), (share.value[k], share.low[k], share.high[k]), strict=True))
            | {"evppi_by_chance": chance, "flip_at": found.flip_at, "beyond_chance": found.value > chance}
            | {"share_beyond_chance": bool(share.beyond[k]), "share_by_chance": share.by_chance}
            | {"value_if_low": swings.low[k], "value_if_high": swings.high[k], "used": True}
            | {"swing_beyond_chance": bool(swings.beyond[k])}
        )
    rows.sort(key=lambda row: (-row["evppi"], -row["share_of_variance"]))
    idle = drawn.about[~np.array(drawn.used)].to_dict("records")
    return rows + [_head(name, info) | _without_use(float(gap.mean())) for info in idle]


def _head(name: str, info: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Return what names a row: policy, number, grade, range."""
    return {"policy": name} | {column: info[column] for column in ("parameter", "grade", "low", "high")}


def _ends(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _without_use(mean: float) -> dict[str, Any]:
    """Return the figures of a number on which nothing depends: exactly 0, and the same result at both of its ends."""
    nothing = {column: 0.0 for name in _MEASURES for column in _ends(name)}
    nothing |= {"evppi_by_chance": 0.0, "share_by_chance": 0.0, "flip_at": float("nan")}
    told = {name: False for name in ("beyond_chance", "share_beyond_chance", "swing_beyond_chance", "used")}
    return nothing | told | {"value_if_low": mean, "value_if_high": mean}


class Swings(NamedTuple):
    """The mean gap where a number is in its lowest fifth, and in its highest; whether they differ beyond chance."""

    low: Floats
    high: Floats
    beyond: NDArray[np.bool_]


def _swings(gap: Floats, columns: list[Floats], seed: int) -> Swings:
    """Return how far each number swings the gap, held against the luckiest number of permuted worlds."""
    if not columns:
        return Swings(np.empty(0), np.empty(0), np.empty(0, dtype=bool))
    ends = [np.stack([_fifth(x, top) for x in columns]).astype(float) for top in (False, True)]
    low, high = (each / each.sum(axis=1, keepdims=True) for each in ends)
    generator = np.random.default_rng([seed, 0x7377696E])
    shuffled = np.stack([generator.permutation(gap) for _ in range(_PERMUTATIONS)], axis=1)
    chance = float(np.quantile(np.abs((high - low) @ shuffled).max(axis=0), 0.95))
    return Swings(low @ gap, high @ gap, np.abs((high - low) @ gap) > chance)


def _fifth(x: Floats, top: bool) -> NDArray[np.bool_]:
    edge = np.quantile(x, 0.8 if top else 0.2)
    return x >= edge if top else x <= edge


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


def knowing(gaps: Floats, x: Floats, bases: list[Floats], again: NDArray[np.int64]) -> Knowing:
    """Return the value of knowing a number; ``gaps`` are net values less those of the best policy."""
    fitted = curves(gaps, bases)
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
    best_basis = chosen(gaps, bases)
    for which in np.unique(best_basis):
        basis, columns = bases[which], np.flatnonzero(best_basis == which)
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
        fitted = curves(shuffled, basis).reshape(n, permutations, policies)
        values = fitted.max(axis=2).mean(axis=0) - fitted.mean(axis=0).max(axis=1)
        highest = np.maximum(highest, np.minimum(values, _at_most(gaps)))
        flips = (np.delete(fitted, best, axis=2).max(axis=2) > fitted[:, :, best]).mean(axis=0)
        oftenest = np.maximum(oftenest, flips)
    return float(np.quantile(highest, 0.95)), float(np.quantile(oftenest, 0.95))


# -- correlation --------------------------------------------------------------------------------


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
