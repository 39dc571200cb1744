"""``make bench``: what building a world and running each policy takes on this machine; writes RESULTS.md.

python benchmarks/run.py [customers ...]
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine, warm
from wom_sim.simulation import policies_of, run_policy
from wom_sim.study.store import commit

HERE = Path(__file__).parent
SCENARIO = HERE.parent / "scenarios" / "sprint_2007.toml"


def start(*arguments: str) -> float:
    """Return the median CPU seconds of five starts of the command."""
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "wom_sim", *arguments], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def measure(customers: int) -> list[str]:
    """Return rows of the table for a market of ``customers`` and 0.38 times as many prospects."""
    sets = [f"population.customers={customers}", f"population.prospects={round(customers * 0.38)}"]
    if customers < 50_000_000:
        sets.append("choose.calls_at_least=15")
    scenario = load_scenario(SCENARIO, sets)
    wall, cpu = time.perf_counter(), time.process_time()
    world = build_world(scenario)
    people = len(world.people)
    rows = [_row(people, "build", time.perf_counter() - wall, time.process_time() - cpu, people)]
    engine = Engine(world)
    for policy in policies_of(scenario):
        for replication in range(2):
            wall, cpu = time.perf_counter(), time.process_time()
            result = run_policy(scenario, policy, world, engine, replication)
            reached = int(result.indicators["reached"])
            label = f"{policy.name}, replication {replication + 1}"
            rows.append(_row(people, label, time.perf_counter() - wall, time.process_time() - cpu, reached))
    return rows


def _row(people: int, what: str, wall: float, cpu: float, units: int) -> str:
    each = f"{1e9 * cpu / units:,.0f}" if units > 1000 else ""
    return f"| {people:,} | {what} | {wall:.2f} | {cpu:.2f} | {units:,} | {each} |"


def main() -> None:
    """Measure, print, and write RESULTS.md."""
    warm()
    sizes = [int(size) for size in sys.argv[1:]] or [100_000, 1_000_000, 10_000_000]
    head = [
        "# Benchmarks",
        "",
        f"{date.today()}, commit {commit()}, {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}.",
        "Start, CPU s (median of 5): "
        f"`--help` {start('--help'):.2f}, `validate` {start('validate', str(SCENARIO)):.2f}.",
        "",
        "| people | what | wall s | CPU s | people built or reached | CPU ns each |",
        "|---|---|---|---|---|---|",
    ]
    rows = [row for size in sizes for row in measure(size)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    text = "\n".join([*head, *rows, "", f"Peak memory of the process: {peak:.1f} GiB.", ""])
    (HERE / "RESULTS.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
