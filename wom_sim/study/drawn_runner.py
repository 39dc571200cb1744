"""Runs of candidates over worlds: in each replication what nobody knows is drawn anew, the same for all candidates."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.uncertain import with_values
from wom_sim.study.shared_world import SharedWorldRunner
from wom_sim.study.worlds import Design, block_of, drawn_and_held, luck_of
from wom_sim.words.said import Said


class Measured(NamedTuple):
    """The indicators of a run."""

    measured: dict[str, float]


class DrawnRunner:
    """Runs a policy in the world of a replication; replications come in blocks, each a Latin hypercube of worlds.

    Parameters
    ----------
    scenario
        Whose uncertain numbers are drawn.
    block
        Replications a block.

    Raises
    ------
    ValueError
        If no number of the scenario is uncertain.
    """

    def __init__(self, scenario: Scenario, block: int) -> None:
        self.scenario, self.block = scenario, block
        self.drawn, self.held = drawn_and_held(scenario)
        if not self.drawn:
            raise ValueError("--worlds: no number of this scenario is uncertain")
        self._runner = SharedWorldRunner(scenario, [doubt.key for doubt in self.drawn])
        self._within = lru_cache(maxsize=256)(self._scenario_of)

    @property
    def design(self) -> Design:
        """Return what is drawn, with the worlds of the first block."""
        return Design(self.drawn, self.held, block_of(self.drawn, self.scenario.run.seed, range(self.block), 0))

    def prepare(self, tell: Callable[[str], None] = lambda words: None) -> None:
        """Compile the engine, and build people and ties where all worlds share them."""
        tell(Said("step.building"))
        self._runner.prepare()

    def run(self, policy: Policy, replication: int) -> Measured:
        """Return the indicators of a policy in the world, and with the luck, of a replication."""
        row = self._runner.run(self._within(replication), [policy], [luck_of(replication, 0)])[0]
        return Measured({name: row[name] for name in row if name not in ("policy", "replication", "seed")})

    def _scenario_of(self, replication: int) -> Scenario:
        block, place = divmod(replication, self.block)
        first = block * self.block
        worlds = block_of(self.drawn, self.scenario.run.seed, range(first, first + self.block), block)
        row = worlds.iloc[place]
        return with_values(self.scenario, {doubt.key: float(row[doubt.key]) for doubt in self.drawn})
