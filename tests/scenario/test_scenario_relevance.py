"""A number that is said not to matter changes nothing that an engine is given."""

import pytest

from wom_sim.scenario import load_scenario
from wom_sim.scenario.relevance import _ONLY_IF, bears
from wom_sim.scenario.tree import written
from wom_sim.scenario.uncertain import numbers, plausible_range, tree_of, with_values
from wom_sim.simulation import build_world, numbers_of, policies_of, settled, treatments_of

SMALL = ["population.customers=2000", "population.prospects=200", "run.days=100"]
FILES = ("first_look", "sprint_2007", "sprint_done_right", "guarantee", "verizon_2004", "grandmother")


def given_to_the_engine(scenario, world):
    """Everything that an engine is given under each policy, but people and ties."""
    world = settled(world, scenario)
    found = [world.outlets.tobytes(), world.newcomer, world.people["group"].tobytes()]
    for policy in policies_of(scenario):
        for seed in (1, 2):
            rows = treatments_of(scenario, policy, world, seed)
            found.append((numbers_of(scenario, policy, world.newcomer), rows.tolist()))
    return found


@pytest.mark.parametrize("file", FILES)
def test_what_does_not_bear_changes_nothing(file):
    scenario = load_scenario(f"scenarios/{file}.toml", SMALL)
    world, tree = build_world(scenario), tree_of(scenario)
    before = given_to_the_engine(scenario, world)
    tried = 0
    for path, slot, value in numbers(scenario, tree):
        key, ends = written(tree, path), plausible_range(slot, float(value))
        if ends is None or bears(scenario, key):
            continue
        tried += 1
        for end in ends:
            after = given_to_the_engine(with_values(scenario, {key: end}), world)
            assert after == before, key
    assert tried >= 10


def test_every_entry_is_a_key_or_a_table():
    scenario = load_scenario("scenarios/first_look.toml")
    tree = tree_of(scenario)
    known = [written(tree, path) for path, _, _ in numbers(scenario, tree)]
    for name in _ONLY_IF:
        assert any(key == name or key.startswith(f"{name}.") for key in known), name
