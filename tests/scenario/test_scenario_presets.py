"""Presets of trades: what a scenario takes of them, what counts as stated, and the evidence behind each number."""

import re

import pytest

from wom_sim.scenario import ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.grades import is_grade
from wom_sim.scenario.loading import scenario_of
from wom_sim.scenario.preset_numbers import numbers_of_preset, trade
from wom_sim.scenario.presets import FOLDER, PREFIX, preset_names
from wom_sim.scenario.ranges import number_nodes, plausible_range
from wom_sim.scenario.reading import read
from wom_sim.scenario.tree import written
from wom_sim.scenario.uncertain import doubts, lift

NAMES = preset_names()
OWN = """
extends = "builtin:bank"
name = "Mine"
population.customers = 1000
[[policies]]
name = "letter"
use = "bulk_letter"
"""


def segments(scenario):
    return {segment.name: segment for segment in scenario.population.segments}


def drawn(scenario):
    return {doubt.key: doubt.distribution.text() for doubt in doubts(scenario)}


def test_the_presets_are_those_promised():
    assert NAMES == ["bank", "energy", "insurance", "retail", "software", "streaming", "telecom"]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_and_a_grade(name):
    numbers = numbers_of_preset(name)
    assert len(numbers) >= 20
    for number in numbers:
        assert is_grade(number.grade), f"{number.key}: {number.grade!r} is no grade"
        assert len(number.source) > 5, number.key
    assert len({number.key for number in numbers}) == len(numbers)


@pytest.mark.parametrize("name", NAMES)
def test_no_number_of_a_file_is_missing_from_its_list(name):
    """A line that gives a number or a distribution is one, whatever the list makes of the file."""
    lines = (FOLDER / f"{name}.toml").read_text().splitlines()
    given = [line for line in lines if re.match(r"\w+ = [\d{]", line)]
    assert len(given) == len(numbers_of_preset(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_what_it_is_and_in_which_money(name):
    about = trade(name)
    assert about.summary.endswith(".")
    assert "customer is" in about.notes
    assert about.currency == "USD"
    head = read(PREFIX + name).value
    assert head["currency"].value == about.currency


@pytest.mark.parametrize("name", NAMES)
def test_a_value_outside_of_the_models_range_comes_with_a_range_of_its_own(name):
    """Else worlds would stretch the range of a telephone company until it holds the value."""
    tree, ranges, faults = lift(read(PREFIX + name))
    assert not faults
    own = {item["key"] for item in ranges}
    for path, slot, node in number_nodes(tree, "market"):
        plausible = plausible_range(slot, float(node.value), 1.0)  # presets are in dollars
        if plausible is not None and not plausible[0] <= node.value <= plausible[1]:
            assert written(tree, path) in own


def test_a_scenario_takes_what_it_does_not_state(write):
    scenario = load_scenario(write("mine.toml", f"{OWN}[money]\nacquisition_cost = 99\n"))
    assert (scenario.name, scenario.population.customers, len(scenario.policies)) == ("Mine", 1000, 1)
    assert list(segments(scenario)) == ["current account only", "several products"]
    assert (scenario.money.cost_per_call, scenario.money.acquisition_cost) == (5.25, 99)
    assert {s.household_follows for s in scenario.population.segments} == {0.05}


def test_what_a_preset_says_nobody_has_stated(write):
    scenario = load_scenario(write("mine.toml", f"{OWN}[money]\nacquisition_cost = 99\n"))
    assert set(scenario.worlds.known) == {"population.customers", "money.acquisition_cost"}
    found = drawn(scenario)
    assert found["money.cost_per_call"] == "{low=4, mode=5.25, high=12}"
    follows = 'population.segments."several products".household_follows'
    assert found[follows] == "{low=0, mode=0.05, high=0.15}"
    assert "money.acquisition_cost" not in found
    assert "behaviour.leaving.household_follows" not in found  # nobody goes by it


def test_what_is_set_or_written_on_top_is_stated(write):
    file = write("mine.toml", OWN + '[[population.segments]]\nname = "several products"\nhousehold_follows = 0.3\n')
    scenario = load_scenario(file, ["money.cost_per_call=6"])
    key = 'population.segments."several products".household_follows'
    assert {key, "money.cost_per_call"} <= set(scenario.worlds.known)
    assert not {key, "money.cost_per_call"} & set(drawn(scenario))
    assert segments(scenario)["several products"].household_follows == 0.3
    assert segments(scenario)["current account only"].household_follows == 0.05


def test_segments_of_ones_own_stand_in_place_of_the_presets_and_take_from_its_first(write):
    text = OWN + '[[population.segments]]\nname = "a"\nshare = 0.4\nrevenue = 6\n'
    scenario = load_scenario(write("mine.toml", text + '[[population.segments]]\nname = "b"\nshare = 0.6\n'))
    found, usual = segments(scenario), segments(load_scenario("builtin:bank"))["current account only"]
    assert list(found) == ["a", "b"]
    assert (found["a"].revenue, found["b"].revenue) == (6, usual.revenue)
    assert found["b"].model_copy(update={"name": usual.name, "share": usual.share}) == usual
    assert "population.segments.a.revenue" in scenario.worlds.known
    assert "population.segments.a.account_cost" not in scenario.worlds.known


def test_a_segment_beside_those_of_the_preset_is_added(write):
    more = '[[population.segments]]\nname = "several products"\nshare = 0.5\n'
    scenario = load_scenario(write("mine.toml", f'{OWN}{more}[[population.segments]]\nname = "new"\nshare = 0.15\n'))
    assert list(segments(scenario)) == ["current account only", "several products", "new"]
    assert segments(scenario)["new"].account_cost == segments(scenario)["current account only"].account_cost


def test_the_models_outlets_stay_and_those_of_the_preset_come_to_them(write):
    names = [outlet.name for outlet in load_scenario(write("mine.toml", OWN)).media.outlets]
    assert names == ["forum", "trade blog", "national press", "television", "consumer authority", "ombudsman"]


def test_a_result_replays_whatever_becomes_of_the_preset(write):
    scenario = load_scenario(write("mine.toml", OWN))
    text = to_toml(scenario)
    assert "builtin" not in re.sub(r"^sources.*?\]$", "", text, flags=re.DOTALL | re.MULTILINE)
    file = write("scenario.toml", text)
    again = load_scenario(file, resolved=True)
    assert again == scenario
    assert fingerprint(again) == fingerprint(scenario)
    assert drawn(load_scenario(file)) == drawn(scenario)


def test_a_file_that_extends_a_file_that_extends_a_preset(write):
    write("mine.toml", OWN)
    heir = load_scenario(write("heir.toml", 'extends = "mine.toml"\n[money]\ndiscount = 0.12\n'))
    assert set(heir.worlds.known) == {"population.customers", "money.discount"}
    assert heir.money.cost_per_call == 5.25


def test_a_scenario_of_a_study_is_the_same(write):
    file = write("mine.toml", OWN)
    assert scenario_of(read(file), file) == load_scenario(file)


@pytest.mark.parametrize("called", ["builtin:banc", "builtin:", "builtin:../bank", "builtin:_example"])
def test_an_unknown_preset_is_refused_with_those_there_are(write, called):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write("mine.toml", OWN.replace("builtin:bank", called)))
    (fault,) = caught.value.faults
    assert (fault.line, fault.key) == (2, "extends")
    assert all(PREFIX + name in fault.message for name in NAMES)
    with pytest.raises(ScenarioError):
        load_scenario(called)
