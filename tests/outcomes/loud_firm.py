"""A small firm whose story is loud, every policy once and more, both engines: runs whose logs tests read."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from wom_sim import policies
from wom_sim.engines.compiled import Engine
from wom_sim.engines.customer import Conversation
from wom_sim.engines.reference import Market
from wom_sim.scenario import Scenario
from wom_sim.simulation import KEEP, Result, build_world, numbers_of, policy_of, run_policy
from wom_sim.world.numbers import Numbers
from wom_sim.world.treatments import Treatments
from wom_sim.world.world import World

SPECIAL = [
    {"name": "mistaken letter", "use": "bulk_letter", "choose": {"limit": 40, "error_rate": 0.5}, "fee_waived": 80.0,
     "response": {"kind": "apologise", "after_days": 3, "cost": 5000.0}, "programme_cost": 700.0},
    {"name": "price for all", "use": "reprice", "for_all": True, "price_rise": 1.5},
    {"name": "offer, then letter", "use": "paid_exit", "payment": 300.0, "channel": "phone",
     "then": {"use": "bulk_letter", "after_days": 40, "notice_days": 10}},
    {"name": "good news, then letter", "use": "fix_root_cause", "programme_cost": 900.0,
     "then": {"use": "bulk_letter", "after_days": 30, "notice_days": 10}},
    {"name": "fee a call", "use": "reprice", "fee_per_call": 6.0},
    {"name": "guarantee for all", "use": "guarantee", "for_all": True},
    {"name": "late letter", "use": "bulk_letter", "start_day": 120, "per_day": 3.0, "channel": "email"},
]  # fmt: skip
ALIKE = [{"name": name, "use": name} for name in policies.POLICIES if name != "keep"]
CASE = {
    "name": "loud firm",
    "population": {
        "customers": 400, "prospects": 120, "join": 0.1,
        "segments": [
            {"name": "quiet", "share": 0.8, "churn": 0.03, "advocates": 0.3, "account_avoidable": 0.6},
            {"name": "callers", "share": 0.2, "calls": 12.0, "calls_spread": 0.7, "churn": 0.02,
             "credit_seekers": 0.5, "under_contract": 0.4, "variable_cost": 0.2, "variable_avoidable": 0.5,
             "account_avoidable": 0.5},
        ],
    },
    "choose": {"limit": 40},
    "run": {"days": 220, "seed": 3},
    "money": {
        "complaint_value": 4.0, "credits_teach": 0.4, "discount": 0.12, "contact_avoidable": 0.8,
        "contact_lag_months": 2, "horizon_months": 30,
        "settling": {"calls": {"chronic_share": 0.4, "chronic_fades": 0.02, "passing_fades": 0.3}},
    },
    "media": {
        "p_leak": 0.4,
        "rule": "level", "report": {"median_days": 0.0, "found_late": 0.0},  # outlets and board are sure to act
        "outlets": [
            {"name": "forum", "threshold": 1.0, "reach": 0.1},
            {"name": "paper", "threshold": 2.5, "reach": 0.3, "national": True},
            {"name": "board", "threshold": 2.0, "reach": 0.05, "cost_per_dismissal": 200.0},
            {"name": "ombudsman", "threshold": 0.0, "reach": 0.0, "acts_after_news": 0.0, "acts_a_year": 0.0,
             "case_fee": 45.0, "cases_free": 2},
        ],
    },
    "behaviour": {
        "leaving": {"beta": 3.0, "household_follows": 0.5},
        "hearing": {"affected": 0.7, "harm_half_life": 60.0, "join_half_life": 60.0},  # a story that lasts
        "talking": {"p_call": 0.1, "p_post": 0.3},
        "complaining": {"share": 0.4, "first_day": 5, "last_day": 40},
    },
    "policies": [*ALIKE, *SPECIAL],
}  # fmt: skip
NAMES = [policy["name"] for policy in CASE["policies"]]


@cache
def scenario() -> Scenario:
    return Scenario.model_validate_json(json.dumps(CASE))


@cache
def world() -> World:
    """Return the world of all runs; tests must not change it."""
    return build_world(scenario(), workers=1)


@cache
def compiled(name: str) -> Result:
    """Return a run of the compiled engine, with its log."""
    return run_policy(scenario(), policy_of(scenario(), name), world(), Engine(world()), 0, events=True)


class Talked(Market):
    """The reference engine, which also keeps who held a conversation with whom: no log has that.

    All policies whose runs are as long have one market without them, which is run once.
    """

    last: Talked

    def __init__(self, world: World, numbers: Numbers, treatments: Treatments, *, seed: int, **more: Any) -> None:
        self.held: list[tuple[int, int, int]] = []
        super().__init__(world, numbers, treatments, seed=seed, **more, twin=_without_policy(seed, numbers.days))
        Talked.last = self

    def holds(self, talk: Conversation) -> bool:
        if not talk.talker.stopped:
            self.held.append((self.today, talk.talker.number, talk.listener))
        return super().holds(talk)


@cache
def _without_policy(seed: int, days: int) -> Market:
    numbers = numbers_of(scenario(), KEEP, world().newcomer)._replace(days=days)
    return Market(world(), numbers, seed=seed, events=False).run()


class Census(NamedTuple):
    """What became of each person with and without the policy (day of leaving and joining, -1: never), as agents."""

    gone: np.ndarray
    gone_otherwise: np.ndarray
    joined: np.ndarray
    joined_otherwise: np.ndarray
    conversations: list[tuple[int, int, int]]


@cache
def reference(name: str) -> tuple[Result, Census]:
    """Return a run of the reference engine with its log, and the census of its people."""
    with patch("wom_sim.engines.reference.Market", Talked):
        result = run_policy(scenario(), policy_of(scenario(), name), world(), "reference", 0, events=True)
    market = Talked.last
    census = Census(
        market.days_gone(), market.otherwise_gone, market.days_joined(), market.otherwise_joined, market.held
    )
    return result, census
