"""One people, many scenarios: runs that share people and ties while the other numbers differ."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation import luck_seed, run_policy
from wom_sim.study.keeper import Keeper
from wom_sim.study.runs import world_key
from wom_sim.study.seen import needs_events, shown


class SharedWorldRunner:
    """Runs policies of scenarios that differ in numbers.

    Parameters
    ----------
    scenario : Scenario
        Its people and ties are shared by all runs, unless one of the numbers that differ shapes them.
    varies : sequence of str
        The keys of the numbers that differ.
    """

    def __init__(self, scenario: Scenario, varies: Sequence[str]) -> None:
        from wom_sim.scenario.uncertain import shapes_people

        self.scenario = scenario
        self.shares = scenario.run.same_world and not any(map(shapes_people, varies))
        self._keeper = Keeper(threads=None if self.shares else 1)

    def prepare(self) -> None:
        """Compile the engine, and build people and ties where they are shared."""
        from wom_sim.engines.compiled import warm

        with ThreadPoolExecutor(1) as builder:
            building = builder.submit(self._build) if self.shares else None
            warm()
            if building is not None:
                building.result()

    def _build(self) -> None:
        self._keeper.build(_world(self.scenario, 0), self.scenario, 0)

    def run(self, within: Scenario, policies: Sequence[Policy], lucks: Sequence[int]) -> list[dict[str, Any]]:
        """Return a row for each luck and policy: its name, ``replication`` from 0, the seed and every indicator.

        Where the scenario says what was seen, also what each run shows of it (``wom_sim.study.seen``).
        """
        rows = []
        for replication, luck in enumerate(lucks):
            with self._keeper.engine(_world(within, luck), within, luck) as (engine, _):
                for policy in policies:
                    result = run_policy(within, policy, engine.world, engine, luck, events=needs_events(within))
                    head = {"policy": policy.name, "replication": replication, "seed": luck_seed(within, luck)}
                    seen = shown(result, engine.world) if within.seen else {}
                    rows.append(head | result.measured | seen)
        return rows


def _world(scenario: Scenario, luck: int) -> bytes:
    """Return what identifies people and ties of a scenario."""
    return world_key(scenario, scenario.model_dump(mode="json"), luck)
