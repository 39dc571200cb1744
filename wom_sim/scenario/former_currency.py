"""A scenario whose currency is set anew: the amounts that stand in it are still in the former one, and remember it."""

from __future__ import annotations

from typing import Any

from wom_sim.scenario.rates import DOLLAR, Money, code_of
from wom_sim.scenario.tree import KeyPath, Node, find, priced

CURRENCY: KeyPath = ("currency",)
_EXCHANGE = "exchange"


def money_of(root: Node) -> Money:
    """Return the currency of a scenario, and its units for one US dollar where it states them."""
    currency, rate = find(root, CURRENCY), find(root, (_EXCHANGE, "per_dollar"))
    stated = rate.value if rate is not None and _is_number(rate.value) and rate.value > 0.0 else None
    return Money(currency.value if currency is not None and isinstance(currency.value, str) else DOLLAR, stated)


def keep_currency(root: Node, new: Any) -> Node:
    """Return a scenario that will have the currency ``new``: its amounts remember theirs, and its rate is gone.

    What is no text is refused elsewhere, and the same currency changes nothing.
    """
    money = money_of(root)
    if not isinstance(new, str) or code_of(new) == money.code:
        return root
    kept = priced(root, money)
    return Node({key: value for key, value in kept.value.items() if key != _EXCHANGE}, kept.origin)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
