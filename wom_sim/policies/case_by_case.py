"""One by one, by telephone, each case reviewed."""

from __future__ import annotations

from wom_sim.policies.bulk_letter import plan
from wom_sim.policies.setting import Levers, Policy
from wom_sim.world.treatments import DISMISS

POLICY = Policy(
    name="case_by_case",
    summary="One by one, by telephone, each case looked at by a person; so many a day.",
    evidence=(
        "Said of AT&T and Verizon (S); both told AP that they end contracts only for abuse (A). "
        "ING Direct: 3,600 of 2 million a year by telephone, one flame (A)."
    ),
    defaults=Levers(
        per_day=4.0, channel="phone", framing="neutral", notice_days=30, individual_review=True, stated_criterion=True,
        coherence=0.02,
    ),
    plan=plan,
    actions=(DISMISS,),
)
