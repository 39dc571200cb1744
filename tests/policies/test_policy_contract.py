"""What every policy promises. A policy that is added is tested by all of it."""

from __future__ import annotations

import numpy as np
import pytest
from firms import (
    ACTIVE,
    LEAKY,
    LIMITED,
    NAMES,
    OWN_DAYS,
    SCORES,
    TIGHT,
    firm,
    plan,
    policy,
    profit,
    seekers,
    setting_of,
    some_customers,
    told_people,
)
from worlds import some_people

from wom_sim import policies
from wom_sim.policies.setting import Choice, Levers
from wom_sim.world import treatments as t
from wom_sim.world.network import append_isolated
from wom_sim.world.people import append, customers, households
from wom_sim.world.world import World

EVERY = pytest.mark.parametrize("name", NAMES)
EVERY_ACTIVE = pytest.mark.parametrize("name", ACTIVE)

PULLED = {
    "defaults": {},
    "at once by letter": {"channel": "letter", "per_day": 0.0},
    "two a day by phone": {"channel": "phone", "per_day": 2.0, "start_day": 30},
    "one in three days": {"per_day": 1.0 / 3.0, "notice_days": 0},
    "dear": {"payment": 500.0, "fee_waived": 200.0, "balance_waived": 50.0, "help_to_move": True},
    "reviewed": {"individual_review": True, "spared_by_review": 0.4},
    "set by hand": {"grievance": 0.7, "severity": 0.3, "newsworthiness": 0.9},
    "in two rounds": {"second_round_after": 60},
    "by mistake": {"choose": Choice(limit=40, error_rate=0.5), "individual_review": True},
    "by value": {"choose": Choice(limit=40, by="value")},
    "abusers": {"choose": Choice(abuse_only=True)},
    "a fee a call": {"fee_per_call": 8.0, "price_rise": 0.0},
    "a last resort": {"last_resort": True},
    "by terms": {"term_months": 12, "notice_days": 75},
    "for a week": {"return_after": 7, "notice_days": 10, "warn_days": 3},
    "the loyal and connected": {"choose": Choice(advocates=False, tenure_at_least=6.0, ties_at_most=12, limit=40)},
    "of a place": {"choose": Choice(area_from=0.2, area_to=0.3)},
    "it leaks": {"scores": LEAKY, "per_day": 2.0},
    "nobody": {"choose": Choice(limit=0)},
    "everybody": {"choose": Choice()},
}


@EVERY
def test_is_a_policy_with_words_and_levers_of_its_own(name):
    mine = policy(name)
    assert mine.name == name
    assert mine.summary.endswith(".")
    assert len(mine.evidence) > 20
    assert isinstance(mine.defaults, Levers)
    assert mine.defaults.choose == Choice(), "whom to choose is the scenario's business"


def test_registry_is_named_and_lazy():
    assert set(policies.POLICIES) <= set(NAMES)
    with pytest.raises(ValueError, match=r"'shout'; there are keep, bulk_letter"):
        policies.policy("shout")


@EVERY
def test_returns_a_valid_table(name):
    for label, levers in PULLED.items():
        table = plan(name, **levers)
        assert table.dtype == t.TREATMENT_TYPE, label
        t.check(table)
        person, day = table["person"], table["day_told"]
        assert np.array_equal(np.lexsort((person, day)), np.arange(len(table))), label
        order = np.argsort(person, kind="stable")
        before = np.searchsorted(person[order], person[order])  # of the same person, how many acts come before
        assert np.array_equal(table["turn"][order], np.arange(len(table)) - before), label
        assert customers(firm().people)[person].all(), label
        assert set(table["action"].tolist()) <= set(t.ACTION_NAMES), label
        assert (table["cost"] >= 0.0).all(), label
        # the worth of a return is booked as a gift to us
        assert (table["given"] >= 0.0).all() or "last_resort" in levers, label


@EVERY
def test_same_setting_same_table(name):
    for label, levers in PULLED.items():
        assert np.array_equal(plan(name, **levers), plan(name, **levers)), label


@EVERY
def test_changes_nothing_that_it_is_given(name):
    world = firm()
    people, start, ties = world.people.copy(), world.network.start.copy(), world.network.listed().copy()
    for label, levers in PULLED.items():
        setting = setting_of(name, **levers)
        policy(name).plan(setting)
        assert np.array_equal(world.people, people), label
        assert np.array_equal(world.network.start, start), label
        assert np.array_equal(world.network.listed(), ties), label
        assert setting.levers == setting_of(name, **levers).levers, label


@EVERY
def test_chooses_nobody_if_there_is_nobody_to_choose(name):
    assert len(plan(name, choose=Choice(limit=0))) == 0
    assert len(plan(name, choose=Choice(calls_at_least=1e6))) == 0
    assert len(plan(name, choose=Choice(ids=()))) == 0


@EVERY_ACTIVE
@pytest.mark.parametrize("seed", [0, 1, 2**63, 2**64 - 1])
def test_luck_does_not_say_who_is_chosen(name, seed):
    table = plan(name, seed=seed)
    assert told_people(table) == told_people(plan(name))
    assert not np.array_equal(table, plan(name, seed=6, channel="letter"))


def met_by(name, who):
    """Return those of the chosen whom the policy concerns: an end of credits only those who get any."""
    return {i for i in who if seekers()[i]} if name == "cap_credits" else set(who)


@EVERY_ACTIVE
@pytest.mark.parametrize("limit", [1, 7, 250])
def test_limit(name, limit):
    chosen = told_people(plan(name, choose=Choice(limit=limit)))
    assert chosen == met_by(name, told_people(plan("bulk_letter", choose=Choice(limit=limit))))
    assert len(told_people(plan("bulk_letter", choose=Choice(limit=limit)))) == limit
    assert chosen <= told_people(plan(name, choose=Choice(limit=limit + 1)))


@EVERY_ACTIVE
def test_ids(name):
    ids = some_customers(25)
    assert told_people(plan(name, choose=Choice(ids=ids))) == met_by(name, ids)


@EVERY_ACTIVE
def test_segments(name):
    people = firm().people
    mine = customers(people) & np.isin(people["segment"], (0, 2))
    assert told_people(plan(name, choose=Choice(segments=(0, 2)))) == met_by(name, np.flatnonzero(mine).tolist())
    worst = sorted(told_people(plan(name, choose=Choice(segments=(1,), limit=50))))
    assert set(people["segment"][worst].tolist()) == {1}


@EVERY_ACTIVE
def test_spares_households_that_pay_as_a_whole(name):
    people = firm().people
    everyone = told_people(plan(name, choose=Choice(profit_below=0.0)))
    unspared = told_people(plan(name, choose=Choice(profit_below=0.0, spare_profitable_households=True)))
    mine = np.where(customers(people), profit(), 0.0)
    home = np.bincount(households(people), weights=mine, minlength=len(people))[households(people)]
    assert unspared == {who for who in everyone if home[who] <= 0.0}
    assert 0 < len(unspared) < len(everyone)


@EVERY_ACTIVE
def test_begins_on_the_start_day_and_ends_service_after_the_notice(name):
    for start, notice in ((0, 0), (17, 45)):
        table = plan(name, start_day=start, notice_days=notice)
        assert table["day_told"].min() >= start
        ends = table["notice"] >= 0
        assert set(table["notice"][ends].tolist()) <= {notice}
    shifted, usual = plan(name, start_day=17), plan(name, start_day=0)
    if name not in OWN_DAYS:
        assert np.array_equal(shifted["day_told"], usual["day_told"] + 17)


@EVERY_ACTIVE
@pytest.mark.parametrize("per_day", [0.25, 1.0, 3.0, 2.5])
def test_deals_with_so_many_a_day(name, per_day):
    if name in OWN_DAYS:
        pytest.skip("each is told before a day of their own")
    first = plan(name, channel="phone", per_day=per_day, second_round_after=None, scores=TIGHT)
    first = first[first["turn"] == 0]  # further steps have days of their own
    days, told = np.unique(first["day_told"], return_counts=True)
    assert told.max() <= np.ceil(per_day)
    assert days.max() == int((len(first) - 1) / per_day)
    for upto in range(1, int(days.max()) + 2):
        assert (first["day_told"] < upto).sum() == min(len(first), int(np.ceil(upto * per_day)))


@EVERY_ACTIVE
def test_people_added_without_ties_change_nothing(name):
    """The policy is a function of whom it acts on, and the luck of a person has only that person's number."""
    world, ids = firm(), some_customers(30)
    people, network = append(world.people, some_people(600, seed=4)), append_isolated(world.network, 600)
    more = World(people, network, world.outlets, switching=world.switching)
    for levers in PULLED.values():
        chosen = {**levers, "choose": Choice(ids=ids)}
        assert np.array_equal(plan(name, world=more, **chosen), plan(name, **chosen))


@EVERY_ACTIVE
def test_one_more_person_does_not_change_the_luck_of_the_others(name):
    ids = some_customers(31)
    few = plan(name, choose=Choice(ids=ids[:-1]), per_day=0.0, scores=TIGHT)  # a leak is the luck of the programme
    many = plan(name, choose=Choice(ids=ids), per_day=0.0, scores=TIGHT)
    assert np.array_equal(few, many[many["person"] != ids[-1]])


def test_keep_does_nothing_whatever_the_levers():
    for levers in PULLED.values():
        assert len(plan("keep", **levers)) == 0


def test_defaults_make_a_difference():
    """No two policies are the same under their own levers."""
    tables = [plan(name) for name in NAMES]
    for k, one in enumerate(tables):
        assert all(not np.array_equal(one, other) for other in tables[k + 1 :])
    assert LIMITED.limit == 40
    assert SCORES.cost_per_call > 0.0
