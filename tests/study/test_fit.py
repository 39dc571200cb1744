"""``wom-sim fit``: from a scenario of what was done and seen to draws that worlds read."""

import json
import re

import pandas as pd
import pytest
from dutch import english_in
from small import FIRST
from typer.testing import CliRunner

from wom_sim.cli.assembly import app
from wom_sim.scenario import load_scenario
from wom_sim.study.worlds import design

PAST = """
extends = "{first}"
[population]
customers = 1500
prospects = 100
[choose]
limit = 60
[run]
days = 60
[[seen]]
policy = "bulk letter"
what = "posts"
value = {posts}
error = 1
[[seen]]
what = "extra_calls"
value = 40
error = 5
[[seen]]
what = "extra_left"
value = 12
error = 3
"""


def written(folder, name="past.toml", posts=6):
    from pathlib import Path

    file = folder / name
    file.write_text(PAST.format(first=Path(FIRST).resolve().as_posix(), posts=posts))
    return file


def fit(*arguments):
    return CliRunner().invoke(app(), ["fit", *map(str, arguments)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fit")
    out = folder / "out"
    result = fit(written(folder), "--out", out, "--worlds", 200, "--check", 20)
    assert result.exit_code == 0, result.output
    return folder, out, result


@pytest.mark.science
def test_tables_agree_with_each_other_and_with_the_draws(made):
    _, out, result = made
    learned, check = pd.read_csv(out / "learned.csv"), pd.read_csv(out / "check.csv")
    draws = pd.read_parquet(out / "posterior.parquet")
    known = learned[learned["learned"]]
    assert list(draws.columns) and set(draws.columns) == set(known["key"])
    for row in known.to_dict("records"):
        low, middle, high = draws[row["key"]].quantile([0.05, 0.5, 0.95])
        assert (row["low"], row["median"], row["high"]) == pytest.approx((low, middle, high))
        width = row["before_high"] - row["before_low"]
        assert row["narrower"] == pytest.approx(1.0 - (row["high"] - row["low"]) / width)
    rest = learned[~learned["learned"]]
    assert (rest["low"] == rest["before_low"]).all() and (rest["narrower"] == 0.0).all()
    assert check["seen"].tolist() == ["posts", "extra_calls", "extra_left"]
    taught = pd.read_csv(out / "taught.csv")
    assert len(taught) == 3 * len(known) and taught["alone"].between(0.0, 1.0).all()
    places = pd.read_csv(out / "calibration.csv")
    run = json.loads((out / "run.json").read_text())
    assert run["kind"] == "fit" and run["learned"] == list(draws.columns)
    assert run["covered"] == pytest.approx(places["place"].between(0.05, 0.95).mean())
    assert run["verdict"].split(". ")[0] in result.output


@pytest.mark.science
def test_the_same_fit_is_told_in_dutch(made):
    folder, out, _ = made
    result = fit(folder / "past.toml", "--out", out, "--worlds", 200, "--check", 20, "--lang", "nl")
    assert result.exit_code == 0, result.output
    assert "200 werelden zijn klaar" in result.output and "uitproberen op 20 werelden" in result.output
    said = [line for line in result.output.splitlines() if not re.match(r"\s*(key|seen|\S+\.\S+ )", line)]
    assert english_in(" ".join(said[-3:])) == []


@pytest.mark.science
def test_worlds_of_another_scenario_are_drawn_from_it(made):
    _, out, _ = made
    draws = pd.read_parquet(out / "posterior.parquet")
    scenario = load_scenario(FIRST, [f'worlds.posterior="{out.as_posix()}"'])
    worlds = design(scenario, 50).worlds
    rows = {tuple(row) for row in draws.to_numpy().tolist()}
    assert {tuple(row) for row in worlds[list(draws.columns)].to_numpy().tolist()} <= rows


@pytest.mark.science
def test_the_same_command_runs_nothing_again_and_says_the_same(made):
    folder, out, _ = made
    before = (out / "posterior.parquet").read_bytes()
    again = fit(folder / "past.toml", "--out", out, "--worlds", 200, "--check", 20)
    assert again.exit_code == 0 and "all 200 worlds are done" in again.output
    assert (out / "posterior.parquet").read_bytes() == before


@pytest.mark.science
def test_a_corrected_count_is_learned_from_without_new_runs(made):
    folder, out, _ = made
    corrected = written(folder, "corrected.toml", posts=14)
    result = fit(corrected, "--out", out, "--worlds", 200, "--check", 0)
    assert result.exit_code == 0 and "all 200 worlds are done" in result.output
    assert pd.read_csv(out / "check.csv")["value"].iloc[0] == 14
    fit(folder / "past.toml", "--out", out, "--worlds", 200, "--check", 20)


@pytest.mark.science
def test_another_past_does_not_go_into_the_folder(made):
    folder, out, _ = made
    kept = (out / "run.json").read_bytes()
    result = fit(folder / "past.toml", "--out", out, "--worlds", 200, "--set", "choose.limit=50")
    assert result.exit_code == 4 and "another scenario" in result.output
    assert (out / "run.json").read_bytes() == kept


@pytest.mark.science
def test_a_folder_of_something_else_is_left_alone(made, tmp_path):
    folder, _, _ = made
    (tmp_path / "run.json").write_text('{"kind": "comparison", "files": []}')
    result = fit(folder / "past.toml", "--out", tmp_path, "--worlds", 200)
    assert result.exit_code == 4 and "comparison" in result.output


def test_a_window_beyond_the_run_is_refused_with_file_key_and_line(tmp_path):
    past = written(tmp_path)
    past.write_text(past.read_text() + "to_day = 61\n")
    line = past.read_text().splitlines().index("to_day = 61") + 1
    result = fit(past, "--out", tmp_path / "out")
    assert result.exit_code == 4
    assert f"past.toml:{line}: seen[2].to_day: given 61, allowed: at most run.days = 60" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scenarios/first_look.toml", "--out", "x"], "nothing was seen"),
        (["no_such.toml", "--out", "x"], "no_such.toml"),
        ([FIRST, "--out", "x", "--worlds", 10], "worlds"),
    ],
)
def test_nonsense_is_refused_in_words(tmp_path, monkeypatch, arguments, words):
    from pathlib import Path

    root = Path.cwd()
    monkeypatch.chdir(tmp_path)
    given = [str(root / a) if str(a).startswith("scenarios/") else a for a in arguments]
    result = fit(*given)
    assert result.exit_code in (2, 4) and words in result.output
    assert "Traceback" not in result.output and not (tmp_path / "x" / "run.json").exists()
