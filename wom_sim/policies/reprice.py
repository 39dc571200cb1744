"""A higher price: who stays pays more, who minds leaves sooner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.setting import Choice, Levers, Policy, Setting
from wom_sim.rules.leaving import price_multiplier
from wom_sim.world.treatments import REPRICE, Treatments


def revenue(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what the people ``who`` pay now, in currency a month: margin and the account cost of their segment."""
    account_cost = np.asarray(setting.scores.account_cost, dtype=np.float64)
    people = setting.people
    return people["margin"][who].astype(np.float64) + account_cost[people["segment"][who]]


def plan(setting: Setting) -> Treatments:
    """Raise the price of the chosen, or of everyone; nobody's service ends.

    The price holds from the day on which a customer is told, and so does the urge to leave.
    """
    levers, scores = setting.levers, setting.scores
    if levers.for_all:
        setting = replace(setting, levers=replace(levers, choose=Choice()))
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    agreed = rows.agrees_unasked(setting.people, who, scores.agree_to_price, setting.seed)
    table = rows.rows(setting, who, told, agreed, REPRICE)
    table["profit_change"] = levers.price_rise * revenue(setting, table["person"])
    table["hazard_multiplier"] = price_multiplier(levers.price_rise, scores.price_sensitivity)
    return table


POLICY = Policy(
    name="reprice",
    summary="A higher price for the chosen, or for everyone. They pay, or leave sooner.",
    evidence=(
        "Netflix 2011: 60 % more for many, 3.3 % fewer customers after a quarter (A). "
        "'Charge for what they cost' (S). Size of the rise and motive drive the reaction: Homburg et al. 2005 (A)."
    ),
    defaults=Levers(channel="letter", framing="neutral", notice_days=30, price_rise=0.25),
    plan=plan,
)
