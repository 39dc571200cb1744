"""A study on 1, 2, 4 ... all cores, in threads, processes and on local Dask workers: how much faster than on one.

python -m benchmarks.cores [--runs 480] [--people 125000]

Every way does the same runs; the time is from each worker's first finished job to its last, as starting a pool and
writing the table take the same time however long the study is. ``count`` says how many times as many runs a second
it does as one thread.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, Spent, emit, peak_memory, tell
from benchmarks.sweep import Watched, study_of
from wom_sim.engines.compiled import warm
from wom_sim.study.execute_here import Execution, InThreads
from wom_sim.study.execute_processes import InProcesses
from wom_sim.study.folder import Store
from wom_sim.study.loop import work_off

_LIMIT, _POINTS = 1_000, 40


def numbers(cores: int) -> list[int]:
    """Return 1, 2, 4 ... and all cores.

    >>> numbers(6), numbers(1)
    ([1, 2, 4, 6], [1])
    """
    return [*(2**n for n in range(cores.bit_length()) if 2**n < cores), cores]


def rate(workers: Execution, store: Store, study: Any) -> tuple[float, Spent]:
    """Return runs a second after each worker's first job, and what the whole took."""
    watched = Watched(workers)
    with Spent() as spent:
        work_off(store, study, watched, 1, lambda done, total, words: None)
    begun = max(done[0][0] for done in watched.jobs.values())
    ends = [at for done in watched.jobs.values() for at, _ in done if at > begun]
    each = watched.runs / sum(len(done) for done in watched.jobs.values())
    return each * len(ends) / (max(ends) - begun), spent


def ways(cores: int, dask: bool) -> Iterator[tuple[str, int, Any]]:
    """Yield how the study is done: its name, how many workers, and what makes them for a store."""
    for number in numbers(cores):
        yield f"threads, {number}", number, lambda store, n=number: InThreads(n, 1, store.in_flight(n))
        yield f"processes, {number}", number, lambda store, n=number: InProcesses(n, store.in_flight(n))
    if dask:
        from distributed import LocalCluster

        from wom_sim.study.execute_dask import OnDask

        number = min(2, cores)
        with LocalCluster(n_workers=number, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            yield f"Dask, {number} local processes", number, lambda store: OnDask(cluster.scheduler_address)


def measured(folder: Path, runs: int, people: int, dask: bool) -> Iterator[Row]:
    """Yield a row for each way."""
    alone: dict[str, float] = {}
    for name, number, made in ways(os.cpu_count() or 1, dask):
        tell(name)
        place = folder / name.replace(" ", "_").replace(",", "")
        place.mkdir()
        study = study_of(place, _POINTS, runs // _POINTS, people, _LIMIT)
        with Store(place / "out") as store:
            store.set_plan(study)
            done, spent = rate(made(store), store, study)
        first = alone.setdefault("threads", done)
        processes = alone.get(f"processes {number}")
        if name.startswith("processes"):
            alone[f"processes {number}"] = done
        beside = f"; {done / processes:.2f} times processes" if name.startswith("Dask") and processes else ""
        yield Row(
            "cores", name, people, runs, None, spent.wall, done / first, "times one thread", peak_memory(),
            note=f"{done:.1f} runs a second{beside}",
        )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=480)
    parser.add_argument("--people", type=int, default=125_000)
    parser.add_argument("--no-dask", action="store_true")
    given = parser.parse_args()
    warm()
    with tempfile.TemporaryDirectory() as folder:
        emit(measured(Path(folder), given.runs, given.people, not given.no_dask))


if __name__ == "__main__":
    main()
