"""The tables of charts, made of a folder whose few numbers are written down."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from written_folder import Folder

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.present.deciding import VERDICTS
from wom_sim.present.material import MissingError
from wom_sim.present.sources import QUANTILES, table_for
from wom_sim.world import trace as tr


def daily(column: str, **of: list[list[int]]) -> pd.DataFrame:
    """Return a daily table from what each run of each policy has, day by day."""
    rows = [
        (policy.replace("_", " "), k, day, value)
        for policy, runs in of.items()
        for k, run in enumerate(runs)
        for day, value in enumerate(run)
    ]
    return pd.DataFrame(rows, columns=["policy", "replication", "day", column])


def runs(**of: list[float]) -> pd.DataFrame:
    rows = [(policy.replace("_", " "), k, value) for policy, values in of.items() for k, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["policy", "replication", "net_value"])


@pytest.mark.parametrize(("chart", "column"), [("reached", "reached"), ("departures", "extra_profitable")])
def test_lines_add_up_and_their_band_is_that_of_the_runs(chart, column):
    table = daily(column, keep=[[0, 0]] * 4, a=[[1, 2], [3, 0], [5, 10], [7, 0]])
    found = table_for(chart, Folder({"daily.parquet": table})).set_index(["policy", "day"])
    assert found.loc[("a", 0), "mean"] == 4.0
    assert found.loc[("a", 1), "mean"] == (3 + 3 + 15 + 7) / 4
    assert found.loc[("a", 0), ["low", "high"]].tolist() == pytest.approx([1.3, 6.7])
    assert list(found.columns) == ["mean", "low", "high"]


def test_one_run_has_no_band():
    table = daily("reached", a=[[1, 2]])
    found = table_for("reached", Folder({"daily.parquet": table}, replications=1))
    assert found[["low", "high"]].isna().all(axis=None)
    assert found["mean"].tolist() == [1.0, 3.0]


def test_a_fan_has_its_bands_and_the_days_of_what_happened():
    lost = daily("extra_profitable", bulk_letter=[[k, 0, 0, 0, 0, 0] for k in range(101)])
    told = [[0, 3, 1, 0, 0, 0]] * 50 + [[0, 0, 2, 0, 0, 0]] * 51
    covered = [[0, 0, 0, 0, 1, 1]] * 2 + [[0, 0, 0, 0, 0, 1]] + [[0] * 6] * 98
    table = lost.assign(told=daily("x", a=told)["x"], national_pickups=daily("x", a=covered)["x"])
    found = table_for("fan", Folder({"daily.parquet": table}, replications=101))
    band = found[(found["event"] == "") & (found["day"] == 3)].iloc[0]
    assert band["mean"] == 50.0
    assert {name: band[name] for name in QUANTILES} == pytest.approx(
        {"p025": 2.5, "p10": 10.0, "p25": 25.0, "p75": 75.0, "p90": 90.0, "p975": 97.5}
    )
    events = found[found["event"] != ""].set_index("event")
    assert set(events["policy"]) == {"bulk letter"}
    assert events["day"].to_dict() == {"told": 2.0, "national": 4.0, "response": 8.0}
    assert events["share"].to_dict() == pytest.approx({"told": 1.0, "national": 3 / 101, "response": 3 / 101})


def test_differences_are_those_to_keeping_everyone_in_the_order_of_the_chart():
    rows = [
        ("a", "keep", "reached", 3.0), ("a", "b", "net_value", 9.0), ("a", "keep", "net_value", 1.0),
        ("b", "keep", "net_value", 2.0), ("a", "keep", "told", 4.0), ("a", "keep", "joins_lost", 5.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["policy", "against", "indicator", "mean"])
    table = table.assign(
        label="", unit="", better=pd.Series(["less", None] * 3, dtype=object),
        low=0.0, high=1.0, p05=0.1, median=0.5, p95=0.9, n=4
    )
    found = table_for("differences", Folder({"differences.csv": table}))
    told = list(zip(found["policy"], found["indicator"], found["mean"], strict=True))
    assert told == [
        ("a", "net_value", 1.0), ("b", "net_value", 2.0), ("a", "joins_lost", 5.0), ("a", "reached", 3.0),
    ]  # fmt: skip
    assert found["better"].tolist() == ["less", "", "", "less"]
    assert found["p95"].tolist() == [0.9] * 4
    once = table_for("differences", Folder({"differences.csv": table}, replications=1))
    assert once[["p05", "p95"]].isna().all(axis=None)
    assert once[["p05", "p95"]].dtypes.tolist() == [float, float]


GAPS = pd.DataFrame(
    [("b", "a", "net_value", 4.0, 1.0, 7.0), ("keep", "b", "net_value", -6.0, -9.0, -3.0),
     ("keep", "a", "net_value", -2.0, -2.5, -1.5), ("b", "a", "reached", 99.0, 0.0, 0.0)],
    columns=["policy", "against", "indicator", "mean", "low", "high"],
)  # fmt: skip
RUNS = runs(keep=[0.0, 0.0], a=[3.0, 1.0], b=[9.0, 3.0])


def test_the_best_is_held_against_each_other_one_the_nearest_first():
    """Rows that the table holds the other way round are turned, and so are the ends of their intervals."""
    found = table_for("dumbbell", Folder({"differences.csv": GAPS, "replications.parquet": RUNS}))
    assert found["against"].tolist() == ["a", "keep"]
    assert set(found["policy"]) == {"b"}
    assert found[["mean", "low", "high"]].to_numpy().tolist() == [[4.0, 1.0, 7.0], [6.0, 3.0, 9.0]]
    assert found[["mean_policy", "mean_against"]].to_numpy().tolist() == [[6.0, 2.0], [6.0, 0.0]]
    assert set(found["label"]) == {"net value"}
    with pytest.raises(MissingError, match="two policies"):
        table_for("dumbbell", Folder({"differences.csv": GAPS[:0], "replications.parquet": RUNS}))


def test_pairs_are_those_of_the_best_with_the_same_luck():
    found = table_for("paired", Folder({"replications.parquet": RUNS}))
    assert found["against"].tolist() == ["a", "a", "keep", "keep"], "the next best first"
    assert found["difference"].tolist() == [6.0, 2.0, 9.0, 3.0]
    assert found["replication"].tolist() == [0, 1, 0, 1]
    assert set(found["of"]) == {"replications"}
    assert (set(found["unit"]), set(found["better"])) == ({"currency"}, {"more"})
    one_world = table_for("paired", Folder({"replications.parquet": RUNS}, worlds=1))
    assert set(one_world["of"]) == {"replications"}
    with pytest.raises(MissingError, match="two policies"):
        table_for("paired", Folder({"replications.parquet": runs(keep=[1.0])}))


def test_over_worlds_a_pair_is_a_world():
    table = pd.concat([RUNS.assign(world=0), RUNS.assign(world=1, net_value=RUNS["net_value"] * 10.0)])
    found = table_for("paired", Folder({"replications.parquet": table}, worlds=2))
    assert found[found["against"] == "a"]["difference"].tolist() == [4.0, 40.0]
    assert set(found["of"]) == {"worlds"}


def test_a_loss_is_what_is_below_keeping_everyone():
    found = table_for("exceedance", Folder({"replications.parquet": RUNS}))
    assert found.groupby("policy")["loss"].apply(list).to_dict() == {"a": [-3.0, -1.0], "b": [-9.0, -3.0]}
    assert found["replication"].tolist() == [0, 1, 0, 1]
    alone = table_for("exceedance", Folder({"replications.parquet": runs(keep=[0.0])}))
    assert alone["policy"].tolist() == ["keep"], "unless nothing else is left"


def test_the_ledger_has_every_line_in_its_order():
    names = ["net_value", *reversed(tr.LEDGER_NAMES)]
    table = pd.DataFrame({"policy": "a", "indicator": names, "mean": np.arange(len(names)) * 1.5})
    found = table_for("ledger", Folder({"summary.csv": table})).sort_values("order")
    assert found["line"].tolist() == list(tr.LEDGER_NAMES)
    assert found["mean"].tolist() == [1.5 * (len(names) - 1 - k) for k in range(len(tr.LEDGER_NAMES))]
    meaning = {line.name: line.meaning for line in tr.LEDGER}
    assert found["label"].tolist() == [meaning[name] for name in tr.LEDGER_NAMES]
    assert not any(math.isnan(value) for value in found["order"])
    assert all(indicator.meaning.startswith("ledger: ") for indicator in INDICATORS if indicator.name in meaning)


NEEDED = {
    "differences": ("differences.csv", ["policy", "against", "indicator", "mean", "low", "high", "p05", "p95"]),
    "dumbbell": ("differences.csv", ["policy", "against", "indicator", "mean", "low", "high"]),
    "paired": ("replications.parquet", ["policy", "replication", "net_value"]),
    "exceedance": ("replications.parquet", ["policy", "net_value"]),
    "ledger": ("summary.csv", ["policy", "indicator", "mean"]),
    "reached": ("daily.parquet", ["policy", "replication", "day", "reached"]),
    "verdicts": ("verdicts.csv", list(VERDICTS)),
    "tornado": ("drivers.csv", ["policy", "parameter", "low", "high", "value_if_low", "value_if_high"]),
    "breakeven": ("breakeven.csv", ["policy", "parameter", "value", "difference", "low", "high"]),
    "boxes": ("analysis/boxes.csv", ["policy", "box", "low", "high", "coverage", "density"]),
    "response": ("analysis/levels.csv", ["policy", "output", "factor", "level", "mean", "low", "high"]),
}
LACKING = [(chart, file, column) for chart, (file, columns) in NEEDED.items() for column in columns]


@pytest.mark.parametrize(("chart", "file", "column"), LACKING)
def test_a_table_that_lacks_a_column_is_refused_by_the_name_of_the_column(chart, file, column):
    columns = [each for each in NEEDED[chart][1] if each != column]
    given = {"replications.parquet": RUNS, file: pd.DataFrame(columns=columns)}
    with pytest.raises(MissingError, match=rf"{file} has no column {column}$"):
        table_for(chart, Folder(given))


@pytest.mark.parametrize(("chart", "file", "needed"), [
    ("tornado", "analysis/effects.csv", ["policy", "output", "factor", "at_low", "at_high"]),
    ("breakeven", "analysis/map.csv", ["policy", "output", "x_factor", "x", "y_factor", "y", "mean"]),
])  # fmt: skip
def test_so_is_a_table_of_a_study(chart, file, needed):
    for column in needed:
        bare = pd.DataFrame(columns=[each for each in needed if each != column])
        with pytest.raises(MissingError, match=rf"{file} has no column {column}$"):
            table_for(chart, Folder({file: bare}))


def test_a_chart_of_nothing_is_refused():
    with pytest.raises(MissingError, match="nothing to show"):
        table_for("ledger", Folder({"summary.csv": pd.DataFrame(columns=["policy", "indicator", "mean"])}))
