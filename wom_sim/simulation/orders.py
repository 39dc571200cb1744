"""What a policy does on what the firm sees, in the engines' terms: orders, and treatments in the place of others."""

from __future__ import annotations

import numpy as np

from wom_sim.rules.attention import effect_of_response
from wom_sim.rules.steering import CHANGE, GO_ON, PAUSE, REINSTATE, RESPOND, STOP
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.sections.response import When
from wom_sim.simulation.numbers import given_or
from wom_sim.simulation.treatments import treatments_of
from wom_sim.world.orders import ORDER_TYPE, Orders
from wom_sim.world.treatments import Treatments
from wom_sim.world.world import World

_TRIGGERS = ("buzz_above", "buzz_below", "national_report", "people_told", "calls", "days", "complaints")
_CHANGES = ("pay", "change_channel")
_ACTIONS = {"pause": PAUSE, "go_on": GO_ON, "stop": STOP, "reinstate": REINSTATE, **dict.fromkeys(_CHANGES, CHANGE)}
_FOR_ALL, _FOR_SOME = 0.5, 0.2
"""Chance to give in with a national report, where the policy is for all customers, and else. Source: 37 cases (C)."""


def orders_of(scenario: Scenario, policy: Policy, treatments: Treatments) -> Orders:
    """Return what a policy does when, for both engines; nothing where it acts on nobody."""
    listed = when_of(policy)
    orders = np.zeros(len(listed) if len(treatments) else 0, dtype=ORDER_TYPE)
    changes = 0
    for row, when in zip(orders, listed[: len(orders)], strict=True):
        row["spread"] = when.days_spread
        if when.do in _CHANGES:
            changes += 1
            row["instead"] = changes
        row["trigger"], row["limit"], row["after"] = _TRIGGERS.index(when.trigger), when.level, when.after_days
        row["chance"], row["action"] = when.chance, _ACTIONS.get(when.do, RESPOND)
        row["severity"], row["cost"] = when.severity, when.cost / scenario.run.represents
        row["news"] = given_or(when.news, 1.0)
        effects = scenario.behaviour.responding
        if when.news is None and when.do not in ("pause", "go_on", "stop", *_CHANGES):
            row["news"] = effect_of_response(
                getattr(effects, when.do), when.after_days, effects.prompt_days, effects.late
            )
    return orders


def when_of(policy: Policy) -> tuple[When, ...]:
    """Return the orders of a policy: those that it lists, and that it may give in to pressure."""
    if policy.retreat is None:
        return policy.when
    given = policy.retreat
    chance = given_or(given.chance, _FOR_ALL if policy.for_all else _FOR_SOME)
    gives_in = When(
        trigger="national_report", after_days=given.median_days, days_spread=given.spread, do="reinstate",
        chance=chance, cost=given.cost,
    )  # fmt: skip
    return (*policy.when, gives_in)


def instead_of_these(
    scenario: Scenario, policy: Policy, world: World, seed: int, treatments: Treatments
) -> Treatments:
    """Return what the firm does from the day on which it pays, or changes the channel: a table for each such order.

    Each is what the policy would do with that payment and channel from the start, to the same people on the same days;
    whom it would not act on then, or not at that time, is treated as planned.
    """
    changed = [when for when in policy.when if when.do in _CHANGES] if len(treatments) else []
    tables = []
    for when in changed:
        given = {name: value for name in ("payment", "channel") if (value := getattr(when, name)) is not None}
        other = treatments_of(scenario, policy.model_copy(update=given), world, seed)
        tables.append(_on_the_same_days(treatments, other))
    return np.concatenate(tables) if tables else treatments[:0]


def _on_the_same_days(treatments: Treatments, other: Treatments) -> Treatments:
    """Return the rows of another table for the same people, each on the day planned for it."""
    found = treatments.copy()
    keys = [(t["person"].astype(np.int64) << 8) + t["turn"] for t in (treatments, other)]
    order = np.argsort(keys[1], kind="stable")
    place = np.searchsorted(keys[1][order], keys[0])
    known = place < len(order)
    known[known] = keys[1][order][place[known]] == keys[0][known]
    rows = other[order[place[known]]]
    rows["day_told"] = treatments["day_told"][known]
    found[known] = rows
    return found
