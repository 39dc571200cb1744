"""One people, many scenarios: runs that share people and ties while the other numbers differ."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from wom_sim.scenario import Scenario
from wom_sim.scenario.models import Policy
from wom_sim.simulation import build_world, luck_seed, run_policy, settled
from wom_sim.world.world import World

COSTS = ("money.cost_per_call", "money.income_per_call", "money.credit_per_call", "money.profitable_above")
"""What decides who is profitable, which stands in the rows of the people."""
T = TypeVar("T")


class SettledRunner:
    """Runs policies of scenarios that differ in numbers; each thread has an engine.

    Parameters
    ----------
    scenario : Scenario
        Its people and ties are shared by all runs.
    varies : sequence of str
        The keys of the numbers that differ. If who is profitable depends on one of them, each thread but one has a
        copy of the people (32 bytes each); if people and ties do, they are built anew for each scenario.
    """

    def __init__(self, scenario: Scenario, varies: Sequence[str]) -> None:
        from wom_sim.scenario.uncertain import PEOPLE_AND_TIES

        self.scenario = scenario
        self.copies = any(key in COSTS for key in varies)
        self.shares = scenario.run.same_world and not any(key.split(".")[0] in PEOPLE_AND_TIES for key in varies)
        self._base: World | None = None
        self._spare: list[World] = []
        self._local = threading.local()
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Compile the engine, and build people and ties where they are shared."""
        from wom_sim.engines.compiled import warm

        with ThreadPoolExecutor(1) as builder:
            building = builder.submit(build_world, self.scenario) if self.shares else None
            warm()
            self._base = building.result() if building is not None else None
        self._spare = [] if self._base is None else [self._base]

    def run(self, within: Scenario, policies: Sequence[Policy], lucks: Sequence[int]) -> list[dict[str, Any]]:
        """Return a row for each luck and policy: its name, ``replication`` from 0, the seed and every indicator."""
        rows = []
        engine = None
        for replication, luck in enumerate(lucks):
            if engine is None or not (self.shares or within.run.same_world):
                engine = self._engine(within, luck)
            for policy in policies:
                result = run_policy(within, policy, engine.world, engine, luck)
                head = {"policy": policy.name, "replication": replication, "seed": luck_seed(within, luck)}
                rows.append(head | result.measured)
        return rows

    def _engine(self, within: Scenario, luck: int) -> Any:
        """Return this thread's engine, its world settled for the numbers of ``within``."""
        from wom_sim.engines.compiled import Engine

        if self._base is None:
            return Engine(build_world(within, luck, workers=1))
        held = getattr(self._local, "engine", None)
        if held is None:
            held = self._local.engine = Engine(self._own(self._base))
        held.world = settled(held.world, within, groups=self.copies)
        return held

    def _own(self, base: World) -> World:
        """Return a world for this thread: the first thread's is the one that was built."""
        with self._lock:
            if self._spare or not self.copies:
                return self._spare.pop() if self._spare else base
            return base._replace(people=base.people.copy())


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
