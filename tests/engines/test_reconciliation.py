"""The event log adds up to the ledger, to the cent, per segment, month and line: everywhere, in both engines."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from random_runs import Case, cases
from random_scenarios import scenarios

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.engines.reference import Market
from wom_sim.outcomes.ledger_tables import ledger_of_log
from wom_sim.rules.leaving import MONTH
from wom_sim.scenario import Scenario
from wom_sim.simulation import policies_of, run_policy
from wom_sim.world import trace as tr

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").glob("*.toml"))
EXAMPLES = int(os.environ.get("WOM_SIM_PARITY_EXAMPLES", "300"))


def differences(trace: tr.Trace) -> list:
    """Return (row, month, line) of every cell on which log and ledger differ, and days on which the money does."""
    found = ledger_of_log(trace.events(), trace.book.ledger.shape)
    cells = np.argwhere(found != trace.book.ledger).tolist()
    by_month = np.add.reduceat(trace.book.daily[:, tr.D_MONEY], np.arange(0, len(trace.book.daily), MONTH))
    months = np.flatnonzero(by_month != trace.book.ledger.sum(axis=(0, 2))).tolist()
    return cells + months


def hand(trace: tr.Trace) -> np.ndarray:
    """Return the sums by line the slow way, event by event, with nothing of the package's own arithmetic."""
    lines = [0] * len(tr.LEDGER_NAMES)
    for event in trace.events():
        if int(event["line"]) < len(lines):
            lines[int(event["line"])] += int(event["amount"])
    return np.array(lines)


@settings(max_examples=max(40, EXAMPLES // 3), print_blob=True)
@given(cases())
def test_random_worlds(case: Case):
    for trace in (
        Market(case.world, case.numbers, case.treatments, seed=case.seed, **case.more).run().result(),
        Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more, events=True),
    ):
        assert differences(trace) == []
        assert np.array_equal(hand(trace), trace.book.ledger.sum(axis=(0, 1)))


@settings(max_examples=max(20, EXAMPLES // 6), print_blob=True)
@given(scenarios())
def test_random_scenarios(scenario: Scenario):
    world = build_world(scenario, workers=1)
    for engine in ("reference", Engine(world)):
        result = run_policy(scenario, scenario.policies[0], world, engine, 0, events=True)
        assert differences(result.trace) == []


SIZE = 2000


def reduced(file: Path) -> Scenario:
    """Return a scenario with two thousand people, of whom the choice finds some."""
    said = load_scenario(file)
    choose = said.choose
    sets = {"population.customers": SIZE, "population.prospects": SIZE // 5}
    sets |= {} if choose.limit is None else {"choose.limit": 40}
    sets |= {} if choose.calls_at_least is None else {"choose.calls_at_least": 3}
    own = [policy.name for policy in said.policies if policy.choose is not None and policy.choose.limit is not None]
    sets |= {f'policies."{name}".choose.limit': 40 for name in own}
    return load_scenario(file, [f"{key}={value}" for key, value in sets.items()])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_and_policy(file: Path):
    scenario = reduced(file)
    world = build_world(scenario, workers=1)
    engine = Engine(world)
    booked = 0
    for policy in policies_of(scenario):
        trace = run_policy(scenario, policy, world, engine, 0, events=True).trace
        assert differences(trace) == [], policy.name
        booked += int(np.count_nonzero(trace.book.ledger))
    assert booked > 5, "something must cost something"


@pytest.mark.science
def test_every_line_and_row_is_reached():
    """The random worlds would show nothing if a line or a row of the ledger never had an amount."""
    lines, rows = set(), set()

    @settings(max_examples=1200, derandomize=True, database=None)
    @given(cases())
    def collect(case: Case) -> None:
        trace = Engine(case.world).run(case.numbers, case.treatments, case.seed, **case.more)
        found = np.argwhere(trace.book.ledger)
        lines.update(found[:, 2].tolist())
        rows.update(found[:, 0].tolist())

    collect()
    after = {tr.L_PRICE, tr.L_OUTLOOK}
    assert lines == set(range(len(tr.LEDGER))) - after, "what is paid, and all beyond the run, is booked after it"
    assert rows == {tr.S_FIRM, tr.S_PROSPECTS, tr.S_FIRST, tr.S_FIRST + 1}


def test_without_a_log_the_ledger_is_the_same():
    scenario = reduced(ROOT / "scenarios" / "netflix_2011.toml")
    world = build_world(scenario, workers=1)
    engine = Engine(world)
    for policy in policies_of(scenario):
        kept, not_kept = (run_policy(scenario, policy, world, engine, 0, events=on).trace for on in (True, False))
        assert np.array_equal(kept.book.ledger, not_kept.book.ledger)
        assert len(not_kept.book.log) == 0
