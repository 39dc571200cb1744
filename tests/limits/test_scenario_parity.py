"""Every scenario file that the project ships is valid, and at reduced size both engines write the same log for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "validation"))

from limits import difference  # noqa: E402

from wom_sim import build_world, load_scenario  # noqa: E402
from wom_sim.engines.compiled import Engine  # noqa: E402
from wom_sim.scenario import Scenario  # noqa: E402
from wom_sim.scenario.sections.network import RandomGraph  # noqa: E402
from wom_sim.simulation import policies_of, run_policy  # noqa: E402

FILES = sorted((ROOT / "scenarios").rglob("*.toml"))
MOST_PEOPLE, MOST_DAYS = 150, 75


def reduced(file: Path) -> Scenario:
    """Return the scenario with few people and days; whoever is chosen by number keeps to those there are."""
    scenario = load_scenario(file)
    net, people = scenario.network, scenario.population
    sets = [f"run.days={min(scenario.run.days, MOST_DAYS)}"]
    fixed = isinstance(net, RandomGraph) and net.kind in ("karate", "florentine")
    if not fixed and people.customers > MOST_PEOPLE:
        sets.append(f"population.customers={MOST_PEOPLE}")
        if scenario.choose.ids is not None:
            sets.append("choose.ids=[0]")
    if people.prospects > 0:
        sets.append("population.prospects=40")
    if scenario.choose.limit is not None:
        sets.append(f"choose.limit={min(scenario.choose.limit, 30)}")
    if scenario.choose.calls_at_least is not None:
        sets.append(f"choose.calls_at_least={1.0 * people.segments[0].calls}")  # so that some do at this size
    if any(segment.share * MOST_PEOPLE < 1.0 for segment in people.segments):
        sets += [f"population.segments[{k}].share={1.0 / len(people.segments)}" for k in range(len(people.segments))]
    for policy in scenario.policies:
        if policy.choose is not None and policy.choose.limit is not None:
            sets.append(f'policies."{policy.name}".choose.limit={min(policy.choose.limit, 30)}')
        if policy.choose is not None and policy.choose.abuse_only:
            sets += ["population.segments[0].calls=20.0", "population.segments[0].credit_seekers=1.0"]
        if policy.choose is not None and policy.choose.calls_at_least is not None:
            sets.append(f'policies."{policy.name}".choose.calls_at_least={people.segments[0].calls}')
    late = [policy.name for policy in scenario.policies if (policy.start_day or 0) >= MOST_DAYS]
    return load_scenario(file, [*sets, *(f'policies."{name}".start_day=30' for name in late)])


def test_there_are_files_and_the_limits_among_them():
    assert {file.parent.name for file in FILES} >= {"scenarios", "limits"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_both_engines_write_the_same_log(file: Path):
    scenario = reduced(file)
    world = build_world(scenario, workers=1)
    engine = Engine(world)
    for policy in policies_of(scenario):
        slow = run_policy(scenario, policy, world, "reference", 0, events=True).trace
        fast = run_policy(scenario, policy, world, engine, 0, events=True).trace
        assert difference(slow, fast, 0) == "", policy.name
        assert policy.use == "keep" or len(fast.events()) > 0, f"{policy.name} does nothing at this size"
