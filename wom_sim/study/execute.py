"""Execution: independent runs side by side in threads that share one world."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from wom_sim._compiling import compilation_told, compile_engine
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation import Result, build_world, run_policy
from wom_sim.words.said import Said
from wom_sim.world.world import World

T = TypeVar("T")
Progress = Callable[[str], None]
"""Called with a few words when something begins."""


class Runner:
    """Runs policies of one scenario; keeps an engine a thread and the world they share."""

    def __init__(self, scenario: Scenario, engine: str, *, events: bool = False) -> None:
        self.scenario, self.engine, self.events = scenario, engine, events
        self._world: World | None = None
        self._local = threading.local()
        self._lock = threading.Lock()

    def prepare(self, tell: Progress = lambda words: None) -> None:
        """Build the world that all runs share, while the engine is being compiled."""
        if not self.scenario.run.same_world:
            return
        tell(Said("step.building"))
        builder = ThreadPoolExecutor(1)
        with compilation_told(tell) as counter:
            building = builder.submit(build_world, self.scenario)
            if self.engine == "compiled":
                compile_engine(counter)
            self._world = building.result()
        builder.shutdown()

    @property
    def world(self) -> World | None:
        """Return the world that all runs share; None where there is none, or it is not prepared."""
        return self._world

    def run(self, policy: Policy, replication: int) -> Result:
        """Run one policy once."""
        world = self._world
        if world is None:
            with self._lock:
                world = build_world(self.scenario, replication, workers=1)
        return run_policy(self.scenario, policy, world, self._engine_of(world), replication, events=self.events)

    def _engine_of(self, world: World) -> Any:
        if self.engine == "reference":
            return "reference"
        held = getattr(self._local, "engine", None)
        if held is None or held.world is not world:
            from wom_sim.engines.compiled import Engine

            held = self._local.engine = Engine(world)
        return held


def results(runner: Runner, tasks: list[tuple[Policy, int]], workers: int) -> Iterator[tuple[int, Result]]:
    """Yield (number of the task, its result) as they come. What comes out does not depend on ``workers``."""
    yield from side_by_side(lambda number: runner.run(*tasks[number]), range(len(tasks)), workers)


def side_by_side(work: Callable[[int], T], numbers: Sequence[int], workers: int) -> Iterator[tuple[int, T]]:
    """Yield (number, what ``work`` returns for it) as they are done, in threads.

    An interrupt waits for what is under way, drops the rest, and is raised again.
    """
    if workers <= 1:
        for number in numbers:
            yield number, work(number)
        return
    pool = ThreadPoolExecutor(workers)
    waiting = list(numbers)[::-1]
    running: dict[Future[T], int] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                number = waiting.pop()
                running[pool.submit(work, number)] = number
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
