"""Report and deck of a run over drawn worlds, which keeps runs and verdicts but no days."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from daily import few
from pptx import Presentation

from wom_sim.present import report as report_module
from wom_sim.present.deck import deck
from wom_sim.present.material import Material, MissingError
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.present.sources import table_for
from wom_sim.results.folder import FolderError

BETA = "Effect of a bad story on leaving (log hazard ratio at full harm)"


@pytest.fixture
def drawn(folder):
    """The finished comparison as if its four replications were two runs in each of two worlds."""
    runs = pd.read_parquet(folder / "replications.parquet")
    runs["world"], runs["replication"] = runs["replication"] // 2, runs["replication"] % 2
    runs.to_parquet(folder / "replications.parquet", index=False)
    for name in ("summary.csv", "differences.csv", "departures.csv", "daily.parquet"):
        (folder / name).unlink()
    pd.DataFrame(
        {"policy": ["bulk letter", "keep"], "expected_net_value": [2e6, 0.0], "low": [1e6, 0.0], "high": [3e6, 0.0],
         "share_best": [0.75, 0.25], "regret_mean": [1e5, 2e6], "regret_worst": [5e5, 4e6], "chance_loss": [0.1, 0.0]}
    ).to_csv(folder / "verdicts.csv", index=False)  # fmt: skip
    write_drivers(folder, beyond_chance=True)
    run = json.loads((folder / "run.json").read_text())
    files = ["replications.parquet", "verdicts.csv", "drivers.csv"]
    (folder / "run.json").write_text(json.dumps(run | {"files": files}))
    return folder


def write_drivers(folder, beyond_chance):
    pd.DataFrame(
        {"policy": ["all policies"] * 2, "parameter": ["behaviour.leaving.beta", "money.discount"], "grade": ["C"] * 2,
         "rank_correlation": [-0.8, 0.1], "evppi": [2.5e5, 1e3], "flips": [0.2, 0.0], "share_of_variance": [0.7, 0.02],
         "beyond_chance": [beyond_chance, False], "evppi_by_chance": [1e5, 1e5], "flip_at": [1.2, np.nan]}
    ).to_csv(folder / "drivers.csv", index=False)  # fmt: skip


def plain(text):
    return text.replace("\xa0", " ")


def test_a_world_counts_once(drawn):
    found = read(drawn)
    runs = found.replications[found.replications["policy"] == "bulk letter"]
    means = runs.groupby("world")["net_value"].mean()
    e = found.estimate("bulk letter", "net_value")
    assert (found.worlds, found.runs, e.n) == (2, 4, 2)
    assert e.mean == pytest.approx(means.mean())
    half = 12.706204736432095 * means.std(ddof=1) / 2**0.5  # Student's t, one degree of freedom, 97.5 %
    assert e.high - e.mean == pytest.approx(half)


@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_the_deck_leaves_out_days_and_names_what_decides(drawn, lang):
    slides = list(Presentation(io.BytesIO(deck(read(drawn), lang))).slides)
    assert len(slides) == 11  # verdicts.csv tells of regret, drivers.csv not what the result is at either end
    source = {"en": "Source: ", "nl": "Bron: "}[lang]
    for slide in slides:
        notes = slide.notes_slide.notes_text_frame.text.split("\n")
        files = [line.removeprefix(source).split(",")[0] for line in notes if line.startswith(source)]
        assert files
        assert all((drawn / name).is_file() for name in files)
    titles = [plain(slide.shapes.title.text) for slide in slides]
    assert {"en": f"{BETA} decides most", "nl": "geeft het meest de doorslag"}[lang] in " ".join(titles)


def test_the_report_says_what_knowing_is_worth_only_beyond_chance(drawn, monkeypatch):
    monkeypatch.setattr(report_module, "drawings", lambda story, tell: [])
    text = plain(report(read(drawn)))
    assert f"is best in 75 % of the worlds. Knowing {BETA} exactly" in text
    assert "would be worth most: $250,000." in text
    assert "Over 2 worlds, " in text
    assert "(behaviour.leaving.beta, knowing it is worth $250,000, and it turns the choice near 1.2)" in text
    write_drivers(drawn, beyond_chance=False)
    text = plain(report(read(drawn)))
    assert "would be worth most" not in text
    assert "No single number, known exactly, would be worth more than chance alone shows" in text


def test_without_worlds_a_missing_summary_is_refused(drawn):
    runs = pd.read_parquet(drawn / "replications.parquet").drop(columns="world")
    runs.to_parquet(drawn / "replications.parquet", index=False)
    with pytest.raises(FolderError, match="summary is missing"):
        read(drawn)


def test_charts_of_worlds_are_drawn_of_the_same_figures_as_the_report(drawn):
    """A folder of worlds keeps no summary: chart makes it of the runs, as the report does."""
    found, made = read(drawn), Material(drawn)
    pd.testing.assert_frame_equal(made.table("summary.csv"), found.summary)
    pd.testing.assert_frame_equal(made.table("differences.csv"), found.differences)
    assert set(table_for("ledger", made)["policy"]) >= set(found.options)
    with pytest.raises(MissingError, match=r"needs daily\.parquet, which is not in the folder"):
        made.table("daily.parquet")
