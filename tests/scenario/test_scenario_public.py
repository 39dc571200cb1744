"""``worlds.draw_from = "posterior"``, the default: rule of pick-up and numbers drawn together, as cases taught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from wom_sim import load_scenario
from wom_sim.scenario import ScenarioError
from wom_sim.scenario.notes import notes
from wom_sim.scenario.posterior_of_cases import DRAWS, OWN, RULES, WHICH
from wom_sim.scenario.ranges import numbers, tree_of
from wom_sim.scenario.tree import written
from wom_sim.scenario.uncertain import EVIDENCE, PUBLIC, doubts
from wom_sim.scenario.writing import fingerprint
from wom_sim.simulation import KEEP, numbers_of
from wom_sim.study.worlds import design, scenario_of
from wom_sim.words import Words

FIRST = Path(__file__).parents[2] / "scenarios" / "first_look.toml"
FROM, RANGES = "worlds.draw_from=posterior", "worlds.draw_from=ranges"
RATE, SPREAD = "media.story.rate", "media.taste.spread"


def drawn(*sets: str) -> dict:
    return {doubt.key: doubt for doubt in doubts(load_scenario(FIRST, [FROM, *sets]))}


def test_what_the_package_holds_are_quantiles_and_a_rule():
    table = pq.read_table(DRAWS).to_pandas()
    assert set(table[WHICH]) <= {0.0, 1.0, 2.0}
    quantiles = table.drop(columns=[WHICH]).to_numpy()
    assert len(table) >= 500
    assert quantiles.min() > 0.0
    assert quantiles.max() < 1.0
    about = pq.read_schema(DRAWS).metadata
    assert {b"cases", b"runs", b"model", b"worth"} <= set(about)


def test_every_number_it_holds_is_one_of_a_scenario():
    scenario = load_scenario(FIRST, [FROM])
    tree = tree_of(scenario)
    here = {written(tree, path) for path, _, _ in numbers(scenario, tree)}
    assert {*OWN, WHICH} <= set(pq.read_schema(DRAWS).names) <= here


def test_it_is_drawn_with_the_numbers_of_all_rules_and_from_ranges_only_those_of_the_likeliest():
    found, ranges = drawn(), {d.key: d for d in doubts(load_scenario(FIRST, [RANGES]))}
    assert {WHICH, RATE, SPREAD, *OWN} <= {key for key, doubt in found.items() if doubt.origin == PUBLIC}
    assert not {WHICH, RATE, *OWN} & set(ranges)
    assert {doubt.origin for doubt in ranges.values()} == {EVIDENCE}
    by_itself = [key for key, doubt in found.items() if doubt.origin == EVIDENCE]
    assert set(by_itself) < set(ranges)
    assert [found[key].distribution for key in by_itself] == [ranges[key].distribution for key in by_itself]


def test_it_is_the_default():
    plain = load_scenario(FIRST)
    assert plain == load_scenario(FIRST, [FROM])
    assert (plain.media.rule, RULES[plain.media.which]) == ("any", "taste")


def test_a_single_run_does_not_depend_on_where_worlds_are_drawn_from():
    plain, ranges = load_scenario(FIRST), load_scenario(FIRST, [RANGES])
    assert numbers_of(ranges, KEEP, (0.0, 1.0)) == numbers_of(plain, KEEP, (0.0, 1.0))


@pytest.mark.parametrize(("which", "rule"), list(enumerate(("level", "taste", "story"))))
def test_the_rule_that_is_drawn_holds(which, rule):
    drawn_so = load_scenario(FIRST, [FROM, f"{WHICH}={which}"])
    stated = load_scenario(FIRST, [f"media.rule={rule}"])
    assert numbers_of(drawn_so, KEEP, (0.0, 1.0)) == numbers_of(stated, KEEP, (0.0, 1.0))


def test_a_row_is_drawn_whole():
    scenario = load_scenario(FIRST, [FROM, "run.replications=1"])
    worlds = design(scenario, 64).worlds
    table = pq.read_table(DRAWS).to_pandas()
    late = OWN["media.report.found_late"]
    spread = drawn()[SPREAD].distribution.values
    rows = [
        np.flatnonzero(np.isclose(late.at(table["media.report.found_late"].to_numpy()), row["media.report.found_late"]))
        for _, row in worlds.iterrows()
    ]
    for at, (_, row) in zip(rows, worlds.iterrows(), strict=True):
        assert any(table[WHICH][k] == row[WHICH] and spread[k] == pytest.approx(row[SPREAD]) for k in at)


def test_what_is_stated_is_known():
    found = drawn("media.rule=story", "media.story.rate=0.05")
    assert WHICH not in found
    assert RATE not in found
    assert SPREAD not in found, "nothing depends on it"
    assert found["media.story.spread"].origin == PUBLIC
    fixed = drawn(f'worlds.fixed=["{WHICH}"]')
    assert WHICH not in fixed


def test_another_year_moves_what_a_quantile_means():
    then, now = drawn("media.era=2007"), drawn("media.era=2026")
    key = "media.channel_news.phone"
    assert np.median(now[key].distribution.values) > 2 * np.median(then[key].distribution.values)


def test_a_world_is_a_scenario_with_its_rule():
    scenario = load_scenario(FIRST, [FROM, "run.replications=1"])
    found = design(scenario, 32)
    for world in range(32):
        within = scenario_of(scenario, found, world)
        assert within.media.which == found.worlds[WHICH][world]
        assert numbers_of(within, KEEP, (0.0, 1.0)).media_rule == within.media.which


def test_a_few_values_are_told_one_by_one():
    found = drawn()
    table = pq.read_table(DRAWS).to_pandas()
    share = float((table[WHICH] == 1.0).mean())
    assert found[WHICH].distribution.shares["1"] == pytest.approx(share)
    assert f"1 in {100 * share:.3g} %" in found[WHICH].distribution.text()
    assert found[RATE].distribution.shares == {}


def test_a_result_of_other_draws_has_another_fingerprint():
    assert fingerprint(load_scenario(FIRST, [FROM])) != fingerprint(load_scenario(FIRST, [RANGES]))
    assert fingerprint(load_scenario(FIRST, [FROM])) == fingerprint(load_scenario(FIRST))


def test_a_rule_that_nothing_draws_is_told():
    left_open = load_scenario(FIRST, [RANGES])
    assert [note for note in notes(left_open, Words("en")) if "so taste holds in every run" in note]
    assert [note for note in notes(left_open, Words("nl")) if "taste geldt in elke run" in note]
    for known in ([FROM], ["media.rule=story", RANGES], []):
        assert not [note for note in notes(load_scenario(FIRST, known), Words("en")) if "media.rule" in note]


def test_anything_else_is_refused():
    with pytest.raises(ScenarioError, match="draw_from: given 'nobody', allowed: one of 'ranges', 'posterior'"):
        load_scenario(FIRST, ["worlds.draw_from=nobody"])
    with pytest.raises(ScenarioError, match="which"):
        load_scenario(FIRST, [f"{WHICH}=3"])
