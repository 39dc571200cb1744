"""Values and limits in plain words: what was given, what is allowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wom_sim.scenario.errors import visible
from wom_sim.scenario.model_keys import Slot

_LONGEST = 50  # characters of a text that are shown
_SAID_BY_LIMITS = ("share, 0 to 1",)  # units that add nothing to the limits


def given(value: Any) -> str:  # noqa: PLR0911 - a case a line
    """Say what was given, as it would be written in TOML where that is short.

    >>> given(-3), given("7"), given(True), given([1]), given({})
    ('-3', "'7'", 'true', 'a list', 'a table')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{_shortened(visible(value))}'" if value else "an empty text"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, dt.date):  # a datetime is a date as well
        return f"the date {value}"
    if isinstance(value, dt.time):
        return f"the time {value}"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number with too many digits"
    return str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def number(value: float) -> str:
    """Write a limit, in TOML's way with _ between thousands.

    >>> number(0.0), number(500_000_000), number(0.5)
    ('0', '500_000_000', '0.5')
    """
    if float(value).is_integer():
        return f"{int(value):_}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:g}"


def type_in_words(slot: Slot) -> str:
    """Say which type of value fits."""
    if slot.choices:
        return "one of " + ", ".join(f"'{choice}'" for choice in slot.choices)
    if slot.tables:
        return "a table"
    if slot.item is not None:
        if slot.item.tables:
            return "a list of tables"
        if slot.item.choices:
            return f"a list of any of {', '.join(map(repr, slot.item.choices))}"
        examples = {str: 'texts such as ["a", "b"]', float: "numbers such as [1, 2.5]", bool: "true and false"}
        return f"a list of {examples.get(slot.item.kinds[0], 'whole numbers such as [1, 2]')}"
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes"}
    return words.get(slot.kinds[0], "another type of value")


def limits_in_words(slot: Slot) -> str:
    """Say within which limits, "" if there are none."""
    limits = slot.limits
    words = [
        f"{said} {number(limits[name])}"
        for name, said in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"))
        if name in limits
    ]
    if "multiple_of" in limits:
        factor = limits["multiple_of"]
        words.append("even" if factor == 2 else f"a multiple of {number(factor)}")
    thing = "item" if slot.item is not None else "character"
    for name, said in (("min_length", "at least"), ("max_length", "at most")):
        if name in limits:
            words.append(f"{said} {limits[name]} {thing}{'s' if limits[name] != 1 else ''}")
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def allowed(slot: Slot, type_fits: bool) -> str:
    """Say what is allowed: the limits alone if the type fits, else the type and the limits; and the unit."""
    limits = limits_in_words(slot)
    both = ", ".join(part for part in (type_in_words(slot), limits) if part)
    words = limits if type_fits and limits else both
    unit = slot.about.get("unit", "")
    return f"{words} ({unit})" if unit and unit not in _SAID_BY_LIMITS else words
