"""The finalists on luck that the search has not seen, and what is reported of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import SETTLED, compared
from wom_sim.outcomes.statistics import mean_interval
from wom_sim.outcomes.units import known, rare_of, units_of
from wom_sim.study.budget import measured
from wom_sim.study.defensible import first_of_the_same, other_wordings, preferred
from wom_sim.study.levers import Candidate, written
from wom_sim.study.points_beyond import beyond_in_short
from wom_sim.study.standings import Progress, Question, Standing, alike, frontier_of, standing
from wom_sim.study.trials import Bench

FRESH = 500_000
"""Number of the first replication of fresh luck; a search counts from 0 and never gets there."""
KEEP = Candidate("keep")


def on_fresh_luck(
    question: Question,
    bench: Bench,
    finalists: Sequence[Standing],
    progress: Progress,
    tried: Sequence[Standing] = (),
    picked: Candidate | None = None,
) -> tuple[pd.DataFrame, str]:
    """Return the frontier, a row for each finalist on luck that the search has not seen, and the label of the best.

    ``picked``: who was chosen by ranking and selection, and leads where it stays within the budget here, too, and is
    worth more than keeping everyone; else the one of the highest value leads. The leader is run in every more
    defensible wording, too; of those that are worth as much the most defensible is the best (``defensible``).

    Finalists that are the same in every run share a row, and so do candidates of ``tried`` that never differed there.
    """
    scenario, candidates = question.scenario, [KEEP, *(s.candidate for s in finalists)]
    ran = _run(question, bench, candidates, progress)
    first = _leader(ran, picked).candidate
    further = [c for c in other_wordings(first, question.space, scenario) if c not in candidates]
    ran += _run(question, bench, further, progress) if further else []
    groups = [first_of_the_same(group, scenario) for group in alike(ran)]
    fresh, searched = [group[0] for group in groups], alike(tried)
    kept = frontier_of(fresh, question.risks)
    promised = {s.candidate.key: (s.value, len(s.runs)) for s in finalists}
    ahead = _leader(ran, picked)
    leader = next(group[0] for group in groups if ahead in group)
    best = preferred(leader, fresh, question.space, scenario) if leader.feasible else leader
    instead = {"instead_of": "" if best is leader else leader.candidate.key}
    short = _regrets(fresh) if question.over_worlds else [{}] * len(fresh)
    rows = [
        _row(s, question) | regret | {"frontier": on, "best": s is best} | instead | _against(s, best)
        | _searched(s, promised) | {"alike": _others(group, searched)}
        for s, on, group, regret in zip(fresh, kept, groups, short, strict=True)
    ]  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["best", "feasible", "expected_net_value"], ascending=False, kind="stable")
    return table.reset_index(drop=True), best.candidate.key


def _run(question: Question, bench: Bench, candidates: Sequence[Candidate], progress: Progress) -> list[Standing]:
    """Return how candidates stand on luck that the search has not seen."""
    tables = bench.run(candidates, range(FRESH, FRESH + question.fresh), progress)
    return [standing(candidate, runs, question) for candidate, runs in zip(candidates, tables, strict=True)]


def _leader(ran: Sequence[Standing], picked: Candidate | None) -> Standing:
    """Return who was picked, where that holds on fresh luck; else the one of the highest value within the budget."""
    mine = next((s for s in ran if s.candidate == picked), None)
    return mine if mine is not None and mine.feasible and mine.value > 0.0 else min(ran, key=lambda s: s.rank)


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
        "levers": "" if s.candidate == KEEP else s.candidate.text, "settings": json.dumps(dict(s.candidate.levers)),
        "expected_net_value": s.value, "low": low, "high": high,
    }  # fmt: skip
    within, ends = True, {}
    for measure in (*question.risks, *(m for m in ("loss", "lost") if m not in question.risks)):
        value, low, high = (0.0, 0.0, 0.0) if s.candidate == KEEP else measured(measure, s.runs)
        ends[measure] = high
        row |= {measure: value, f"{measure}_low": low, f"{measure}_high": high}
    for budget in question.budgets:
        within &= bool(budget.excess(ends[budget.measure]) <= 0.0)
    guess = beyond_in_short(question.scenario, [s.candidate.policy(question.scenario)])
    return row | {"feasible": s.feasible, "surely_feasible": s.feasible and within, "n": len(s.runs), "beyond": guess}


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
