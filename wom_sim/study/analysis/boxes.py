"""Scenario discovery: in which worlds does a policy do worst? Boxes found by PRIM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis import prim
from wom_sim.study.analysis.sobol import independent_rows
from wom_sim.study.analysis.study import (
    SCATTERED,
    Factor,
    NotApplicableError,
    NothingFoundError,
    OtherDesignError,
    Response,
    Study,
)
from wom_sim.words.said import Said

_LEAST_POINTS = 60
_MOST_BOXES = 3
_RESAMPLES = 10
_WORST = 0.25
_RARE = 0.04
"""Share of points below which cases are too rare, and above 1 minus which too common, to be told apart."""


class Cases(NamedTuple):
    """What is sought: a name, and whether each point is a case."""

    name: str
    there: NDArray[np.bool_]


def boxes(study: Study) -> pd.DataFrame:
    """Return boxes of factors in which an output is bad, a row for each restriction of each box.

    ``case``: "worst quarter" of the points; for money also "below zero": worse than the reference. ``coverage`` is the
    share of all cases in the box, ``density`` the share of its points that are cases (``base`` everywhere), ``mass``
    the share of points in it. ``low`` and ``high`` bound a number, open where empty; ``among`` lists categories.
    ``quasi_p``: chance to get such a density if the restriction did nothing. ``again``: share of 10 bootstrap samples
    whose box restricts the factor too. Box 2 is sought among the points outside box 1, and so on.

    Raises
    ------
    NotApplicableError
        If points are not spread over the space, or are too few; or no box is found.
    """
    if study.kind not in (*SCATTERED, "table", "grid"):
        raise OtherDesignError(Said("analysis.spread", what=Said("analysis.what.boxes"), kind=study.kind))
    rows = independent_rows(study)
    if len(rows) < _LEAST_POINTS:
        raise NotApplicableError(
            Said("analysis.few_points", n=len(rows), what=Said("analysis.what.boxes"), least=_LEAST_POINTS)
        )
    if len(study.varied) < 2:
        raise NotApplicableError(Said("analysis.boxes_two"))
    found = []
    for response in study.responses():
        factors = [f for f in study.varied if study.uses(response.policy, f.key)]
        means = response.means[rows]
        seen = ~np.isnan(means)
        if not factors or seen.sum() < _LEAST_POINTS:
            continue
        values = study.coded(factors)[rows][seen]
        words = frozenset(k for k, f in enumerate(factors) if not f.numeric)
        for cases in cases_of(response, means[seen]):
            for row in _search(values, cases.there, words, study.seed):
                found.append(response.head | {"case": cases.name} | _in_words(row, study, factors))
    if not found:
        raise NothingFoundError(Said("analysis.no_box"))
    return pd.DataFrame(found)


def cases_of(response: Response, means: NDArray[np.float64]) -> Iterator[Cases]:
    """Yield what is sought in a response: its bad end."""
    sign = 1.0 if response.direction == "more" else -1.0
    good = sign * means
    edge = np.quantile(good, _WORST)
    worst = good <= edge if (good <= edge).mean() < 1.5 * _WORST else good < edge  # many may be equal
    for cases in (Cases("worst quarter", worst), Cases("below zero", good < 0.0)):
        if cases.name == "below zero" and response.direction != "more":
            continue
        if _RARE <= cases.there.mean() <= 1.0 - _RARE and np.ptp(good) > 0.0:
            yield cases


def _search(
    values: NDArray[np.float64], cases: NDArray[np.bool_], words: frozenset[int], seed: int
) -> Iterator[dict[str, object]]:
    """Yield a row for each restriction of each box, boxes one after the other."""
    left = np.ones(len(cases), dtype=bool)
    for number in range(1, _MOST_BOXES + 1):
        own, wanted = values[left], cases[left]
        if not wanted.any() or wanted.all() or len(own) < _LEAST_POINTS:
            return
        box, chances = prim.without_idle(_best(own, wanted, words), own, wanted)
        kept = prim.inside(box, values) & left
        if not box or cases[kept].mean() <= cases.mean():
            return
        again = _again(own, wanted, words, seed)
        measures = {
            "box": number, "coverage": cases[kept].sum() / cases.sum(), "density": cases[kept].mean(),
            "base": cases.mean(), "mass": kept.mean(), "points": int(kept.sum()),
        }  # fmt: skip
        for restriction, chance in zip(box, chances, strict=True):
            yield measures | {"restriction": restriction, "quasi_p": chance, "again": again[restriction.factor]}
        left &= ~kept


def _best(values: NDArray[np.float64], cases: NDArray[np.bool_], words: frozenset[int]) -> prim.Box:
    return prim.best_box(values, cases, words)


def _again(
    values: NDArray[np.float64], cases: NDArray[np.bool_], words: frozenset[int], seed: int
) -> NDArray[np.float64]:
    """Return for each factor the share of bootstrap samples whose box restricts it."""
    draws = np.random.default_rng(seed)
    counted = np.zeros(values.shape[1])
    for _ in range(_RESAMPLES):
        chosen = draws.integers(len(cases), size=len(cases))
        box, _ = prim.without_idle(_best(values[chosen], cases[chosen], words), values[chosen], cases[chosen])
        for restriction in box:
            counted[restriction.factor] += 1.0
    return counted / _RESAMPLES


def _in_words(row: dict[str, object], study: Study, factors: Sequence[Factor]) -> dict[str, object]:
    """Return a row with the names of its factor and its categories."""
    restriction = row.pop("restriction")
    assert isinstance(restriction, prim.Restriction)
    factor = factors[restriction.factor]
    low, high, among = restriction.low, restriction.high, ""
    if restriction.allowed is not None:
        names = study.categories(factor)[1]
        among = "; ".join(names[int(code)] for code in restriction.allowed)
    ends = {"low": low if np.isfinite(low) else np.nan, "high": high if np.isfinite(high) else np.nan, "among": among}
    return {"box": row.pop("box"), "factor": factor.key} | ends | row
