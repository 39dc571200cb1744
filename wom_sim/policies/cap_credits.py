"""Stop the credits that reward complaining, and say what service is for."""

from __future__ import annotations

import numpy as np

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose, costs_to_serve
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.people import SEEKER
from wom_sim.world.treatments import CAP_CREDITS, Treatments


def plan(setting: Setting) -> Treatments:
    """Tell the chosen that calls no longer earn credits; nobody's service ends.

    Those who call for credits get none, call less, and leave sooner. The others lose nothing, but are told as well:
    the firm's rule is for all whom it chooses.
    """
    levers, scores = setting.levers, setting.scores
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    agreed = rows.agrees_unasked(setting.people, who, scores.action_agree["cap_credits"], setting.seed)
    table = rows.rows(setting, who, told, agreed, CAP_CREDITS)
    calls, credited = costs_to_serve(setting.people, table["person"], scores)
    seeks = (setting.people["traits"][table["person"]] & SEEKER) != 0
    table["profit_change"] = np.where(seeks, credited + levers.calls_saved * calls, 0.0)
    table["hazard_multiplier"] = np.where(seeks, scores.action_hazard["cap_credits"], 1.0)
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
)
