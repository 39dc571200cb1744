"""The event log of single runs: read from the folder where it was kept, else had again by running them once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from wom_sim.present.missing import MissingError
from wom_sim.results.replay import CannotReplayError, check_same, run_again
from wom_sim.results.typical import Shows, typical_run
from wom_sim.scenario import Scenario
from wom_sim.scenario.represents import simulated_people
from wom_sim.simulation import events_log, has_ledger_lines

if TYPE_CHECKING:
    from wom_sim.present.material import Material

MOST_PEOPLE = 5_000_000
"""Above so many people runs are repeated only when that is asked for."""
_BYTES_AN_EVENT, _EVENTS_A_PERSON = 96.0, 1.2
"""Assumption: a log of a story that reaches everyone, sorted once."""

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

    def typical(self, policy: str, shows: Shows) -> int:
        """Return the replication of a policy that stands for all. Raises MissingError where none does."""
        try:
            return typical_run(self._found.table("replications.parquet", "policy", shows.indicator), policy, shows)
        except ValueError as error:
            raise MissingError(f"replications.parquet: {error}") from None

    def logs(self, wanted: Sequence[tuple[str, int]]) -> list[Log]:
        """Return the log of each (policy, replication).

        Raises
        ------
        MissingError
            When a log was not kept and the run may not be repeated, or would be another one.
        """
        missing = [each for each in wanted if each not in self._logs]
        if missing and self._is_kept():
            for policy, replication in missing:
                self._logs[policy, replication] = self._read(policy, replication)
        elif missing:
            try:
                self._run(missing)
            except CannotReplayError as error:
                raise MissingError(str(error), error) from None
        return [self._logs[each] for each in wanted]

    def _is_kept(self) -> bool:
        """Return whether the folder has the log of all runs, and not of a kind from before it named the ledger."""
        return self._found.has("events.parquet") and has_ledger_lines(self._found.folder / "events.parquet")

    def _read(self, policy: str, replication: int) -> Log:
        """Return the log of a run from the folder."""
        chosen = [("policy", "==", policy), ("replication", "==", replication)]
        table = pd.read_parquet(self._found.folder / "events.parquet", filters=chosen)
        return Log(policy, replication, events_log(table))

    def _run(self, wanted: Sequence[tuple[str, int]]) -> None:
        """Repeat runs on one world, and keep their logs."""
        scenario = self._found.scenario
        self._check_size(scenario)
        if self._found.result is not None:
            check_same(self._found.result)
        self._afford(scenario, len(wanted))
        stored = self._found.table("replications.parquet") if self._found.has("replications.parquet") else None
        for result in run_again(scenario, wanted, stored):
            log = Log(result.policy, result.replication, result.trace.events())
            self._logs[log.policy, log.replication] = log

    def _check_size(self, scenario: Scenario) -> None:
        """Raise CannotReplayError where it was not asked for to repeat runs of so many people."""
        people = simulated_people(scenario)
        if people > MOST_PEOPLE and not self._allowed:
            raise CannotReplayError(
                lambda words: words.say("replay.large", people=words.number(people), most=words.number(MOST_PEOPLE))
            )

    def _afford(self, scenario: Scenario, runs: int) -> None:
        """Say what it takes. Raises CannotReplayError where memory does not suffice."""
        from wom_sim.study.cost import available_memory, memory

        people = simulated_people(scenario)
        needed, free = memory(scenario, "compiled", 1) + people * _EVENTS_A_PERSON * _BYTES_AN_EVENT, available_memory()
        if needed > free:
            sizes = {"needed": needed / 2**30, "available": free / 2**30}
            raise CannotReplayError(
                lambda words: words.say("replay.memory", **{name: words.number(size) for name, size in sizes.items()})
            )
        self._tell(
            f"runs {runs} once more with the event log, {people:,} people: at most {needed / 2**30:.1f} GiB of "
            f"memory, about {max(1, round(people * (1.3e-6 + 2.5e-7 * runs)))} s"
        )
