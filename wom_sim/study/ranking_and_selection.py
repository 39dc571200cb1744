"""Ranking and selection: runs go to whoever may still be the best, until one is, with a probability that is promised.

The procedure of Kim & Nelson (KN): all candidates have a first stage of runs on common luck; then, run by run, who is
further behind another than chance can explain is dropped. Unlike rules that share out a budget (OCBA), it promises: the
best is picked with at least the probability asked for, if it leads by the indifference or more and outcomes are
normal. Common luck makes it cheaper, since the variance that counts is that of differences.

Source: Kim & Nelson 2001, "A fully sequential procedure for indifference-zone selection in simulation".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_FIRST = 10
"""Runs of the first stage, at least: variances of fewer make the bounds needlessly wide."""
_GROWTH = 0.125
"""By which share of the runs so far each further stage is longer; to look more seldom keeps the promise."""

Observe = Callable[[Sequence[int], range], Floats]
"""Called with the candidates that are left and the numbers of replications; returns candidates x replications."""


@dataclass(frozen=True)
class Promise:
    """What is promised: that the best is picked with this ``probability``, if it leads by ``indifference`` or more.

    Raises
    ------
    ValueError
        If the probability is not between 0 and 1, or the indifference is not more than 0.
    """

    probability: float
    indifference: float

    def __post_init__(self) -> None:
        if not 0.0 < self.probability < 1.0:
            raise ValueError(f"probability: given {self.probability:g}, allowed: more than 0 and less than 1")
        if not self.indifference > 0.0 or not np.isfinite(self.indifference):
            raise ValueError(f"indifference: given {self.indifference:g}, allowed: more than 0, in currency")


class Selection(NamedTuple):
    """Who was picked. ``order``: all candidates, the one picked first, then those dropped last; ``runs``: of each.

    ``kept``: whether the promise holds, or ``most`` runs came first.
    """

    best: int
    order: tuple[int, ...]
    runs: tuple[int, ...]
    kept: bool


def constant(candidates: int, first: int, probability: float) -> float:
    """Return h squared: how many variances of a difference, over the indifference squared, a candidate is run at most.

    >>> round(constant(10, 20, 0.95), 2)
    13.97
    """
    if candidates < 2:
        return 0.0
    eta = 0.5 * ((2.0 * (1.0 - probability) / (candidates - 1)) ** (-2.0 / (first - 1)) - 1.0)
    return float(2.0 * eta * (first - 1))


def select(candidates: int, observe: Observe, promise: Promise, first: int, most: int) -> Selection:
    """Run candidates until one is left.

    Parameters
    ----------
    candidates
        How many there are; they are numbered from 0.
    observe
        Makes runs. All candidates have the same luck in a replication.
    promise
        Probability and indifference.
    first
        Replications of the first stage, at least 2.
    most
        Replications of a candidate at which it is given up: the highest mean is picked then, and nothing promised.
    """
    left = list(range(candidates))
    values = np.asarray(observe(left, range(first)), dtype=np.float64)
    gaps = values[:, None, :] - values[None, :, :]
    bound = constant(candidates, first, promise.probability) * gaps.var(axis=2, ddof=1)
    sums, runs = values.sum(axis=1), np.full(candidates, first)
    dropped: list[int] = []
    r, delta = first, promise.indifference
    while True:
        means = sums / r
        allowed = np.maximum(0.0, (bound / delta - delta * r) / (2.0 * r))
        behind = [i for i in left if any(means[i] < means[j] - allowed[i, j] for j in left if j != i)]
        dropped += sorted(behind, key=lambda i: means[i])
        left = [i for i in left if i not in behind]
        done = len(left) == 1 or not allowed[np.ix_(left, left)].any()
        if done or r >= most:
            break
        step = range(r, min(most, r + max(1, int(r * _GROWTH))))
        sums[left] += np.asarray(observe(left, step), dtype=np.float64).sum(axis=1)
        r = step.stop
        runs[left] = r
    ranked = sorted(left, key=lambda i: -means[i])
    return Selection(ranked[0], (*ranked, *dropped[::-1]), tuple(int(n) for n in runs), done)
