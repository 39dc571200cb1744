"""Chunks in threads of this process, which share people and ties. What every kind of execution has in common."""

from __future__ import annotations

import mmap
import queue
import struct
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from wom_sim.study.chunk import Done, perform
from wom_sim.study.keeper import Keeper
from wom_sim.study.queue import Job


class ExecutionError(RuntimeError):
    """Runs cannot go on as asked; the message says why. What is acknowledged is kept."""


class Finished(NamedTuple):
    """A job is done."""

    worker: Hashable
    job: Job
    done: Done


class Died(NamedTuple):
    """The worker of a job is gone. ``at``: the number of the run that it was at, 0 if none or if nobody knows.

    ``apart``: it was at one of the job's runs, nobody knows which; so each is to be run by itself.
    """

    worker: Hashable
    job: Job
    at: int
    how: str
    apart: bool = False


Event = Finished | Died


class Execution(Protocol):
    """Workers, wherever they are."""

    def free(self, depth: int) -> Iterator[Hashable]:
        """Yield a worker for each job that can be started, when each is to hold ``depth`` jobs."""

    def start(self, worker: Hashable, job: Job) -> None:
        """Hand a job to a worker."""

    def wait(self, seconds: float) -> list[Event]:
        """Return what has happened; wait so long for the first. Raises ExecutionError if runs cannot go on."""

    def close(self, kill: bool) -> None:
        """Let the workers go; ``kill``: even if they are at work."""


@contextmanager
def marks(path: Path | None, worker: int) -> Iterator[Callable[[int], None]]:
    """Give a function that records the current run of a worker in a file that outlives it."""
    if path is None:
        yield lambda number: None
        return
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as noted:
        offset = 8 * worker

        def mark(number: int) -> None:
            struct.pack_into("<q", noted, offset, number)

        yield mark


def marked(path: Path, worker: int) -> int:
    """Return the number of the run that a worker was at, 0 for none."""
    with path.open("rb") as file:
        file.seek(8 * worker)
        return int(struct.unpack("<q", file.read(8))[0])


class InThreads:
    """Threads of this process."""

    def __init__(self, workers: int, most_worlds: int, noted: Path | None) -> None:
        self._keeper = Keeper(most_worlds, threads=None if most_worlds == 1 else 1)
        self._jobs: list[queue.SimpleQueue[Job | None]] = [queue.SimpleQueue() for _ in range(workers)]
        self._held = [0] * workers
        self._events: queue.SimpleQueue[Finished | BaseException] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, args=(number, noted), daemon=True, name=f"worker {number}")
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def _work(self, number: int, noted: Path | None) -> None:
        try:
            with marks(noted, number) as mark:
                while (job := self._jobs[number].get()) is not None:
                    self._events.put(Finished(number, job, perform(job.chunk, mark, self._keeper)))
        except BaseException as error:  # a thread must not end in silence
            self._events.put(error)

    def free(self, depth: int) -> Iterator[Hashable]:
        """Yield a worker for each job that can be started."""
        for held in range(depth):
            yield from (number for number, jobs in enumerate(self._held) if jobs == held)

    def start(self, worker: Hashable, job: Job) -> None:
        """Hand a job to a thread."""
        assert isinstance(worker, int)
        self._held[worker] += 1
        self._jobs[worker].put(job)

    def wait(self, seconds: float) -> list[Event]:
        """Return what is done."""
        found: list[Event] = []
        try:
            event = self._events.get(timeout=seconds)
            while True:
                if isinstance(event, BaseException):
                    raise ExecutionError(f"a thread ended: {event}") from event
                assert isinstance(event.worker, int)
                self._held[event.worker] -= 1
                found.append(event)
                event = self._events.get_nowait()
        except queue.Empty:
            return found

    def close(self, kill: bool) -> None:
        """Let the threads end; they cannot be killed, but die with the process."""
        for jobs in self._jobs:
            if kill:
                while not jobs.empty():
                    jobs.get_nowait()
            jobs.put(None)
        if not kill:
            for thread in self._threads:
                thread.join()
