"""What a policy says of itself is so: its actions, the numbers read because of it, the levers that are its own."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from functools import cache
from types import ModuleType

import numpy as np
import pytest
from firms import NAMES, SEGMENTS, plan, policy, some_customers
from markets import scenario as market

from wom_sim import policies
from wom_sim.policies import rows
from wom_sim.policies.choosing import choose
from wom_sim.policies.setting import Choice, Levers, Policy, Scores, Setting
from wom_sim.scenario import Scenario, parameters
from wom_sim.scenario.relevance import _BY_ACTION, _ONLY_IF, bears, numbers_of_policies
from wom_sim.scenario.sections.policies import Policy as Said
from wom_sim.scenario.uncertain import with_values
from wom_sim.simulation import scores_of
from wom_sim.study.levers import space_of
from wom_sim.world.treatments import ACTION_NAMES, DISMISS, LEAK, Treatments

EVERY = pytest.mark.parametrize("name", NAMES)
MANY = Choice(ids=some_customers(400))
TOLD = {"media.p_leak": 0.9, "money.last_resort.seen": 2.5, "money.horizon_months": 60}
BASE = with_values(market(1000, segments=SEGMENTS), TOLD)
"""A leak comes soon, the last resort asks more than anybody speaks of, and money counts until people come back from it,
so that these numbers can be read."""
PULLED = (
    {"choose": MANY},
    {"choose": MANY, "price_rise": 2.0, "fee_per_call": 4.0, "last_resort": True, "second_round_after": 30},
)
SPECIAL = [p.key for p in parameters() if any(p.key == n or p.key.startswith(f"{n}.") for n in numbers_of_policies())]
OF_ACTIONS = [f"{table}.{action}" for table in _BY_ACTION for action in ACTION_NAMES.values() if action != "leak"]
LEVERS = {f.name for f in fields(Levers)}


@cache
def tables(name: str, key: str | None) -> list[list[tuple]]:
    """Return the tables of a policy under a few levers, with another number under ``key``."""
    return [plan(name, scores=scores_with(key), **levers).tolist() for levers in PULLED]


@cache
def scores_with(key: str | None) -> Scores:
    """Return what a policy reads of the scenario, with another number under ``key``."""
    if key is None:
        return scores_of(BASE)
    value = _at(BASE, key)
    return scores_of(with_values(BASE, {key: 0.6 * value if value else 0.1}))


def _at(said: Scenario, key: str) -> float:
    for part in key.split("."):
        said = getattr(said, part)
    return said


@EVERY
def test_its_rows_have_the_actions_that_it_says(name):
    mine = policy(name)
    if mine.actions is None:
        pytest.skip("a policy of another package that does not say")
    found = set()
    for levers in PULLED:
        found |= set(plan(name, scores=scores_with(None), **levers)["action"].tolist())
    assert found - {LEAK} == set(mine.actions)


@EVERY
def test_it_reads_the_numbers_that_it_says_and_no_other_of_their_kind(name):
    """A number that is said to be read because of some policy is read by those that say so, and by no other."""
    mine = policy(name)
    if mine.actions is None:
        pytest.skip("a policy of another package that does not say")
    read = {key for key in (*SPECIAL, *OF_ACTIONS) if tables(name, key) != tables(name, None)}
    acts = {ACTION_NAMES[action] for action in mine.actions}
    of_acts = {key for key in OF_ACTIONS if key.rpartition(".")[2] in acts}
    assert read == of_acts | {key for key in SPECIAL if any(key == n or key.startswith(f"{n}.") for n in mine.numbers)}


@EVERY
def test_its_own_levers_move_it_and_those_of_others_do_not(name):
    mine, usual = policy(name), plan(name, choose=Choice(limit=30))
    others = {own for each in policies.POLICIES for own in policy(each).own_levers}
    other = {"price_rise": 0.5, "fee_per_call": 3.0, "second_round_after": 20, "calls_saved": 0.7, "for_all": True,
             "acceptance": 0.4, "last_resort": True, "warn_days": 5, "return_after": 20, "term_months": 12,
             "converted_pays": 3.0}  # fmt: skip
    assert set(other) == others
    for lever in others:
        moved = not np.array_equal(plan(name, choose=Choice(limit=30), **{lever: other[lever]}), usual)
        assert moved == (lever in mine.own_levers), lever


@EVERY
def test_what_recommend_varies_are_levers_that_it_heeds(name):
    mine = policy(name)
    others = {own for each in policies.POLICIES for own in policy(each).own_levers} - set(mine.own_levers)
    assert set(mine.searched) <= LEVERS - others


def test_every_number_that_is_declared_is_one():
    known = [parameter.key for parameter in parameters()]
    for name in numbers_of_policies():
        assert any(key == name or key.startswith(f"{name}.") for key in known), name


# A policy made up here: nothing else of the package knows its name.


def shout(setting: Setting) -> Treatments:
    who = choose(setting)
    told = rows.days_of_work(setting, len(who))
    table = rows.rows(setting, who, told, np.zeros(len(who), dtype=bool), DISMISS)
    table["hazard_multiplier"] = setting.scores.action_hazard["nudge"]
    return table


SHOUT = Policy(
    name="shout", summary="Tell them in the street.", evidence="Assumption: made up for a test.", defaults=Levers(),
    plan=shout, actions=(DISMISS,), numbers=("behaviour.leaving.nudged",), own_levers=("acceptance",),
    searched=("per_day", "notice_days"),
)  # fmt: skip


def using(name: str, use: str) -> Scenario:
    return market(500).model_copy(update={"policies": (Said(name=name, use=use),)})


@pytest.fixture
def made_up(monkeypatch):
    module = ModuleType("made_up_policy")
    module.POLICY = SHOUT
    monkeypatch.setitem(sys.modules, "made_up_policy", module)
    monkeypatch.setitem(policies.POLICIES, "shout", "made_up_policy")
    return using("in the street", "shout")


def test_a_new_policy_is_wholly_known(made_up):
    assert bears(made_up, "behaviour.leaving.nudged"), "it reads what it says"
    assert bears(made_up, "behaviour.fairness.severity.dismiss"), "it dismisses"
    for key in ("behaviour.fairness.severity.nudge", "behaviour.leaving.offered", "media.p_leak", "money.last_resort"):
        assert not bears(made_up, key), key
    usual = space_of(using("letter", "bulk_letter")).levers["letter"]
    assert space_of(made_up).levers == {"in the street": {name: usual[name] for name in ("per_day", "notice_days")}}


def test_what_a_new_policy_says_makes_a_difference(made_up, monkeypatch):
    monkeypatch.setattr(sys.modules["made_up_policy"], "POLICY", replace(SHOUT, numbers=(), actions=()))
    assert not bears(made_up, "behaviour.leaving.nudged")
    assert not bears(made_up, "behaviour.fairness.severity.dismiss")


def test_all_matters_to_who_does_not_say_what_it_does(made_up, monkeypatch):
    monkeypatch.setattr(sys.modules["made_up_policy"], "POLICY", replace(SHOUT, actions=None))
    assert all(bears(made_up, key) for key in (*SPECIAL, *OF_ACTIONS, *(k for k in _ONLY_IF if "[]" not in k)))
