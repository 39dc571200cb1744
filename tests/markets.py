"""Scenarios at their own defaults, and the market worlds that they say, for tests."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

from wom_sim.networks import market
from wom_sim.policies.worth import profits
from wom_sim.populations import synthetic
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.money import Money
from wom_sim.scenario.sections.network import MarketNetwork
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.population import Population, Segment
from wom_sim.simulation import build_world, census_of, segments_of
from wom_sim.world.people import People
from wom_sim.world.world import World

SEED = 2007
DEFAULT = Segment(name="customers")
COSTS = (Money().cost_per_call, Money().credit_per_call)


def scenario(
    customers: int,
    prospects: int = 0,
    segments: tuple[Segment, ...] = (DEFAULT,),
    network: MarketNetwork | None = None,
    **population: float,
) -> Scenario:
    """Return a scenario of so many people; all else is as the scenario language has it."""
    people = Population(customers=customers, prospects=prospects, segments=segments, **population)
    policies = (Policy(name="bulk letter", use="bulk_letter"),)
    return Scenario(name="test", population=people, network=network or MarketNetwork(), policies=policies)


def people_of(said: Scenario, seed: int = SEED, workers: int = 1) -> People:
    """Return the synthetic population of a scenario."""
    return synthetic.build(census_of(said), segments_of(said), seed, workers)


@cache
def default_people(customers: int, seed: int = SEED) -> People:
    """Return customers at the defaults; shared by tests, which must not change them."""
    return people_of(scenario(customers), seed)


@cache
def default_world(customers: int, prospects: int = 0) -> World:
    """Return a market world at the defaults; shared by tests, which must not change it."""
    return build_world(scenario(customers, prospects), workers=1)


def plan_of(people: int, net: MarketNetwork) -> market.MarketPlan:
    """Return the plan that a scenario's market network stands for."""
    bare = market.plan(people, net.community, net.town, net.close, net.close_rewired)
    return market.with_acquaintances(bare, net.acquaintances, net.acquaintances_spread, net.far)


def profits_of(people: People) -> np.ndarray:
    """Return everyone's profit at the default costs, in currency a month."""
    return profits(people, np.arange(len(people)), *COSTS)


def fingerprint(*arrays: np.ndarray) -> str:
    """Return 16 hex digits of plain arrays (records have padding, whose bytes mean nothing)."""
    digest = hashlib.sha256()
    for array in arrays:
        if array.dtype.names:
            raise TypeError("give the columns of a record one by one")
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def columns_of(people: People) -> list[np.ndarray]:
    """Return the columns of a population."""
    return [np.ascontiguousarray(people[name]) for name in people.dtype.names]
