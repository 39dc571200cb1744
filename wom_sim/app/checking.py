"""Whether an address changes only what the page has a control for, so that it names no file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wom_sim.app.levers import MOST_POLICIES, Controls, controls
from wom_sim.app.state import State, loaded
from wom_sim.scenario import ScenarioError
from wom_sim.scenario.errors import Fault, visible
from wom_sim.words import Words


def check_changes(state: State, file: str, scenario: Any, may: Callable[[str, Controls], bool]) -> None:
    """Raise ScenarioError where a change is none of a control of the scenario, or there are too many policies."""
    if len(scenario.policies) > MOST_POLICIES and any(c.startswith("policies=") for c in state.changes):
        raise ScenarioError([Fault("address", key="policies", given=str(len(scenario.policies)),
                                   allowed=f"at most {MOST_POLICIES}")])  # fmt: skip
    if not state.changes:
        return
    found = controls(scenario, loaded(State(state.base), file), Words("en"))
    wrong = [key for key in (change.partition("=")[0] for change in state.changes) if not may(key, found)]
    if wrong:
        raise ScenarioError(
            [Fault("address", key=visible(key[:100]), message="no control of this page") for key in wrong]
        )
