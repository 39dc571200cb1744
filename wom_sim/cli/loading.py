"""A scenario loaded for a command, with a warning where ``--set`` made its market smaller than what it counts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wom_sim.scenario import Scenario


def load(file: str, overrides: Sequence[str]) -> Scenario:
    """Return the scenario of a file with ``key=value`` overrides; say what a smaller market does, if it was made one.

    Policies of other packages that it uses are loaded and looked at.

    Raises
    ------
    ScenarioError
        With all the faults at once.
    PluginError
        If a policy of another package cannot be used.
    """
    from wom_sim.scenario import load_scenario
    from wom_sim.scenario.smaller import smaller_market

    loaded = load_scenario(file, overrides)
    _check_plugins(loaded)
    said = smaller_market(file, loaded) if overrides else None
    if said is not None:
        print(f"wom-sim: warning: {said}", file=sys.stderr)
    return loaded


def _check_plugins(scenario: Scenario) -> None:
    """Raise PluginError where a policy of another package that a scenario uses cannot be loaded, or is none."""
    from wom_sim.policies import POLICIES

    uses = [use for p in scenario.policies for use in (p.use, p.then.use if p.then is not None else p.use)]
    if not all(use in POLICIES for use in uses):
        from wom_sim.simulation.plugins import usable  # takes longer to import than to validate most scenarios

        for use in dict.fromkeys(uses):
            usable(use)
