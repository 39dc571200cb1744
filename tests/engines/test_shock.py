"""A known answer for money: one report raises everyone's hazard for a while, and what that costs has a closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from worlds import NUMBERS, outlets_of, world_of

from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.acts import DEPARTURE
from wom_sim.outcomes.attribution import traced
from wom_sim.outcomes.origins import Media
from wom_sim.rules.money import FOREVER
from wom_sim.world import people as pl
from wom_sim.world import trace as tr
from wom_sim.world.accounts import no_accounts
from wom_sim.world.network import Network
from wom_sim.world.treatments import table

PEOPLE, PROFIT, CHURN, DISCOUNT, BETA, HALF_LIFE, DAYS = 300_000, 40.0, 0.04, 0.01, 1.5, 45.0, 200


def expected_loss(bill_day: int, end: int) -> float:
    """Return what the report costs of one customer, in currency: survival with it against without, bill by bill.

    Beyond the run it is the sum of a geometric series, to before month ``end``.
    """
    usual = shocked = 1.0
    loss, bills = 0.0, 0
    for day in range(bill_day, DAYS, 30):
        harm = (1.0 - math.exp(-1.0)) * 2.0 ** (-(day - 1) / HALF_LIFE) if day >= 1 else 0.0
        usual *= 1.0 - CHURN
        shocked *= 1.0 - min(1.0, CHURN * math.exp(BETA * harm))
        bills += 1
        loss += PROFIT * (usual - shocked) / (1.0 + DISCOUNT) ** bills
    stay = (1.0 - CHURN) / (1.0 + DISCOUNT)
    beyond = PROFIT * stay * (1.0 - stay ** (end - bills)) / (1.0 - stay)
    return loss + beyond * (usual - shocked) / (1.0 + DISCOUNT) ** bills


def run(end: int) -> tr.Trace:
    people = pl.empty(PEOPLE)
    people["traits"], people["margin"], people["churn"] = pl.CUSTOMER, PROFIT, CHURN
    people["bill_day"] = np.arange(PEOPLE) % 30
    people["talkativeness"] = 1.0
    numbers = NUMBERS._replace(
        days=DAYS, end_month=end, discount=DISCOUNT, beta=BETA, chi=0.0, sides=0.0, affected=1.0, p_talk_victim=0.0,
        p_retell=0.0,
        p_defend=0.0, p_defend_siding=0.0, p_call=0.0, harm_per_dose=1.0, harm_half_life=HALF_LIFE, buffer=0.0,
        weight=(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0), corroboration_boost=0.0, household_follows=0.0, contagion_window=0,
    )  # fmt: skip
    outlets = outlets_of([(0.0, 1.0, 0.001, 1, True, 0.0)])  # reaches everyone, on day 1 only
    alone = Network(np.zeros(PEOPLE + 1, np.uint32), np.zeros(0, np.uint32), PEOPLE)
    world = world_of(people, alone, outlets)._replace(accounts=no_accounts())  # PROFIT is all that goes with them
    row = table(person=[0], day_told=0, notice=-1, story=255, news=0, p_call=0.0)
    return Engine(world).run(numbers, row, 11, events=True)


@pytest.mark.parametrize("end", [FOREVER, 15])
def test_a_temporary_rise_of_the_hazard_costs_what_its_closed_form_says(end: int):
    trace = run(end)
    log = trace.events()
    assert (log["event"] == tr.HEARD).sum() == PEOPLE - 1, "everyone hears it once, on day 1"
    left = log[log["event"] == tr.LEFT]
    left = left[(left["group"] & tr.G_TREATED) == 0]
    assert {tr.EARLIER, tr.BECAUSE} == set(left["label"].tolist()), "some would have gone anyway, only later"
    losses = np.zeros(PEOPLE)
    np.add.at(losses, left["person"], -left["amount"] / 100.0)
    expected = np.array([expected_loss(day, end) for day in range(30)])
    error = losses.std() / math.sqrt(PEOPLE)
    assert abs(losses.mean() - expected.mean()) < 4.0 * error
    assert expected.mean() / error > 100.0, "precise enough to notice an error of a twenty-fifth"
    assert round(100.0 * losses.sum()) == -trace.book.ledger[..., tr.L_LOST_STORY].sum()
    assert round(100.0 * losses.sum()) == -trace.book.ledger.sum(), "and nothing else costs anything"


def test_all_of_it_came_through_the_outlet():
    trace = run(FOREVER)
    found = traced(trace.book.log[: int(trace.book.used[0])], Media(3.0, 1.0))
    assert set(found.acts.effect.tolist()) == {DEPARTURE}
    assert (found.origins.outlet == 0).all()
    assert (found.origins.steps == 1).all()
    assert (found.doses.channel == tr.BY_OUTLET).all()
    assert found.coverage[0].root.tolist() == [-1], "no post made it report"
