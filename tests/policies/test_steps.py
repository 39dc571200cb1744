"""Warn, suspend, do not renew, enforce: who gets which row, when, and what it says of their money."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from firms import SCORES, SEGMENTS, firm, plan, setting_of, some_customers
from markets import scenario

from wom_sim.policies.setting import Choice
from wom_sim.policies.worth import contributions
from wom_sim.simulation import scores_of
from wom_sim.world import treatments as t
from wom_sim.world.world import World

MANY = Choice(ids=some_customers(1200))
PLAIN = {"choose": MANY, "channel": "phone"}
COSTS = (SCORES.contact_cost, SCORES.credit_per_call)


def scores_with(**steps: float):
    return replace(SCORES, steps={**SCORES.steps, **steps})


def days_of(table: t.Treatments) -> dict[int, int]:
    return dict(zip(table["person"].tolist(), table["day_told"].tolist(), strict=True))


def of_turn(table: t.Treatments, turn: int) -> t.Treatments:
    return table[table["turn"] == turn]


# -- warn, then end --------------------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_evidence():
    steps = scores_of(scenario(1, segments=SEGMENTS)).steps
    assert (steps["moderate"], steps["moderate_again"], steps["grievance_if_warned"]) == (0.75, 0.4, 0.6)
    assert (steps["converts"], steps["converts_within"]) == (0.2, 180.0)


def test_some_moderate_some_later_and_service_ends_for_the_rest():
    table = plan("warn_then_end", **PLAIN)
    warned, again, ended = (of_turn(table, turn) for turn in range(3))
    assert set(warned["person"].tolist()) == set(MANY.ids)
    assert abs(len(again) / 1200 - 0.25) < 4 * np.sqrt(0.25 * 0.75 / 1200)
    assert abs(len(ended) / len(again) - 0.6) < 4 * np.sqrt(0.6 * 0.4 / len(again))
    assert set(warned["action"].tolist()) == set(again["action"].tolist()) == {t.WARN}
    assert set(ended["action"].tolist()) == {t.DISMISS}
    assert set(ended["notice"].tolist()) == {30}
    assert (np.concatenate([warned, again])["notice"] == -1).all()


def test_each_step_comes_when_there_was_time_to_moderate():
    table = plan("warn_then_end", **PLAIN, warn_days=20, start_day=3)
    first = days_of(of_turn(table, 0))
    assert set(first.values()) == {3}
    assert {day - first[person] for person, day in days_of(of_turn(table, 1)).items()} == {20}
    assert {day - first[person] for person, day in days_of(of_turn(table, 2)).items()} == {40}


def test_who_moderates_at_a_share_does_so_at_a_larger_one():
    def goes_on(share: float) -> set[int]:
        table = plan("warn_then_end", **PLAIN, scores=scores_with(moderate=share))
        return set(of_turn(table, 1)["person"].tolist())

    assert goes_on(0.9) < goes_on(0.75) < goes_on(0.5) < goes_on(0.0) == set(MANY.ids)
    assert goes_on(1.0) == set()


def test_what_is_spared_are_the_calls_beyond_the_usual_of_who_moderates():
    table, people = plan("warn_then_end", **PLAIN), firm().people
    again = set(of_turn(table, 1)["person"].tolist())
    ended = set(of_turn(table, 2)["person"].tolist())
    usual = SCORES.accounts["usual"]
    spared = 0
    for row in table[table["action"] == t.WARN]:
        person = people[row["person"]]
        here = int(row["person"]) in (ended if row["turn"] else again)  # goes on, whatever was said
        beyond = 0.0 if here else max(0.0, float(person["calls"]) - float(usual[person["segment"]]))
        assert row["contact_change"] == pytest.approx(beyond * SCORES.contact_cost, rel=1e-5, abs=1e-6)
        assert row["profit_change"] == 0.0
        spared += beyond > 0.0
    assert spared > 50


def test_a_dismissal_after_fair_warnings_angers_less():
    ended = of_turn(plan("warn_then_end", **PLAIN), 2)
    at_once = plan("bulk_letter", **PLAIN, framing="neutral", ground_in_terms=True)
    usual = dict(zip(at_once["person"].tolist(), at_once["grievance"].tolist(), strict=True))
    assert [row["grievance"] for row in ended] == pytest.approx([0.6 * usual[int(row["person"])] for row in ended])
    assert set(plan("warn_then_end", **PLAIN, grievance=0.9)["grievance"].tolist()) == {0.9}


def test_a_warning_is_answered_by_fewer_calls_than_a_dismissal():
    table = plan("warn_then_end", **PLAIN)
    assert set(table["p_call"][table["action"] == t.WARN].tolist()) == {0.15}
    assert set(table["p_call"][table["action"] == t.DISMISS].tolist()) == {0.25}


# -- suspend ---------------------------------------------------------------------------------------------------


def test_out_of_service_nothing_is_brought_and_nothing_spent():
    table, people = plan("suspend", **PLAIN), firm().people
    who = table["person"].astype(np.int64)
    missing = table["profit_change"] + table["call_change"] + table["contact_change"]
    assert missing == pytest.approx(-contributions(people, who, SCORES.accounts, COSTS), rel=1e-6, abs=1e-5)
    assert set(table["lasts"].tolist()) == {90}
    assert set(table["notice"].tolist()) == {-1}, "they are customers all the same"
    assert (table["call_change"] > 0.0).any()


def test_after_a_notice_the_suspension_is_a_quiet_row():
    table = plan("suspend", **PLAIN, notice_days=10, return_after=45)
    told, out = of_turn(table, 0), of_turn(table, 1)
    assert days_of(out) == {person: day + 10 for person, day in days_of(told).items()}
    assert not told["profit_change"].any()
    assert not told["lasts"].any()
    assert set(out["lasts"].tolist()) == {45}
    for column in ("grievance", "story", "news", "p_call", "cost", "given"):
        assert not out[column].any(), column
    assert np.array_equal(out["hazard_multiplier"], np.full(1200, 1.6))


# -- at renewal ------------------------------------------------------------------------------------------------


@cache
def under_contract() -> World:
    """Return the firm, half of whose customers have 1 to 24 months of a contract left."""
    people = firm().people.copy()
    number = np.arange(len(people))
    people["contract"] = np.where(number % 2 == 0, 1 + number // 2 % 24, 0)
    return firm()._replace(people=people)


def ends_of(table: t.Treatments) -> np.ndarray:
    return table["day_told"].astype(np.int64) + table["notice"]


@pytest.mark.parametrize(("start", "notice"), [(0, 60), (40, 30), (0, 0)])
def test_each_goes_on_the_first_bill_after_the_contract_for_which_there_is_time(start, notice):
    people = under_contract().people
    table = plan("at_renewal", **PLAIN, world=under_contract(), start_day=start, notice_days=notice)
    assert len(table) == 1200
    for row, end in zip(table, ends_of(table), strict=True):
        person = people[row["person"]]
        bills = int(person["bill_day"]) + 30 * np.arange(60)
        free = bills[(bills >= 30 * int(person["contract"])) & (bills >= start + notice)]
        assert end == free[0]
    assert len(set(table["day_told"].tolist())) > 300, "not one wave"


def test_with_a_term_they_wait_for_their_own_anniversary():
    people = under_contract().people
    table = plan("at_renewal", **PLAIN, world=under_contract(), term_months=12)
    contract = people["contract"][table["person"]].astype(np.int64)
    months = (ends_of(table) - people["bill_day"][table["person"]]) // 30
    bound = contract > 0
    assert 400 < bound.sum() < 800
    assert ((months - contract)[bound] % 12 == 0).all()
    spread = np.bincount((months[~bound] % 12).astype(np.int64), minlength=12)
    assert spread.min() > 0.5 * spread.mean(), "every month has its share of those without a contract"
    assert (months * 30 + 29 >= 60).all()


# -- enforce ---------------------------------------------------------------------------------------------------


def test_some_borrowers_pay_and_the_others_are_cut_off():
    table, people = plan("enforce", **PLAIN), firm().people
    told, off, pays = (of_turn(table, turn) for turn in range(3))
    cut = set(told["person"][told["notice"] == 30].tolist())
    converted = set(off["person"].tolist())
    assert cut | converted == set(MANY.ids)
    assert not cut & converted
    assert abs(len(converted) / 1200 - 0.2) < 4 * np.sqrt(0.2 * 0.8 / 1200)
    assert set(pays["person"].tolist()) == converted
    assert set(pays["profit_change"].tolist()) == {8.0}
    assert not pays["lasts"].any()
    start, out = days_of(told), dict(zip(off["person"].tolist(), off["lasts"].tolist(), strict=True))
    assert days_of(off) == {person: start[person] + 30 for person in converted}
    assert days_of(pays) == {person: start[person] + 30 + out[person] for person in converted}
    waits = np.array(list(out.values()))
    assert (waits.min() >= 1, waits.max() <= 180) == (True, True)
    assert abs(waits.mean() - 90.5) < 4 * 52.0 / np.sqrt(len(waits))
    who = off["person"].astype(np.int64)
    missing = off["profit_change"] + off["call_change"] + off["contact_change"]
    assert missing == pytest.approx(-contributions(people, who, SCORES.accounts, COSTS), rel=1e-6, abs=1e-5)


def test_all_may_complain_and_later_rows_say_nothing_more():
    table = plan("enforce", **PLAIN)
    assert (of_turn(table, 0)["grievance"] > 0.0).all()
    later = table[table["turn"] > 0]
    for column in ("grievance", "story", "news", "p_call", "cost"):
        assert not later[column].any(), column


@pytest.mark.parametrize(("share", "turns"), [(0.0, 1), (1.0, 3)])
def test_none_or_all_convert(share, turns):
    table = plan("enforce", **PLAIN, scores=scores_with(converts=share))
    assert table["turn"].max() + 1 == turns
    assert (table["notice"] >= 0).sum() == (1200 if share == 0.0 else 0)


# -- after another policy --------------------------------------------------------------------------------------


def test_after_another_policy_each_still_goes_on_a_bill_of_their_own():
    from firms import policy

    from wom_sim.policies.sequence import in_sequence

    setting = setting_of("warn_then_end", choose=MANY, channel="phone", scores=scores_with(moderate_again=1.0))
    table = in_sequence(setting, policy("warn_then_end"), policy("at_renewal"), policy("at_renewal").defaults, 10)
    ended = table[table["action"] == t.DISMISS]
    assert len(ended) > 1000
    bill = firm().people["bill_day"][ended["person"]]
    assert (ends_of(ended) % 30 == bill).all()
