"""Chunks in processes of this machine. A process that dies is replaced, and its chunks are handed out again."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from wom_sim.study.execute_here import Died, Event, ExecutionError, Finished, marked
from wom_sim.study.queue import Job
from wom_sim.study.worker_process import read_message, write_message
from wom_sim.words.said import Said

_MOST_STILLBORN = 3
"""Workers in a row that may die before they have finished anything and without having begun a run."""


class _Process:
    """A worker process, and the thread that listens to it."""

    def __init__(self, number: int, first: dict[str, Any], events: queue.SimpleQueue[Any]) -> None:
        self.number = number
        self.jobs: deque[Job] = deque()
        start = f"import sys; sys.path[:] = {first['path']!r}; from wom_sim.study.worker_process import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        threading.Thread(target=self._listen, args=(events,), daemon=True).start()
        self.send(first)

    def send(self, message: Any) -> None:
        """Send a message; that the process is dead is noticed by who listens."""
        assert self.process.stdin is not None
        with suppress(OSError):
            write_message(self.process.stdin, message)

    def _listen(self, events: queue.SimpleQueue[Any]) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                events.put((self, read_message(self.process.stdout)))
        except (EOFError, OSError, ValueError):
            self.process.wait()
            events.put((self, None))

    def end(self, kill: bool) -> None:
        """Close its input, so that it ends; or kill it."""
        if kill:
            self.process.kill()
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()


class InProcesses:
    """A pool of processes."""

    def __init__(self, workers: int, noted: Path) -> None:
        self._noted = noted
        self._threads = max(1, (os.cpu_count() or 1) // workers)
        self._events: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._stillborn = 0
        self.deaths = 0
        self._pool = [self._new(number) for number in range(workers)]

    def _new(self, number: int) -> _Process:
        first = {"path": sys.path, "number": number, "noted": str(self._noted), "threads": self._threads}
        return _Process(number, first, self._events)

    @property
    def pids(self) -> list[int]:
        """Return the process ids of the workers."""
        return [worker.process.pid for worker in self._pool]

    def free(self, depth: int) -> Iterator[Hashable]:
        """Yield a worker for each job that can be started."""
        for held in range(depth):
            yield from (worker.number for worker in self._pool if len(worker.jobs) == held)

    def start(self, worker: Hashable, job: Job) -> None:
        """Hand a job to a process."""
        assert isinstance(worker, int)
        self._pool[worker].jobs.append(job)
        self._pool[worker].send(job.chunk)

    def wait(self, seconds: float) -> list[Event]:
        """Return what has happened."""
        found: list[Event] = []
        try:
            event = self._events.get(timeout=seconds)
            while True:
                found += self._heard(*event)
                event = self._events.get_nowait()
        except queue.Empty:
            return found

    def _heard(self, worker: _Process, message: tuple[str, Any] | None) -> list[Event]:
        """Return the events that a message means; None is the last message of a process."""
        if message is None:
            return self._buried(worker)
        kind, content = message
        if kind == "broken":
            raise ExecutionError(f"a worker cannot go on:\n{content}")
        self._stillborn = 0
        return [Finished(worker.number, worker.jobs.popleft(), content)]

    def _buried(self, worker: _Process) -> list[Event]:
        """Replace a process that is dead."""
        self.deaths += 1
        at = marked(self._noted, worker.number)
        how = _how(worker.process.returncode)
        self._stillborn = 0 if at else self._stillborn + 1
        if self._stillborn >= _MOST_STILLBORN * len(self._pool):
            raise ExecutionError(f"workers die before they begin a run ({how})")
        worker.end(kill=False)
        with self._noted.open("r+b") as file:
            file.seek(8 * worker.number)
            file.write(bytes(8))
        self._pool[worker.number] = self._new(worker.number)
        return [Died(worker.number, job, at, how) for job in worker.jobs]

    def close(self, kill: bool) -> None:
        """Let the processes go."""
        for worker in self._pool:
            worker.end(kill)
        for worker in self._pool:
            try:
                worker.process.wait(timeout=10.0)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()


def _how(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return Said("step.how.status", code=str(code))
    try:
        return Said("step.how.signal", signal=signal.Signals(-code).name)
    except ValueError:
        return Said("step.how.number", number=str(-code))
