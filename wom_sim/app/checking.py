"""Whether an address changes only what the page has a control for, so that it names no file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wom_sim.app.levers import MOST_POLICIES, Controls, controls
from wom_sim.app.state import State, loaded
from wom_sim.scenario import ScenarioError
from wom_sim.scenario.errors import Fault, visible
from wom_sim.words import Words, sentence


def check_changes(state: State, file: str, scenario: Any, may: Callable[[str, Controls], bool]) -> str:
    """Return the last change in words, "" without one.

    Raises
    ------
    ScenarioError
        Where a change is none of a control of the scenario, or there are too many policies.
    """
    if len(scenario.policies) > MOST_POLICIES and any(c.startswith("policies=") for c in state.changes):
        raise ScenarioError([Fault("address", key="policies", given=str(len(scenario.policies)),
                                   allowed=f"at most {MOST_POLICIES}")])  # fmt: skip
    if not state.changes:
        return ""
    found = controls(scenario, loaded(State(state.base), file), Words(state.lang))
    wrong = [key for key in (change.partition("=")[0] for change in state.changes) if not may(key, found)]
    if wrong:
        raise ScenarioError(
            [Fault("address", key=visible(key[:100]), message="no control of this page") for key in wrong]
        )
    return _in_words(state.changes[-1], found, Words(state.lang))


def _in_words(change: str, found: Controls, words: Words) -> str:
    """Return a change as the trail names it."""
    key, _, value = change.partition("=")
    control = next((each for each in found if each.key == key), None)
    if control is None:
        return words.say("app.other_policies")
    named = dict(control.choices).get(value.strip('"'), value)
    of = f"{sentence(words.policy(control.policy))}: " if control.policy else ""
    yes = {"true": words.say("report.varied.yes"), "false": words.say("report.varied.no")}
    return f"{of}{control.label.lower() if of else control.label} {yes.get(named, named)}"
