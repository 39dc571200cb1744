"""The search and the race of candidates, or ranking and selection where a promise is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wom_sim.study.ranking_and_selection import LEAST_FIRST, Selection, select
from wom_sim.study.standings import Progress, Question, Standing, alike, promising, standing
from wom_sim.study.trials import Bench

ROUNDS = 4
MOST = 4_000
"""Runs of a candidate at which ranking and selection gives up, and says so."""


@dataclass(frozen=True)
class Selected:
    """How the best was picked where a promise was asked for: among how many, with how many runs, and whether it holds.

    ``equal_runs``: what it had taken if all had been run as often as the one picked.
    """

    candidates: int
    runs: int
    equal_runs: int
    kept: bool


def search(question: Question, bench: Bench, sampler: Any, progress: Progress) -> list[Standing]:
    """Try candidates on the first replications: all of them, or those that ``sampler`` asks for."""
    wanted = range(question.replications)
    if not question.full:
        return list(sampler(question, lambda c: standing(c, bench.run([c], wanted, _quiet)[0], question), progress))
    candidates = list(question.space.candidates())
    tables = bench.run(candidates, wanted, progress)
    return [standing(candidate, runs, question) for candidate, runs in zip(candidates, tables, strict=True)]


def _quiet(done: int, total: int, words: str) -> None:
    """Tell nothing."""


def race(question: Question, bench: Bench, tried: Sequence[Standing], progress: Progress) -> list[Standing]:
    """Return the finalists: in each round the promising get twice the replications, and at most half go on."""
    runners = sorted(tried, key=lambda s: s.rank)
    replications = question.replications
    for _ in range(ROUNDS):
        runners = promising(runners, max(question.finalists, len(runners) // 2), question)
        if len(runners) <= question.finalists:
            break
        replications *= 2
        tables = bench.run([s.candidate for s in runners], range(replications), progress)
        runners = [standing(s.candidate, runs, question) for s, runs in zip(runners, tables, strict=True)]
    return promising(runners, question.finalists, question)


def pick(
    question: Question, bench: Bench, tried: Sequence[Standing], progress: Progress
) -> tuple[list[Standing], Selected]:
    """Return the finalists by ranking and selection, the one picked first, and how it was picked.

    Of candidates that are the same in every run so far one alone takes part. Those beyond the budget, as far as the
    search shows, do not, unless all are.
    """
    assert question.promise is not None
    apart = [group[0] for group in alike(sorted(tried, key=lambda s: s.rank))]
    within = [s for s in apart if s.feasible] or apart
    first = max(LEAST_FIRST, question.replications)

    def observe(left: Sequence[int], step: range) -> Any:
        tables = bench.run([within[k].candidate for k in left], step, progress)
        return np.stack([runs["net_value"].to_numpy(dtype=float) for runs in tables])

    found: Selection = select(len(within), observe, question.promise, first, MOST)
    chosen = [within[k] for k in found.order[: question.finalists]]
    whole = [bench.table(s.candidate, range(found.runs[k])) for s, k in zip(chosen, found.order, strict=False)]
    told = Selected(len(within), sum(found.runs), len(within) * max(found.runs), found.kept)
    return [standing(s.candidate, runs, question) for s, runs in zip(chosen, whole, strict=True)], told
