"""The manifest of a study: which runs there are, what has become of each, and in which part its result lies.

One SQLite file, written by one process. A run is ``done`` only in the transaction that lists the part which holds its
result, so what the manifest says is on disk, is.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim.study.database import is_sound
from wom_sim.study.runs import Planned

FORMAT = "1"
MOST_ATTEMPTS = 3
"""Times that a run may take its worker with it before it is given up."""
_PAGE = 2000
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS points (point INTEGER PRIMARY KEY, cells TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS worlds (world INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS runs (
    number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, world INTEGER NOT NULL, point INTEGER NOT NULL,
    policy TEXT NOT NULL, replication INTEGER NOT NULL, planned INTEGER NOT NULL DEFAULT 1,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0, host TEXT, seconds REAL, error TEXT, part INTEGER, place INTEGER,
    CHECK ((state = 'done') = (part IS NOT NULL))
);
CREATE INDEX IF NOT EXISTS due ON runs (world, number) WHERE state = 'pending' AND planned = 1;
CREATE TABLE IF NOT EXISTS plan (
    point INTEGER NOT NULL, policy INTEGER NOT NULL, replication INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (point, policy, replication)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS parts (part INTEGER PRIMARY KEY, rows INTEGER NOT NULL, sha256 TEXT);
"""
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


class Manifest:
    """The manifest in ``path``; ``writable`` makes it if it is not there."""

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        if writable:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60.0)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.executescript(_TABLES)
            self._db.execute("INSERT OR IGNORE INTO meta VALUES ('format', ?)", (FORMAT,))
            if not self._notes_hashes():
                self._db.execute("ALTER TABLE parts ADD COLUMN sha256 TEXT")
        else:
            uri = f"{path.resolve().as_uri()}?mode=ro"
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=60.0)

    def close(self) -> None:
        """Close it."""
        self._db.close()

    def _notes_hashes(self) -> bool:
        """Whether the hash of a part is noted; an earlier version did not."""
        return any(row[1] == "sha256" for row in self._db.execute("PRAGMA table_info(parts)"))

    def is_sound(self) -> bool:
        """Whether the file can be read from end to end."""
        return is_sound(self._db)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Do all that follows, or nothing of it. Raises OSError if it cannot be written, such as on a full disk."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):  # where the disk is full, SQLite may have rolled back by itself
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                number = errno.ENOSPC if "full" in str(error) else errno.EIO
                raise OSError(number, f"the manifest cannot be written: {error}") from error
            raise

    # -- plan --------------------------------------------------------------------------------------------------

    def set_plan(
        self,
        rows: Iterable[Planned],
        policies: tuple[str, ...],
        points: Iterable[tuple[Any, ...]],
        meta: dict[str, str],
    ) -> None:
        """Put a plan in the place of the former one, as a whole or not at all. What is done stays done.

        ``policies``: their names by number; ``points``: the cells of each; ``meta``: what else is to be kept.
        """
        with self._transaction() as db:
            db.execute("DELETE FROM plan")
            db.execute("DELETE FROM points")
            db.execute("UPDATE runs SET planned = 0")
            db.executemany("INSERT INTO points VALUES (?, ?)", ((n, json.dumps(c)) for n, c in enumerate(points)))
            for batch in _batches(rows, _PAGE):
                self._add_batch(batch, policies)
            db.execute("DELETE FROM runs WHERE planned = 0 AND state = 'pending'")
            said = meta | {"policies": json.dumps(policies)}
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", said.items())

    def _add_batch(self, batch: list[Planned], policies: tuple[str, ...]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO worlds (key) VALUES (?)", {(row.world,) for row in batch})
        self._db.executemany(
            "INSERT INTO runs (key, world, point, policy, replication) "
            "VALUES (?, (SELECT world FROM worlds WHERE key = ?), ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "planned = 1, point = excluded.point, policy = excluded.policy, replication = excluded.replication "
            "WHERE planned = 0",
            ((row.key, row.world, row.point, policies[row.policy], row.replication) for row in batch),
        )
        self._db.executemany(
            "INSERT INTO plan SELECT ?, ?, ?, number FROM runs WHERE key = ?",
            ((row.point, row.policy, row.replication, row.key) for row in batch),
        )

    def meta(self, name: str, default: str = "") -> str:
        """Return what is kept under a name."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    def set_meta(self, **said: str) -> None:
        """Keep something under a name."""
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", said.items())

    def counts(self) -> Counts:
        """Return how many runs there are, by state."""
        found = dict(self._db.execute("SELECT state, COUNT(*) FROM runs WHERE planned = 1 GROUP BY state"))
        rows = self._db.execute("SELECT COUNT(*) FROM plan").fetchone()[0]
        aside = self._db.execute("SELECT COUNT(*) FROM runs WHERE planned = 0").fetchone()[0]
        return Counts(rows, found.get("done", 0), found.get("pending", 0), found.get("failed", 0), aside)

    # -- what is to be done ------------------------------------------------------------------------------------

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
                (world, last, _PAGE),
            ).fetchall()
            if not page:
                return
            last = page[-1][0]
            yield from (Due(*row) for row in page)

    # -- what was done -----------------------------------------------------------------------------------------

    def acknowledge(
        self, part: int | None, done: list[Outcome], failed: list[Outcome], sha256: str | None = None
    ) -> None:
        """List a part, and note in the same transaction what became of its runs, and of those that failed."""
        with self._transaction() as db:
            if part is not None:
                db.execute("INSERT INTO parts (part, rows, sha256) VALUES (?, ?, ?)", (part, len(done), sha256))
            db.executemany(
                "UPDATE runs SET state = 'done', part = ?, place = ?, seconds = ?, host = ?, error = NULL, "
                "attempts = attempts + 1 WHERE number = ? AND state != 'done'",
                ((part, place, o.seconds, o.host, o.number) for place, o in enumerate(done)),
            )
            db.executemany(
                "UPDATE runs SET state = 'failed', seconds = ?, host = ?, error = ?, attempts = attempts + 1 "
                "WHERE number = ? AND state = 'pending'",
                ((o.seconds, o.host, o.error, o.number) for o in failed),
            )

    def worker_died(self, numbers: Iterable[int], words: str) -> list[int]:
        """Count an attempt of runs whose worker died; return those that are given up, with ``words`` as error."""
        listed = list(numbers)
        marks = ",".join("?" * len(listed))
        these = f"number IN ({marks}) AND state = 'pending'"
        with self._transaction() as db:
            db.execute(f"UPDATE runs SET attempts = attempts + 1 WHERE {these}", listed)
            found = db.execute(f"SELECT number FROM runs WHERE {these} AND attempts >= ?", (*listed, MOST_ATTEMPTS))
            gone = [number for (number,) in found.fetchall()]
            db.executemany("UPDATE runs SET state = 'failed', error = ? WHERE number = ?", ((words, n) for n in gone))
        return gone

    def retry_failed(self) -> int:
        """Make failed runs of the plan pending again; return how many."""
        asked = "UPDATE runs SET state = 'pending', attempts = 0, error = NULL WHERE state = 'failed' AND planned = 1"
        return self._db.execute(asked).rowcount

    # -- what there is -----------------------------------------------------------------------------------------

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

    def lose(self, part: int) -> int:
        """Take a part off the list and make its runs pending again; return how many of them are planned."""
        with self._transaction() as db:
            planned = db.execute("SELECT COUNT(*) FROM runs WHERE part = ? AND planned = 1", (part,)).fetchone()[0]
            db.execute(
                "UPDATE runs SET state = 'pending', part = NULL, place = NULL, seconds = NULL, host = NULL, "
                "attempts = 0 WHERE part = ?",
                (part,),
            )
            db.execute("DELETE FROM runs WHERE planned = 0 AND state = 'pending'")
            db.execute("DELETE FROM parts WHERE part = ?", (part,))
        return int(planned)

    def adopt(self, part: int, keys: list[bytes], sha256: str) -> int:
        """List a part that is there, and note as done the planned runs whose results it holds; return how many."""
        with self._transaction() as db:
            db.execute("INSERT INTO parts (part, rows, sha256) VALUES (?, ?, ?)", (part, len(keys), sha256))
            asked = "UPDATE runs SET state = 'done', part = ?, place = ?, host = '' WHERE key = ? AND state != 'done'"
            return sum(db.execute(asked, (part, place, key)).rowcount for place, key in enumerate(keys))

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
        for batch in _batches(keys, 500):
            marks = ",".join("?" * len(batch))
            asked = f"SELECT key, number FROM runs WHERE key IN ({marks}) AND planned = 1 AND state != 'done'"
            found.update({bytes(key): number for key, number in self._db.execute(asked, batch)})
        return found

    def copy_states(self, former: Manifest) -> None:
        """Note of each run what another manifest says has become of it; results are not copied. For a look ahead."""
        found = former._db.execute("SELECT key, state FROM runs WHERE state != 'pending'")
        asked = "UPDATE runs SET state = ?, part = CASE ? WHEN 'done' THEN 0 END WHERE key = ?"
        with self._transaction() as db:
            while block := found.fetchmany(_PAGE):
                db.executemany(asked, ((state, state, key) for key, state in block))

    def count_planned(self, keys: list[bytes]) -> int:
        """Return how many of ``keys`` are in the plan."""
        found = 0
        for batch in _batches(keys, 500):
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


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of at most ``size`` items."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
