"""The same independent cascade in other packages: a function a peer.

``peer(graph, seeds, p)`` converts the graph and returns ``run(seed)``, which gives the number of people who know in
the end, those told first included. So converting and running can be timed apart.
"""

from __future__ import annotations

import array
import math
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from benchmarks.graph import Graph, rows_of

Run = Callable[[int], int]
_LONGEST = 150
"""Days after which every cascade here has died out; ours gives up after as many."""
_STARSIM_DAYS = 60
"""starsim lives through every day that is asked for, so it is asked for few; a cascade that goes on is an error."""


def cynetdiff(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """CyNetDiff, compiled: the model is made once and reset before each run."""
    from cynetdiff.models import IndependentCascadeModel

    start, ties = rows_of(graph)
    model = IndependentCascadeModel(
        array.array("I", start[:-1].tolist()), array.array("I", ties.tolist()), activation_prob=p
    )
    first = [int(i) for i in seeds]

    def run(seed: int) -> int:
        model.set_rng(seed)
        model.set_seeds(first)
        model.reset_model()
        model.advance_until_completion()
        return int(model.get_num_activated_nodes())

    return run


def eon(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """EoN: discrete SIR with one day of infection. It takes luck from ``rng`` only; global seeds do nothing."""
    import EoN

    net, first = _networkx(graph), [int(i) for i in seeds]

    def run(seed: int) -> int:
        _, _, _, known = EoN.basic_discrete_SIR(net, p, initial_infecteds=first, rng=np.random.default_rng(seed))
        return int(known[-1])

    return run


def ndlib(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """NDlib's independent cascades, with the chance set tie by tie: what it takes otherwise is 1/degree."""
    from ndlib.models.epidemics import IndependentCascadesModel
    from ndlib.models.ModelConfig import Configuration

    model = IndependentCascadesModel(_networkx(graph))
    config = Configuration()
    for a, b in zip(graph.first.tolist(), graph.second.tolist(), strict=True):
        config.add_edge_configuration("threshold", (a, b), p)
    config.add_model_initial_configuration("Infected", [int(i) for i in seeds])
    model.set_initial_status(config)

    def run(seed: int) -> int:
        model.reset()
        np.random.seed(seed)  # noqa: NPY002 - NDlib knows no other luck
        for _ in range(_LONGEST):
            counts = model.iteration(node_status=False)["node_count"]
            if counts[1] == 0:
                break
        return int(counts[1] + counts[2])

    return run


def starsim(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """SIR of starsim on a fixed network, infectious for one step: each simulation is made anew, as it asks for.

    A case infects from the step after its own; a seed is there before the first step, so it has one step less.
    """
    import starsim as ss

    first = ss.uids(np.asarray(seeds, dtype=np.int64))
    weight = np.ones(len(graph.first), dtype=np.float32)
    rate = -math.log1p(-p)  # a bare number would be a rate a year, too, but not the chance that it looks like

    class Cascade(ss.SIR):
        """SIR whose first cases are given."""

        def init_post(self) -> Any:
            super().init_post()
            self.set_prognoses(first, sources=-1)
            self.ti_recovered[first] = self.ti + 1
            return first

    class Fixed(ss.Network):
        """A network that stays as it is."""

        def step(self) -> None:
            pass

    def run(seed: int) -> int:
        nobody = {"init_prev": ss.bernoulli(p=0.0), "p_death": ss.bernoulli(p=0.0)}  # None is the default, 1 in 100
        sim = ss.Sim(
            n_agents=graph.people, networks=Fixed(p1=graph.first, p2=graph.second, beta=weight),
            diseases=Cascade(beta=ss.peryear(rate), dur_inf=ss.constant(v=2), **nobody),
            start=0, dur=_STARSIM_DAYS, dt=1, rand_seed=seed, verbose=0,
        )  # fmt: skip
        sim.run()
        disease = sim.diseases[0]
        if disease.infected.any():
            raise RuntimeError(f"starsim: the cascade goes on after {_STARSIM_DAYS} days")
        return int((~np.asarray(disease.susceptible)).sum())

    return run


def mesa(graph: Graph, seeds: Sequence[int], p: float) -> Run:
    """Mesa, as lean as it goes; see ``mesa_cascade``."""
    from benchmarks.peers.mesa_cascade import Cascade

    model = Cascade(graph)
    return lambda seed: model.run(seeds, p, seed)


def _networkx(graph: Graph) -> Any:
    import networkx as nx

    net = nx.empty_graph(graph.people)
    net.add_edges_from(zip(graph.first.tolist(), graph.second.tolist(), strict=True))
    return net


PEERS: dict[str, Callable[[Graph, Sequence[int], float], Run]] = {
    "CyNetDiff": cynetdiff,
    "EoN": eon,
    "NDlib": ndlib,
    "starsim": starsim,
    "Mesa": mesa,
}


def installed(peer: str) -> str | None:
    """Return the version of a peer, or None where it is not installed."""
    try:
        return version(peer)
    except PackageNotFoundError:
        return None
