"""A scenario loaded for a command, with a warning where ``--set`` made its market smaller than what it counts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wom_sim.scenario import Scenario


def load(file: str, overrides: Sequence[str]) -> Scenario:
    """Return the scenario of a file with ``key=value`` overrides; say what a smaller market does, if it was made one.

    What it uses of other packages is loaded and looked at.

    Raises
    ------
    ScenarioError
        With all the faults at once.
    PluginError
        If something of another package cannot be used.
    """
    from wom_sim.scenario import load_scenario
    from wom_sim.scenario.shrunk_market import smaller_market

    loaded = load_scenario(file, overrides)
    _check_plugins(loaded)
    said = smaller_market(file, loaded) if overrides else None
    if said is not None:
        print(f"wom-sim: warning: {said}", file=sys.stderr)
    return loaded


def _check_plugins(scenario: Scenario) -> None:
    """Raise PluginError where what a scenario uses of another package cannot be loaded, or is none of its kind."""
    from wom_sim.policies import POLICIES

    uses = [use for p in scenario.policies for use in (p.use, p.then.use if p.then is not None else p.use)]
    if not all(use in POLICIES for use in uses):
        from wom_sim.simulation.plugins import usable  # takes longer to import than to validate most scenarios

        for use in dict.fromkeys(uses):
            usable(use)
    if scenario.plugins.of_runs():
        from wom_sim.outcomes.own import own
        from wom_sim.simulation.made import check_made
        from wom_sim.simulation.own_rules import own_rule

        for name in scenario.plugins.indicators:
            own(name)
        for kind, rule in scenario.plugins.rules.items():
            if rule is not None:
                own_rule(rule, kind)
        check_made(scenario.plugins.population, scenario.plugins.network)
