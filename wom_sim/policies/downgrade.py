"""Back of the queue, blocked numbers, slight neglect."""

from __future__ import annotations

from wom_sim.policies.hidden import NUMBERS_OF_A_LEAK, treated_in_secret, with_leak
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.policies.worth import costs_to_serve
from wom_sim.world.treatments import DOWNGRADE, Treatments, people_of


def plan(setting: Setting) -> Treatments:
    """Serve the chosen less: a share of their calls is no longer answered. Nobody is told, unless it leaks."""
    table = treated_in_secret(setting, DOWNGRADE)
    calls, credited = costs_to_serve(setting.people, people_of(table), setting.scores)
    table["call_change"], table["contact_change"] = (setting.levers.calls_saved * part for part in (credited, calls))
    return with_leak(setting, table)


POLICY = Policy(
    name="downgrade",
    summary="Back of the queue, blocked numbers, slight neglect: cheaper to serve. Nobody is told, and it may leak.",
    evidence=(
        "'Put their numbers automatically at the back of the queue', 'slightly neglect them' (S). Known, it harms as "
        "much as an open dismissal: Haenlein & Kaplan 2011 (A). Share of calls no longer answered: Assumption."
    ),
    defaults=Levers(calls_saved=0.3),
    plan=plan,
    actions=(DOWNGRADE,),
    numbers=("behaviour.leaving.downgraded", "behaviour.fairness.agree_to_downgrade", *NUMBERS_OF_A_LEAK),
    own_levers=("calls_saved",),
    searched=("per_day",),
)
