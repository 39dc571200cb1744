"""A comparison without its charts: the same tables; charts can be drawn later, and go where they are not wanted."""

from __future__ import annotations

import json

import pytest

SMALL = ["--set", "population.customers=600", "--set", "population.prospects=100", "--set", "run.days=40",
         "--set", "choose.limit=20", "--workers", 1]  # fmt: skip


def content(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != "run.json"}


def listed(folder):
    return json.loads((folder / "run.json").read_text())["files"]


@pytest.mark.science
def test_tables_are_the_same_and_charts_are_wanted_or_not(command, tmp_path):
    with_charts, without = tmp_path / "with", tmp_path / "without"
    twice = ["compare", "builtin:first_look", *SMALL, "--replications", 2]
    assert command(*twice, "--out", with_charts)[0] == 0
    assert command(*twice, "--out", without, "--no-charts")[0] == 0
    assert content(with_charts) == content(without)
    assert (with_charts / "charts").is_dir() and not (without / "charts").exists()
    drawn = {f"charts/{p.name}" for p in (with_charts / "charts").iterdir()}
    assert set(listed(with_charts)) - set(listed(without)) == drawn

    code, said, _ = command("chart", without, "reached", "--format", "svg")
    assert code == 0 and any(without.rglob("reached.svg")), said

    more = ["compare", "builtin:first_look", *SMALL, "--add-replications", 1]
    assert command(*more, "--out", with_charts, "--no-charts")[0] == 0
    assert not list(with_charts.rglob("*.png")), "a chart of fewer runs than the tables would be left"
    assert not [name for name in listed(with_charts) if name.startswith("charts/")]
