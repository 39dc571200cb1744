"""The event log of single runs: read from the folder where it was kept, else had again by running them once more.

A run is repeated to the last event, since its luck is a function of its seed; only its log is new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from wom_sim.present.material import Material, MissingError
from wom_sim.scenario.represents import simulated_people
from wom_sim.simulation import build_world, policy_of, run_policy
from wom_sim.study.plan import available_memory, memory
from wom_sim.world import trace as tr

MOST_PEOPLE = 5_000_000
"""Above so many people runs are repeated only when that is asked for."""
_BYTES_AN_EVENT, _EVENTS_A_PERSON = 96.0, 1.2
"""Assumption: a log of a story that reaches everyone, sorted once."""

LEADING = "net_value"
Tell = Callable[[str], None]


class Log(NamedTuple):
    """The events of one run, as ``world.trace`` logs them, in order of days."""

    policy: str
    replication: int
    events: np.ndarray


class Replayer:
    """Gives the logs of single runs, each made at most once.

    ``allowed``: whether runs of more than ``MOST_PEOPLE`` may be repeated. ``tell`` is called with what is under
    way and what it costs.
    """

    def __init__(self, found: Material, allowed: bool = False, tell: Tell = lambda words: None) -> None:
        self._found, self._allowed, self._tell = found, allowed, tell
        self._logs: dict[tuple[str, int], Log] = {}

    def median_replication(self, policy: str) -> int:
        """Return the replication whose net value is the median of a policy; the lower one of two."""
        runs = self._found.table("replications.parquet", "policy", "replication", LEADING)
        if "world" in runs:
            raise MissingError("a run among drawn worlds is not repeated")
        own = runs[runs["policy"] == policy].sort_values([LEADING, "replication"], kind="stable")
        if own.empty:
            raise MissingError(f"replications.parquet has no policy '{policy}'")
        return int(own["replication"].iloc[(len(own) - 1) // 2])

    def logs(self, wanted: Sequence[tuple[str, int]]) -> list[Log]:
        """Return the log of each (policy, replication).

        Raises
        ------
        MissingError
            When a log was not kept and the run may not be repeated.
        """
        missing = [each for each in wanted if each not in self._logs]
        if missing:
            if self._found.has("events.parquet"):
                for policy, replication in missing:
                    self._logs[policy, replication] = self._read(policy, replication)
            else:
                self._run(missing)
        return [self._logs[each] for each in wanted]

    def _read(self, policy: str, replication: int) -> Log:
        """Return the log of a run from the folder."""
        chosen = [("policy", "==", policy), ("replication", "==", replication)]
        table = pd.read_parquet(self._found.folder / "events.parquet", filters=chosen)
        return Log(policy, replication, coded(table))

    def _run(self, wanted: Sequence[tuple[str, int]]) -> None:
        """Repeat runs on one world, and keep their logs."""
        scenario = self._found.scenario
        people = simulated_people(scenario)
        if people > MOST_PEOPLE and not self._allowed:
            raise MissingError(
                f"needs events.parquet (compare --events), or single runs once more: {people:,} people are more than "
                f"{MOST_PEOPLE:,}; give --replay"
            )
        needed = memory(scenario, "compiled", 1) + people * _EVENTS_A_PERSON * _BYTES_AN_EVENT
        if needed > available_memory():
            raise MissingError(
                f"needs events.parquet, or single runs once more: about {needed / 2**30:.1f} GiB of memory, "
                f"{available_memory() / 2**30:.1f} available"
            )
        self._tell(
            f"runs {len(wanted)} once more with the event log, {people:,} people: at most {needed / 2**30:.1f} GiB of "
            f"memory, about {max(1, round(people * (1.3e-6 + 2.5e-7 * len(wanted))))} s"
        )
        from wom_sim.engines.compiled import Engine

        shared = build_world(scenario) if scenario.run.same_world else None
        engine = Engine(shared) if shared is not None else None
        for policy, replication in wanted:
            world = shared if shared is not None else build_world(scenario, replication)
            own = engine if engine is not None else Engine(world)
            result = run_policy(scenario, policy_of(scenario, policy), world, own, replication, events=True)
            self._logs[policy, replication] = Log(policy, replication, result.trace.events())


def coded(table: pd.DataFrame) -> np.ndarray:
    """Return an event table with names as the log with codes from which it was made."""
    log = np.zeros(len(table), dtype=tr.LOG_TYPE)
    for name in ("day", "person", "amount"):
        log[name] = table[name].to_numpy()
    for name, names in (("event", tr.EVENT_NAMES), ("cause", tr.CAUSE_NAMES), ("label", tr.LABEL_NAMES)):
        log[name] = _codes(table[name], names)
    channel = _codes(table["channel"], tr.CHANNEL_NAMES).astype(np.uint32)
    source = table["source"].to_numpy(dtype=np.int64)
    log["source"] = (channel << tr.SOURCE_SHIFT) | np.where(source < 0, tr.SOURCE_ID, source).astype(np.uint32)
    group = np.where(table["profitable"], tr.G_PROFITABLE, 0) | np.where(table["treated"], tr.G_TREATED, 0)
    log["group"] = group
    return log


def _codes(column: pd.Series, names: Sequence[str]) -> np.ndarray:
    return column.map({name: k for k, name in enumerate(names)}).to_numpy(dtype=np.uint8)
