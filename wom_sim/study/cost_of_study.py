"""What a study will take, from a few real runs of points spread over its design."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from wom_sim.results.version import model_version
from wom_sim.scenario import Scenario
from wom_sim.scenario.represents import simulated_people
from wom_sim.simulation import build_world
from wom_sim.study.chunk import Chunk, Run, as_text, perform
from wom_sim.study.cost import gib, span
from wom_sim.study.folder import free_bytes, last_word
from wom_sim.study.keeper import Keeper
from wom_sim.study.loading import Study
from wom_sim.study.manifest_queries import Left
from wom_sim.study.parts import names_of
from wom_sim.study.runs import world_key
from wom_sim.study.sweep import How, sampled
from wom_sim.words import ENGLISH, Words
from wom_sim.words.said import Said

_POINTS, _TIMES, _RUNS, _BUDGET = 5, 6, 60, 20.0
"""Of a probe: points, runs of each policy at each, runs in all, and seconds after which it comes to its end."""
_LOADED = 1.0
"""Seconds in which compiled code is loaded."""
_FEW = 1_000_000
"""People below which building takes about a second, so compiling could be taken for it."""
_MANIFEST_BYTES = 260.0
"""Of a run in the manifest: its row, and its places in three indexes."""
_CELL_BYTES = 9.0
"""Of a number in a part, or in the tables."""
_START = {"threads": 4.0, "processes": 8.0}
"""Seconds until the first run: Python, packages, compiled code; of two cores that others use as well."""
_UNEVEN = 1.5
"""Runs differ and machines are shared: how far a prediction may be off, as a factor."""


@dataclass(frozen=True)
class Probe:
    """What real runs took: seconds a run of each policy, seconds a world, bytes of this process."""

    runs: int
    run_seconds: dict[str, float]
    world_seconds: float
    bytes: float


@dataclass(frozen=True)
class Estimate:
    """What is left to do and what it will take, about.

    ``seconds`` is a range, ``run_seconds`` the mean over the runs that are left; ``free``: bytes free on the disk.
    """

    left: Left
    how: How
    probe: Probe | None
    run_seconds: float
    seconds: tuple[float, float]
    bytes: float
    disk: float
    free: float

    def text(self, words: Words = ENGLISH) -> str:
        """Return the estimate in a few lines."""
        c, how, say, number = self.left.counts, self.how, words.say, words.exact
        shared = "" if c.runs == c.rows else say("sweep.plan.shared", rows=number(c.rows))
        counts = {"done": number(c.done), "failed": number(c.failed), "pending": number(c.pending)}
        lines = [say("sweep.plan.runs", runs=words.counted("run", c.runs), shared=shared, **counts)]
        if c.aside:
            lines.append(say("status.aside", n=number(c.aside)))
        if not c.pending:
            return lines[0]
        if self.probe is not None:
            took = {"each": self.run_seconds, "world": self.probe.world_seconds}
            told = say(
                "sweep.plan.time", time=span(*self.seconds, words), workers=how.workers,
                where=say(f"sweep.plan.{how.where}"), times=words.counted("time", self.left.worlds),
                runs=words.counted("run", self.probe.runs),
                **{name: _short(seconds, words) for name, seconds in took.items()},
            )  # fmt: skip
            lines.append(told)
        lines.append(say("sweep.plan.memory", gib=gib(self.bytes, words)))
        lines.append(say("sweep.plan.disk", size=_size(self.disk, words), free=_size(self.free, words)))
        return "\n".join(lines)


def probe(study: Study, tell: Callable[[str], None] = lambda step: None) -> Probe:
    """Run some policies at a few points, once or a little more, and return what that took.

    Raises ValueError if a run fails; the message says which and how.
    """
    from wom_sim.engines.compiled import warm

    tell(Said("step.probe"))
    warm()
    _compile_building(study.at(0))
    keeper, took, built, last = Keeper(), _Took(study.policies), [], b""
    points = sampled(study, _POINTS)
    times = max(1, min(_TIMES, _RUNS // (len(points) * len(study.policies))))
    began = time.perf_counter()
    for scenario in points:
        data, text = scenario.model_dump(mode="json"), as_text(scenario)
        for again in range(1 + times):
            for name in study.policies:
                run = Run(1, 0, name, again if scenario.run.same_world else 0)
                key = world_key(scenario, data, run.replication)
                done = perform(Chunk(key, (text,), (run,), model_version()), keep=keeper)
                if done.errors:
                    raise ValueError(f"{name} fails in a probe: {last_word(done.errors[0])}")
                if key != last:
                    built.append(done.building)
                last = key
                took.note(name, float(done.seconds[0]), bool(again))
                if took.complete and time.perf_counter() - began > _BUDGET:
                    return took.probe(built)
    return took.probe(built)


class _Took:
    """The seconds of the runs of a probe, by policy."""

    def __init__(self, policies: tuple[str, ...]) -> None:
        self._seconds: dict[str, list[float]] = {name: [] for name in policies}

    def note(self, policy: str, seconds: float, again: bool) -> None:
        """Take the seconds of a run. The first of a policy may load compiled code, and counts only if it is long."""
        if again or seconds > _LOADED:
            self._seconds[policy].append(seconds)

    @property
    def complete(self) -> bool:
        """Return whether there is a run of every policy."""
        return all(self._seconds.values())

    def probe(self, built: list[float]) -> Probe:
        """Return what was found."""
        import psutil

        size = float(psutil.Process().memory_info().rss)
        means = {name: fmean(seconds) for name, seconds in self._seconds.items()}
        return Probe(sum(map(len, self._seconds.values())), means, fmean(built), size)


def _compile_building(scenario: Scenario) -> None:
    """Build people and ties once, untimed, so that compiling is not taken for building; where that is soon done."""
    if simulated_people(scenario) <= _FEW:
        build_world(scenario)


def estimate(study: Study, left: Left, how: How, found: Probe | None, folder: Path) -> Estimate:
    """Return what is left to do of a study and what it will take; ``found``: by the probe."""
    counts, seconds, size, each = left.counts, (0.0, 0.0), how.bytes, 0.0
    if found is not None and counts.pending:
        each = sum(runs * found.run_seconds[policy] for policy, runs in left.policies.items()) / counts.pending
        built = max(left.worlds, how.workers) if how.where == "processes" else left.worlds
        work = (counts.pending * each + built * found.world_seconds) / how.workers
        middle = max(work, found.world_seconds + each) + _START[how.where]
        seconds = (middle / _UNEVEN, middle * _UNEVEN)
        size = max(size, found.bytes * (how.workers if how.where == "processes" else 1))
    parts = counts.pending * (_MANIFEST_BYTES + len(names_of(study.scenario.plugins.indicators)) * _CELL_BYTES)
    tables = counts.rows * 2 * _CELL_BYTES * (len(study.outputs) + len(study.points.columns) + 3)
    return Estimate(left, how, found, each, seconds, size, parts + tables, free_bytes(folder))


def _short(seconds: float, words: Words) -> str:
    if seconds < 1:
        return f"{words.fixed(1e3 * seconds, grouped=False)} ms"
    return f"{words.fixed(seconds, grouped=False)} s"


def _size(value: float, words: Words) -> str:
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20)):
        if value >= factor:
            return f"{words.fixed(value / factor, grouped=False)} {unit}"
    return f"{max(1, round(value / 1024))} KiB"
