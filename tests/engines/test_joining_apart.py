"""Joins and stays react differently: each has a size and a half-life of its own."""

from __future__ import annotations

import json

import pytest

from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import build_world, policy_of, run_policy

LOUD = [{"name": "press", "threshold": 0.0, "reach": 0.5, "half_life": 2.0, "lag": 1, "national": True}]


def indicators(**behaviour: dict) -> dict[str, float]:
    case = {
        "name": "apart", "population": {"customers": 4000, "prospects": 4000, "join": 0.1}, "choose": {"limit": 20},
        "run": {"days": 300, "seed": 4}, "media": {"outlets": LOUD}, "behaviour": behaviour,
        "policies": [{"name": "letter", "use": "bulk_letter"}],
    }  # fmt: skip
    scenario = Scenario.model_validate_json(json.dumps(case))
    world = build_world(scenario, workers=1)
    found = run_policy(scenario, policy_of(scenario, "letter"), world, Engine(world), 0)
    return found.measured


def test_joins_may_suffer_where_nobody_leaves():
    """Without an effect on staying there was none on joining either, as one was a multiple of the other."""
    none = indicators(leaving={"beta": 0.0})
    apart = indicators(leaving={"beta": 0.0, "beta_join": 3.0})
    assert none["lost_to_story"] == apart["lost_to_story"] == 0.0
    assert none["joins_lost"] == 0.0
    assert apart["joins_lost"] > 20.0


def test_the_same_number_by_itself_or_as_a_multiple():
    assert indicators(leaving={"beta": 0.5, "beta_join_ratio": 4.0}) == pytest.approx(
        indicators(leaving={"beta": 0.5, "beta_join": 2.0}), nan_ok=True
    )


def test_prospects_forget_by_their_own_half_life():
    soon, late = (
        indicators(leaving={"beta": 0.5}, hearing={"harm_half_life": 30.0, "join_half_life": days})
        for days in (3.0, 300.0)
    )
    assert soon["lost_to_story"] == late["lost_to_story"]
    assert late["joins_lost"] > 1.5 * soon["joins_lost"] > 0.0


def test_by_default_prospects_forget_by_a_half_life_of_their_own():
    same = indicators(hearing={"harm_half_life": 30.0, "join_half_life": 21.0})
    assert indicators(hearing={"harm_half_life": 30.0}) == pytest.approx(same, nan_ok=True)
