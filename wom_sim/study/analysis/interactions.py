"""Does one factor do more where another is so? Differences of effects, paired by luck, on crossed factors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.intervals import RARE, chance_of_mean, holm, interval
from wom_sim.study.analysis.maps import Plane, planes
from wom_sim.study.analysis.study import Factor, NothingFoundError, OtherDesignError, Response, Study

Floats = NDArray[np.float64]
POLICY = "policy"
"""In the place of a factor: which policy is run."""


class Step(NamedTuple):
    """From which level of a factor to which (their places among its levels)."""

    first: int
    last: int


def interactions(study: Study) -> pd.DataFrame:
    """Return how much more a step of one factor does at one level of another factor than at another level.

    A row for each pair of crossed factors, and each step of both: ``factor`` goes ``from`` one level ``to`` another.
    The ``effect_first`` of that is where ``with`` is at ``with_from``, ``effect_last`` where it is at ``with_to``, each
    with its 95 % interval; ``interaction`` is the second less the first, with ``low``, ``high`` and ``se``, its
    standard error. It is symmetric: ``with`` does as much more where ``factor`` is at ``to``. A number steps from its
    lowest to its highest level, what is no number from its first value to each other. All are paired by luck: the unit
    is the replication, and all other factors are averaged. ``p``: chance of so much if there were no interaction.
    ``beyond_chance``: it stays below .05 among all rows of the output and policy (Holm 1979). ``used``: whether the
    policy uses both factors; if not, the interaction is exactly 0.

    Where several policies are run, ``factor`` is also "policy": from one of them to another, and the output is the
    difference of the two; its rows have no policy of their own ("policy" is the one gone to).

    Raises
    ------
    NotApplicableError
        If no two factors are crossed with all others alike.
    """
    crossed = list(_balanced(study))
    rows: list[dict[str, Any]] = []
    for response in study.responses():
        own = [row for plane in crossed for row in _of_plane(study, response, plane)]
        rows += _judged(own)
    for output in study.outputs:
        rows += _judged(list(_of_policies(study, output, crossed)))
    if not rows:
        raise NothingFoundError("no policy has runs at all four corners of two crossed factors")
    return pd.DataFrame(rows)


def _balanced(study: Study) -> Iterator[Plane]:
    """Yield the planes whose cells have the same points in all other factors; say which have not.

    Raises
    ------
    OtherDesignError
        If there is none.
    """
    found = False
    for plane in planes(study):
        others = [study.column(f).to_numpy() for f in study.varied if f not in (plane.x, plane.y)]
        names = [tuple(str(other[k]) for other in others) for k in range(len(study.design))]
        cells = {where: np.array(sorted(points, key=names.__getitem__)) for where, points in plane.cells.items()}
        kept = [[names[k] for k in points] for points in cells.values()]
        if all(cell == kept[0] for cell in kept):
            found = True
            yield plane._replace(cells=cells)
        else:
            study.leave_out(f"{plane.x.key} and {plane.y.key}: not crossed with all other factors alike")
    if not found:
        raise OtherDesignError("no two factors are crossed with all others alike; see regression.csv")


def steps(factor: Factor, levels: int) -> list[Step]:
    """Return the steps of a factor: lowest to highest of a number, else first to each other."""
    return [Step(0, levels - 1)] if factor.numeric else [Step(0, k) for k in range(1, levels)]


def by_replication(runs: Floats, points: NDArray[np.int64]) -> Floats:
    """Return the mean over some points of each replication; NaN where one of them has no run there."""
    return np.asarray(runs[points].mean(axis=0))


def _of_plane(study: Study, response: Response, plane: Plane) -> Iterator[dict[str, Any]]:
    """Yield a row for each step of one factor of a plane with each step of the other."""
    x, y = plane.x, plane.y
    used = all(study.uses(response.policy, factor.key) for factor in (x, y))
    cells = {where: _units(response.runs, points) for where, points in plane.cells.items()}
    for a in steps(x, len(plane.xs)):
        for b in steps(y, len(plane.ys)):
            first = cells[a.last, b.first] - cells[a.first, b.first]
            last = cells[a.last, b.last] - cells[a.first, b.last]
            if np.isnan(first - last).all():
                continue
            head = response.head | {"factor": x.key, "from": plane.xs[a.first], "to": plane.xs[a.last]}
            head |= {"with": y.key, "with_from": plane.ys[b.first], "with_to": plane.ys[b.last]}
            yield head | described(first, last, used) | {"by": _by(response.runs)}


def _of_policies(study: Study, output: str, crossed: list[Plane]) -> Iterator[dict[str, Any]]:
    """Yield a row for each pair of policies and each step of a factor: the difference of the two there, and here."""
    levels: dict[str, tuple[Factor, list[Any], dict[int, NDArray[np.int64]]]] = {}
    for plane in crossed:
        for factor, names, side in ((plane.x, plane.xs, 0), (plane.y, plane.ys, 1)):
            at = {
                k: np.concatenate([points for where, points in plane.cells.items() if where[side] == k])
                for k in range(len(names))
            }
            levels.setdefault(factor.key, (factor, names, at))
    for one, other in combinations(study.policies, 2):
        gap = study.values(other, output) - study.values(one, output)
        for factor, names, at in levels.values():
            used = any(study.uses(policy, factor.key) for policy in (one, other))
            for step in steps(factor, len(names)):
                first, last = (_units(gap, at[k]) for k in step)
                if np.isnan(first - last).all():
                    continue
                head = {"policy": other, "output": output, "factor": POLICY, "from": one, "to": other}
                head |= {"with": factor.key, "with_from": names[step.first], "with_to": names[step.last]}
                yield head | described(first, last, used) | {"by": _by(gap)}


def _by(runs: Floats) -> str:
    """Return what the interval is over: replications, or, where there is one alone, the points of a cell."""
    return "replication" if runs.shape[1] > 1 else "point"


def _units(runs: Floats, points: NDArray[np.int64]) -> Floats:
    """Return the independent values of a cell: a mean for each replication, or, of a single one, each point."""
    return by_replication(runs, points) if runs.shape[1] > 1 else runs[points, 0]


def described(first: Floats, last: Floats, used: bool) -> dict[str, Any]:
    """Return two effects and the difference between them, with intervals, from paired units."""
    told: dict[str, Any] = {}
    for name, values in (("effect_first", first), ("effect_last", last)):
        told |= dict(zip((name, f"{name}_low", f"{name}_high"), interval(values, chance=False), strict=True))
    gaps = last - first if used else np.zeros_like(first)
    seen = gaps[~np.isnan(gaps)]
    mean, low, high = interval(gaps, chance=False) if used else (0.0, 0.0, 0.0)
    se = float(seen.std(ddof=1) / np.sqrt(len(seen))) if len(seen) > 1 else float("nan")
    p = chance_of_mean(seen) if used else 1.0
    return told | {"interaction": mean, "low": low, "high": high, "se": se, "n": len(seen), "p": p, "used": used}


def _judged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with whether each is beyond what the luckiest of them all shows by chance."""
    sure = holm(np.array([row["p"] if row["used"] else np.nan for row in rows], dtype=float)) < RARE
    return [
        row | {"beyond_chance": bool(is_sure and not row["low"] <= 0.0 <= row["high"])}
        for row, is_sure in zip(rows, sure, strict=True)
    ]
