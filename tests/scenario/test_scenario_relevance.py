"""A number that is said not to matter changes nothing that an engine is given."""

import pytest
from daily import few

from wom_sim.rules.leaving import chance_to_follow
from wom_sim.scenario import load_scenario, parameters
from wom_sim.scenario.ranges import numbers, plausible_range, tree_of
from wom_sim.scenario.relevance import _ONLY_IF, bears, without_names
from wom_sim.scenario.tree import written
from wom_sim.scenario.uncertain import with_values
from wom_sim.simulation import build_world, numbers_of, policies_of, settled, treatments_of

SMALL = ["population.customers=2000", "population.prospects=200", "run.days=100"]
FILES = {
    "first_look": [], "sprint_2007": [], "sprint_done_right": [], "guarantee": [],
    "verizon_2004": ["choose.limit=400"],
    "grandmother": ["choose.limit=400", "policies[1].choose.limit=400", "policies[2].choose.limit=400"],
}  # fmt: skip
"""Scenario files, and what else fits so small a market."""


def given_to_the_engine(scenario, world):
    """Everything that an engine is given under each policy, but people and ties."""
    world = settled(world, scenario)
    found = [world.outlets.tobytes(), world.newcomer, world.accounts.tobytes(), world.people["group"].tobytes()]
    for policy in policies_of(scenario):
        for seed in (1, 2):
            rows = treatments_of(scenario, policy, world, seed)
            numbers = numbers_of(scenario, policy, world.newcomer)
            # The chance to follow is that of all only for segments that have none of their own.
            follow = tuple(chance_to_follow(own, numbers.household_follows) for own in world.accounts["follows"])
            found.append((numbers._replace(household_follows=follow), rows.tolist()))
    return found


@pytest.mark.parametrize("file", few(FILES))
def test_what_does_not_bear_changes_nothing(file):
    scenario = load_scenario(f"scenarios/{file}.toml", [*SMALL, *FILES[file]])
    world, tree = build_world(scenario), tree_of(scenario)
    before = given_to_the_engine(scenario, world)
    tried = 0
    for path, slot, value in numbers(scenario, tree):
        key = written(tree, path)
        if bears(scenario, key):
            continue
        ends = plausible_range(slot, float(value), 1.0) or (0.7 * value, 0.9 * value)
        if isinstance(value, int) or value == 0.0 or key.startswith("media.outlets."):
            continue  # an outlet holds what it would say after a change of mind, also if it never changes it
        tried += 1
        for end in ends:
            after = given_to_the_engine(with_values(scenario, {key: end}), world)
            assert after == before, key
    assert tried >= 45


def test_every_entry_is_a_key_or_a_table():
    known = [parameter.key for parameter in parameters()]
    for name in _ONLY_IF:
        assert any(key == name or key.startswith(f"{name}.") for key in known), name


def test_the_name_of_an_outlet_does_not_matter():
    assert without_names('media.outlets."trade blog".lag') == "media.outlets[].lag"
