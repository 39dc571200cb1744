"""A number of a scenario along which something is looked at, and its range."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wom_sim.scenario.amounts import rate_of
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean
from wom_sim.scenario.model_keys import slot_at
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.ranges import NEVER, limits_of, numbers, plausible_range, tree_of
from wom_sim.scenario.tree import find, written

_FAR = 50.0


@dataclass(frozen=True)
class Axis:
    """A number of a scenario and the range over which it is varied."""

    key: str
    low: float
    high: float
    whole: bool
    unit: str
    meaning: str

    @property
    def in_factors(self) -> bool:
        """Whether steps are factors: where the ends are far apart, and neither is 0."""
        return self.low > 0.0 and self.high / self.low >= _FAR

    def values(self, points: int) -> list[float]:
        """Return so many values over the range, each once; whole ones where the key takes no other."""
        import numpy as np

        spaced = np.geomspace if self.in_factors else np.linspace
        values = spaced(self.low, self.high, points)
        return [float(v) for v in np.unique(np.round(values) if self.whole else values)]

    def middle(self, low: float, high: float) -> float:
        """Return the middle between two values."""
        middle = math.sqrt(low * high) if self.in_factors else (low + high) / 2.0
        return float(round(middle)) if self.whole else middle


def limits_at(scenario: Scenario, key: str) -> tuple[float, float]:
    """Return the lowest and the highest number that a key takes; infinite where there is no end, or no such number."""
    path = path_of(tree_of(scenario), key)
    slot = None if path is None else slot_at(path, scenario.network.kind)
    if slot is None or not slot.is_number:
        return -math.inf, math.inf
    limits = limits_of(slot)
    return limits.low, limits.high


def axis_of(scenario: Scenario, key: str, low: float | None = None, high: float | None = None) -> Axis:
    """Return the number under ``key`` and its range: what is given, else its distribution, else its plausible range.

    Raises
    ------
    ScenarioError
        If there is no such number, no range is known, or an end is not allowed.
    """
    tree = tree_of(scenario)
    path = path_of(tree, key)
    slot = None if path is None else slot_at(path, scenario.network.kind)
    if path is None or slot is None or not slot.is_number or path[0] in NEVER:
        known = (written(tree, at) for at, _, _ in numbers(scenario, tree))
        message = "is not a number of this scenario"
        raise ScenarioError([Fault(scenario.name, key=key, message=message, suggestion=did_you_mean(key, known))])
    name, limits = written(tree, path), limits_of(slot)
    node = find(tree, path)
    given = {item.key: item.distribution for item in scenario.uncertain}.get(name)
    value = None if node is None else node.value
    known_range = plausible_range(slot, float(value or 0.0), rate_of(scenario)) if given is None else given.spread
    if known_range is not None:
        low = known_range[0] if low is None else low
        high = known_range[1] if high is None else high
    if low is None or high is None:
        raise ScenarioError([Fault(scenario.name, key=name, message="no plausible range is known; give its two ends")])
    for end in (low, high):
        if not limits.low <= end <= limits.high or not math.isfinite(end):
            allowed = f"{limits.low:g} to {limits.high:g}"
            raise ScenarioError([Fault(scenario.name, key=name, given=f"{end:g}", allowed=allowed)])
    if not low < high:
        message = f"the range must rise; given {low:g} to {high:g}"
        raise ScenarioError([Fault(scenario.name, key=name, message=message)])
    return Axis(name, low, high, limits.whole, slot.about.get("unit", ""), slot.meaning)
