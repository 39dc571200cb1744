"""A chart in the column of a page grows downwards before its type shrinks, and is low where it has few rows."""

from __future__ import annotations

import pandas as pd
import pytest
from chart_tables import NAMES, TABLES

from wom_sim.charts import CHARTS, SIZES, Setting

DRAW = {chart.name: chart.draw for chart in CHARTS}


def size_of(name: str, table: pd.DataFrame, size: str) -> tuple[float, float]:
    width, height = DRAW[name](table, Setting(size=size)).get_size_inches()
    return float(width), float(height)


def test_many_rows_make_a_column_higher_and_leave_its_type_larger_than_a_slide_does():
    table = TABLES["frontier"](NAMES[1:])
    (wide, _), (narrower, high) = (size_of("frontier", table, size) for size in ("slide", "column"))
    assert narrower < wide and high > SIZES["column"][1]


def test_few_rows_make_a_column_low():
    few = TABLES["frontier"](NAMES[1:3])
    assert size_of("frontier", few, "column")[1] < SIZES["column"][1] == size_of("frontier", few, "slide")[1]


@pytest.mark.parametrize("name", sorted(TABLES.keys() & DRAW.keys()))
def test_a_column_is_never_wider_than_a_slide_of_the_same(name):
    table = TABLES[name]()
    assert size_of(name, table, "column")[0] <= size_of(name, table, "slide")[0] * 1.13  # a step of a column is coarser
