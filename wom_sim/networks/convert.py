"""To and from networkx."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from wom_sim.world.network import ACQUAINTANCE, CLASS_NAMES, NO_STRENGTH, Network, edges, from_edges


def to_networkx(network: Network) -> Any:
    """Return an undirected networkx graph of nodes 0 .. n-1.

    The edge attribute ``tie`` names the class; ``p`` is the strength of the tie, where ties have one.
    """
    graph = nx.empty_graph(network.size)
    for a, b, kind in zip(*(part.tolist() for part in edges(network)), strict=True):
        graph.add_edge(a, b, tie=CLASS_NAMES[kind])
    if len(network.strength):
        for a in range(network.size):
            for b, p in zip(network.neighbours(a).tolist(), network.strengths(a).tolist(), strict=True):
                graph.edges[a, b]["p"] = p
    return graph


def from_networkx(graph: Any, kind: int = ACQUAINTANCE) -> Network:
    """Return the network of a graph whose nodes are 0 .. n-1.

    An edge attribute ``tie`` overrides ``kind``; an attribute ``p`` (0..1, 1 where some edges lack it) is the strength.
    """
    listed = [(a, b, CLASS_NAMES.index(tie) if tie else kind) for a, b, tie in graph.edges(data="tie")]
    table = np.array(listed, dtype=np.int64).reshape(-1, 3)
    given = [p for _, _, p in graph.edges(data="p")]
    strength = NO_STRENGTH
    if any(p is not None for p in given):
        strength = np.array([1.0 if p is None else p for p in given], dtype=np.float64)
    return from_edges(graph.number_of_nodes(), table[:, 0], table[:, 1], table[:, 2], strength)
