"""To and from networkx."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from wom_sim.world.network import ACQUAINTANCE, CLASS_NAMES, Network, edges, from_edges


def to_networkx(network: Network) -> Any:
    """Return an undirected networkx graph of nodes 0 .. n-1; the attribute ``tie`` names the class of each edge."""
    graph = nx.empty_graph(network.size)
    for a, b, kind in zip(*(part.tolist() for part in edges(network)), strict=True):
        graph.add_edge(a, b, tie=CLASS_NAMES[kind])
    return graph


def from_networkx(graph: Any, kind: int = ACQUAINTANCE) -> Network:
    """Return the network of a graph whose nodes are 0 .. n-1; an edge attribute ``tie`` overrides ``kind``."""
    listed = [(a, b, CLASS_NAMES.index(tie) if tie else kind) for a, b, tie in graph.edges(data="tie")]
    table = np.array(listed, dtype=np.int64).reshape(-1, 3)
    return from_edges(graph.number_of_nodes(), table[:, 0], table[:, 1], table[:, 2])
