"""The same cascades in other packages agree with ours within error.

The unit is a run: people in one network are dependent. z is the difference of the two means over its standard
error; 4 is the most that is accepted, for then chance alone does it once in 16,000 comparisons.

python -m benchmarks.peers.agreement
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from benchmarks import ours
from benchmarks.graph import Graph, of_pairs
from benchmarks.peers.adapters import PEERS, installed
from wom_sim import Scenario, build_world
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.population import Population
from wom_sim.world.network import edges

MOST = 4.0
"""The largest |z| that is accepted."""


class Case(NamedTuple):
    """A cascade to compare: the graph, who is told first, the chance of a tie."""

    graph: str
    told_first: tuple[int, ...]
    p: float


CASES = (
    Case("karate", (0,), 0.1),
    Case("karate", (0,), 0.2),
    Case("random, 2,000 people", tuple(range(20)), 0.12),
    Case("market, 2,000 people", tuple(range(0, 2_000, 100)), 0.12),
)
RUNS = {"CyNetDiff": 4_000, "EoN": 1_000, "NDlib": 500, "starsim": 60, "Mesa": 1_000}
"""Runs of each package: what takes it some ten seconds on the larger graphs. Ours makes 3,000."""
_OURS = 3_000
_SEED = 2007


class Row(NamedTuple):
    """A comparison; ``ours`` and ``theirs`` are mean numbers of people who know in the end."""

    peer: str
    graph: str
    p: float
    ours: float
    theirs: float
    z: float
    runs: int


@cache
def graph(name: str) -> Graph:
    """Return a graph by name; the same each time."""
    if name == "karate":
        pairs = np.array(nx.karate_club_graph().edges(), dtype=np.int64)
        return of_pairs(34, pairs[:, 0], pairs[:, 1])
    if name.startswith("random"):
        pairs = np.array(nx.fast_gnp_random_graph(2_000, 10 / 1_999, seed=_SEED).edges(), dtype=np.int64)
        return of_pairs(2_000, pairs[:, 0], pairs[:, 1])
    people = Population(customers=2_000)
    said = Scenario(name="market", population=people, policies=(Policy(name="bulk letter", use="bulk_letter"),))
    first, second, _ = edges(build_world(said, workers=1).network)
    return of_pairs(2_000, first, second)


@cache
def sample(case: Case, peer: str | None, runs: int) -> NDArray[np.float64]:
    """Return the number who know in the end, in each run: of a peer, or (None) of ours."""
    prepare = ours.engine_run if peer is None else PEERS[peer]
    run = prepare(graph(case.graph), case.told_first, case.p)
    return np.array([run(seed) for seed in range(1, runs + 1)], dtype=np.float64)


def compare(peer: str, case: Case) -> Row:
    """Return how far a package is from ours."""
    mine, theirs = sample(case, None, _OURS), sample(case, peer, RUNS[peer])
    error = math.sqrt(mine.var(ddof=1) / len(mine) + theirs.var(ddof=1) / len(theirs))
    z = (theirs.mean() - mine.mean()) / error
    return Row(peer, case.graph, case.p, float(mine.mean()), float(theirs.mean()), float(z), len(theirs))


def rows() -> Iterator[Row]:
    """Yield the comparisons with the packages that are installed."""
    for peer in PEERS:
        if installed(peer) is not None:
            yield from (compare(peer, case) for case in CASES)


def main() -> None:
    """Print the comparisons as a table."""
    print("| package | graph | p | ours | theirs | z | their runs |\n|---|---|---|---|---|---|---|")
    for row in rows():
        figures = f"{row.ours:.3f} | {row.theirs:.3f} | {row.z:+.2f} | {row.runs:,}"
        print(f"| {row.peer} | {row.graph} | {row.p} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
