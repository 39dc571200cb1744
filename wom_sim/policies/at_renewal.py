"""Not renewed: each goes on their own day, when the contract ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.rules.leaving import MONTH
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.treatments import DISMISS, Treatments, arranged, people_of


def plan(setting: Setting) -> Treatments:
    """Tell each of the chosen that the contract is not renewed, ``notice_days`` before the day on which it would be.

    The firm begins as the other levers say, and takes each person's first day of renewal for which there is still time.
    """
    who = after_review(setting, choose(setting))
    ready = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    agreed = rows.agrees_unasked(setting.people, who, rows.chance_to_agree(setting), setting.seed)
    return on_own_days(setting, rows.rows(setting, who, ready, agreed, DISMISS))


def on_own_days(setting: Setting, table: Treatments) -> Treatments:
    """Return the rows, each told as many days before a renewal as the notice is, at the earliest when they were."""
    notice, out = setting.levers.notice_days, table.copy()
    out["day_told"] = renewal_days(setting, people_of(table), table["day_told"].astype(np.int64) + notice) - notice
    return arranged(out)


def renewal_days(setting: Setting, who: NDArray[np.int64], earliest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return each person's first day of renewal on or after the day ``earliest``.

    That is the first bill after the contract has ended, and from then on every ``term_months``, or every bill where
    they are 0. Who has no contract is renewed in a month of the term drawn by luck. Assumption.
    """
    people, term = setting.people, setting.levers.term_months
    bill, contract = people["bill_day"][who].astype(np.int64), people["contract"][who].astype(np.int64)
    month = np.maximum(contract, -(-(earliest - bill) // MONTH))
    if term > 1:
        number = int(Purpose.ANNIVERSARY)
        luck = np.array([uniform(setting.seed, number, i, 0, 0) for i in who])
        phase = np.where(contract > 0, contract, (luck * term).astype(np.int64))
        month += (phase - month) % term
    return month * MONTH + bill


POLICY = Policy(
    name="at_renewal",
    summary="Not renewed: each is told before the end of their own contract, and goes on that day.",
    evidence=(
        "Insurers do not renew, with 60 to 75 days of notice by law in several states of the US (M). Whether a "
        "non-renewal angers less than an end in between is not known: it is a dismissal with a ground in the terms."
    ),
    defaults=Levers(
        channel="letter", framing="neutral", notice_days=60, stated_criterion=True, ground_in_terms=True
    ),
    plan=plan,
    actions=(DISMISS,),
    own_levers=("term_months",),
    own_days=on_own_days,
)
