"""Stop shared or unpaid use: borrowers become customers who pay, or are cut off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.policies.suspend import out_of_service, quiet
from wom_sim.world.luck import Purpose, uniform
from wom_sim.world.treatments import ENFORCE, Treatments


def plan(setting: Setting) -> Treatments:
    """Cut the chosen off, who use the service without paying for it; some of them come back and pay.

    A borrower is a person of the population who costs and brings little or nothing: a segment with that revenue. Who
    converts is without service from the end of the notice until a day within ``converts_within`` days, and brings
    ``converted_pays`` more a month from then on; for all others service ends, and members of their household may
    follow. All may complain.
    """
    levers = setting.levers
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    days = days_until_they_pay(setting, who)
    converts = np.isin(who, list(days))
    table = rows.rows(setting, who, told, np.zeros(len(who), dtype=np.bool_), ENFORCE, ~converts)
    if not days:
        return table
    told_them = table[np.isin(table["person"], list(days))]
    off = quiet(told_them, told_them["day_told"] + max(1, levers.notice_days))  # at the earliest the next day
    off = out_of_service(setting, off, np.array([days[person] for person in off["person"].tolist()]))
    pays = quiet(off, off["day_told"] + off["lasts"])
    pays["profit_change"] = levers.converted_pays
    return rows.join(rows.join(table, off), pays)


def days_until_they_pay(setting: Setting, who: NDArray[np.int64]) -> dict[int, int]:
    """Return for each of ``who`` that converts after how many days without service; the luck is the person's own."""
    number, steps = int(Purpose.CONVERTS), setting.scores.steps
    found = {}
    for person in who.tolist():
        share = float(uniform(setting.seed, number, person, 0, 0)) / max(steps["converts"], 1e-300)
        if share < 1.0:
            found[person] = 1 + int(share * steps["converts_within"])
    return found


POLICY = Policy(
    name="enforce",
    summary="Stop shared or unpaid use. Some borrowers become customers who pay; the others are cut off, and complain.",
    evidence=(
        "Streaming services that ended shared passwords gained joins in 2023 (M); of borrowers .2 convert within six "
        "months, .05 to .4 (C). About 8 dollars a month for an extra member: Netflix 2023 (M)."
    ),
    defaults=Levers(
        channel="email", framing="neutral", notice_days=30, converted_pays=8.0, stated_criterion=True,
        ground_in_terms=True,
    ),
    plan=plan,
    actions=(ENFORCE,),
    numbers=("behaviour.steps.converts", "behaviour.steps.converts_within"),
    own_levers=("converted_pays",),
)  # fmt: skip
