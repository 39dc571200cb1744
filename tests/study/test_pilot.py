"""What a pilot is worth: where it shows everything, where it shows nothing, and from the command line."""

import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from dutch import english_in
from small import FIRST, first_look
from typer.testing import CliRunner

from wom_sim.cli.assembly import app
from wom_sim.scenario import load_scenario, to_toml
from wom_sim.scenario.sections.seen import Seen
from wom_sim.study.pilot import Pilot, Worth, decided, pilots_of, seen_of
from wom_sim.study.pilot_words import in_words, to_fill_in
from wom_sim.words import Words

WORLDS = 600


def worth(shown, error=0.0):
    """Keep brings nothing; the letter brings 100 x a number between -1 and 1 of which a pilot shows ``shown``."""
    luck = np.random.default_rng(3)
    truth = luck.uniform(-1.0, 1.0, WORLDS)
    seen = Seen(what="extra_left", value=0.0, error=error, to_day=30)
    pilot = Pilot("letter", 10)
    rows = [
        {"policy": policy, "replication": 0, "net_value": value, "seen extra_left 0-30": what, "world": world}
        for world in range(WORLDS)
        for policy, value, what in (
            ("keep", 0.0, 0.0), ("letter", 100.0 * truth[world], 0.0),
            (pilot.name, -3.0, 1000.0 * (truth[world] if shown == "all" else luck.uniform(-1.0, 1.0))),
        )
    ]  # fmt: skip
    return Worth(load_scenario(FIRST, first_look(1)), (pilot,), (seen,), pd.DataFrame(rows)), truth


@pytest.mark.science
def test_a_pilot_that_shows_everything_is_worth_as_much_as_knowing_everything():
    found, truth = worth("all")
    row = found.table.iloc[0]
    values = np.column_stack([np.zeros(WORLDS), 100.0 * truth])
    perfect = values.max(axis=1).mean() - values.mean(axis=0).max()
    assert row["perfect"] == pytest.approx(perfect) and 20.0 < perfect < 27.0
    assert 0.97 * perfect < row["worth"] <= perfect and row["low"] < row["worth"] < row["high"]
    assert row["brings"] == -3.0 and row["gain"] == pytest.approx(row["worth"] - 3.0)
    assert row["right"] > 0.97 > row["right_before"]


@pytest.mark.science
def test_a_pilot_that_shows_nothing_is_worth_nothing():
    found, _ = worth("nothing")
    row = found.table.iloc[0]
    assert row["worth"] < 0.1 * row["perfect"] and row["low"] <= 0.0


@pytest.mark.parametrize("brings", [-3.0, 2000.4])
@pytest.mark.parametrize("low", [-1.0, 1234.5])
def test_the_same_is_said_in_dutch(brings, low):
    row = {"policy": "letter", "customers": 1200, "worth": 2345.6, "low": low, "high": 3456.7, "brings": brings,
           "gain": 2345.6 + brings, "right_before": 0.612, "right": 0.704, "perfect": 12345.6,
           "first": "keep"}  # fmt: skip
    found = SimpleNamespace(table=pd.DataFrame([row]), scenario=SimpleNamespace(currency="USD"))
    english, dutch = " ".join(in_words(found)), " ".join(in_words(found, Words("nl")))
    assert re.findall(r"[\d,]+\d", english) == [x.replace(".", ",") for x in re.findall(r"[\d.]+\d", dutch)]
    assert "right in 61 % of worlds; to know everything would be worth 12,346 USD" in english
    assert ("beyond chance" in english) == ("toeval" in dutch) == (low <= 0.0)
    assert english_in(dutch, "letter") == []


@pytest.mark.science
def test_the_more_is_mistaken_the_less_it_is_worth():
    worths = [worth("all", error)[0].table.iloc[0]["worth"] for error in (10.0, 600.0, 6000.0)]
    assert worths[0] > worths[1] > worths[2]


def test_decisions_are_booked_by_what_they_bring():
    values = np.array([[0.0, 4.0], [0.0, -8.0], [0.0, 2.0]])
    foretold = np.array([[0.0, 1.0], [0.0, -1.0], [0.0, -1.0]])
    found = decided(values, foretold, np.ones((5, 3), dtype=np.int64))
    assert found == pytest.approx((4.0 / 3.0, 4.0 / 3.0, 4.0 / 3.0))


def test_what_is_usual_varies_and_hides_what_the_pilot_does():
    few, many = (load_scenario(FIRST, [f"population.customers={n}"]) for n in (10_000, 40_000))
    errors = [{each.what: each.error for each in seen_of(scenario, 60)} for scenario in (few, many)]
    assert errors[1]["extra_left"] == pytest.approx(2.0 * errors[0]["extra_left"])
    segment = few.population.segments[0]
    assert errors[0]["extra_left"] > 0.0 and errors[0]["posts"] == 0.0
    if len(few.population.segments) == 1:
        assert errors[0]["extra_left"] == pytest.approx(2.0 * (10_000 * segment.churn * 2) ** 0.5)


@pytest.mark.parametrize(
    ("by", "sizes", "words"),
    [(["shout"], [10], "'shout', allowed"), ([], [20], "fewer than the 20"), (["keep"], [10], "allowed: bulk letter")],
)
def test_pilots_that_cannot_be_are_refused(by, sizes, words):
    with pytest.raises(ValueError, match=words):
        pilots_of(load_scenario(FIRST, first_look(1)), by, sizes)


def test_a_policy_whose_name_begins_as_that_of_a_pilot_is_still_a_policy():
    found, _ = worth("all")
    named = replace(found, runs=found.runs.replace({"policy": {"letter": "pilot in Utrecht"}}))
    assert sorted(named.values[0]) == ["keep", "pilot in Utrecht"]  # noqa: PD011  no pandas


@pytest.mark.parametrize("own", [True, False])
def test_the_past_of_a_pilot_takes_as_few_customers_as_the_pilot(tmp_path, own):
    choice = "choose = {limit = 30}" if own else ""
    mine = f'[[policies]]\nname = "letter 😀"\nuse = "bulk_letter"\n{choice}\n'
    file = tmp_path / "mine.toml"
    file.write_text(f'extends = "{Path(FIRST).resolve().as_posix()}"\n{mine}', encoding="utf-8")
    scenario = load_scenario(file, first_look(1))
    (tmp_path / "scenario.toml").write_text(to_toml(scenario), encoding="utf-8")
    table = pd.DataFrame([{"policy": "letter 😀", "customers": 5}])
    text = to_fill_in(SimpleNamespace(table=table, scenario=scenario, seen=seen_of(scenario, 60)))
    assert "results/pilot" not in text  # that folder holds the pilot
    (tmp_path / "past.toml").write_text(text.replace("# policy", "policy").replace("# [[seen]]", "[[seen]]", 1)
                                        .replace('# what = "posts"', 'what = "posts"\nvalue = 1'), encoding="utf-8")
    past = load_scenario(tmp_path / "past.toml")
    done = next(policy for policy in past.policies if policy.name == "letter 😀")
    assert past.seen[0].policy == done.name and (done.choose or past.choose).limit == 5
    assert done.use == "bulk_letter"


def test_a_pilot_is_not_watched_beyond_the_end_of_the_run():
    scenario = load_scenario(FIRST, [*first_look(1), "run.days=40"])
    with pytest.raises(ValueError, match=r"--days: given 41, allowed: at most run\.days = 40"):
        seen_of(scenario, 41)
    assert {each.to_day for each in seen_of(scenario)} == {40} == {each.to_day for each in seen_of(scenario, 40)}


def pilot(*arguments):
    return CliRunner().invoke(app(), ["pilot", *map(str, arguments)])


@pytest.mark.science
def test_the_command_writes_what_it_says_and_goes_on(tmp_path):
    sets = [part for value in first_look(1) for part in ("--set", value)]
    asked = [FIRST, *sets, "--set", "population.customers=1500", "--by", "bulk letter", "--customers", 5]
    asked += ["--worlds", 100]
    first = pilot(*asked, "--out", tmp_path / "out")
    assert first.exit_code == 0, first.output
    table = pd.read_csv(tmp_path / "out" / "pilots.csv")
    assert table[["policy", "customers"]].to_numpy().tolist() == [["bulk letter", 5]]
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run["kind"] == "pilot" and run["verdict"][:40] in first.output
    again = pilot(*asked, "--out", tmp_path / "out")
    assert again.exit_code == 0 and "all 100 worlds are done" in again.output
    past = load_scenario(tmp_path / "out" / "past.toml")
    assert past.choose.limit == 5 and past.seen == ()
    other = pilot(*asked, "--customers", 7, "--out", tmp_path / "out")
    assert other.exit_code == 4 and "other pilots" in other.output


def test_watching_beyond_the_run_is_refused_before_anything_is_written(tmp_path):
    found = pilot(FIRST, "--set", "run.days=40", "--days", 41, "--customers", 5, "--out", tmp_path / "x")
    assert found.exit_code == 4 and "allowed: at most run.days = 40" in found.output
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("value", ["0", "-3", "many"])
def test_nonsense_is_refused(tmp_path, value):
    found = pilot(FIRST, "--customers", value, "--out", tmp_path / "x")
    assert found.exit_code in (2, 4) and not (tmp_path / "x").exists()
