"""From a study file to a study: its scenario, its points, and the scenario of each point."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from pydantic import ValidationError

from wom_sim._notebook import ShowsItself
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.scenario.errors import Fault, ScenarioError, did_you_mean, visible
from wom_sim.scenario.faults import Complaints, without_strange_values
from wom_sim.scenario.loading import scenario_of
from wom_sim.scenario.model_keys import Slot
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import put_value
from wom_sim.scenario.presets import PREFIX
from wom_sim.scenario.reading import read
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.tree import KeyPath, Node, Origin, find, origin_at, plain, written
from wom_sim.scenario.uncertain import central_values
from wom_sim.scenario.used import owner, uses
from wom_sim.simulation import KEEP, policy_of
from wom_sim.study.designs import points_of
from wom_sim.study.points import Points
from wom_sim.study.study_file import StudyFile

_MOST_FAULTS = 20


@dataclass(frozen=True)
class Study(ShowsItself):
    """A study that can be run. ``file``: as it was named; ``root``: its tree; ``base``: its scenario's, with [set]."""

    _shown_in: ClassVar[str] = "wom_sim.study.notebook"

    said: StudyFile
    file: str
    root: Node
    base: Node

    @property
    def name(self) -> str:
        """Return its name."""
        return self.said.name

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario in which no factor is set."""
        return scenario_of(self.base, self.file)

    @cached_property
    def points(self) -> Points:
        """Return the design: a row a point, a column a factor."""
        return points_of(self.said, self.base, self.root, Path(self.file).parent)

    @cached_property
    def policies(self) -> tuple[str, ...]:
        """Return the names of the policies, in the order of the study."""
        return self.said.policies or tuple(policy.name for policy in self.scenario.policies)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return the names of the indicators in the table."""
        return self.said.outputs or self._indicators

    @property
    def _indicators(self) -> tuple[str, ...]:
        """Return the names of our indicators, then of those of other packages that its scenario names."""
        return (*(indicator.name for indicator in INDICATORS), *self.scenario.plugins.indicators)

    @property
    def runs(self) -> int:
        """Return how many rows the table will have."""
        return len(self.points) * len(self.policies) * self.said.replications

    @cached_property
    def unused(self) -> frozenset[tuple[str, str]]:
        """Return (policy, factor) where no result of the policy can depend on the factor, at whichever point."""
        owners = {factor: owner(self.scenario, factor) for factor in self.points.columns}
        pairs = {(policy, factor) for policy in self.policies for factor in self.points.columns}
        of_others = {(policy, factor) for policy, factor in pairs if owners[factor] not in (None, policy)}
        doubted = pairs - of_others
        for point in range(len(self.points)):
            if not doubted:
                break
            scenario = self.at(point)
            known = {policy.name: policy for policy in self.policies_at(scenario)}
            doubted = {(name, factor) for name, factor in doubted if not uses(scenario, known[name], factor)}
        return frozenset(of_others | doubted)

    @property
    def idle(self) -> list[str]:
        """Return the factors that no policy of the study uses."""
        return [f for f in self.points.columns if all((policy, f) in self.unused for policy in self.policies)]

    @cached_property
    def central(self) -> dict[str, float]:
        """Return the numbers that the scenario gives as distributions and that are not varied: their central values."""
        return central_values(self.scenario, self.points.columns)

    def at(self, point: int) -> Scenario:
        """Return the scenario of a point. Raises ScenarioError if its values do not fit."""
        root = self.base
        for number, (key, value) in enumerate(zip(self.points.columns, self.points.rows[point], strict=True)):
            if value is not None:  # an empty cell leaves the scenario as it is
                root = put_value(root, key, value, self._origin(number, point))
        return scenario_of(root, self.file)

    def _origin(self, factor: int, point: int) -> Origin:
        """Return where the value of a factor is said: the line of the factor, or of the table of points."""
        if self.said.design.file is not None:
            source = self.points.source
            return Origin(source, point + 2) if source.endswith(".csv") else Origin(f"{source}, point {point}", None)
        if factor >= len(self.said.factors):
            return origin_at(self.root, ("design", "posterior"))
        return origin_at(self.root, ("factors", factor))

    def checked(self) -> Study:
        """Return the study. Raises ScenarioError with the first faults of its scenario, policies and points."""
        _ = self._is_sound  # found out once
        return self

    @cached_property
    def _is_sound(self) -> bool:
        """Return True, or raise ScenarioError with the first faults of scenario, policies and points."""
        for name in self.policies:
            try:
                policy_of(self.scenario, name)
            except ValueError:
                raise ScenarioError([self._no_policy(name)]) from None
        for output in self.said.outputs or ():
            if output not in self._indicators:
                raise ScenarioError([self._no_output(output)])
        for place, criterion in enumerate(self.said.criteria):
            if criterion.output not in self.outputs:
                raise ScenarioError([self._no_criterion(place, criterion.output)])
        reference = self.said.reference
        if reference is not None and reference not in (KEEP.name, *self.policies):
            raise ScenarioError([self._no_reference(reference)])
        faults: dict[str, Fault] = {}
        for point in range(len(self.points)):
            try:
                self.at(point)
            except ScenarioError as error:
                faults.update({str(fault): fault for fault in error.faults})
                if len(faults) >= _MOST_FAULTS:
                    break
        if faults:
            raise ScenarioError(list(faults.values()))
        return True

    def _no_reference(self, name: str) -> Fault:
        known = list(dict.fromkeys([KEEP.name, *self.policies]))
        words = f"given '{visible(name)}', allowed: {', '.join(known)}"
        return self._fault(("reference",), words, did_you_mean(name, known))

    def _no_output(self, name: str) -> Fault:
        hint = did_you_mean(name, self._indicators) or "see wom-sim show indicators"
        return self._fault(("outputs",), f"there is no indicator '{visible(name)}'", hint)

    def _no_criterion(self, place: int, name: str) -> Fault:
        hint = did_you_mean(name, self.outputs) or f"its outputs: {', '.join(self.outputs)}"
        return self._fault(("criteria", place, "output"), f"'{visible(name)}' is no output of the study", hint)

    def _no_policy(self, name: str) -> Fault:
        known = [policy.name for policy in self.scenario.policies]
        words = f"the scenario has no policy '{visible(name)}'; it has {', '.join(known)}"
        return self._fault(("policies",), words, did_you_mean(name, known))

    def _fault(self, path: KeyPath, words: str, hint: str | None) -> Fault:
        """Return the fault of what the study file says at a path."""
        origin = origin_at(self.root, path)
        return Fault(origin.file, origin.line, written(self.root, path), message=words, suggestion=hint)

    def policies_at(self, scenario: Scenario) -> Iterator[Policy]:
        """Yield the study's policies as they are in the scenario of a point."""
        for name in self.policies:
            yield policy_of(scenario, name)



def load_study(path: str | os.PathLike[str]) -> Study:
    """Read a study file and the scenario that it names.

    Raises ScenarioError with all the faults of the study file, then with those of its scenario or its points.
    """
    file = os.fspath(path)
    root = read(file)
    said = _model(root)
    origin = origin_at(root, ("scenario",))
    inside = said.scenario.startswith(PREFIX)
    named = said.scenario if inside else os.path.normpath(Path(origin.file).parent / said.scenario)
    if not inside and not Path(named).is_file():
        raise ScenarioError([Fault(origin.file, origin.line, "scenario", message=f"no such file: '{visible(named)}'")])
    base = read(named)
    table = find(root, ("set",))
    for key, node in _settings(table) if table is not None else ():
        base = put_value(base, key, plain(node), node.origin)
    if said.seed is not None:
        base = put_value(base, "run.seed", said.seed, origin_at(root, ("seed",)))
    study = Study(said, file, root, base)
    _ = study.scenario  # its faults come before those of points
    return study


def _model(root: Node) -> StudyFile:
    """Return the study file that a tree describes. Raises ScenarioError with all faults."""
    complaints = Complaints(root, Slot(StudyFile))
    faults = complaints.unwritable()
    try:
        said = StudyFile.model_validate_json(json.dumps(without_strange_values(plain(root))))
    except ValidationError as error:
        for at, fault in complaints.of(error).items():
            faults.setdefault(at, fault)
    if faults:
        raise ScenarioError(sorted(faults.values(), key=lambda fault: (fault.file, fault.line or 0)))
    return said


def _settings(table: Node, above: str = "") -> Iterator[tuple[str, Node]]:
    """Yield what [set] sets, key by key; tables in it are looked into, so dots need no quotes."""
    for key, node in table.value.items():
        path = f"{above}.{key}" if above else key
        if node.is_table:
            yield from _settings(node, path)
        else:
            yield path, node
