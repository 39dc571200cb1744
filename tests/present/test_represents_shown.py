"""Where a simulated person stands for several, everything that is shown counts them all, and says so."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pptx import Presentation
from small_runs import ROOT, deck_of, page_of

from wom_sim.cli import main
from wom_sim.present import animation, spreading
from wom_sim.present.material import Material
from wom_sim.results.typical import SHOWS
from wom_sim.study.explain import choose_in_folder, from_events
from wom_sim.words import Words
from wom_sim.world import trace as tr

REPRESENTS = 10
SETS = (
    "population.customers=30000", "population.prospects=6000", "run.days=120", "choose.limit=120",
    "run.replications=3", f"run.represents={REPRESENTS}", "media.outlets.forum.threshold=1.0",
)  # fmt: skip
LOUD = "bulk letter"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of 3,600 simulated people who stand for ten each, with its event log; only to be read."""
    place = tmp_path_factory.mktemp("standing") / "town"
    sets = [part for each in SETS for part in ("--set", each)]
    arguments = ["compare", ROOT / "scenarios" / "first_look.toml", *sets, "--no-charts"]
    arguments += ["--events", "--attribution", "--out", place]
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert not ended.value.code
    return place


@pytest.fixture(scope="module")
def runs(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "replications.parquet").set_index(["policy", "replication"])


@pytest.fixture(scope="module")
def events(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "events.parquet")


@pytest.mark.science
def test_indicators_are_those_of_all(runs, events):
    counted = events[events["event"] == "heard"].groupby(["policy", "replication"]).size() * REPRESENTS
    assert runs.loc[counted.index, "reached"].tolist() == counted.tolist()
    assert set(runs.loc[LOUD, "told"]) <= {100.0, 110.0, 120.0}
    assert runs.loc[LOUD, "posts"].sum() % REPRESENTS, "posts are made one by one"


@pytest.mark.science
def test_the_ledger_is_that_of_all(folder, runs, events):
    money = events[events["line"] != ""].groupby(["policy", "replication"])["amount"].sum() / 100.0 * REPRESENTS
    assert runs.loc[money.index, "net_value"].to_numpy() == pytest.approx(money.to_numpy())
    ledger = pd.read_csv(folder / "ledger.csv").groupby("policy")["mean"].sum()
    assert ledger[LOUD] == pytest.approx(runs.loc[LOUD, "net_value"].mean())


def test_daily_departures_and_attribution_are_those_of_all(folder, runs):
    daily = pd.read_parquet(folder / "daily.parquet").groupby("policy")["extra_profitable"].sum() / 3
    assert daily[LOUD] == pytest.approx(runs.loc[LOUD, "extra_profitable"].mean())
    table = pd.read_csv(folder / "attribution.csv")
    calls = table[(table["effect"] == "call") & (table["dimension"] == "first_channel")]
    assert calls.groupby("policy")["number"].sum()[LOUD] == pytest.approx(runs.loc[LOUD, "extra_calls"].mean())
    departures = pd.read_csv(folder / "departures.csv")
    counted = departures["mean"].sum() * 3 / REPRESENTS
    assert counted == pytest.approx(round(counted)), "each simulated person is ten"


def test_charts_count_all(folder, runs, events, monkeypatch):
    found = Material(folder)
    last = spreading.channels(found).groupby(["policy", "channel"])["people"].last().groupby("policy").sum()
    for policy in found.policies:
        assert last[policy] == pytest.approx(runs.loc[policy, "reached"].mean())
    tree = spreading.cascade(found)
    replication = found.replayer.typical(LOUD, SHOWS["cascade"])
    own = events[(events["policy"] == LOUD) & (events["replication"] == replication)]
    people = own.loc[own["event"].isin(["told", "heard"]), "person"].nunique()
    assert set(tree.loc[tree["policy"] == LOUD, "total"]) == {REPRESENTS * people}
    shown = spreading.value(found)[["people", "money"]].to_numpy()
    monkeypatch.setattr(Material, "represents", 1)
    assert shown == pytest.approx(REPRESENTS * spreading.value(Material(folder))[["people", "money"]].to_numpy())
    assert np.abs(shown).sum() > 0


def test_the_animation_counts_all_on_a_map_of_those_simulated(folder, runs):
    found = Material(folder)
    people, size = animation._cell(found)
    assert people == 3600
    (log,) = found.replayer.logs([(LOUD, 0)])
    scene = animation._scene(found, log, [0, 119], (people, size))
    told_or_heard = log.events[np.isin(log.events["event"], (tr.TOLD, tr.HEARD))]
    assert scene.heard[-1] == REPRESENTS * len(told_or_heard)
    assert scene.shares.max() <= 1.0
    assert scene.shares[-1].mean() == pytest.approx(scene.heard[-1] / 36_000, rel=0.05)


@pytest.mark.science
@pytest.mark.parametrize(
    ("lang", "said"), [("en", "each simulated person stands for 10"), ("nl", "elke gesimuleerde persoon staat voor 10")]
)
def test_every_picture_and_page_says_for_how_many_they_stand(folder, lang, said):
    assert said in Material(folder).note(Words(lang))
    page = page_of(folder, lang)
    assert said in page.lower()
    assert "3,600" in page or "3.600" in page
    slides = Presentation(io.BytesIO(deck_of(folder, lang))).slides
    notes = " ".join(slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide)
    assert said in notes.lower()
    assert "one by one" not in notes
    assert "één voor één" not in notes


@pytest.mark.science
def test_pages_warn_where_few_of_those_let_go_are_simulated(folder):
    assert "Only 12 of those let go were simulated" in page_of(folder, "en")


def test_whole_people_stand_for_nobody_else(finished, pages):
    assert "stands for" not in Material(finished).note(Words("en"))
    assert "stands for" not in pages["en"].replace("the score stands for", "")


def test_an_explanation_counts_all(folder, runs):
    chosen = choose_in_folder(folder, LOUD, 0)
    found = from_events(chosen)
    assert found is not None
    text = " ".join(found.sentences)
    assert "Each simulated person, and so each who is named, stands for 10." in text
    assert "go back to" not in text.partition("picked up")[2].partition(".")[0], "authors are not told apart"
    calls = found.attribution[(found.attribution["effect"] == "call") & (found.attribution["dimension"] == "dose")]
    assert calls["number"].sum() == pytest.approx(runs.loc[(LOUD, 0), "extra_calls"])
    simulated = found.tree.number / REPRESENTS
    assert simulated == pytest.approx(round(simulated))


def test_run_json_says_it(folder):
    run = json.loads((folder / "run.json").read_text())
    assert (run["people"], run["represents"]) == (3600, REPRESENTS)
