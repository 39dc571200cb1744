"""Keep everyone and carry the cost."""

from __future__ import annotations

from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world import treatments


def plan(setting: Setting) -> treatments.Treatments:
    """Do nothing."""
    return treatments.nothing()


POLICY = Policy(
    name="keep",
    summary="Keep everyone and carry the cost. Every other policy is measured against this one.",
    evidence="Case documents (S): 1,000 of 53 million is 0.0019 %; accept the group and its cost.",
    defaults=Levers(),
    plan=plan,
    actions=(),
    searched=(),
)
