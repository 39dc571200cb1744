"""What a scenario says of its own numbers: which it states, which it holds fixed, which are in doubt.

Known is known: a number that the file or ``--set`` states is not drawn over worlds, unless it is given as a
distribution or named in ``worlds.doubt``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from wom_sim.scenario.amounts import rate_of
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean, visible
from wom_sim.scenario.model_keys import DEFAULT_KIND, NETWORK, slot_at
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.ranges import number_nodes, numbers, tree_of, whatever_is_stated
from wom_sim.scenario.tree import KeyPath, Node, Origin, find, kind_of, origin_at, put, written
from wom_sim.scenario.used import is_choice

STATED: KeyPath = ("worlds", "known")


# -- out of a file -------------------------------------------------------------------------------------------


def with_stated(root: Node) -> Node:
    """Return the tree of a scenario with the list of the numbers that it states.

    A list that a file has itself, as in the folder of a result, holds for that file; what is set on top of it, in
    a file that extends it or with ``--set``, is stated too.
    """
    worlds, listed = find(root, STATED[:1]), find(root, STATED)
    if (worlds is not None and not worlds.is_table) or (listed is not None and not listed.is_list):
        return root  # not a scenario: whoever validates it says so
    kind = find(root, (*NETWORK, "kind"))
    found = number_nodes(root, DEFAULT_KIND if kind is None else kind.value)
    above = [written(root, path) for path, _, node in found if _is_own(node.origin, listed)]
    here = root.origin if listed is None else listed.origin
    items = [] if listed is None else list(listed.value)
    names = [Node(name, here) for name in above if all(item.value != name for item in items)]
    return put(root, STATED, Node([*items, *names], here))


def _is_own(origin: Origin, listed: Node | None) -> bool:
    """Whether a number was set by somebody, on top of the list of what is stated where there is one."""
    if listed is None or not origin.stated:
        return origin.stated
    on_top = origin.line is None or listed.origin.line is not None
    return on_top and origin.file != listed.origin.file


# -- what is said of the numbers -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What a scenario says of its numbers, by canonical names of keys and tables."""

    stated: frozenset[str]
    fixed: tuple[str, ...]
    doubt: tuple[str, ...]

    def is_stated(self, key: str) -> bool:
        """Return whether the scenario states the number and does not doubt it."""
        return key in self.stated and not self.is_doubted(key)

    def is_fixed(self, key: str) -> bool:
        """Return whether ``worlds.fixed`` names the number, or a table that it is in."""
        return any(is_under(key, name) for name in self.fixed)

    def is_doubted(self, key: str) -> bool:
        """Return whether ``worlds.doubt`` names the number, or a table that it is in."""
        return any(is_under(key, name) for name in self.doubt)


def said_of(scenario: Scenario, tree: Node | None = None) -> Said:
    """Return what a scenario says of its numbers.

    Raises
    ------
    ScenarioError
        If a list names what is not there, or cannot be drawn, or what another list holds fixed.
    """
    tree = tree_of(scenario) if tree is None else tree
    misnamed = list(_misnamed(scenario, tree))
    if misnamed:
        raise ScenarioError([bad.fault for bad in misnamed])
    fixed, doubt = (tuple(_canonical(scenario, tree, name) for name in names) for names in _lists(scenario))
    return Said(frozenset(scenario.worlds.known or ()), fixed, doubt)


def stated_everywhere(scenario: Scenario) -> set[str]:
    """Return the keys, as the list of parameters has them (``media.outlets[].reach``), whose every number is stated.

    Not those that are given as distributions, or in doubt.
    """
    tree = tree_of(scenario)
    said, own = said_of(scenario, tree), {item.key for item in scenario.uncertain}
    every: dict[str, bool] = {}
    for path, _, _ in numbers(scenario, tree):
        key, name = written(tree, path), kind_of(path)
        every[name] = every.get(name, True) and said.is_stated(key) and key not in own
    return {name for name, stated in every.items() if stated}


def check_names(scenario: Scenario, root: Node, file: str) -> None:
    """Raise ScenarioError, with the place in ``file``, for each name in ``worlds`` that cannot stand there."""
    faults = []
    for table, number, fault in _misnamed(scenario, tree_of(scenario)):
        origin = origin_at(root, ("worlds", table, number))
        faults.append(replace(fault, file=origin.file or file, line=origin.line))
    if faults:
        raise ScenarioError(faults)


def is_under(key: str, table: str) -> bool:
    """Return whether a key is ``table``, or in it."""
    return key == table or key.startswith((f"{table}.", f"{table}["))


class _Misnamed(NamedTuple):
    """A name that cannot stand in a list of ``worlds``: which list, where in it, and what is wrong."""

    table: str
    number: int
    fault: Fault


def _lists(scenario: Scenario) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return scenario.worlds.fixed, scenario.worlds.doubt


def _canonical(scenario: Scenario, tree: Node, name: str) -> str:
    """Return a name as ``--set`` writes it, or "" where there is no such key."""
    path = path_of(tree, name)
    return "" if path is None or slot_at(path, scenario.network.kind) is None else written(tree, path)


def _misnamed(scenario: Scenario, tree: Node) -> Iterator[_Misnamed]:
    fixed = [known for name in scenario.worlds.fixed if (known := _canonical(scenario, tree, name))]
    for table, names in zip(("fixed", "doubt"), _lists(scenario), strict=True):
        for number, name in enumerate(names):
            known = _canonical(scenario, tree, name)
            message, hint = ("", None) if known else _not_there(scenario, tree, name)
            if known and table == "doubt":
                message = _not_in_doubt(scenario, tree, (name, known), fixed)
            if message:
                fault = Fault(scenario.name, key=f"worlds.{table}", message=message, suggestion=hint)
                yield _Misnamed(table, number, fault)


def _not_there(scenario: Scenario, tree: Node, name: str) -> tuple[str, str | None]:
    hint = did_you_mean(name, (written(tree, at) for at, _, _ in numbers(scenario, tree)))
    return f"names '{visible(name)}', which is no key of this scenario", hint


def _not_in_doubt(scenario: Scenario, tree: Node, name: tuple[str, str], fixed: list[str]) -> str:
    """Return why a name cannot stand in ``worlds.doubt``, or ""."""
    given, known = name
    both = next((other for other in fixed if is_under(known, other) or is_under(other, known)), None)
    if both is not None:
        return f"names '{given}', and worlds.fixed names '{both}'; a number cannot be both"
    may = may_be_doubted(scenario, tree)
    if any(is_under(key, known) for key in may):
        return ""
    if is_choice(known):
        return f"names '{given}', which the firm sets; to draw it all the same, write a distribution in its place"
    own = [key for key in may if key in (scenario.worlds.known or ())] or may
    return (
        f"names '{given}', of which the evidence has no range; write a distribution in its place, as in "
        f"{{low = ..., mode = ..., high = ...}}. May be named: {', '.join(own)}"
    )


def may_be_doubted(scenario: Scenario, tree: Node) -> list[str]:
    """Return the numbers of which the evidence has a range, or the scenario a distribution; no choices of the firm."""
    given, rate = {item.key for item in scenario.uncertain}, rate_of(scenario)
    found = {
        written(tree, path): whatever_is_stated(slot, float(value), rate)
        for path, slot, value in numbers(scenario, tree)
    }
    return [key for key, known in found.items() if key in given or (known is not None and not is_choice(key))]
