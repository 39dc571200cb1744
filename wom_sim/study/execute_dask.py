"""Chunks on a Dask cluster. Nothing is gathered: each result is taken when it comes, and let go of.

Each chunk is bound to one worker. When that worker is gone, the chunk is called back and handed out again by us, so it
is we who count, whatever the cluster allows. (Left to Dask, a chunk that only prefers a worker is never run again once
all workers have gone and others have come: the scheduler then waits for the one that was preferred.)

Which run of a chunk took a worker with it is not known. So the runs of such a chunk are run again one by one, each
alone on its worker, and a run during which three workers are lost is given up.
"""

from __future__ import annotations

import queue
import socket
import time
from collections import deque
from collections.abc import Hashable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

from wom_sim._extras import missing
from wom_sim.study.chunk import perform
from wom_sim.study.execute_here import Died, Event, ExecutionError, Finished
from wom_sim.study.queue import Job
from wom_sim.words.said import Said

_PATIENCE = 60.0
"""Seconds to wait for a worker that works, or for the scheduler to answer, before giving up."""
_LOOK = 1.0
_ANSWER = 10.0
"""Seconds within which scheduler and workers answer a question."""
_LOST = Said("step.how.lost")


class _Worker:
    """A process of the cluster: jobs that it was sent, in order, and those that are held back from it."""

    def __init__(self, address: str, threads: int, seen: float) -> None:
        self.address, self.threads = address, threads
        self.sent: dict[str, tuple[Job, Any]] = {}
        self.held: deque[Job] = deque()
        self.works, self.beat, self.seen = True, 0.0, seen

    @property
    def jobs(self) -> int:
        """Return how many jobs it has."""
        return len(self.sent) + len(self.held)

    def may_have(self, job: Job) -> bool:
        """Whether a job can be sent now: what has lost a worker before is alone on its worker."""
        return not self.sent or not (_suspect(job) or any(_suspect(sent) for sent, _ in self.sent.values()))

    def lost(self) -> list[tuple[Job, bool]]:
        """Return each job that is lost with it, and whether it may have been begun."""
        sent = [(job, number < self.threads) for number, (job, _) in enumerate(self.sent.values())]
        return sent + [(job, False) for job in self.held]


def _suspect(job: Job) -> bool:
    """Whether a run of this job has lost a worker, or may have."""
    return any(run.attempts for run in job.runs)


class OnDask:
    """The workers of a Dask scheduler at ``address``."""

    def __init__(self, address: str) -> None:
        self._client = _connected(address)
        self._address = address
        self._workers: dict[str, _Worker] = {}
        self._places: dict[str, str] = {}
        self._events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._silent: dict[str, float] = {}
        self._looked, self._watched = time.monotonic(), 0.0
        self._answered = self._worked = self._watched
        self._look()

    # -- who is there ------------------------------------------------------------------------------------------

    def _watch(self) -> float:
        """Return the seconds watched so far. While this process stands still itself, it sees no sign of life."""
        now = time.monotonic()
        self._watched += min(now - self._looked, 2 * _ANSWER)
        self._looked = now
        return self._watched

    def _look(self) -> list[Event]:
        """See which workers there are; return what is lost with those that are gone.

        Who has been silent for too long is gone, and no worker again before there is another sign of life.
        """
        self._watch()
        try:
            scheduler: Any = self._client.scheduler
            known = self._client.sync(scheduler.identity, callback_timeout=_ANSWER)["workers"]
        except (OSError, TimeoutError, CancelledError, RuntimeError):  # it may be back soon; see ``_check``
            return []
        now = self._answered = self._watch()
        there = {f"{address} {about['local_directory']}": (address, about) for address, about in known.items()}
        self._silent = {name: beat for name, beat in self._silent.items() if name in there}
        for name, (address, about) in there.items():
            if self._silent.get(name) == about["last_seen"]:
                continue
            self._silent.pop(name, None)
            worker = self._workers.setdefault(name, _Worker(address, int(about["nthreads"]), now))
            is_alive, worker.beat = about["last_seen"] != worker.beat, about["last_seen"]
            worker.works = about["status"] == "running"
            if worker.works and is_alive:
                worker.seen = self._worked = now
        gone = [n for n, worker in self._workers.items() if n not in there or now - worker.seen > _PATIENCE]
        return [event for name in gone for event in self._gone(name)]

    def _gone(self, name: str) -> list[Event]:
        """Call back what a worker had. It is known by its folder as well: another may come at the same address."""
        worker = self._workers.pop(name)
        self._silent[name] = worker.beat
        lost = worker.lost()
        begun = sum(was for _, was in lost)
        for key in worker.sent:
            self._places.pop(key, None)
        with suppress(OSError, TimeoutError, RuntimeError):
            self._client.cancel([future for _, future in worker.sent.values()])
        return [_died(name, job, was, begun) for job, was in lost]

    def _check(self) -> None:
        """Raise ExecutionError if there is nothing to wait for."""
        now = self._watch()
        if self._client.status not in ("running", "connecting"):
            raise ExecutionError(self._without_scheduler())
        if now - self._answered > _PATIENCE:
            raise ExecutionError(f"the Dask scheduler at {self._address} has not answered for {_PATIENCE:.0f} s")
        if now - self._worked > _PATIENCE:
            raise ExecutionError(f"no worker has been at work at {self._address} for {_PATIENCE:.0f} s")

    def _without_scheduler(self) -> str:
        return f"the Dask scheduler at {self._address} is gone"

    # -- jobs --------------------------------------------------------------------------------------------------

    def free(self, depth: int) -> Iterator[Hashable]:
        """Yield a worker for each job that can be started."""
        for held in range(depth):
            for name, worker in list(self._workers.items()):
                for _ in range(max(0, worker.threads * (held + 1) - worker.jobs) if worker.works else 0):
                    yield name

    def start(self, worker: Hashable, job: Job) -> None:
        """Hand a job to a worker."""
        self._workers[str(worker)].held.append(job)
        self._send(str(worker))

    def _send(self, name: str) -> None:
        """Send a worker what it may have of the jobs that are held back from it."""
        worker = self._workers[name]
        while worker.held and worker.may_have(worker.held[0]):
            job = worker.held.popleft()
            try:
                future = self._client.submit(perform, job.chunk, workers=[worker.address], pure=False)
            except Exception as error:  # of the client, when it has no scheduler any more
                raise ExecutionError(f"{self._without_scheduler()} ({error})") from error
            worker.sent[str(future.key)] = (job, future)
            self._places[str(future.key)] = name
            future.add_done_callback(lambda done: self._events.put(str(done.key)))

    def wait(self, seconds: float) -> list[Event]:
        """Return what has happened."""
        found: list[Event] = []
        try:
            key = self._events.get(timeout=seconds)
            while True:
                found += self._ended(key)
                key = self._events.get_nowait()
        except queue.Empty:
            pass
        if time.monotonic() - self._looked > _LOOK:
            found += self._look()
            self._check()
        return found

    def _ended(self, key: str) -> list[Event]:
        """Return the event that the end of a future means; none if its worker is known to be gone."""
        name = self._places.pop(key, None)
        if name is None:
            return []
        job, future = self._workers[name].sent.pop(key)
        found = self._came(name, job, future)
        self._send(name)
        return [found]

    def _came(self, name: str, job: Job, future: Any) -> Event:
        from distributed import KilledWorker

        if future.status == "cancelled":
            raise ExecutionError(self._without_scheduler())
        if future.status == "error":
            error = future.exception(timeout=_ANSWER)
            if isinstance(error, KilledWorker):  # as the cluster allows no failure at all
                return _died(name, job, True, 1)
            raise ExecutionError(f"a worker cannot go on: {error}") from error
        try:
            if future.status == "finished":
                return Finished(name, job, future.result(timeout=_ANSWER))
        except CancelledError as lost:
            raise ExecutionError(self._without_scheduler()) from lost
        except (OSError, TimeoutError):
            pass  # done, but gone with its worker before it came
        with suppress(OSError, TimeoutError, RuntimeError):
            self._client.cancel([future])
        return _died(name, job, False, 0)

    def close(self, kill: bool) -> None:
        """Let the cluster go; it is not ours to end."""
        with suppress(OSError, TimeoutError, RuntimeError):
            if kill:
                self._client.cancel([future for w in self._workers.values() for _, future in w.sent.values()])
            self._client.close(timeout=5)


def _connected(address: str) -> Any:
    """Return a client of the scheduler at an address; one that is there but busy is given time to answer."""
    try:
        from distributed import Client
    except ImportError:
        raise ExecutionError(missing("distributed")) from None
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            return Client(address, timeout=_ANSWER, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            if time.monotonic() > ends or not _is_heard(address):
                raise ExecutionError(f"no Dask scheduler answers at {address}: {error}") from None


def _is_heard(address: str) -> bool:
    """Whether somebody takes calls at an address."""
    from distributed.comm import get_address_host_port

    try:
        with socket.create_connection(get_address_host_port(address, strict=True), timeout=_ANSWER):
            return True
    except (OSError, ValueError):
        return False


def _died(worker: str, job: Job, was_begun: bool, begun: int) -> Died:
    """Return the loss of a job; ``begun``: how many jobs may have been under way on its worker."""
    if not was_begun:
        return Died(worker, job, 0, _LOST)
    known = begun == 1 and len(job.runs) == 1
    return Died(worker, job, job.runs[0].number if known else 0, _LOST, apart=not known)
