"""From a file and overrides to a scenario, or to everything that is wrong with it."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wom_sim.scenario.checks import CHOSEN_SEGMENTS, GRAPH_FILE, named_things
from wom_sim.scenario.eras import in_era
from wom_sim.scenario.errors import Fault, ScenarioError
from wom_sim.scenario.exchange import as_it_was_run, in_one_currency
from wom_sim.scenario.faults import Complaints, with_endless, without_strange_values
from wom_sim.scenario.known import check_names, with_stated
from wom_sim.scenario.magnitude import too_large
from wom_sim.scenario.model_keys import DEFAULT_KIND
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import apply_overrides
from wom_sim.scenario.reading import read
from wom_sim.scenario.tree import KeyPath, Node, find, plain, put
from wom_sim.scenario.uncertain import lift


def load_scenario(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), *, files: bool = True, resolved: bool = False
) -> Scenario:
    """Read a scenario file, with what it ``extends`` and with ``key=value`` overrides on top.

    ``extends`` is relative to the file; how files are merged: ``merging``; how overrides are written:
    ``overrides``. A graph file (``network.path``) is relative to the file that names it, or to the working
    folder in an override; the scenario holds its absolute path. ``files``: whether it must be there. ``resolved``:
    the file is that of a result, in which every number stands; only those that it lists as known were stated.

    Raises ScenarioError with all the faults at once.
    """
    root, faults = apply_overrides(read(path), [overrides] if isinstance(overrides, str) else overrides)
    scenario, tree = _scenario_and_tree(root, os.fspath(path), faults, files, resolved)
    check_names(scenario, tree, os.fspath(path))
    return scenario


def scenario_of(root: Node, file: str, faults: Sequence[Fault] = ()) -> Scenario:
    """Return the scenario that a tree describes; ``file`` is the one whose faults are named first.

    Raises ScenarioError with all the faults at once, ``faults`` among them.
    """
    return _scenario_and_tree(root, file, faults)[0]


def _scenario_and_tree(
    root: Node, file: str, faults: Sequence[Fault], files: bool = True, resolved: bool = False
) -> tuple[Scenario, Node]:
    root = _with_absolute_paths(with_endless(root))
    tree, uncertain, wrong = lift(root if resolved else in_era(root))
    if resolved:
        return as_it_was_run(_validated(tree, uncertain, [*faults, *wrong], file, files)), tree
    tree = with_stated(tree)
    scenario = in_one_currency(_validated(tree, uncertain, [*faults, *wrong], file, files), tree)
    if beyond_counting := too_large(scenario, tree):
        raise ScenarioError(beyond_counting)
    return scenario, tree


def _validated(root: Node, uncertain: list[dict[str, Any]], faults: list[Fault], file: str, files: bool) -> Scenario:
    """Return the scenario that ``root`` describes. Raises ScenarioError, with ``faults`` among its own."""
    complaints = Complaints(root)
    strange = complaints.unwritable()
    found: dict[KeyPath, Fault] = {**strange, **named_things(complaints, files)}
    data = without_strange_values(plain(root))
    if isinstance(data.get("network"), dict):
        data["network"].setdefault("kind", DEFAULT_KIND)
    scenario = None
    try:
        scenario = Scenario.model_validate_json(json.dumps({**data, **({"uncertain": uncertain} if uncertain else {})}))
    except ValidationError as error:
        for at, fault in complaints.of(error).items():
            if not _is_said(at, found):
                found[at] = fault
    faults = [*faults, *found.values()]
    if faults or scenario is None:
        raise ScenarioError(sorted(faults, key=lambda f: (f.file != file, f.file, f.line or 0)))
    return scenario


def _is_said(path: KeyPath, found: Collection[KeyPath]) -> bool:
    """Whether the checks have found the same, at the path or at the very segment that is not there."""
    return path in found or (path == CHOSEN_SEGMENTS and any(known[-3:-1] == path for known in found))


def _with_absolute_paths(root: Node) -> Node:
    """Return the tree with the path of the graph file made absolute, if there is one."""
    node = find(root, GRAPH_FILE)
    if node is None or not isinstance(node.value, str) or not node.value:
        return root
    folder = Path() if node.origin.line is None else Path(node.origin.file).parent
    try:
        absolute = str((folder / node.value).resolve())
    except (OSError, ValueError):  # a name that no file can have, which is said with the other faults
        return root
    return put(root, GRAPH_FILE, Node(absolute, node.origin))
