"""The standard graphs are those of networkx, and what cannot be is refused in words."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest

from wom_sim.networks.standard import KINDS, build
from wom_sim.world.network import ACQUAINTANCE, CLOSE, HOUSEHOLD, Network, check, edges

SEED = 11


def pairs(network: Network) -> set[tuple[int, int]]:
    first, second, _ = edges(network)
    return set(zip(first.tolist(), second.tolist(), strict=True))


def of(graph: nx.Graph) -> set[tuple[int, int]]:
    return {(min(edge), max(edge)) for edge in graph.edges() if edge[0] != edge[1]}


@pytest.mark.parametrize(
    ("kind", "ties", "graph"),
    [
        ("erdos_renyi", 5.0, nx.fast_gnp_random_graph(60, 5.0 / 59.0, seed=SEED)),
        ("erdos_renyi", 59.0, nx.complete_graph(60)),
        ("erdos_renyi", 0.0, nx.empty_graph(60)),
        ("erdos_renyi", 1e-15, nx.empty_graph(60)),
        ("watts_strogatz", 4.0, nx.watts_strogatz_graph(60, 4, 0.3, seed=SEED)),
        ("watts_strogatz", 4.9, nx.watts_strogatz_graph(60, 4, 0.3, seed=SEED)),
        ("watts_strogatz", 5.0, nx.watts_strogatz_graph(60, 6, 0.3, seed=SEED)),
        ("barabasi_albert", 6.0, nx.barabasi_albert_graph(60, 3, seed=SEED)),
        ("barabasi_albert", 0.0, nx.barabasi_albert_graph(60, 1, seed=SEED)),
        ("powerlaw_cluster", 6.0, nx.powerlaw_cluster_graph(60, 3, 0.3, seed=SEED)),
        ("random_regular", 5.0, nx.random_regular_graph(5, 60, seed=SEED)),
        ("random_regular", 59.0, nx.complete_graph(60)),
        ("complete", 8.0, nx.complete_graph(60)),
        ("star", 8.0, nx.star_graph(59)),
        ("path", 8.0, nx.path_graph(60)),
        ("cycle", 8.0, nx.cycle_graph(60)),
        ("empty", 8.0, nx.empty_graph(60)),
        ("cliques", 4.0, nx.caveman_graph(12, 5)),
        ("cliques", 0.0, nx.empty_graph(60)),
        ("cliques", 7.0, nx.disjoint_union(nx.caveman_graph(7, 8), nx.complete_graph(4))),
        ("cliques", 59.0, nx.complete_graph(60)),
    ],
)
def test_as_networkx_makes_them(kind, ties, graph):
    assert pairs(build(kind, 60, ties, 0.3, CLOSE, SEED)) == of(graph)


def test_karate_is_zacharys_club():
    club = build("karate", 34, 8.0, 0.1, ACQUAINTANCE, 0)
    assert len(pairs(club)) == 78
    degrees = club.degrees()
    assert (degrees[0], degrees[33]) == (16, 17), "the instructor and the president"


def test_florentine_is_padgetts_marriages_in_the_order_of_networkx():
    named = nx.florentine_families_graph()
    order = list(named)
    assert order[1] == "Medici"
    expected = {tuple(sorted((order.index(a), order.index(b)))) for a, b in named.edges()}
    assert pairs(build("florentine", 15, 8.0, 0.1, ACQUAINTANCE, 0)) == expected
    assert len(expected) == 20


def test_the_centre_of_a_star_is_person_0():
    assert build("star", 10, 8.0, 0.1, CLOSE, 0).degrees().tolist() == [9] + [1] * 9


@pytest.mark.parametrize("people", [1, 2, 3])
def test_tiny_cycles_have_no_loops_and_no_double_ties(people):
    assert (
        pairs(build("cycle", people, 2.0, 0.0, CLOSE, 0))
        == {1: set(), 2: {(0, 1)}, 3: {(0, 1), (1, 2), (0, 2)}}[people]
    )


@pytest.mark.parametrize("tie_class", [HOUSEHOLD, CLOSE, ACQUAINTANCE])
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"empty", "florentine"}))
def test_every_tie_is_of_the_class(kind, tie_class):
    kinds = edges(build(kind, 34, 4.0, 0.1, tie_class, SEED))[2]
    assert len(kinds)
    assert set(kinds.tolist()) == {tie_class}


@pytest.mark.parametrize(("people", "degree"), [(50, 25), (50, 46), (100, 97), (200, 198), (31, 16)])
def test_nearly_complete_regular_graphs_are_found_at_once(people, degree):
    """Networkx searches without end where almost every tie exists; the complement of few is as random."""
    network = build("random_regular", people, degree, 0.0, CLOSE, SEED)
    check(network)
    assert set(network.degrees().tolist()) == {degree}


@pytest.mark.science
def test_mean_ties_are_as_planned():
    n, ties = 20_000, 8.0
    counted = len(pairs(build("erdos_renyi", n, ties, 0.0, CLOSE, SEED)))
    expected = n * ties / 2.0
    assert abs(counted - expected) < 4.0 * math.sqrt(expected), "a binomial count"
    assert len(pairs(build("barabasi_albert", n, ties, 0.0, CLOSE, SEED))) == 4 * (n - 4)
    assert len(pairs(build("watts_strogatz", n, ties, 0.2, CLOSE, SEED))) == 4 * n


def test_p_closes_triangles_and_rewires():
    def clustering(kind: str, p: float) -> float:
        network = build(kind, 2000, 6.0, p, CLOSE, SEED)
        return nx.average_clustering(nx.Graph(list(pairs(network))))

    assert clustering("powerlaw_cluster", 0.9) > 5.0 * clustering("powerlaw_cluster", 0.0)
    assert clustering("watts_strogatz", 0.0) == pytest.approx(0.6), "3 (k - 2) / 4 (k - 1) of the ring"
    assert clustering("watts_strogatz", 1.0) < 0.02


@pytest.mark.parametrize(
    ("message", "kind", "people", "ties", "p"),
    [
        ("'tree' is not one of erdos_renyi,", "tree", 10, 2.0, 0.1),
        ("at least 1 person, not 0", "star", 0, 2.0, 0.1),
        ("ties: must be 0 or more, not -1", "erdos_renyi", 10, -1.0, 0.1),
        ("ties: must be 0 or more, not nan", "erdos_renyi", 10, math.nan, 0.1),
        ("p: must be 0 to 1, not 1.5", "watts_strogatz", 10, 2.0, 1.5),
        ("erdos_renyi: ties is 8; among 5 people it may be at most 4", "erdos_renyi", 5, 8.0, 0.1),
        ("watts_strogatz: ties is 8.*among 8 people it may be at most 6", "watts_strogatz", 8, 8.0, 0.1),
        ("barabasi_albert: ties is 8.*attach to 4.*at most 6", "barabasi_albert", 4, 8.0, 0.1),
        ("powerlaw_cluster: ties is 2.*among 1 people", "powerlaw_cluster", 1, 2.0, 0.1),
        ("random_regular: ties is 5; among 5 people it may be at most 4", "random_regular", 5, 5.0, 0.1),
        ("9 people cannot have 3 ties each: people x ties is odd", "random_regular", 9, 3.0, 0.1),
        ("exactly 34 people, not 33", "karate", 33, 2.0, 0.1),
        ("exactly 34 people, not 35", "karate", 35, 2.0, 0.1),
        ("exactly 15 families, not 16", "florentine", 16, 2.0, 0.1),
        ("cliques: ties is 5; among 5 people it may be at most 4", "cliques", 5, 5.0, 0.1),
        ("complete: at most 20,000 people, not 20,001", "complete", 20_001, 2.0, 0.1),
    ],
)
def test_what_cannot_be_is_refused_in_words(message, kind, people, ties, p):
    with pytest.raises(ValueError, match=message):
        build(kind, people, ties, p, CLOSE, SEED)


def test_a_class_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="must be 0 to 2, not 3"):
        build("star", 5, 2.0, 0.1, 3, SEED)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"karate", "florentine", "complete"}))
def test_the_most_ties_that_the_message_allows_can_be_made(kind):
    for people in range(2, 12):
        most = {"watts_strogatz": (people - 1) // 2 * 2, "random_regular": people - 1}.get(kind, people - 1)
        if kind in ("barabasi_albert", "powerlaw_cluster"):
            most = 2 * (people - 1)
        network = build(kind, people, float(most), 0.5, CLOSE, SEED)
        check(network)
        assert np.all(network.degrees() <= people - 1)
