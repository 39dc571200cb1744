"""Warnings, suspensions, renewals and enforcement in both engines, and their money bill by bill."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest
from random_runs import difference

from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, build_world, monthly_discount, policy_of, run_policy
from wom_sim.world import trace as tr
from wom_sim.world import treatments as t
from wom_sim.world.world import World

CASE = {
    "name": "steps",
    "population": {"customers": 160, "prospects": 30, "household_size": 2.2, "segments": [
        {"name": "quiet", "share": 0.6, "churn": 0.03, "advocates": 0.3, "settles_like": "nothing"},
        {"name": "callers", "share": 0.4, "calls": 9.0, "calls_spread": 0.8, "credit_seekers": 0.4,
         "under_contract": 0.5, "settles_like": "nothing"}]},
    "network": {"kind": "market", "community": 40, "town": 80},
    "choose": {"limit": 25}, "run": {"days": 150},
    "money": {"contact_lag_months": 2},
    "media": {"outlets": [{"name": "paper", "threshold": 0.0, "reach": 0.05, "national": True}]},
    "behaviour": {"leaving": {"beta": 3.0}, "talking": {"audience_most": 60.0}},
    "policies": [
        {"name": "warn", "use": "warn_then_end"},
        {"name": "out", "use": "suspend"},
        {"name": "out later", "use": "suspend", "notice_days": 10, "return_after": 30},
        {"name": "out and taken back", "use": "suspend", "notice_days": 20,
         "response": {"kind": "reinstate", "after_days": 1}},
        {"name": "renewal", "use": "at_renewal", "term_months": 3},
        {"name": "pay", "use": "enforce"},
        {"name": "waves", "use": "warn_then_end", "waves": {"times": 2, "days_apart": 30},
         "choose": {"limit": 8, "advocates": False, "tenure_at_least": 3.0, "area_to": 0.9,
                    "spare_most_harmful": 0.2}},
        {"name": "parts", "use": "paid_exit", "then": {"use": "at_renewal", "after_days": 10},
         "waves": {"times": 2, "days_apart": 30, "each": "part"}},
    ],
}  # fmt: skip
NAMES = [policy["name"] for policy in CASE["policies"]]


@cache
def said() -> Scenario:
    return Scenario.model_validate_json(json.dumps(CASE))


@cache
def world() -> World:
    return build_world(said(), workers=1)


@cache
def result(name: str, engine: str = "compiled") -> Result:
    return run_policy(
        said(), policy_of(said(), name), world(), engine if engine == "reference" else Engine(world()), 0, events=True
    )


@pytest.mark.parametrize("name", NAMES)
def test_engines_agree(name):
    assert len(result(name).treatments) > 0
    assert difference(result(name, "reference").trace, result(name).trace) == ""


@pytest.mark.parametrize("name", NAMES)
def test_the_log_and_the_months_add_up_to_the_ledger(name):
    book, logged = result(name).trace.book, np.zeros(len(tr.LEDGER_NAMES), dtype=np.int64)
    for event in result(name).trace.events():
        if event["line"] != tr.NO_LINE:
            logged[event["line"]] += event["amount"]
    ledger = book.ledger.sum(axis=(0, 1))
    assert logged.tolist() == ledger.tolist()
    assert book.receipts[0, :-1].sum(axis=0).tolist() == ledger.tolist()
    assert ledger.any()


def in_the_run(name: str, until: dict[int, int]) -> float:
    """Return what comes bill by bill, for as long as the run lasts, of the changes of profit; until says to which day.

    Nothing settles in this segment, so that what is spared with calls is the same every month, but for its lag.
    """
    found, discount, total = result(name), monthly_discount(said()), 0.0
    for k, row in enumerate(found.treatments):
        if found.trace.told[k] < 0:
            continue
        person = world().people[row["person"]]
        first, last = int(found.trace.told[k]), until[k]
        for month, day in enumerate(range(int(person["bill_day"]), 4000, 30)):
            if first <= day < last:
                at_once = float(row["profit_change"]) + float(row["call_change"])
                total += at_once / (1.0 + discount) ** (month + 1)
                total += float(row["contact_change"]) / (1.0 + discount) ** (month + 1 + 2)
    return total


@pytest.mark.parametrize("name", ["out", "out later"])
def test_a_suspension_costs_or_spares_the_bills_in_between(name):
    found = result(name)
    until = {}
    for k, row in enumerate(found.treatments):
        ends, left = int(found.trace.told[k]) + int(row["lasts"]), int(found.trace.left[k])
        until[k] = min(ends, left) if left >= 0 else ends
    assert found.ledger["price_paid"] == pytest.approx(in_the_run(name, until), abs=0.02 * len(until))
    assert found.ledger["price_paid"] != 0.0
    assert found.ledger["outlook"] == 0.0, "what ends changes nothing beyond the run"
    days = found.trace.book.daily.shape[0]
    assert days >= int((found.treatments["day_told"] + found.treatments["lasts"]).max()), "the run sees them return"


def test_who_is_taken_back_before_it_began_is_never_out():
    """A response that reinstates withdraws what has not taken effect; what had, stays."""
    found = result("out and taken back")
    told, out = found.treatments["lasts"] == 0, found.treatments["lasts"] > 0
    assert (found.trace.told[told] >= 0).sum() > 10
    assert 0 <= found.trace.picked_up.min() < 15
    assert (found.trace.told[out] < 0).all()
    assert found.ledger["price_paid"] == 0.0


def test_what_a_warning_spares_does_not_outlive_the_excess():
    """Where heavy use ends at once by itself, nothing is left for a warning to spare."""
    changed = json.loads(json.dumps(CASE))
    for segment in changed["population"]["segments"]:
        segment["settles_like"] = "calls"
    gone = {"chronic_share": 0.0, "chronic_fades": 1.0, "passing_fades": 1.0}
    changed["money"] |= {"settling": {"calls": gone}, "horizon_months": "inf", "contact_lag_months": 0}
    scenario = Scenario.model_validate_json(json.dumps(changed))
    found = run_policy(scenario, policy_of(scenario, "warn"), build_world(scenario, workers=1), "reference", 0)
    warned = found.treatments[(found.treatments["action"] == t.WARN) & (found.treatments["contact_change"] > 0.0)]
    assert len(warned) > 5
    month = (warned["contact_change"] + warned["call_change"]).sum()
    assert 0.0 <= found.ledger["price_paid"] <= month, "a month at most, of a saving that would go on for ever"
    assert result("warn").ledger["price_paid"] > 5.0 * month * 0.5


def test_borrowers_pay_or_go():
    found = result("pay")
    left = found.trace.events()
    left = left[left["event"] == tr.LEFT]
    assert set(left["cause"][(left["group"] & tr.G_TREATED) != 0].tolist()) <= {
        tr.DISMISSED, tr.TREATMENT, tr.STORY, tr.CONTAGION, tr.WITH_HOUSEHOLD,
    }  # fmt: skip
    assert (left["cause"] == tr.DISMISSED).sum() > 10
    pays = found.treatments["profit_change"] == 8.0
    assert pays.any()
    assert (found.trace.told[pays] >= 0).any()
