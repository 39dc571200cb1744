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
from wom_sim.study.cost import counted, span
from wom_sim.study.folder import free_bytes, last_word
from wom_sim.study.keeper import Keeper
from wom_sim.study.loading import Study
from wom_sim.study.manifest_queries import Left
from wom_sim.study.parts import names_of
from wom_sim.study.runs import world_key
from wom_sim.study.sweep import How, sampled

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

    def text(self) -> str:
        """Return the estimate in a few lines."""
        c, how = self.left.counts, self.how
        shared = "" if c.runs == c.rows else f" for {c.rows:,} rows of the table (rows that say the same share a run)"
        lines = [f"{counted(c.runs, 'run')}{shared}, {c.done:,} done, {c.failed:,} failed, {c.pending:,} to do"]
        if c.aside:
            lines.append(f"{c.aside:,} runs of former plans or models are kept aside, not in the table")
        if not c.pending:
            return lines[0]
        if self.probe is not None:
            low, high = self.seconds
            lines.append(
                f"time: about {span(low, high)}, {how.workers} at a time ({how.where}); a run takes "
                f"{_short(self.run_seconds)}, people and ties {_short(self.probe.world_seconds)}, "
                f"{counted(self.left.worlds, 'time')} (probe of {counted(self.probe.runs, 'run')})"
            )
        lines.append(f"memory: about {self.bytes / 2**30:.1f} GiB")
        lines.append(f"disk: about {_size(self.disk)} ({_size(self.free)} free)")
        return "\n".join(lines)


def probe(study: Study, tell: Callable[[str], None] = lambda words: None) -> Probe:
    """Run some policies at a few points, once or a little more, and return what that took.

    Raises ValueError if a run fails; the message says which and how.
    """
    from wom_sim.engines.compiled import warm

    tell("a few real runs, to see what they take (first compiling, unless that was done before)")
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


def _short(seconds: float) -> str:
    return f"{1e3 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _size(value: float) -> str:
    for unit, factor in (("GiB", 2**30), ("MiB", 2**20)):
        if value >= factor:
            return f"{value / factor:.1f} {unit}"
    return f"{max(1, round(value / 1024))} KiB"
