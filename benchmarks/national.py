"""The national case: building the world, each policy twice, and the memory of a whole comparison.

``limit`` is the CPU time of a run over what the machine needs for the random reads alone: for each hearing the
state of who hears, and in a conversation that of who talks; for each person reached their row once, and their state
when they decide and when it is cleared; for each person who talks where their ties begin, and the ties.
Both are probed in this process, in arrays of the same size, before the world is built.

python -m benchmarks.national [--customers 53000000] [--compare]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.apart import ROOT, environment
from benchmarks.measure import Row, Spent, emit, peak_memory, tell
from benchmarks.probe import independent, nanoseconds_a_read
from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.engines.compiled.state import STATE_TYPE
from wom_sim.simulation import build_people, luck_seed, policies_of, run_policy, treatments_of
from wom_sim.world import trace as tr
from wom_sim.world.people import PERSON_TYPE
from wom_sim.world.trace import Trace
from wom_sim.world.world import World

CUSTOMERS, PROSPECTS_EACH = 53_000_000, 20 / 53
SCENARIO = ROOT / "scenarios" / "sprint_2007.toml"
_READS = 2_000_000


class Limit(NamedTuple):
    """Nanoseconds an independent random read takes, of a person's state and of a person's row."""

    state: float
    row: float

    def seconds(self, total: np.ndarray) -> float:
        """Return what the reads of a run take at the least, from the sums of its daily table."""
        talk = int(total[tr.D_TALKERS] + total[tr.D_DEFENDERS])
        states = _hearings(total) + int(total[tr.D_CONVERSATIONS]) + 2 * int(total[tr.D_REACHED])
        return 1e-9 * (self.state * (states + talk) + self.row * (int(total[tr.D_REACHED]) + talk))


def _hearings(total: np.ndarray) -> int:
    return int(total[tr.D_CONVERSATIONS] + total[tr.D_READERS] + total[tr.D_COVERAGE])


def sets(customers: int) -> list[str]:
    """Return the overrides that make the market smaller; then those who call often are fewer, so 15 calls will do."""
    sized = [f"population.customers={customers}", f"population.prospects={round(customers * PROSPECTS_EACH)}"]
    return sized if customers >= CUSTOMERS else [*sized, "choose.calls_at_least=15"]


def probed(people: int) -> Limit:
    """Return what reads take now, in arrays of the size of this market's."""
    found = []
    for width in (STATE_TYPE.itemsize, PERSON_TYPE.itemsize):
        found.append(nanoseconds_a_read(independent, np.ones((people, width // 4), dtype=np.uint32), _READS))
    return Limit(*found)


def rows(customers: int) -> Iterator[Row]:
    """Yield the rows of the world and of each policy."""
    scenario = load_scenario(SCENARIO, sets(customers))
    people = scenario.population.customers + scenario.population.prospects
    _load()
    limit = probed(people)
    for what, each in zip(("state", "row"), limit, strict=True):
        yield Row("national", f"probe: random read of a person's {what}", people, count=each, unit="ns a read")
    tell(f"building {people:,} people")
    with Spent() as took:
        build_people(scenario)
    yield Row("national", "building people alone", people, 1, took.cpu, took.wall, people, "people")
    with Spent() as took:
        world = build_world(scenario)
    yield Row("national", "building people and ties", people, 1, took.cpu, took.wall, people, "people", peak_memory())
    yield from _bytes(world)
    engine = Engine(world)
    for policy in policies_of(scenario):
        tell(policy.name)
        with Spent() as took:
            treatments_of(scenario, policy, world, luck_seed(scenario, 0))
        yield Row("national", f"{policy.name}: choosing whom", people, 1, took.cpu, took.wall, people, "people")
        for replication in range(2):
            with Spent() as took:
                trace = run_policy(scenario, policy, world, engine, replication).trace
            yield _run(people, f"{policy.name}: replication {replication + 1}", took, trace, limit)
    yield Row("national", "peak of this process, one run at a time", people, peak=peak_memory())


def _load() -> None:
    """Run every policy on a few people, so that compiled code is loaded before anything is timed."""
    few = load_scenario(SCENARIO, sets(5_000))
    world = build_world(few)
    for policy in policies_of(few):
        run_policy(few, policy, world, Engine(world), 0)


def _bytes(world: World) -> Iterator[Row]:
    n = len(world.people)
    held = {
        "rows of people": world.people.nbytes,
        "ties": sum(part.nbytes for part in world.network if isinstance(part, np.ndarray)),
        "state of a run, if nobody is reached": 4 * n,
        "state of a run, if all are reached": n * (STATE_TYPE.itemsize + 4),
    }
    for what, size in held.items():
        yield Row("national", f"memory: {what}", n, count=size / n, unit="bytes a person")


def _run(people: int, what: str, took: Spent, trace: Trace, limit: Limit) -> Row:
    """Return the row of a run. A hearing is a conversation, a reading of a post, or being reached by an outlet."""
    total = trace.book.daily.sum(axis=0)
    hearings = _hearings(total)
    reached = int(total[tr.D_REACHED])
    each = f"{hearings:,} hearings, {1e9 * took.cpu / hearings:,.0f} ns each" if hearings else "nobody hears"
    over = took.cpu / limit.seconds(total) if reached > 100_000 else None
    return Row(
        "national", what, people, 1, took.cpu, took.wall, reached, "people reached", limit=over, note=each
    )  # fmt: skip


def comparison(customers: int) -> Row:
    """Return time and peak memory of ``wom-sim compare`` in a process of its own, one replication of each policy."""
    given = [word for pair in sets(customers) for word in ("--set", pair)]
    with tempfile.TemporaryDirectory() as folder:
        asked = [sys.executable, "-m", "wom_sim", "compare", str(SCENARIO), *given, "--replications", "1"]
        began = time.perf_counter()
        child = subprocess.Popen(
            [*asked, "--out", str(Path(folder) / "out")], stdout=subprocess.DEVNULL, cwd=ROOT, env=environment()
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
    if child.returncode != 0:
        raise RuntimeError(f"wom-sim compare ended with status {child.returncode}")
    scale = 2**30 if sys.platform == "darwin" else 2**20
    people = customers + round(customers * PROSPECTS_EACH)
    return Row(
        "national", "wom-sim compare, one replication of four policies, with charts", people, 1,
        used.ru_utime + used.ru_stime, wall, peak=used.ru_maxrss / scale, note=f"{os.cpu_count()} cores",
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--compare", action="store_true", help="measure the comparison as a whole instead")
    given = parser.parse_args()
    emit([comparison(given.customers)] if given.compare else rows(given.customers))


if __name__ == "__main__":
    main()
