"""The tables of docs/STUDIES.md are those that the experiments wrote, and say what is promised of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "STUDIES.md").read_text(encoding="utf-8")


def loaded(path: str):
    """An experiment as a module."""
    name = f"experiment_{Path(path).parent.name}_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, ROOT / "experiments" / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ["selection/selection.py", "coverage/interactions.py"])
def test_the_page_shows_the_table_that_was_written(path):
    experiment = loaded(path)
    shown = PAGE.split(experiment.START)[1].split(experiment.END)[0].strip()
    assert shown == experiment.section(pd.read_csv(experiment.TABLE))


def test_the_best_was_picked_at_least_as_often_as_promised():
    table = pd.read_csv(ROOT / "experiments" / "selection" / "selection.csv")
    assert (table["tries"] == 500).all() and (table["picked"] >= table["promised"]).all()


def test_a_try_is_the_same_anew_and_its_runs_are_counted():
    experiment = loaded("selection/selection.py")
    case = experiment.CASES[1]
    first, again = experiment.tried(case, 3), experiment.tried(case, 3)
    assert first == again and first[1] >= case.candidates * experiment.FIRST


def test_intervals_of_interactions_hold_the_true_one_where_outcomes_are_not_rare():
    table = pd.read_csv(ROOT / "experiments" / "coverage" / "interactions.csv")
    usual = table[~table["shape"].str.contains("disaster")]
    assert (usual["covered"] >= 0.935).all()
    rare = table[table["shape"].str.contains("disaster")].set_index("size")["covered"]
    assert rare[100] >= 0.935 and rare[10] >= 0.8, "said in the page: too few runs for what is rare"
