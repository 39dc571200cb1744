"""The numbers of a scenario, which values each may take, and over which range the evidence has them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from wom_sim.scenario.amounts import in_currency, is_money
from wom_sim.scenario.distributions import Distribution, Limits
from wom_sim.scenario.model_keys import Slot, slot_at
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.tree import KeyPath, Node, grow

NEVER = ("run", "worlds", "verdict", "exchange", "seen")
"""Tables whose numbers say how to compute and to judge, and are not a matter of knowledge."""


def limits_of(slot: Slot) -> Limits:
    """Return which numbers a key takes."""
    given = slot.limits
    low = float(given.get("ge", -math.inf))
    high = float(given.get("le", math.inf))
    if "gt" in given:
        low = math.nextafter(given["gt"], math.inf)
    if "lt" in given:
        high = math.nextafter(given["lt"], -math.inf)
    return Limits(low, high, slot.kinds[0] is int)


def tree_of(scenario: Scenario) -> Node:
    """Return a scenario as a tree, to look up what keys mean."""
    return grow(scenario.model_dump(mode="json", exclude={"uncertain"}, exclude_none=True), "")


def numbers(scenario: Scenario, tree: Node) -> Iterator[tuple[KeyPath, Slot, float]]:
    """Yield path, slot and value of every number of a scenario that may be drawn."""
    for path, slot, node in number_nodes(tree, scenario.network.kind):
        yield path, slot, node.value


def number_nodes(node: Node, kind: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Slot, Node]]:
    """Yield path, slot and node of every number of a tree that may be drawn; ``kind`` is that of the network.

    The people of ``choose.ids`` have numbers that are names; there may be hundreds of thousands.
    """
    if path[-1:] == ("ids",):
        return
    if node.is_table or node.is_list:
        parts = node.value.items() if node.is_table else enumerate(node.value)
        for part, inner in parts:
            if path or part not in NEVER:
                yield from number_nodes(inner, kind, (*path, part))
        return
    slot = slot_at(path, kind)
    if slot is not None and slot.is_number and node.value is not None:
        yield path, slot, node


def by_evidence(slot: Slot, value: float, rate: float | None) -> Distribution | None:
    """Return what the evidence says of a number that is ``value`` in a scenario, or None where it has no range.

    Triangular over the plausible range, stretched to include the value, which is the mode; with the chance that it is
    0 and the rare value, where the key has them. ``rate``: see ``plausible_range``.
    """
    plausible = plausible_range(slot, value, rate)
    if plausible is None:
        return None
    about = slot.about
    rare, share = about.get("rare", (None, None))
    rare = in_currency(rare, rate) if is_money(slot) and rare is not None else rare
    low, high = min(plausible[0], value), max(plausible[1], value)
    return Distribution(low=low, mode=value, high=high, zero=about.get("zero"), rare=rare, rare_share=share)


def whatever_is_stated(slot: Slot, value: float, rate: float | None) -> Distribution | None:
    """Return what the evidence says of a number whose stated ``value`` is in doubt, or None where it has no range.

    The mode is the default of the model; where there is none, or the range is one of factors, the stated value.
    ``rate``: see ``plausible_range``.
    """
    default = slot.default
    if is_money(slot) and isinstance(default, int | float):
        default = in_currency(default, rate)
    known = isinstance(default, int | float) and "plausible_times" not in slot.about
    return by_evidence(slot, float(default) if known else value, rate)


def plausible_range(slot: Slot, value: float, rate: float | None) -> tuple[float, float] | None:
    """Return the plausible range of a number that is ``value`` in a scenario, or None if there is none.

    Ranges of amounts are in US dollars. ``rate``: units of the scenario's currency for one (``amounts.rate_of``); where
    it is None, there is no range of an amount.
    """
    about = slot.about
    if "plausible" in about:
        low, high = (float(end) for end in about["plausible"])
        if not is_money(slot):
            return low, high
        return None if rate is None else (in_currency(low, rate), in_currency(high, rate))
    if "plausible_times" in about and value > 0:
        low, high = about["plausible_times"]
        return value * low, min(limits_of(slot).high, value * high)
    return None
