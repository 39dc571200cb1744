"""Which numbers of a scenario nobody has measured, how far they may be off, and what the scenario has for them."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

from wom_sim.scenario.amounts import in_currency, money_keys, rate_of
from wom_sim.scenario.grades import is_unmeasured
from wom_sim.scenario.known import stated_everywhere
from wom_sim.scenario.listing import Parameter, parameters
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.relevance import Deeds, bears

_OPTIONS = "policies[]."
"""What a policy does is an option, not an assumption."""


class Unmeasured(NamedTuple):
    """A number that is an estimate or an assumption. ``used``: what the scenario has (several in a list of outlets).

    ``moved``: some of them are not the default.
    """

    key: str
    used: tuple[Any, ...]
    unit: str
    plausible: tuple[float, float] | None
    grade: str
    source: str
    meaning: str
    moved: bool


def unmeasured(scenario: Scenario) -> list[Unmeasured]:
    """Return the estimates and assumptions that bear on a scenario's result, those with a plausible range first.

    What the scenario states, and does not doubt, is not among them.
    """
    known = stated_everywhere(scenario)
    asked = [
        p for p in parameters()
        if not p.key.startswith(_OPTIONS) and is_unmeasured(p.grade) and p.key not in known
    ]  # fmt: skip
    deeds = Deeds(scenario)
    found = [_as_used(p, scenario) for p in asked if bears(scenario, p.key, deeds)]
    return sorted((each for each in found if each is not None), key=lambda each: each.plausible is None)


def _as_used(parameter: Parameter, scenario: Scenario) -> Unmeasured | None:
    """Return a parameter with the value that the scenario gives it; None where it has none."""
    values = _values(scenario, parameter.key)
    if not values:
        return None
    parameter = _in_its_currency(parameter, scenario)
    moved = parameter.default is not None and any(v != parameter.default for v in values)
    unit = parameter.unit.partition(",")[0]
    return Unmeasured(
        parameter.key, tuple(dict.fromkeys(values)), unit, parameter.plausible, parameter.grade, parameter.source,
        parameter.meaning, moved,
    )  # fmt: skip


def _in_its_currency(parameter: Parameter, scenario: Scenario) -> Parameter:
    """Return a parameter with default and range in the scenario's currency; without a range where no rate is known."""
    rate, span = rate_of(scenario), parameter.plausible
    if parameter.key not in money_keys() or rate == 1.0:
        return parameter
    if rate is None:
        return replace(parameter, plausible=None)
    ends = None if span is None else (in_currency(span[0], rate), in_currency(span[1], rate))
    default = parameter.default
    if isinstance(default, int | float):
        default = in_currency(default, rate)
    return replace(parameter, default=default, plausible=ends)


def _values(scenario: Scenario, path: str) -> list[Any]:
    """Return what a scenario has at a path; several for the items of a list, sorted where they are numbers."""
    steps = path.split(".")
    found: list[Any] = reduce(_step, steps, [scenario])
    known = [v for v in found if v is not None and not isinstance(v, bool)]
    return sorted(known) if all(isinstance(v, int | float) for v in known) else known


def _step(things: list[Any], step: str) -> list[Any]:
    name = step.removesuffix("[]")
    inner = [getattr(thing, name) for thing in things if getattr(thing, name, None) is not None]
    return [item for items in inner for item in items] if step.endswith("[]") else inner
