"""Databases of SQLite as files: which files one has, and whether it can be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def files_of(name: str) -> list[str]:
    """Return the names of the files that a database may have.

    >>> files_of("runs.sqlite")
    ['runs.sqlite', 'runs.sqlite-wal', 'runs.sqlite-shm', 'runs.sqlite-journal']
    """
    return [f"{name}{end}" for end in ("", "-wal", "-shm", "-journal")]


def remove(path: Path) -> None:
    """Remove a database, with all of its files."""
    for name in files_of(path.name):
        path.with_name(name).unlink(missing_ok=True)


def is_sound(base: sqlite3.Connection) -> bool:
    """Whether a database can be read from end to end. Raises sqlite3.DatabaseError where it is none."""
    return bool(base.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def is_sound_file(path: Path) -> bool:
    """Whether a file is a database that can be read from end to end."""
    try:
        base = sqlite3.connect(path)
        try:
            return is_sound(base)
        finally:
            base.close()
    except sqlite3.DatabaseError:
        return False
