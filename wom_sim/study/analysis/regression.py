"""Effects by regression: every factor at once, numbers and words alike, alone and in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.effects import told_apart, unit_of
from wom_sim.study.analysis.intervals import RARE, chance_of_mean, holm, interval
from wom_sim.study.analysis.sobol import independent_rows
from wom_sim.study.analysis.study import (
    Factor,
    NotApplicableError,
    NothingFoundError,
    OtherDesignError,
    Response,
    Study,
)
from wom_sim.words.said import OfPolicy, Said

Floats = NDArray[np.float64]
_SPARE = 10
"""Where the unit is the point, so many must be left over after every term has taken one, to tell the noise."""
_TINY = 1e-9


class Term(NamedTuple):
    """A column of the regression: steps of one factor, or of two; ``level`` from ``base``, for each.

    ``centres``: what was taken off each, so that the mean is 0.
    """

    factors: tuple[Factor, ...]
    bases: tuple[Any, ...]
    levels: tuple[Any, ...]
    centres: tuple[float, ...]
    column: Floats


def regression(study: Study) -> pd.DataFrame:
    """Return the effect of each factor, and of each pair beyond the two alone, from one least-squares fit of all.

    ``change``: of the output when ``factor`` goes ``from`` one level ``to`` another, at the average of all
    others: for a number from its low end to its high end (straight between them, on its own scale), for what is no
    number from its first value to each other. In rows with ``with`` it is an interaction: how much more that step does
    at ``with_to`` than at ``with_from``, where it does ``effect_last`` and ``effect_first``. Each has its 95 % interval
    and ``se``. ``by``: where points are scattered the unit is the point, and errors are those of White as corrected by
    MacKinnon (HC3), so that what the straight lines miss counts as noise; on a grid the unit is the replication, paired
    by luck, and the points are taken as they are. ``beyond_chance``: beyond what the luckiest of all terms of the
    output and policy shows (Holm 1979). ``fits``: the share of the variance of the means over replications that the
    regression describes (R squared, adjusted). Of factors that the design moves together, only the first stands here.
    ``used``: whether the policy uses the factors.

    Source: MacKinnon & White 1985, "Some heteroskedasticity-consistent covariance matrix estimators with improved
    finite sample properties".

    Raises
    ------
    NotApplicableError
        If points are too few for the factors, or the design cannot tell them apart.
    """
    if study.kind in ("morris", "one_at_a_time"):
        raise OtherDesignError(Said("analysis.regression", kind=study.kind))
    points = independent_rows(study)
    factors = [f for f in study.varied if not f.numeric or f in told_apart(study)]
    if not factors:
        raise NotApplicableError(Said("analysis.no_factor"))
    rows: list[dict[str, Any]] = []
    for response in study.responses():
        rows += _of_response(study, response, factors, points)
    if not rows:
        raise NothingFoundError(Said("analysis.same_or_few"))
    return pd.DataFrame(rows)


def _of_response(
    study: Study, response: Response, factors: Sequence[Factor], points: NDArray[np.int64]
) -> list[dict[str, Any]]:
    """Return the rows of one response; none where nothing varies, or no point has a value."""
    means = response.means[points]
    seen = ~np.isnan(means)
    mine = [f for f in factors if study.uses(response.policy, f.key)]
    if not mine or not seen.any() or np.ptp(means[seen]) == 0.0:
        return []
    kept = points[seen]
    whole = response.runs[kept][:, ~np.isnan(response.runs[kept]).any(axis=0)]
    by = unit_of(study) if whole.shape[1] > 1 else "point"
    terms = terms_of(study, mine, kept, _SPARE if by == "point" else 0)
    if terms is None:
        study.leave_out(Said("analysis.few_for_factors", policy=OfPolicy(response.policy), n=len(mine)))
        return []
    found = _by_replication(terms, whole) if by == "replication" else _by_point(terms, means[seen])
    sure = holm(found.p) < RARE
    rows = [
        response.head | _named(term) | dict(zip(("change", "low", "high", "se", "p"), each, strict=True))
        | dict(zip(("effect_first", "effect_last"), at, strict=True))
        | {"beyond_chance": bool(is_sure), "fits": found.fits, "points": len(kept), "by": by, "used": True}
        for term, each, at, is_sure in zip(
            terms, zip(*found[:5], strict=True), effects_at(terms, found.effect), sure, strict=True
        )
    ]  # fmt: skip
    return rows + [_idle(response, f, rows[0]) for f in factors if f not in mine]


def _idle(response: Response, factor: Factor, like: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a factor that the policy does not use: exactly 0."""
    named = {name: None for name in ("from", "to", "with", "with_from", "with_to")}
    nothing = {"change": 0.0, "low": 0.0, "high": 0.0, "se": 0.0, "p": 1.0, "beyond_chance": False, "used": False}
    nothing |= dict.fromkeys(("effect_first", "effect_last"), float("nan"))
    return like | response.head | {"factor": factor.key} | named | nothing


def _named(term: Term) -> dict[str, Any]:
    """Return the columns that name a term."""
    told: dict[str, Any] = {"with": None, "with_from": None, "with_to": None}
    told = {"factor": term.factors[0].key, "from": term.bases[0], "to": term.levels[0]} | told
    if len(term.factors) == 2:
        told |= {"with": term.factors[1].key, "with_from": term.bases[1], "with_to": term.levels[1]}
    return told


# -- columns -------------------------------------------------------------------------------------------------


def terms_of(study: Study, factors: Sequence[Factor], points: NDArray[np.int64], spare: int) -> list[Term] | None:
    """Return the columns of factors and of their pairs; without pairs where points are few; None if even so too few.

    ``spare``: points that must be left over.
    """
    alone = [_columns(study, factor, points) for factor in factors]
    pairs = [_product(a, b) for one, other in combinations(alone, 2) for a in one for b in other]
    single = [term for terms in alone for term in terms]
    for terms in ([*single, *pairs], single):
        if len(terms) + 1 + spare <= len(points) and _told_apart(terms):
            return terms
    return None


def _columns(study: Study, factor: Factor, points: NDArray[np.int64]) -> list[Term]:
    """Return the columns of a factor: a number as a share of its range, else one for each value but one.

    Both are centred on their means, so that the effect of each is told at the average of all others, pairs or not.
    """
    if factor.numeric:
        shares = factor.unit_scale(study.columns([factor])[points][:, 0])
        centre = float(shares.mean())
        return [Term((factor,), (factor.low,), (factor.high,), (centre,), shares - centre)]
    codes, names = study.categories(factor)
    there = np.unique(codes[points])
    columns = [(k, (codes[points] == k).astype(np.float64)) for k in there[1:]]
    return [
        Term((factor,), (names[there[0]],), (names[k],), (float(column.mean()),), column - column.mean())
        for k, column in columns
    ]


def _product(a: Term, b: Term) -> Term:
    centres = a.centres + b.centres
    return Term(a.factors + b.factors, a.bases + b.bases, a.levels + b.levels, centres, a.column * b.column)


def effects_at(terms: Sequence[Term], effects: Floats) -> list[tuple[float, float]]:
    """Return, for each pair, the effect of its first factor where the second is at its base, and at its level.

    NaN for what is no pair.
    """
    alone = {(t.factors[0].key, t.levels[0]): e for t, e in zip(terms, effects, strict=True) if len(t.factors) == 1}
    shift: dict[tuple[str, Any, str], float] = {}
    for term, effect in zip(terms, effects, strict=True):
        if len(term.factors) == 2:
            at = term.factors[0].key, term.levels[0], term.factors[1].key
            shift[at] = shift.get(at, 0.0) - float(effect) * term.centres[1]
    found = []
    for term, effect in zip(terms, effects, strict=True):
        if len(term.factors) == 1:
            found.append((float("nan"), float("nan")))
            continue
        of, at = (term.factors[0].key, term.levels[0]), (term.factors[0].key, term.levels[0], term.factors[1].key)
        first = float(alone[of]) + shift[at]
        found.append((first, first + float(effect)))
    return found


def _told_apart(terms: Sequence[Term]) -> bool:
    """Return whether no column follows from the others."""
    columns = _with_mean(terms)
    sizes = np.sqrt((columns**2).sum(axis=0))
    if (sizes <= _TINY).any():
        return False
    return bool(np.linalg.svd(columns / sizes, compute_uv=False)[-1] > 1e-6)


def _with_mean(terms: Sequence[Term]) -> Floats:
    size = len(terms[0].column)
    return np.column_stack([np.ones(size), *(term.column for term in terms)])


# -- fits ----------------------------------------------------------------------------------------------------


class Fit(NamedTuple):
    """Of each term: effect, ends of its interval, standard error, chance; and how well all of them fit."""

    effect: Floats
    low: Floats
    high: Floats
    se: Floats
    p: Floats
    fits: float


def _by_point(terms: Sequence[Term], outputs: Floats) -> Fit:
    """Return the fit of one value a point, with errors that allow for noise of any size at each (HC3)."""
    from scipy.special import stdtr, stdtrit

    x = _with_mean(terms)
    inverse = np.linalg.inv(x.T @ x)
    effects = inverse @ (x.T @ outputs)
    left = outputs - x @ effects
    leverage = np.einsum("np,pq,nq->n", x, inverse, x)
    scaled = x * (left / np.maximum(1.0 - leverage, _TINY))[:, None]
    se = np.sqrt(np.maximum(np.diag(inverse @ (scaled.T @ scaled) @ inverse), 0.0))
    freedom = len(outputs) - x.shape[1]
    half = float(stdtrit(freedom, 0.975)) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(se > 0.0, 2.0 * stdtr(freedom, -np.abs(effects) / se), np.where(effects == 0.0, 1.0, 0.0))
    low, high, fits = effects - half, effects + half, _fits(outputs, left, freedom)
    return Fit(effects[1:], low[1:], high[1:], se[1:], p[1:], fits)


def _by_replication(terms: Sequence[Term], whole: Floats) -> Fit:
    """Return the mean of the fits of every replication, and its error over replications, which are paired by luck."""
    x = _with_mean(terms)
    solved = np.linalg.pinv(x)
    effects = (solved @ whole)[1:]
    told = np.array([interval(each, chance=False) for each in effects])
    n = effects.shape[1]
    se = effects.std(axis=1, ddof=1) / np.sqrt(n)
    p = np.array([chance_of_mean(each) for each in effects])
    means = whole.mean(axis=1)
    fits = _fits(means, means - x @ (solved @ means), len(x) - x.shape[1])
    return Fit(told[:, 0], told[:, 1], told[:, 2], se, p, fits)


def _fits(outputs: Floats, left: Floats, freedom: int) -> float:
    """Return R squared, adjusted for how many terms there are; NaN where they are as many as the points."""
    whole = float(((outputs - outputs.mean()) ** 2).sum())
    if whole == 0.0 or freedom < 1:
        return float("nan")
    return float(1.0 - (left**2).sum() / freedom / (whole / (len(outputs) - 1)))
