"""Our reference engine as ``mesa.batch_run`` wants it: a model class with keyword parameters.

What the runs share (people, ties, the scenario) is made once before and found by name, because ``batch_run``
takes plain values only. ``batch_run`` gives every iteration the same seed, so the luck is a parameter.
"""

from __future__ import annotations

from typing import Any

from wom_sim.engines.reference import Market
from wom_sim.scenario import Scenario
from wom_sim.simulation import luck_seed, numbers_of, policies_of, treatments_of
from wom_sim.world import trace as tr
from wom_sim.world.world import World

SHARED: dict[str, tuple[Scenario, World]] = {}
TWINS: dict[tuple[str, int], Market] = {}
"""The same market without the policy, where it was run before and is not to be run again."""


class BatchMarket(Market):
    """The market of a shared scenario under its first policy; stops after the last day."""

    def __init__(self, shared: str, replication: int) -> None:
        scenario, world = SHARED[shared]
        seed = luck_seed(scenario, replication)
        policy = policies_of(scenario)[1]
        super().__init__(
            world, numbers_of(scenario, policy, world.newcomer), treatments_of(scenario, policy, world, seed),
            seed=seed, events=False, twin=TWINS.get((shared, replication)),
        )  # fmt: skip
        self.datacollector.model_reporters["reached"] = lambda m: int(m.book.daily[:, tr.D_REACHED].sum())
        self.datacollector.model_vars["reached"] = []

    def step(self) -> None:
        """Live through a day, and stop after the last."""
        super().step()
        self.running = self.today < self.numbers.days


def run_batch(shared: str, replications: range) -> list[dict[str, Any]]:
    """Return what ``mesa.batch_run`` returns, one process, one run a replication."""
    import mesa

    days = SHARED[shared][0].run.days
    return mesa.batch_run(
        BatchMarket, {"shared": shared, "replication": replications},
        number_processes=1, iterations=1, max_steps=days, display_progress=False,
    )  # fmt: skip


def twin(shared: str, replication: int) -> Market:
    """Run the market without the policy and keep it."""
    scenario, world = SHARED[shared]
    numbers = numbers_of(scenario, policies_of(scenario)[1], world.newcomer)
    market = Market(world, numbers, seed=luck_seed(scenario, replication), events=False)
    TWINS[shared, replication] = market.run()
    return market
