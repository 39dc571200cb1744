"""How candidates stand after some runs: expected net value, risks, the budget, and the frontier of them all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wom_sim.scenario import Scenario
from wom_sim.study.budget import Budget, measured
from wom_sim.study.levers import Candidate, Space
from wom_sim.study.ranking_and_selection import Promise

RISKS = ("es95", "national")
"""What the frontier trades against the expected net value, besides what the budget names."""
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Question:
    """What is asked: a scenario, what may be varied, the budget, and how much is to be computed.

    ``promise``: with which probability the best is to be picked; None: the race decides. ``width``: the recommended one
    is run until the 95 % interval of its expected net value is no wider, in currency; None: ``fresh`` runs are made.
    ``objectives``: measures of risk that the search lowers beside raising net value, for a frontier of them all.
    ``over_worlds``: whether each replication draws anew what nobody knows, so that all is over luck and ignorance.
    """

    scenario: Scenario
    space: Space
    budgets: tuple[Budget, ...] = ()
    trials: int = 60
    grid: bool = False
    replications: int = 20
    fresh: int = 200
    finalists: int = 8
    promise: Promise | None = None
    width: float | None = None
    objectives: tuple[str, ...] = ()
    over_worlds: bool = False

    @property
    def full(self) -> bool:
        """Return whether every candidate is tried: asked for, or no more than trials."""
        return self.grid or self.space.size <= self.trials

    @property
    def risks(self) -> tuple[str, ...]:
        """Return the measures of risk that count."""
        return tuple(dict.fromkeys((*(b.measure for b in self.budgets), *self.objectives, *RISKS)))


@dataclass(frozen=True)
class Standing:
    """The score of a candidate after some runs: expected net value, risks, and by how much it exceeds the budget."""

    candidate: Candidate
    runs: pd.DataFrame
    value: float
    risks: dict[str, float]
    excess: float

    @property
    def feasible(self) -> bool:
        """Return whether it is within the budget, as far as the runs show."""
        return self.excess <= 0.0

    @property
    def rank(self) -> tuple[bool, float, str]:
        """Sort key: candidates within the budget first, by expected net value; the others by how far they exceed it."""
        return not self.feasible, -self.value if self.feasible else self.excess, self.candidate.key


def standing(candidate: Candidate, runs: pd.DataFrame, question: Question) -> Standing:
    """Return how a candidate stands."""
    risks = {measure: measured(measure, runs)[0] for measure in question.risks}
    excess = max((b.excess(risks[b.measure]) for b in question.budgets), default=0.0)
    return Standing(candidate, runs, float(runs["net_value"].mean()), risks, max(0.0, excess))


def promising(runners: Sequence[Standing], count: int, question: Question) -> list[Standing]:
    """Return up to ``count``: half by rank, each policy's best, the frontier of value against risk, then by rank."""
    ranked = sorted(runners, key=lambda s: s.rank)
    bests = [next(s for s in ranked if s.candidate.base == base) for base in {s.candidate.base: 0 for s in ranked}]
    front = [s for s, kept in zip(ranked, frontier_of(ranked, question.risks), strict=True) if kept]
    apart = [group[0] for group in alike(ranked)]
    spread = _spread([s for s in front if s in apart])
    order = [*apart[: (count + 1) // 2], *bests, *spread, *apart, *ranked]
    if question.objectives:  # what is asked for is the frontier
        order = [*apart[:1], *spread, *bests, *apart, *ranked]
    chosen = {s.candidate.key: s for s in order}
    return sorted(list(chosen.values())[:count], key=lambda s: s.rank)


def alike(standings: Sequence[Standing]) -> list[list[Standing]]:
    """Group candidates whose every indicator is equal in every run: they differ in name alone."""
    groups: dict[object, list[Standing]] = {}
    for s in standings:
        found = s.runs.drop(columns=["policy", "replication"], errors="ignore").to_numpy(dtype=float) + 0.0
        groups.setdefault(found.tobytes() or s.candidate.key, []).append(s)
    return list(groups.values())


def _spread(front: Sequence[Standing]) -> list[Standing]:
    """Return the frontier so that any first few lie apart: ends, middle, quarters."""
    by_value = sorted(front, key=lambda s: s.value)
    order = sorted(range(len(by_value)), key=lambda k: _coarseness(k, len(by_value)))
    return [by_value[k] for k in order]


def _coarseness(k: int, count: int) -> int:
    """Return how fine a comb must be to hit number ``k``: 0 for the ends."""
    step = max(1, count - 1)
    level = 0
    while k % step and step > 1:
        step, level = (step + 1) // 2, level + 1
    return level


def frontier_of(standings: Sequence[Standing], risks: Sequence[str]) -> list[bool]:
    """Return for each candidate whether it is on the Pareto frontier of net value (up) and ``risks`` (down)."""
    table = np.array([[-s.value, *(s.risks[name] for name in risks)] for s in standings])
    return [not bool(((table <= row).all(axis=1) & (table < row).any(axis=1)).any()) for row in table]
