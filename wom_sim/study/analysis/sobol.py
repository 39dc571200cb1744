"""Which share of the variance each factor makes: Sobol indices of first and total order, by SALib."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.statistics import CONFIDENCE
from wom_sim.study.analysis.luck import split
from wom_sim.study.analysis.study import NotApplicableError, Response, Study

SALTELLI = ("saltelli", "sobol")
"""Kinds of design that may hold Saltelli's blocks."""

_RESAMPLES = 300
"""SALib takes half the interval from the standard deviation of resamples, which needs fewer than percentiles do."""


def sobol(study: Study) -> pd.DataFrame:
    """Return first and total order of each factor, of the mean over replications, with 95 % intervals.

    ``luck_in_mean`` is the share of the variance of that mean which luck still makes, in interplay with the
    factors: it counts into every total order. ``luck_alone`` is luck's share of a single run's variance.
    Intervals: bootstrap over the base points (SALib).

    Source: Saltelli et al. 2010; Jansen 1999.

    Raises
    ------
    NotApplicableError
        If the design is not Saltelli's, or runs are missing.
    """
    if study.kind not in SALTELLI:
        raise NotApplicableError(f"Sobol indices need design kind 'saltelli', not {study.kind!r}")
    factors = study.factors
    if len(factors) < 2:
        raise NotApplicableError("Sobol indices need at least two factors")
    pairs = second_order(study.coded(factors))
    rows = []
    for response in study.responses():
        if np.isnan(response.means).any():
            raise NotApplicableError(f"{int(np.isnan(response.means).sum())} points have no run of {response.policy}")
        if np.ptp(response.means) == 0.0:
            continue
        rows += _rows(study, response, [f.key for f in factors], pairs)
    if not rows:
        raise NotApplicableError("every output is the same at all points")
    return pd.DataFrame(rows)


def _rows(study: Study, response: Response, names: list[str], pairs: bool) -> list[dict[str, object]]:
    """Return the rows of one response."""
    from SALib.analyze import sobol as salib

    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = salib.analyze(
        problem, response.means, calc_second_order=pairs, num_resamples=_RESAMPLES, conf_level=CONFIDENCE,
        seed=study.seed,
    )  # fmt: skip
    shares = split(response.runs)
    rows = []
    for k, name in enumerate(names):
        first, total = float(found["S1"][k]), float(found["ST"][k])
        half_first, half_total = float(found["S1_conf"][k]), float(found["ST_conf"][k])
        rows.append(
            response.head
            | {"factor": name, "first": first, "first_low": first - half_first, "first_high": first + half_first}
            | {"total": total, "total_low": total - half_total, "total_high": total + half_total}
            | {"points": len(response.means), "luck_in_mean": shares.in_mean, "luck_alone": shares.luck}
        )
    return rows


def second_order(values: NDArray[np.float64]) -> bool:
    """Return whether the points are a Saltelli design with pairs; False for the one without.

    The blocks are checked: A, then A with one column of B each, then (with pairs) B with one of A, then B.

    Raises
    ------
    NotApplicableError
        If they are neither.
    """
    factors = values.shape[1]
    for pairs in (False, True):
        size = (2 * factors if pairs else factors) + 2
        if len(values) % size == 0 and _has_blocks(values.reshape(-1, size, factors), pairs):
            return pairs
    raise NotApplicableError("the points are not in the order of Saltelli's design (rows missing, sorted or added)")


def independent_rows(study: Study) -> NDArray[np.int64]:
    """Return the rows of the design whose points are drawn independently: of Saltelli's blocks the first and last."""
    rows = np.arange(len(study.design))
    if study.kind not in SALTELLI or len(study.factors) < 2:
        return rows
    try:
        pairs = second_order(study.coded(study.factors))
    except NotApplicableError:
        return rows
    size = (2 * len(study.factors) if pairs else len(study.factors)) + 2
    return rows[(rows % size == 0) | (rows % size == size - 1)]


def _has_blocks(blocks: NDArray[np.float64], pairs: bool) -> bool:
    """Return whether every block of base points x rows x factors is made from its first and last row."""
    first, last = blocks[:, 0], blocks[:, -1]
    for k in range(blocks.shape[2]):
        mixed = [(1 + k, first, last)] + ([(1 + blocks.shape[2] + k, last, first)] if pairs else [])
        for row, mainly, one in mixed:
            wanted = mainly.copy()
            wanted[:, k] = one[:, k]
            if not np.allclose(blocks[:, row], wanted, rtol=1e-9, atol=0.0):
                return False
    return True
