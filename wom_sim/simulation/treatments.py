"""What the firm does to whom under a policy, given people, ties and luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wom_sim.policies.sequence import Steps
from wom_sim.policies.setting import Setting
from wom_sim.policies.waves import Waves, in_waves
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.simulation.levers import simulated_levers
from wom_sim.simulation.numbers import numbers_of
from wom_sim.simulation.plugins import usable
from wom_sim.simulation.scores import scores_of
from wom_sim.world.treatments import Treatments
from wom_sim.world.world import World


def treatments_of(scenario: Scenario, policy: Policy, world: World, seed: int) -> Treatments:
    """Return what the firm does under a policy, given people, ties and luck.

    Raises
    ------
    ValueError
        If the policy cannot be carried out, in words.
    """
    setting = setting_of(scenario, policy, world, seed)
    first, then, waves = usable(policy.use), policy.then, policy.waves
    if then is None and waves is None:
        return first.plan(setting)
    steps = Steps(first)
    if then is not None:
        later = simulated_levers(scenario, then)
        if then.choose is None:
            later = replace(later, choose=setting.levers.choose)
        steps = Steps(first, usable(then.use), later, then.after_days, then.choose is not None)
    if waves is None:
        return steps.plan(setting)
    said = Waves(waves.times, waves.days_apart, waves.each == "part")
    return in_waves(setting, said, steps.plan)


def setting_of(scenario: Scenario, policy: Policy, world: World, seed: int) -> Setting:
    """Return the world as a policy of a scenario finds it, with the luck of ``seed``."""
    return Setting(
        world.people, world.network, np.uint64(seed), simulated_levers(scenario, policy), scores_of(scenario),
        world.notes, represents=scenario.run.represents, numbers=numbers_of(scenario, policy, world.newcomer),
        listed=world.listed, switching=world.switching,
    )  # fmt: skip
