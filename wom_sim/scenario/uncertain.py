"""Numbers that nobody knows: lifted out of a file, known by evidence, and set in a scenario.

A distribution stands where a number would. Before anything is checked it is lifted out (``lift``) and its central
value put in its place, so that all else sees a scenario of plain numbers; ``Scenario.uncertain`` keeps it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from wom_sim.scenario.distributions import FORMS, Distribution, Limits
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean
from wom_sim.scenario.model_keys import DEFAULT_KIND, NETWORK, Slot, slot_at
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.relevance import bears
from wom_sim.scenario.tree import KeyPath, Node, find, grow, plain, put, written

PEOPLE_AND_TIES = ("population", "network")
"""Tables whose numbers make people and ties."""
NEVER = ("run", "worlds")
"""Tables whose numbers say how to compute, and are not a matter of knowledge."""


@dataclass(frozen=True)
class Doubt:
    """A number that is drawn in a run over worlds.

    ``origin`` is "scenario" where the file gives the distribution, "evidence" where it follows from the plausible
    range of a weakly known number. ``central`` is the value in the scenario.
    """

    key: str
    distribution: Distribution
    limits: Limits
    central: float
    grade: str
    unit: str
    meaning: str
    origin: str

    @property
    def of_people_and_ties(self) -> bool:
        """Whether people and ties have to be built anew for each value."""
        return self.key.split(".")[0] in PEOPLE_AND_TIES


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


# -- out of a file -------------------------------------------------------------------------------------------


def lift(root: Node) -> tuple[Node, list[dict[str, Any]], list[Fault]]:
    """Return the scenario with central values in place of distributions, the distributions, and what is wrong."""
    faults: list[Fault] = []
    if "uncertain" in root.value:
        node = root.value["uncertain"]
        hint = "write a distribution where its number would stand, as in beta = {low = 0.1, mode = 0.4, high = 0.8}"
        faults.append(Fault(node.origin.file, node.origin.line, "uncertain", message="unknown key", suggestion=hint))
        root = Node({k: v for k, v in root.value.items() if k != "uncertain"}, root.origin)
    kind = find(root, (*NETWORK, "kind"))
    found: list[dict[str, Any]] = []
    for path, slot, node in list(_in_place(root, (), DEFAULT_KIND if kind is None else kind.value)):
        name = written(root, path)
        made, wrong = _distribution(node, path, limits_of(slot))
        if made is None:
            faults.append(Fault(node.origin.file, node.origin.line, name, message=wrong))
            value = _some_value(slot)
        else:
            found.append({"key": name, "distribution": made.model_dump(mode="json", exclude_none=True)})
            value = made.central(limits_of(slot))
        whole = slot.kinds[0] is int and float(value).is_integer()
        root = put(root, path, Node(int(value) if whole else value, node.origin))
    return root, sorted(found, key=lambda item: str(item["key"])), faults


def _in_place(node: Node, path: KeyPath, kind: Any) -> Iterator[tuple[KeyPath, Slot, Node]]:
    """Yield the tables that stand where a number belongs."""
    slot = slot_at(path, kind)
    if slot is None:
        return
    if node.is_table:
        if slot.is_number:
            yield path, slot, node
            return
        for name, inner in node.value.items():
            yield from _in_place(inner, (*path, name), kind)
    elif node.is_list:
        for number, inner in enumerate(node.value):
            yield from _in_place(inner, (*path, number), kind)


def _distribution(node: Node, path: KeyPath, limits: Limits) -> tuple[Distribution | None, str]:
    """Return the distribution that a table describes, or None and what is wrong."""
    if path[0] in NEVER:
        return None, "given a table, allowed: a number; this is not a matter of knowledge"
    try:
        made = Distribution.model_validate_json(json.dumps(plain(node)))
    except ValidationError as error:
        return None, _in_words(error)
    except (TypeError, ValueError):  # a date, or a number that JSON cannot carry
        return None, f"not a distribution; allowed: {FORMS}"
    outside = made.misfit(limits)
    if outside is not None:
        whole = "a whole number, " if limits.whole else ""
        return None, f"the distribution has {outside:g}, allowed: {whole}{limits.low:g} to {limits.high:g}"
    return made, ""


def _in_words(error: ValidationError) -> str:
    """Return the first complaint about a distribution in plain words."""
    first = error.errors(include_url=False)[0]
    word = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    if first["type"] == "extra_forbidden":
        hint = did_you_mean(word, Distribution.model_fields)
        return f"not a distribution: '{word}' is not a word of it{'; ' + hint if hint else ''}; allowed: {FORMS}"
    if first["type"] == "greater_than":
        return f"not a distribution: {word} must be more than 0"
    return f"not a distribution: {word} does not fit; allowed: {FORMS}"


def _some_value(slot: Slot) -> Any:
    """Return a value that fits, to stand in for one that does not."""
    if isinstance(slot.default, int | float):
        return slot.default
    limits = limits_of(slot)
    return next((v for v in (limits.low, limits.high, 1.0) if math.isfinite(v)), 1.0)


# -- what is not known ---------------------------------------------------------------------------------------


def doubts(scenario: Scenario) -> list[Doubt]:
    """Return the numbers that a run over worlds may draw: those given as distributions, and the weakly known.

    Weakly known is a number of grade C, or an assumption, with a plausible range, on which something depends in
    this scenario; it is triangular over that range, stretched to include the scenario's own value, which is the
    mode. What ``worlds.fixed`` names is left out.

    Raises
    ------
    ScenarioError
        If ``worlds.fixed`` names no key.
    """
    tree = tree_of(scenario)
    own = {item.key: item.distribution for item in scenario.uncertain}
    found = []
    for path, slot, value in numbers(scenario, tree):
        key = written(tree, path)
        given = own.get(key)
        distribution = _by_evidence(slot, float(value)) if given is None else given
        if distribution is None or (given is None and not bears(scenario, key)):
            continue
        about = slot.about
        found.append(
            Doubt(
                key, distribution, limits_of(slot), float(value), about.get("grade", ""), about.get("unit", ""),
                slot.meaning, "evidence" if given is None else "scenario",
            )
        )  # fmt: skip
    fixed = _checked_fixed(scenario, tree)
    return [doubt for doubt in found if not any(_is_under(doubt.key, name) for name in fixed)]


def central_values(scenario: Scenario, varied: Collection[str] = ()) -> dict[str, float]:
    """Return what a run takes for each number that a scenario gives as a distribution, but for those ``varied``."""
    tree = tree_of(scenario)
    apart = {path_of(tree, key) for key in varied}
    paths = {item.key: path_of(tree, item.key) for item in scenario.uncertain}
    nodes = {key: find(tree, path) for key, path in paths.items() if path is not None and path not in apart}
    return {key: float(node.value) for key, node in nodes.items() if node is not None}


def held_fixed(scenario: Scenario) -> tuple[str, ...]:
    """Return the numbers that a scenario gives as distributions and ``worlds.fixed`` holds at their central values."""
    names = _checked_fixed(scenario, tree_of(scenario))
    return tuple(item.key for item in scenario.uncertain if any(_is_under(item.key, name) for name in names))


def unranged(scenario: Scenario) -> int:
    """Return how many numbers are weakly known but have no plausible range, and so stay as they are."""
    tree = tree_of(scenario)
    own = {item.key for item in scenario.uncertain}
    return sum(
        _is_weak(slot) and _by_evidence(slot, float(value)) is None and written(tree, path) not in own
        for path, slot, value in numbers(scenario, tree)
    )


def tree_of(scenario: Scenario) -> Node:
    """Return a scenario as a tree, to look up what keys mean."""
    return grow(scenario.model_dump(mode="json", exclude={"uncertain"}, exclude_none=True), "")


def numbers(scenario: Scenario, tree: Node) -> Iterator[tuple[KeyPath, Slot, float]]:
    """Yield path, slot and value of every number of a scenario that may be drawn."""
    kind = scenario.network.kind

    def walk(node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Slot, float]]:
        if node.is_table or node.is_list:
            parts = node.value.items() if node.is_table else enumerate(node.value)
            for part, inner in parts:
                if path or part not in NEVER:
                    yield from walk(inner, (*path, part))
            return
        slot = slot_at(path, kind)
        if slot is not None and slot.is_number and node.value is not None:
            yield path, slot, node.value

    yield from walk(tree, ())


def _is_weak(slot: Slot) -> bool:
    """Whether the grade of a number is C, alone or beside another, or it is an assumption."""
    return re.search(r"\bC\b|Assumption", slot.about.get("grade", "")) is not None


def _by_evidence(slot: Slot, value: float) -> Distribution | None:
    """Return the distribution that the evidence gives a weakly known number, or None."""
    plausible = plausible_range(slot, value) if _is_weak(slot) else None
    if plausible is None:
        return None
    return Distribution(low=min(plausible[0], value), mode=value, high=max(plausible[1], value))


def plausible_range(slot: Slot, value: float) -> tuple[float, float] | None:
    """Return the plausible range of a number that is ``value`` in a scenario, or None if there is none."""
    about = slot.about
    if "plausible" in about:
        return float(about["plausible"][0]), float(about["plausible"][1])
    if "plausible_times" in about and value > 0:
        low, high = about["plausible_times"]
        return value * low, min(limits_of(slot).high, value * high)
    return None


def _checked_fixed(scenario: Scenario, tree: Node) -> tuple[str, ...]:
    """Return what ``worlds.fixed`` names, in canonical form. Raises ScenarioError for what is not there."""
    known, faults = [], []
    for name in scenario.worlds.fixed:
        path = path_of(tree, name)
        if path is None or slot_at(path, scenario.network.kind) is None:
            hint = did_you_mean(name, (written(tree, at) for at, _, _ in numbers(scenario, tree)))
            message = f"names '{name}', which is no key of this scenario"
            faults.append(Fault(scenario.name, key="worlds.fixed", message=message, suggestion=hint))
        else:
            known.append(written(tree, path))
    if faults:
        raise ScenarioError(faults)
    return tuple(known)


def _is_under(key: str, table: str) -> bool:
    return key == table or key.startswith((f"{table}.", f"{table}["))


# -- into a scenario -----------------------------------------------------------------------------------------


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return the scenario with other numbers under some keys, as ``--set`` writes them; nothing is uncertain in it.

    Raises
    ------
    ScenarioError
        If there is no such key, or a value does not fit it or what else the scenario says.
    """
    data, tree = scenario.model_dump(mode="json", exclude={"uncertain"}), tree_of(scenario)
    for key, value in values.items():
        path = path_of(tree, key)
        slot = None if path is None else slot_at(path, scenario.network.kind)
        if path is None or slot is None or not slot.is_number:
            raise ScenarioError([Fault(scenario.name, key=key, message="is not a number of this scenario")])
        place: Any = data
        for part in path[:-1]:
            if place[part] is None:  # a policy's own choice begins as the scenario's
                place[part] = dict(data.get(str(part)) or {})
            place = place[part]
        place[path[-1]] = round(value) if slot.kinds[0] is int else float(value)
    for table in (data, *data["policies"]):
        if (table.get("choose") or {}).get("ids") is not None:  # ids stand alone
            table["choose"] = {"ids": table["choose"]["ids"]}
    try:
        return Scenario.model_validate_json(json.dumps(data))
    except ValidationError as error:
        said = error.errors(include_url=False)[0]
        shown = ", ".join(f"{key} = {value:g}" for key, value in values.items())
        where = ".".join(str(part) for part in said["loc"])
        words = str(said["ctx"]["error"]) if said["type"] == "value_error" else said["msg"]
        message = f"with {shown[:200]}: {where + ': ' if where else ''}{words}"
        raise ScenarioError([Fault(scenario.name, message=message)]) from None
