"""Response maps over two factors: where an output is above zero, where below, and where that is undecided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.effects import levels_of
from wom_sim.study.analysis.intervals import interval
from wom_sim.study.analysis.study import Factor, NothingFoundError, OtherDesignError, Response, Study
from wom_sim.words.said import Said

_MOST_LEVELS = 60
_FAR = 20.0
"""Ratio of a factor's highest to its lowest value above which it is read on a log scale."""


class Plane(NamedTuple):
    """Two factors, their values, and the points of the design in each cell (x times y)."""

    x: Factor
    y: Factor
    xs: list[Any]
    ys: list[Any]
    cells: dict[tuple[int, int], NDArray[np.int64]]


def response_map(study: Study) -> pd.DataFrame:
    """Return the mean output in each cell of each pair of factors, all others averaged, with 95 % intervals.

    Intervals are over replications. ``side``: "above" or "below" zero, "undecided" where the interval holds zero;
    empty for a chance.

    Raises
    ------
    NotApplicableError
        If no two factors are crossed, each value of one with each of the other.
    """
    rows = []
    for plane in planes(study):
        for response in _crossed(study, plane):
            means = _cells(plane, response)
            for (i, j), (mean, low, high) in means.items():
                where = {"x_factor": plane.x.key, "x": plane.xs[i], "y_factor": plane.y.key, "y": plane.ys[j]}
                side = "" if response.chance else _side(low, high)
                found = {"mean": mean, "low": low, "high": high, "side": side, "points": len(plane.cells[i, j])}
                rows.append(response.head | where | found)
    if not rows:
        raise NothingFoundError(Said("analysis.unused_crossed"))
    return pd.DataFrame(rows)


def zero_line(study: Study) -> pd.DataFrame:
    """Return where the output crosses zero: for each value of y, the x of the mean and of its interval's ends.

    Between two values of x a straight line is assumed, on a log scale where x spans a factor of 20 or more. ``to`` says
    on which side one comes out with growing x. ``x_low`` and ``x_high`` are the crossings of the interval's ends
    nearest to it; empty where an end does not cross.

    Raises
    ------
    NotApplicableError
        As for ``response_map``, or if nothing crosses zero.
    """
    rows = []
    for plane in planes(study):
        for flipped in (False, True):
            turned = _flip(plane) if flipped else plane
            if turned.x.numeric:
                for response in _crossed(study, turned):
                    rows += [] if response.chance else list(_crossings(turned, response))
    if not rows:
        raise NothingFoundError(Said("analysis.no_zero"))
    return pd.DataFrame(rows)


def _crossed(study: Study, plane: Plane) -> Iterator[Response]:
    """Yield the responses of the policies that use both factors of a plane; in a grid those that use one.

    Along a factor that is not used, cells of a table differ by what else differs there, and those of a grid do not.
    """
    needed = any if study.kind == "grid" else all
    for response in study.responses():
        if needed(study.uses(response.policy, factor.key) for factor in (plane.x, plane.y)):
            yield response


def planes(study: Study) -> list[Plane]:
    """Return every pair of factors that the design crosses.

    Raises
    ------
    NotApplicableError
        If there is none.
    """
    if study.kind not in ("grid", "table"):
        raise OtherDesignError(Said("analysis.map", kind=study.kind))
    found = []
    for x, y in combinations(study.varied, 2):
        by_x, by_y = levels_of(study, x), levels_of(study, y)
        if max(len(by_x), len(by_y)) > _MOST_LEVELS:
            continue
        cells = {
            (i, j): np.intersect1d(a.points, b.points) for i, a in enumerate(by_x) for j, b in enumerate(by_y)
        }  # fmt: skip
        if all(len(points) for points in cells.values()):
            found.append(Plane(x, y, [a.level for a in by_x], [b.level for b in by_y], cells))
    if not found:
        raise OtherDesignError(Said("analysis.no_crossed"))
    return found


def _flip(plane: Plane) -> Plane:
    return Plane(plane.y, plane.x, plane.ys, plane.xs, {(j, i): points for (i, j), points in plane.cells.items()})


def _cells(plane: Plane, response: Response) -> dict[tuple[int, int], tuple[float, float, float]]:
    """Return mean and interval over replications of each cell."""
    found = {}
    for where, points in plane.cells.items():
        by_replication = Response(response.policy, response.output, response.runs[points].T).means
        found[where] = interval(by_replication, response.chance, response.signed)
    return found


def _side(low: float, high: float) -> str:
    if low > 0.0:
        return "above"
    return "below" if high < 0.0 else "undecided"


def _crossings(plane: Plane, response: Response) -> Iterator[dict[str, Any]]:
    """Yield a row for each crossing, along x, of the mean in one row of the map."""
    means = _cells(plane, response)
    xs = np.array(plane.xs, dtype=float)
    log = bool(xs.min() > 0.0 and xs.max() / xs.min() >= _FAR)
    for j, y in enumerate(plane.ys):
        lines = np.array([means[i, j] for i in range(len(xs))])
        ends = [x for k in (1, 2) for x, _ in zeros(xs, lines[:, k], log)]
        for x, rising in zeros(xs, lines[:, 0], log):
            below, above = [e for e in ends if e <= x], [e for e in ends if e >= x]
            yield response.head | {
                "x_factor": plane.x.key, "y_factor": plane.y.key, "y": y, "x": x,
                "x_low": max(below) if below else np.nan, "x_high": min(above) if above else np.nan,
                "to": "above" if rising else "below",
            }  # fmt: skip


def zeros(xs: NDArray[np.float64], values: NDArray[np.float64], log: bool) -> list[tuple[float, bool]]:
    """Return where a line through the values crosses zero, and whether it rises there.

    >>> import numpy as np
    >>> zeros(np.array([1.0, 2.0, 4.0]), np.array([-1.0, 1.0, 3.0]), log=False)
    [(1.5, True)]
    """
    places = np.log(xs) if log else xs
    found = []
    for k in range(len(xs) - 1):
        first, last = values[k], values[k + 1]
        if first == last or first * last > 0.0 or first == 0.0 or not np.isfinite(first * last):
            continue
        at = places[k] + (places[k + 1] - places[k]) * first / (first - last)
        found.append((float(np.exp(at) if log else at), bool(last > first)))
    return found
