"""Stop the credits that reward complaining, and say what service is for."""

from __future__ import annotations

import numpy as np

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.policies.worth import costs_to_serve
from wom_sim.world.people import SEEKER
from wom_sim.world.treatments import CAP_CREDITS, Treatments, people_of


def plan(setting: Setting) -> Treatments:
    """Tell those of the chosen who call for credits that calls no longer earn any; nobody's service ends.

    They get none, call less, and leave sooner; none of them finds it fair. Who gets no credits has nothing to lose,
    and is not told.
    """
    levers, scores = setting.levers, setting.scores
    who = after_review(setting, choose(setting))
    who = who[(setting.people["traits"][who] & SEEKER) != 0]
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    table = rows.rows(setting, who, told, np.zeros(len(who), dtype=np.bool_), CAP_CREDITS)
    calls, credited = costs_to_serve(setting.people, people_of(table), scores)
    table["call_change"], table["contact_change"] = credited, levers.calls_saved * calls
    table["hazard_multiplier"] = scores.action_hazard["cap_credits"]
    return table


POLICY = Policy(
    name="cap_credits",
    summary="Stop the credits that reward complaining, and say what service is for. Who called for them calls less.",
    evidence=(
        "'Companies get what they ask for': Sprint gave credits because its staff were tired of them (S). "
        "Hazard x1.2, 40 dollars each: EVIDENCE 12 (C). Share of the calls that fall away: Assumption."
    ),
    defaults=Levers(
        channel="letter", framing="neutral", notice_days=30, stated_criterion=True, calls_saved=0.5, cost_each=40.0
    ),
    plan=plan,
    actions=(CAP_CREDITS,),
    numbers=("behaviour.leaving.credits_capped",),
    own_levers=("calls_saved",),
    searched=("per_day", "framing", "explanation"),
)
