"""First one policy, then another for those whom it has left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from firms import ACTIVE, LEAKY, SCORES, SECRET, TIGHT, plan, policy, seekers, setting_of, some_customers

from wom_sim.policies import rows
from wom_sim.policies.choosing import choose
from wom_sim.policies.sequence import in_sequence
from wom_sim.policies.setting import Choice
from wom_sim.world import treatments as t

SOME = Choice(ids=some_customers(200))


def both(first: str, second: str, after: int = 60, scores=TIGHT, later=None, **levers):
    """Return the table of one policy and then another."""
    setting = setting_of(first, scores=scores, **{"choose": SOME, **levers})
    pulled = replace(policy(second).defaults, choose=Choice(limit=1), **(later or {}))
    return in_sequence(setting, policy(first), policy(second), pulled, after)


@pytest.mark.parametrize("first", ACTIVE)
def test_any_policy_may_be_followed_by_any_other(first):
    alone = plan(first, choose=SOME, scores=TIGHT)
    told = dict(zip(alone["person"].tolist(), alone["day_told"].tolist(), strict=True))
    for second in ACTIVE:
        table = both(first, second)
        t.check(table)
        acts = np.bincount(alone["person"], minlength=table["person"].max() + 1)
        steps = table["turn"] < acts[table["person"]]
        for column in alone.dtype.names:
            assert np.array_equal(table[column][steps], alone[column]), (second, column)
        rest = set(alone["person"].tolist()) - set(alone["person"][alone["notice"] >= 0].tolist())
        if second == "cap_credits":
            rest = {i for i in rest if seekers()[i]}
        assert set(table["person"][~steps].tolist()) == rest, f"{second}: who remains is treated again, nobody else"
        waited = [int(row["day_told"]) - told[int(row["person"])] for row in table[~steps]]
        assert all(wait >= 60 for wait in waited), second


def test_refusers_are_dismissed_after_the_days_and_the_post():
    table = both("paid_exit", "bulk_letter", 45)
    offers, letters = table[table["turn"] == 0], table[table["turn"] == 1]
    assert set(letters["person"].tolist()) == set(offers["person"][~offers["agreed"]].tolist())
    assert set(letters["action"].tolist()) == {t.DISMISS}
    told = dict(zip(offers["person"].tolist(), offers["day_told"].tolist(), strict=True))
    assert {int(row["day_told"]) - told[int(row["person"])] for row in letters} == {47, 48, 49}


def test_the_second_step_has_levers_of_its_own():
    table = both("reprice", "case_by_case", 10, later={"per_day": 50.0, "notice_days": 5}, channel="email")
    second = table[table["turn"] == 1]
    assert np.unique(second["day_told"], return_counts=True)[1].tolist() == [50, 50, 50, 50]
    assert second["day_told"].min() == 10
    assert set(second["notice"].tolist()) == {5}


def test_the_stronger_urge_to_leave_holds():
    table = both("nudge", "cap_credits")
    assert set(table["hazard_multiplier"].tolist()) == {SCORES.action_hazard["nudge"]}
    table = both("cap_credits", "downgrade")
    assert set(table["hazard_multiplier"][table["turn"] == 1].tolist()) == {SCORES.action_hazard["downgrade"]}


@pytest.mark.parametrize("name", SECRET)
def test_what_is_hidden_leaks_once_whichever_step_it_is(name):
    for first, second in ((name, "paid_exit"), ("reprice", name), (name, name)):
        table = both(first, second, 20, scores=LEAKY)
        out = table[table["action"] == t.LEAK]
        assert 0 < len(out) <= 200
        day = int(out["day_told"].min())
        assert set(out["day_told"].tolist()) <= {day, day + 1}, "a day later who is told something else that day"
        hidden = np.isin(table["action"], t.HIDDEN)
        assert not table["story"][hidden & (table["day_told"] < day)].any()
        assert table["story"][hidden & (table["day_told"] >= day)].all()


def test_nobody_is_told_twice_on_one_day():
    first = t.table(person=np.arange(4), day_told=5)
    second = t.table(person=np.array([0, 1, 9]), day_told=np.array([5, 6, 5]), action=t.OFFER)
    third = t.table(person=np.array([1, 0]), day_told=np.array([6, 5]), action=t.REPRICE)
    joined = rows.join(rows.join(first, second), third)
    told = {int(who): sorted(joined["day_told"][joined["person"] == who].tolist()) for who in (0, 1, 2, 9)}
    assert told == {0: [5, 6, 7], 1: [5, 6, 7], 2: [5], 9: [5]}


def test_a_step_is_told_whom():
    setting = replace(setting_of("bulk_letter"), whom=np.array([7, 3]))
    assert choose(setting).tolist() == [7, 3]
