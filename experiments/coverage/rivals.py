"""Intervals that were not chosen, to see what the chosen ones gain: vectorized over samples x runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import gammaincinv, ndtr, ndtri, stdtrit

Ends = tuple[np.ndarray, np.ndarray]
RESAMPLES = 400


def student(x: np.ndarray) -> Ends:
    """Return Student's interval, as all means had before."""
    half = stdtrit(x.shape[1] - 1, 0.975) * x.std(axis=1, ddof=1) / np.sqrt(x.shape[1])
    return x.mean(axis=1) - half, x.mean(axis=1) + half


def johnson(x: np.ndarray) -> Ends:
    """Return Johnson's interval (1978): Student's, moved by the third moment."""
    n = x.shape[1]
    t, apart = stdtrit(n - 1, 0.975), x - x.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.nan_to_num((apart**3).mean(axis=1) / apart.var(axis=1) * (1.0 + 2.0 * t**2) / (6.0 * n))
    low, high = student(x)
    return low + moved, high + moved


def log_student(x: np.ndarray) -> Ends:
    """Return Student's interval of the logarithm of the mean (for outcomes that are never below zero)."""
    n, mean = x.shape[1], x.mean(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        half = np.nan_to_num(stdtrit(n - 1, 0.975) * x.std(axis=1, ddof=1) / np.sqrt(n) / mean)
    return mean * np.exp(-half), mean * np.exp(half)


def quasi_poisson(x: np.ndarray) -> Ends:
    """Return the gamma interval of a total whose variance is a multiple of its mean."""
    n, mean = x.shape[1], x.mean(axis=1)
    wide = (stdtrit(n - 1, 0.975) / ndtri(0.975)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = x.var(axis=1, ddof=1) / mean * wide
        shape = n * mean / unit
        low, high = gammaincinv(shape, 0.025) * unit / n, gammaincinv(shape + 1.0, 0.975) * unit / n
    flat = x.std(axis=1) == 0.0
    return np.where(flat, mean, low), np.where(flat, mean, high)


def _resampled(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n = x.shape[1]
    return x[:, rng.integers(0, n, (RESAMPLES, n))]


def bootstrap_t(x: np.ndarray, rng: np.random.Generator) -> Ends:
    """Return the bootstrap-t interval (Efron & Tibshirani 1993, chapter 12)."""
    n, mean = x.shape[1], x.mean(axis=1)
    error, again = x.std(axis=1, ddof=1) / np.sqrt(n), _resampled(x, rng)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (again.mean(axis=2) - mean[:, None]) / (again.std(axis=2, ddof=1) / np.sqrt(n))
    low, high = np.quantile(np.where(np.isnan(t), 0.0, t), [0.025, 0.975], axis=1, method="inverted_cdf")
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(mean - high * error, nan=-np.inf), np.nan_to_num(mean - low * error, nan=np.inf)


def bca(x: np.ndarray, rng: np.random.Generator) -> Ends:
    """Return the bias-corrected and accelerated bootstrap interval (Efron 1987)."""
    mean = x.mean(axis=1)
    again = np.sort(_resampled(x, rng).mean(axis=2), axis=1)
    below = (again < mean[:, None]).mean(axis=1) + 0.5 * (again == mean[:, None]).mean(axis=1)
    bias = ndtri(np.clip(below, 1e-3, 1 - 1e-3))
    apart = x - mean[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        bend = np.nan_to_num((apart**3).sum(axis=1) / (6.0 * (apart**2).sum(axis=1) ** 1.5))
    ends = []
    for p in (0.025, 0.975):
        z = bias + ndtri(p)
        at = np.clip((ndtr(bias + z / (1.0 - bend * z)) * RESAMPLES).astype(int), 0, RESAMPLES - 1)
        ends.append(again[np.arange(len(x)), at])
    return ends[0], ends[1]


CLOSED: dict[str, Callable[[np.ndarray], Ends]] = {"student": student, "johnson": johnson}
FOR_COUNTS: dict[str, Callable[[np.ndarray], Ends]] = {"log": log_student, "gamma": quasi_poisson}
BOOTSTRAPS: dict[str, Callable[[np.ndarray, np.random.Generator], Ends]] = {"bootstrap_t": bootstrap_t, "bca": bca}
