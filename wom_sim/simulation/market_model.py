"""A scenario as an ordinary Mesa model, for who works with Mesa: its batch runner, its pages, an agent of one's own."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import numpy as np

from wom_sim.engines.customer import Customer
from wom_sim.engines.reference import Market
from wom_sim.scenario import Scenario, load_scenario
from wom_sim.simulation.building import build_world
from wom_sim.simulation.policies import policy_of
from wom_sim.simulation.running import prepared
from wom_sim.world.world import World

_SEEDS = 2**63


class MarketModel(Market):
    """The reference engine of a scenario, made of plain values, so that Mesa can make it again and again.

    Parameters
    ----------
    file : path or Scenario
        A scenario file, ``builtin:NAME``, or a scenario that is loaded.
    policy : str, optional
        The policy by name; the scenario's first if left out.
    replication : int
        Which luck of the seed; 0 is the first.
    customer : type
        The class of the people; one of one's own is made of ``wom_sim.engines.customer.Customer``.
    seed, rng : int, optional
        Seed of what happens, of which either may be given; that of the scenario if both are None. 0 is a seed. A
        numpy ``SeedSequence`` or ``Generator`` will do as ``rng``.
    events : bool
        Whether the event log is kept.
    **overrides
        Keys of the scenario, as ``--set`` takes them: ``MarketModel(policy="letter", **{"choose.limit": 20})``.

    Raises
    ------
    ValueError
        If a key or value does not fit, there is no such policy, or both seeds are given.
    """

    def __init__(
        self,
        file: str | os.PathLike[str] | Scenario = "builtin:first_look",
        policy: str | None = None,
        replication: int = 0,
        customer: type[Customer] = Customer,
        *,
        seed: int | None = None,
        rng: Any = None,
        events: bool = True,
        **overrides: Any,
    ) -> None:
        said = _said(file, overrides, _one_seed(seed, rng))
        chosen = policy_of(said, said.policies[0].name if policy is None else policy)
        world = _world(said, 0 if said.run.same_world else replication)
        numbers, treatments, luck, more = prepared(said, chosen, world, replication)
        super().__init__(world, numbers, treatments, seed=luck, events=events, customer=customer, **more)
        self.scenario_, self.policy = said, chosen  # ``scenario`` is a name of Mesa's own from 3.5 on


def _one_seed(seed: int | None, rng: Any) -> int | None:
    """Return the seed that is meant, None if none is given. Raises ValueError on two, or on what is none."""
    if seed is not None and rng is not None:
        raise ValueError("seed and rng: both are given, allowed: one of them")
    given = seed if rng is None else rng
    if isinstance(given, np.random.SeedSequence):
        given = int(given.generate_state(1, np.uint64)[0]) % _SEEDS
    if isinstance(given, np.random.Generator):
        given = int(given.integers(_SEEDS))
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not 0 <= int(given) < _SEEDS:
        raise ValueError(f"seed: given {str(given)[:40]!r}, allowed: a whole number from 0 to 2^63 - 1")
    return int(given)


def _said(scenario: Any, overrides: dict[str, Any], seed: int | None) -> Scenario:
    """Return the scenario with what is set; a seed is that of luck, people and ties keep theirs."""
    given = [f"{key}={_written(value)}" for key, value in overrides.items()]
    if isinstance(scenario, Scenario):
        if given:
            raise ValueError(f"{next(iter(overrides))}: allowed only where the scenario is a file; set it when loading")
        said = scenario
    else:
        said = _loaded(os.fspath(scenario), tuple(given))
    if seed is None:
        return said
    world = said.run.seed if said.run.world_seed is None else said.run.world_seed
    return said.model_copy(update={"run": said.run.model_copy(update={"seed": seed, "world_seed": world})})


@lru_cache(maxsize=64)
def _loaded(file: str, given: tuple[str, ...]) -> Scenario:
    return load_scenario(file, given)


def _written(value: Any) -> str:
    """Return a value as ``--set`` takes it."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return str(value.item() if isinstance(value, np.generic) else value)


_WORLDS: dict[str, World] = {}
"""The world built last, which the next model of a batch most often has as well; nobody writes into it."""


def _world(scenario: Scenario, replication: int) -> World:
    """Return people and ties, those of the last model where they are the same."""
    from wom_sim.scenario import fingerprint

    run = scenario.run.model_copy(update={"seed": 0})
    key = f"{fingerprint(scenario.model_copy(update={'run': run}))} {replication}"
    if key not in _WORLDS:
        _WORLDS.clear()
        _WORLDS[key] = build_world(scenario, replication)
    return _WORLDS[key]
