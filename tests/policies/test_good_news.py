"""Policies that do something for customers: what they tell is praise, and nobody's service ends."""

from __future__ import annotations

import numpy as np
import pytest
from firms import KIND, SCORES, SEGMENTS, firm, plan, profit

from wom_sim.engines.compiled import Engine
from wom_sim.policies.setting import Choice
from wom_sim.simulation import numbers_of
from wom_sim.world import trace as tr
from wom_sim.world.people import customers

GOOD = pytest.mark.parametrize("name", KIND)


@GOOD
def test_the_chosen_are_told_something_good_and_stay(name):
    table = plan(name)
    assert len(table) == 40
    assert table["praise"].all()
    assert table["agreed"].all()
    assert (table["notice"] == -1).all()
    assert (table["news"] == 0).all()
    assert (table["story"] > 0).all()
    assert (table["hazard_multiplier"] < 1.0).all()
    assert (table["given"] == 0.0).all()


@GOOD
def test_everyone_may_be_told(name):
    assert len(plan(name, for_all=True)) == customers(firm().people).sum()


@GOOD
def test_a_mistake_is_no_harm_to_who_is_told_something_good(name):
    table = plan(name, choose=Choice(limit=40, error_rate=0.5))
    assert len(np.unique(table["grievance"])) == 1
    assert table["agreed"].all()


def test_a_repair_saves_most_on_those_who_call_most_and_not_more_than_they_cost():
    table = plan("fix_root_cause", for_all=True)
    calls = firm().people["calls"][table["person"]]
    saved = table["call_change"] + table["contact_change"]
    assert np.corrcoef(calls, saved)[0, 1] > 0.9
    assert (saved <= 0.2 * calls * (SCORES.contact_cost + SCORES.credit_per_call) + 1e-9).all()
    assert not plan("fix_root_cause", calls_saved=0.0)["contact_change"].any()


def test_a_guarantee_costs_two_per_cent_of_revenue():
    table = plan("guarantee", for_all=True)
    assert (table["profit_change"] < 0.0).all()
    mean = -table["profit_change"].mean() / 0.02
    earned = profit()[customers(firm().people)].mean()
    assert mean > earned, "revenue is more than profit"


def test_a_guarantee_costs_each_customer_the_same_share_of_what_they_pay():
    table, people = plan("guarantee", for_all=True), firm().people
    pays = people["margin"][table["person"]].astype(float)
    pays += np.array([segment.account_cost for segment in SEGMENTS])[people["segment"][table["person"]]]
    assert np.allclose(table["profit_change"], -SCORES.guarantee_share * pays, rtol=1e-9)
    assert np.ptp(pays) > 100.0


@GOOD
def test_praise_spreads_keeps_some_and_is_no_news(name, quiet_scenario):
    scenario, policy = quiet_scenario
    table = plan(name, for_all=True, per_day=0.0)
    numbers = numbers_of(scenario, policy, (20.0, 0.02))
    trace = Engine(firm()).run(numbers, table, 3, events=True)
    total = trace.book.daily.sum(axis=0)
    assert total[tr.D_PRAISE] > 0
    assert total[tr.D_HARM] == 0
    assert total[tr.D_DEFENDERS] > 0
    assert total[tr.D_TALKERS] == 0
    assert trace.buzz.max() == 0.0
    assert (trace.picked_up == -1).all()
    assert total[tr.D_TREATED_LEFT] < 0
    assert trace.book.ledger[..., tr.L_LOSSES_AVOIDED].sum() != 0


@pytest.fixture
def quiet_scenario():
    from markets import scenario

    said = scenario(6000, 1500)
    return said, said.policies[0]
