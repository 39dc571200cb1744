"""Names are text in every table, and no spreadsheet takes one for a formula."""

from __future__ import annotations

import csv
from io import StringIO

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wom_sim._tables import csv_rows, csv_text, guarded_block, read_csv

STRANGE = [
    "NA", "None", "nan", "null", "", "007", "1e5", "True", "=1+1", "+a", "-1", "@x", "'quoted", "''", "'=a", 'a,b"c',
]  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_name_comes_back_as_it_was(name):
    table = pd.DataFrame({"policy": [name, name], "mean": [1.5, float("nan")], "n": [1, 2]})
    found = read_csv(StringIO(csv_text(table)))
    assert found["policy"].tolist() == [name, name]
    assert (found["mean"].isna().tolist(), found["n"].dtype.kind) == ([False, True], "i")


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"), max_size=12), min_size=1))
def test_any_name_comes_back(names):
    found = read_csv(StringIO(csv_text(pd.DataFrame({"policy": names, "against": names[::-1]}))))
    assert (found["policy"].tolist(), found["against"].tolist()) == (names, names[::-1])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_spreadsheet_sees_no_formula(name):
    text = csv_text(pd.DataFrame({"policy": [name], name: ["a"], "mean": [-1.0]}))
    for row in csv.reader(StringIO(text)):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t")), cell
            assert not cell.startswith("-") or cell == "-1.0", "a number below zero is one"


def test_a_value_is_text_in_a_table_of_dimensions_and_a_number_elsewhere():
    assert read_csv(StringIO("dimension,value\nsteps,1\n"))["value"].tolist() == ["1"]
    assert read_csv(StringIO("parameter,value\nx,1\n"))["value"].tolist() == [1]


def test_tables_of_before_are_read():
    found = read_csv(StringIO("policy,better,mean\nbulk letter,,\nkeep,more,2.0\n"))
    assert found["better"].isna().tolist() == [True, False]
    assert found["policy"].tolist() == ["bulk letter", "keep"]


@pytest.mark.parametrize("levels", [["1e5", "inf"], ["007", "1"], ["true", "FALSE"], ["NA", "5"], ["'5", "''=x"]])
def test_texts_that_look_like_numbers_stay_texts_where_numbers_may_stand(levels):
    for text in (csv_text(pd.DataFrame({"level": levels})), csv_rows(("level",), [(each,) for each in levels])):
        assert read_csv(StringIO(text))["level"].tolist() == levels


def test_nothing_below_zero_is_no_minus_zero():
    assert csv_text(pd.DataFrame({"a": [-0.0, -1.5], "b": ["x", "y"]})).split() == ["a,b", "0.0,x", "-1.5,y"]
    assert csv_rows(("a",), [(-0.0,), (-1.5,), (0,)]).split() == ["a", "0.0", "-1.5", "0"]
    block = guarded_block(pa.table({"a": [-0.0, -1.5, None], "b": ["x", "y", "z"]}))
    assert [str(a) for a in block.column("a").to_pylist()] == ["0.0", "-1.5", "None"]


def test_numbers_stay_numbers():
    found = read_csv(StringIO(csv_rows(("a", "b", "c"), [(1, 0.1, True), (None, -2.5, False)])))
    assert (found["a"].tolist()[0], found["b"].tolist(), found["c"].tolist()) == (1.0, [0.1, -2.5], [True, False])
