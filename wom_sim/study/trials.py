"""Runs of candidates: on common luck, in one world that is built once, and never twice the same run."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.study.database import is_sound
from wom_sim.study.execute import Runner, side_by_side
from wom_sim.study.levers import Candidate

Tell = Callable[[int, int, str], None]
"""Called with (runs done, runs in all, what happens now)."""


class RunFile:
    """The indicators of every run that was made, by candidate and replication: a table of SQLite.

    Each run has a checksum, by which damage to what is stored is found (``unread_runs``).
    """

    def __init__(self, path: Path | None) -> None:
        self._base = sqlite3.connect(":memory:" if path is None else path)
        self._base.execute("PRAGMA journal_mode = WAL")  # a run is kept without waiting for the disk
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS runs (candidate TEXT, replication INTEGER, indicators TEXT, checksum TEXT, "
            "PRIMARY KEY (candidate, replication)) WITHOUT ROWID"
        )
        if "checksum" not in _columns(self._base):  # of an earlier version
            self._base.execute("ALTER TABLE runs ADD COLUMN checksum TEXT")

    def add(self, key: str, replication: int, indicators: dict[str, float]) -> None:
        """Keep a run, at once and safely."""
        text = json.dumps(indicators)
        row = (key, replication, text, _checksum(key, replication, text))
        with self._base:
            self._base.execute(
                "INSERT OR REPLACE INTO runs (candidate, replication, indicators, checksum) VALUES (?, ?, ?, ?)", row
            )

    def known(self, key: str) -> dict[int, dict[str, float]]:
        """Return the runs of a candidate by replication."""
        rows = self._base.execute("SELECT replication, indicators FROM runs WHERE candidate = ?", (key,))
        return {replication: json.loads(text) for replication, text in rows}

    def close(self) -> None:
        """Close the file."""
        self._base.close()


def unread_runs(path: Path) -> int | None:
    """Remove damaged rows from a file of runs; return how many there were, None if the whole file is unreadable.

    A file that is not there has lost nothing.
    """
    if not path.is_file():
        return 0
    try:
        base = sqlite3.connect(path)
        try:
            if not is_sound(base):
                return None
            if not {"candidate", "replication", "indicators", "checksum"} <= _columns(base):
                return 0 if "candidate" in _columns(base) else None
            rows = base.execute("SELECT candidate, replication, indicators, checksum FROM runs")
            spoilt = [row[:2] for row in rows if row[3] is not None and row[3] != _checksum(*row[:3])]
            with base:
                base.executemany("DELETE FROM runs WHERE candidate = ? AND replication = ?", spoilt)
            return len(spoilt)
        finally:
            base.close()
    except (sqlite3.DatabaseError, UnicodeError):
        return None


def _columns(base: sqlite3.Connection) -> set[str]:
    return {str(row[1]) for row in base.execute("PRAGMA table_info(runs)")}


def _checksum(key: str, replication: int, indicators: str) -> str:
    return hashlib.sha256(f"{key}\n{replication}\n{indicators}".encode()).hexdigest()[:32]


class Runs(Protocol):
    """Runs a policy in a replication; what it returns has its indicators in ``measured``."""

    def prepare(self, tell: Callable[[str], None]) -> None:
        """Make ready what all runs share."""

    def run(self, policy: Policy, replication: int) -> Any:
        """Return a run."""


class Bench:
    """Runs candidates on the replications asked for; what was run before is not run again."""

    def __init__(self, scenario: Scenario, file: RunFile, workers: int, runner: Runs | None = None) -> None:
        self.scenario, self.made = scenario, 0
        self._file, self._workers = file, workers
        self._runner: Runs = Runner(scenario, "compiled") if runner is None else runner

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
        made = side_by_side(lambda n: self._runner.run(*runs[n]), range(len(runs)), self._workers)
        for done, (number, result) in enumerate(made, start=1):
            candidate, replication = tasks[number]
            self._file.add(candidate.key, replication, result.measured)
            self.made += 1
            tell(done, len(tasks), candidate.said)
        return [self.table(candidate, wanted) for candidate in candidates]

    def table(self, candidate: Candidate, replications: Iterable[int]) -> pd.DataFrame:
        """Return the runs of a candidate that are there."""
        known = self._file.known(candidate.key)
        rows = [{"policy": candidate.key, "replication": r, **known[r]} for r in replications if r in known]
        return pd.DataFrame(rows)
