"""``wom-sim pilot``: what it is worth to try it on a few customers first, and to decide by what is seen.

In each world every policy is carried out in full, and each pilot on its own. A forest learns to foretell from what is
seen of a pilot how much each policy brings; in each world, by trees that have not seen it, the policy of the highest
foretold value is chosen, and what it really brings there is booked. The mean of that, less what the best choice brings
without a pilot, is the expected value of sample information (EVSI; by regression as Strong et al. 2015). Because no
world is foretold by what was learned from itself, a pilot that shows nothing comes out at or below 0. What the pilot
itself costs or brings is told beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.outcomes.statistics import CONFIDENCE
from wom_sim.outcomes.worlds import RESAMPLES, Estimate, resampled, values_by_world
from wom_sim.rules.leaving import MONTH
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.seen import Seen, What
from wom_sim.scenario.uncertain import with_values
from wom_sim.simulation import policies_of
from wom_sim.study import posterior
from wom_sim.study.worlds import MOST_REPLICATIONS, Design, WorldRunner, luck_of, scenario_of

TRIED = "pilot "
"""What the name of a pilot begins with in the column ``policy``."""
NOISE = 2.0
"""How many times as much as counts do the usual calls and departures vary from month to month. Assumption."""
WATCHED = 60
"""Days for which a pilot is watched, where nothing else is asked for. Assumption."""
_AFTER = MOST_REPLICATIONS // 2
"""Pilots have luck of their own: numbers from here on."""
_TAILS = ((1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0)
_SHOWN: tuple[What, ...] = ("posts", "any_outlet", "national", "extra_calls", "extra_left", "share_let_go")


@dataclass(frozen=True)
class Pilot:
    """One way to try it: by which policy, on how many customers."""

    policy: str
    customers: int

    @property
    def name(self) -> str:
        """Return how it is called in tables.

        >>> Pilot("bulk letter", 1200).name
        'pilot bulk letter, 1,200 customers'
        """
        return f"{TRIED}{self.policy}, {self.customers:,} customers"


def pilots_of(scenario: Scenario, policies: Sequence[str], sizes: Sequence[int]) -> list[Pilot]:
    """Return every pilot that is asked for.

    Raises
    ------
    ValueError
        If a policy is not one of the scenario that acts, its choice is by id, or a pilot is as large as the whole.
    """
    acting = [policy for policy in policies_of(scenario) if policy.use != "keep"]
    names = [policy.name for policy in acting]
    unknown = [name for name in policies if name not in names]
    if unknown:
        raise ValueError(f"--by: given {unknown[0]!r}, allowed: {', '.join(names)}")
    found = []
    for policy in acting:
        if policies and policy.name not in policies:
            continue
        chosen = policy.choose or scenario.choose
        if chosen.ids is not None:
            raise ValueError(f"{policy.name}: chooses by choose.ids; a pilot needs a choice with a limit")
        for size in sizes:
            if chosen.limit is not None and size >= chosen.limit:
                raise ValueError(
                    f"--customers: given {size:,}, allowed: fewer than the {chosen.limit:,} whom {policy.name} takes"
                )
            found.append(Pilot(policy.name, size))
    return found


def seen_of(scenario: Scenario, days: int | None = None, noise: float = NOISE) -> tuple[Seen, ...]:
    """Return what a firm sees of a pilot in so many days, each with the error that the usual ups and downs make.

    ``days``: ``WATCHED``, or the whole run where that is shorter, if not given.

    Raises
    ------
    ValueError
        If the run ends before the pilot is watched to its end.
    """
    whole_run = scenario.run.days
    days = min(WATCHED, whole_run) if days is None else days
    if days > whole_run:
        raise ValueError(f"--days: given {days:,}, allowed: at most run.days = {whole_run:,}")
    customers, months = scenario.population.customers, days / MONTH
    share = [(s.share or 0.0, s) for s in scenario.population.segments]
    whole = sum(part for part, _ in share) or 1.0
    calls = sum(part / whole * s.calls for part, s in share) * customers * months
    leave = sum(part / whole * s.churn for part, s in share) * customers * months
    errors = {"extra_calls": noise * math.sqrt(calls), "extra_left": noise * math.sqrt(leave)}
    return tuple(Seen(what=what, value=0.0, error=errors.get(what, 0.0), to_day=days) for what in _SHOWN)


class PilotRunner(WorldRunner):
    """Runs every policy in full, and every pilot, in one world after the other."""

    def __init__(self, scenario: Scenario, found: Design, pilots: Sequence[Pilot], seen: tuple[Seen, ...]) -> None:
        super().__init__(scenario, found)
        self.pilots, self.seen = pilots, seen

    def run(self, world: int) -> pd.DataFrame:
        """Return a row for each policy, pilot and replication of one world."""
        within, rows = scenario_of(self.scenario, self.found, world), []
        for pilot in self.pilots:
            tried, policy = _tried(within, pilot, self.seen)
            for row in self._runner.run(tried, [policy], [luck_of(world, _AFTER)]):
                rows.append({"world": world, **row, "policy": pilot.name, "replication": 0})
        return pd.concat([super().run(world), pd.DataFrame(rows)], ignore_index=True)


def _tried(within: Scenario, pilot: Pilot, seen: tuple[Seen, ...]) -> tuple[Scenario, Policy]:
    """Return the scenario and the policy with the few customers of a pilot."""
    place = next(k for k, policy in enumerate(within.policies) if policy.name == pilot.policy)
    own = within.policies[place].choose is not None
    key = f"policies.{place}.choose.limit" if own else "choose.limit"
    tried = with_values(within, {key: float(pilot.customers)}).model_copy(update={"seen": seen})
    return tried, tried.policies[place]


@dataclass(frozen=True)
class Worth:
    """What pilots are worth. ``runs``: as ``PilotRunner.run``, of all worlds."""

    scenario: Scenario
    pilots: tuple[Pilot, ...]
    seen: tuple[Seen, ...]
    runs: pd.DataFrame = field(repr=False)

    @cached_property
    def values(self) -> tuple[list[str], posterior.Floats]:
        """Return the policies, and what each brings in full in each world (worlds x policies)."""
        whole = self.runs[~self.runs["policy"].isin([pilot.name for pilot in self.pilots])]
        policies, found = values_by_world(whole)
        return policies, found.mean(axis=1)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return a row for each pilot, the one that is worth most after its cost first.

        ``worth`` (EVSI) with ``low`` and ``high``; ``brings``: net value of the pilot itself, below 0 where it costs;
        ``gain``: both; ``right_before`` and ``right``: in which share of worlds the best policy is chosen without and
        with it; ``perfect``: what it would be worth to know everything.
        """
        policies, values = self.values
        rows = [self._row(pilot, policies, values) for pilot in self.pilots]
        return pd.DataFrame(rows).sort_values("gain", ascending=False, ignore_index=True)

    def _row(self, pilot: Pilot, policies: list[str], values: posterior.Floats) -> dict[str, Any]:
        own = self.runs[self.runs["policy"] == pilot.name].sort_values("world", ignore_index=True)
        seed, days = self.scenario.run.seed, self.scenario.run.days
        evidence = posterior.evidence_of(self.seen, own, days, seed)
        foretold = posterior.values_foretold(values, evidence, seed)
        again = resampled(len(values), RESAMPLES, seed)
        worth = decided(values, foretold, again)
        chosen, best = foretold.argmax(axis=1), values.max(axis=1)
        brings = float(own["net_value"].mean())
        first = int(values.mean(axis=0).argmax())
        picked = values[np.arange(len(values)), chosen]
        return {
            "policy": pilot.policy, "customers": pilot.customers, "worth": worth.value, "low": worth.low,
            "high": worth.high, "brings": brings, "gain": worth.value + brings,
            "right_before": float((values[:, first] >= best).mean()), "right": float((picked >= best).mean()),
            "perfect": float(best.mean() - values.mean(axis=0).max()), "first": policies[first],
            "changes": float((chosen != first).mean()),
        }  # fmt: skip


def decided(values: posterior.Floats, foretold: posterior.Floats, again: np.ndarray) -> Estimate:
    """Return what deciding by what is foretold brings more than the best single choice, with its interval.

    Parameters
    ----------
    values, foretold : arrays, worlds x policies
        What each policy brings, and what is foretold of it without having seen the world.
    again : array, resamples x worlds
        How often each world is drawn in each resample.
    """
    chosen = values[np.arange(len(values)), foretold.argmax(axis=1)]
    value = float(chosen.mean() - values.mean(axis=0).max())
    share = again / again.sum(axis=1, keepdims=True)
    drawn = share @ chosen - (share @ values).max(axis=1)
    low, high = np.quantile(drawn, _TAILS)
    return Estimate(value, float(low), float(high))
