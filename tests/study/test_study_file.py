"""What a study file may say, and what is said when it is wrong: file, line, key, what is allowed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wom_sim.scenario import ScenarioError
from wom_sim.study.designs import design_seed
from wom_sim.study.loading import load_study
from wom_sim.study.study_file import StudyFile

SCENARIO = """
name = "Small"
[population]
customers = 600
[choose]
limit = 20
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "paid exit"
use = "paid_exit"
payment = 200.0
"""
HEAD = 'name = "study"\nscenario = "scenario.toml"\n'
LIMIT = '[[factors]]\nkey = "choose.limit"\nvalues = [1, 10]\n'
COST = '[[factors]]\nkey = "money.cost_per_call"\nlow = 4.0\nhigh = 16.0\n'


@pytest.fixture
def study(tmp_path):
    (tmp_path / "scenario.toml").write_text(SCENARIO)

    def load(text, head=HEAD):
        (tmp_path / "study.toml").write_text(head + text)
        return load_study(tmp_path / "study.toml")

    load.folder = tmp_path
    return load


def points(loaded):
    return pd.DataFrame(loaded.points.rows, columns=list(loaded.points.columns))


# -- designs -----------------------------------------------------------------------------------------------


def test_a_grid_has_every_combination(study):
    loaded = study(LIMIT + COST + 'steps = 3\n[design]\nkind = "grid"\n')
    assert loaded.points.rows == [(n, c) for n in (1, 10) for c in (4.0, 10.0, 16.0)]
    assert loaded.at(4).choose.limit == 10
    assert loaded.at(4).money.cost_per_call == 10.0


def test_a_log_scale_divides_evenly_and_whole_keys_get_whole_numbers(study):
    loaded = study('[[factors]]\nkey = "choose.limit"\nlow = 1\nhigh = 1000\nscale = "log"\nsteps = 4\n')
    assert loaded.points.rows == [(1,), (10,), (100,), (1000,)]
    assert all(type(row[0]) is int for row in loaded.points.rows)


def test_one_at_a_time_starts_from_the_scenario(study):
    loaded = study(LIMIT + COST + '[design]\nkind = "one_at_a_time"\n')
    assert loaded.points.rows == [(20, 8.0), (1, 8.0), (10, 8.0), (20, 4.0), (20, 16.0)]


@pytest.mark.parametrize(
    ("kind", "samples", "expected"), [("latin_hypercube", 20, 20), ("sobol", 8, 8 * 4), ("morris", 5, 5 * 3)]
)
def test_sampled_designs_fill_the_ranges(study, kind, samples, expected):
    text = COST + '[[factors]]\nkey = "choose.limit"\nlow = 1\nhigh = 9\n'
    table = points(study(f'{text}[design]\nkind = "{kind}"\nsamples = {samples}\n'))
    assert len(table) == expected
    assert table["money.cost_per_call"].between(4.0, 16.0).all()
    assert set(table["choose.limit"]) <= set(range(1, 10))
    assert table["choose.limit"].nunique() >= (2 if kind == "morris" else 5)
    if kind == "latin_hypercube":
        cells = np.floor((table["money.cost_per_call"] - 4.0) / 12.0 * 20)
        assert sorted(cells) == list(range(20)), "one point in each twentieth"
    if kind == "morris":
        steps = table.to_numpy(float).reshape(5, 3, 2)
        assert ((np.diff(steps, axis=1) != 0).sum(axis=2) == 1).all(), "one factor changes at a time"


def test_each_whole_number_is_as_likely_as_the_others(study):
    text = '[[factors]]\nkey = "choose.limit"\nlow = 1\nhigh = 5\n[design]\nkind = "latin_hypercube"\nsamples = 50\n'
    assert points(study(text))["choose.limit"].value_counts().to_dict() == dict.fromkeys(range(1, 6), 10)


def test_saltelli_has_its_blocks(study):
    """A, then A with one column of B each, then B; with pairs, B with one column of A each as well."""
    text = (
        COST + '[[factors]]\nkey = "policies.paid exit.payment"\nlow = 10.0\nhigh = 20.0\n[design]\nkind = "saltelli"\n'
    )
    plain = points(study(text + "samples = 4\n")).to_numpy(float).reshape(4, 4, 2)
    a, ab, b = plain[:, 0], plain[:, 1:3], plain[:, 3]
    assert (ab[:, 0, 0] == b[:, 0]).all()
    assert (ab[:, 0, 1] == a[:, 1]).all()
    assert (ab[:, 1, 1] == b[:, 1]).all()
    assert len(points(study(text + "samples = 4\nsecond_order = true\n"))) == 4 * 6


def test_lists_of_values_can_be_sampled(study):
    text = '[[factors]]\nkey = "policies.letter.framing"\nvalues = ["neutral", "blames_customer", "blames_firm"]\n'
    table = points(study(text + '[design]\nkind = "latin_hypercube"\nsamples = 9\n'))
    assert table.iloc[:, 0].value_counts().to_dict() == {"neutral": 3, "blames_customer": 3, "blames_firm": 3}


def test_designs_are_seeded_and_the_seed_is_recorded(study):
    text = COST + '[design]\nkind = "latin_hypercube"\nsamples = 5\n'
    first, again, other = study("seed = 4\n" + text), study("seed = 4\n" + text), study("seed = 5\n" + text)
    assert first.points.rows == again.points.rows != other.points.rows
    assert first.points.seed == 4
    assert study(text + "seed = 9\n").points.seed == 9


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 2, 2**31 - 1, 2**62, None])
def test_the_seed_of_a_design_is_never_zero(seed):
    said = StudyFile(name="s", scenario="x", seed=seed)
    assert 1 <= design_seed(said) <= 2**31 - 2


def test_seed_zero_is_a_seed(study):
    text = COST + '[design]\nkind = "morris"\nsamples = 5\n'
    assert study("seed = 0\n" + text).points.rows == study("seed = 0\n" + text).points.rows
    assert study("seed = 0\n" + text).scenario.run.seed == 0


def test_points_from_csv_and_parquet(study):
    table = pd.DataFrame(
        {
            "point": [7, 8, 9],
            "choose.limit": [1, 2, 3],
            "money.cost_per_call": [4.0, math.nan, 6.5],
            "policies.letter.framing": ["neutral", None, "blames_firm"],
            "choose.spare_profitable_households": [True, False, True],
        }
    )
    table.to_csv(study.folder / "points.csv", index=False)
    table.to_parquet(study.folder / "points.parquet", index=False)
    found = [study(f'[design]\nkind = "table"\nfile = "points.{end}"\n').points for end in ("csv", "parquet")]
    assert (
        found[0].rows
        == found[1].rows
        == [(1, 4.0, "neutral", True), (2, None, None, False), (3, 6.5, "blames_firm", True)]
    )
    assert "point" not in found[0].columns
    loaded = study('[design]\nkind = "table"\nfile = "points.csv"\n')
    assert loaded.at(1).money.cost_per_call == 8.0, "an empty cell leaves the scenario as it is"


# -- what is set -------------------------------------------------------------------------------------------


def test_set_takes_keys_with_and_without_quotes(study):
    text = '[set]\n"population.customers" = 70\nrun.days = 30\npolicies."paid exit".payment = 5.0\n'
    scenario = study("seed = 8\n" + text).scenario
    assert (scenario.population.customers, scenario.run.days, scenario.run.seed) == (70, 30, 8)
    assert scenario.policies[1].payment == 5.0


def test_a_study_can_extend_another(study):
    (study.folder / "base.toml").write_text(HEAD + LIMIT + "[design]\nkind = 'grid'\n")
    loaded = study("", head='extends = "base.toml"\nname = "more"\nreplications = 50\n')
    assert (loaded.name, loaded.said.replications, len(loaded.points)) == ("more", 50, 2)


# -- what is wrong -----------------------------------------------------------------------------------------

BROKEN = {
    "colour = 1\n": "study.toml:3: colour: unknown key",
    "replications = 0\n": "study.toml:3: replications: given 0, allowed: at least 1",
    'replications = "7"\n': "study.toml:3: replications: given '7', allowed: a whole number",
    '[design]\nkind = "gird"\n': "study.toml:4: design.kind: given 'gird', allowed: one of 'grid'",
    '[design]\nkind = "sobol"\n': "study.toml:3: design.samples: missing; kind = 'sobol' needs it",
    '[design]\nkind = "sobol"\nsamples = 100\n': (
        "study.toml:5: design.samples: given 100, allowed: a power of two, such as 128"
    ),
    '[design]\nkind = "table"\n': "study.toml:3: design.file: missing",
    '[design]\nkind = "table"\nfile = "no.csv"\n': "study.toml:5: design.file: no such file: ",
    '[design]\nkind = "morris"\nsamples = 4\n': "study.toml:3: design: kind = 'morris' needs at least one factor",
    "[[factors]]\nvalues = [1]\n": "study.toml:3: factors[0].key: missing",
    '[[factors]]\nkey = "choose.limit"\n': "study.toml:3: factors[0]: needs values, or low and high",
    '[[factors]]\nkey = "choose.limit"\nlow = 1\nhigh = 5\n': (
        "study.toml:3: factors[0]: needs values, or low, high and steps"
    ),
    '[[factors]]\nkey = "choose.limit"\nlow = 5\nhigh = 5\n': "study.toml:6: factors[0].high: must be more than low, 5",
    '[[factors]]\nkey = "run.days"\nlow = 0\nhigh = 5\nscale = "log"\n': (
        "study.toml:5: factors[0].low: must be more than 0"
    ),
    LIMIT + LIMIT: "study.toml:3: factors: two have the same key",
    '[[factors]]\nkey = "choose.limit"\nvalues = [1, 1]\n': "study.toml:5: factors[0].values: one is given twice",
    '[[factors]]\nkey = "choose.limt"\nvalues = [1]\n': "study.toml:3: choose.limt: unknown key; did you mean 'limit'?",
    '[[factors]]\nkey = "choose.limit"\nvalues = [-3]\n': (
        "study.toml:3: choose.limit: given -3, allowed: at least 0 (people)"
    ),
    '[[factors]]\nkey = "choose limit"\nvalues = [3]\n': 'study.toml:3: "choose limit": unknown key',
    '[[factors]]\nkey = "policies.nobody.payment"\nvalues = [3]\n': "study.toml:3: policies: no item is named 'nobody'",
    '[[factors]]\nkey = "a=b"\nvalues = [3]\n': "study.toml:3: a=b: is not the path of a key",
    "[set]\nrun.dayz = 3\n": "study.toml:4: run.dayz: unknown key",
    "[set]\nrun.days = -3\n": "study.toml:4: run.days: given -3, allowed: at least 1",
    'policies = ["leter"]\n': (
        "study.toml:3: policies: the scenario has no policy 'leter'; it has letter, paid exit; did you mean 'letter'?"
    ),
    'outputs = ["net_valu"]\n': "study.toml:3: outputs: there is no indicator 'net_valu'; did you mean 'net_value'?",
}


@pytest.mark.parametrize(("text", "said"), BROKEN.items())
def test_what_is_wrong_is_said_with_its_place(study, text, said):
    with pytest.raises(ScenarioError) as error:
        study(text).checked()
    assert any(line.startswith(f"{study.folder}/{said}") for line in str(error.value).splitlines()), str(error.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("choose.limit\n1\n-2\n", "points.csv:3: choose.limit: given -2, allowed: at least 0"),
        ("choose.limit,run.days\n1,20\n3\n", "points.csv:3: given 1 cells, allowed: 2 as in the header"),
        ("choose.limit\n", "points.csv: has no rows"),
        ("point\n1\n", "points.csv:1: has no column that is a factor"),
        ("run.days,run.days\n1,1\n", "points.csv:1: two columns have the same name"),
        ("run.days\n30\nmany\n", "points.csv:3: run.days: given 'many', allowed: a whole number"),
        ("run.days\n30\n\n40\n", "points.csv:3: given an empty line"),
    ],
)
def test_a_bad_table_of_points(study, table, said):
    (study.folder / "points.csv").write_text(table)
    with pytest.raises(ScenarioError) as error:
        study('[design]\nkind = "table"\nfile = "points.csv"\n').checked()
    assert str(error.value).startswith(f"{study.folder}/{said}"), str(error.value)


def test_a_table_that_is_no_parquet_is_said(study):
    (study.folder / "points.parquet").write_text("run.days\n30\n")
    with pytest.raises(ScenarioError, match=r"points\.parquet: is not a Parquet file: .{10}"):
        study('[design]\nkind = "table"\nfile = "points.parquet"\n').checked()


def test_a_missing_scenario_is_named(study):
    with pytest.raises(ScenarioError, match=r"study.toml:2: scenario: no such file: .*nowhere.toml"):
        study("", head='name = "x"\nscenario = "nowhere.toml"\n')


def test_a_faulty_scenario_is_reported_at_its_own_place(study):
    (study.folder / "scenario.toml").write_text(SCENARIO.replace("limit = 20", "limit = -20"))
    with pytest.raises(ScenarioError, match=r"scenario.toml:6: choose.limit: given -20"):
        study(LIMIT)


def test_experiments_of_the_project_are_sound():
    files = sorted((Path(__file__).parents[2] / "experiments").glob("*/study.toml"))
    assert files
    for file in files:
        load_study(file).checked()
