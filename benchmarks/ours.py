"""The cascade in wom_sim: an ordinary scenario, run as any other, on a graph that is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.graph import Graph
from wom_sim import Scenario, build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.simulation import luck_seed, numbers_of, policies_of, run_policy, treatments_of
from wom_sim.world import trace as tr
from wom_sim.world.network import ACQUAINTANCE, from_edges
from wom_sim.world.world import World

SCENARIO = Path(__file__).with_name("cascade.toml")

Run = Callable[[int], int]
"""Runs the cascade once: from a seed to the number of people who know in the end, those told first included."""


def scenario_of(people: int, seeds: Sequence[int], p: float) -> Scenario:
    """Return the scenario: ``seeds`` are told on the first day, each tie passes it on with chance ``p``."""
    tells = [
        f"behaviour.talking.{who}_tells.{tie}={p}"
        for who in ("victim", "hearer")
        for tie in ("household", "close", "acquaintance")
    ]
    ids = f"choose.ids={[int(i) for i in seeds]}"
    return load_scenario(SCENARIO, [f"population.customers={people}", ids, *tells])


def world_of(scenario: Scenario, graph: Graph) -> World:
    """Return the world of the scenario, on the given graph."""
    kinds = np.full(len(graph.first), ACQUAINTANCE, dtype=np.int64)
    return build_world(scenario)._replace(network=from_edges(graph.people, graph.first, graph.second, kinds))


def scenario_run(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """Return the cascade as a user runs it: policy, treatments, engine, books."""
    scenario = scenario_of(graph.people, seeds, p)
    world = world_of(scenario, graph)
    engine, policy = Engine(world), policies_of(scenario)[1]

    def run(seed: int) -> int:
        return _known(run_policy(scenario, policy, world, engine, seed).trace)

    return run


def engine_run(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """Return the cascade as the engine alone runs it; treatments are the same for all seeds."""
    scenario = scenario_of(graph.people, seeds, p)
    world = world_of(scenario, graph)
    engine, policy = Engine(world), policies_of(scenario)[1]
    numbers = numbers_of(scenario, policy, world.newcomer)
    treatments = treatments_of(scenario, policy, world, 0)

    def run(seed: int) -> int:
        return _known(engine.run(numbers, treatments, luck_seed(scenario, seed)))

    return run


def _known(trace: tr.Trace) -> int:
    return int(trace.book.daily[:, [tr.D_TOLD, tr.D_REACHED]].sum())
