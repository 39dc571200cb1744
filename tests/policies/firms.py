"""A firm with customers of three kinds, and its policies with any levers, for tests."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from markets import profits_of, scenario

from wom_sim import policies
from wom_sim.policies.setting import Choice, Policy, Scores, Setting
from wom_sim.scenario.sections.population import Segment
from wom_sim.simulation import build_world, scores_of
from wom_sim.world.people import SEEKER, customers
from wom_sim.world.switching import surpluses, switching_costs
from wom_sim.world.treatments import Treatments
from wom_sim.world.world import World

SEGMENTS = (
    Segment(name="quiet", share=0.5),
    Segment(name="small", share=0.3, revenue=20.0, account_cost=30.0),
    Segment(name="callers", share=0.2, calls=15.0, calls_spread=0.8),
)
NAMES = policies.names()
ACTIVE = tuple(name for name in NAMES if name != "keep")
SECRET = ("nudge", "downgrade")
KIND = ("fix_root_cause", "guarantee")
OPEN = tuple(name for name in ACTIVE if name not in (*SECRET, *KIND))
"""Policies that tell the customer what they will not like."""
OWN_DAYS = tuple(name for name in ACTIVE if policies.policy(name).own_days is not None)
"""Policies under which each person has a day of their own, whenever the firm begins."""
SCORES = scores_of(scenario(1, segments=SEGMENTS))
LEAKY = replace(SCORES, p_leak=1.0 - 1e-15)
"""What is hidden comes out soon, even if few are treated."""
TIGHT = replace(SCORES, p_leak=0.0)
LIMITED = Choice(limit=40)


@cache
def firm() -> World:
    """Return 6,000 customers and 1,500 others; shared by tests, which must not change it."""
    return build_world(scenario(6000, 1500, segments=SEGMENTS), workers=1)


@cache
def profit() -> np.ndarray:
    """Return everyone's profit, currency a month."""
    return profits_of(firm().people)


def policy(name: str) -> Policy:
    return policies.policy(name)


def setting_of(
    name: str, *, world: World | None = None, seed: int = 5, scores: Scores = SCORES, **levers: object
) -> Setting:
    """Return a setting with the policy's own levers but for those given."""
    stands = world or firm()
    pulled = replace(policy(name).defaults, **{"choose": LIMITED, **levers})
    return Setting(stands.people, stands.network, np.uint64(seed), pulled, scores, switching=stands.switching)


def plan(name: str, **given: object) -> Treatments:
    """Return the table of a policy; see ``setting_of`` for what may be given."""
    return policy(name).plan(setting_of(name, **given))


def with_levers_of(other: str, name: str, **given: object) -> Treatments:
    """Return the table of policy ``name`` under the levers of policy ``other``."""
    return policy(name).plan(setting_of(other, **given))


def told_people(table: Treatments) -> set[int]:
    return set(table["person"].tolist())


def spoken(table: Treatments) -> Treatments:
    """Return the rows of an open policy by which something is said; by the others what was said takes effect."""
    return table[(table["p_call"] > 0.0) | (table["turn"] == 0)]


def switching_cost(who: np.ndarray) -> np.ndarray:
    """Return the cost of switching of people of the firm, in currency."""
    return switching_costs(firm().people, firm().switching, np.asarray(who, dtype=np.int64))


def reservation(who: np.ndarray) -> np.ndarray:
    """Return the least offer for which people of the firm go: cost of switching and surplus, in currency."""
    return switching_cost(who) + surpluses(firm().people, firm().switching, np.asarray(who, dtype=np.int64))


def seekers() -> np.ndarray:
    return (firm().people["traits"] & SEEKER) != 0


def some_customers(number: int, seed: int = 1) -> tuple[int, ...]:
    """Return different customers in no order."""
    rng = np.random.default_rng(seed)
    return tuple(rng.choice(np.flatnonzero(customers(firm().people)), number, replace=False).tolist())


def all_of(condition: np.ndarray) -> Choice:
    """Return the choice of exactly the customers who meet a condition."""
    return Choice(ids=tuple(np.flatnonzero(condition & customers(firm().people)).tolist()))
