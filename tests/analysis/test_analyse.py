"""The folder of a study: every table that applies is written, what does not is explained, nonsense is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from studies import parts, uniform, write

from wom_sim.study.analysis import ANALYSES, StudyError, analyse


@pytest.fixture
def made():
    x = uniform([(0.0, 1.0)] * 3, 80)
    luck = np.random.default_rng(1).normal(0.0, 0.1, (80, 3))
    return parts("latin_hypercube", x, {"net_value": x[:, :1] - 0.5 + luck, "reached": 5.0 + luck})


def test_writes_what_applies_and_says_why_not_the_rest(tmp_path, made):
    folder = write(tmp_path / "a", *made)
    written = analyse(folder)
    index = json.loads((folder / "analysis" / "analysis.json").read_text())
    assert set(index["made"]) == {"points", "levels", "effects", "luck", "prcc", "boxes"}
    assert set(index["left_out"]) == {"sobol", "morris", "map", "zero"}
    assert set(index["made"]) | set(index["left_out"]) == {analysis.name for analysis in ANALYSES}
    assert "design kind 'saltelli'" in index["left_out"]["sobol"]
    assert sorted(p.name for p in written) == sorted(p.name for p in (folder / "analysis").iterdir())
    for name in index["made"]:
        csv, parquet = (folder / "analysis" / f"{name}.{ending}" for ending in ("csv", "parquet"))
        read = pd.read_csv(csv)
        assert list(read.columns) == list(pd.read_parquet(parquet).columns) and len(read)


def test_same_study_same_bytes_whatever_the_order_of_its_rows(tmp_path, made):
    asked, design, table = made
    first = write(tmp_path / "a", asked, design, table)
    second = write(tmp_path / "b", asked, design, table.sample(frac=1.0, random_state=1))
    analyse(first), analyse(second), analyse(second)
    for path in sorted((first / "analysis").iterdir()):
        assert path.read_bytes() == (second / "analysis" / path.name).read_bytes(), path.name


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
