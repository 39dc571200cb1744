"""A measured row, what a piece of work took, and the memory that a process has had at most."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A figure: what was done, on how many people, how often, and what the median run took.

    ``count`` is how many of ``unit`` a run dealt with, ``spread`` its standard deviation over the runs; ``limit`` is
    the CPU time of the run as a multiple of what the machine needs for the reads alone. None is "does not apply".
    """

    part: str
    what: str
    people: int | None = None
    runs: int | None = None
    cpu: float | None = None
    wall: float | None = None
    count: float | None = None
    unit: str = ""
    peak: float | None = None
    spread: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def each(self) -> float | None:
        """Return CPU nanoseconds for each thing dealt with."""
        if self.cpu is None or not self.count:
            return None
        return 1e9 * self.cpu / self.count


class Spent:
    """What the body of a ``with`` took: ``cpu`` and ``wall`` in seconds, all threads of this process together."""

    cpu = wall = 0.0

    def __enter__(self) -> Spent:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu, self.wall = time.process_time() - self._cpu, time.perf_counter() - self._wall


def medians(spent: Iterable[Spent]) -> tuple[float, float]:
    """Return the median CPU seconds and the median wall seconds."""
    listed = list(spent)
    return statistics.median(s.cpu for s in listed), statistics.median(s.wall for s in listed)


def peak_memory() -> float:
    """Return the most memory that this process has had, in GiB.

    The system's own figure for a process counts the process that started it as well, so /proc is asked first.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**30 if sys.platform == "darwin" else 2**20)


def emit(rows: Iterable[Row]) -> None:
    """Print rows as lines of JSON as they come, for the process that asked."""
    for row in rows:
        print(json.dumps(asdict(row)), flush=True)


def tell(words: str) -> None:
    """Say how far the work is, beside the output."""
    print(f"  {words}", file=sys.stderr, flush=True)
