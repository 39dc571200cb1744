"""Which share of the variance each drawn number makes by itself, in one fit of all that are beyond chance.

Numbers are taken in one after the other, the one first that explains most of what is left, as long as it explains more
than the luckiest number does in one case of twenty after the worlds are permuted. All that were taken in are then
fitted together, so that their shares add up to what they explain together, and never to more than all.
Source: forward selection with a stop by permutation (Blanchet, Legendre & Borcard 2008, "Forward selection of
explanatory variables"), on natural splines. The share is the covariance with each curve (Li et al. 2010, "Global
sensitivity analysis for systems with independent and/or correlated inputs"), adjusted for the freedom of the curves.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.splines import chosen as chosen_basis
from wom_sim.outcomes.splines import curves as curves_of
from wom_sim.outcomes.worlds import Floats, ends

_PERMUTATIONS = 400
_MOST = 1.0 / 3.0
"""Share of the worlds that the freedom of all curves together may take."""


class Shares(NamedTuple):
    """Of each number its share of the variance with a 95 % interval, 0 where it is not beyond chance.

    ``by_chance``: what the luckiest number reaches in one case of twenty where none does anything.
    """

    value: Floats
    low: Floats
    high: Floats
    beyond: NDArray[np.bool_]
    by_chance: float


def shares(y: Floats, bases: list[list[Floats]], again: NDArray[np.int64], seed: int) -> Shares:
    """Return the share of the variance of ``y`` that each number makes.

    ``bases``: of each number, orthonormal bases of growing richness over the worlds, the constant in each.
    ``again``: how often each world (column) is drawn in each resample (row).
    """
    n, numbers = len(y), len(bases)
    value, low, high = np.zeros((3, numbers))
    nothing = Shares(value, low, high, np.zeros(numbers, dtype=bool), 0.0)
    if float(y.var()) == 0.0:
        return nothing
    chosen, by_chance = _chosen(y, bases, seed)
    found = nothing._replace(high=np.full(numbers, by_chance), by_chance=by_chance)
    if not chosen:
        return found
    curves = list(chosen.values())
    whole = _of_fit(y, curves, np.full((1, n), 1.0 / n))[0]
    ends_ = ends(_of_fit(y, curves, again / n))
    for k, number in enumerate(chosen):
        found.value[number], found.beyond[number] = whole[k], True
        found.low[number], found.high[number] = min(ends_[0][k], whole[k]), max(ends_[1][k], whole[k])
    return found


def _chosen(y: Floats, bases: list[list[Floats]], seed: int) -> tuple[dict[int, Floats], float]:
    """Return the curves (basis without its constant) of the numbers beyond chance, and what chance reaches at first."""
    n, left = len(y), y - y.mean()
    generator = np.random.default_rng([seed, 0x73686172])
    orders = np.stack([generator.permutation(n) for _ in range(_PERMUTATIONS)])
    chosen: dict[int, Floats] = {}
    first = 0.0
    while True:
        columns = np.column_stack([left, left[orders].T])
        open_ = [k for k in range(len(bases)) if k not in chosen]
        tried = [_explained(columns, bases[k]) for k in open_]
        if not tried:
            return chosen, first
        chance = float(np.quantile(np.max([each[0][1:] for each in tried], axis=0), 0.95))
        first = first if chosen else chance
        best = int(np.argmax([each[0][0] for each in tried]))
        share, basis = tried[best][0][0], tried[best][1]
        freedom = sum(curve.shape[1] for curve in chosen.values()) + basis.shape[1]
        if not share > chance or freedom > _MOST * n:
            return chosen, first
        chosen[open_[best]] = basis - basis.mean(axis=0)
        together = np.column_stack(list(chosen.values()))
        left = y - y.mean() - together @ np.linalg.lstsq(together, y - y.mean(), rcond=None)[0]


def _explained(columns: Floats, bases: list[Floats]) -> tuple[Floats, Floats]:
    """Return which adjusted share of each column its basis of least BIC explains, and the basis of the first column."""
    n, best = len(columns), chosen_basis(columns, bases)
    whole, left = (columns**2).sum(axis=0), ((columns - curves_of(columns, bases)) ** 2).sum(axis=0)
    freedom = np.array([basis.shape[1] for basis in bases])[best]
    unexplained = (left / np.maximum(1, n - freedom)) / np.maximum(whole / (n - 1), 1e-300)
    return np.maximum(0.0, 1.0 - unexplained), bases[int(best[0])]


def _of_fit(y: Floats, curves: list[Floats], weights: Floats) -> Floats:
    """Return the share of each curve in one weighted fit of all, for each row of weights that adds up to 1."""
    together = np.column_stack(curves)
    edges = np.cumsum([0, *(curve.shape[1] for curve in curves)])
    n, p = together.shape
    found = np.empty((len(weights), len(curves)))
    for row, w in enumerate(weights):
        centred, gap = together - w @ together, y - w @ y
        coefficients = np.linalg.lstsq(centred * np.sqrt(w)[:, None], gap * np.sqrt(w), rcond=None)[0]
        whole = max(float(w @ gap**2), 1e-300)
        parts = np.array([w @ ((centred[:, a:b] @ coefficients[a:b]) * gap) for a, b in pairwise(edges)])
        explained = float(parts.sum()) / whole
        honest = max(0.0, 1.0 - (1.0 - explained) * (n - 1) / max(1, n - 1 - p))
        parts = np.maximum(0.0, parts)
        found[row] = honest * parts / max(float(parts.sum()), 1e-300)
    return found
