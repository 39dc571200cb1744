"""Work in a process of its own: its memory is its own, and if it fails the others go on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Row

ROOT = Path(__file__).resolve().parents[1]


class FailedError(RuntimeError):
    """A process did not end well; the message says how, ``rows`` are those that it had emitted."""

    def __init__(self, message: str, rows: list[Row]) -> None:
        super().__init__(message)
        self.rows = rows


def rows_of(module: str, arguments: Sequence[str] = (), python: str = sys.executable) -> list[Row]:
    """Return the rows that ``python -m benchmarks.<module>`` emits; what it says to stderr is passed on.

    Raises
    ------
    FailedError
        If it ends badly.
    """
    asked = [python, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(asked, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(), check=False)
    rows = [Row(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0:
        how = f"killed by signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}"
        raise FailedError(f"{module} {' '.join(arguments)}: {how}", rows)
    return rows


def environment() -> dict[str, str]:
    """Return the environment of a measured process: this source, one thread for numeric libraries."""
    return os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
