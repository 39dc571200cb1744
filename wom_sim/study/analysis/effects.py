"""Main effects: the output at each level of a factor, all others averaged; and how far a factor swings it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.study.analysis.intervals import RARE, chance_of_gap, interval, welch
from wom_sim.study.analysis.sobol import independent_rows
from wom_sim.study.analysis.study import SCATTERED, Factor, NotApplicableError, OtherDesignError, Response, Study
from wom_sim.words.said import Said

_MOST_LEVELS = 16
"""A number with more different values than this is put into bins."""

_LINKED = 0.98
"""Rank correlation of two factors above which the design cannot tell them apart."""


class Level(NamedTuple):
    """A value of a factor, or a bin of values, and the points there (their numbers in the design)."""

    level: Any
    first: Any
    last: Any
    points: NDArray[np.int64]


def levels(study: Study) -> pd.DataFrame:
    """Return the mean output at each level of each factor: the response curve, with 95 % intervals.

    ``by`` says what the interval is over. Where every level has the same other points (grids), luck is all that
    is left, and it is the replication. Where points are spread at random, it is the point. For a factor that the policy
    does not use every level has the mean of all points.

    Raises
    ------
    NotApplicableError
        If no factor varies, or no output has runs at two levels of one.
    OtherDesignError
        For a Morris design.
    """
    rows = []
    for response, factor, found in _every(study):
        used = study.uses(response.policy, factor.key)
        for level in found:
            over = level if used else _together(found)
            mean, low, high = interval(_units(study, response, over), response.chance, response.signed)
            where = {"factor": factor.key, "level": level.level, "first": level.first, "last": level.last}
            rows.append(
                response.head
                | where
                | {"mean": mean, "low": low, "high": high, "points": len(level.points), "by": unit_of(study)}
            )
    if not rows:
        raise NotApplicableError(Said("analysis.no_levels"))
    return pd.DataFrame(rows)


def effects(study: Study) -> pd.DataFrame:
    """Return how far each factor swings each output: from its lowest to its highest level, largest first.

    For a factor that is no number, from the level with the lowest mean to that with the highest, which
    flatters it. ``widest`` is the distance between the highest and the lowest mean of all levels: more than the
    swing where the effect turns round. ``linked_to`` names factors that the design moves together with it. ``used``:
    whether the policy uses the factor at all; if not, all of this is exactly 0. ``swing_beyond_chance`` and
    ``beyond_chance`` (the swing, or the widest distance): whether it is more than the luckiest of all factors, and of
    all pairs of their levels, shows in one case of twenty at most (Bonferroni).

    Raises
    ------
    NotApplicableError, OtherDesignError
        As ``levels``.
    """
    rows = []
    for response, factor, found in _every(study):
        used = study.uses(response.policy, factor.key)
        over = found if used else [_together(found)] * len(found)
        means = [float(np.nanmean(_units(study, response, level))) for level in over]
        ends = (0, len(found) - 1) if factor.numeric else (int(np.argmin(means)), int(np.argmax(means)))
        swing, low, high = _swing(study, response, found[ends[0]], found[ends[1]]) if used else (0.0, 0.0, 0.0)
        tested = _beyond_chance(study, response, (found, means, ends), factor) if used else (False, False)
        rows.append(
            response.head
            | {"factor": factor.key, "low_level": found[ends[0]].level, "high_level": found[ends[1]].level}
            | {"at_low": means[ends[0]], "at_high": means[ends[1]], "swing": swing, "low": low, "high": high}
            | {"widest": max(means) - min(means), "levels": len(found), "by": unit_of(study)}
            | {"linked_to": "; ".join(linked(study, factor)), "used": used}
            | {"swing_beyond_chance": tested[0], "beyond_chance": tested[0] or tested[1]}
        )
    if not rows:
        raise NotApplicableError(Said("analysis.no_levels"))
    table = pd.DataFrame(rows)
    size = table["swing"].abs()
    place = table.groupby(["policy", "output"], sort=False).ngroup()
    order = pd.DataFrame({"place": place, "size": -size}).sort_values(["place", "size"], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _every(study: Study) -> Iterator[tuple[Response, Factor, list[Level]]]:
    """Yield each response with each factor that varies, and its levels."""
    found = [(factor, levels_of(study, factor)) for factor in study.factors]
    varied = [(factor, those) for factor, those in found if len(those) > 1]
    if not varied:
        raise NotApplicableError(Said("analysis.no_factor"))
    if study.kind == "morris":
        raise OtherDesignError(Said("analysis.see_morris"))
    for response in study.responses():
        for factor, those in varied:
            seen = [level for level in those if not np.isnan(response.runs[level.points]).all()]
            if len(seen) > 1:
                yield response, factor, seen


def levels_of(study: Study, factor: Factor) -> list[Level]:
    """Return the levels of a factor, in order. One at a time, only points at which the others are at their base."""
    column = study.column(factor)
    allowed = independent_rows(study)
    if study.kind == "one_at_a_time":
        others = [study.column(f) for f in study.factors if f != factor]
        at_base = [other == other.mode().iloc[0] for other in others]
        allowed = np.flatnonzero(np.logical_and.reduce([np.ones(len(column), dtype=bool), *at_base]))
    values = column.iloc[allowed]
    distinct = list(dict.fromkeys(values.sort_values() if factor.numeric else values))
    if factor.numeric and len(distinct) > _MOST_LEVELS:
        return _bins(values.to_numpy(float), allowed)
    return [Level(v, v, v, allowed[(values == v).to_numpy()]) for v in distinct]


def _together(found: list[Level]) -> Level:
    """Return all levels as one."""
    return Level(found[0].level, found[0].first, found[-1].last, np.sort(np.concatenate([f.points for f in found])))


def _bins(values: NDArray[np.float64], allowed: NDArray[np.int64]) -> list[Level]:
    """Return bins with about equally many points; a bin's level is its mean."""
    order = np.argsort(values, kind="stable")
    parts = np.array_split(order, int(np.clip(len(values) // 20, 2, 10)))
    return [Level(float(values[p].mean()), float(values[p].min()), float(values[p].max()), allowed[p]) for p in parts]


def unit_of(study: Study) -> str:
    """Return what is independent of what in this design."""
    replications = study.table["replication"].nunique()
    return "point" if study.kind in SCATTERED or replications < 2 else "replication"


def _units(study: Study, response: Response, level: Level) -> NDArray[np.float64]:
    """Return the independent values at a level: a mean for each point, or for each replication."""
    if unit_of(study) == "replication":
        turned = Response(response.policy, response.output, response.runs[level.points].T)
        return turned.means
    return response.means[level.points]


def _swing(study: Study, response: Response, low: Level, high: Level) -> tuple[float, float, float]:
    """Return the output at the high level minus that at the low one, with its interval."""
    first, second = _units(study, response, low), _units(study, response, high)
    if unit_of(study) == "replication":
        return interval(second - first, chance=False)
    return welch(first, second)


def _beyond_chance(
    study: Study, response: Response, found: tuple[list[Level], list[float], tuple[int, int]], factor: Factor
) -> tuple[bool, bool]:
    """Return whether the swing, and the widest distance between two levels, are more than chance shows.

    ``found``: the levels, their means, the places of the two ends. Where chance cannot be told, any distance counts.
    """
    levels_, means, ends = found
    factors = sum(study.uses(response.policy, f.key) for f in study.varied)
    pairs = len(levels_) * (len(levels_) - 1) // 2
    paired = unit_of(study) == "replication"
    told = []
    widest = (int(np.argmin(means)), int(np.argmax(means)))
    for (one, other), tries in ((ends, 1 if factor.numeric else pairs), (widest, pairs)):
        first, second = (_units(study, response, levels_[k]) for k in (one, other))
        chance = chance_of_gap(first, second, paired)
        sure = means[one] != means[other] if np.isnan(chance) else chance * tries * factors < RARE
        told.append(bool(sure))
    return told[0], told[1]


def linked(study: Study, factor: Factor) -> list[str]:
    """Return the other factors that the design moves together with this one."""
    if not factor.numeric or study.kind != "table":
        return []
    ranks = study.design[[f.key for f in study.numeric]].rank()
    own = ranks.corrwith(ranks[factor.key]).abs() if factor.key in ranks else pd.Series(dtype=float)
    return [str(key) for key, size in own.items() if key != factor.key and size > _LINKED]


def told_apart(study: Study) -> list[Factor]:
    """Return the numeric factors, and of those that the design moves together only the first."""
    kept: list[Factor] = []
    for factor in study.numeric:
        if not set(linked(study, factor)) & {f.key for f in kept}:
            kept.append(factor)
    return kept
