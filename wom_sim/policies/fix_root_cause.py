"""Repair what makes customers call, and tell them: slow, costs money, and the praise spreads."""

from __future__ import annotations

from wom_sim.policies.good_news import told_good_news
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.policies.worth import costs_to_serve
from wom_sim.rules.calls import share_repaired
from wom_sim.world.treatments import FIX_ROOT_CAUSE, Treatments, people_of

_FIRST_YEAR = 12


def plan(setting: Setting) -> Treatments:
    """Tell the chosen, or everyone, that the cause of their calls is being repaired.

    Repair is slow: what a row saves is the mean of the first year, and nothing is counted beyond the run.
    """
    levers, scores = setting.levers, setting.scores
    table = told_good_news(setting, FIX_ROOT_CAUSE)
    calls, credited = costs_to_serve(setting.people, people_of(table), scores)
    saved = share_repaired(levers.calls_saved, scores.repair_months, _FIRST_YEAR)
    table["call_change"], table["contact_change"] = saved * credited, saved * calls
    return table


POLICY = Policy(
    name="fix_root_cause",
    summary="Repair what makes them call, and tell them. Slow, costs money; fewer calls, fewer leave, praise spreads.",
    evidence=(
        "'Fix the root, not the symptoms, and tell the customer' (S). Calls -20 % after a year, time constant 18 "
        "months (A); churn -5 to -15 % (C): EVIDENCE 12. What it costs is the firm's to say: `programme_cost`."
    ),
    defaults=Levers(channel="email", framing="thanks_and_explains", calls_saved=0.2, explanation=1.0),
    plan=plan,
    actions=(FIX_ROOT_CAUSE,),
    numbers=("behaviour.leaving.repaired", "behaviour.calling.repair_months"),
    own_levers=("calls_saved", "for_all"),
    searched=(),
)
