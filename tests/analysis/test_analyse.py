"""The folder of a study: every table that applies is written, what does not is explained, nonsense is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from studies import parts, uniform, write

from wom_sim.study.analysis import ANALYSES, StudyError, analyse, assemble


@pytest.fixture
def made():
    x = uniform([(0.0, 1.0)] * 3, 80)
    luck = np.random.default_rng(1).normal(0.0, 0.1, (80, 3))
    return parts("latin_hypercube", x, {"net_value": x[:, :1] - 0.5 + luck, "reached": 5.0 + luck})


def test_writes_what_applies_and_says_why_not_the_rest(tmp_path, made):
    folder = write(tmp_path / "a", *made)
    written = analyse(folder)
    index = json.loads((folder / "analysis" / "analysis.json").read_text())
    assert set(index["made"]) == {
        "points",
        "levels",
        "effects",
        "regression",
        "luck",
        "prcc",
        "delta",
        "pawn",
        "features",
        "boxes",
        "tree",
        "robust",
        "worth",
    }
    assert set(index["left_out"]) == {"interactions", "sobol", "sobol_pairs", "morris", "map", "zero"}
    assert set(index["made"]) | set(index["left_out"]) == {analysis.name for analysis in ANALYSES}
    assert "design kind 'saltelli'" in index["left_out"]["sobol"]
    assert sorted(p.name for p in written) == sorted(p.name for p in (folder / "analysis").iterdir())
    for name in index["made"]:
        csv, parquet = (folder / "analysis" / f"{name}.{ending}" for ending in ("csv", "parquet"))
        read = pd.read_csv(csv)
        assert list(read.columns) == list(pd.read_parquet(parquet).columns) and len(read)


@pytest.mark.science
def test_same_study_same_bytes_whatever_the_order_of_its_rows(tmp_path, made):
    asked, design, table = made
    first = write(tmp_path / "a", asked, design, table)
    second = write(tmp_path / "b", asked, design, table.sample(frac=1.0, random_state=1))
    analyse(first), analyse(second), analyse(second)
    for path in sorted((first / "analysis").iterdir()):
        assert path.read_bytes() == (second / "analysis" / path.name).read_bytes(), path.name


@pytest.mark.science
def test_what_no_longer_applies_is_taken_away(tmp_path, made):
    folder = write(tmp_path / "a", *made)
    analyse(folder)
    asked, design, table = made
    write(folder, asked, design.head(20), table[table["point"] < 20])
    analyse(folder)
    assert not (folder / "analysis" / "boxes.csv").exists()


def test_words_and_numbers_in_one_column_are_written(tmp_path):
    x = pd.DataFrame({"framing": ["thanks", "blames"] * 2, "n": [1.0, 1.0, 2.0, 2.0]})
    folder = write(tmp_path / "a", *parts("grid", x, {"net_value": np.arange(8.0).reshape(4, 2)}))
    analyse(folder)
    assert set(pd.read_parquet(folder / "analysis" / "levels.parquet")["level"]) == {"thanks", "blames", "1.0", "2.0"}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda a, d, t: (a | {"design": {"kind": "guess"}}, d, t), "design.kind: given 'guess', allowed: grid"),
        (lambda a, d, t: (a | {"outputs": ["profit"]}, d, t), "column 'profit' is missing; there are"),
        (lambda a, d, t: (a | {"factors": [{"key": "run.days"}]}, d, t), "column 'run.days' is missing"),
        (lambda a, d, t: (a, d, t.iloc[:0]), "there is no run yet"),
        (lambda a, d, t: (a, d, pd.concat([t, t.head(1)])), "two rows for the same point"),
    ],
)
def test_nonsense_is_refused_and_nothing_written(tmp_path, made, spoil, message):
    folder = write(tmp_path / "a", *spoil(*made))
    with pytest.raises(StudyError, match=message):
        analyse(folder)
    assert not (folder / "analysis").exists()


def test_other_folders_are_refused(tmp_path, made):
    with pytest.raises(StudyError, match=r"study.toml is missing; allowed: a folder of a study that has run"):
        analyse(tmp_path / "nowhere")
    folder = write(tmp_path / "a", *made)
    with pytest.raises(StudyError, match="reference: given 'bulk', allowed: keep, letter"):
        analyse(folder, reference="bulk")
    (folder / "design.csv").unlink()
    with pytest.raises(StudyError, match=r"design.csv is missing"):
        analyse(folder)


@pytest.mark.science
def test_all_is_held_against_the_policy_that_is_asked_for_or_that_the_study_names(tmp_path, made):
    asked, design, table = made
    other = table.assign(policy="call", net_value=table["net_value"] + 2.0, reached=3.0 * table["reached"])
    both = pd.concat([table, other], ignore_index=True)
    folder = write(tmp_path / "a", asked, design, both)
    analyse(folder, reference="letter")
    points = pd.read_csv(folder / "analysis" / "points.csv")
    assert set(zip(points["policy"], points["against"], strict=True)) == {("call", "letter")}
    money = points[points["output"] == "net_value"]
    assert np.allclose(money[["mean", "low", "high"]], 2.0), "on common luck the difference has no luck in it"
    named = write(tmp_path / "b", asked | {"reference": "letter"}, design, both)
    analyse(named)
    assert (named / "analysis" / "points.csv").read_text() == (folder / "analysis" / "points.csv").read_text()
    analyse(named, reference="keep")
    points = pd.read_csv(named / "analysis" / "points.csv")
    assert set(zip(points["policy"], points["against"], strict=True)) == {
        ("letter", "keep"), ("call", "keep"), ("call", "letter"),
    }  # fmt: skip
    alone = write(tmp_path / "c", *made)
    with pytest.raises(StudyError, match="given 'letter', and the study has no other policy"):
        analyse(alone, reference="letter")
    assert not (alone / "analysis").exists()


@pytest.mark.science
def test_how_far_it_is_and_how_long_it_takes_are_told(tmp_path, made):
    folder = write(tmp_path / "a", *made)
    told: list[tuple[int, int, str]] = []
    words: list[str] = []
    analyse(folder, tell=lambda *step: told.append(step), begin=words.append)
    assert words == ["80 points, 1 policy, 2 outputs, against keep"], "with two responses there is nothing to try first"
    shares = [done / total for done, total, _ in told]
    assert shares == sorted(shares)
    assert all(0 <= share < 1 for share in shares)
    assert {shows for _, _, shows in told} == {analysis.shows for analysis in ANALYSES}
    asked, design, table = made
    wide = table.assign(**{name: table["reached"] for name in ("told", "let_go", "joins_lost")})
    outputs = ["net_value", "reached", "told", "let_go", "joins_lost"]
    folder = write(tmp_path / "b", asked | {"outputs": outputs}, design, wide)
    analyse(folder, begin=words.append)
    assert words[1].startswith("80 points, 1 policy, 5 outputs, against keep: about ")


def test_a_study_with_a_gap_has_its_values_where_they_belong(made):
    asked, design, table = made
    gaps = table.drop(table.index[[4, 100]]).sample(frac=1.0, random_state=2)
    found = assemble(asked, design, gaps).values("letter", "net_value")
    wanted = table["net_value"].to_numpy().reshape(80, 3).copy()
    wanted[[4 // 3, 100 // 3], [4 % 3, 100 % 3]] = np.nan
    assert np.array_equal(found, wanted, equal_nan=True)
