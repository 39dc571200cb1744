"""People and ties of other packages: what they declare, what they are given, and what must hold of what they give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim import plugins
from wom_sim._compile import kernel
from wom_sim.plugins.limit import PluginError, called
from wom_sim.world import network as ties_of
from wom_sim.world import people as columns_of
from wom_sim.world.luck import uniform
from wom_sim.world.network import Network
from wom_sim.world.people import People, customers


@dataclass(frozen=True)
class PeopleAsked:
    """What a population is made of.

    ``usual`` are the people that segments (or the firm's own table) give, a copy that may be changed and returned: an
    array with the columns of ``wom_sim.world.people.COLUMNS``. ``segments`` are the names of the segments,
    ``represents`` for how many each person stands, ``numbers`` those of ``[[plugins.numbers]]``.
    """

    usual: People
    segments: tuple[str, ...]
    represents: int
    numbers: Mapping[str, float]
    seed: int

    def luck(self, which: int = 0) -> NDArray[np.float64]:
        """Return a uniform number in [0, 1) for each person; ``which`` tells several of a person apart."""
        return lucks(self.seed, len(self.usual), which)


@dataclass(frozen=True)
class TiesAsked:
    """What a network is made of: people, not to be changed, and numbers and luck as for a population."""

    people: People
    numbers: Mapping[str, float]
    seed: int

    def luck(self, which: int = 0) -> NDArray[np.float64]:
        """Return a uniform number in [0, 1) for each person; ``which`` tells several of a person apart."""
        return lucks(self.seed, len(self.people), which)


@dataclass(frozen=True)
class OwnPopulation:
    """A population of another package.

    ``name`` is that of its entry point, ``evidence`` says where it comes from, or that it is an assumption. ``build``
    returns as many people, as many of them customers, as it is given; the same seed gives the same people. Households
    (``member``) stay as they are where ties are drawn by households (the network "market").
    """

    name: str
    evidence: str
    build: Callable[[PeopleAsked], People]


@dataclass(frozen=True)
class OwnNetwork:
    """A network of another package.

    ``name`` and ``evidence`` as for a population. ``build`` returns a ``Network`` (``wom_sim.world.network.from_edges``
    makes one of pairs), or a networkx graph of nodes 0 .. n-1; the same seed gives the same ties.
    """

    name: str
    evidence: str
    build: Callable[[TiesAsked], Any]


def made_people(name: str, asked: PeopleAsked, fixed: bool) -> People:
    """Return the people of another package's population; ``asked``: with the seed of the world.

    ``fixed``: whether households must stay.

    Raises
    ------
    PluginError
        If it fails, or gives what cannot be a population.
    """
    found = _own(plugins.POPULATION, name)
    given = replace(asked, usual=asked.usual.copy(), seed=seed_of(name, asked.seed))
    made = called(name, "built", lambda: found.build(given), plugins.POPULATION)
    wrong = _wrong_people(made, asked.usual, len(asked.segments), fixed)
    if wrong:
        raise PluginError(f"the population {name!r} of another package {wrong}")
    return np.ascontiguousarray(made)


def _wrong_people(made: Any, usual: People, segments: int, fixed: bool) -> str:
    """Return what is wrong with people, as the end of a sentence; "" if nothing is."""
    if not isinstance(made, np.ndarray) or made.dtype != usual.dtype or made.shape != usual.shape:
        said = f"an array of {made.shape}" if isinstance(made, np.ndarray) else type(made).__name__
        return f"returned {said}, allowed: the array of {len(usual):,} people that it was given, changed"
    try:
        columns_of.check(made)
    except ValueError as error:
        return f"returned people that cannot be: {error}"
    same_number = int(customers(made).sum()) == int(customers(usual).sum())
    faults = {
        "returned another number of customers than it was given": not same_number,
        "returned people.churn above 1": bool((made["churn"] > 1.0).any()),
        f"returned people.segment beyond {segments - 1}, the last there is": bool((made["segment"] >= segments).any()),
        "changed people.member, on which the ties of the network 'market' depend": fixed
        and not np.array_equal(made["member"], usual["member"]),
    }
    return next((words for words, is_so in faults.items() if is_so), "")


def made_ties(name: str, people: People, numbers: Mapping[str, float], seed: int) -> Network:
    """Return the ties of another package's network. Raises PluginError if it fails, or gives what is no network."""
    found = _own(plugins.NETWORK, name)
    kept = people.view()
    kept.setflags(write=False)
    asked = TiesAsked(kept, numbers, seed_of(name, seed))
    made = called(name, "built", lambda: found.build(asked), plugins.NETWORK)
    if hasattr(made, "number_of_nodes"):
        from wom_sim.networks.convert import from_networkx

        made = called(name, "read", lambda: from_networkx(made), plugins.NETWORK)
    said = f"the network {name!r} of another package"
    if not isinstance(made, Network):
        raise PluginError(f"{said} returned {type(made).__name__}, allowed: Network, or a graph of networkx")
    if made.size != len(people):
        raise PluginError(f"{said} has {made.size:,} people, there are {len(people):,}")
    made = Network(made.start.astype(np.uint32), made.ties.astype(np.uint32), int(made.pool), made.strength)
    try:
        ties_of.check(made)
    except (ValueError, IndexError) as error:
        raise PluginError(f"{said} returned what is no network: {error}") from None
    return made


@lru_cache(maxsize=64)
def _own(kind: str, name: str) -> Any:
    """Return a population or network of another package by its name. Raises PluginError if it is none."""
    wanted: type[OwnPopulation | OwnNetwork] = OwnPopulation if kind == plugins.POPULATION else OwnNetwork
    found = plugins.declared(kind, name, wanted)
    if not callable(found.build) or not (isinstance(found.evidence, str) and found.evidence):
        raise plugins.wrong(kind, name, wanted, "needs a function to build it, and a word on its evidence")
    return found


def check_made(population: str | None, network: str | None) -> None:
    """Raise PluginError where a population or network of another package, by its name, cannot be loaded or is none."""
    for kind, name in ((plugins.POPULATION, population), (plugins.NETWORK, network)):
        if name is not None:
            _own(kind, name)


def seed_of(name: str, seed: int) -> int:
    """Return the seed of the luck of a plug-in: its own, so that it shares no draw with the model or with another.

    >>> seed_of("towns", 1) == seed_of("towns", 1), seed_of("towns", 1) == seed_of("rings", 1)
    (True, False)
    """
    return int.from_bytes(hashlib.sha256(f"{name} {seed}".encode()).digest()[:8], "big") >> 1


def lucks(seed: int, number: int, which: int) -> NDArray[np.float64]:
    """Return a uniform number in [0, 1) for each of ``number`` people; one more person changes none of the others'."""
    return np.asarray(_uniforms(np.uint64(seed), number, which), dtype=np.float64)


@kernel
def _uniforms(seed: int, number: int, which: int) -> NDArray[np.float64]:
    out = np.empty(number, dtype=np.float64)
    for i in range(number):
        out[i] = uniform(seed, 0, i, which, 0)
    return out
