"""Which runs a worker gets next: chunks of about a second, and people and ties built as seldom as can be.

A worker stays on its world while there is work on it. Then it takes a world that nobody is on; where there is none, or
memory is too small for one more, it joins the world with most left to do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from itertools import chain

from wom_sim.results.version import model_version
from wom_sim.study.chunk import Chunk, Run
from wom_sim.study.manifest import Manifest
from wom_sim.study.manifest_queries import Due

_CHUNK_SECONDS = 1.0
_MOST_RUNS = 5_000
_SMOOTH = 0.3


class Job:
    """A chunk with what the runner needs to know of it."""

    def __init__(self, chunk: Chunk, world: int, runs: list[Due]) -> None:
        self.chunk, self.world, self.runs = chunk, world, runs


class _Group:
    """The runs to do on one world."""

    def __init__(self, world: int, key: bytes, left: int, runs: Iterator[Due]) -> None:
        self.world, self.key, self.left, self.runs = world, key, left, runs
        self.again: deque[Due] = deque()
        self.workers: set[Hashable] = set()

    def take(self, most: int) -> list[Due]:
        """Return the next runs. Those that a dead worker had come first; what killed it comes alone."""
        taken: list[Due] = []
        for run in chain(_drain(self.again), self.runs):
            if run.attempts and taken:
                self.again.appendleft(run)
                break
            taken.append(run)
            if run.attempts or len(taken) >= most:
                break
        self.left -= len(taken)
        return taken


def _drain(runs: deque[Due]) -> Iterator[Due]:
    while runs:
        yield runs.popleft()


class Queue:
    """Hands out jobs. ``scenario_of`` gives the scenario of a point as JSON; ``most_worlds``: at a time.

    ``plugins_of``: the version of what the scenario of a point uses of other packages.
    """

    def __init__(
        self, manifest: Manifest, scenario_of: Callable[[int], str], most_worlds: int,
        plugins_of: Callable[[int], str] = lambda point: "",
    ) -> None:  # fmt: skip
        self._manifest, self._scenario_of, self._most = manifest, scenario_of, most_worlds
        self._plugins_of = plugins_of
        self._groups: dict[int, _Group] = {}
        self._last_world = -1
        self._seconds_a_run: float | None = None

    def next_job(self, worker: Hashable) -> Job | None:
        """Return the next job for a worker, None if there is nothing to hand out now."""
        while True:
            group = self._group_for(worker)
            if group is None:
                return None
            runs = group.take(self._chunk_size())
            if runs:
                return self._job(group, runs)
            group.left = 0
            self._close(group)

    def _chunk_size(self) -> int:
        if self._seconds_a_run is None:
            return 1
        return max(1, min(_MOST_RUNS, int(_CHUNK_SECONDS / max(self._seconds_a_run, 1e-6))))

    def _group_for(self, worker: Hashable) -> _Group | None:
        """Return the group that a worker is on, or that it is to go to."""
        for group in self._groups.values():
            if worker in group.workers:
                if group.left > 0 or group.again:
                    return group
                group.workers.discard(worker)
                break
        for group in [g for g in self._groups.values() if g.left <= 0 and not g.again and not g.workers]:
            self._close(group)
        chosen = next((g for g in self._groups.values() if g.again and not g.workers), None)
        if chosen is None and len(self._groups) < self._most:
            chosen = self._open()
        if chosen is None:
            open_ones = [g for g in self._groups.values() if g.left > 0 or g.again]
            chosen = max(open_ones, key=lambda g: g.left + len(g.again), default=None)
        if chosen is not None:
            chosen.workers.add(worker)
        return chosen

    def _open(self) -> _Group | None:
        """Return the group of the next world, if there is one."""
        found = self._manifest.next_world(self._last_world)
        if found is None:
            return None
        world, key, left = found
        self._last_world = world
        group = self._groups[world] = _Group(world, key, left, self._manifest.due(world))
        return group

    def _close(self, group: _Group) -> None:
        self._groups.pop(group.world, None)

    def _job(self, group: _Group, runs: list[Due]) -> Job:
        points = list(dict.fromkeys(run.point for run in runs))
        index = {point: number for number, point in enumerate(points)}
        chunk = Chunk(
            group.key,
            tuple(self._scenario_of(point) for point in points),
            tuple(Run(run.number, index[run.point], run.policy, run.replication) for run in runs),
            model_version(),
            tuple(self._plugins_of(point) for point in points),
        )
        return Job(chunk, group.world, runs)

    def finished(self, job: Job, seconds: float) -> None:
        """Learn from a job that is done how long a run takes; ``seconds`` is for all its runs."""
        each = seconds / len(job.runs)
        before = self._seconds_a_run
        self._seconds_a_run = each if before is None else (1 - _SMOOTH) * before + _SMOOTH * each

    def give_back(self, job: Job, runs: list[Due]) -> None:
        """Take back runs of a job whose worker died; they are handed out again."""
        group = self._groups.get(job.world)
        if group is None:
            group = self._groups[job.world] = _Group(job.world, job.chunk.world, 0, iter(()))
        group.again.extend(runs)
        group.left += len(runs)

    def gone(self, worker: Hashable) -> None:
        """Forget a worker that will not come back."""
        for group in self._groups.values():
            group.workers.discard(worker)

    @property
    def depth(self) -> int:
        """Return how many jobs a worker should hold: one to do and one that waits, where runs are short."""
        return 1 if self._seconds_a_run is None or self._seconds_a_run > _CHUNK_SECONDS / 2 else 2
