"""Small worlds for tests."""

from __future__ import annotations

import numpy as np

from wom_sim.networks.convert import from_networkx
from wom_sim.world import people as pl
from wom_sim.world import trace as tr
from wom_sim.world.accounts import ACCOUNT_TYPE, AS_ALL, Accounts
from wom_sim.world.network import Network
from wom_sim.world.numbers import Numbers
from wom_sim.world.outlets import OUTLET_TYPE, Outlets, outlets_from
from wom_sim.world.people import People
from wom_sim.world.world import World

NUMBERS = Numbers(
    days=90, p_talk_victim=1.0, p_retell=0.6, victim_tells=(0.9, 0.8, 0.5), victim_strangers=2.0,
    hearer_tells=(0.7, 0.5, 0.4), hearer_strangers=0.5, talk_half_life=4.0, stranger_half_life=4.0, talk_days=20,
    p_stop_when_known=0.3, p_post=0.5, p_post_hearer=0.2, hearsay_news=0.5, post_half_life=3.0, post_days=10,
    audience_least=2.0, audience_tail=1.2, audience_most=50.0, p_defend=0.5, p_defend_siding=0.2, p_call=0.3,
    unsolved=0.5, calls_again_after=3,
    weight=(0.0, 1.0, 1.0, 0.5, 0.3, 0.3, 0.4),
    harm_per_dose=1.0, sides=0.15, affected=0.6, buffer=0.5, harm_half_life=60.0, corroboration_boost=0.5,
    corroboration_half_point=2.0, beta=2.0, beta_join=3.0, poach=0.0, poach_after=2, poach_days=20,
    locked=0.5, chi=0.8, contagion_half_life=20.0,
    contagion_window=35, contagion_most=4.0, departure_weight=(1.3, 1.0, 0.7), dismissed_counts=0.5,
    household_follows=0.5, buzz_half_life=3.0, pause_above=0.0, response_after=0, response_severity=1.0,
    response_news=1.0, response_cost=0.0, response_reinstates=0, programme_cost=0.0, contact_cost=8.0,
    contact_lag=2, special_steepness=0.5, special_reference=4.0, observed_from=0, end_month=30,
    credit_per_call=2.0, complaint_value=5.0, credits_teach=0.5, learning_discount=0.06,
    profitable_above=0.0, discount=0.008, acquisition_cost=400.0, new_customer_profit=24.0, new_customer_churn=0.02,
    fees_collectable=1.0,
)  # fmt: skip


SEGMENTS = 2


def some_people(n: int, seed: int, customers: float = 0.7, churn: float = 0.15) -> People:
    """Return ``n`` people with varied columns; households of up to three."""
    rng = np.random.default_rng(seed)
    people = pl.empty(n)
    people["traits"] = np.where(rng.random(n) < customers, 1, 0) | rng.choice([0, 2, 4, 6], n)
    people["margin"] = rng.normal(20, 40, n)
    people["calls"] = rng.lognormal(0, 1, n)
    people["churn"] = np.minimum(1.0, rng.random(n) * churn)
    people["contract"] = rng.integers(0, 5, n)
    people["bill_day"] = rng.integers(0, 30, n)
    people["member"] = np.arange(n) % 3
    people["talkativeness"] = rng.lognormal(0, 0.5, n)
    people["commitment"] = rng.integers(0, 256, n)
    people["segment"] = rng.integers(0, SEGMENTS, n)
    return people


def some_network(graph, seed: int, graded: bool = False) -> Network:
    """Return the network of a networkx graph with classes of tie, and perhaps strengths, drawn at random."""
    rng = np.random.default_rng(seed)
    for _, _, data in graph.edges(data=True):
        data["tie"] = ("household", "close", "acquaintance")[rng.integers(3)]
        if graded:
            data["p"] = rng.choice([0.0, 0.4, 1.0])
    return from_networkx(graph)


def some_outlets() -> Outlets:
    """Return two outlets, one of them national."""
    return outlets_of([(0.5, 0.2, 3.0, 1, False, 0.0), (1.5, 0.3, 0.0, 2, True, 200.0)])


def outlets_of(rows: list[tuple]) -> Outlets:
    """Return outlets that only report: threshold, reach, half-life, lag, national, cost for each dismissal."""
    names = OUTLET_TYPE.names
    return outlets_from([dict(zip(names, row, strict=False)) for row in rows])


def world_of(people: People, network: Network, outlets: Outlets | None = None) -> World:
    """Return a world; who is profitable is settled by margin alone."""
    customers = pl.customers(people)
    profitable = (people["margin"] > 0) & customers
    row = np.where(customers, tr.S_FIRST + people["segment"].astype(int), tr.S_PROSPECTS)
    flags = np.where(customers, tr.G_CUSTOMER, 0) | np.where(profitable, tr.G_PROFITABLE, 0)
    people["group"] = row << tr.SEGMENT_SHIFT | flags
    media = some_outlets() if outlets is None else outlets
    return World(people, network, media, segments=SEGMENTS, accounts=some_accounts())


def some_accounts() -> Accounts:
    """Return the accounts of two segments: in both a part of the cost stays; calls settle soon, or late if at all."""
    accounts = np.zeros(SEGMENTS, dtype=ACCOUNT_TYPE)
    accounts[0] = (9.0, 0.1, 0.9, 0.4, 0.05, 0.4, AS_ALL)
    accounts[1] = (0.0, 0.0, 2.0, 0.7, 0.0, 0.1, AS_ALL)
    return accounts
