"""Policies differ by mechanism alone: nothing knows the name of a policy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from random_runs import difference

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import policy_of, run_policy
from wom_sim.world import trace as tr

ROOT = Path(__file__).parents[2]
EQUAL = {
    "channel": '"phone"', "framing": '"neutral"', "notice_days": 30, "fee_waived": 0.0, "payment": 0.0,
    "please_call": "false",
    "individual_review": "false", "grievance": 0.6, "severity": 0.45, "newsworthiness": 0.7,
}  # fmt: skip


def _scenario(timing: dict[str, float]) -> Scenario:
    sets = ["population.customers=60000", "choose.limit=1000", "run.days=300"]
    for policy in ("bulk letter", "case by case"):
        sets += [f'policies."{policy}".{key}={value}' for key, value in EQUAL.items()]
        sets.append(f'policies."{policy}".per_day={timing[policy]}')
    return load_scenario(ROOT / "scenarios" / "first_look.toml", sets)


def test_with_all_levers_equal_bulk_and_case_by_case_are_the_same():
    scenario = _scenario({"bulk letter": 0.0, "case by case": 0.0})
    world = build_world(scenario)
    runs = [
        run_policy(scenario, policy_of(scenario, p), world, Engine(world), 0, events=True)
        for p in ("bulk letter", "case by case")
    ]
    assert difference(runs[0].trace, runs[1].trace) == ""
    assert len(runs[0].trace.events()) > 1000


@pytest.mark.science
def test_with_only_timing_different_bulk_makes_more_news():
    scenario = _scenario({"bulk letter": 0.0, "case by case": 4.0})
    world = build_world(scenario)
    engine = Engine(world)
    peak, covered, victims_posts = {}, {}, {}
    for name in ("bulk letter", "case by case"):
        runs = [run_policy(scenario, policy_of(scenario, name), world, engine, r) for r in range(40)]
        peak[name] = np.array([r.trace.buzz.max() for r in runs])
        covered[name] = np.array([r.indicators["national_coverage"] for r in runs])
        victims_posts[name] = np.array([r.trace.book.daily[:, tr.D_TOLD].sum() for r in runs])
    assert (peak["bulk letter"] > peak["case by case"]).all()
    assert peak["bulk letter"].mean() > 2 * peak["case by case"].mean()
    # Paired by luck: never the other way round, and in at least 7 of 40 (were they equal: one chance in 2^7).
    assert (covered["bulk letter"] >= covered["case by case"]).all()
    assert (covered["bulk letter"] > covered["case by case"]).sum() >= 7
    # About as many are told: the difference is when. (Some have left of their own before their turn comes.)
    assert victims_posts["case by case"].mean() > 0.8 * victims_posts["bulk letter"].mean()


@pytest.mark.parametrize("policy", ["bulk letter", "case by case", "paid exit"])
def test_a_story_without_severity_changes_nobody_who_was_not_let_go(policy: str):
    sets = ["population.customers=5000", "behaviour.leaving.household_follows=0.0", "behaviour.leaving.chi=0.0"]
    sets += [f'policies."{name}".severity=0.0' for name in ("bulk letter", "case by case", "paid exit")]
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", sets)
    world = build_world(scenario)
    run = run_policy(scenario, policy_of(scenario, policy), world, Engine(world), 0)
    assert run.indicators["told"] > 0
    assert run.indicators["extra_profitable"] == 0
    assert run.indicators["joins_lost"] == 0
