"""Steps, waves and further conditions of a choice change no result of a scenario that does not use them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.simulation import Result, run_policy
from wom_sim.world import trace as tr

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "before_steps.json").read_text(encoding="utf-8"))
"""Digests of the tables as the commit before gave them; see ``digest``."""
COLUMNS = (
    "person", "day_told", "grievance", "hazard_multiplier", "p_call", "profit_change", "call_change", "contact_change",
    "given", "cost", "notice", "news", "story", "turn", "action", "agreed", "waived", "praise", "apart",
)  # fmt: skip
"""What a treatment said then."""


def digest(result: Result) -> str:
    """Return 16 hex digits of the tables of a run: who was treated how, every event, day by day, all money."""
    book, sha = result.trace.book, hashlib.sha256()
    events = result.trace.events()
    for table, names in ((result.treatments, COLUMNS), (events, events.dtype.names)):
        for name in names:  # column by column: records have padding, whose bytes mean nothing
            sha.update(name.encode() + np.ascontiguousarray(table[name]).tobytes())
    daily = book.daily.copy()
    for column, event in ((tr.D_TOLD, tr.TOLD), (tr.D_TALKERS, tr.TALKS)):  # counted by event then, by person since
        daily[:, column] = np.bincount(events["day"][events["event"] == event], minlength=len(daily))
    for array in (daily, book.ledger, book.receipts):
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()[:16]


def digests() -> dict[str, list[str]]:
    """Return the digests of every policy of the recorded scenario, replication by replication."""
    scenario = load_scenario(HERE / "before_steps.toml")
    found: dict[str, list[str]] = {policy.name: [] for policy in scenario.policies}
    for replication in range(scenario.run.replications):
        world = build_world(scenario, replication, workers=1)
        engine = Engine(world)
        for policy in scenario.policies:
            result = run_policy(scenario, policy, world, engine, replication, events=True)
            found[policy.name].append(digest(result))
    return found


@pytest.fixture(scope="module")
def now() -> dict[str, list[str]]:
    return digests()


@pytest.mark.parametrize("policy", RECORDED)
def test_tables_are_as_they_were_to_the_byte(now, policy):
    assert now[policy] == RECORDED[policy]


def test_no_policy_is_left_out(now):
    assert set(now) == set(RECORDED)
    assert len({each[0] for each in now.values()}) == len(now), "every policy has tables of its own"
