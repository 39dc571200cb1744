"""What the runner of studies adds to its runs: time beside runs of 50 ms, memory over many runs, and its throughput.

python -m benchmarks.sweep [--part overhead --part memory --part throughput] [--runs 100000]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import psutil

from benchmarks.batch import SHARED, run_batch
from benchmarks.measure import Row, Spent, emit, peak_memory, tell
from benchmarks.small import SCENARIO, scenario_of
from wom_sim import build_world, load_study
from wom_sim.engines.compiled import warm
from wom_sim.study.execute_here import Event, Execution, Finished, InThreads
from wom_sim.study.execute_processes import InProcesses
from wom_sim.study.final_table import write_tables
from wom_sim.study.folder import Store
from wom_sim.study.loading import Study
from wom_sim.study.loop import work_off

PARTS = ("overhead", "memory", "throughput")
_OVERHEAD_RUNS, _BATCH_RUNS, _OUR_RUNS = 200, 3, 4_000
_OVERHEAD_PEOPLE, _OVERHEAD_LIMIT = 125_000, 1_000
_STUDY = """
name = "bench"
scenario = "{scenario}"
policies = ["bulk letter"]
replications = {replications}
[set]
population.customers = {customers}
choose.limit = {limit}
[[factors]]
key = "money.cost_per_call"
values = {costs}
"""


class Watched:
    """Workers whose jobs are timed: when each ended, by worker, and what its runs took."""

    def __init__(self, workers: Execution) -> None:
        self._workers = workers
        self.free, self.start, self.close = workers.free, workers.start, workers.close
        self.jobs: dict[Hashable, list[tuple[float, float]]] = {}
        self.runs = 0

    def wait(self, seconds: float) -> list[Event]:
        """Return what has happened."""
        found = self._workers.wait(seconds)
        for event in found:
            if isinstance(event, Finished):
                took = float(event.done.seconds.sum()) + event.done.building
                self.jobs.setdefault(event.worker, []).append((time.perf_counter(), took))
                self.runs += len(event.job.runs)
        return found

    @property
    def passed(self) -> tuple[float, float]:
        """Return the seconds from each worker's first job's end to its last's, and those that its runs took in them."""
        jobs = self.jobs.values()
        return sum(done[-1][0] - done[0][0] for done in jobs), sum(took for done in jobs for _, took in done[1:])

    @property
    def took(self) -> float:
        """Return the seconds that all jobs took."""
        return sum(took for done in self.jobs.values() for _, took in done)


def study_of(folder: Path, points: int, replications: int, customers: int, limit: int) -> Study:
    """Return a study of one policy; its points differ in what a call costs."""
    costs = [round(8.0 + 4.0 * n / points, 6) for n in range(points)]  # the first is the default
    file = folder / "study.toml"
    said = {"scenario": SCENARIO, "replications": replications, "customers": customers, "limit": limit, "costs": costs}
    file.write_text(_STUDY.format(**said))
    return load_study(file)


def overhead(folder: Path) -> Iterator[Row]:
    """Yield what the runner adds to runs of about 50 ms of an idle machine: one at a time, and two."""
    for number in (1, 2):
        for kind in ("threads", "processes"):
            yield _overhead(folder / f"overhead {number} {kind}", number, kind)


def _overhead(folder: Path, number: int, kind: str) -> Row:
    """Return what share of the workers' time is not spent in runs.

    The time of a worker is counted from the end of its first job to the end of its last, so start and end are left out.
    """
    folder.mkdir()
    study = study_of(folder, 20, number * _OVERHEAD_RUNS // 20, _OVERHEAD_PEOPLE, _OVERHEAD_LIMIT)
    with Store(folder / "out") as store, Spent() as all_of_it:
        store.set_plan(study)
        noted = store.in_flight(number)
        workers = InThreads(number, 1, noted) if kind == "threads" else InProcesses(number, noted)
        watched = Watched(workers)
        work_off(store, study, watched, 1, lambda done, total, words: None)
        write_tables(store.folder, store.manifest)
    passed, took = watched.passed
    each, said = 1e3 * watched.took / watched.runs, "one worker" if number == 1 else f"{number} workers"
    return Row(
        "sweep", f"runner beside runs of {each:.0f} ms, {said}, {kind}", _OVERHEAD_PEOPLE, watched.runs, None, passed,
        100.0 * (passed - took) / passed, "% of the workers' time not in runs", peak_memory(),
        note=f"with plan, people and ties, start and table {all_of_it.wall:.1f} s for {watched.took:.1f} s of runs; "
        f"this process took {all_of_it.cpu:.1f} CPU s",
    )  # fmt: skip


def memory(folder: Path, runs: int) -> Iterator[Row]:
    """Yield the memory of the process, runner and two threads that run, after each tenth of many small runs."""
    study = study_of(folder, 1_000, runs // 1_000, 300, 5)
    process, seen = psutil.Process(), []

    def note(done: int, total: int, words: str) -> None:
        while len(seen) < 10 and done >= (len(seen) + 1) * total / 10:
            seen.append(process.memory_info().rss / 2**20)

    with Store(folder / "memory") as store, Spent() as took:
        store.set_plan(study)
        planned = process.memory_info().rss / 2**20
        watched = Watched(InThreads(2, 1, store.in_flight(2)))
        work_off(store, study, watched, 1, note)
        done = process.memory_info().rss / 2**20
        write_tables(store.folder, store.manifest)
        written = process.memory_info().rss / 2**20
        size = sum(file.stat().st_size for file in store.folder.rglob("*") if file.is_file()) / 2**20
    listed = " ".join(f"{value:.0f}" for value in seen)
    yield Row(
        "sweep", "memory after each tenth of the runs", 300, runs, took.cpu, took.wall, done, "MiB", peak_memory(),
        note=f"planned {planned:.0f}; {listed}; after the table {written:.0f} MiB; the folder takes {size:.0f} MiB",
    )  # fmt: skip


def throughput(folder: Path) -> Iterator[Row]:
    """Yield runs a second of a study, and of ``mesa.batch_run`` of the reference engine, on the same people."""
    scenario = scenario_of(1_000, _BATCH_RUNS)
    SHARED["sweep"] = (scenario, build_world(scenario))
    small = scenario_of(60, 1)
    SHARED["warm"] = (small, build_world(small))
    run_batch("warm", range(1))
    with Spent() as theirs:
        found = run_batch("sweep", range(_BATCH_RUNS))
    each = theirs.wall / _BATCH_RUNS
    yield Row(
        "sweep", "mesa.batch_run of the reference, one process", 1_000, _BATCH_RUNS, theirs.cpu / _BATCH_RUNS, each,
        1 / each, "runs a second", peak_memory(),
    )  # fmt: skip
    reached = [line["reached"] for line in found]
    for workers in (1, 2):
        study = study_of(folder, 1, _OUR_RUNS, 1_000, 10)
        with Store(folder / f"throughput {workers}") as store, Spent() as ours:
            store.set_plan(study)
            work_off(store, study, InThreads(workers, 1, store.in_flight(workers)), 1, lambda done, total, words: None)
            write_tables(store.folder, store.manifest)
            _check(store.folder, reached)
        yield Row(
            "sweep", f"study, planned, run and written, {workers} thread{'s' if workers > 1 else ''}", 1_000, _OUR_RUNS,
            ours.cpu / _OUR_RUNS, ours.wall / _OUR_RUNS, _OUR_RUNS / ours.wall, "runs a second", peak_memory(),
            note=f"{each * _OUR_RUNS / ours.wall:,.0f} times batch_run; the same number reached in the runs of both",
        )  # fmt: skip


def _check(folder: Path, reached: list[Any]) -> None:
    import pandas as pd

    table = pd.read_parquet(folder / "table.parquet")
    mine = table.sort_values("replication")["reached"].head(len(reached)).astype(int).tolist()
    if mine != reached:
        raise RuntimeError(f"batch_run reaches {reached}, the study {mine}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this; repeatable")
    parser.add_argument("--runs", type=int, default=100_000, help="runs of the part about memory")
    given = parser.parse_args()
    warm()
    with tempfile.TemporaryDirectory() as folder:
        for part in given.part or PARTS:
            tell(part)
            place = Path(folder) / part
            place.mkdir()
            if part == "memory":
                emit(memory(place, given.runs))
            else:
                emit(overhead(place) if part == "overhead" else throughput(place))


if __name__ == "__main__":
    main()
