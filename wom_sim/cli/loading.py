"""A scenario loaded for a command, with a warning where ``--set`` made its market smaller than what it counts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wom_sim.scenario import Scenario


def load(file: str, overrides: Sequence[str]) -> Scenario:
    """Return the scenario of a file with ``key=value`` overrides; say what a smaller market does, if it was made one.

    Raises ScenarioError with all the faults at once.
    """
    from wom_sim.scenario import load_scenario
    from wom_sim.scenario.smaller import smaller_market

    loaded = load_scenario(file, overrides)
    said = smaller_market(file, loaded) if overrides else None
    if said is not None:
        print(f"wom-sim: warning: {said}", file=sys.stderr)
    return loaded
