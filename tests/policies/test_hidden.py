"""What the firm does in secret: nothing to tell until it leaks, and everything from then on."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from firms import (
    LEAKY,
    SCORES,
    SECRET,
    TIGHT,
    all_of,
    firm,
    plan,
    policy,
    reservation,
    seekers,
    setting_of,
    some_customers,
)

from wom_sim.policies.hidden import leak_day
from wom_sim.policies.setting import Choice
from wom_sim.rules.money import FOREVER
from wom_sim.world.treatments import ACTION_NAMES, LEAK

EVERY = pytest.mark.parametrize("name", SECRET)
MANY = Choice(ids=some_customers(3000))
SLOW = {"choose": MANY, "per_day": 10.0}


@EVERY
def test_nobody_is_told(name):
    table = plan(name, choose=MANY, scores=TIGHT, please_call=True, explanation=0.0)
    assert len(table) == 3000
    for column in ("grievance", "story", "news", "p_call", "given"):
        assert not table[column].any(), column
    assert set(table["notice"].tolist()) == {-1}
    assert set(table["day_told"].tolist()) == {0}, "no letter, so no post"


@EVERY
@pytest.mark.parametrize("by_hand", ["grievance", "severity", "newsworthiness"])
def test_what_is_set_by_hand_is_that_of_the_leak(name, by_hand):
    table = plan(name, scores=LEAKY, **SLOW, **{by_hand: 0.4})
    column, value = {
        "grievance": ("grievance", 0.4), "severity": ("story", 102), "newsworthiness": ("news", 102),
    }[by_hand]  # fmt: skip
    out = table["action"] == LEAK
    known = out | (table["day_told"] >= table["day_told"][out][0])
    assert set(table[column][known].tolist()) == {value}
    assert not table[column][~known].any()


@EVERY
def test_a_leak_tells_everybody_treated_so_far_and_later_ones_at_once(name):
    table = plan(name, scores=LEAKY, **SLOW)
    tight = plan(name, scores=TIGHT, **SLOW)
    out = table[table["action"] == LEAK]
    (day,) = set(out["day_told"].tolist())
    assert 0 < day < 300
    done = table[table["action"] != LEAK]
    before = done["day_told"] < day
    assert set(out["person"].tolist()) == set(done["person"][before].tolist())
    assert set(out["turn"].tolist()) == {1}
    assert not done["news"][before].any()
    assert set(done["story"][~before].tolist()) == set(out["story"].tolist()) != {0}
    for column in ("person", "day_told", "hazard_multiplier", "profit_change", "cost", "agreed"):
        assert np.array_equal(done[column], tight[column]), column


@EVERY
def test_what_leaks_feels_like_the_practice_and_is_as_bad_as_a_dismissal(name):
    table = plan(name, scores=LEAKY, **SLOW)
    out = table[table["action"] == LEAK]
    whole = SCORES.action_severity[name]  # no fairness in it: nothing was said, noticed or given
    assert np.allclose(out["grievance"], np.where(out["agreed"], whole * SCORES.grievance_if_agreed, whole))
    assert 0.0 < out["agreed"].mean() < 1.0
    assert set(out["story"].tolist()) == {round(255 * SCORES.action_observed["dismiss"])}
    assert set(out["news"].tolist()) == {round(2560 * SCORES.action_news[name])}
    for column in ("given", "cost", "profit_change"):
        assert not out[column].any(), "a leak costs nothing by itself, and what was saved is saved on"
    assert set(out["hazard_multiplier"].tolist()) == {SCORES.action_hazard[name]}


@EVERY
def test_leaks_are_as_frequent_as_said(name):
    """2,000 programmes of 3,000 people for 360 days: 1 - .98^36 leak within 12 months."""
    days = [leak_day(setting_of(name, seed=seed), np.zeros(3000, dtype=np.int64)) for seed in range(2000)]
    within = sum(day is not None and day < 360 for day in days)
    p = 1.0 - 0.98**36
    assert abs(within - 2000 * p) < 4.0 * math.sqrt(2000 * p * (1.0 - p))


def test_more_people_treated_leak_sooner_by_the_same_luck():
    for seed in range(50):
        few, many = (leak_day(setting_of("nudge", seed=seed), np.zeros(n, dtype=np.int64)) for n in (1000, 4000))
        assert many is not None
        assert few is None or many <= few
    assert leak_day(setting_of("nudge"), np.zeros(0, dtype=np.int64)) is None
    assert leak_day(setting_of("nudge", scores=TIGHT), np.zeros(4000, dtype=np.int64)) is None


def test_nobody_treated_before_the_programme_counts():
    """Ten a day from day 100: the leak comes 100 days later than from day 0."""
    early, late = (plan("nudge", scores=LEAKY, start_day=start, **SLOW) for start in (0, 100))
    assert np.array_equal(late["day_told"], early["day_told"] + 100)


def test_a_downgrade_saves_a_share_of_the_cost_to_serve():
    table = plan("downgrade", choose=MANY, calls_saved=0.5, scores=TIGHT)
    who = table["person"]
    saved = table["call_change"] + table["contact_change"]
    a_call = 0.7 * 8.0 + np.where(seekers()[who], 2.0, 0.0)  # what of a call's cost goes with the call, and credits
    assert np.allclose(saved, 0.5 * a_call * firm().people["calls"][who], atol=1e-3)
    assert not plan("nudge", choose=MANY, scores=TIGHT)["contact_change"].any()


# What is said aloud: an end of credits, a hand-over, a fee.


def test_an_end_of_credits_is_told_only_to_those_who_call_for_them():
    table = plan("cap_credits", choose=MANY, calls_saved=0.25)
    chosen = plan("bulk_letter", choose=MANY)["person"]
    assert set(table["person"].tolist()) == set(chosen[seekers()[chosen]].tolist())
    assert 0 < len(table) < len(chosen)
    calls = firm().people["calls"][table["person"]].astype(float)
    assert np.allclose(table["call_change"], calls * SCORES.credit_per_call)
    assert np.allclose(table["contact_change"], calls * 0.25 * SCORES.contact_cost)
    assert set(table["hazard_multiplier"].tolist()) == {1.2}
    assert set(table["notice"].tolist()) == {-1}


@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
def test_who_goes_along_and_who_welcomes_it(share):
    table = plan("transfer", choose=MANY, acceptance=share)
    goes, may = table["notice"] >= 0, ~seekers()[table["person"]]
    assert abs(goes.sum() - share * may.sum()) <= 4.0 * math.sqrt(may.sum() * share * (1.0 - share))
    assert not goes[~may].any()
    assert (goes | ~table["agreed"]).all(), "who welcomes it goes"
    if share > 0.0:
        assert 0.2 < table["agreed"][may].mean() < 0.4
    assert not table["given"].any()


def one_by_one(who: int, months: int, price: float, churn_factor: float, counted: int = 10_000) -> float:
    """Return what a hand-over brings, month by month for so many months, without closed forms.

    The joint provider bears all that its books charge; with who comes back comes what goes with them, a quarter of the
    cost of an account and seven tenths of that of a call.
    """
    person, costs = firm().people[who], {0: 36.0, 1: 30.0, 2: 36.0}
    segment = int(person["segment"])
    pays, d = float(person["margin"]) + costs[segment], SCORES.discount
    calls = float(person["calls"])
    here, worth = 1.0, 0.0
    leaves = min(1.0, float(person["churn"]) * churn_factor)
    for month in range(min(months, counted)):
        worth += here * (price * pays - costs[segment] - 8.0 * calls) / (1.0 + d) ** month
        here *= 1.0 - leaves
    here *= 0.3
    for month in range(months, counted):
        usual = min(calls, SCORES.accounts["usual"][segment])
        worth += here * (pays - 0.25 * costs[segment] - 0.7 * 8.0 * usual) / (1.0 + d) ** month
        here *= 1.0 - float(person["churn"])
    return worth


@pytest.mark.parametrize(("horizon", "counted"), [(FOREVER, 10_000), (36, 35), (48, 47), (1, 0)])
def test_the_last_resort_brings_what_a_slow_count_says(horizon, counted):
    """They move 30 days after the first act, from whose month the horizon counts."""
    chosen = Choice(ids=some_customers(60))
    scores = replace(SCORES, horizon=horizon)
    table = plan("transfer", choose=chosen, last_resort=True, notice_days=30, channel="phone", scores=scores)
    goes = table[table["notice"] >= 0]
    assert 40 < len(goes) < 60
    factor = 1.0 + SCORES.price_sensitivity * 2.0
    for row in goes:
        slow = one_by_one(int(row["person"]), 36, 3.0, factor, counted) / (1.0 + SCORES.discount)
        assert -row["given"] == pytest.approx(slow, rel=1e-6, abs=1e-6)
    assert not table["given"][table["notice"] < 0].any()


def test_few_welcome_three_times_the_price():
    agreed = [plan("transfer", choose=MANY, last_resort=last)["agreed"].mean() for last in (False, True)]
    assert agreed[1] < 0.07 < 0.2 < agreed[0]


def test_three_times_the_price_does_not_pay_for_forty_calls():
    """Service is free there, so the price must bear it; it does for ordinary customers."""
    heavy = plan("transfer", choose=Choice(calls_at_least=40.0), last_resort=True)
    light = plan("transfer", choose=all_of(firm().people["calls"] < 2.0), last_resort=True)
    assert np.median(heavy["given"][heavy["notice"] >= 0]) > 0.0
    assert np.median(light["given"][light["notice"] >= 0]) < 0.0


@pytest.mark.parametrize("fee", [0.5, 8.0])
def test_a_fee_is_paid_spares_calls_and_counts_as_a_rise(fee):
    table = plan("reprice", choose=MANY, price_rise=0.1, fee_per_call=fee)
    people, who = firm().people, table["person"]
    calls = people["calls"][who].astype(float)
    still = calls * ((5.0 + fee) / 5.0) ** -0.6
    credit = np.where(seekers()[who], SCORES.credit_per_call, 0.0)
    pays = people["margin"][who] + np.array([36.0, 30.0, 36.0])[people["segment"][who]]
    assert np.allclose(table["profit_change"], 0.1 * pays, rtol=1e-5)
    assert np.allclose(table["call_change"], still * fee + (calls - still) * credit, rtol=1e-5)
    assert np.allclose(table["contact_change"], (calls - still) * SCORES.contact_cost, rtol=1e-5)
    rise = 0.1 + still * fee / np.maximum(pays, 0.01)
    usual = np.minimum(1000.0, 1.0 + SCORES.price_sensitivity * rise)
    leaving_costs = reservation(who).astype(float)
    too_dear = 12.0 * (rise - 0.6) * np.maximum(pays, 0.01) > leaving_costs
    assert np.allclose(table["hazard_multiplier"], np.where(too_dear, 1000.0, usual), rtol=1e-5)
    assert (too_dear.sum() > 100) == (fee == 8.0), too_dear.sum()


def test_who_minds_the_fee_more_calls_less():
    stubborn, thrifty = (
        plan("reprice", choose=MANY, price_rise=0.0, fee_per_call=8.0, scores=replace(SCORES, call_elasticity=e))
        for e in (0.0, 1.2)
    )
    assert (thrifty["hazard_multiplier"] <= stubborn["hazard_multiplier"]).all()
    calls = firm().people["calls"][stubborn["person"]].astype(float)
    assert np.allclose(stubborn["call_change"], 8.0 * calls), "they call as before, and pay"


def test_names_of_actions_are_those_of_policies():
    for name in (*SECRET, "transfer", "cap_credits", "reprice"):
        assert name in ACTION_NAMES.values()
        assert policy(name).name == name
