"""Numbers that nobody knows: lifted out of a file, known by evidence, and set in a scenario.

A distribution stands where a number would. Before anything is checked it is lifted out (``lift``) and its central
value put in its place, so that all else sees a scenario of plain numbers; ``Scenario.uncertain`` keeps it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from wom_sim.scenario.amounts import is_money, rate_of
from wom_sim.scenario.distributions import FORMS, Distribution, Limits
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean, visible
from wom_sim.scenario.grades import is_unmeasured
from wom_sim.scenario.known import said_of
from wom_sim.scenario.model_keys import DEFAULT_KIND, NETWORK, Slot, slot_at
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.posterior import Drawn, learned, within
from wom_sim.scenario.posterior_of_cases import narrowed, public_quantiles
from wom_sim.scenario.ranges import NEVER, by_evidence, limits_of, numbers, tree_of, whatever_is_stated
from wom_sim.scenario.relevance import Deeds, bears
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.tree import KeyPath, Node, find, plain, put, written
from wom_sim.scenario.used import is_choice
from wom_sim.scenario.writing import ids_alone

SCENARIO, EVIDENCE, DOUBT, LEARNED, PUBLIC = "scenario", "evidence", "doubt", "learned", "public"
"""Why a number is drawn."""
PEOPLE_AND_TIES = ("population", "network", "plugins")
"""Tables whose numbers make people and ties."""
ACCOUNT = ("account_avoidable", "variable_avoidable", "settles_to", "settles_like", "household_follows")
"""Keys of a segment that make nobody: what is saved without them, how calls settle, who follows."""


_NAMED = 5


@dataclass(frozen=True)
class Doubt:
    """A number that is drawn in a run over worlds.

    ``origin`` is ``SCENARIO`` where the file gives the distribution, ``EVIDENCE`` where it follows from the plausible
    range of a weakly known number, ``DOUBT`` where ``worlds.doubt`` names it, ``LEARNED`` where it comes from
    ``worlds.posterior``, ``PUBLIC`` where real cases have narrowed that range (``worlds.draw_from``). ``central`` is
    the value in the scenario.
    """

    key: str
    distribution: Distribution | Drawn
    limits: Limits
    central: float
    grade: str
    unit: str
    meaning: str
    origin: str
    source: str = ""

    @property
    def of_people_and_ties(self) -> bool:
        """Whether people and ties have to be built anew for each value."""
        return shapes_people(self.key)

    @property
    def luck(self) -> str:
        """Key of the draw: numbers with the same key share one quantile, as a number of accounts does in all segments.

        All that was learned together is drawn together.
        """
        if self.origin in (LEARNED, PUBLIC):
            return self.origin
        return self.key.rpartition(".")[2] if _of_account(self.key) else self.key


def _of_account(key: str) -> bool:
    return key.startswith("population.segments.") and key.rpartition(".")[2] in ACCOUNT


def shapes_people(key: str) -> bool:
    """Return whether people and ties have to be built anew for each value of a key.

    >>> shapes_people("population.segments.callers.churn"), shapes_people("population.segments.callers.settles_to")
    (True, False)
    """
    return key.split(".")[0] in PEOPLE_AND_TIES and not _of_account(key)


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
    if not (node.is_table or node.is_list):  # a list may hold hundreds of thousands of people
        return
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
    """Return the numbers that a run over worlds may draw: given as distributions, in doubt, or weakly known.

    Weakly known is a number of grade C, or an assumption, with a plausible range, that the scenario does not state,
    and on which something depends in it. What ``worlds.fixed`` names is left out.

    Raises
    ------
    ScenarioError
        If a list of ``worlds`` names what cannot stand there, or amounts have a range in dollars and no rate is known;
        or ``worlds.posterior`` cannot be read, or knows no number of the scenario.
    """
    tree, rate = tree_of(scenario), rate_of(scenario)
    said = said_of(scenario, tree)
    own: dict[str, Distribution | Drawn] = {item.key: item.distribution for item in scenario.uncertain}
    taught, cases = learned(scenario), public_quantiles(scenario)
    found, in_dollars, deeds = [], [], Deeds(scenario)
    _check_of_this(scenario, tree, taught)
    for path, slot, value in numbers(scenario, tree):
        key = written(tree, path)
        distribution, origin = own.get(key), SCENARIO
        if said.is_fixed(key) or (distribution is None and not bears(scenario, key, deeds)):
            continue
        if distribution is None and key in taught and not said.is_stated(key):
            distribution, origin = within(taught[key], limits_of(slot), scenario, key), LEARNED
        elif key in cases and not said.is_stated(key):  # a year of media or a trade may give a range of its own
            asked = whatever_is_stated if said.is_doubted(key) else by_evidence
            known = asked(slot, float(value), rate) if distribution is None else distribution
            distribution, origin = narrowed(key, known, cases[key], limits_of(slot)), PUBLIC
        elif distribution is None and said.is_doubted(key) and not is_choice(key):
            distribution, origin = whatever_is_stated(slot, float(value), rate), DOUBT
        elif distribution is None and is_unmeasured(slot.about.get("grade", "")) and not said.is_stated(key):
            distribution, origin = by_evidence(slot, float(value), rate), EVIDENCE
            if rate is None and is_money(slot) and "plausible" in slot.about:
                in_dollars.append(key)
        if distribution is not None:
            found.append(_doubt(key, slot, (distribution, origin), float(value)))
    if in_dollars:
        message = (
            f"no rate of {visible(scenario.currency)} to the US dollar is known, and these have a range in dollars: "
            f"{', '.join(in_dollars)}; state exchange.per_dollar, or the amounts, or name them in worlds.fixed"
        )
        raise ScenarioError([Fault(scenario.name, key="currency", message=message)])
    return found


def _check_of_this(scenario: Scenario, tree: Node, taught: Collection[str]) -> None:
    """Raise ScenarioError where ``worlds.posterior`` knows of no number that this scenario has."""
    if taught and not any(written(tree, path) in taught for path, _, _ in numbers(scenario, tree)):
        names = ", ".join(visible(name) for name in list(taught)[:_NAMED]) + (", ..." if len(taught) > _NAMED else "")
        message = (
            f"{visible(str(scenario.worlds.posterior))} draws {names}: none of it is a number of this scenario; "
            "allowed: what wom-sim fit has learned of numbers that it has"
        )
        raise ScenarioError([Fault(scenario.name, key="worlds.posterior", message=message)])


def not_drawn(scenario: Scenario) -> dict[str, list[str]]:
    """Return what ``worlds.posterior`` knows of that a run over worlds does not draw from it, by the reason.

    ``no_number``: the scenario has no such number; ``stated``: it states it, gives a distribution of its own or holds
    it fixed; ``idle``: nothing depends on it.
    """
    tree = tree_of(scenario)
    said, own = said_of(scenario, tree), {item.key for item in scenario.uncertain}
    there = {written(tree, path) for path, _, _ in numbers(scenario, tree)}
    drawn = {doubt.key for doubt in doubts(scenario) if doubt.origin == LEARNED}
    found: dict[str, list[str]] = {}
    for key in learned(scenario):
        if key not in drawn:
            held = key in own or said.is_stated(key) or said.is_fixed(key)
            found.setdefault("no_number" if key not in there else "stated" if held else "idle", []).append(key)
    return found


def _doubt(key: str, slot: Slot, drawn: tuple[Distribution | Drawn, str], value: float) -> Doubt:
    about = slot.about
    return Doubt(
        key, drawn[0], limits_of(slot), value, about.get("grade", ""), about.get("unit", ""), slot.meaning, drawn[1],
        about.get("source", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A number that a scenario states, and that is therefore not drawn.

    ``would_be``: what would be drawn, were it in doubt; None where the evidence has no range.
    """

    key: str
    value: float
    unit: str
    meaning: str
    would_be: Distribution | None


def known_numbers(scenario: Scenario) -> list[Known]:
    """Return the numbers that a scenario states and that are not drawn, as far as something depends on them.

    What the firm sets is not among them: that is a choice, and no matter of knowledge.
    """
    tree = tree_of(scenario)
    said, own = said_of(scenario, tree), {item.key for item in scenario.uncertain}
    found, deeds = [], Deeds(scenario)
    for path, slot, value in numbers(scenario, tree):
        key = written(tree, path)
        if said.is_stated(key) and key not in own and not is_choice(key) and bears(scenario, key, deeds):
            would = whatever_is_stated(slot, float(value), rate_of(scenario))
            found.append(Known(key, float(value), slot.about.get("unit", ""), slot.meaning, would))
    return found


def central_values(scenario: Scenario, varied: Collection[str] = ()) -> dict[str, float]:
    """Return what a run takes for each number that a scenario gives as a distribution, but for those ``varied``."""
    tree = tree_of(scenario)
    apart = {path_of(tree, key) for key in varied}
    paths = {item.key: path_of(tree, item.key) for item in scenario.uncertain}
    nodes = {key: find(tree, path) for key, path in paths.items() if path is not None and path not in apart}
    return {key: float(node.value) for key, node in nodes.items() if node is not None}


def held_fixed(scenario: Scenario) -> tuple[str, ...]:
    """Return the numbers that a scenario gives as distributions and ``worlds.fixed`` holds at their central values."""
    said = said_of(scenario)
    return tuple(item.key for item in scenario.uncertain if said.is_fixed(item.key))


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
                place[part] = {k: v for k, v in (data.get(str(part)) or {}).items() if k in Choose.model_fields}
            place = place[part]
        place[path[-1]] = round(value) if slot.kinds[0] is int else float(value)
    for table in (data, *data["policies"]):
        ids_alone(table)
    try:
        return Scenario.model_validate_json(json.dumps(data))
    except ValidationError as error:
        said = error.errors(include_url=False)[0]
        shown = ", ".join(f"{key} = {value:g}" for key, value in values.items())
        where = ".".join(str(part) for part in said["loc"])
        words = str(said["ctx"]["error"]) if said["type"] == "value_error" else said["msg"]
        message = f"with {shown[:200]}: {where + ': ' if where else ''}{words}"
        raise ScenarioError([Fault(scenario.name, message=message)]) from None
