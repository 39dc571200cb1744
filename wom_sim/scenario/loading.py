"""From a file and overrides to a scenario, or to everything that is wrong with it."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from wom_sim.scenario.checks import CHOSEN_SEGMENTS, GRAPH_FILE, POSTERIOR, named_things
from wom_sim.scenario.countries import in_country
from wom_sim.scenario.customers import CUSTOMERS, TABLE, check_table, with_table
from wom_sim.scenario.eras import in_era
from wom_sim.scenario.errors import Fault, ScenarioError
from wom_sim.scenario.exchange import as_it_was_run, in_one_currency
from wom_sim.scenario.faults import Complaints, with_endless, without_strange_values
from wom_sim.scenario.known import check_names, with_stated
from wom_sim.scenario.magnitude import too_large
from wom_sim.scenario.merging import FILE
from wom_sim.scenario.model_keys import DEFAULT_KIND
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import apply_overrides
from wom_sim.scenario.posterior import DRAWS
from wom_sim.scenario.reading import read
from wom_sim.scenario.tree import KeyPath, Node, find, plain, put
from wom_sim.scenario.uncertain import lift

_MANY = 250_000_000
"""Customers in the place of those of a table that cannot be read: so many that nothing else is wrong because of it."""


def load_scenario(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), *, files: bool = True, resolved: bool = False
) -> Scenario:
    """Read a scenario file, with what it ``extends`` and with ``key=value`` overrides on top.

    ``extends`` is relative to the file; how files are merged: ``merging``; how overrides are written:
    ``overrides``. A graph file (``network.path``) or a customer table (``population.file``, or the folder in which it
    is) is relative to the file that names it, or to the working folder in an override; the scenario holds its absolute
    path. ``files``: whether it must be there. ``resolved``:
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
    if files and not resolved:
        root, unusable = with_table(root)
        faults = [*faults, *unusable.values()]
        if unusable and find(root, CUSTOMERS) is None:  # else they would be said to be missing as well
            root = put(root, CUSTOMERS, Node(_MANY, root.origin))
    tree, uncertain, wrong = lift(root if resolved else in_country(in_era(root)))
    if resolved:
        return as_it_was_run(_validated(tree, uncertain, [*faults, *wrong], file, files)), tree
    tree = with_stated(tree)
    scenario = in_one_currency(_validated(tree, uncertain, [*faults, *wrong], file, files), tree)
    if beyond_counting := too_large(scenario, tree):
        raise ScenarioError(beyond_counting)
    if files and (unknown := check_table(scenario, tree)):
        raise ScenarioError(unknown)
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
    """Return the tree with the paths of files made absolute; of a folder, that of the file in it."""
    for key, within in ((GRAPH_FILE, ""), (FILE, TABLE), (POSTERIOR, DRAWS)):
        node = find(root, key)
        if node is None or not isinstance(node.value, str) or not node.value:
            continue
        folder = Path() if node.origin.line is None else Path(node.origin.file).parent
        try:
            path = (folder / node.value).resolve()
            absolute = str(path / within if within and path.is_dir() else path)
        except (OSError, ValueError):  # a name that no file can have, which is said with the other faults
            continue
        root = put(root, key, Node(absolute, node.origin))
    return root
