"""The best policy and levers within a risk budget: search, race, and a verdict on fresh luck.

1. Search: candidates on the same few replications, all of them (a grid) or those that a constrained sampler asks for.
2. Race: the promising ones get twice the replications, round by round, until few are left.
3. Fresh luck: the finalists are run on replications that the search has not seen, and only those are reported.
   The best of many looks better than it is (the winner's curse); on fresh luck it has no such advantage.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

from wom_sim.outcomes.statistics import mean_interval
from wom_sim.study.cost import Plan, gib, plan, span
from wom_sim.study.defensible import most_wordings
from wom_sim.study.drawn_runner import DrawnRunner
from wom_sim.study.extend import with_replications
from wom_sim.study.fresh_luck import FRESH, on_fresh_luck
from wom_sim.study.race import MOST, ROUNDS, pick, race, search
from wom_sim.study.recommend_folder import QUESTIONS, RUNS, Folder
from wom_sim.study.recommendation import Recommendation, tried_table
from wom_sim.study.sampler import Sampler
from wom_sim.study.sampler_of_many import SamplerOfMany
from wom_sim.study.standings import Progress, Question, Standing
from wom_sim.study.trials import Bench, RunFile
from wom_sim.words import ENGLISH, Words
from wom_sim.words.said import Said


def most_runs(question: Question) -> int:
    """Return how many runs a recommendation takes at most; of ranking and selection what it takes if all go on."""
    field = question.space.size if question.full else min(question.trials, question.space.size)
    runs, replications = field * question.replications, question.replications
    again = 1 + most_wordings(question.space)  # keeping everyone, and the leader in other wordings
    if question.promise is not None:
        return field * MOST + (min(field, question.finalists) + again) * question.fresh
    for _ in range(ROUNDS):
        field = min(field, max(question.finalists, field // 2))
        if field <= question.finalists:
            break
        runs, replications = runs + field * replications, 2 * replications
    return runs + (min(field, question.finalists) + again) * question.fresh


def cost(question: Question, workers: int | None, words: Words = ENGLISH) -> tuple[Plan, str]:
    """Return what a recommendation takes, also in words. Raises ValueError where memory does not suffice."""
    runs = most_runs(question)
    planned = plan(question.scenario, "compiled", workers)
    each = min(100_000, math.ceil(runs / planned.policies))
    planned = replace(plan(with_replications(question.scenario, each), "compiled", workers), runs=runs)
    low, high = planned.seconds
    tried = question.space.size if question.full else question.trials
    text = words.say(
        "recommend.plan", name=question.scenario.name, tried=words.exact(tried), size=words.exact(question.space.size),
        replications=words.counted("replication", question.replications), fresh=words.exact(question.fresh),
        finalists=question.finalists, runs=words.exact(runs), who=planned.who(words), time=span(low, high, words),
        gib=gib(planned.bytes, words), available=gib(planned.available, words),
    )  # fmt: skip
    return planned, f"{text}\n{question.space.text(words)}"


def recommend(question: Question, folder: Folder, workers: int, progress: Progress) -> Recommendation:
    """Search, race, and re-run the finalists on fresh luck; every run is kept in ``folder`` as it is made."""
    file = RunFile(folder.file(RUNS))
    kind = SamplerOfMany if question.objectives else Sampler
    sampler = kind(folder.file(QUESTIONS), question.scenario.run.seed)
    began = time.perf_counter()
    try:
        drawn = DrawnRunner(question.scenario, question.replications) if question.over_worlds else None
        bench = Bench(question.scenario, file, workers, drawn)
        bench.prepare(lambda words: progress(0, 1, words))
        ready = time.perf_counter()
        tried = search(question, bench, sampler, progress)
        selected = None
        if question.promise is None:
            finalists = race(question, bench, tried, _telling(progress, "step.racing"))
        else:
            finalists, selected = pick(question, bench, tried, _telling(progress, "step.selecting"))
        told = _telling(progress, "step.fresh")
        question = _wide_enough(question, bench, finalists[0], told)
        chosen = None if selected is None else finalists[0].candidate
        frontier, best = on_fresh_luck(question, bench, finalists, told, tried, chosen)
        seconds = {"build": ready - began, "runs": time.perf_counter() - ready}
        found = Recommendation(question, frontier, tried_table(tried), best, seconds, selected)
    finally:
        sampler.close()
        file.close()
    folder.finish(found)
    return found


def _wide_enough(question: Question, bench: Bench, first: Standing, progress: Progress) -> Question:
    """Return the question with as many runs on fresh luck as the interval of the first finalist takes.

    The interval may be as wide as ``question.width``; runs double until it is no wider, at most ``MOST``.
    """
    if question.width is None:
        return question
    runs = question.fresh
    while True:
        (table,) = bench.run([first.candidate], range(FRESH, FRESH + runs), progress)
        _, low, high = mean_interval(table["net_value"].to_numpy(dtype=float))
        if high - low <= question.width or runs >= MOST:
            return replace(question, fresh=runs)
        runs = min(MOST, 2 * runs)


def _telling(progress: Progress, what: str) -> Progress:
    return lambda done, total, words: progress(done, total, Said("step.within", what=Said(what), step=words))
