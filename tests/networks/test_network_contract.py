"""What every network promises: the invariants, at any size; the same seed, the same ties."""

from __future__ import annotations

from typing import get_args

import networkx as nx
import numpy as np
import pytest
from markets import fingerprint, people_of, plan_of, scenario

from wom_sim.networks import market
from wom_sim.networks.convert import from_networkx, to_networkx
from wom_sim.networks.standard import KINDS, build
from wom_sim.scenario.sections.network import MarketNetwork, RandomGraph
from wom_sim.world.network import CLOSE, Network, check, edges

TOWNS = MarketNetwork(community=12, town=30, acquaintances=3.0, far=0.5)
"""A market of small towns, so that a hundred people live in several."""


def workable(kind: str, people: int) -> float:
    """Return about four ties a person, fewer where so few people cannot have them."""
    return min(4, people - 1) if kind != "watts_strogatz" else min(4, (people - 1) // 2 * 2)


def made(kind: str, people: int, seed: int) -> Network:
    if kind == "market":
        said = scenario(people, network=TOWNS)
        return market.build(plan_of(people, TOWNS), people_of(said)["member"].copy(), seed, workers=1)
    return build(kind, people, workable(kind, people), 0.2, CLOSE, seed)


def sizes(kind: str) -> list[int]:
    if kind in FIXED:
        return [FIXED[kind]]
    return list(range(2 if kind in ("barabasi_albert", "powerlaw_cluster") else 1, 201))


def print_of(network: Network) -> str:
    return fingerprint(network.start, network.listed())


FIXED = {"karate": 34, "florentine": 15}
"""Graphs of so many people and no other number."""
EVERY = ("market", *KINDS)
BY_LUCK = ("market", "erdos_renyi", "watts_strogatz", "barabasi_albert", "powerlaw_cluster", "random_regular")


def test_every_kind_that_a_scenario_may_name_is_here():
    assert set(KINDS) == set(get_args(RandomGraph.model_fields["kind"].annotation))
    assert set(EVERY) >= set(BY_LUCK)


@pytest.mark.parametrize("kind", EVERY)
def test_invariants_at_every_size(kind):
    for people in sizes(kind):
        network = made(kind, people, seed=people)
        check(network)
        assert network.size == network.pool == people
        assert network.start.dtype == network.listed().dtype == np.uint32
        assert network.start[0] == 0
        assert (network.listed() & 3).max(initial=0) <= 2


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1, 2**64 - 1])
def test_same_seed_same_ties(kind, seed):
    people = sizes(kind)[-1]
    assert print_of(made(kind, people, seed)) == print_of(made(kind, people, seed))


@pytest.mark.parametrize("kind", EVERY)
def test_another_seed_other_ties_where_luck_has_a_part(kind):
    people = sizes(kind)[-1]
    different = {print_of(made(kind, people, seed)) for seed in (0, 1, 2, 2**32, 2**63)}
    assert len(different) == (5 if kind in BY_LUCK else 1)


@pytest.mark.parametrize("kind", EVERY)
def test_global_generators_are_neither_used_nor_moved(kind):
    import random

    people = sizes(kind)[-1]
    first = print_of(made(kind, people, 5))
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    before = random.getstate(), np.random.get_state()[1].tobytes()  # noqa: NPY002
    assert print_of(made(kind, people, 5)) == first
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before  # noqa: NPY002


@pytest.mark.parametrize("kind", EVERY)
def test_to_networkx_and_back(kind):
    network = made(kind, sizes(kind)[-1], seed=3)
    graph = to_networkx(network)
    assert sorted(graph.nodes) == list(range(network.size))
    again = from_networkx(graph)
    assert print_of(again) == print_of(network)


def test_from_networkx_takes_one_class_or_names():
    graph = nx.path_graph(3)
    graph.edges[0, 1]["tie"] = "household"
    assert [part.tolist() for part in edges(from_networkx(graph, CLOSE))] == [[0, 1], [1, 2], [0, CLOSE]]
    assert from_networkx(nx.empty_graph(2)).degrees().tolist() == [0, 0]
