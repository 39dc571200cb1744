"""The levers of a policy: its own defaults, and what the scenario gives in their place."""

from __future__ import annotations

from dataclasses import replace

from wom_sim.policies import policy as policy_named
from wom_sim.policies.setting import Choice, Levers
from wom_sim.scenario import Scenario
from wom_sim.scenario.represents import simulated
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.policies import Policy, Then


def levers_of(scenario: Scenario, policy: Policy | Then) -> Levers:
    """Return the levers of a policy, or of a second step: its own defaults, overridden by what the scenario gives."""
    defaults = policy_named(policy.use).defaults
    given = {
        name: getattr(policy, name)
        for name in Levers.__dataclass_fields__
        if name != "choose" and getattr(policy, name, None) is not None
    }
    choose = scenario.choose if policy.choose is None else policy.choose
    return Levers(**({**defaults.__dict__, **given} | {"choose": _choice(choose, scenario)}))


def simulated_levers(scenario: Scenario, policy: Policy | Then) -> Levers:
    """Return the levers as simulated people meet them: what they count, and what is paid once, in their numbers."""
    levers, represents = levers_of(scenario, policy), scenario.run.represents
    if represents == 1:
        return levers
    limit = levers.choose.limit
    choice = replace(levers.choose, limit=None if limit is None else simulated(limit, represents))
    per_day, cost = levers.per_day / represents, levers.programme_cost / represents
    return replace(levers, per_day=per_day, programme_cost=cost, choose=choice)


def _choice(choose: Choose, scenario: Scenario) -> Choice:
    names = [s.name for s in scenario.population.segments]
    values = {name: getattr(choose, name) for name in Choice.__dataclass_fields__}
    if choose.segments is not None:
        values["segments"] = tuple(names.index(name) for name in choose.segments)
    return Choice(**values)
