"""The page of bases is written from its table, and the table is what people are built to be."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "experiments" / "bases"))

from reconcile import PAGE, TABLE, page, rows_of  # noqa: E402

TOLD = pd.read_csv(TABLE)


def test_the_page_is_that_of_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(TOLD)


def test_every_shipped_scenario_is_there():
    assert set(TOLD["scenario"]) == {path.stem for path in (ROOT / "scenarios").glob("*.toml")}


@pytest.mark.parametrize("name", ["first_look", "guarantee"])
def test_a_base_built_anew_is_the_same(name):
    anew, held = pd.DataFrame(rows_of(name)), TOLD[TOLD["scenario"] == name].reset_index(drop=True)
    assert anew["figure"].tolist() == held["figure"].tolist()
    assert anew["built"].to_numpy() == pytest.approx(held["built"].to_numpy(), rel=1e-5)
    assert anew["within"].tolist() == held["within"].tolist()


def test_the_first_tenths_are_those_who_earn_most():
    """Else the worst fifth would be the best: with the spread of customers it never earns what a fair share would."""
    fifth = TOLD[TOLD["figure"].str.startswith("worst fifth")]
    assert (fifth["built"] < 0.2).all()
