"""PRIM, the patient rule induction method: peel a box, a little at a time, until it holds mostly the cases sought.

Small and on plain arrays, because the packages that offer it bring a workbench of their own.

Source: Friedman & Fisher 1999; for scenarios Bryant & Lempert 2010.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PEEL = 0.05
"""Share of a box's points that one peel takes away, at most, of a number; a category goes as a whole."""

_LEAST = 0.05
"""Share of all points below which a box is not peeled further."""

_LEAST_POINTS = 10


class Restriction(NamedTuple):
    """What a box asks of one factor: low to high of a number, or one of some categories (``allowed``)."""

    factor: int
    low: float
    high: float
    allowed: tuple[float, ...] | None

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which points keep to it, for points x factors."""
        column = values[:, self.factor]
        if self.allowed is not None:
            return np.isin(column, self.allowed)
        return (column >= self.low) & (column <= self.high)


Box = tuple[Restriction, ...]
"""At most one restriction a factor, in the order of factors; none: all points."""


class Step(NamedTuple):
    """A box on the way of peeling, how many points it holds, and how many of them are cases."""

    box: Box
    points: int
    cases: int


def inside(box: Box, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points lie in a box."""
    kept = np.ones(len(values), dtype=bool)
    for restriction in box:
        kept &= restriction.holds(values)
    return kept


def peel(values: NDArray[np.float64], cases: NDArray[np.bool_], words: frozenset[int] = frozenset()) -> list[Step]:
    """Return the way of peeling, from all points to the smallest box; ``words``: factors that are categories.

    Each step takes away the slice after which the density of cases rises most for each point given up; of slices
    that are equal, the first factor's and the lower end's.
    """
    box: Box = ()
    steps = [Step(box, len(cases), int(cases.sum()))]
    least = max(_LEAST_POINTS, _LEAST * len(cases))
    while 0 < steps[-1].cases < steps[-1].points:
        kept = inside(box, values)
        best, gain = None, -np.inf
        for candidate in _candidates(box, values, kept, words):
            then = inside(candidate, values)
            points, found = int(then.sum()), int(cases[then].sum())
            if points < least or points == steps[-1].points:
                continue
            rise = (found / points - steps[-1].cases / steps[-1].points) / (steps[-1].points - points)
            if rise > gain:
                best, gain = Step(candidate, points, found), rise
        if best is None:
            break
        box = best.box
        steps.append(best)
    return steps


def _candidates(box: Box, values: NDArray[np.float64], kept: NDArray[np.bool_], words: frozenset[int]) -> Iterator[Box]:
    """Yield every box that is one slice smaller."""
    for factor in range(values.shape[1]):
        column = values[kept, factor]
        there = np.unique(column)
        if len(there) < 2:
            continue
        if factor in words:
            for word in there:
                left = tuple(float(w) for w in there if w != word)
                yield _with(box, Restriction(factor, -np.inf, np.inf, left))
            continue
        low, high = _bounds(box, factor)
        lower, upper = np.quantile(column, [PEEL, 1.0 - PEEL], method="inverted_cdf")
        above = there[there > lower] if (column < lower).sum() == 0 else there[there >= lower]
        below = there[there < upper] if (column > upper).sum() == 0 else there[there <= upper]
        if len(above):
            yield _with(box, Restriction(factor, float(above[0]), high, None))
        if len(below):
            yield _with(box, Restriction(factor, low, float(below[-1]), None))


def _bounds(box: Box, factor: int) -> tuple[float, float]:
    for restriction in box:
        if restriction.factor == factor:
            return restriction.low, restriction.high
    return -np.inf, np.inf


def _with(box: Box, new: Restriction) -> Box:
    """Return a box with the restriction of one factor replaced."""
    return tuple(sorted((*(r for r in box if r.factor != new.factor), new)))


def best_step(steps: list[Step]) -> Step:
    """Return the step with the best balance: the highest harmonic mean of coverage and density.

    Coverage: share of all cases that the box holds. Density: share of the box's points that are cases.
    """
    every = steps[0].cases
    return max(steps, key=lambda s: 2.0 * s.cases / (s.points + every) if every else 0.0)


def without_idle(
    box: Box, values: NDArray[np.float64], cases: NDArray[np.bool_], most: float = 0.05
) -> tuple[Box, list[float]]:
    """Return the box without restrictions that luck could explain, and the quasi-p-value of each that is left.

    The largest is dropped first, until none is above ``most``.
    """
    while True:
        chances = [quasi_p(box, k, values, cases) for k in range(len(box))]
        if not chances or max(chances) <= most:
            return box, chances
        worst = int(np.argmax(chances))
        box = box[:worst] + box[worst + 1 :]


def quasi_p(box: Box, number: int, values: NDArray[np.float64], cases: NDArray[np.bool_]) -> float:
    """Return the chance of at least so many cases in the box if one restriction did nothing.

    The density without the restriction is taken as the chance of a case; the box's points as independent draws. It
    is called quasi because the box was sought in the same points. Source: Bryant & Lempert 2010.
    """
    from scipy.stats import binom

    looser = inside(box[:number] + box[number + 1 :], values)
    kept = inside(box, values)
    return float(binom.sf(cases[kept].sum() - 1, kept.sum(), cases[looser].mean()))
