"""Runs of candidates: on common luck, in one world that is built once, and never twice the same run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd

from wom_sim.scenario import Scenario
from wom_sim.study.execute import Runner, results
from wom_sim.study.levers import Candidate

Tell = Callable[[int, int, str], None]
"""Called with (runs done, runs in all, what happens now)."""


class RunFile:
    """The indicators of every run that was made, by candidate and replication: a table of SQLite."""

    def __init__(self, path: Path | None) -> None:
        self._base = sqlite3.connect(":memory:" if path is None else path)
        self._base.execute("PRAGMA journal_mode = WAL")  # a run is kept without waiting for the disk
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS runs (candidate TEXT, replication INTEGER, indicators TEXT, "
            "PRIMARY KEY (candidate, replication)) WITHOUT ROWID"
        )

    def add(self, key: str, replication: int, indicators: dict[str, float]) -> None:
        """Keep a run, at once and safely."""
        with self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", (key, replication, json.dumps(indicators))
            )

    def known(self, key: str) -> dict[int, dict[str, float]]:
        """Return the runs of a candidate by replication."""
        rows = self._base.execute("SELECT replication, indicators FROM runs WHERE candidate = ?", (key,))
        return {replication: json.loads(text) for replication, text in rows}

    def close(self) -> None:
        """Close the file."""
        self._base.close()


class Bench:
    """Runs candidates on the replications asked for; what was run before is not run again."""

    def __init__(self, scenario: Scenario, file: RunFile, workers: int) -> None:
        self.scenario, self.made = scenario, 0
        self._file, self._workers = file, workers
        self._runner = Runner(scenario, "compiled")

    def prepare(self, tell: Callable[[str], None]) -> None:
        """Build the world."""
        self._runner.prepare(tell)

    def run(self, candidates: Sequence[Candidate], replications: Iterable[int], tell: Tell) -> list[pd.DataFrame]:
        """Return a table of runs (policy, replication and every indicator) for each candidate.

        Raises
        ------
        ValueError
            If a candidate cannot be carried out, in words.
        """
        wanted = list(replications)
        known = [self._file.known(candidate.key) for candidate in candidates]
        tasks = [
            (candidate, replication)
            for replication in wanted
            for candidate, there in zip(candidates, known, strict=True)
            if replication not in there
        ]
        runs = [(candidate.policy(self.scenario), replication) for candidate, replication in tasks]
        for done, (number, result) in enumerate(results(self._runner, runs, self._workers), start=1):
            candidate, replication = tasks[number]
            self._file.add(candidate.key, replication, result.measured)
            self.made += 1
            tell(done, len(tasks), f"{candidate.base}: {candidate.text}")
        return [self.table(candidate, wanted) for candidate in candidates]

    def table(self, candidate: Candidate, replications: Iterable[int]) -> pd.DataFrame:
        """Return the runs of a candidate that are there."""
        known = self._file.known(candidate.key)
        rows = [{"policy": candidate.key, "replication": r, **known[r]} for r in replications if r in known]
        return pd.DataFrame(rows)
