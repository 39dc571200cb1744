"""Hand them over: to a partner, or to a provider of last resort that the industry runs together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wom_sim._compile import kernel
from wom_sim.policies import rows
from wom_sim.policies.choosing import after_review, choose
from wom_sim.policies.reprice import account_cost, revenue
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.rules.fairness import reservation_value
from wom_sim.rules.leaving import MONTH, base_hazard, price_multiplier, too_dear
from wom_sim.rules.money import FOREVER, months_of_stay, value_beyond
from wom_sim.world.accounts import allocated
from wom_sim.world.people import People
from wom_sim.world.switching import Switching, surplus, switching_cost
from wom_sim.world.treatments import TRANSFER, Treatments, people_of


def plan(setting: Setting) -> Treatments:
    """Hand the chosen over; who does not go along stays.

    Some of those who go along to a partner welcome it. Three times the price is no favour: for the provider of last
    resort as few agree as to a dismissal. Credit seekers do not go along: they like it here.
    """
    levers, scores = setting.levers, setting.scores
    who = after_review(setting, choose(setting))
    told = rows.arrives(setting, who, rows.days_of_work(setting, len(who)))
    goes = rows.agrees_unasked(setting.people, who, levers.acceptance, setting.seed)
    welcome = rows.chance_to_agree(setting) if levers.last_resort else scores.action_agree["transfer"]
    agreed = goes & rows.agrees_unasked(setting.people, who, welcome, setting.seed)
    table = rows.rows(setting, who, told, agreed, TRANSFER, goes)
    if levers.last_resort:
        table["given"] -= np.where(table["notice"] >= 0, worth_of_last_resort(setting, table), 0.0)
    return table


def worth_of_last_resort(setting: Setting, table: Treatments) -> NDArray[np.float64]:
    """Return what each person brings from the hand-over to the horizon, in currency at day 0.

    An expectation, because a run does not last three years: the firm bears a share of the joint provider's result with
    the person (more revenue, service free of charge, no credits), who is free to leave it; of those still there
    after the years some are rehabilitated, and come back with the calls of an ordinary customer. The horizon begins
    with the month of the first act, as for all other money.
    """
    scores, people, who = setting.scores, setting.people, people_of(table)
    segment = people["segment"][who]
    pays = revenue(setting, who)
    calls = people["calls"][who].astype(np.float64)
    usual = np.minimum(calls, scores.accounts["usual"][segment])
    there = scores.last_resort.price * pays - account_cost(setting, who) - calls * scores.cost_per_call
    account = scores.accounts[segment]
    stays = allocated(people, who, scores.accounts)
    back = people["margin"][who] * (1.0 + account["share"]) + stays - usual * scores.contact_cost
    factor = price_multiplier(scores.last_resort.price - 1.0, scores.price_sensitivity)
    months, kept = round(12.0 * scores.last_resort.years), (scores.last_resort.borne, scores.last_resort.rehabilitated)
    numbers = (months, factor, *kept, scores.discount)
    moves = table["day_told"] + np.maximum(0, table["notice"])
    wait = (1.0 + scores.discount) ** (-moves / MONTH)
    counted = _months_counted(table, moves, scores.horizon)
    beyond = (scores.last_resort.price - scores.last_resort.seen) * pays
    pays_it = ~gives_up(people, setting.switching, who, beyond, scores.price_months)
    return np.asarray(wait * pays_it * there_and_back(people, who, there, back, counted, numbers))


def _months_counted(table: Treatments, moves: NDArray[np.int64], horizon: int) -> NDArray[np.int64]:
    """Return how many months from the day ``moves`` of each hand-over lie before the horizon."""
    if horizon >= FOREVER or not len(table):
        return np.full(len(table), FOREVER, dtype=np.int64)
    end = int(table["day_told"].min()) // MONTH + horizon
    return np.maximum(0, end - moves.astype(np.int64) // MONTH)


@kernel
def gives_up(
    people: People, switching: Switching, who: NDArray[np.int64], excess: NDArray[np.float64], months: float
) -> NDArray[np.bool_]:
    """Return who of ``who`` goes without rather than pay ``excess`` (currency a month) beyond the price spoken of."""
    out = np.empty(who.size, dtype=np.bool_)
    for k in range(who.size):
        cost, lost = switching_cost(people, switching, who[k]), surplus(people, switching, who[k])
        worth = reservation_value(np.float64(cost), np.float64(lost))
        out[k] = too_dear(excess[k], months, worth)
    return out


@kernel
def there_and_back(
    people: People,
    who: NDArray[np.int64],
    there: NDArray[np.float64],
    back: NDArray[np.float64],
    counted: NDArray[np.int64],
    numbers: tuple[int, float, float, float, float],
) -> NDArray[np.float64]:
    """Return the value of each of ``who`` at the provider of last resort and after, in currency at the hand-over.

    ``there`` and ``back`` are monthly profits in currency, ``counted`` how many months count; ``numbers`` is (months
    there, factor on churn there, share of the result that the firm bears, share that is rehabilitated, monthly
    discount).
    """
    months, factor, borne, rehabilitated, discount = numbers
    out = np.empty(who.size, dtype=np.float64)
    for k in range(who.size):
        churn = np.float64(people[who[k]].churn)
        leaves = base_hazard(churn, 1.0, factor)
        remain = ((1.0 - leaves) / (1.0 + discount)) ** months
        out[k] = borne * there[k] * months_of_stay(leaves, min(months, counted[k]), discount)
        if counted[k] > months:
            later = value_beyond(back[k], churn, 0, counted[k] - months - 1, discount)
            out[k] += rehabilitated * remain * (back[k] + later)
    return out


POLICY = Policy(
    name="transfer",
    summary="Hand them over to a partner with help to move, or to a joint provider of last resort at a higher price.",
    evidence=(
        "'NoHopeLastResort': three times the price, free service, back after three years (S). Helping to find "
        "another provider lowers bad word by a quarter, 90 % go, 50 dollars each: EVIDENCE 12 (C)."
    ),
    defaults=Levers(
        channel="letter", framing="thanks_and_explains", notice_days=30, help_to_move=True, acceptance=0.9,
        stated_criterion=True, cost_each=50.0,
    ),
    plan=plan, actions=(TRANSFER,),
    numbers=(
        "behaviour.fairness.agree_to_transfer", "behaviour.leaving.price_sensitivity", "behaviour.leaving.price_months",
        "money.last_resort",
    ),
    own_levers=("acceptance", "last_resort"),
)  # fmt: skip
