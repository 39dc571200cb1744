"""Let them think that leaving is their own idea."""

from __future__ import annotations

from wom_sim.policies.hidden import NUMBERS_OF_A_LEAK, treated_in_secret, with_leak
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.treatments import NUDGE, Treatments


def plan(setting: Setting) -> Treatments:
    """Make the chosen reconsider; nobody's service ends, and nobody is told why, unless it leaks."""
    return with_leak(setting, treated_in_secret(setting, NUDGE))


POLICY = Policy(
    name="nudge",
    summary="Let them think that leaving is their own idea. Nobody is told, and it may leak.",
    evidence=(
        "'Give the customer the idea that it is better to go elsewhere' (S). A contact that makes people reconsider "
        "raises churn x1.6: Ascarza et al. 2016 (A). Known, it harms as much as an open dismissal: Haenlein & "
        "Kaplan 2011 (A)."
    ),
    defaults=Levers(cost_each=10.0),
    plan=plan,
    actions=(NUDGE,),
    numbers=("behaviour.leaving.nudged", "behaviour.fairness.agree_to_nudge", *NUMBERS_OF_A_LEAK),
    searched=("per_day",),
)
