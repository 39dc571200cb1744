"""Worlds: what nobody knows is drawn, and every policy is run in every world on common luck.

Luck number ``first_luck(w) + r`` is replication r of world w: the same for every policy, another in each world, so
that what luck does averages out over worlds as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd

from wom_sim.scenario import Scenario
from wom_sim.scenario.uncertain import Doubt, doubts, with_values
from wom_sim.simulation import build_world, luck_seed, policies_of, run_policy, settled
from wom_sim.world.world import World

_LUCK_OF_WORLDS = 1_000_000_000
"""Numbers of luck from here on belong to worlds: world w has 10,000 of them."""
MOST_REPLICATIONS = 10_000
COSTS = ("money.cost_per_call", "money.credit_per_call", "money.profitable_above")
"""What decides who is profitable, which stands in the rows of the people."""

Tell = Callable[[int, int, str], None]
"""Called with (worlds done, worlds in all, what happens now)."""
Keep = Callable[[int, pd.DataFrame], None]
"""Called with a world's number and its runs, a row each, as soon as it is done."""


@dataclass(frozen=True)
class Design:
    """Which numbers are drawn, and their values: ``worlds`` has columns world, block and one for each key.

    ``held`` are those that stay as they are because people and ties are shared by all worlds.
    """

    drawn: tuple[Doubt, ...]
    held: tuple[Doubt, ...]
    worlds: pd.DataFrame = field(repr=False)


def design(scenario: Scenario, worlds: int) -> Design:
    """Draw ``worlds`` worlds by Latin hypercube.

    Raises
    ------
    ValueError
        If nothing is uncertain in the scenario.
    """
    known = doubts(scenario)
    held = tuple(d for d in known if d.of_people_and_ties and scenario.run.same_world)
    drawn = tuple(d for d in known if d not in held)
    if not drawn:
        why = "; what there is changes people and ties: set run.same_world = false" if held else ""
        raise ValueError(f"--worlds: no number of this scenario is uncertain{why}")
    return Design(drawn, held, _block(drawn, scenario.run.seed, range(worlds), 0))


def extended(found: Design, scenario: Scenario, more: int) -> Design:
    """Return the design with another block of ``more`` worlds after the others, a Latin hypercube of its own."""
    first, block = int(found.worlds["world"].max()) + 1, int(found.worlds["block"].max()) + 1
    added = _block(found.drawn, scenario.run.seed, range(first, first + more), block)
    return Design(found.drawn, found.held, pd.concat([found.worlds, added], ignore_index=True))


def _block(drawn: Sequence[Doubt], seed: int, numbers: range, block: int) -> pd.DataFrame:
    """Return a Latin hypercube: each key has one value in each of as many equally likely bands as there are worlds.

    The draws of a key depend on seed, block and its name alone, not on which other keys are drawn.
    """
    columns: dict[str, Any] = {"world": np.array(numbers), "block": np.full(len(numbers), block)}
    for doubt in drawn:
        generator = np.random.default_rng([seed, block, len(numbers), crc32(doubt.key.encode())])
        bands = generator.permutation(len(numbers))
        quantiles = (bands + generator.uniform(1e-9, 1.0 - 1e-9, len(numbers))) / len(numbers)
        columns[doubt.key] = doubt.distribution.at(quantiles, doubt.limits)
    return pd.DataFrame(columns)


def scenario_of(scenario: Scenario, found: Design, world: int) -> Scenario:
    """Return the scenario as it is in one world."""
    row = found.worlds[found.worlds["world"] == world].iloc[0]
    return with_values(scenario, {doubt.key: float(row[doubt.key]) for doubt in found.drawn})


def luck_of(world: int, replication: int) -> int:
    """Return the number of the luck of a replication of a world."""
    return _LUCK_OF_WORLDS + world * MOST_REPLICATIONS + replication


class WorldRunner:
    """Runs every policy in one world after the other; each thread has an engine, and all share people and ties.

    Where it varies who is profitable, each thread but one has a copy of the people (32 bytes each).
    """

    def __init__(self, scenario: Scenario, found: Design) -> None:
        self.scenario, self.found = scenario, found
        self.copies = any(doubt.key in COSTS for doubt in found.drawn)
        self._base: World | None = None
        self._spare: list[World] = []
        self._local = threading.local()
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Compile the engine, and build people and ties where all worlds share them."""
        from wom_sim.engines.compiled import warm

        with ThreadPoolExecutor(1) as builder:
            same = self.scenario.run.same_world
            building = builder.submit(build_world, self.scenario) if same else None
            warm()
            self._base = building.result() if building is not None else None
        self._spare = [] if self._base is None else [self._base]

    def run(self, world: int) -> pd.DataFrame:
        """Return a row for each policy and replication of one world: its head and every indicator."""
        within = scenario_of(self.scenario, self.found, world)
        rows: list[dict[str, Any]] = []
        for replication in range(within.run.replications):
            luck = luck_of(world, replication)
            engine = self._engine(within, luck, fresh=replication == 0)
            for policy in policies_of(within):
                result = run_policy(within, policy, engine.world, engine, luck)
                head = {"world": world, "policy": policy.name, "replication": replication}
                rows.append(head | {"seed": luck_seed(within, luck)} | result.measured)
        return pd.DataFrame(rows)

    def _engine(self, within: Scenario, luck: int, fresh: bool) -> Any:
        """Return this thread's engine, its world settled for the numbers of ``within``."""
        from wom_sim.engines.compiled import Engine

        if self._base is None:
            return Engine(build_world(within, luck, workers=1))
        held = getattr(self._local, "engine", None)
        if held is None:
            held = self._local.engine = Engine(self._own())
        if fresh:
            held.world = settled(held.world, within, groups=self.copies)
        return held

    def _own(self) -> World:
        """Return a world for this thread: the first thread's is the one that was built."""
        with self._lock:
            if self._spare or not self.copies:
                return self._spare.pop() if self._spare else self._shared()
            base = self._shared()
            return base._replace(people=base.people.copy())

    def _shared(self) -> World:
        assert self._base is not None
        return self._base


def run_worlds(runner: WorldRunner, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield (world, its runs) as they are done. An interrupt waits for the worlds that are under way."""
    if workers <= 1:
        for number in numbers:
            yield number, runner.run(number)
        return
    pool = ThreadPoolExecutor(workers)
    waiting = list(numbers)[::-1]
    running: dict[Future[pd.DataFrame], int] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                number = waiting.pop()
                running[pool.submit(runner.run, number)] = number
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
