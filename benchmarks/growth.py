"""How the time of a run grows: with the people reached in a market of one size, and with the market at one reach.

The second must be flat (promise 4), but for memory that is further away: compare the time for each person reached,
because in a smaller market the coverage meets more people twice. The chosen are given by number, so that
what is measured is the run; choosing 1,000 of all customers looks at all of them, and is measured in the national part.

python -m benchmarks.growth [--people 4000000]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator

from benchmarks.measure import Row, Spent, emit, medians, peak_memory, tell
from wom_sim import Scenario, build_world
from wom_sim.engines.compiled import Engine, warm
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.media import Media
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.population import Population
from wom_sim.simulation import luck_seed, numbers_of, policies_of, treatments_of
from wom_sim.world import trace as tr
from wom_sim.world.outlets import outlets_from
from wom_sim.world.world import World

FIXED, SIZES = 4_000_000, (1_000_000, 4_000_000, 16_000_000)
LETTERS = (100, 1_000, 10_000, 100_000)
SHARES = (0.01, 0.05, 0.2, 0.8)
REACHED = 200_000
_RUNS = 5


def scenario_of(people: int) -> Scenario:
    """Return a market at the defaults, without outlets, prospects, or a policy that chooses."""
    policy = Policy(name="bulk letter", use="bulk_letter")
    return Scenario(name="growth", population=Population(customers=people), media=Media(outlets=()), policies=(policy,))


def with_outlet(world: World, share: float) -> World:
    """Return the world with one outlet that picks up anything and reaches about this share, in a few days."""
    return world._replace(
        outlets=outlets_from([{"threshold": 0.0, "reach": share / 2, "half_life": 1.0, "lag": 1, "national": False}])
    )


def measure(what: str, scenario: Scenario, world: World, engine: Engine, letters: int) -> Row:
    """Return the row of the engine's runs with so many letters, to people evenly spread."""
    people = len(world.people)
    ids = tuple(range(0, people, people // letters))[:letters]
    policy = policies_of(scenario)[1].model_copy(update={"choose": Choose(ids=ids)})
    numbers = numbers_of(scenario, policy, world.newcomer)
    engine.world = world
    spent, reached = [], []
    for replication in range(_RUNS + 1):
        seed = luck_seed(scenario, replication)
        treatments = treatments_of(scenario, policy, world, seed)
        with Spent() as took:
            trace = engine.run(numbers, treatments, seed)
        if replication:  # the first takes its memory from the system
            spent.append(took)
            reached.append(int(trace.book.daily[:, tr.D_REACHED].sum()))
    cpu, wall = medians(spent)
    return Row(
        "growth", what, people, _RUNS, cpu, wall, statistics.median(reached), "people reached", peak_memory(),
        note=f"{letters:,} letters",
    )  # fmt: skip


def rows(fixed: int) -> Iterator[Row]:
    """Yield time against reach at one size, then against size at one reach."""
    warm()
    tell(f"{fixed:,} people, reach grows")
    scenario = scenario_of(fixed)
    world = build_world(scenario)
    engine = Engine(world)
    for letters in LETTERS:
        yield measure("reach grows, by letters", scenario, world, engine, letters)
    for share in SHARES:
        yield measure("reach grows, by coverage", scenario, with_outlet(world, share), engine, 1_000)
    del world, engine
    for people in SIZES:
        tell(f"{people:,} people, reach stays")
        scenario = scenario_of(people)
        world = build_world(scenario)
        engine = Engine(world)
        yield measure("size grows, reach stays, by letters", scenario, world, engine, 1_000)
        covered = with_outlet(world, REACHED / people)
        yield measure("size grows, reach stays, by coverage", scenario, covered, engine, 1_000)
        del world, engine, covered


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=FIXED, help="people of the market whose reach grows")
    emit(rows(parser.parse_args().people))


if __name__ == "__main__":
    main()
