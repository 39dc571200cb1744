"""What a worker does: it runs a chunk of runs, on people and ties that it keeps for the next one.

Results depend on the chunk alone, not on the worker or on what it did before.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.results.version import model_version, plugins_version
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation import policy_of, run_policy
from wom_sim.study.keeper import Keeper


class Run(NamedTuple):
    """A run of a chunk: its number in the manifest, which of the chunk's scenarios, policy, replication."""

    number: int
    scenario: int
    policy: str
    replication: int


class Chunk(NamedTuple):
    """Runs on the same people and ties. ``scenarios``: as JSON; ``model``: the version that they are planned for.

    ``plugins``: of each scenario, the version of what it uses of other packages, "" where that is nothing.
    """

    world: bytes
    scenarios: tuple[str, ...]
    runs: tuple[Run, ...]
    model: str
    plugins: tuple[str, ...] = ()


class Done(NamedTuple):
    """What came of a chunk: a row of indicators a run, seconds, and the traceback of each run that failed.

    ``building``: seconds spent on people and ties, which are not in ``seconds``.
    """

    values: NDArray[np.float64]
    seconds: NDArray[np.float64]
    errors: dict[int, str]
    building: float
    host: str


class WrongModelError(RuntimeError):
    """A worker has other sources, or other plug-ins, than the runner, so its results would be of another model."""


def as_text(scenario: Scenario) -> str:
    """Return a scenario as a chunk carries it: what was given, so that what may not be given beside it stays out."""
    return scenario.model_dump_json(exclude_unset=True)


@lru_cache(maxsize=256)
def _scenario(text: str) -> Scenario:
    return Scenario.model_validate_json(text)


@lru_cache(maxsize=4096)
def _policy(text: str, name: str) -> Policy:
    return policy_of(_scenario(text), name)


_KEEPER = Keeper()
"""That of a process which is only a worker."""


def perform(chunk: Chunk, mark: Callable[[int], None] = lambda number: None, keep: Keeper | None = None) -> Done:
    """Run a chunk. ``mark`` is called with the number of each run as it begins on a built world, and with 0 at its end.

    A run that raises is noted with its traceback, and the others go on.

    Raises
    ------
    WrongModelError
        If this process has another version of the model than the chunk was planned for.
    """
    if chunk.model != model_version():
        raise WrongModelError(
            f"the worker on {_host()} has another version of the model ({model_version()}) than the runner "
            f"({chunk.model}); install the same wom_sim there"
        )
    held = _KEEPER if keep is None else keep
    _check_plugins(chunk)
    width = len(INDICATORS) + max((len(_scenario(text).plugins.indicators) for text in chunk.scenarios), default=0)
    values = np.full((len(chunk.runs), width), np.nan)
    seconds = np.zeros(len(chunk.runs))
    errors: dict[int, str] = {}
    building = 0.0
    for n, run in enumerate(chunk.runs):
        began, built = time.perf_counter(), 0.0
        try:
            text = chunk.scenarios[run.scenario]
            scenario = _scenario(text)
            with held.engine(chunk.world, scenario, run.replication) as (engine, built):
                mark(run.number)
                found = run_policy(scenario, _policy(text, run.policy), engine.world, engine, run.replication)
                values[n] = list(found.measured.values())
        except Exception:  # a run may fail in any way; it must not take the study with it
            errors[n] = traceback.format_exc()
        mark(0)
        building += built
        seconds[n] = time.perf_counter() - began - built
    return Done(values, seconds, errors, building, _host())


def _check_plugins(chunk: Chunk) -> None:
    """Raise WrongModelError where a plug-in that a scenario of a chunk uses is another one here than at the runner."""
    for text, there in zip(chunk.scenarios, chunk.plugins, strict=False):
        if there and (here := plugins_version(_scenario(text))) != there:
            raise WrongModelError(
                f"the worker on {_host()} has another version of a plug-in ({here or 'none'}) than the runner "
                f"({there}); install the same packages there"
            )


def _host() -> str:
    import platform

    return platform.node()
