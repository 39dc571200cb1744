"""A hidden practice in a run: silence until it leaks, then a story; and sequences told in a scenario."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from daily import few
from random_runs import difference

from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, build_world, policy_of, run_policy
from wom_sim.world import trace as tr
from wom_sim.world.treatments import DISMISS, LEAK, OFFER

CASE = {
    "name": "secrets", "population": {"customers": 2000, "prospects": 300, "household_size": 1.0},
    "media": {"p_leak": 0.02}, "choose": {"limit": 400}, "run": {"days": 240, "seed": 4},
    "policies": [
        {"name": "downgrade", "use": "downgrade"},
        {"name": "nudge", "use": "nudge"},
        {"name": "offer first", "use": "paid_exit", "payment": 400.0,
         "then": {"use": "bulk_letter", "after_days": 60, "notice_days": 10, "fee_waived": 200.0}},
        {"name": "transfer", "use": "transfer"},
    ],
}  # fmt: skip
SURE, NEVER = 1.0 - 1e-15, 0.0


@cache
def result(policy: str, p_leak: float, engine: str = "compiled", replication: int = 0) -> Result:
    scenario = Scenario.model_validate_json(json.dumps(CASE | {"media": {"p_leak": p_leak}}))
    world = build_world(scenario, workers=1)
    runs_on = Engine(world) if engine == "compiled" else engine
    return run_policy(scenario, policy_of(scenario, policy), world, runs_on, replication, events=True)


@pytest.mark.parametrize("policy", ["downgrade", "nudge"])
def test_without_a_leak_there_is_no_story(policy):
    silent = result(policy, NEVER)
    assert silent.indicators["reached"] == 0.0
    assert silent.daily["conversations"].sum() == silent.daily["posts"].sum() == silent.daily["calls"].sum() == 0
    assert (silent.trace.picked_up == -1).all()
    assert silent.daily["treated_left"].sum() > 20, "they leave sooner all the same"


@pytest.mark.parametrize("policy", ["downgrade", "nudge"])
def test_a_leak_is_a_story_from_that_day_on(policy):
    leaked, silent = result(policy, SURE), result(policy, NEVER)
    out = leaked.treatments["action"] == LEAK
    (day,) = set(leaked.treatments["day_told"][out].tolist())
    assert 0 < day < 200
    heard = leaked.daily["reached"] + leaked.daily["posts"]
    assert not heard[:day].any()
    assert heard[day:].sum() > 500
    assert leaked.daily["posts"].sum() > 5
    told_again = (leaked.trace.told[out] >= 0).sum()
    gone = (silent.trace.left[silent.trace.left >= 0] < day).sum()
    assert told_again == 400 - gone, "who has left by then is not told"


def test_a_leak_is_news():
    """400 customers served last in secret: outlets take it up in most runs if it leaks, in none if it does not."""
    for p_leak, low, high in ((SURE, 6, 8), (NEVER, 0, 0)):
        covered = sum((result("downgrade", p_leak, replication=k).trace.picked_up >= 0).any() for k in range(8))
        assert low <= covered <= high


def test_what_is_saved_is_saved_whether_or_not_it_leaks():
    """Money of those who stay is the same; with the leak more leave, so a little less is saved."""
    leaked, silent = result("downgrade", SURE).ledger, result("downgrade", NEVER).ledger
    assert 0.9 < leaked["price_paid"] / silent["price_paid"] <= 1.0
    assert leaked["handling"] == silent["handling"] == leaked["given"] == 0.0


def test_the_same_urge_to_leave_before_and_after_a_leak():
    """The row of a leak replaces the row of the practice: nobody treated leaves later because it leaked."""
    leaked, silent = (result("nudge", p) for p in (SURE, NEVER))
    gone = [np.where(run.trace.left[:400] < 0, 10**6, run.trace.left[:400]) for run in (leaked, silent)]
    first = [run.treatments["person"][:400].tolist() for run in (leaked, silent)]
    assert first[0] == first[1]
    assert (gone[0] <= gone[1]).mean() > 0.99


def test_an_offer_and_then_a_letter():
    found = result("offer first", NEVER)
    rows = found.treatments
    offers, letters = rows[rows["action"] == OFFER], rows[rows["action"] == DISMISS]
    assert len(offers) == 400
    assert set(letters["person"].tolist()) == set(offers["person"][~offers["agreed"]].tolist())
    events = found.trace.events()
    causes = events["cause"][(events["event"] == tr.LEFT) & (events["day"] >= 0)]
    assert (causes == tr.ACCEPTED).sum() > 50
    assert (causes == tr.DISMISSED).sum() > 50
    assert (found.trace.left >= 0).sum() >= 398, "in the end everyone chosen is gone"


@pytest.mark.parametrize("policy", few(["downgrade", "nudge", "offer first", "transfer"]))
def test_engines_agree(policy):
    reference, compiled = result(policy, SURE, "reference"), result(policy, SURE)
    assert not difference(reference.trace, compiled.trace)
