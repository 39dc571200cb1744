"""Out of service for so many days, then back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.policies.worth import costs_to_serve
from wom_sim.world import treatments
from wom_sim.world.accounts import allocated, contribution_margin
from wom_sim.world.treatments import SUSPEND, Treatments, people_of


def plan(setting: Setting) -> Treatments:
    """Tell the chosen, and leave them without service for ``return_after`` days from the end of the notice.

    Meanwhile they bring nothing and cost nothing: their contribution is missing, or spared, from the first bill on.
    They are customers all the same, and may leave for good.
    """
    levers = setting.levers
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    table = rows.rows(setting, who, told, np.zeros(len(who), dtype=np.bool_), SUSPEND)
    table["hazard_multiplier"] = setting.scores.action_hazard["suspend"]
    if not levers.notice_days:
        return out_of_service(setting, table, levers.return_after)
    out = quiet(table, table["day_told"] + levers.notice_days)
    return rows.join(table, out_of_service(setting, out, levers.return_after))


def quiet(table: Treatments, day: NDArray[np.int64]) -> Treatments:
    """Return rows for the same people on a later day that nobody talks about: what was said before takes effect."""
    return treatments.table(
        person=table["person"], day_told=day, action=table["action"], apart=table["apart"],
        hazard_multiplier=table["hazard_multiplier"],
    )  # fmt: skip


def out_of_service(setting: Setting, table: Treatments, days: int | NDArray[np.int64]) -> Treatments:
    """Return the rows with what it changes a month that nobody of them is served or pays, for so many days."""
    person, scores = people_of(table), setting.scores
    account = scores.accounts[setting.people["segment"][person]]
    margin = setting.people["margin"][person].astype(np.float64)
    calls, credited = costs_to_serve(setting.people, person, scores)
    stays = allocated(setting.people, person, scores.accounts)
    table["profit_change"] = -contribution_margin(margin, stays, account["share"])
    table["call_change"], table["contact_change"] = credited, calls
    table["lasts"] = days
    return table


POLICY = Policy(
    name="suspend",
    summary="Out of service for so many days, then back. Nothing is earned or spent on them meanwhile; some leave.",
    evidence=(
        "Comcast from October 2008: twice over the limit in six months, out for a year (B). What being out does to "
        "staying: as for who is served less (C). Shops that ban for a season: no figures, Assumption."
    ),
    defaults=Levers(
        channel="letter", framing="neutral", notice_days=0, return_after=90, stated_criterion=True,
        ground_in_terms=True,
    ),
    plan=plan,
    actions=(SUSPEND,),
    numbers=("behaviour.steps.suspended",),
    own_levers=("return_after",),
    searched=("per_day", "framing", "explanation", "return_after"),
)  # fmt: skip
