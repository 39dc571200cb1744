"""Everyone whom a policy makes leave is counted once, by what made them leave, in people and in money."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.indicators import PARTS_OF_LOST, REPUTATION
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, build_world, policy_of, run_policy
from wom_sim.world import trace as tr

POLICIES = {
    "letter": {"use": "bulk_letter"},
    "price": {"use": "reprice", "for_all": True, "price_rise": 0.2},
    "guarantee": {"use": "guarantee"},
}


def result(policy: dict[str, object]) -> Result:
    """Return a run of a policy among a few thousand customers."""
    case = {
        "name": "who is lost", "population": {"customers": 4000, "prospects": 500}, "choose": {"limit": 60},
        "run": {"days": 150, "seed": 3}, "policies": [policy | {"name": "it"}],
    }  # fmt: skip
    scenario = Scenario.model_validate_json(json.dumps(case))
    world = build_world(scenario, workers=1)
    return run_policy(scenario, policy_of(scenario, "it"), world, Engine(world), 0, events=True)


@pytest.fixture(scope="module", params=list(POLICIES))
def run(request):
    return result(POLICIES[request.param])


def test_parts_add_up_to_all_who_are_lost(run):
    found = run.indicators
    assert found["lost_profitable"] == sum(found[part] for part in PARTS_OF_LOST)
    assert found["extra_profitable"] == found["lost_profitable"] - found["kept_profitable"]
    assert all(found[name] >= 0.0 for name in (*PARTS_OF_LOST, "kept_profitable"))


def test_harm_holds_no_gain(run):
    ledger = run.trace.book.ledger.sum(axis=(0, 1))
    for name in tr.PROFIT_LOST:
        assert ledger[tr.LEDGER_NAMES.index(name)] <= 0
    assert ledger[tr.L_KEPT] >= 0
    assert tr.L_OTHERS_LEFT not in REPUTATION
    assert run.indicators["reputational_cost"] == pytest.approx(-ledger[list(REPUTATION)].sum() / 100.0)
    assert ledger.sum() == np.int64(round(run.indicators["net_value"] * 100.0))


def test_a_price_for_all_that_drives_people_out_says_so():
    found = result(POLICIES["price"]).indicators
    assert found["lost_to_firm"] > 0.0
    assert found["lost_profitable"] >= found["lost_to_firm"]
    assert found["profit_lost_firm"] < 0.0
