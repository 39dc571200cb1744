"""Chunks on a Dask cluster. Nothing is gathered: each result is taken when it comes, and let go of.

A worker that dies is Dask's business: its chunks run elsewhere. A chunk that has taken several workers with it is run
again one by one, and the run that takes another worker with it is given up.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Hashable, Iterator
from typing import Any

from wom_sim.study.execute_here import Died, Event, ExecutionError, Finished
from wom_sim.study.manifest import MOST_ATTEMPTS
from wom_sim.study.queue import Job
from wom_sim.study.work import perform

_PATIENCE = 60.0
"""Seconds to wait for a worker to join (again) before giving up."""
_LOOK = 1.0


class OnDask:
    """The workers of a Dask scheduler at ``address``."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ExecutionError("Dask is not installed; pip install 'wom_sim[cluster]'") from None
        try:
            self._client = Client(address, timeout=10, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ExecutionError(f"no Dask scheduler answers at {address}: {error}") from None
        self._address = address
        self._futures: dict[str, tuple[Hashable, Job, Any]] = {}
        self._held: dict[str, int] = {}
        self._threads: dict[str, int] = {}
        self._events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._looked = self._seen = time.monotonic()
        self._look()

    def _look(self) -> None:
        """See which workers there are."""
        try:
            known = self._client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TimeoutError, KeyError):
            known = {}
        self._threads = {address: int(about["nthreads"]) for address, about in known.items()}
        self._looked = time.monotonic()
        if self._threads:
            self._seen = self._looked

    def free(self, depth: int) -> Iterator[Hashable]:
        """Yield a worker for each job that can be started."""
        for held in range(depth):
            for address, threads in list(self._threads.items()):
                for _ in range(max(0, threads * (held + 1) - self._held.get(address, 0))):
                    yield address

    def start(self, worker: Hashable, job: Job) -> None:
        """Hand a job to the cluster, best to this worker."""
        address = str(worker)
        future = self._client.submit(perform, job.chunk, workers=[address], allow_other_workers=True, pure=False)
        self._futures[str(future.key)] = (worker, job, future)
        self._held[address] = self._held.get(address, 0) + 1
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
            self._look()
            self._check()
        return found

    def _check(self) -> None:
        if self._client.status not in ("running", "connecting"):
            raise ExecutionError(self._lost())
        if time.monotonic() - self._seen > _PATIENCE:
            raise ExecutionError(f"no worker has been there at {self._address} for {_PATIENCE:.0f} s")

    def _lost(self) -> str:
        return f"the Dask scheduler at {self._address} is gone"

    def _ended(self, key: str) -> list[Event]:
        from distributed import KilledWorker

        worker, job, future = self._futures.pop(key)
        self._held[str(worker)] -= 1
        if future.status == "finished":
            try:
                return [Finished(worker, job, future.result())]
            except (OSError, TimeoutError) as lost:
                raise ExecutionError(self._lost()) from lost
        if future.status != "error":
            raise ExecutionError(self._lost())
        error = future.exception()
        if not isinstance(error, KilledWorker):
            raise ExecutionError(str(error)) from error
        alone = job.runs[0].number if len(job.runs) == 1 else 0
        return [Died(worker, job, alone, "took several workers of the cluster with it", MOST_ATTEMPTS)]

    def close(self, kill: bool) -> None:
        """Let the cluster go; it is not ours to end."""
        if kill:
            self._client.cancel([future for _, _, future in self._futures.values()])
        self._client.close(timeout=5)
