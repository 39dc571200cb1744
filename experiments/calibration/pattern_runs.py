"""What all patterns share: runs of a policy on one world, and a row of the report."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim import build_world
from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.statistics import chance_interval, mean_interval
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, policy_of, run_policy

HERE = Path(__file__).parent
HOLDS, MISSED, REPORTED = "holds", "missed", "reported"


class Row(NamedTuple):
    """A pattern: target and what was obtained, in words and as numbers (NaN where there is none).

    ``value`` is obtained, with the interval ``low`` to ``high``; ``least`` to ``most`` is the target.
    """

    pattern: str
    target: str
    obtained: str
    verdict: str
    value: float
    low: float
    high: float
    least: float
    most: float


def runs(scenario: Scenario, policy: str, replications: int, events: bool = False) -> list[Result]:
    """Return the results of a policy in all replications on one world."""
    world = build_world(scenario)
    engine = Engine(world)
    chosen = policy_of(scenario, policy)
    return [run_policy(scenario, chosen, world, engine, r, events=events) for r in range(replications)]


def judged(pattern: str, target: tuple[str, float, float], value: tuple[float, float, float], words: str) -> Row:
    """Return the row of a value (with its interval) that should lie in a target, which is (words, least, most)."""
    verdict = HOLDS if target[1] <= value[0] <= target[2] else MISSED
    return Row(pattern, target[0], words, verdict, *value, *target[1:])


def mean_row(pattern: str, target: tuple[str, float, float], values: NDArray[np.float64], form: str) -> Row:
    """Return the row of a mean over replications; ``form`` is the format of a number."""
    mean, low, high = mean_interval(values)
    return judged(pattern, target, (mean, low, high), f"{mean:{form}} ({low:{form}} to {high:{form}})")


def chance_row(pattern: str, target: tuple[str, float, float], happened: NDArray[np.float64], of: str = "runs") -> Row:
    """Return the row of a share of ``of``."""
    share, low, high = chance_interval(happened)
    words = f"{share:.0%} ({low:.0%} to {high:.0%}) of {len(happened)} {of}"
    return judged(pattern, target, (share, low, high), words)
