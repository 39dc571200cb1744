"""The standard random graphs of networkx, and the known graphs that exact answers exist for."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import chain, combinations
from typing import Any

import networkx as nx
import numpy as np

from wom_sim.world.network import CLASS_BITS, CLASS_NAMES, Network, from_edges

_KARATE, _FLORENTINE = 34, 15
_MOST_COMPLETE = 20_000


def build(kind: str, people: int, ties: float, p: float, tie_class: int, seed: int) -> Network:
    """Return a standard graph whose ties are all of class ``tie_class``; the same seed gives the same graph.

    ``ties`` is the mean number of ties of a person: rounded for random_regular, to the nearest even number
    for watts_strogatz, twice the attachment (at least 1) for barabasi_albert and powerlaw_cluster; unused
    where there is no choice. ``p`` is the chance to rewire (watts_strogatz) or to close a triangle
    (powerlaw_cluster). Person 0 is the centre of a star. Cliques are groups of ``ties`` + 1 people, numbered
    one after the other, who all know each other and nobody else; the last group takes who is left.

    Raises
    ------
    ValueError
        If the kind is unknown, or no such graph exists for so many people and ties.
    """
    if kind not in KINDS:
        raise ValueError(f"network.kind: {kind!r} is not one of {', '.join(KINDS)}")
    if people < 1:
        raise ValueError(f"a network needs at least 1 person, not {people}")
    if not (ties >= 0.0 and math.isfinite(ties)):
        raise ValueError(f"network.ties: must be 0 or more, not {ties:g}")
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"network.p: must be 0 to 1, not {p:g}")
    if tie_class not in range(len(CLASS_NAMES)):
        raise ValueError(f"the class of a tie must be 0 to {len(CLASS_NAMES) - 1}, not {tie_class}")
    if kind == "complete":
        return _complete(people, tie_class)
    graph = _GRAPHS[kind](people, ties, p, int(seed))
    pairs = np.fromiter(chain.from_iterable(graph.edges()), dtype=np.int64).reshape(-1, 2)
    return from_edges(people, pairs[:, 0], pairs[:, 1], np.full(len(pairs), tie_class, dtype=np.int64))


def _erdos_renyi(people: int, ties: float, p: float, seed: int) -> Any:
    if ties > people - 1:
        raise ValueError(_too_many("erdos_renyi", people, ties, people - 1))
    chance = ties / (people - 1) if people > 1 else 0.0
    if chance < 1e-15:  # networkx divides by log(1 - chance), which is 0 here
        return nx.empty_graph(people)
    return nx.fast_gnp_random_graph(people, chance, seed=seed)


def _watts_strogatz(people: int, ties: float, p: float, seed: int) -> Any:
    k = 2 * math.floor(ties / 2.0 + 0.5)
    if k > people - 1:
        most = (people - 1) // 2 * 2
        raise ValueError(_too_many("watts_strogatz", people, ties, most, "rounded to an even number"))
    return nx.watts_strogatz_graph(people, k, p, seed=seed)


def _barabasi_albert(people: int, ties: float, p: float, seed: int) -> Any:
    return nx.barabasi_albert_graph(people, _attachment("barabasi_albert", people, ties), seed=seed)


def _powerlaw_cluster(people: int, ties: float, p: float, seed: int) -> Any:
    return nx.powerlaw_cluster_graph(people, _attachment("powerlaw_cluster", people, ties), p, seed=seed)


def _random_regular(people: int, ties: float, p: float, seed: int) -> Any:
    degree = round(ties)
    if degree > people - 1:
        raise ValueError(_too_many("random_regular", people, ties, people - 1))
    if people * degree % 2:
        raise ValueError(
            f"random_regular: {people:,} people cannot have {degree} ties each: people x ties is odd; "
            "change one of them by 1"
        )
    sparse = min(degree, people - 1 - degree)  # networkx may search for ever where nearly all ties exist
    graph = nx.random_regular_graph(sparse, people, seed=seed)
    return graph if sparse == degree else nx.complement(graph)


def _star(people: int, ties: float, p: float, seed: int) -> Any:
    return nx.star_graph(people - 1)


def _path(people: int, ties: float, p: float, seed: int) -> Any:
    return nx.path_graph(people)


def _cycle(people: int, ties: float, p: float, seed: int) -> Any:
    return nx.cycle_graph(people)


def _empty(people: int, ties: float, p: float, seed: int) -> Any:
    return nx.empty_graph(people)


def _karate(people: int, ties: float, p: float, seed: int) -> Any:
    """Return the members of Zachary's karate club (1977) who met outside it."""
    if people != _KARATE:
        raise ValueError(f"karate: the club has exactly {_KARATE} people, not {people:,}")
    return nx.karate_club_graph()


def _florentine(people: int, ties: float, p: float, seed: int) -> Any:
    """Return the marriages of Florentine families (Padgett 1994), numbered as networkx lists them: Medici are 1."""
    if people != _FLORENTINE:
        raise ValueError(f"florentine: there are exactly {_FLORENTINE} families, not {people:,}")
    return nx.convert_node_labels_to_integers(nx.florentine_families_graph(), ordering="default")


def _cliques(people: int, ties: float, p: float, seed: int) -> Any:
    size = round(ties) + 1
    if size > people:
        raise ValueError(_too_many("cliques", people, ties, people - 1))
    graph = nx.caveman_graph(people // size, size)
    rest = range(people - people % size, people)
    graph.add_nodes_from(rest)
    graph.add_edges_from(combinations(rest, 2))
    return graph


def _complete(people: int, tie_class: int) -> Network:
    """Return the network in which everyone knows everyone, row by row: networkx takes 50 times the memory."""
    if people > _MOST_COMPLETE:
        raise ValueError(
            f"complete: at most {_MOST_COMPLETE:,} people, not {people:,}, because any two of them are tied"
        )
    column = np.arange(people - 1, dtype=np.uint32)
    others = column + (column >= np.arange(people)[:, None])
    start = np.arange(people + 1, dtype=np.int64) * (people - 1)
    ties = (others.astype(np.uint32).ravel() << np.uint32(CLASS_BITS)) | np.uint32(tie_class)
    return Network(start.astype(np.uint32), ties, people)


def _attachment(kind: str, people: int, ties: float) -> int:
    """Return with how many ties each newcomer attaches to those already there."""
    m = max(1, round(ties / 2.0))
    if m > people - 1:
        raise ValueError(_too_many(kind, people, ties, 2 * (people - 1), f"newcomers attach to {m} others"))
    return m


def _too_many(kind: str, people: int, ties: float, most: int, note: str = "") -> str:
    given = f"ties is {ties:g}{', ' if note else ''}{note}"
    return f"{kind}: {given}; among {people:,} people it may be at most {most}"


_GRAPHS: dict[str, Callable[[int, float, float, int], Any]] = {
    "erdos_renyi": _erdos_renyi,
    "watts_strogatz": _watts_strogatz,
    "barabasi_albert": _barabasi_albert,
    "powerlaw_cluster": _powerlaw_cluster,
    "random_regular": _random_regular,
    "star": _star,
    "path": _path,
    "cycle": _cycle,
    "empty": _empty,
    "karate": _karate,
    "florentine": _florentine,
    "cliques": _cliques,
}
KINDS = (*_GRAPHS, "complete")
"""The kinds of graph that ``build`` knows, as ``network.kind`` of a scenario names them."""
