"""What follows from a scenario alone is worked out once, and not in each of its runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy

T = TypeVar("T")
_MOST = 64
"""Results that are kept of each function; with them the scenarios and policies they belong to."""


def once_each(
    function: Callable[[Scenario, Policy, tuple[float, float]], T],
) -> Callable[[Scenario, Policy, tuple[float, float]], T]:
    """Return a function that works out its result once for the same scenario, policy and newcomer.

    The same is the same object: both are frozen, and comparing two scenarios takes longer than what is saved. Only for
    results that nobody can change. In a thousand people a run takes a millisecond, of which this is a part.
    """
    kept: dict[tuple[int, int, tuple[float, float]], tuple[Scenario, Policy, T]] = {}

    @wraps(function)
    def found(scenario: Scenario, policy: Policy, newcomer: tuple[float, float]) -> T:
        key = (id(scenario), id(policy), newcomer)
        held = kept.get(key)
        if held is not None:  # the objects are kept, so nothing else can have their numbers
            return held[2]
        result = function(scenario, policy, newcomer)
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = (scenario, policy, result)
        return result

    return found
