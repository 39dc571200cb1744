"""Which keys are amounts of money, in a scenario and in what the evidence says, and in which currency they are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from wom_sim.scenario.model_keys import Slot, every_key
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.rates import Money
from wom_sim.scenario.tree import KeyPath, Node, kind_of

_UNIT = "currency"


def is_money(slot: Slot) -> bool:
    """Return whether a key is an amount of money, which its unit says: currency, currency a month, currency a call."""
    return str(slot.about.get("unit", "")).split(" ")[0] == _UNIT


@cache
def money_keys() -> frozenset[str]:
    """Return every key that is an amount of money, as the list of parameters has it."""
    return frozenset(key for key, slot in every_key() if is_money(slot))


def amounts(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, float]]:
    """Yield path and value of every amount of money that stands in a scenario, also of those in a list to try."""
    if node.is_table:
        for key, inner in node.value.items():
            yield from amounts(inner, (*path, key))
    elif node.is_list:
        for number, inner in enumerate(node.value):
            yield from amounts(inner, (*path, number))
    elif isinstance(node.value, int | float) and kind_of(path).removesuffix("[]") in money_keys():
        yield path, float(node.value)


def rate_of(scenario: Scenario) -> float | None:
    """Return the units of a scenario's currency for one US dollar, or None where nobody knows."""
    return Money(scenario.currency, scenario.exchange.per_dollar).rate


def in_currency(dollars: float, rate: float | None) -> float:
    """Return an amount of dollars in a currency, to ten digits, so that 0.1 x 3 stays 0.3.

    >>> in_currency(0.1, 3.0), in_currency(1 / 3, 1.0)
    (0.3, 0.3333333333333333)
    """
    return dollars if rate is None or rate == 1.0 else float(f"{dollars * rate:.10g}")
