"""The independent cascade on one graph of a million people: ours and other packages, each in a process of its own.

Converting the graph is not in the time of a run; it is stated beside it. A package that would need more than
three minutes a run is run on a tenth of the people, and the row says so.

python -m benchmarks.cascade [--people 1000000] [--runs 5]
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.apart import FailedError, rows_of
from benchmarks.graph import Graph, load, random_graph, save
from benchmarks.measure import Row, Spent, emit, medians, peak_memory, tell
from benchmarks.peers.adapters import PEERS, installed

PEOPLE, MEAN_TIES, P, TOLD_FIRST, GRAPH_SEED = 1_000_000, 10.0, 0.15, 100, 2007
LONGEST = 180.0
"""Seconds: above this a package is run on a tenth of the people."""
_ENOUGH = 60.0
"""Seconds of runs after which no further run of a package begins."""
_OURS = ("wom_sim, scenario", "wom_sim, engine")


def tool(name: str) -> Callable[..., Callable[[int], int]]:
    """Return what prepares the cascade in a package."""
    if name in PEERS:
        return PEERS[name]
    from benchmarks import ours

    return ours.scenario_run if name == _OURS[0] else ours.engine_run


def measure(name: str, graph: Graph, runs: int) -> Row:
    """Return the row of one package; ``count`` is the mean number reached."""
    if name in PEERS and installed(name) is None:
        return Row("cascade", name, note="not installed: make peers")
    seeds = np.arange(TOLD_FIRST) * (graph.people // TOLD_FIRST)
    with Spent() as conversion:
        run = tool(name)(graph, seeds, P)
    spent: list[Spent] = []
    reached: list[int] = []
    while len(spent) < runs and sum(s.wall for s in spent) < _ENOUGH:
        with Spent() as took:
            reached.append(run(1 + len(spent)))
        spent.append(took)
    cpu, wall = medians(spent)
    spread = statistics.stdev(reached) if len(reached) > 1 else None
    release = installed(name)
    note = f"converting the graph {conversion.cpu:.1f} CPU s"
    label = f"{name} {release}" if release else name
    return Row(
        "cascade", label, graph.people, len(spent), cpu, wall, statistics.fmean(reached), "people who know",
        peak_memory(), spread, note=note,
    )  # fmt: skip


def rows(people: int, runs: int, python: str, only: list[str]) -> list[Row]:
    """Return a row for each package that is there, and say how far they agree with ours."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        graphs = {size: Path(folder) / f"{size}.npz" for size in (people, people // 10)}
        for size, path in graphs.items():
            save(random_graph(size, MEAN_TIES, GRAPH_SEED), path)
        for name in only or [*_OURS, *PEERS]:
            tell(name)
            ours = name in _OURS
            found += _package(name, graphs, 4 * runs if ours else runs, sys.executable if ours else python)
    return _with_agreement(found)


def _package(name: str, graphs: dict[int, Path], runs: int, python: str) -> list[Row]:
    """Return the row of a package at full size, or at a tenth where the full size would take too long."""
    full, tenth = graphs
    try:
        if name in _OURS:
            return _one(name, graphs[full], runs, python)
        trial = _one(name, graphs[tenth], 1, python)
        if trial[0].wall is None:
            return trial
        if trial[0].wall * full / tenth > LONGEST:
            again = _one(name, graphs[tenth], runs, python)
            why = f"{tenth:,} people only, because {full:,} would take more than {LONGEST:.0f} s a run; "
            return [replace(row, note=why + row.note) for row in again]
        return _one(name, graphs[full], runs, python)
    except FailedError as error:
        return [Row("cascade", name, note=f"failed: {error}")]


def _one(name: str, graph: Path, runs: int, python: str) -> list[Row]:
    return rows_of("cascade", ["--only", name, "--graph", str(graph), "--runs", str(runs)], python)


def _with_agreement(found: list[Row]) -> list[Row]:
    """Add to each row how far its mean is from ours, in standard errors, from the spread over our own seeds."""
    base = next((row for row in found if row.what.startswith(_OURS[0]) and row.count), None)
    if base is None or not base.runs or not base.count or not base.spread:
        return found
    marked = []
    for row in found:
        if row.what.startswith("wom_sim") or row.people != base.people or row.count is None or row.runs is None:
            marked.append(row)
            continue
        z = (row.count - base.count) / (base.spread * math.sqrt(1 / row.runs + 1 / base.runs))
        times = f"{row.cpu / base.cpu:.1f} times ours; " if row.cpu and base.cpu else ""
        marked.append(replace(row, note=f"{times}z of the difference {z:+.1f}; {row.note}"))
    return marked


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--runs", type=int, default=5, help="runs of each other package; of ours four times as many")
    parser.add_argument("--python", default=sys.executable, help="Python of the environment with the other packages")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="only this package; repeatable")
    parser.add_argument("--graph", type=Path, help="run one package in this process, on the graph in this file")
    given = parser.parse_args()
    if given.graph is not None:
        emit([measure(given.only[0], load(given.graph), given.runs)])
    else:
        emit(rows(given.people, given.runs, given.python, given.only))


if __name__ == "__main__":
    main()
