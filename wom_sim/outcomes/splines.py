"""Curves over one drawn number: bases of growing richness, and which of them the worlds bear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_KNOTS = 5
_GROUPS = 6
"""A number with so few values or fewer is taken by value, not by spline."""
_LEAST_WORLDS = 12


def bases_of(x: Floats) -> list[Floats]:
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


def bases_by_value(x: Floats) -> list[Floats]:
    """Return the constant, and a level for each value of ``x``: for codes of what is no number, however many."""
    constant = np.full((len(x), 1), len(x) ** -0.5)
    values = np.unique(x)
    if len(x) < _LEAST_WORLDS or len(values) < 2:
        return [constant]
    return [constant, _orthonormal(np.column_stack([(x == value).astype(float) for value in values]))]


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


def chosen(y: Floats, bases: list[Floats]) -> NDArray[np.int64]:
    """Return for each column of ``y`` which basis has the least BIC."""
    n = len(y)
    whole = (y**2).sum(axis=0)
    scores = []
    for basis in bases:
        left = np.maximum(whole - ((basis.T @ y) ** 2).sum(axis=0), 1e-12 * np.maximum(whole, 1e-300))
        scores.append(n * np.log(left / n) + basis.shape[1] * np.log(n))
    best: NDArray[np.int64] = np.argmin(scores, axis=0)
    return best


def curves(y: Floats, bases: list[Floats]) -> Floats:
    """Return the expected value of each column of ``y`` given the number, in each world."""
    out = np.empty_like(y)
    best = chosen(y, bases)
    for which in np.unique(best):
        columns = best == which
        out[:, columns] = bases[which] @ (bases[which].T @ y[:, columns])
    return out
