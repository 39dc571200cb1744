"""The tables of what decides, and of a study, made of tables that are written down."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from written_folder import Folder

from wom_sim.present import deciding, studied
from wom_sim.present.material import MissingError


def frame(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


# -- what decides --------------------------------------------------------------------------------------------


def test_verdicts_are_the_columns_that_the_chart_shows():
    columns = [*deciding.VERDICTS, "chance_loss"]
    table = pd.DataFrame([[f"{name} of a" for name in columns]], columns=columns)
    found = deciding.verdicts(Folder({"verdicts.csv": table}))
    assert list(found.columns) == list(deciding.VERDICTS)
    assert found.iloc[0].tolist() == [f"{name} of a" for name in deciding.VERDICTS]
    with pytest.raises(MissingError, match=r"^needs verdicts.csv \(compare --worlds N\)$"):
        deciding.verdicts(Folder({}))


DRIVERS = frame(
    "policy parameter low high value_if_low value_if_high",
    ("all policies", "a.beta", 0.0, 1.0, 5.0, 6.0), ("bulk letter", "a.beta", 0.0, 1.0, 20.0, -5.0),
    ("bulk letter", "a.cost", 1.0, 9.0, math.nan, math.nan),
)  # fmt: skip


def test_a_tornado_of_worlds_has_each_policy_and_no_sum_of_them():
    found = deciding.tornado(Folder({"drivers.csv": DRIVERS}))
    assert found.to_dict("records") == [
        {"policy": "bulk letter", "parameter": "a.beta", "low": 0.0, "high": 1.0, "value_if_low": 20.0,
         "value_if_high": -5.0, "grade": "", "unit": "currency"},
    ]  # fmt: skip
    graded = DRIVERS.assign(grade=["A", None, "C"])
    assert deciding.tornado(Folder({"drivers.csv": graded}))["grade"].tolist() == [""]
    graded["grade"] = ["A", "A/C", "C"]
    assert deciding.tornado(Folder({"drivers.csv": graded}))["grade"].tolist() == ["A/C"]


EFFECTS = frame(
    "policy output factor at_low at_high low_level high_level low high",
    ("a", "reached", "choose.limit", 1.0, 2.0, 5.0, 40.0, 0.0, 9.0),
    ("a", "net_value", "choose.limit", 10.0, 20.0, 5.0, 40.0, 7.0, 8.0),
    ("a", "net_value", "channel", 3.0, 4.0, "letter", "phone", 7.0, 8.0),
)


def test_a_tornado_of_a_study_has_the_levels_as_ends_and_not_the_interval():
    found = deciding.tornado(Folder({"analysis/effects.csv": EFFECTS}))
    assert found["parameter"].tolist() == ["choose.limit", "channel"]
    assert found[["value_if_low", "value_if_high"]].to_numpy().tolist() == [[10.0, 20.0], [3.0, 4.0]]
    assert found["low"].tolist()[0] == 5.0 and found["high"].tolist()[0] == 40.0
    assert found[["low", "high"]].iloc[1].isna().all(), "words are no ends"
    assert set(found["unit"]) == {"currency"}
    both = deciding.tornado(Folder({"analysis/effects.csv": EFFECTS, "drivers.csv": DRIVERS}))
    assert both["parameter"].tolist() == ["a.beta"], "worlds come first"
    with pytest.raises(MissingError, match=r"drivers\.csv"):
        deciding.tornado(Folder({}))


def test_break_even_is_drawn_over_the_number_that_moves_most():
    table = frame(
        "policy parameter value difference low high",
        ("a", "x", 0.0, 5.0, 1.0, 9.0), ("a", "x", 1.0, 3.0, 1.0, 9.0), ("a", "y", 0.0, 1.0, 0.0, 2.0),
        ("a", "y", 1.0, -4.0, -5.0, 2.0), ("a", "x", 2.0, math.nan, 1.0, 9.0),
    )  # fmt: skip
    found = deciding.breakeven(Folder({"breakeven.csv": table}))
    assert found[["parameter", "value", "difference"]].to_numpy().tolist() == [["y", 0.0, 1.0], ["y", 1.0, -4.0]]
    assert set(found["second"]) == {""} and set(found["unit"]) == {"currency"}
    assert found["value2"].isna().all() and found["value2"].dtype == float
    two = table.assign(second=["b", None, "c", "c", "b"], value2=[1.0, 2.0, 3.0, 4.0, 5.0])
    assert deciding.breakeven(Folder({"breakeven.csv": two}))["value2"].tolist() == [3.0, 4.0]
    with pytest.raises(MissingError, match="no difference is known"):
        deciding.breakeven(Folder({"breakeven.csv": table[4:]}))


def test_break_even_of_a_study_is_its_map():
    cells = frame(
        "policy output x_factor x y_factor y mean",
        ("a", "net_value", "limit", 5, "payment", 10.0, -1.0), ("a", "net_value", "limit", 40, "payment", 10.0, 8.0),
        ("a", "net_value", "limit", 40, "channel", "letter", 99.0), ("a", "reached", "limit", 5, "payment", 10.0, 7.0),
        ("a", "net_value", "limit", 5, "payment", 20.0, math.nan),
    )  # fmt: skip
    found = deciding.breakeven(Folder({"analysis/map.csv": cells}))
    assert found[["value", "value2", "difference"]].to_numpy().tolist() == [[5.0, 10.0, -1.0], [40.0, 10.0, 8.0]]
    with pytest.raises(MissingError, match="no pair of numbers"):
        deciding.breakeven(Folder({"analysis/map.csv": cells[2:3]}))
    with pytest.raises(MissingError, match="a grid"):
        deciding.breakeven(Folder({}))


def test_boxes_have_the_whole_range_of_what_was_tried():
    table = frame(
        "policy output case box parameter low high coverage density",
        ("a", "net_value", "worst quarter", 1, "limit", 9.0, math.nan, 0.5, 0.6),
        ("a", "net_value", "below zero", 1, "limit", 7.0, math.nan, 0.8, 0.9),
        ("a", "net_value", "below zero", 1, "channel", math.nan, math.nan, 0.8, 0.9),
        ("a", "net_value", "below zero", 1, "limit", 7.0, math.nan, 0.8, 0.9),
    )
    design = pd.DataFrame({"limit": [5, 40, 22], "channel": ["letter", "phone", "letter"]})
    found = deciding.boxes(Folder({"analysis/boxes.csv": table, "design.csv": design}))
    assert found["parameter"].tolist() == ["limit", "channel"], "each once, and of one case"
    assert set(found["case"]) == {"below zero"}
    assert found["range_low"].tolist()[0] == 5.0 and found["range_high"].tolist()[0] == 40.0
    assert found[["range_low", "range_high"]].iloc[1].isna().all()
    other = deciding.boxes(Folder({"analysis/boxes.csv": table[:1].rename(columns={"parameter": "factor"})}))
    assert (other["case"].tolist(), other["low"].tolist()) == (["worst quarter"], [9.0])
    assert np.isnan(other["range_low"].iloc[0])
    plain = deciding.boxes(Folder({"analysis/boxes.csv": table[1:2].drop(columns="case")}))
    assert plain["case"].tolist() == ["below zero"]
    with pytest.raises(MissingError, match="no column parameter"):
        deciding.boxes(Folder({"analysis/boxes.csv": table.drop(columns="parameter")}))


def test_outputs_are_those_that_the_analysis_names(tmp_path):
    assert studied.outputs_of(tmp_path) == []
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "analysis.json").write_text('{"outputs": ["told", "reached"]}')
    assert studied.outputs_of(tmp_path) == ["told", "reached"]
    (tmp_path / "analysis" / "analysis.json").write_text("{}")
    assert studied.outputs_of(tmp_path) == []


# -- a study -------------------------------------------------------------------------------------------------

LEVELS = frame(
    "policy output factor level mean low high",
    ("a", "reached", "limit", 5, 100.0, 90.0, 110.0), ("a", "net_value", "limit", 5, 1.0, 0.5, 1.5),
    ("b", "net_value", "limit", 40, 2.0, 1.5, 2.5),
)  # fmt: skip


def test_a_response_is_that_of_net_value_unless_another_output_is_asked_for():
    found = studied.response(Folder({"analysis/levels.csv": LEVELS}))
    assert found.to_dict("records")[0] == {
        "policy": "a", "parameter": "limit", "indicator": "net_value", "level": 5, "mean": 1.0, "low": 0.5,
        "high": 1.5, "label": "net value", "unit": "currency",
    }  # fmt: skip
    assert len(found) == 2
    asked = studied.response(Folder({"analysis/levels.csv": LEVELS}, output="reached"))
    assert (asked["mean"].tolist(), asked["unit"].tolist()) == ([100.0], ["people"])
    first = studied.response(Folder({"analysis/levels.csv": LEVELS[:1]}))
    assert first["label"].tolist() == ["people reached"]
    with pytest.raises(MissingError, match=r"output: given 'told', allowed: reached, net_value"):
        studied.response(Folder({"analysis/levels.csv": LEVELS}, output="told"))


def test_an_output_of_ones_own_goes_by_its_name_and_has_no_unit():
    own = LEVELS[:1].assign(output="my_own")
    found = studied.response(Folder({"analysis/levels.csv": own}))
    assert (found["label"].tolist(), found["unit"].tolist()) == (["my_own"], [""])


@pytest.mark.parametrize(("chart", "file", "one", "two"), [
    (studied.sobol, "sobol", "first", "total"), (studied.morris, "morris", "mu_star", "sigma"),
])  # fmt: skip
def test_indices_have_their_intervals(chart, file, one, two):
    columns = [name for each in (one, two) for name in (each, f"{each}_low", f"{each}_high")]
    table = pd.DataFrame([["a", "net_value", "limit", *range(6)]], columns=["policy", "output", "factor", *columns])
    found = chart(Folder({f"analysis/{file}.csv": table}))
    assert found[columns].iloc[0].tolist() == [0, 1, 2, 3, 4, 5]
    assert found["parameter"].tolist() == ["limit"]
    with pytest.raises(MissingError, match=f"{file} was left out"):
        chart(Folder({}))
