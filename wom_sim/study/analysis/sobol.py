"""Which share of the variance each factor makes: Sobol indices of first, second and total order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.indices import Blocks, blocks_of, first_by_chance, indices, resampled
from wom_sim.study.analysis.intervals import percentiles
from wom_sim.study.analysis.luck import split
from wom_sim.study.analysis.study import (
    NotApplicableError,
    NothingFoundError,
    OtherDesignError,
    Response,
    Study,
)
from wom_sim.words.said import OfPolicy, Said

SALTELLI = ("saltelli", "sobol")
"""Kinds of design that may hold Saltelli's blocks."""


def sobol(study: Study) -> pd.DataFrame:
    """Return first and total order of each factor, of the mean over replications, with 95 % intervals.

    ``luck_in_mean`` is the share of the variance of that mean which luck still makes, in interplay with the
    factors: it counts into every total order, so one whose interval reaches down to it is not ``total_beyond_chance``.
    ``luck_alone`` is luck's share of a single run's variance. ``first_by_chance`` is what the luckiest factor reaches
    in one case of twenty where none has a first order. ``sum_first`` is what all first orders add up to: the true ones
    never pass 1, so what is above is an error of estimation. Intervals: bootstrap over the base points.

    Source: ``indices``.

    Raises
    ------
    NotApplicableError
        If the design is not Saltelli's, or no policy has a run at every point.
    """
    _check(study)
    rows = []
    for response in _complete(study):
        rows += _rows(study, response)
    if not rows:
        raise NothingFoundError(Said("analysis.same_everywhere"))
    return pd.DataFrame(rows)


def sobol_pairs(study: Study) -> pd.DataFrame:
    """Return the second order of each pair of factors: the share of the variance that they make only together.

    Of the mean over replications, with 95 % intervals: bootstrap over the base points. Exactly 0 for a pair with a
    factor that the policy does not use. ``beyond_chance``: the interval lies above 0.

    Source: Saltelli 2002.

    Raises
    ------
    NotApplicableError
        If the design is not Saltelli's with pairs, or no policy has a run at every point.
    """
    _check(study)
    names = [f.key for f in study.factors]
    if not second_order(study.coded(study.factors)):
        raise NotApplicableError(Said("analysis.pairs"))
    rows = []
    for response in _complete(study):
        blocks = _blocks(study, response)
        found, again = indices(blocks).second, resampled(blocks, study.seed).second
        assert found is not None and again is not None
        for i, j in combinations(range(len(names)), 2):
            used = all(study.uses(response.policy, names[k]) for k in (i, j))
            low, high = np.percentile(again[:, i, j], [2.5, 97.5]) if used else (0.0, 0.0)
            value = float(found[i, j]) if used else 0.0
            told = {"second": value, "second_low": min(low, value), "second_high": max(high, value)}
            beyond = {"beyond_chance": bool(low > 0.0), "used": used}
            rows.append(response.head | {"factor": names[i], "with": names[j], **told, **beyond})
    if not rows:
        raise NothingFoundError(Said("analysis.same_everywhere"))
    return pd.DataFrame(rows)


def _check(study: Study) -> None:
    """Raise NotApplicableError for a study that cannot have indices."""
    if study.kind not in SALTELLI:
        raise OtherDesignError(Said("analysis.sobol", kind=study.kind))
    if len(study.factors) < 2:
        raise NotApplicableError(Said("analysis.sobol_two"))
    second_order(study.coded(study.factors))


def _complete(study: Study) -> Iterator[Response]:
    """Yield the responses that have a run at every point, and differ between points; say which policies have not.

    Raises
    ------
    NotApplicableError
        If there is no policy with a run at every point.
    """
    gaps = study.missing
    reasons = [
        Said("analysis.every_point", gone=gone, points=len(study.design), policy=OfPolicy(policy))
        for policy, gone in gaps.items()
    ]
    if len(gaps) == len(study.policies):
        raise NotApplicableError(Said.several(reasons))
    for reason in reasons:
        study.leave_out(reason)
    for response in study.responses():
        if response.policy not in gaps and np.ptp(response.means) > 0.0:
            yield response


def _blocks(study: Study, response: Response) -> Blocks:
    """Return the blocks of a response, its outputs in units of their spread around their mean."""
    means = response.means
    scaled = (means - means.mean()) / means.std()
    return blocks_of(scaled, len(study.factors), second_order(study.coded(study.factors)))


def _rows(study: Study, response: Response) -> list[dict[str, object]]:
    """Return the rows of one response."""
    blocks, shares = _blocks(study, response), split(response.runs)
    found, again = indices(blocks), resampled(blocks, study.seed)
    ends = [percentiles(samples) for samples in (again.first, again.total)]
    chance, noise = first_by_chance(blocks, study.seed), 0.0 if np.isnan(shares.in_mean) else shares.in_mean
    rows = []
    for k, factor in enumerate(study.factors):
        used = study.uses(response.policy, factor.key)
        row: dict[str, object] = {"factor": factor.key}
        for name, values, (low, high) in zip(("first", "total"), (found.first, found.total), ends, strict=True):
            told = (values[k], min(low[k], values[k]), max(high[k], values[k])) if used else (0.0, 0.0, 0.0)
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), told, strict=True))
        row |= {"first_by_chance": chance, "first_beyond_chance": used and bool(found.first[k] > chance)}
        row |= {"total_beyond_chance": used and bool(ends[1][0][k] > noise), "sum_first": float(found.first.sum())}
        row |= {"points": len(response.means), "luck_in_mean": shares.in_mean, "luck_alone": shares.luck}
        rows.append(response.head | row | {"used": used})
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
    raise NotApplicableError(Said("analysis.saltelli_order"))


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
