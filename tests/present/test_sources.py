"""From a result folder to the table of each chart: the numbers are those of the files."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from daily import few

from wom_sim.charts import CHARTS, alt_text
from wom_sim.present import replay
from wom_sim.present.material import Material, MissingError, material
from wom_sim.present.pictures import drawn, setting_for
from wom_sim.present.replay import Replayer
from wom_sim.present.sources import SOURCES, table_for
from wom_sim.present.tree import MOST
from wom_sim.results.folder import FolderError
from wom_sim.results.typical import LOST
from wom_sim.words import Words

FITTED = ("learned", "taught", "checked", "calibrated")
STUDIED = ("response", "interaction", "heatmap", "sobol", "morris")
NEED_MORE = ("verdicts", "tornado", "breakeven", "frontier", "boxes", *STUDIED, *FITTED)


def test_every_chart_has_a_source():
    assert list(SOURCES) == [chart.name for chart in CHARTS]


@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_a_comparison_allows_every_chart_but_those_of_worlds_and_studies(small_results, lang):
    found = material(small_results)
    setting = setting_for(found, lang)
    for each in drawn(found, setting):
        if each.name in NEED_MORE:
            assert each.figure is None and ".csv" in each.reason
        else:
            name = {"en": "First look", "nl": "Eerste blik"}[setting.lang]
            assert setting.key in alt_text(each.figure) and name in alt_text(each.figure)


def test_the_ledger_adds_up_to_the_net_value_of_the_summary(small_results):
    found = material(small_results)
    sums = table_for("ledger", found).groupby("policy")["mean"].sum()
    net = pd.read_csv(small_results / "summary.csv").query("indicator == 'net_value'").set_index("policy")["mean"]
    assert all(sums[policy] == pytest.approx(net[policy], abs=0.02) for policy in found.policies)


def test_pairs_are_the_differences_with_the_same_luck(small_results):
    table = table_for("paired", material(small_results))
    runs = pd.read_parquet(small_results / "replications.parquet").set_index(["policy", "replication"])["net_value"]
    for row in table.to_dict("records"):
        gap = runs[row["policy"], row["replication"]] - runs[row["against"], row["replication"]]
        assert row["difference"] == pytest.approx(gap)
    means = table.groupby("against")["difference"].mean()
    dumbbell = table_for("dumbbell", material(small_results)).set_index("against")["mean"]
    assert dict(means.round(6)) == dict(dumbbell.round(6))


def test_who_leaves_by_value_adds_up_to_people_and_ledger(small_results):
    table = table_for("value", material(small_results))
    summary = pd.read_csv(small_results / "summary.csv").set_index(["policy", "indicator"])["mean"]
    events = pd.read_parquet(small_results / "events.parquet")
    left = events[events["event"].isin(["left", "stayed"])]  # prospects join, or do not
    others = left[~left["profitable"] & ~left["treated"]]
    change = others["label"].map({"because": 1, "prevented": -1, "later": 1}).fillna(0)
    gone = change.groupby(others["policy"]).sum() / events["replication"].nunique()
    for policy, rows in table.groupby("policy"):
        own = summary[policy]
        assert rows["people"].sum() == pytest.approx(own["extra_profitable"] + gone.get(policy, 0.0))
        lines = [name for name in own.index if name.startswith("profit_lost_")] + ["profit_kept", "others_left"]
        assert rows["money"].sum() + rows["moved"].iloc[0] == pytest.approx(own[lines].sum())


def test_a_profitable_customer_lost_is_value_lost(small_results):
    table = table_for("value", material(small_results))
    assert (table.query("value_from >= 0 and people > 0")["money"] < 0).all()
    assert (table.query("value_to <= 0 and people > 0")["money"] > 0).all()
    assert table.query("value_from >= 0")["money"].min() < 0


def test_first_hearings_by_channel_add_up_to_the_people_reached(small_results):
    table = table_for("channels", material(small_results))
    ends = table[table["day"] == table["day"].max()].groupby("policy")["people"].sum()
    summary = pd.read_csv(small_results / "summary.csv").query("indicator == 'reached'").set_index("policy")["mean"]
    assert all(ends[policy] == pytest.approx(summary[policy]) for policy in ends.index)


def test_a_pick_up_is_on_the_day_on_which_the_daily_table_counts_it(small_results):
    runs = pd.read_parquet(small_results / "replications.parquet")
    daily = pd.read_parquet(small_results / "daily.parquet").set_index(["policy", "replication", "day"])["pickups"]
    columns = [name for name in runs if name.startswith("pickup_day:")]
    assert len(columns) == 5
    for row in runs.to_dict("records"):
        days = [int(row[name]) for name in columns if row[name] == row[name]]
        own = daily[row["policy"], row["replication"]]
        assert dict(own[own > 0]) == {day: days.count(day) for day in days}


def test_nobody_in_the_tree_hears_before_who_told_them(small_results):
    for _, tree in table_for("cascade", material(small_results)).groupby("policy"):
        assert 0 < len(tree) <= MOST
        days = dict(zip(tree["node"], tree["day"], strict=True))
        parents = [(row["day"], days[row["parent"]]) for row in tree.to_dict("records") if row["parent"] in days]
        assert parents and all(day > before for day, before in parents)
        assert set(tree["parent"]) <= {"firm", *days}


def test_a_run_that_is_repeated_has_the_log_that_was_kept(small_results, tmp_path):
    bare = tmp_path / "bare"
    shutil.copytree(small_results, bare)
    (bare / "events.parquet").unlink()
    kept, again = (Replayer(Material(folder)) for folder in (small_results, bare))
    replication = kept.typical("bulk letter", LOST)
    first, second = (each.logs([("bulk letter", replication)])[0].events for each in (kept, again))
    for column in ("day", "person", "event", "source", "cause", "label", "amount"):
        assert np.array_equal(first[column], second[column]), column


def test_a_country_is_repeated_only_when_asked(small_results, tmp_path, monkeypatch):
    bare = tmp_path / "bare"
    shutil.copytree(small_results, bare)
    (bare / "events.parquet").unlink()
    monkeypatch.setattr(replay, "MOST_PEOPLE", 1_000)
    with pytest.raises(MissingError, match=r"4,400 people are more than 1,000, .* --replay"):
        table_for("cascade", Material(bare))
    found, said = Material(bare), []
    found.allow_replay(True, said.append)
    assert len(table_for("cascade", found)) and "GiB of memory" in said[0]


def test_the_foot_names_the_run(small_results):
    found = material(small_results)
    key = found.key(Words())
    assert found.table("replications.parquet") is not None
    assert "seed 2007" in key and "wom_sim" in key and len(key.split()[1].rstrip(",")) == 16


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "none", "no such folder"),
        (lambda folder: folder / "run.json", "is a file"),
        (lambda folder: folder / "empty", "holds no results"),
        (lambda folder: folder / "half", "half written"),
    ],
)
def test_a_folder_without_results_is_refused(small_results, tmp_path, make, message):
    where = tmp_path / "copy"
    shutil.copytree(small_results, where)
    (where / "empty").mkdir()
    (where / "half").mkdir()
    (where / "half" / "summary.csv").write_text("policy\n")
    with pytest.raises(FolderError, match=message):
        material(make(where))


def test_a_table_that_cannot_be_read_is_named(small_results, tmp_path):
    where = tmp_path / "copy"
    shutil.copytree(small_results, where)
    (where / "replications.parquet").write_bytes(b"not parquet")
    with pytest.raises(FolderError, match=r"replications\.parquet: cannot be read"):
        table_for("exceedance", material(where))


def test_drivers_breakeven_and_boxes_are_read_as_they_are_written(small_results, tmp_path):
    where = tmp_path / "copy"
    shutil.copytree(small_results, where)
    (where / "analysis").mkdir()
    (where / "drivers.csv").write_text(
        "policy,parameter,grade,low,high,value_if_low,value_if_high,flips\n"
        "all policies,a.b.beta,C,0,1,5,6,0\nbulk letter,a.b.beta,C,0,1,2000,-500,1\n"
        "bulk letter,a.b.cost,,1,9,100,200,0\n"
    )
    (where / "breakeven.csv").write_text(
        "policy,parameter,value,second,value2,difference,low,high\n"
        "bulk letter,a.b.beta,0,,,10,5,15\nbulk letter,a.b.beta,1,,,-10,-15,-5\n"
    )
    (where / "analysis" / "boxes.csv").write_text(
        "policy,output,case,box,parameter,low,high,coverage,density\n"
        "bulk letter,net_value,worst quarter,1,a.b.beta,0.5,,0.8,0.9\n"
    )
    (where / "analysis" / "analysis.json").write_text(json.dumps({"made": {"boxes": "where it goes wrong"}}))
    run = json.loads((where / "run.json").read_text())
    more = ["drivers.csv", "breakeven.csv", "analysis/boxes.csv"]
    (where / "run.json").write_text(json.dumps(run | {"files": [*run["files"], *more]}))
    found = material(where)
    figures = {each.name: each.figure for each in drawn(found, setting_for(found), NEED_MORE)}
    assert "“B: beta” decides whether bulk letter pays" in alt_text(figures["tornado"])
    assert "where “B: beta” is 0.5" in alt_text(figures["breakeven"])
    assert "90 %" in alt_text(figures["boxes"]) and "above 0.5" in alt_text(figures["boxes"])
