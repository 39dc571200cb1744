"""Many small runs: a year of a market of 1,000 and of 10,000 people, and the same runs by ``mesa.batch_run``.

All on one core, on people and ties that stand, unless a row says otherwise. ``batch_run`` runs our reference
engine, which lives through the year twice, with and without the policy; a row says what it takes without that.

python -m benchmarks.small [--people 1000 --people 10000]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.batch import SHARED, run_batch, twin
from benchmarks.measure import Row, Spent, emit, medians, tell
from wom_sim import Scenario, build_world, compare, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.simulation import luck_seed, numbers_of, policies_of, run_policy, treatments_of
from wom_sim.world import trace as tr

SCENARIO = Path(__file__).with_name("small.toml")
RUNS, BATCHES = 200, 5
_BATCH_RUNS = {1_000: 3}
"""Runs by ``batch_run``; one at other sizes, because one takes a minute and more."""


def scenario_of(people: int, replications: int) -> Scenario:
    """Return the scenario of so many customers."""
    return load_scenario(SCENARIO, [f"population.customers={people}", f"run.replications={replications}"])


def ours(people: int) -> Iterator[Row]:
    """Yield what a run takes: through the engine alone, as one run, as a comparison, with a new world each."""
    scenario = scenario_of(people, RUNS)
    world = build_world(scenario)
    engine, policy = Engine(world), policies_of(scenario)[1]
    numbers = numbers_of(scenario, policy, world.newcomer)
    treatments = treatments_of(scenario, policy, world, luck_seed(scenario, 0))

    def alone(replication: int) -> None:
        engine.run(numbers, treatments, luck_seed(scenario, replication))

    def one(replication: int) -> None:
        _ = run_policy(scenario, policy, world, engine, replication).indicators

    yield _many(people, "one run: policy, engine, indicators", one)
    yield _many(people, "engine alone", alone)
    compare(scenario_of(people, 2), workers=1)
    with Spent() as took:
        compare(scenario, workers=1)
    yield _row(people, "comparison of two policies, with tables", 2 * RUNS, [_share(took, 2 * RUNS)])
    apart = scenario.model_copy(update={"run": scenario.run.model_copy(update={"same_world": False})})

    def anew(replication: int) -> None:
        stands = build_world(apart, replication, workers=1)
        _ = run_policy(apart, policy, stands, Engine(stands), replication).indicators

    yield _many(people, "one run on people and ties of its own, building them included", anew)


def _many(people: int, what: str, run: object) -> Row:
    """Return what a run takes: the median of several batches of runs."""
    run(0)  # type: ignore[operator]
    spent = []
    each = RUNS // BATCHES
    for batch in range(BATCHES):
        with Spent() as took:
            for replication in range(batch * each, (batch + 1) * each):
                run(replication)  # type: ignore[operator]
        spent.append(_share(took, each))
    return _row(people, what, RUNS, spent)


def _share(took: Spent, runs: int) -> Spent:
    took.cpu, took.wall = took.cpu / runs, took.wall / runs
    return took


def _row(people: int, what: str, runs: int, spent: list[Spent]) -> Row:
    cpu, wall = medians(spent)
    return Row("small", what, people, runs, cpu, wall, 1 / cpu, "runs a second a core")


def by_batch_run(people: int, first: Row) -> Iterator[Row]:
    """Yield what a run by ``mesa.batch_run`` takes, after checking that it reaches the same people as ours."""
    runs = _BATCH_RUNS.get(people, 1)
    scenario = scenario_of(people, runs)
    world = build_world(scenario)
    name = f"{people} people"
    SHARED[name] = (scenario, world)
    for what in ("mesa.batch_run, with and without the policy", "mesa.batch_run, with the policy only"):
        with Spent() as took:
            found = run_batch(name, range(runs))
        _same_as_ours(scenario, [line["reached"] for line in found])
        row = _row(people, what, runs, [_share(took, runs)])
        times = (row.cpu or 0.0) / (first.cpu or 1.0)
        yield replace(row, note=f"{times:,.0f} times one run of ours; the same number reached in each run")
        if not what.endswith("only"):
            for replication in range(runs):
                twin(name, replication)


def _same_as_ours(scenario: Scenario, reached: list[int]) -> None:
    world = SHARED[f"{scenario.population.customers} people"][1]
    engine, policy = Engine(world), policies_of(scenario)[1]
    for replication, theirs in enumerate(reached):
        book = run_policy(scenario, policy, world, engine, replication).trace.book
        mine = int(book.daily[:, tr.D_REACHED].sum())
        if mine != theirs:
            raise RuntimeError(f"replication {replication}: batch_run reaches {theirs}, the compiled engine {mine}")


def rows(sizes: list[int]) -> Iterator[Row]:
    """Yield all rows, after a run by ``batch_run`` that is not counted: its first loads the compiled rules."""
    scenario = scenario_of(60, 1)
    SHARED["warm"] = (scenario, build_world(scenario))
    run_batch("warm", range(1))
    for people in sizes:
        tell(f"{people:,} people")
        found = list(ours(people))
        yield from found
        tell(f"{people:,} people, mesa.batch_run")
        yield from by_batch_run(people, found[0])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, action="append", help="people of the market; repeatable")
    emit(rows(parser.parse_args().people or [1_000, 10_000]))


if __name__ == "__main__":
    main()
