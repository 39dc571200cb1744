"""Reading a result folder: what is in it, and every way in which it may be no finished comparison."""

import json

import pandas as pd
import pytest

from wom_sim.present.result_folder import read
from wom_sim.results.folder import FolderError


def test_everything_is_read(finished):
    found = read(finished)
    assert found.policies == ["keep", "bulk letter", "case by case", "paid exit"]
    assert (found.runs, found.worlds, list(found.extra)) == (4, 0, ["risk", "paired", "ledger", "months", "base"])
    means = pd.read_csv(finished / "summary.csv").set_index(["policy", "indicator"])["mean"]
    assert found.estimate("bulk letter", "reached").mean == means["bulk letter", "reached"]


def test_a_difference_is_turned_round_when_asked_the_other_way(finished):
    found = read(finished)
    there, back = (found.gap(a, b, "net_value") for a, b in (("bulk letter", "keep"), ("keep", "bulk letter")))
    ends = (back.mean, back.low, back.high)
    assert ends == pytest.approx((-there.mean, -there.high, -there.low), rel=1e-12, nan_ok=True)


def test_the_ends_of_a_turned_difference_change_places(folder, change):
    """Of so few runs the ends are not known, so they are written here."""

    def with_ends(table):
        table.loc[table["indicator"] == "net_value", ["mean", "low", "high"]] = [4.0, 1.0, 9.0]
        return table

    change("differences.csv", with_ends)
    found = read(folder)
    there, back = (found.gap(a, b, "net_value") for a, b in (("bulk letter", "keep"), ("keep", "bulk letter")))
    assert (there.mean, there.low, there.high) == (4.0, 1.0, 9.0)
    assert (back.mean, back.low, back.high) == (-4.0, -9.0, -1.0)


def test_optional_tables_are_read_when_they_are_there(folder):
    before = list(read(folder).extra)
    assert "drivers" not in before
    heads = "policy,parameter,evppi,evppi_by_chance,beyond_chance,flip_at"
    (folder / "drivers.csv").write_text(f"{heads}\nbulk letter,money.discount,8.0,9.0,False,\n")
    assert set(read(folder).extra) == set(before), "what run.json does not list is of another run"
    run = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(run | {"files": [*run["files"], "drivers.csv"]}))
    assert set(read(folder).extra) == {*before, "drivers"}


def spoil_manifest(folder):
    (folder / "run.json").write_text("{")


def list_too_much(folder):
    run = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(run | {"files": [*run["files"], "events.parquet"]}))


def mix_runs(folder):
    table = pd.read_csv(folder / "summary.csv")
    table["policy"] = table["policy"].replace({"bulk letter": "another"})
    table.to_csv(folder / "summary.csv", index=False)


def drop_column(folder):
    pd.read_csv(folder / "summary.csv").drop(columns="median").to_csv(folder / "summary.csv", index=False)


def become_a_study(folder):
    (folder / "run.json").unlink()
    (folder / "study.toml").write_text("")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "run.json").unlink(), "half written: run.json, which comes last, is missing"),
        (spoil_manifest, "run.json: cannot be read"),
        (lambda f: (f / "run.json").write_text("[1]"), "run.json: given a list, allowed: a table of keys"),
        (list_too_much, "run.json lists events.parquet, not there"),
        (lambda f: (f / "daily.parquet").write_bytes(b"no parquet"), "daily.parquet: cannot be read"),
        (drop_column, "summary.csv: column median is missing"),
        (mix_runs, "files are of different runs"),
        (lambda f: (f / "scenario.toml").write_text("name = 3"), "scenario.toml: cannot be read by this version"),
        (become_a_study, "is a study"),
    ],
)
def test_what_is_no_finished_comparison_is_refused(folder, run, spoil, said):
    spoil(folder)
    with pytest.raises(FolderError, match=said):
        read(folder)
    for command in ("report", "deck"):
        code, out, err = run(command, folder)
        assert (code, out) == (4, "")
        assert said in err
        assert "Traceback" not in err
    assert not list(folder.glob("*.html")) + list(folder.glob("*.pptx")) + list(folder.glob(".*"))


@pytest.mark.parametrize("verb", ["report", "deck"])
def test_options_that_cannot_be_followed_are_refused(tmp_path, finished, run, verb):
    suffix = {"report": ".html", "deck": ".pptx"}[verb]
    for arguments, said in (
        ((tmp_path / "nosuch",), "no such folder; allowed: a folder written by wom-sim compare"),
        ((tmp_path,), "holds no comparison"),
        ((finished / "summary.csv",), "is a file"),
        ((finished, "--lang", "fr"), "--lang: given 'fr', allowed: en, nl, de"),
        ((finished, "--out", tmp_path), "which is a folder"),
        ((finished, "--out", tmp_path / "x.pdf"), f"allowed: a file ending in {suffix}"),
        ((finished, "--out", tmp_path / "none" / f"x{suffix}"), "there is no folder"),
    ):
        code, out, err = run(verb, *arguments)
        assert (code, out) == (4, ""), arguments
        assert said in err
    assert not list(tmp_path.iterdir())
