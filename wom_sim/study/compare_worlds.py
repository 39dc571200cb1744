"""Compare the policies of a scenario over worlds, and judge them."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import pandas as pd

from wom_sim._notebook import ShowsItself
from wom_sim.outcomes.drivers import drivers
from wom_sim.outcomes.worlds import Judgement, judge
from wom_sim.results.provenance import provenance
from wom_sim.scenario import Scenario
from wom_sim.scenario.beyond import beyond
from wom_sim.scenario.figures import figures_on_terminal
from wom_sim.scenario.used import uses
from wom_sim.simulation import policies_of
from wom_sim.study.cost import Plan
from wom_sim.study.cost_of_worlds import plan_worlds
from wom_sim.study.preferred import rule_of, with_duties
from wom_sim.study.verdict_news import UnderRule, table_of_rules, under_each_rule
from wom_sim.study.verdict_worlds import sentences_over_worlds
from wom_sim.study.worlds import Design, Keep, Runs, Tell, WorldRunner, design, run_worlds
from wom_sim.study.worlds_drawn import drawn_as_data, known_as_data, posterior_as_data
from wom_sim.words import ENGLISH, Words
from wom_sim.words.said import Said


@dataclass(frozen=True)
class WorldsComparison(ShowsItself):
    """All policies in all worlds. ``replications``: world, policy, replication, seed and every indicator.

    ``verdicts`` has a row for each policy, ``drivers`` one for each policy and number that was drawn, and for the
    choice among all policies; ``verdict`` says it in three sentences.
    """

    _shown_in: ClassVar[str] = "wom_sim.study.notebook"

    scenario: Scenario
    design: Design
    replications: pd.DataFrame
    seconds: dict[str, float] = field(default_factory=dict)

    @cached_property
    def judgement(self) -> Judgement:
        """Return what is to be said of the policies, with intervals."""
        return judge(self.replications, seed=self.scenario.run.seed, rule=rule_of(self.scenario))

    @property
    def verdicts(self) -> pd.DataFrame:
        """Return a row for each policy."""
        return self.judgement.verdicts

    @cached_property
    def drivers(self) -> pd.DataFrame:
        """Return a row for each policy (and all of them) and number that was drawn, the deciding ones first."""
        about = pd.DataFrame(
            [
                {
                    "parameter": d.key, "grade": d.grade or "not graded",
                    "low": d.distribution.spread[0], "high": d.distribution.spread[1],
                }
                for d in self.design.drawn
            ]
        )  # fmt: skip
        policies = {policy.name: policy for policy in policies_of(self.scenario)}
        return drivers(
            self.replications, self.design.worlds, about, self.scenario.run.seed,
            lambda policy, number: uses(self.scenario, policies[policy], number),
        )  # fmt: skip

    @cached_property
    def _under_rules(self) -> list[UnderRule]:
        return under_each_rule(self.replications, self.design.worlds)

    @property
    def rules(self) -> pd.DataFrame:
        """Return a row for each rule of news that was drawn, with what is best under it; no row if none was."""
        return table_of_rules(self._under_rules)

    @cached_property
    def verdict(self) -> str:
        """Return what came out, in three sentences."""
        return self.verdict_in(ENGLISH)

    def verdict_in(self, words: Words) -> str:
        """Return the verdict in a language."""
        scenario, drawn = self.scenario, [doubt.origin for doubt in self.design.drawn]
        tell, rules = figures_on_terminal(scenario, words), self._under_rules
        said = sentences_over_worlds(self.judgement, self.drivers, tell, drawn, beyond(scenario), rules)
        return " ".join(with_duties(said, scenario, tell.words).in_order())


def compare_worlds(
    scenario: Scenario,
    worlds: int,
    *,
    workers: int | None = None,
    progress: Tell = lambda done, total, words: None,
) -> WorldsComparison:
    """Run every policy of a scenario, ``keep`` first, in each of ``worlds`` worlds, and judge them.

    What is uncertain: ``wom_sim.scenario.uncertain.doubts``. Each world has ``run.replications`` replications.

    Raises
    ------
    ValueError
        If nothing is uncertain, or the world or a policy cannot be made, or memory does not suffice.
    """
    found = design(scenario, worlds)
    planned = plan_worlds(scenario, found, worlds, workers)
    parts: dict[int, pd.DataFrame] = {}
    seconds = run_all(scenario, found, list(range(worlds)), planned, (parts.__setitem__, progress))
    table = pd.concat([parts[world] for world in sorted(parts)], ignore_index=True)
    return WorldsComparison(scenario, found, table, seconds)


def run_all(
    scenario: Scenario,
    found: Design,
    numbers: Sequence[int],
    planned: Plan,
    hear: tuple[Keep, Tell],
    runner: Runs | None = None,
) -> dict[str, float]:
    """Run worlds, hand each to ``hear[0]`` when it is done, and return the seconds that building and running took.

    ``runner``: who runs a world, if not every policy of the scenario once.
    """
    keep, progress = hear
    began = time.perf_counter()
    progress(0, len(numbers), Said("step.building"))
    runner = WorldRunner(scenario, found) if runner is None else runner
    runner.prepare()
    ready = time.perf_counter()
    for done, (world, runs) in enumerate(run_worlds(runner, numbers, planned.workers), start=1):
        keep(world, runs)
        progress(done, len(numbers), Said("step.world", world=world))
    return {"build": ready - began, "runs": time.perf_counter() - ready}


def manifest(found: WorldsComparison, planned: Plan) -> dict[str, Any]:
    """Return scenario, fingerprint, versions, commit, seeds, times, and what came out in words."""
    return provenance(found.scenario) | {
        "engine": "compiled",
        "workers": planned.workers,
        "worlds": len(found.design.worlds),
        "blocks": int(found.design.worlds["block"].max()) + 1,
        "replications_in_each_world": int(found.replications["replication"].nunique()),
        "drawn": drawn_as_data(found.design),
        "held": [d.key for d in found.design.held],
        "known": known_as_data(found.scenario),
        "posterior": posterior_as_data(found.scenario),
        "seed": found.scenario.run.seed,
        "people": planned.people,
        "represents": planned.represents,
        "runs": len(found.replications),
        "seconds": {name: round(value, 3) for name, value in found.seconds.items()},
        "peak_memory_bytes": peak_memory(),
        "value_of_perfect_information": found.judgement.evpi._asdict(),
        "equal": list(found.judgement.choice.equals),
        "preferred": found.judgement.choice.chosen,
        "preferred_by": found.judgement.choice.by,
        "verdict": found.verdict,
    }


def peak_memory() -> int | None:
    """Return the most memory that this process has had (bytes), None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
