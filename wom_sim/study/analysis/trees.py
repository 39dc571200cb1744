"""What trees find: how much of an output each factor foretells (feature scores), and where it goes wrong (CART)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._extras import missing
from wom_sim.study.analysis.boxes import cases_of
from wom_sim.study.analysis.classes import encoded, spread_points, there
from wom_sim.study.analysis.intervals import RARE, chance_of_mean, holm, interval
from wom_sim.study.analysis.study import Factor, NotApplicableError, NothingFoundError, Response, Study
from wom_sim.words.said import Said

Floats = NDArray[np.float64]
_FOLDS, _TREES, _LEAF, _SHUFFLES = 5, 60, 3, 3
_LEAVES = 6
_SMALLEST = 0.05
"""Share of the points that a leaf must hold."""


def features(study: Study) -> pd.DataFrame:
    """Return how much worse an output is foretold when a factor is not known: feature scores.

    Extremely randomised trees are grown on four fifths of the points and foretell the last fifth, in turn. ``score`` is
    the share of the output's variance that is lost when the factor's values are shuffled there, alone and with all it
    does together with others; with its 95 % interval over points. ``fits``: the share that is foretold with all factors
    known: where it is low the scores say little. Factors that are no numbers have a column for each value, and are
    shuffled as one. ``beyond_chance``: above 0 by more than the luckiest of all factors shows (Holm 1979).

    Source: Geurts, Ernst & Wehenkel 2006, "Extremely randomized trees"; Breiman 2001, "Random forests", for shuffling.

    Raises
    ------
    NotApplicableError
        If points are too few, or not spread, or scikit-learn is not installed.
    """
    points = spread_points(study, Said("analysis.what.features"))
    _need_trees(Said("analysis.what.features"))
    rows: list[dict[str, Any]] = []
    for response in study.responses():
        found = there(response, points)
        if found is not None:
            rows += _of_features(study, response, *found)
    if not rows:
        raise NothingFoundError(Said("analysis.same_everywhere"))
    return pd.DataFrame(rows)


def _need_trees(what: str) -> None:
    """Raise NotApplicableError where scikit-learn is not installed."""
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        raise NotApplicableError(Said("analysis.need_trees", what=what, missing=missing("sklearn")))


def _of_features(study: Study, response: Response, points: NDArray[np.int64], outputs: Floats) -> list[dict[str, Any]]:
    """Return the rows of one response."""
    used = [f for f in study.varied if study.uses(response.policy, f.key)]
    if not used:
        return []
    columns, of = encoded(study, used, points)
    fits, losses = lost(columns, of, outputs, study.seed)
    told = {f.key: interval(loss, chance=False) for f, loss in zip(used, losses, strict=True)}
    p = np.array([chance_of_mean(loss) if loss.mean() > 0.0 else 1.0 for loss in losses])
    sure = dict(zip(told, holm(p) < RARE, strict=True))
    return [
        response.head | {"factor": f.key}
        | dict(zip(("score", "low", "high"), told.get(f.key, (0.0, 0.0, 0.0)), strict=True))
        | {"beyond_chance": bool(sure.get(f.key, False)), "fits": fits, "points": len(points), "used": f.key in told}
        for f in study.varied
    ]  # fmt: skip


def lost(columns: Floats, of: list[NDArray[np.int64]], outputs: Floats, seed: int) -> tuple[float, list[Floats]]:
    """Return the share of the variance that is foretold, and for each factor the share that is lost, a value a point.

    ``of``: which columns are each factor's.
    """
    from sklearn.ensemble import ExtraTreesRegressor
    from sklearn.model_selection import KFold

    draws = np.random.default_rng(seed)
    scaled = (outputs - outputs.mean()) / outputs.std()
    error, losses = np.empty(len(scaled)), [np.empty(len(scaled)) for _ in of]
    for train, test in KFold(_FOLDS, shuffle=True, random_state=seed).split(columns):
        forest = ExtraTreesRegressor(_TREES, min_samples_leaf=_LEAF, max_features=1.0, random_state=seed)
        forest.fit(columns[train], scaled[train])
        error[test] = (scaled[test] - forest.predict(columns[test])) ** 2
        for mine, loss in zip(of, losses, strict=True):
            shuffled = [columns[test].copy() for _ in range(_SHUFFLES)]
            for each in shuffled:
                each[:, mine] = each[draws.permutation(len(test))][:, mine]
            missed = [(scaled[test] - forest.predict(each)) ** 2 for each in shuffled]
            loss[test] = (np.mean(missed, axis=0) - error[test]) / 2.0  # as a share made: shuffling counts it twice
    return float(1.0 - error.mean()), losses


# -- where it goes wrong -------------------------------------------------------------------------------------


class Leaf(NamedTuple):
    """A leaf of a tree: the ends of each column in it, and its number."""

    ends: Mapping[int, tuple[float, float]]
    number: int


def tree(study: Study) -> pd.DataFrame:
    """Return where an output is bad as a classification tree finds it, a row for each restriction of each leaf.

    The columns are those of ``boxes``; the tree (CART) is grown on half of the points, and ``coverage``, ``density``,
    ``base`` and ``mass`` are those of the other half, so that they are not flattered. ``p``: chance of such a density
    among them if the leaf were no worse than all points; leaves in which it is not below .05 (Holm 1979) are left out.
    Unlike boxes, leaves do not overlap. A factor that is no number is split by its values, in no order.

    Source: Breiman, Friedman, Olshen & Stone 1984, "Classification and regression trees".

    Raises
    ------
    NotApplicableError
        If points are too few, or not spread, or scikit-learn is not installed; or no leaf is found.
    """
    points = spread_points(study, Said("analysis.what.trees"))
    _need_trees(Said("analysis.what.trees"))
    rows: list[dict[str, Any]] = []
    for response in study.responses():
        found = there(response, points)
        if found is None:
            continue
        for cases in cases_of(response, found[1]):
            for row in _of_tree(study, response, found[0], cases.there):
                rows.append(response.head | {"case": cases.name} | row)
    if not rows:
        raise NothingFoundError(Said("analysis.no_leaf"))
    return pd.DataFrame(rows)


def _of_tree(
    study: Study, response: Response, points: NDArray[np.int64], cases: NDArray[np.bool_]
) -> Iterator[dict[str, Any]]:
    """Yield the restrictions of the leaves that are worse than all points, the densest first."""
    from scipy.stats import binom
    from sklearn.tree import DecisionTreeClassifier

    used = [f for f in study.varied if study.uses(response.policy, f.key)]
    if not used:
        return
    columns, of = encoded(study, used, points)
    half = np.random.default_rng(study.seed).permutation(len(points)) % 2 == 0
    if len(set(cases[half])) < 2 or not cases[~half].any():
        return
    least = max(5, int(_SMALLEST * half.sum()))
    grown = DecisionTreeClassifier(max_leaf_nodes=_LEAVES, min_samples_leaf=least, random_state=study.seed)
    grown.fit(columns[half], cases[half])
    placed, base = grown.apply(columns[~half]), float(cases[~half].mean())
    found = []
    for leaf in _leaves(grown.tree_):
        inside = placed == leaf.number
        bad, size = int(cases[~half][inside].sum()), int(inside.sum())
        if size:
            found.append((leaf, bad, size, float(binom.sf(bad - 1, size, base))))
    sure = holm(np.array([p for *_, p in found])) < RARE
    kept = sorted((each for each, ok in zip(found, sure, strict=True) if ok), key=lambda each: -each[1] / each[2])
    for number, (leaf, bad, size, p) in enumerate(kept, start=1):
        measures = {"coverage": bad / int(cases[~half].sum()), "density": bad / size, "base": base}
        measures |= {"mass": size / int((~half).sum()), "points": size, "p": p}
        for factor, mine in zip(used, of, strict=True):
            told = _restricted(study, factor, mine, leaf, points)
            if told is not None:
                yield {"box": number, "factor": factor.key} | told | measures


def _leaves(grown: Any) -> Iterator[Leaf]:
    """Yield the leaves of a tree of scikit-learn's."""
    stack: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while stack:
        node, ends = stack.pop()
        left, right = int(grown.children_left[node]), int(grown.children_right[node])
        if left == right:
            yield Leaf(ends, node)
            continue
        column, at = int(grown.feature[node]), float(grown.threshold[node])
        low, high = ends.get(column, (-np.inf, np.inf))
        stack.append((right, ends | {column: (max(low, at), high)}))
        stack.append((left, ends | {column: (low, min(high, at))}))


def _restricted(
    study: Study, factor: Factor, mine: NDArray[np.int64], leaf: Leaf, points: NDArray[np.int64]
) -> dict[str, Any] | None:
    """Return how a leaf restricts a factor: ends of a number, values of what is none; None if it does not."""
    if not any(int(k) in leaf.ends for k in mine):
        return None
    if factor.numeric:
        low, high = leaf.ends[int(mine[0])]
        return {"low": low if np.isfinite(low) else np.nan, "high": high if np.isfinite(high) else np.nan, "among": ""}
    codes, names = study.categories(factor)
    there_ = [names[k] for k in np.unique(codes[points])]
    ends = [leaf.ends.get(int(k), (-np.inf, np.inf)) for k in mine]
    only = [name for name, (low, _) in zip(there_, ends, strict=True) if low > 0.0]
    kept = only or [name for name, (_, high) in zip(there_, ends, strict=True) if high > 0.5]
    return {"low": np.nan, "high": np.nan, "among": "; ".join(kept)}
