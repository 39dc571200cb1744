"""Segments fitted to a customer table, and how well segments describe one.

Revenue and calls of a segment are log-normal, with a correlation of their logarithms. They are fitted by mean and
standard deviation, so that what the segment adds up to is right, and by the rank correlation, which a few very large
values do not decide. A log-normal number is never 0, so a table in which many never call is described badly: the
largest distance between the two distributions says so.
Source: moments of the log-normal distribution; r = 2 sin(pi rho / 6) for ranks of normal variables (Pearson 1907).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.populations.from_table import months_left
from wom_sim.world.listed import CustomerTable

WIDEST = 4.0
"""The largest spread that a segment may have."""
FEWEST = 2
"""A spread or a correlation needs so many customers."""
_SHARES = (0.5, 0.9, 0.99)
_ANY_TERM = 0.5
"""In the place of luck: the middle of a contract of which nobody knows when it began."""


def fitted(table: CustomerTable, of: NDArray[np.bool_]) -> dict[str, float | int]:
    """Return the numbers of a segment that the table knows, by key of the scenario; ``of``: the segment's customers.

    ``share`` is that among all customers whose segment is known to be one or another.
    """
    found: dict[str, float | int] = {}
    values = {name: table.columns[name][of] for name in ("revenue", "calls", "cost", "advocate")}
    for name in ("revenue", "calls"):
        known = values[name][~np.isnan(values[name])]
        if len(known) and known.mean() >= 0.0:
            found[name] = float(known.mean())
            found[f"{name}_spread"] = _spread(known)
    both = ~np.isnan(values["revenue"]) & ~np.isnan(values["calls"])
    if both.sum() > FEWEST:
        rank = rank_correlation(values["revenue"][both], values["calls"][both])
        found["calls_follow_revenue"] = 2.0 * math.sin(math.pi * rank / 6.0)
    cost = values["cost"][~np.isnan(values["cost"])]
    if len(cost):
        found["account_cost"] = float(cost.mean())
    churn = table.columns["churn"][of]
    churn = churn[~np.isnan(churn)]
    if len(churn):
        found["churn"] = float(churn.mean())
        found["churn_spread"] = _spread(churn)
    advocate = values["advocate"][values["advocate"] >= 0]
    if len(advocate):
        found["advocates"] = float(advocate.mean())
    left = months_left(table, np.full(len(table), _ANY_TERM))[of]
    left = left[~np.isnan(left)]
    if len(left):
        found["under_contract"] = float((left > 0.0).mean())
        found["contract_months"] = math.ceil(min(240.0, float(left.max())))
    return found


def _spread(values: NDArray[np.float64]) -> float:
    """Return the spread of the log-normal number of this mean and standard deviation."""
    mean = float(values.mean())
    if mean <= 0.0 or len(values) < FEWEST:
        return 0.0
    return min(WIDEST, math.sqrt(math.log(1.0 + float(values.var()) / (mean * mean))))


def rank_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the correlation of ranks, equal values sharing one (Spearman 1904); 0 where one of them never varies.

    >>> rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([5.0, 6.0, 7.0]))
    1.0
    """
    ranks = [_ranks(values) for values in (first, second)]
    ranks = [each - each.mean() for each in ranks]
    scale = math.sqrt(float((ranks[0] ** 2).sum()) * float((ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / scale if scale > 0.0 else 0.0


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, code, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: NDArray[np.float64] = ((last - count + last - 1) / 2.0)[code.ravel()]
    return ranks


class Goodness(NamedTuple):
    """How well a segment describes a column of the table; ``quantiles`` are those of a half, nine tenths, 99 in 100.

    ``distance``: the largest gap between the two distributions as a share of customers (Kolmogorov & Smirnov).
    """

    segment: str
    column: str
    customers: int
    mean: tuple[float, float]
    quantiles: tuple[tuple[float, float], ...]
    distance: float
    zeros: float


def goodness(
    table: CustomerTable, segment: NDArray[np.int64], stated: Sequence[Mapping[str, float]], names: Sequence[str]
) -> list[Goodness]:
    """Return how well segments describe revenue and calls where the table knows them; pairs are (table, segment).

    ``segment``: the place of each customer's segment in ``names`` and ``stated``, which has means and spreads.
    """
    found = []
    for k, name in enumerate(names):
        for column in ("revenue", "calls"):
            values = table.columns[column][segment == k]
            values = np.sort(values[~np.isnan(values)])
            if len(values):
                found.append(_goodness(name, column, values, (stated[k][column], stated[k][f"{column}_spread"])))
    return found


def _goodness(name: str, column: str, values: NDArray[np.float64], of: tuple[float, float]) -> Goodness:
    from scipy.special import ndtr, ndtri

    mean, spread = of
    middle = mean * math.exp(-0.5 * spread * spread)
    expected = [middle * math.exp(spread * float(ndtri(share))) for share in _SHARES]
    quantiles = [float(np.quantile(values, share)) for share in _SHARES]
    count = len(values)
    if mean > 0.0 and spread > 0.0:
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(values > 0.0, ndtr(np.log(np.maximum(values, 1e-300) / middle) / spread), 0.0)
    else:
        share = (values >= mean).astype(np.float64)
    last = np.searchsorted(values, values, side="right") / count
    first = np.searchsorted(values, values, side="left") / count
    distance = (
        float(max(np.abs(last - share).max(), np.abs(share - first).max()))
        if spread > 0.0
        else float(np.abs(last - share).max())
    )
    zeros = float((values == 0.0).mean())
    return Goodness(
        name, column, count, (float(values.mean()), mean), tuple(zip(quantiles, expected, strict=True)), distance, zeros
    )
