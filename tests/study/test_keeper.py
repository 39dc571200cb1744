"""People and ties that are kept: the same results as on people built anew, and no more copies than are needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from small import FIRST, first_look

from wom_sim.engines.compiled import Engine
from wom_sim.policies import criterion
from wom_sim.scenario import load_scenario
from wom_sim.simulation import build_world, policy_of, run_policy
from wom_sim.study import keeper
from wom_sim.study.keeper import Keeper

PLACE = b"the same people and ties"


@pytest.fixture(scope="module")
def scenarios():
    """Scenarios of the same people and ties that differ in costs, in what newcomers are worth, and in the media."""
    changes = [f"money.cost_per_call={cost}" for cost in (4, 8, 16, 32)]
    changes += ["behaviour.leaving.locked=0.7", 'media.outlets."national press".threshold=5']
    return [load_scenario(FIRST, [*first_look(1), change]) for change in changes]


@pytest.fixture(scope="module")
def alone(scenarios):
    return [measured(Keeper(), scenario) for scenario in scenarios]


def measured(keep: Keeper, scenario) -> dict[str, float]:
    with keep.engine(PLACE, scenario, 0) as (engine, _):
        return on(engine, scenario)


def on(engine: Engine, scenario) -> dict[str, float]:
    """Return what a run gives; what there is not (NaN) is the text "nan", so that it equals itself."""
    found = run_policy(scenario, policy_of(scenario, "bulk letter"), engine.world, engine, 0).measured
    return {name: "nan" if value != value else value for name, value in found.items()}


def test_runs_alone_differ_so_that_something_is_tested(alone):
    assert len({found["net_value"] for found in alone[:4]}) == 4


def test_what_stands_is_what_is_built(scenarios, alone):
    for scenario, found in zip(scenarios, alone, strict=True):
        assert on(Engine(build_world(scenario)), scenario) == found


@pytest.mark.parametrize(("large", "most"), [(0.0, 3), (1e12, keeper._SETTLED)], ids=["large", "small"])
def test_threads_in_turn_on_the_same_people(scenarios, alone, monkeypatch, large, most):
    """Three threads take scenarios at random; rows are settled in place only where nobody uses them."""
    monkeypatch.setattr(keeper, "_LARGE_BYTES", large)
    keep = Keeper()
    turns = [(7 * n) % len(scenarios) for n in range(60)]
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda n: measured(keep, scenarios[n]), turns))
    assert found == [alone[n] for n in turns]
    (stand,) = keep._stands.values()
    assert len(stand.rows) <= most
    assert all(rows.users == 0 for rows in stand.rows)
    assert len({id(rows.world.people) for rows in stand.rows}) == len(stand.rows)


def test_alone_no_copy_is_made_of_many_people(scenarios, alone, monkeypatch):
    monkeypatch.setattr(keeper, "_LARGE_BYTES", 0.0)
    keep = Keeper()
    assert [measured(keep, scenario) for scenario in scenarios] == alone
    (stand,) = keep._stands.values()
    assert len(stand.rows) == 1


def test_what_follows_from_people_alone_is_looked_for_once(scenarios, alone, monkeypatch):
    """Who calls often is the same whatever a call costs."""
    looked, matching = [], criterion._matching
    monkeypatch.setattr(criterion, "_matching", lambda *asked: looked.append(asked) or matching(*asked))
    keep = Keeper()
    assert [measured(keep, scenario) for scenario in scenarios] == alone
    assert len(looked) == 1
