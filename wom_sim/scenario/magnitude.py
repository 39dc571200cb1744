"""Amounts that are too large to be counted: money is kept in whole hundredths, of which 64 bits hold 9.2e18."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

from wom_sim.scenario.amounts import money_keys
from wom_sim.scenario.errors import Fault
from wom_sim.scenario.faults import Complaints
from wom_sim.scenario.model_keys import every_key
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.tree import KeyPath, Node, kind_of

MOST_CENTS = 2**63 / 8
"""What all amounts of one kind may come to, in hundredths. Assumption: few kinds, so that their sum is held too."""
_THRESHOLDS = (("profit_below",), ("profitable_above",))
"""Amounts that nobody pays."""
_CALLS_A_MONTH = 10.0
"""Assumption: a bound on the mean number of service calls of a customer."""
_LONGEST_MONTHS = 1200.0
"""Assumption: where months are counted for ever and nothing is discounted, so many."""


def too_large(scenario: Scenario, tree: Node) -> list[Fault]:
    """Return the faults of amounts that could not be counted for all people and months; ``tree``: where they stand."""
    faults: list[Fault] = []
    complaints = Complaints(tree)
    people = float(scenario.population.customers + scenario.population.prospects)
    for path, value in _amounts(scenario):
        most = MOST_CENTS / 100.0 / people / _times(kind_of(path), scenario)
        if abs(value) > most:
            words = f"at most {most:.3g} for {people:,.0f} people: money could not be counted to the cent beyond it"
            faults.append(complaints.fault(path, given=f"{value:.3g}", allowed=words))
    return faults


def _amounts(item: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, float]]:
    """Yield path and value of every amount of money of a scenario."""
    if isinstance(item, BaseModel):
        for name in type(item).model_fields:
            yield from _amounts(getattr(item, name), (*path, name))
    elif isinstance(item, tuple | list):
        if item and isinstance(item[0], BaseModel | float):  # not a long list of people
            for number, inner in enumerate(item):
                yield from _amounts(inner, (*path, number))
    elif isinstance(item, float) and path[-1:] not in _THRESHOLDS and kind_of(path).removesuffix("[]") in money_keys():
        yield path, item


def _times(key: str, scenario: Scenario) -> float:
    """Return how often an amount is met by one person, at most about."""
    unit = _units()[key.removesuffix("[]")]
    calls = "per_call" in key or unit.endswith("a call")
    if unit == "currency" and not calls:
        return 1.0
    rate = scenario.money.discount
    ever = 12.0 / rate if rate > 0.0 else _LONGEST_MONTHS
    return min(scenario.money.counted_months, ever, _LONGEST_MONTHS) * (_CALLS_A_MONTH if calls else 1.0)


@cache
def _units() -> dict[str, str]:
    """Return the unit of every key that is an amount of money."""
    return {key: str(slot.about.get("unit", "")) for key, slot in every_key() if key in money_keys()}
