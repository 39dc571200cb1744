"""Sobol indices from Saltelli's blocks, as correlations between blocks that share some of their factors.

Block A and block B are independent samples; AB_i is A with factor i from B, BA_i is B with factor i from A. So B and
AB_i have factor i in common and nothing else: their correlation is the first order of i. A and AB_i have all but i in
common: 1 less their correlation is its total order. A correlation is at most 1, which a ratio of two separate estimates
is not: with 8 base points those give 148 % for the only factor that does anything. What A and B have in common by
chance is taken out: the indices are coefficients of AB_i on A and B together. So a factor that changes nothing has
exactly 0, and one that alone changes anything has exactly 1.

Source: Janon, Klein, Lagnoux, Nodet & Prieur 2014, "Asymptotic normality and efficiency of two Sobol index estimators",
for the correlations; Saltelli 2002 and 2010 for the blocks; the control for corr(A, B) is ours (docs/DESIGN.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_RESAMPLES = 500
_PERMUTATIONS = 500
_LEAST_FREE = 0.05
"""Of a few base points A and B may be almost the same by chance; then no more is taken out than this leaves."""


class Blocks(NamedTuple):
    """Outputs by block: ``a`` and ``b`` have one a base point, ``ab`` and ``ba`` are factors x base points.

    ``ba`` is None in a design without pairs.
    """

    a: Floats
    b: Floats
    ab: Floats
    ba: Floats | None


class Indices(NamedTuple):
    """First and total order by factor; second order by pair (factors x factors), None without pairs."""

    first: Floats
    total: Floats
    second: Floats | None


def blocks_of(outputs: Floats, factors: int, pairs: bool) -> Blocks:
    """Return the blocks of outputs in Saltelli's order: A, AB_1, ..., (BA_1, ...), B, for each base point."""
    size = (2 * factors if pairs else factors) + 2
    wide = outputs.reshape(-1, size).T
    return Blocks(wide[0], wide[-1], wide[1 : 1 + factors], wide[1 + factors : -1] if pairs else None)


def indices(blocks: Blocks, weights: Floats | None = None) -> Indices:
    """Return the indices; ``weights``: resamples x base points, rows that add up to 1 (None: each point once).

    With weights every array has the resamples first.
    """
    w = np.full((1, len(blocks.a)), 1.0 / len(blocks.a)) if weights is None else weights
    a, b, ab, ba = blocks
    chance = _correlation(a, b, w)
    stays, first = _shared(ab, (a, b), chance, w)
    second = None
    if ba is not None:
        stays_too, again = _shared(ba, (b, a), chance, w)
        second = _second(blocks, (first + again) / 2.0, (chance, stays, stays_too), w)
        stays, first = (stays + stays_too) / 2.0, (first + again) / 2.0
    if weights is None:
        return Indices(first[0], 1.0 - stays[0], None if second is None else second[0])
    return Indices(first, 1.0 - stays, second)


def _shared(columns: Floats, origins: tuple[Floats, Floats], chance: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Return how far each column follows the block that it is mostly from, and that which it has one factor from.

    These are the coefficients of a regression on both blocks, in units of their spread: what is shared by chance alone,
    because the two blocks happen to correlate (``chance``), counts for neither.
    """
    mostly, one = (np.stack([_correlation(origin, column, w) for column in columns], axis=1) for origin in origins)
    alike = chance[:, None]
    free = np.maximum(1.0 - alike**2, _LEAST_FREE)
    return (mostly - alike * one) / free, (one - alike * mostly) / free


def _second(blocks: Blocks, first: Floats, shared: tuple[Floats, Floats, Floats], w: Floats) -> Floats:
    """Return the second order of each pair: AB_i and BA_j share factors i and j, and nothing else.

    ``shared``: correlation of A and B, and how far AB_i follows A and BA_j follows B.
    """
    (chance, stays, stays_too), factors = shared, len(blocks.ab)
    assert blocks.ba is not None
    closed = np.full((len(w), factors, factors), np.nan)
    for i in range(factors):
        for j in range(factors):
            if i != j:
                found = _correlation(blocks.ab[i], blocks.ba[j], w)
                closed[:, i, j] = found - stays[:, i] * stays_too[:, j] * chance
    both = (closed + closed.transpose(0, 2, 1)) / 2.0
    second: Floats = both - first[:, :, None] - first[:, None, :]
    return second


def _correlation(x: Floats, y: Floats, w: Floats) -> Floats:
    """Return the correlation of two outputs of one distribution, in each resample; 0 where nothing varies."""
    middle = w @ (x + y) / 2.0
    together = w @ (x * y) - middle**2
    spread = w @ (x**2 + y**2) / 2.0 - middle**2
    return np.divide(together, spread, out=np.zeros_like(spread), where=spread > 1e-12 * (w @ (x**2 + y**2)))


def resampled(blocks: Blocks, seed: int) -> Indices:
    """Return the indices in each of 500 bootstrap samples of the base points."""
    size = len(blocks.a)
    draws = np.random.default_rng(seed)
    return indices(blocks, draws.multinomial(size, np.full(size, 1.0 / size), size=_RESAMPLES) / size)


def first_by_chance(blocks: Blocks, seed: int) -> float:
    """Return the first order that the luckiest factor reaches in one case of twenty where none has any.

    Base points of B are permuted against all other blocks, so that nothing is shared but by chance.
    """
    draws = np.random.default_rng(seed)
    shuffled = np.stack([draws.permutation(blocks.b) for _ in range(_PERMUTATIONS)])
    every = np.full((1, len(blocks.a)), 1.0 / len(blocks.a))
    mostly = np.array([_correlation(blocks.a, column, every)[0] for column in blocks.ab])
    alike = _with_each(shuffled, blocks.a[None, :])
    found = (_with_each(shuffled, blocks.ab) - alike * mostly) / np.maximum(1.0 - alike**2, _LEAST_FREE)
    return float(np.quantile(found.max(axis=1), 0.95))


def _with_each(shuffled: Floats, columns: Floats) -> Floats:
    """Return the correlation of each permutation of an output with each column, as ``_correlation`` has it."""
    one, other = shuffled[0], columns
    middle = (one.mean() + other.mean(axis=1)) / 2.0
    spread = ((one**2).mean() + (other**2).mean(axis=1)) / 2.0 - middle**2
    together = shuffled @ other.T / len(one) - middle**2
    return np.divide(together, spread, out=np.zeros_like(together), where=spread > 0.0)
