"""What the simulator says of a case: runs of its policy, a number a run for each question; kept between times."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measures import Numbers, Runs
from observed import Case
from questions import QUESTIONS, Question, question_named

from wom_sim import build_world, load_scenario
from wom_sim._files import write_text_atomically
from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.scenario.represents import fits
from wom_sim.simulation import policy_of, run_policy

HERE = Path(__file__).parent
KEPT = HERE / "forecasts.json"


class Draw(NamedTuple):
    """A draw of the parameters: overrides as ``--set`` writes them, and how much it weighs among the draws."""

    sets: tuple[str, ...] = ()
    weight: float = 1.0


DEFAULTS = (Draw(),)
"""The defaults, as the only draw."""


class Effort(NamedTuple):
    """How much is simulated: runs of each case and draw; how many times fewer people than a case's own size."""

    runs: int = 20
    fewer: int = 1


FULL, QUICK = Effort(), Effort(5, 4)


class Forecast(NamedTuple):
    """What the simulator says: by question a number a run, and the weights of the runs, which add up to 1."""

    runs: dict[str, Numbers]
    weights: Numbers


def asked(case: Case) -> list[Question]:
    """Return the questions of a case: those it answers, and for each event with a day of its own when that was."""
    names = []
    for outcome in case.outcome:
        question = question_named(outcome.question)
        assert question is not None  # the case was read
        names += [question.name] if question.day is None else [question.name, question.day]
    return [q for q in QUESTIONS if q.name in names]


def scenario_of(case: Case, draw: Draw = DEFAULTS[0], effort: Effort = FULL) -> Scenario:
    """Return the scenario of a case as it is simulated: full size, each person standing for ``represents``."""
    fewer = largest_fit(case, case.represents * effort.fewer)
    sets = [f"run.represents={fewer}", f"run.replications={effort.runs}"]
    return load_scenario(case.path, [*sets, *draw.sets])


def largest_fit(case: Case, wanted: int) -> int:
    """Return ``wanted``, or the case's own size where so few people could not stand for it."""
    return wanted if fits(case.stated, wanted) else case.represents


def forecast(case: Case, draws: Sequence[Draw] = DEFAULTS, effort: Effort = FULL) -> Forecast:
    """Return what the simulator says of a case over draws of the parameters, each with its own runs."""
    parts = [runs_of(case, draw, effort) for draw in draws]
    total = sum(draw.weight for draw in draws)
    weights = np.concatenate([np.full(effort.runs, d.weight / total / effort.runs) for d in draws])
    return Forecast({name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, weights)


def runs_of(case: Case, draw: Draw, effort: Effort) -> dict[str, Numbers]:
    """Return a number a run for each question of a case; a run is let go before the next, for memory."""
    scenario = scenario_of(case, draw, effort)
    world = build_world(scenario)
    engine, policy, questions = Engine(world), policy_of(scenario, case.policy), asked(case)
    found: list[list[Numbers]] = []
    for replication in range(effort.runs):
        runs = Runs(world, [run_policy(scenario, policy, world, engine, replication)])
        found.append([question.read(runs, case.window) for question in questions])
    return {q.name: np.concatenate([row[k] for row in found]) for k, q in enumerate(questions)}


# -- what is kept ----------------------------------------------------------------------------------------------


def read(path: Path = KEPT) -> dict[str, Forecast]:
    """Return the kept forecasts by name of the case; none if there is no file."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    found = {}
    for name, entry in kept.items():
        values = {key: np.array(each, dtype=float) for key, each in entry.items()}
        n = len(next(iter(values.values())))
        found[name] = Forecast(values, np.full(n, 1.0 / n))
    return found


def write(forecasts: dict[str, Forecast], path: str | os.PathLike[str] = KEPT) -> None:
    """Keep forecasts of the defaults, a line a question, as text that can be read in a review."""
    cases = []
    for name, each in sorted(forecasts.items()):
        lines = [f"  {json.dumps(q)}: {json.dumps([round(float(x), 6) for x in v])}" for q, v in each.runs.items()]
        cases.append(f" {json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n }")
    write_text_atomically(path, "{\n" + ",\n".join(cases) + "\n}\n")
