"""A policy in waves: who is in which, and when."""

from __future__ import annotations

import json

import numpy as np
import pytest
from firms import ACTIVE, LEAKY, TIGHT, firm, policy, setting_of, some_customers

from wom_sim.policies.choosing import choose
from wom_sim.policies.sequence import Steps
from wom_sim.policies.setting import Choice
from wom_sim.policies.waves import Waves, in_waves
from wom_sim.scenario import Scenario
from wom_sim.simulation import build_world, treatments_of
from wom_sim.world import treatments as t

LIMIT = Choice(limit=20)
CASE = {
    "name": "waves", "population": {"customers": 300, "prospects": 0},
    "choose": {"least_profitable_share": 0.1},
    "policies": [{"name": "every two years", "use": "bulk_letter", "channel": "phone",
                  "waves": {"times": 3, "days_apart": 730}}],
}  # fmt: skip


def waves(name: str, parts: bool = False, times: int = 3, apart: int = 40, scores=TIGHT, **levers) -> t.Treatments:
    setting = setting_of(name, scores=scores, **{"choose": LIMIT, **levers})
    return in_waves(setting, Waves(times, apart, parts), policy(name).plan)


def first_days(table: t.Treatments) -> dict[int, int]:
    first = table[table["turn"] == 0]
    return dict(zip(first["person"].tolist(), first["day_told"].tolist(), strict=True))


@pytest.mark.parametrize("name", ACTIVE)
def test_every_policy_comes_in_waves_of_others(name):
    table = waves(name, channel="phone", per_day=0.0)
    t.check(table)
    alone = policy(name).plan(setting_of(name, choose=Choice(limit=60), channel="phone", per_day=0.0, scores=TIGHT))
    assert set(table["person"].tolist()) == set(alone["person"].tolist()), "three times twenty are the worst sixty"
    if policy(name).own_days is None:
        taken = np.bincount(np.array(list(first_days(table).values())) // 40)
        assert len(taken) == 3
        assert (taken > 0).all() and (taken <= 20).all()
        assert name == "cap_credits" or taken.tolist() == [20, 20, 20]


def test_a_wave_takes_the_worst_of_whom_none_has_acted_on():
    days = first_days(waves("bulk_letter", channel="phone"))
    order = choose(setting_of("bulk_letter", choose=Choice(limit=60))).tolist()
    assert [days[person] for person in order] == [0] * 20 + [40] * 20 + [80] * 20


def test_the_worst_tenth_is_a_tenth_of_those_who_are_left():
    table = waves("bulk_letter", choose=Choice(least_profitable_share=0.1), times=3, channel="phone")
    sizes = np.bincount(np.array(list(first_days(table).values())) // 40)
    assert sizes.tolist() == [600, 540, 486]


def test_parts_are_the_same_people_in_equal_parts():
    table = waves("bulk_letter", parts=True, times=4, channel="phone")
    days = first_days(table)
    order = choose(setting_of("bulk_letter", choose=LIMIT)).tolist()
    assert [days[person] for person in order] == [day for day in (0, 40, 80, 120) for _ in range(5)]


def test_mistakes_are_not_made_twice_with_one_person():
    table = waves("bulk_letter", choose=Choice(limit=200, error_rate=0.5), times=5, channel="phone")
    assert len(table) == len(set(table["person"].tolist())) == 1000


def test_named_people_are_in_one_wave_or_in_parts():
    ids = some_customers(12)
    anew = first_days(waves("bulk_letter", choose=Choice(ids=ids), channel="phone"))
    assert anew == dict.fromkeys(ids, 0)
    assert set(first_days(waves("bulk_letter", parts=True, choose=Choice(ids=ids))).keys()) == set(ids)


def test_each_wave_has_what_follows_it():
    setting = setting_of("paid_exit", choose=LIMIT, channel="phone", payment=0.0, scores=TIGHT)
    steps = Steps(policy("paid_exit"), policy("bulk_letter"), policy("bulk_letter").defaults, 15)
    table = in_waves(setting, Waves(2, 100), steps.plan)
    offers, letters = table[table["action"] == t.OFFER], table[table["action"] == t.DISMISS]
    assert sorted(set(offers["day_told"].tolist())) == [0, 100]
    told = first_days(table)
    assert {int(row["day_told"]) - told[int(row["person"])] for row in letters} == {17, 18, 19}
    assert len(letters) == 40


def test_what_is_done_in_secret_comes_out_once_for_all_waves():
    table = waves("downgrade", scores=LEAKY, apart=5, choose=Choice(limit=400))
    leaks = table[table["action"] == t.LEAK]
    assert len(set(leaks["day_told"].tolist())) == 1
    assert set(table["person"].tolist()) >= set(leaks["person"].tolist())


def test_a_scenario_says_them():
    said = Scenario.model_validate_json(json.dumps(CASE))
    table = treatments_of(said, said.policies[0], build_world(said, workers=1), 1)
    assert dict(zip(*np.unique(table["day_told"], return_counts=True), strict=True)) == {0: 30, 730: 27, 1460: 24}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"use": "keep"}, "waves: keep does nothing"),
        ({"use": "reprice", "for_all": True}, "waves: with for_all the first wave is for everyone"),
        ({"waves": {"times": 7, "days_apart": 730}}, "waves: the last begins on day 4,380, allowed: up to 3,650"),
        ({"waves": {"times": 1, "days_apart": 7}}, "greater than or equal to 2"),
    ],
)
def test_what_has_no_waves_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Scenario.model_validate_json(json.dumps({**CASE, "policies": [{**CASE["policies"][0], **changes}]}))


def test_nobody_is_changed():
    before = firm().people.copy()
    waves("bulk_letter")
    assert np.array_equal(before, firm().people)
