"""The loop of a runner: hands out jobs, takes results, writes them down, and ends in order when it is asked to."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from wom_sim.results.version import plugins_version
from wom_sim.study.chunk import as_text
from wom_sim.study.execute_here import Died, Event, Execution, Finished
from wom_sim.study.folder import Store
from wom_sim.study.loading import Study
from wom_sim.study.manifest_queries import Outcome
from wom_sim.study.queue import Queue
from wom_sim.words.said import OfPolicy, Said

Progress = Callable[[int, int, str], None]
"""Called with (runs done, runs in all, what happens now)."""
_TICK = 0.25


class Stop:
    """Whether the user has asked to end; ``now``: twice."""

    def __init__(self) -> None:
        self.asked = self.now = False
        self.began: dict[int, Any] = {}

    def ask(self, *_: Any) -> None:
        """Note that the user asks."""
        self.now = self.asked
        self.asked = True


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn Ctrl-C and SIGTERM into a wish to end, for as long as this lasts; in the main thread only."""
    stop = Stop()
    former: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for asked in (signal.SIGINT, signal.SIGTERM):
            former[asked] = signal.signal(asked, stop.ask)
    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def work_off(store: Store, study: Study, workers: Execution, most_worlds: int, tell: Progress) -> bool:
    """Do what is to be done; return whether all of it was, False if the user has ended it.

    What has come is acknowledged whatever happens.

    Raises
    ------
    ExecutionError
        If the workers cannot go on.
    OSError
        If results cannot be written.
    """
    at = lru_cache(maxsize=4)(study.at)
    scenario = lru_cache(maxsize=512)(lambda point: as_text(at(point)))
    plugins = lru_cache(maxsize=512)(lambda point: plugins_version(at(point)))
    queue = Queue(store.manifest, scenario, most_worlds, plugins)
    counts = store.manifest.counts()
    loop = _Loop(store, queue, (counts.done + counts.failed, counts.runs), tell)
    kill = True
    with stoppable() as stop:
        try:
            complete = loop.run(workers, stop)
            kill = stop.now
        finally:
            workers.close(kill)
    return complete


class _Loop:
    """One pass over what is due."""

    def __init__(self, store: Store, queue: Queue, counts: tuple[int, int], tell: Progress) -> None:
        self._store, self._queue, self._tell = store, queue, tell
        self._done, self._all = counts
        self._out = 0
        self._said, self._held_back = -_TICK, ""

    def run(self, workers: Execution, stop: Stop) -> bool:
        """Hand out and take back until nothing is left; False if ended before."""
        self._say(Said("step.start"))
        try:
            while not stop.now:
                more = not stop.asked and self._hand_out(workers)
                if not self._out and not more:
                    break
                if stop.asked or not self._out:
                    self._say(Said("step.finishing" if stop.asked else "step.waiting"))
                for event in workers.wait(_TICK):
                    self._out -= 1
                    self._take(event)
                if self._held_back:
                    self._say(self._held_back)
                self._store.flush_if_due()
        finally:
            self._store.flush()
        return not stop.asked

    def _hand_out(self, workers: Execution) -> bool:
        """Give every free worker a job; return whether there may be more to hand out, when a worker is free."""
        for worker in workers.free(self._queue.depth):
            job = self._queue.next_job(worker)
            if job is None:
                return False
            self._out += 1
            workers.start(worker, job)
        return True

    def _take(self, event: Event) -> None:
        if isinstance(event, Finished):
            self._finished(event)
        else:
            self._died(event)

    def _finished(self, event: Finished) -> None:
        done, job = event.done, event.job
        for n, due in enumerate(job.runs):
            outcome = Outcome(due.number, float(done.seconds[n]), done.host, done.errors.get(n))
            self._store.add(outcome, due.key, done.values[n])
        self._queue.finished(job, float(done.seconds.sum()))
        self._done += len(job.runs)
        last = job.runs[-1]
        self._say(Said("step.point", point=last.point, policy=OfPolicy(last.policy)))

    def _died(self, event: Died) -> None:
        """Hand out again what a dead worker had; count an attempt of the run that it was at."""
        runs = event.job.runs
        given_up: list[int] = []
        was_here = any(run.number == event.at for run in runs)  # a worker may hold a second job
        if event.at and was_here:
            words = f"the worker {event.how} during this run, three times; it was given up"
            given_up = self._store.manifest.worker_died([event.at], words)
        again = [
            run._replace(attempts=run.attempts + (run.number == event.at or event.apart))
            for run in runs
            if run.number not in given_up
        ]
        self._done += len(given_up)
        self._queue.give_back(event.job, again)
        self._queue.gone(event.worker)
        if was_here or not event.at:
            self._say(Said("step.again", how=event.how), at_once=True)

    def _say(self, words: str, at_once: bool = False) -> None:
        """Tell how far it is, once a tick at most; what is held back is told when the tick is over."""
        now = time.monotonic()
        if at_once or now - self._said > _TICK or self._done == self._all:
            self._said, self._held_back = now, ""
            self._tell(self._done, self._all, words)
        else:
            self._held_back = words
