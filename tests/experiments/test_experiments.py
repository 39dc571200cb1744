"""The experiments as committed: studies that load, results that a rerun gives again, pictures that can be drawn."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
HERE = ROOT / "experiments"
sys.path.insert(0, str(HERE))

from findings import EXPERIMENTS, draw_picture, result_of, write_answer  # noqa: E402
from run import reduced  # noqa: E402

from wom_sim.study.analysis import analyse  # noqa: E402
from wom_sim.study.loading import load_study  # noqa: E402
from wom_sim.study.sweep import sweep  # noqa: E402

EVERY = pytest.mark.parametrize("name", EXPERIMENTS)


@EVERY
def test_the_study_loads_and_its_result_has_its_policies_and_outputs(name):
    study = load_study(HERE / name / "study.toml").checked()
    result = pd.read_csv(HERE / name / "result.csv")
    assert set(result["output"]) == set(EXPERIMENTS[name].outputs) <= set(study.said.outputs)
    assert set(result["policy"]) == set(study.policies)
    assert result["mean"].notna().all()


@EVERY
def test_the_picture_can_be_drawn_from_the_committed_result(name):
    rows = EXPERIMENTS[name].picture.rows(pd.read_csv(HERE / name / "result.csv"))
    assert len(rows) and not rows.duplicated(["policy", "level"]).any()


@EVERY
def test_the_picture_is_that_of_the_committed_result(name, tmp_path):
    draw_picture(name, pd.read_csv(HERE / name / "result.csv"), tmp_path)
    made, kept = (pd.read_csv(folder / "picture.csv") for folder in (tmp_path, HERE / name))
    pd.testing.assert_frame_equal(made, kept, rtol=1e-12)  # quantiles differ in their last digit by version
    assert (tmp_path / "picture.txt").read_text() == (HERE / name / "picture.txt").read_text()
    assert (tmp_path / "picture.txt").read_text().startswith(EXPERIMENTS[name].picture.finding)


@EVERY
def test_the_page_has_its_parts(name):
    text = (HERE / name / "question.md").read_text()
    for part in ("**Method.**", "**Answer.**", "**Why.**", "assumed.**", "**Caveats.**", "**For the decision.**"):
        assert part in text
    assert "(picture.png)" in text and (HERE / name / "picture.png").stat().st_size > 10_000
    assert name in (HERE / "README.md").read_text()


def test_the_worlds_are_those_of_the_committed_result():
    folder = HERE / "which_unknowns"
    result, worlds = pd.read_csv(folder / "result.csv"), pd.read_csv(folder / "worlds.csv")
    quarter = pd.qcut(worlds["behaviour.leaving.beta"], 4, labels=False)
    for (policy, output), rows in result.groupby(["policy", "output"]):
        by_quarter = worlds[f"{policy}: {output}"].groupby(quarter).mean()
        assert rows.sort_values("beta")["mean"].to_numpy() == pytest.approx(by_quarter.to_numpy(), rel=1e-4, abs=1e-3)


@pytest.mark.science
def test_a_rerun_gives_the_committed_figures(tmp_path):
    """Two points of the network experiment, all replications, through the runner and the analysis."""
    study = tomllib.loads((HERE / "what_network" / "study.toml").read_text())
    points = "network.kind,behaviour.talking.p_retell\nmarket,0.12\nempty,0.3\n"
    (tmp_path / "points.csv").write_text(points)
    text = (HERE / "what_network" / "study.toml").read_text().partition("[design]")[0]
    text = text.replace('"scenario.toml"', f'"{HERE / "what_network" / "scenario.toml"}"')
    (tmp_path / "study.toml").write_text(text + '[design]\nkind = "table"\nfile = "points.csv"\n')
    sweep(tmp_path / "study.toml", out=tmp_path / "out")
    analyse(tmp_path / "out")
    found = result_of("what_network", tmp_path / "out" / "analysis")
    committed = pd.read_csv(HERE / "what_network" / "result.csv")
    both = found.merge(committed, on=["network", "p_retell", "policy", "output"], suffixes=("", "_then"))
    assert len(both) == len(found) == 2 * len(study["policies"]) * len(study["outputs"])
    for column in ("mean", "low", "high"):
        assert both[column].to_numpy() == pytest.approx(both[f"{column}_then"].to_numpy(), rel=1e-5)
    write_answer("what_network", tmp_path / "out" / "analysis", tmp_path)
    assert (tmp_path / "picture.png").exists()


def test_a_reduced_study_is_smaller_and_asks_the_same(tmp_path):
    for name in EXPERIMENTS:
        full = load_study(HERE / name / "study.toml")
        less = load_study(reduced(HERE / name / "study.toml", tmp_path / name))
        assert less.said.replications <= full.said.replications and len(less.points) <= len(full.points)
        assert less.policies == full.policies and less.points.columns == full.points.columns


def test_an_unknown_name_is_refused():
    asked = [sys.executable, str(HERE / "run.py"), "how_much"]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 4
    assert "given 'how_much', allowed: how_many_at_once" in done.stderr and "Traceback" not in done.stderr
