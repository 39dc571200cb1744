"""Expected harm ranks as simulation does: each candidate let go alone, in many lucks, on a small market."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import spearmanr

from wom_sim.engines.compiled import Engine
from wom_sim.policies.choosing import choose
from wom_sim.policies.harm import expected_harm
from wom_sim.scenario import Scenario
from wom_sim.scenario.models import Choose, Policy
from wom_sim.simulation import build_world, run_policy
from wom_sim.simulation.translation import setting_of
from wom_sim.world import trace as tr

RUNS = 80
HARM = [tr.LEDGER_NAMES.index(name) for name in tr.PROFIT_LOST if name != "profit_lost_firm"]
CASE = {
    "name": "whom not to touch", "population": {
        "customers": 700, "prospects": 0, "household_size": 2.0,
        "segments": [
            {"name": "quiet", "share": 0.85, "churn": 0.03}, {"name": "callers", "share": 0.15, "calls": 12.0},
        ],
    },
    "network": {"kind": "market", "acquaintances_spread": 1.2},
    "choose": {"segments": ["callers"], "limit": 40},
    "behaviour": {"leaving": {"beta": 3.0, "household_follows": 0.3}, "hearing": {"affected": 0.6}},
    "media": {"outlets": []},
    "run": {"days": 150},
    "policies": [{"name": "letter", "use": "bulk_letter"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def both():
    """Return expected harm, its household part, and mean simulated harm of each of forty candidates, in currency."""
    said = Scenario.model_validate_json(json.dumps(CASE))
    world = build_world(said, workers=1)
    setting = setting_of(said, said.policies[0], world, 1)
    who = choose(setting)
    harm = expected_harm(setting, who)
    engine, simulated = Engine(world), np.zeros(len(who))
    for k, person in enumerate(who.tolist()):
        alone = Policy(name="letter", use="bulk_letter", choose=Choose(ids=(person,)))
        for run in range(RUNS):
            ledger = run_policy(said, alone, world, engine, run).trace.book.ledger
            simulated[k] -= ledger[:, :, HARM].sum() / 100.0 / RUNS
    return harm, simulated


def test_the_order_is_that_of_the_simulation(both):
    harm, simulated = both
    assert spearmanr(harm.total, simulated).statistic > 0.8


def test_without_the_household_ties_still_tell_whom_not_to_touch(both):
    harm, simulated = both
    alone = harm.household == 0.0
    assert alone.sum() >= 8
    assert spearmanr((harm.total)[alone], simulated[alone]).statistic > 0.3


def test_the_size_is_about_right(both):
    """Hearers who retell are not in the expectation, and a story has one beginning only: within half and twice."""
    harm, simulated = both
    assert 0.5 < simulated.sum() / harm.total.sum() < 2.0
