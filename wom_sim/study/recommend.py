"""The best policy and levers within a risk budget: search, race, and a verdict on fresh luck.

1. Search: candidates on the same few replications, all of them (a grid) or those that a constrained sampler asks for.
2. Race: the promising ones get twice the replications, round by round, until few are left.
3. Fresh luck: the finalists are run on replications that the search has not seen, and only those are reported.
   The best of many looks better than it is (the winner's curse); on fresh luck it has no such advantage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import SETTLED, compared
from wom_sim.outcomes.statistics import mean_interval
from wom_sim.outcomes.units import known, rare_of, units_of
from wom_sim.scenario import Scenario
from wom_sim.scenario.beyond import beyond, in_short
from wom_sim.study.budget import Budget, measured
from wom_sim.study.levers import Candidate, Space, written
from wom_sim.study.selection import LEAST_FIRST, Promise, Selection, select
from wom_sim.study.trials import Bench
from wom_sim.words import Words

FRESH = 500_000
"""Number of the first replication of fresh luck; a search counts from 0 and never gets there."""
KEEP = Candidate("keep")
RISKS = ("es95", "national")
"""What the frontier trades against the expected net value, besides what the budget names."""
ROUNDS = 4
MOST = 4_000
"""Runs of a candidate at which ranking and selection gives up, and says so."""
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
    """A candidate as it stands after some runs: expected net value, measures of risk, and what exceeds the budget."""

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
        """Return what sorts candidates: within the budget first, by value; the others by how far they exceed it."""
        return not self.feasible, -self.value if self.feasible else self.excess, self.candidate.key


@dataclass(frozen=True)
class Selected:
    """How the best was picked where a promise was asked for: among how many, with how many runs, and whether it holds.

    ``equal_runs``: what it had taken if all had been run as often as the one picked.
    """

    candidates: int
    runs: int
    equal_runs: int
    kept: bool


@dataclass(frozen=True)
class Recommendation(ShowsItself):
    """What came out. ``tried``: the search, which flatters.

    ``frontier``: a row for each finalist, on fresh luck; those that are the same in every run share one (``alike``).
    """

    question: Question
    frontier: pd.DataFrame
    tried: pd.DataFrame
    best: str
    seconds: dict[str, float] = field(default_factory=dict)
    selected: Selected | None = None

    def _shown(self) -> Shown:
        """Return what it shows of itself in a notebook."""
        from wom_sim.study.shown import recommended

        return recommended(self)


def standing(candidate: Candidate, runs: pd.DataFrame, question: Question) -> Standing:
    """Return how a candidate stands."""
    risks = {measure: measured(measure, runs)[0] for measure in question.risks}
    excess = max((b.excess(risks[b.measure]) for b in question.budgets), default=0.0)
    return Standing(candidate, runs, float(runs["net_value"].mean()), risks, max(0.0, excess))


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
    """Return candidates in groups in which every indicator is the same in every run: they differ in name alone."""
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
    """Return for each whether no other is as good in value and every risk, and better in one."""
    table = np.array([[-s.value, *(s.risks[name] for name in risks)] for s in standings])
    return [not bool(((table <= row).all(axis=1) & (table < row).any(axis=1)).any()) for row in table]


def on_fresh_luck(
    question: Question,
    bench: Bench,
    finalists: Sequence[Standing],
    progress: Progress,
    tried: Sequence[Standing] = (),
    picked: Candidate | None = None,
) -> tuple[pd.DataFrame, str]:
    """Return the frontier, a row for each finalist on luck that the search has not seen, and the label of the best.

    ``picked``: who was chosen by ranking and selection, and is the best where it stays within the budget here, too, and
    is worth more than keeping everyone.

    Finalists that are the same in every run share a row, and so do candidates of ``tried`` that never differed there.
    """
    candidates = [KEEP, *(s.candidate for s in finalists)]
    tables = bench.run(candidates, range(FRESH, FRESH + question.fresh), progress)
    groups = alike([standing(candidate, runs, question) for candidate, runs in zip(candidates, tables, strict=True)])
    fresh, searched = [group[0] for group in groups], alike(tried)
    kept = frontier_of(fresh, question.risks)
    promised = {s.candidate.key: (s.value, len(s.runs)) for s in finalists}
    best = min(fresh, key=lambda s: s.rank)
    mine = next((s for s in fresh if s.candidate == picked), None)
    if mine is not None and mine.feasible and mine.value > 0.0:
        best = mine
    short = _regrets(fresh) if question.over_worlds else [{}] * len(fresh)
    rows = [
        _row(s, question) | regret | {"frontier": on, "best": s is best} | _against(s, best) | _searched(s, promised)
        | {"alike": _others(group, searched)}
        for s, on, group, regret in zip(fresh, kept, groups, short, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["feasible", "expected_net_value"], ascending=False, kind="stable")
    return table.reset_index(drop=True), best.candidate.key


def _regrets(fresh: Sequence[Standing]) -> list[dict[str, float]]:
    """Return what each finalist falls short of the best of them in the same world: mean, interval, 90 % quantile."""
    money = np.stack([s.runs["net_value"].to_numpy(dtype=float) for s in fresh])
    short = money.max(axis=0) - money
    ends = [mean_interval(each, signed=False) for each in short]
    return [
        {"regret": mean, "regret_low": low, "regret_high": high, "regret_p90": float(np.quantile(each, 0.9))}
        for (mean, low, high), each in zip(ends, short, strict=True)
    ]


def _row(s: Standing, question: Question) -> dict[str, Any]:
    net, values = INDICATORS[0], s.runs["net_value"].to_numpy(dtype=float)
    low, high = (0.0, 0.0) if s.candidate == KEEP else known(values, units_of(s.runs), net, rare_of(s.runs, net))[1:3]
    row: dict[str, Any] = {
        "candidate": s.candidate.key, "policy": s.candidate.base,
        "levers": "" if s.candidate == KEEP else s.candidate.text,
        "expected_net_value": s.value, "low": low, "high": high,
    }  # fmt: skip
    within, ends = True, {}
    for measure in (*question.risks, *(m for m in ("loss", "lost") if m not in question.risks)):
        value, low, high = (0.0, 0.0, 0.0) if s.candidate == KEEP else measured(measure, s.runs)
        ends[measure] = high
        row |= {measure: value, f"{measure}_low": low, f"{measure}_high": high}
    for budget in question.budgets:
        within &= bool(budget.excess(ends[budget.measure]) <= 0.0)
    guess = _beyond(s.candidate, question.scenario)
    return row | {"feasible": s.feasible, "surely_feasible": s.feasible and within, "n": len(s.runs), "beyond": guess}


def _beyond(candidate: Candidate, scenario: Scenario) -> str:
    """Return what of a candidate lies beyond what is known of how people react, "" if nothing does."""
    words = Words("en")
    found = beyond(scenario, [candidate.policy(scenario)])
    return words.listed([in_short(item, words, scenario.currency) for item in found])


def _others(equal: Sequence[Standing], searched: Sequence[Sequence[Standing]]) -> str:
    """Return in what a group of equal candidates differs from its first: the other values of levers, other policies.

    ``searched``: groups of candidates that were equal in the search.
    """
    first, told = equal[0].candidate, []
    keys = {s.candidate.key for s in equal}
    group = [*equal, *(s for each in searched if keys & {t.candidate.key for t in each} for s in each)]
    mine = [s.candidate for s in group[1:] if s.candidate.base == first.base]
    for place, (path, own) in enumerate(first.levers):
        values = dict.fromkeys(c.levers[place][1] for c in mine)
        told += [f"{path} {', '.join(written(v) for v in values if v != own)}"] if set(values) - {own} else []
    told += [f"{s.candidate.base} ({s.candidate.text})" for s in group[1:] if s.candidate.base != first.base]
    return "; ".join(dict.fromkeys(told))


def _against(s: Standing, best: Standing) -> dict[str, Any]:
    """Return how far the best is ahead, on the same luck."""
    if s is best:
        return {"behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0, "told_apart": False}
    a, b = (side.runs["net_value"].to_numpy(dtype=float) for side in (best, s))
    found = compared(a, b, units_of(s.runs), INDICATORS[0], rare_of(best.runs, INDICATORS[0], s.runs))
    return {
        "behind_best": found["mean"], "behind_low": found["low"], "behind_high": found["high"],
        "told_apart": found["settled"] == SETTLED,
    }  # fmt: skip


def _searched(s: Standing, promised: dict[str, tuple[float, int]]) -> dict[str, Any]:
    value, runs = promised.get(s.candidate.key, (np.nan, 0))
    return {"value_in_search": value, "runs_in_search": runs}


def tried_table(tried: Iterable[Standing]) -> pd.DataFrame:
    """Return every candidate of the search with what it showed there; the best of them are flattered by luck."""
    rows = [
        {
            "candidate": s.candidate.key, "policy": s.candidate.base, "levers": s.candidate.text,
            "value_in_search": s.value, **{f"{k}_in_search": v for k, v in s.risks.items()},
            "feasible_in_search": s.feasible, "runs_in_search": len(s.runs), **dict(s.candidate.levers),
        }
        for s in sorted(tried, key=lambda s: s.rank)
    ]  # fmt: skip
    return pd.DataFrame(rows)
