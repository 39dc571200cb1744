"""What a worker does: it runs a chunk of runs, and keeps people, ties and engine for the next one.

Results depend on the chunk alone, not on the worker or on what it did before.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.scenario.models import Policy, Scenario
from wom_sim.simulation import build_world, policy_of, run_policy, settled
from wom_sim.study.version import model_version
from wom_sim.world.people import PERSON_TYPE
from wom_sim.world.world import World

_NOTED_BYTES = 64e6
"""What policies may keep of whom they have chosen, per world."""
_LARGE_BYTES, _SETTLED = 256e6, 8
"""Copies of people with other costs that are kept beside the last, unless people take so much memory."""


class Run(NamedTuple):
    """A run of a chunk: its number in the manifest, which of the chunk's scenarios, policy, replication."""

    number: int
    scenario: int
    policy: str
    replication: int


class Chunk(NamedTuple):
    """Runs on the same people and ties. ``scenarios``: as JSON; ``model``: the version that they are planned for."""

    world: bytes
    scenarios: tuple[str, ...]
    runs: tuple[Run, ...]
    model: str


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
    """A worker has other sources than the runner, so its results would be of another model."""


class _Notes(dict[Any, Any]):
    """What policies note of a world; the oldest notes make room for new ones."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = 0.0

    def __setitem__(self, question: Any, answer: Any) -> None:
        self._bytes += getattr(answer, "nbytes", 0) + 1000.0
        if self._bytes > _NOTED_BYTES:
            self.clear()
            self._bytes = 0.0
        super().__setitem__(question, answer)


class _Stand:
    """People and ties that stand, as they were built, and the worlds of the scenarios that share them."""

    def __init__(self, world: World, settled_by: Any) -> None:
        self.built = world
        self.worlds: OrderedDict[Any, World] = OrderedDict({settled_by: world._replace(notes=_Notes())})


class Keeper:
    """Keeps the last people and ties, for all threads of a process, and an engine a thread.

    ``most``: how many worlds are kept at a time. ``threads``: that build one; as many as there are cores if None.
    """

    def __init__(self, most: int = 1, threads: int | None = None) -> None:
        self.most, self.threads = most, threads
        self._stands: OrderedDict[bytes, _Stand] = OrderedDict()
        self._building: dict[bytes, threading.Lock] = {}
        self._lock = threading.Lock()
        self._local = threading.local()

    def world(self, key: bytes, scenario: Scenario, replication: int) -> tuple[World, float]:
        """Return the world of a scenario, and the seconds that it took to build."""
        with self._lock:
            own = self._building.setdefault(key, threading.Lock())
        began = time.perf_counter()
        with own:
            stand = self._standing(key, scenario, replication)
            world = self._settled(stand, scenario)
        return world, time.perf_counter() - began

    def _standing(self, key: bytes, scenario: Scenario, replication: int) -> _Stand:
        with self._lock:
            if key in self._stands:
                self._stands.move_to_end(key)
                return self._stands[key]
            while len(self._stands) >= self.most:
                gone, _ = self._stands.popitem(last=False)
                self._building.pop(gone, None)
        self._forget()
        stand = _Stand(build_world(scenario, replication, self.threads), _settled_by(scenario))
        with self._lock:
            self._stands[key] = stand
        return stand

    def _settled(self, stand: _Stand, scenario: Scenario) -> World:
        """Return the world of a scenario on people and ties that stand."""
        asked = _settled_by(scenario)
        world = stand.worlds.get(asked)
        if world is None:
            people = np.empty(len(stand.built.people), dtype=PERSON_TYPE)
            people[:] = stand.built.people
            world = settled(stand.built._replace(people=people), scenario)._replace(notes=_Notes())
            while len(stand.worlds) > (1 if people.nbytes > _LARGE_BYTES else _SETTLED):
                stand.worlds.popitem(last=False)
            stand.worlds[asked] = world
        stand.worlds.move_to_end(asked)
        return world

    def _forget(self) -> None:
        """Let go of the world that this thread's engine was on, so that its memory is free for the next."""
        if getattr(self._local, "engine", None) is not None and self.most == 1:
            self._local.engine.world = None

    def engine(self, world: World) -> Engine:
        """Return this thread's engine, set on a world; its memory is kept where the number of people is the same."""
        people = len(world.people)
        if getattr(self._local, "people", None) != people:
            self._local.engine = None  # its memory goes before new memory comes
            self._local.engine, self._local.people = Engine(world), people
        held: Engine = self._local.engine
        held.world = world
        return held


def _settled_by(scenario: Scenario) -> Any:
    """Return what of a scenario is written into a world beside people and ties."""
    money = scenario.money
    costs = (money.net_cost_per_call, money.credit_per_call, money.profitable_above, money.discount)
    return costs, scenario.behaviour.leaving.locked, scenario.media.outlets


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
    """Run a chunk. ``mark`` is called with the number of a run when it begins, on a world that stands; 0 when it ends.

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
    values = np.full((len(chunk.runs), len(INDICATORS)), np.nan)
    seconds = np.zeros(len(chunk.runs))
    errors: dict[int, str] = {}
    building = 0.0
    for n, run in enumerate(chunk.runs):
        began, built = time.perf_counter(), 0.0
        try:
            text = chunk.scenarios[run.scenario]
            scenario = _scenario(text)
            world, built = held.world(chunk.world, scenario, run.replication)
            mark(run.number)
            found = run_policy(scenario, _policy(text, run.policy), world, held.engine(world), run.replication)
            values[n] = list(found.measured.values())
        except Exception:  # a run may fail in any way; it must not take the study with it
            errors[n] = traceback.format_exc()
        mark(0)
        building += built
        seconds[n] = time.perf_counter() - began - built
    return Done(values, seconds, errors, building, _host())


def _host() -> str:
    import platform

    return platform.node()
