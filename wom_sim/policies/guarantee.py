"""Replace or refund without questions: it costs a share of revenue, and makes customers who speak well of the firm."""

from __future__ import annotations

from wom_sim.policies.good_news import told_good_news
from wom_sim.policies.reprice import revenue
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.treatments import GUARANTEE, Treatments, people_of


def plan(setting: Setting) -> Treatments:
    """Give the chosen, or everyone, the guarantee; each costs a share of what they pay."""
    table = told_good_news(setting, GUARANTEE)
    table["profit_change"] = -setting.scores.guarantee_share * revenue(setting, people_of(table))
    return table


POLICY = Policy(
    name="guarantee",
    summary="Replace or refund without questions. It costs a share of revenue; they stay longer and praise the firm.",
    evidence=(
        "Fog Creek: money back cost 2 % of revenue, no charge-backs. Lord of the Strings: 75 % of broken strings were "
        "the user's fault and were replaced all the same; fans answer bad publicity (case documents, S). Sizes: C."
    ),
    defaults=Levers(channel="email", framing="thanks_and_explains", explanation=1.0),
    plan=plan,
    actions=(GUARANTEE,),
    numbers=("behaviour.leaving.guaranteed", "money.guarantee_share"),
    own_levers=("for_all",),
    searched=(),
)
