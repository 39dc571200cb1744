"""Why a policy lost profitable customers: the same from a log as from a replay, and no surer than the figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unsealed import write_manifest

from wom_sim import compare, load_scenario
from wom_sim.outcomes.attribution_tables import COLUMNS, DIMENSIONS
from wom_sim.study.explain import Chosen, choose_in_folder, explained, from_events, replayed
from wom_sim.study.explain_words import caution, part, sentences
from wom_sim.study.store import write_tables
from wom_sim.world import trace as tr

FILE = Path(__file__).parents[2] / "scenarios" / "first_look.toml"
LOUD = [
    "population.customers=6000", "population.prospects=1500", "choose.limit=40", "run.replications=3", "run.days=200",
    "media.outlets.forum.threshold=0.5", "behaviour.leaving.beta=3", "behaviour.hearing.affected=0.8",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a result folder with an event log."""
    place = tmp_path_factory.mktemp("result")
    found = compare(load_scenario(FILE, LOUD), workers=1, events=place / "events.parquet")
    write_manifest(found, place, [*write_tables(found, place), "events.parquet"])
    return place


def test_the_ledger_file_adds_up_to_the_summary(folder: Path):
    ledger = pd.read_csv(folder / "ledger.csv")
    summary = pd.read_csv(folder / "summary.csv").set_index(["policy", "indicator"])["mean"]
    assert list(ledger.columns) == ["policy", "segment", "month", "line", "mean", "low", "high"]
    assert set(ledger["segment"]) >= {"(prospects)", "customers"}
    longest = pd.read_parquet(folder / "daily.parquet")["day"].max()
    assert ledger["month"].max() <= longest // 30
    lines = ledger.groupby(["policy", "line"])["mean"].sum()
    assert len(lines) > 8
    for key, total in lines.items():
        assert total == pytest.approx(summary[key], abs=1e-6)
    nets = ledger.groupby("policy")["mean"].sum()
    for policy, net in nets.items():
        assert net == pytest.approx(summary[(policy, "net_value")], abs=1e-6)


def test_the_attribution_file_adds_up_to_the_summary(folder: Path):
    table = pd.read_csv(folder / "attribution.csv")
    summary = pd.read_csv(folder / "summary.csv").set_index(["policy", "indicator"])["mean"]
    assert list(table.columns) == list(COLUMNS)
    assert set(table["dimension"]) == set(DIMENSIONS)
    shares = table.groupby(["policy", "effect", "dimension"])["share"].sum()
    assert np.allclose(shares.dropna(), 1.0)
    assert len(shares) > 3 * len(DIMENSIONS)
    calls = (
        table[(table["effect"] == "call") & (table["dimension"] == "steps")]
        .groupby("policy")[["number", "amount"]]
        .sum()
    )
    for policy, row in calls.iterrows():
        assert row["number"] == pytest.approx(summary[(policy, "extra_calls")])
        assert row["amount"] == pytest.approx(summary[(policy, "calls_told")] + summary[(policy, "calls_hearers")])


def test_a_log_and_a_replay_tell_the_same(folder: Path):
    chosen = choose_in_folder(folder, None, None)
    logged, again = from_events(chosen), replayed(chosen)
    assert logged is not None
    assert json.dumps(logged.plain()) == json.dumps(again.plain())
    assert again.tree.number >= 5


def test_the_typical_run_of_the_policy_that_loses_most_is_chosen(folder: Path):
    runs = pd.read_parquet(folder / "replications.parquet")
    chosen = choose_in_folder(folder, None, None)
    losses = runs.groupby("policy")["lost_profitable"]
    assert losses.mean()[chosen.policy.name] == losses.mean().max()
    mine = runs[runs["policy"] == chosen.policy.name].set_index("replication")["lost_profitable"]
    assert mine[chosen.replication] == mine.median()


@pytest.mark.parametrize(
    ("policy", "replication", "words"),
    [("nope", None, "no policy is named"), (None, 7, "given 7, allowed: 0, 1, 2")],
)
def test_nonsense_is_refused_in_words(folder: Path, policy, replication, words):
    with pytest.raises(ValueError, match=words):
        choose_in_folder(folder, policy, replication)


def test_a_folder_without_a_result_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match=r"holds no comparison \(no run\.json\)"):
        choose_in_folder(tmp_path, None, None)


def table_of(rows: list[tuple[str, str, str, float, float, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["effect", "dimension", "value", "number", "lasting", "amount"])
    frame["share"] = frame["lasting"] / frame.groupby(["effect", "dimension"])["lasting"].transform("sum")
    return frame


def test_sentences_say_the_figures():
    table = table_of(
        [
            ("departure", "first_channel", "outlet", 900.0, 700.0, -450_000.0),
            ("departure", "first_channel", "stranger", 100.0, 80.0, -50_000.0),
            ("departure", "dose", "outlet", 600.0, 500.0, -300_000.0),
            ("departure", "dose", "stranger", 400.0, 280.0, -200_000.0),
            ("departure", "steps", "2", 600.0, 480.0, -300_000.0),
            ("departure", "steps", "3", 400.0, 300.0, -200_000.0),
            ("departure", "root", "17", 250.0, 200.0, -100_000.0),
            ("departure", "root", "all others", 750.0, 580.0, -400_000.0),
            ("call", "first_channel", "outlet", 1.0, 1.0, -8.0),
        ]
    )
    said = sentences("bulk letter", table, {"television": (9, 40)}, "USD")
    text = " ".join(said)
    assert 3 <= len(said) <= 5
    assert said[0] == (
        "The bulk letter lost 780 profitable customers on whom it did not act, and 220 more left only earlier than "
        "they would have anyway; that costs the firm $500,000."
    )
    assert "90 % by the media and 10 % by a stranger" in text
    assert "64 % the media and 36 % strangers" in text
    assert "television on day 9 (after posts that go back to 40 of those told)" in text
    assert "at most 2 tellings" in text
    assert "26 % go back to a single one of these, person 17" in text
    assert "1 extra call was answered (−$8)" in text


def test_one_run_is_told_beside_the_others():
    assert "(replication 3), so it shows how" in caution(3, ())
    assert "(replication 3) of 3, which for good lost 4 to 90 profitable customers each" in caution(3, (4.0, 90.0, 7.0))
    assert "nobody has measured" in caution(3, ())


def test_a_policy_that_loses_nobody_says_so():
    scenario = load_scenario(FILE, [*LOUD, "population.customers=2000"])
    chosen = Chosen(scenario, scenario.policies[0], 0, "as asked")
    nothing = explained(chosen, np.zeros(0, dtype=tr.LOG_TYPE), 0.0)
    assert (
        nothing.sentences[0] == "In this run the bulk letter lost no profitable customer on whom the firm did not act."
    )
    assert nothing.tree.number == 0


def test_shares_are_told_as_counts_where_few():
    assert part(0.8, 5.0) == "4 of 5"
    assert part(0.8, 500.0) == "80 %"
