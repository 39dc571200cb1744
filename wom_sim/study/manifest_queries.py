"""What the manifest of a study says: which runs there are, what has become of each, and where its result lies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from wom_sim.study.database import is_sound

PAGE = 2000
"""Rows that are held at a time."""
_DUE = "state = 'pending' AND planned = 1"


class Part(NamedTuple):
    """A part that is listed: its number, the runs in it, and its SHA-256; None where an earlier version wrote it."""

    number: int
    rows: int
    sha256: str | None


class Due(NamedTuple):
    """A run that is to be done."""

    number: int
    key: bytes
    point: int
    policy: str
    replication: int
    attempts: int


class Outcome(NamedTuple):
    """What became of a run. ``error``: its traceback, None if there is a result."""

    number: int
    seconds: float
    host: str
    error: str | None = None


class Counts(NamedTuple):
    """Runs of the plan by state; ``rows`` of the table to be (runs may serve several); ``aside``: of former plans."""

    rows: int
    done: int
    pending: int
    failed: int
    aside: int

    @property
    def runs(self) -> int:
        """Return the number of runs in the plan."""
        return self.done + self.pending + self.failed


class Left(NamedTuple):
    """What is left to do: all counts, the worlds with something to do, and the runs to do of each policy."""

    counts: Counts
    worlds: int
    policies: dict[str, int]


class ManifestQueries:
    """The questions that a manifest answers; none of them changes it."""

    _db: sqlite3.Connection

    def close(self) -> None:
        """Close it."""
        self._db.close()

    def _notes_hashes(self) -> bool:
        """Whether the hash of a part is noted; an earlier version did not."""
        return any(row[1] == "sha256" for row in self._db.execute("PRAGMA table_info(parts)"))

    def is_sound(self) -> bool:
        """Whether the file can be read from end to end."""
        return is_sound(self._db)

    def meta(self, name: str, default: str = "") -> str:
        """Return what is kept under a name."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    def counts(self) -> Counts:
        """Return how many runs there are, by state."""
        found = dict(self._db.execute("SELECT state, COUNT(*) FROM runs WHERE planned = 1 GROUP BY state"))
        rows = self._db.execute("SELECT COUNT(*) FROM plan").fetchone()[0]
        aside = self._db.execute("SELECT COUNT(*) FROM runs WHERE planned = 0").fetchone()[0]
        return Counts(rows, found.get("done", 0), found.get("pending", 0), found.get("failed", 0), aside)

    def worlds_due(self) -> int:
        """Return on how many worlds there is something to do."""
        return int(self._db.execute(f"SELECT COUNT(DISTINCT world) FROM runs WHERE {_DUE}").fetchone()[0])

    def left(self) -> Left:
        """Return what is left to do."""
        policies = dict(self._db.execute(f"SELECT policy, COUNT(*) FROM runs WHERE {_DUE} GROUP BY policy"))
        return Left(self.counts(), self.worlds_due(), policies)

    def next_world(self, after: int) -> tuple[int, bytes, int] | None:
        """Return the next world with something to do: number, key, runs to do; None after the last."""
        asked = f"SELECT MIN(world) FROM runs WHERE {_DUE} AND world > ?"
        world = self._db.execute(asked, (after,)).fetchone()[0]
        if world is None:
            return None
        count = self._db.execute(f"SELECT COUNT(*) FROM runs WHERE {_DUE} AND world = ?", (world,)).fetchone()[0]
        key = self._db.execute("SELECT key FROM worlds WHERE world = ?", (world,)).fetchone()[0]
        return int(world), bytes(key), int(count)

    def due(self, world: int) -> Iterator[Due]:
        """Yield the runs to do on a world, in the order of the plan; a page at a time is held."""
        last = -1
        while True:
            page = self._db.execute(
                f"SELECT number, key, point, policy, replication, attempts FROM runs WHERE {_DUE} AND world = ? "
                "AND number > ? ORDER BY number LIMIT ?",
                (world, last, PAGE),
            ).fetchall()
            if not page:
                return
            last = page[-1][0]
            yield from (Due(*row) for row in page)

    def next_part(self) -> int:
        """Return a number that no part has."""
        return int(self._db.execute("SELECT COALESCE(MAX(part), 0) + 1 FROM parts").fetchone()[0])

    def parts(self) -> list[int]:
        """Return the numbers of the parts."""
        return [row[0] for row in self._db.execute("SELECT part FROM parts ORDER BY part")]

    def listed(self) -> list[Part]:
        """Return the parts that are listed."""
        which = "sha256" if self._notes_hashes() else "NULL"
        return [Part(*row) for row in self._db.execute(f"SELECT part, rows, {which} FROM parts ORDER BY part")]

    def hashes(self) -> dict[int, str]:
        """Return the SHA-256 of each part that has one noted."""
        return {part.number: part.sha256 for part in self.listed() if part.sha256 is not None}

    def keys_in(self, part: int) -> dict[int, bytes]:
        """Return the keys of the runs whose results are in a part, by place."""
        found = self._db.execute("SELECT place, key FROM runs WHERE part = ? AND state = 'done'", (part,))
        return {int(place): bytes(key) for place, key in found}

    def places(self, rows: int) -> Iterator[list[tuple[int, int, int, int, int]]]:
        """Yield blocks of the done rows of the plan in order: point, policy, replication, part, place in it."""
        found = self._db.execute(
            "SELECT plan.point, plan.policy, plan.replication, runs.part, runs.place FROM plan "
            "JOIN runs ON runs.number = plan.number WHERE runs.state = 'done' "
            "ORDER BY plan.point, plan.policy, plan.replication"
        )
        while block := found.fetchmany(rows):
            yield block

    def cells(self, first: int, last: int) -> dict[int, list[Any]]:
        """Return the cells of points ``first`` to ``last``."""
        asked = "SELECT point, cells FROM points WHERE point BETWEEN ? AND ?"
        return {point: json.loads(text) for point, text in self._db.execute(asked, (first, last))}

    def failures(self, most: int = -1) -> Iterator[tuple[int, str, int, str, int, str]]:
        """Yield the failed runs of the plan: point, policy, replication, key, attempts, error."""
        yield from self._db.execute(
            "SELECT point, policy, replication, LOWER(HEX(key)), attempts, COALESCE(error, '') FROM runs "
            "WHERE state = 'failed' AND planned = 1 ORDER BY point, number LIMIT ?",
            (most,),
        )

    def results(self, rows: int) -> Iterator[list[tuple[bytes, int, int, float, str]]]:
        """Yield blocks of every run that is done, in the order of parts: key, part, place, seconds, host."""
        found = self._db.execute(
            "SELECT key, part, place, seconds, host FROM runs WHERE state = 'done' ORDER BY part, place"
        )
        while block := found.fetchmany(rows):
            yield block

    def numbers_due(self, keys: list[bytes]) -> dict[bytes, int]:
        """Return the numbers of those of ``keys`` that are planned and not done."""
        found: dict[bytes, int] = {}
        for batch in batches(keys, 500):
            marks = ",".join("?" * len(batch))
            asked = f"SELECT key, number FROM runs WHERE key IN ({marks}) AND planned = 1 AND state != 'done'"
            found.update({bytes(key): number for key, number in self._db.execute(asked, batch)})
        return found

    def count_planned(self, keys: list[bytes]) -> int:
        """Return how many of ``keys`` are in the plan."""
        found = 0
        for batch in batches(keys, 500):
            marks = ",".join("?" * len(batch))
            asked = f"SELECT COUNT(*) FROM runs WHERE key IN ({marks}) AND planned = 1"
            found += self._db.execute(asked, batch).fetchone()[0]
        return found

    def find(self, prefix: str) -> list[dict[str, Any]]:
        """Return the runs whose key begins with these hex digits, at most ten."""
        names = ("key", "point", "policy", "replication", "state", "seconds", "error", "part", "place", "planned")
        asked = (
            "SELECT LOWER(HEX(key)), point, policy, replication, state, seconds, error, part, place, planned FROM runs "
            "WHERE LOWER(HEX(key)) LIKE ? LIMIT 10"
        )
        return [dict(zip(names, row, strict=True)) for row in self._db.execute(asked, (prefix.lower() + "%",))]

    def find_row(self, point: int, policy: str, replication: int) -> str | None:
        """Return the key of the run of a row of the table, as hex digits."""
        policies = json.loads(self.meta("policies", "[]"))
        if policy not in policies:
            return None
        asked = (
            "SELECT LOWER(HEX(key)) FROM plan JOIN runs USING (number) "
            "WHERE plan.point = ? AND plan.policy = ? AND plan.replication = ?"
        )
        row = self._db.execute(asked, (point, policies.index(policy), replication)).fetchone()
        return None if row is None else str(row[0])

    def speed(self) -> tuple[int, float]:
        """Return how many planned runs have a time, and the seconds that they took together."""
        asked = "SELECT COUNT(seconds), COALESCE(SUM(seconds), 0) FROM runs WHERE state = 'done' AND planned = 1"
        count, total = self._db.execute(asked).fetchone()
        return int(count), float(total)

    def hosts(self) -> dict[str, int]:
        """Return how many planned runs each host has done."""
        asked = "SELECT host, COUNT(*) FROM runs WHERE state = 'done' AND planned = 1 GROUP BY host ORDER BY host"
        return dict(self._db.execute(asked))


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of at most ``size`` items."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
