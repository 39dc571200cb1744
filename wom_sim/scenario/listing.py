"""Every key of a scenario in a list: default, unit, source, grade, plausible range, meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from wom_sim.scenario.model_keys import ROOT, Slot, keys_of, network_kinds
from wom_sim.scenario.wording import allowed


@dataclass(frozen=True)
class Parameter:
    """A key of a scenario file. ``key``: its path, ``policies[].name`` for items of a list.

    ``default``: a plain value; None if the key is not set. ``required``: whether it must be given.
    ``allowed``: in words. ``choices``: the values of a key that has but a few. ``unit``, ``source`` and
    ``grade``: "" if none is declared. ``plausible_times``: a range of factors on what the scenario gives.
    ``calibrated``: the range for which it is known how people react; its end may be the key that holds it.
    """

    key: str
    default: Any
    required: bool
    allowed: str
    choices: tuple[str, ...]
    unit: str
    source: str
    grade: str
    plausible: tuple[float, float] | None
    meaning: str
    plausible_times: tuple[float, float] | None = None
    calibrated: tuple[float, float | str] | None = None


def parameters() -> list[Parameter]:
    """Return every key of the model that takes a value, in the model's order."""
    found: dict[str, Parameter] = {}
    _collect(found, "", ROOT, None)
    return list(found.values())


def _collect(found: dict[str, Parameter], above: str, slot: Slot, default: Any, alike: bool = False) -> None:
    """Add the keys of a table, or of the items of a list. ``above``: its path, with a dot if there is one.

    ``alike``: whether its keys are numbers of one kind, such as the channels of ``fairness.channel``, and
    what the table says of itself holds for each.
    """
    for table in slot.item.tables if slot.item is not None else slot.tables:
        keys = keys_of(table)
        groups_numbers = slot is not ROOT and not all(inner.tables for inner in keys.values())
        for name, inner in keys.items():
            path = above + name
            own = getattr(default, name) if isinstance(default, table) else inner.default
            if not inner.tables and path not in found:  # kinds of networks share keys
                found[path] = _parameter(path, inner, own, slot if alike else None)
            if inner.tables:
                _collect(found, f"{path}.", inner, own, groups_numbers)
            elif inner.item is not None and inner.item.tables:
                _collect(found, f"{path}[].", inner, own)


def _parameter(key: str, slot: Slot, default: Any, group: Slot | None) -> Parameter:
    """Describe one key; what it does not declare itself is taken from its table, if that is a ``group``."""
    about = {**(group.about if group else {}), **slot.about}
    meaning = f"{group.meaning}: {slot.meaning}" if group else slot.meaning
    plausible, times = about.get("plausible"), about.get("plausible_times")
    choices = tuple(network_kinds()) if key == "network.kind" else slot.choices
    return Parameter(
        key=key,
        default=None if default is ... else _plain(default),
        required=default is ...,
        allowed="one of " + ", ".join(map(repr, choices)) if choices else allowed(slot, type_fits=False),
        choices=choices,
        unit=about.get("unit", ""),
        source=about.get("source", ""),
        grade=about.get("grade", ""),
        plausible=None if plausible is None else (plausible[0], plausible[1]),
        meaning=meaning or ("Which kind" if choices else ""),
        plausible_times=None if times is None else (times[0], times[1]),
        calibrated=tuple(about["calibrated"]) if "calibrated" in about else None,
    )


def _plain(value: Any) -> Any:
    """Return a default as plain data; of tables that carry a name, the names."""
    if isinstance(value, tuple):
        return [item.name if isinstance(item, BaseModel) else item for item in value]  # type: ignore[attr-defined]
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
