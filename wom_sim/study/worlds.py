"""Worlds: what nobody knows is drawn, and every policy is run in every world on common luck.

Replication r of world w has luck ``luck_of(w, r)``: the same for every policy, another in each world, so that what luck
does averages out over worlds as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.scenario import Scenario
from wom_sim.scenario.uncertain import Doubt, doubts, known_numbers, with_values
from wom_sim.simulation import policies_of
from wom_sim.study.execute import side_by_side
from wom_sim.study.shared_world import SharedWorldRunner

_LUCK_OF_WORLDS = 1_000_000_000
"""Numbers of luck from here on belong to worlds: world w has 10,000 of them."""
MOST_REPLICATIONS = 10_000
_RARE = "rare worlds"
"""In the place of a key: what decides which worlds are rare."""

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
        If nothing is uncertain in the scenario, there is nothing to compare, or more replications than luck.
    """
    if len(policies_of(scenario)) < 2:
        raise ValueError("--worlds: only keep is a policy of this scenario; there is nothing to compare")
    if scenario.run.replications > MOST_REPLICATIONS:
        given = scenario.run.replications
        raise ValueError(f"run.replications: given {given}, allowed with --worlds: at most {MOST_REPLICATIONS}")
    drawn, held = drawn_and_held(scenario)
    if not drawn:
        why = "; what there is changes people and ties: set run.same_world = false" if held else ""
        why += "; name in worlds.doubt what you state and are not sure of" if known_numbers(scenario) else ""
        raise ValueError(f"--worlds: no number of this scenario is uncertain{why}")
    return Design(drawn, held, block_of(drawn, scenario.run.seed, range(worlds), 0))


def drawn_and_held(scenario: Scenario) -> tuple[tuple[Doubt, ...], tuple[Doubt, ...]]:
    """Return the numbers that are drawn, and those that stay because people and ties are shared by all worlds."""
    known = doubts(scenario)
    held = tuple(d for d in known if d.of_people_and_ties and scenario.run.same_world)
    return tuple(d for d in known if d not in held), held


def extended(found: Design, scenario: Scenario, more: int) -> Design:
    """Return the design with another block of ``more`` worlds after the others, a Latin hypercube of its own."""
    first, block = int(found.worlds["world"].max()) + 1, int(found.worlds["block"].max()) + 1
    added = block_of(found.drawn, scenario.run.seed, range(first, first + more), block)
    return Design(found.drawn, found.held, pd.concat([found.worlds, added], ignore_index=True))


def renumbered(scenario: Scenario, worlds: int, first: int) -> Design:
    """Return the design of worlds numbered from ``first``, whose luck is that of no world before."""
    found = design(scenario, worlds)
    return Design(found.drawn, found.held, found.worlds.assign(world=found.worlds["world"] + first))


def block_of(drawn: Sequence[Doubt], seed: int, numbers: range, block: int) -> pd.DataFrame:
    """Return a Latin hypercube: each key has one value in each of as many equally likely bands as there are worlds.

    The draws of a key depend on seed, block and its name alone, not on which other keys are drawn; what is not known
    of accounts is one unknown for all segments. Rare values of
    several keys come in the same worlds: a story that does not fade is also one that makes people leave.
    """
    columns: dict[str, Any] = {"world": np.array(numbers), "block": np.full(len(numbers), block)}
    rare = _quantiles(_RARE, seed, len(numbers), block)
    for doubt in drawn:
        quantiles = _quantiles(doubt.luck, seed, len(numbers), block)
        columns[doubt.key] = doubt.distribution.at(quantiles, doubt.limits, rare)
    return pd.DataFrame(columns)


def _quantiles(name: str, seed: int, worlds: int, block: int) -> NDArray[np.float64]:
    """Return a quantile for each world, one in each of as many equally likely bands."""
    generator = np.random.default_rng([seed, block, worlds, crc32(name.encode())])
    bands = generator.permutation(worlds)
    return np.asarray((bands + generator.uniform(1e-9, 1.0 - 1e-9, worlds)) / worlds, dtype=np.float64)


def scenario_of(scenario: Scenario, found: Design, world: int) -> Scenario:
    """Return the scenario as it is in one world."""
    row = found.worlds[found.worlds["world"] == world].iloc[0]
    return with_values(scenario, {doubt.key: float(row[doubt.key]) for doubt in found.drawn})


def luck_of(world: int, replication: int) -> int:
    """Return the number of the luck of a replication of a world."""
    return _LUCK_OF_WORLDS + world * MOST_REPLICATIONS + replication


class WorldRunner:
    """Runs every policy in one world after the other."""

    def __init__(self, scenario: Scenario, found: Design) -> None:
        self.scenario, self.found = scenario, found
        self._runner = SharedWorldRunner(scenario, [doubt.key for doubt in found.drawn])

    def prepare(self) -> None:
        """Compile the engine, and build people and ties where all worlds share them."""
        self._runner.prepare()

    def run(self, world: int) -> pd.DataFrame:
        """Return a row for each policy and replication of one world: its head and every indicator."""
        within = scenario_of(self.scenario, self.found, world)
        lucks = [luck_of(world, replication) for replication in range(within.run.replications)]
        runs = pd.DataFrame(self._runner.run(within, policies_of(within), lucks))
        runs.insert(0, "world", world)
        return runs


class Runs(Protocol):
    """Runs what is asked in one world after the other."""

    def prepare(self) -> None:
        """Make ready what all worlds share."""

    def run(self, world: int) -> pd.DataFrame:
        """Return the runs of a world, a row each, with its number in ``world``."""


def run_worlds(runner: Runs, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """Yield (world, its runs) as they are done."""
    yield from side_by_side(runner.run, numbers, workers)
