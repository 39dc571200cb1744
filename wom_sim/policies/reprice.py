"""A higher price: who stays pays more, who minds leaves sooner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel, rule
from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose, for_everyone
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.rules.calls import calls_at_fee
from wom_sim.rules.fairness import reservation_value
from wom_sim.rules.leaving import price_multiplier, too_dear
from wom_sim.world.people import SEEKER, People
from wom_sim.world.switching import Switching, surplus, switching_cost
from wom_sim.world.treatments import REPRICE, Treatments, people_of

LARGEST_MULTIPLIER = 1000.0
"""A fee may be many times what a light customer pays. So high a factor makes all but those leave at the next bill whose
churn is below a thousandth."""


@rule
def revenue_of(margin: float, account_cost: float, variable_cost: float) -> float:
    """Return what a customer pays, in currency a month: margin before calls, and the costs that it has paid for.

    ``variable_cost`` is a share of revenue.

    >>> revenue_of(20.0, 10.0, 0.25)
    40.0
    """
    return (margin + account_cost) / (1.0 - variable_cost)


def account_cost(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cost of the accounts of ``who``, in currency a month: their own if known, or the segment's."""
    usual = np.asarray(setting.scores.account_cost, dtype=np.float64)[setting.people["segment"][who]]
    return usual if setting.listed is None else usual + setting.listed.beyond_of(who)


def revenue(setting: Setting, who: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what the people ``who`` pay now, in currency a month: margin and the costs of their account."""
    variable = np.asarray(setting.scores.variable_cost, dtype=np.float64)[setting.people["segment"][who]]
    margin = setting.people["margin"][who].astype(np.float64)
    paid: NDArray[np.float64] = revenue_of(margin, account_cost(setting, who), variable)
    return paid


def plan(setting: Setting) -> Treatments:
    """Raise the price of the chosen, or of everyone, and charge for calls; nobody's service ends.

    Who pays a fee calls less often; what they still pay in fees counts as a rise of their price. The price holds
    from the day on which a customer is told, and so does the urge to leave. Beyond the rises that have been seen
    whoever would lose more by staying than by going leaves (``too_dear``).
    """
    levers, scores, setting = setting.levers, setting.scores, for_everyone(setting)
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    agreed = rows.agrees_unasked(setting.people, who, scores.action_agree["reprice"], setting.seed)
    table = rows.rows(setting, who, told, agreed, REPRICE)
    person = people_of(table)
    paid = revenue(setting, person)
    fee = (levers.fee_per_call, scores.time_per_call, scores.call_elasticity)
    costs = (scores.contact_cost, scores.credit_per_call)
    fees, credited, contact = fees_and_savings(setting.people, person, fee, costs)
    table["profit_change"] = levers.price_rise * paid
    table["call_change"], table["contact_change"] = fees + credited, contact
    reaction = (levers.price_rise, scores.price_sensitivity, scores.price_seen, scores.price_months)
    table["hazard_multiplier"] = multipliers(setting.people, setting.switching, person, paid, fees, reaction)
    return table


@kernel
def fees_and_savings(
    people: People, who: NDArray[np.int64], fee: tuple[float, float, float], costs: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what each of ``who`` pays in fees a month, and what the firm saves in credits and in contact cost.

    ``fee`` is (fee a call, what a call costs the customer in time, elasticity); ``costs`` is (contact cost of a
    call, credit of a call). All in currency; nothing where the fee is 0.
    """
    fees = np.zeros(who.size, dtype=np.float64)
    credited = np.zeros(who.size, dtype=np.float64)
    contact = np.zeros(who.size, dtype=np.float64)
    if fee[0] <= 0.0:
        return fees, credited, contact
    for k in range(who.size):
        person = people[who[k]]
        still = calls_at_fee(np.float64(person.calls), fee[0], fee[1], fee[2])
        fees[k] = still * fee[0]
        contact[k] = (np.float64(person.calls) - still) * costs[0]
        if person.traits & SEEKER:
            credited[k] = (np.float64(person.calls) - still) * costs[1]
    return fees, credited, contact


@kernel
def multipliers(
    people: People,
    switching: Switching,
    who: NDArray[np.int64],
    paid: NDArray[np.float64],
    fees: NDArray[np.float64],
    reaction: tuple[float, float, float, float],
) -> NDArray[np.float64]:
    """Return the factor on the hazard of each person: their price rises by the rise, and by fees / what they paid.

    ``reaction`` is (rise, sensitivity, largest rise that has been seen, months over which what is beyond it is
    weighed). Whom that costs more than leaving would leaves at the next bill.
    """
    rise, sensitivity, seen, months = reaction
    out = np.empty(paid.size, dtype=np.float64)
    for k in range(paid.size):
        pays = max(paid[k], 0.01)
        share = rise + fees[k] / pays
        cost, lost = switching_cost(people, switching, who[k]), surplus(people, switching, who[k])
        worth = reservation_value(np.float64(cost), np.float64(lost))
        out[k] = min(LARGEST_MULTIPLIER, price_multiplier(share, sensitivity))
        if too_dear((share - seen) * pays, months, worth):
            out[k] = LARGEST_MULTIPLIER
    return out


POLICY = Policy(
    name="reprice",
    summary="A higher price or a fee a call, for the chosen or for everyone. They pay, call less, or leave sooner.",
    evidence=(
        "Netflix 2011: 60 % more for many, 3.3 % fewer customers after a quarter (A). "
        "'Charge for what they cost', EUR 2 a minute (S). "
        "Size of the rise and motive drive the reaction: Homburg et al. 2005 (A)."
    ),
    defaults=Levers(channel="letter", framing="neutral", notice_days=30, price_rise=0.25),
    plan=plan,
    actions=(REPRICE,),
    numbers=(
        "behaviour.fairness.agree_to_price", "behaviour.leaving.price_sensitivity", "behaviour.leaving.price_seen",
        "behaviour.leaving.price_months", "behaviour.calling.elasticity", "behaviour.calling.time_per_call",
    ),
    own_levers=("price_rise", "fee_per_call", "for_all"),
    searched=("per_day", "framing", "explanation", "price_rise", "fee_per_call"),
)  # fmt: skip
