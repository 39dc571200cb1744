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
from typing import Any

from wom_sim.study.manifest_queries import PAGE, ManifestQueries, Outcome, batches
from wom_sim.study.runs import Planned

FORMAT = "1"
MOST_ATTEMPTS = 3
"""Times that a run may take its worker with it before it is given up."""
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


class Manifest(ManifestQueries):
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
            for batch in batches(rows, PAGE):
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

    def set_meta(self, **said: str) -> None:
        """Keep something under a name."""
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", said.items())

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

    def copy_states(self, former: Manifest) -> None:
        """Note of each run what another manifest says has become of it; results are not copied. For a look ahead."""
        found = former._db.execute("SELECT key, state FROM runs WHERE state != 'pending'")
        asked = "UPDATE runs SET state = ?, part = CASE ? WHEN 'done' THEN 0 END WHERE key = ?"
        with self._transaction() as db:
            while block := found.fetchmany(PAGE):
                db.executemany(asked, ((state, state, key) for key, state in block))
