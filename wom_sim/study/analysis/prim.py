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
_TRIED, _MOST_FACTORS = 6, 4
_WORTH = 0.02
"""By how much one more factor must improve the harmonic mean of coverage and density."""


class Restriction(NamedTuple):
    """What a box asks of one factor: low to high of a number, or one of some categories (``allowed``)."""

    factor: int
    low: float
    high: float
    allowed: tuple[float, ...] | None

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which rows of points x factors satisfy the restriction."""
        column = values[:, self.factor]
        if self.allowed is not None:
            return np.isin(column, self.allowed)
        return (column >= self.low) & (column <= self.high)


Box = tuple[Restriction, ...]
"""At most one restriction a factor, in the order of factors; none: all points."""


class Step(NamedTuple):
    """A box of the peeling trajectory, how many points it holds, and how many of them are cases."""

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
    """Return the peeling trajectory, from all points to the smallest box; ``words``: factors that are categories.

    Each step takes away the slice after which the density of cases rises most for each point given up; of slices
    that are equal, the first factor's and the lower end's.
    """
    box: Box = ()
    steps = [Step(box, len(cases), int(cases.sum()))]
    least = max(_LEAST_POINTS, _LEAST * len(cases))
    while 0 < steps[-1].cases < steps[-1].points:
        points, density = len(cases), steps[-1].cases / steps[-1].points
        best, stays, gain = None, None, -np.inf
        for restriction, left in _slices(box, values, words):
            size = int(left.sum())
            if size < least or size == points:
                continue
            found = int(cases[left].sum())
            rise = (found / size - density) / (points - size)
            if rise > gain:
                best, stays, gain = Step(_with(box, restriction), size, found), left, rise
        if best is None or stays is None:
            break
        box, values, cases = best.box, values[stays], cases[stays]
        steps.append(best)
    return steps


def _slices(
    box: Box, values: NDArray[np.float64], words: frozenset[int]
) -> Iterator[tuple[Restriction, NDArray[np.bool_]]]:
    """Yield every restriction that takes one slice of the points of a box away, and the points that it leaves."""
    for factor in range(values.shape[1]):
        column = values[:, factor]
        if factor in words:
            there = np.unique(column)
            for word in there if len(there) > 1 else ():
                left = tuple(float(w) for w in there if w != word)
                yield Restriction(factor, -np.inf, np.inf, left), column != word
            continue
        low, high = _bounds(box, factor)
        in_order = np.sort(column)
        lower, upper = in_order[int(PEEL * len(column))], in_order[-1 - int(PEEL * len(column))]
        above = column >= lower if in_order[0] < lower else column > lower
        below = column <= upper if in_order[-1] > upper else column < upper
        if above.any():
            yield Restriction(factor, float(column[above].min()), high, None), above
        if below.any():
            yield Restriction(factor, low, float(column[below].max()), None), below


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


def best_box(values: NDArray[np.float64], cases: NDArray[np.bool_], words: frozenset[int] = frozenset()) -> Box:
    """Return the best box on few factors: those are taken in one by one, each if it improves the balance enough.

    With many factors and few points, peeling over all at once nibbles at every one of them, since many slices
    hold no case by luck. So the first six by themselves are tried in turn, and at most four restrict the box.
    """
    every = int(cases.sum())

    def tried(factors: tuple[int, ...]) -> tuple[float, Box]:
        among = frozenset(k for k, f in enumerate(factors) if f in words)
        step = best_step(peel(values[:, factors], cases, among))
        box = tuple(sorted(r._replace(factor=factors[r.factor]) for r in step.box))
        return 2.0 * step.cases / (step.points + every), box

    alone: dict[tuple[int, ...], tuple[float, Box]] = {(k,): tried((k,)) for k in range(values.shape[1])}
    first = sorted(alone, key=lambda k: -alone[k][0])[:_TRIED]
    chosen = first[0]
    balance, box = alone[chosen]
    while len(chosen) < _MOST_FACTORS:
        wider = [tuple(sorted((*chosen, *k))) for k in first if k[0] not in chosen]
        found = {factors: tried(factors) for factors in wider}
        best = max(found, key=lambda factors: found[factors][0], default=None)
        if best is None or found[best][0] < balance + _WORTH:
            break
        chosen, (balance, box) = best, found[best]
    return box


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
