"""The policies of a scenario, ``keep`` before those that it lists."""

from __future__ import annotations

from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy

KEEP = Policy(name="keep", use="keep")


def policies_of(scenario: Scenario) -> tuple[Policy, ...]:
    """Return the policies to compare: those listed, after ``keep``."""
    listed = tuple(p for p in scenario.policies if p.use != "keep" or p.name != "keep")
    return (KEEP, *listed)


def policy_of(scenario: Scenario, name: str) -> Policy:
    """Return the policy ``name``. Raises ValueError, naming those there are."""
    for policy in policies_of(scenario):
        if policy.name == name:
            return policy
    raise ValueError(f"no policy is named {name!r}; there are {', '.join(p.name for p in policies_of(scenario))}")
