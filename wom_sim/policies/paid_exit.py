"""Offer money and a waived fee to leave; who refuses stays, or is dismissed in a second round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.treatments import DISMISS, OFFER, Treatments


def plan(setting: Setting) -> Treatments:
    """Make the offer; dismiss the refusers after ``second_round_after`` days, if that is set.

    Who refuses has been made to think of leaving all the same.
    """
    levers = setting.levers
    who = after_review(setting, choose(setting))
    sent = rows.days_of_work(setting, len(who))
    told = rows.arrives(setting, who, sent)
    agreed = rows.accepts(setting.people, setting.switching, who, levers.payment + levers.fee_waived)
    offers = rows.rows(setting, who, told, agreed, OFFER)
    offers["hazard_multiplier"] = np.where(offers["agreed"], 1.0, setting.scores.action_hazard["offer"])
    if levers.second_round_after is None or agreed.all():
        return offers
    later = replace(setting, levers=replace(levers, payment=0.0))
    rest = who[~agreed]
    dismissed = rows.rows(
        later, rest, told[~agreed] + levers.second_round_after, np.zeros(len(rest), dtype=bool), DISMISS
    )
    return rows.join(offers, dismissed)


POLICY = Policy(
    name="paid_exit",
    summary="Offer money and a waived fee to leave. Who refuses stays, or is dismissed in a second round.",
    evidence=(
        "'Give the bad customers the 200 dollars' (S); American Express 2009: 300 dollars, mild press (A). "
        "Consent is the moderator that works: Haenel et al. 2019 (A). Credit seekers refuse (S)."
    ),
    defaults=Levers(
        channel="letter", framing="thanks_and_explains", notice_days=30, payment=200.0, stated_criterion=True
    ),
    plan=plan,
    actions=(OFFER, DISMISS),
    numbers=("behaviour.leaving.offered",),
    own_levers=("second_round_after",),
)
