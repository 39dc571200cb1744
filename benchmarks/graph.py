"""One fixed random graph that all packages cascade on, as plain arrays in a file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Graph(NamedTuple):
    """``people`` numbered from 0; each undirected tie once, ``first`` < ``second``."""

    people: int
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @property
    def ties(self) -> int:
        """Return the number of directed ties."""
        return 2 * len(self.first)


def rows_of(graph: Graph) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the neighbours of each person begin (people + 1 entries), and all neighbours in that order."""
    source = np.concatenate([graph.first, graph.second])
    target = np.concatenate([graph.second, graph.first])
    order = np.lexsort((target, source))
    start = np.zeros(graph.people + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=graph.people), out=start[1:])
    return start, target[order]


def of_pairs(people: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> Graph:
    """Return the graph of these pairs; loops and repetitions are dropped."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    tie = np.unique((low * people + high)[low != high])
    return Graph(people, tie // people, tie % people)


def random_graph(people: int, mean_ties: float, seed: int) -> Graph:
    """Return a random graph of about ``mean_ties`` ties a person; the same seed gives the same graph."""
    rng = np.random.default_rng(seed)
    number = round(people * mean_ties / 2)
    return of_pairs(people, rng.integers(people, size=number), rng.integers(people, size=number))


def save(graph: Graph, path: Path) -> None:
    """Write the graph."""
    np.savez(path, people=graph.people, first=graph.first, second=graph.second)


def load(path: Path) -> Graph:
    """Read the graph."""
    with np.load(path) as held:
        return Graph(int(held["people"]), held["first"], held["second"])
