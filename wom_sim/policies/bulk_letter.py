"""All on one day, by letter; service ends after the notice."""

from __future__ import annotations

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.treatments import DISMISS, Treatments


def plan(setting: Setting) -> Treatments:
    """Dismiss the chosen, as many a day as the levers say (all at once by default)."""
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    agreed = rows.agrees_unasked(setting.people, who, rows.chance_to_agree(setting), setting.seed)
    return rows.rows(setting, who, told, agreed, DISMISS)


POLICY = Policy(
    name="bulk_letter",
    summary="All on one day, by letter: you call us too often, your service ends after the notice.",
    evidence="Sprint 2007 (A): 1,000 letters, 30 days, fee of 200 dollars waived, 'please call customer care' (S).",
    defaults=Levers(
        channel="letter", framing="blames_customer", notice_days=30, stated_criterion=True, please_call=True
    ),
    plan=plan,
    actions=(DISMISS,),
)
