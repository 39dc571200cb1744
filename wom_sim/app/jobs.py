"""The queue: jobs of several users share a few child processes, and who has used least comes first.

A page has one job at a time: a newer one stops the one before. A job that nobody listens to is stopped as well, so that
closing a page ends its runs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any

from wom_sim.app.child import GRACE, WORK, ChildProcess, DiedError

Plain = dict[str, Any]
MOST_WAITING = 8
"""So many jobs may one user have in the queue and under way."""
_UNHEARD = 15.0
"""Seconds after which a job is stopped that nobody has begun to listen to."""
_KEPT = 200
"""So many jobs that are over are remembered, so that who asks late is told their end."""


class TooManyError(Exception):
    """A user has too many jobs waiting."""


@dataclass
class Job:
    """A job of a page of a user. ``about``: what the child is told; ``key``: of the result that it writes, if any.

    ``kept``: returns its events where another job has made the same result meanwhile, else None.
    """

    user: str
    page: str
    about: Plain
    key: str = ""
    name: str = field(default_factory=lambda: token_urlsafe(12))
    events: asyncio.Queue[Plain] = field(default_factory=asyncio.Queue)
    stopped: bool = False
    over: bool = False
    heard: bool = False
    made: float = field(default_factory=time.monotonic)
    ended: Callable[[Plain], None] = lambda event: None
    kept: Callable[[], list[Plain] | None] = lambda: None

    def put(self, event: Plain) -> None:
        """Hand an event to who listens; with the last one the job is over."""
        if self.over:
            return
        if event.get("last"):
            self.over = True
            self.ended(event)
        self.events.put_nowait(event)


class Jobs:
    """The jobs of a server. ``at_once``: child processes; ``seconds``: how long a job may take."""

    def __init__(self, at_once: int = 1, seconds: float = 900.0, work: str = WORK) -> None:
        self._seconds = seconds
        self._children = [ChildProcess(work) for _ in range(at_once)]
        self._free = list(self._children)
        self._waiting: list[Job] = []
        self._running: dict[str, tuple[Job, ChildProcess]] = {}
        self._known: dict[str, Job] = {}
        self._used: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pids(self) -> list[int]:
        """Return the ids of the child processes that are there."""
        return [child.pid for child in self._children if child.pid is not None]

    @property
    def running(self) -> int:
        """Return how many jobs are under way."""
        return len(self._running)

    def warm(self) -> None:
        """Start the first child before it is needed."""
        self._spawn(self._ready(self._children[0]))

    async def _ready(self, child: ChildProcess) -> None:
        if child in self._free:
            self._free.remove(child)
            with suppress(DiedError):
                await child.ready()
            self._free.append(child)
            self._next()

    def add(self, job: Job) -> None:
        """Put a job in the queue; an older one of the same page is stopped.

        Raises
        ------
        TooManyError
            If the user has too many.
        """
        for other in [*self._waiting, *(running for running, _ in self._running.values())]:
            if other.user == job.user and other.page == job.page:
                self.stop(other)
        mine = [j for j in [*self._waiting, *(r for r, _ in self._running.values())] if j.user == job.user]
        if len([j for j in mine if not j.stopped]) >= MOST_WAITING:
            raise TooManyError
        self._remember(job)
        self._waiting.append(job)
        self._spawn(self._unheard(job))
        self._next()

    def add_done(self, job: Job, events: list[Plain]) -> None:
        """Take a job whose events are there already."""
        self._remember(job)
        for event in events:
            job.put(event)

    def _remember(self, job: Job) -> None:
        self._known[job.name] = job
        for name in list(self._known)[: max(0, len(self._known) - _KEPT)]:
            if self._known[name].over:
                del self._known[name]

    def named(self, name: str, user: str) -> Job | None:
        """Return a job of a user, None if there is none."""
        job = self._known.get(name)
        return job if job is not None and job.user == user else None

    async def listen(self, job: Job) -> AsyncIterator[Plain]:
        """Yield the events of a job until it is over; where the listener leaves before, the job is stopped."""
        job.heard = True
        try:
            while True:
                event = await job.events.get()
                yield event
                if event.get("last"):
                    return
        finally:
            if not job.over:
                self.stop(job)

    def stop(self, job: Job) -> None:
        """Stop a job: at once where it waits, else as soon as its child looks, or by killing that."""
        if job.over or job.stopped:
            return
        job.stopped = True
        if job in self._waiting:
            self._waiting.remove(job)
            job.put({"event": "stopped", "last": True})
        elif job.name in self._running:
            self._spawn(self._stop_running(job, self._running[job.name][1]))

    async def _stop_running(self, job: Job, child: ChildProcess) -> None:
        await child.stop()
        await asyncio.sleep(GRACE)
        if not job.over and job.name in self._running:
            child.kill()

    async def _unheard(self, job: Job) -> None:
        await asyncio.sleep(_UNHEARD)
        if not job.heard:
            self.stop(job)

    def _next(self) -> None:
        """Give free children the jobs that are next: of the user with the least under way, then the least used."""
        while self._free:
            busy = {job.key for job, _ in self._running.values() if job.key}
            ready = [job for job in self._waiting if job.key not in busy]
            if not ready:
                return
            under_way = [job.user for job, _ in self._running.values()]
            job = min(ready, key=lambda j: (under_way.count(j.user), self._used.get(j.user, 0.0), j.made))
            self._waiting.remove(job)
            child = self._free.pop()
            self._running[job.name] = (job, child)
            self._spawn(self._run(job, child))

    async def _run(self, job: Job, child: ChildProcess) -> None:
        began = time.monotonic()
        try:
            for event in await asyncio.to_thread(job.kept) or ():
                job.put(event)
            if not job.over:
                await self._do(job, child)
        except TimeoutError:
            child.kill()
            job.put({"event": "refused", "key": "app.too_long", "last": True})
        except DiedError:
            job.put({"event": "stopped" if job.stopped else "died", "last": True})
        finally:
            spent = time.monotonic() - began
            self._used = {user: 0.9 * used for user, used in self._used.items() if used > 1e-3}
            self._used[job.user] = self._used.get(job.user, 0.0) + spent
            job.put({"event": "stopped", "last": True})
            self._running.pop(job.name, None)
            if child.pid is None:
                await child.close()
            self._free.append(child)
            self._next()

    async def _do(self, job: Job, child: ChildProcess) -> None:
        async with asyncio.timeout(self._seconds):
            async for event in child.do(job.about):
                job.put(event)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End every child."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*(child.close() for child in self._children))
