"""One typical run, chosen in one place by what is shown, and said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from daily import few
from hypothesis import given
from hypothesis import strategies as st
from unsealed import write_manifest

from wom_sim import compare, load_scenario
from wom_sim.charts import alt_text
from wom_sim.cli import main
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.present import animation
from wom_sim.present.material import Material
from wom_sim.present.pictures import drawn, setting_for
from wom_sim.present.sources import table_for
from wom_sim.results.typical import LOST, SHOWS, SPREAD, typical_run, which_run
from wom_sim.study.explain import choose_in_folder
from wom_sim.study.store import write_tables
from wom_sim.words import LANGUAGES, Words

SMALL = [
    "population.customers=2500", "population.prospects=200", "choose.limit=12", "run.days=60", "run.replications=7",
    "media.outlets.forum.threshold=0.5", "behaviour.leaving.beta=2", "media.rule=level", "media.report.median_days=0",
    "media.report.found_late=0", "behaviour.hearing.harm_half_life=60",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A comparison in which the runs of median spread, loss and net value are three different ones."""
    place = tmp_path_factory.mktemp("typical") / "town"
    found = compare(load_scenario("scenarios/first_look.toml", SMALL), workers=1)
    write_manifest(found, place, write_tables(found, place))
    runs = found.replications[found.replications["policy"] == "bulk letter"]
    medians = {runs.loc[(runs[i] - runs[i].median()).abs().idxmin(), "replication"] for i in ("reached", "net_value")}
    assert len(medians) == 2, "else this cannot tell one choice from the other"
    return place


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12))
def test_it_is_the_median_the_lower_of_two_the_first_of_equals(values):
    runs = pd.DataFrame({"policy": "a", "replication": range(len(values)), "reached": values})
    other = runs.assign(policy="b", reached=99)
    shuffled = pd.concat([other, runs]).sample(frac=1.0, random_state=len(values))
    found = typical_run(shuffled, "a", SPREAD)
    wanted = np.quantile(values, 0.5, method="inverted_cdf")
    assert values[found] == wanted
    before = [k for k in range(found) if values[k] == wanted]
    lower, equal = sum(v < wanted for v in values), sum(v == wanted for v in values)
    assert len(before) == (len(values) - 1) // 2 - lower < equal


def test_what_is_not_there_is_refused():
    runs = pd.DataFrame({"policy": ["a"], "replication": [0], "reached": [1.0]})
    with pytest.raises(ValueError, match="no run of 'b'"):
        typical_run(runs, "b", SPREAD)
    with pytest.raises(ValueError, match="none stands for all"):
        typical_run(runs.assign(world=0), "a", SPREAD)


def test_everything_that_shows_one_run_has_its_rule_and_its_words():
    known = {indicator.name for indicator in INDICATORS}
    runs = pd.DataFrame({"policy": ["keep", "bulk letter"]})
    for shows in SHOWS.values():
        assert shows.indicator in known
        for lang in LANGUAGES:
            assert which_run(runs, "bulk letter", shows, Words(lang))
            assert Words(lang).say(f"typical.each.{shows.name}")


def runs_of(folder, policy):
    runs = pd.read_parquet(folder / "replications.parquet")
    return runs[runs["policy"] == policy].set_index("replication")


def test_the_trees_are_those_of_the_run_of_median_spread(folder):
    table = table_for("cascade", Material(folder))
    for policy, rows in table.groupby("policy"):
        own = runs_of(folder, policy)
        replication = rows["replication"].iloc[0]
        assert (rows["replication"] == replication).all()
        assert own.loc[replication, "reached"] == own["reached"].median()
        assert rows["total"].iloc[0] <= own.loc[replication, "reached"] + own.loc[replication, "told"]


@pytest.mark.parametrize("lang", few(LANGUAGES))
@pytest.mark.parametrize("name", ["cascade", "value"])
def test_a_picture_says_which_run_it_shows(folder, lang, name):
    found, words = Material(folder), Words(lang)
    (picture,) = drawn(found, setting_for(found, lang), [name])
    said = alt_text(picture.figure)
    assert words.say(f"typical.each.{SHOWS[name].name}") in said
    if name == "cascade":
        for policy, rows in picture.table.groupby("policy"):
            number = rows["replication"].iloc[0]
            assert words.say("chart.cascade.drawn_of", policy=words.policy(policy), replication=number, n="\0",
                             of="\0").partition("\0")[0].lower() in said.lower()  # fmt: skip


def test_who_leaves_is_of_the_run_of_median_loss(folder):
    found = Material(folder)
    table_for("value", found)
    shown = set(found.replayer._logs)
    assert shown == {(p, typical_run(runs_of(folder, p).reset_index(), p, LOST)) for p in found.policies[1:]}


def test_the_animation_is_of_the_run_of_median_spread(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(animation, "MOST_FRAMES", 3)
    found = Material(folder)
    told = []
    real = animation.pictures
    monkeypatch.setattr(
        animation, "pictures", lambda s, d, cell, setting: (told.append(cell), real(s, d, cell, setting))[1]
    )
    made = animation.animate(found, ["bulk letter", "paid exit"], setting_for(found), tmp_path / "a.gif")
    own = runs_of(folder, "bulk letter")
    assert own.loc[made["replication"], "reached"] == own["reached"].median()
    which = (
        f"Replication {made['replication']}: of the 7 runs of the bulk letter, the one that reaches the median number"
    )
    assert which in told[0] and told[0].endswith("both with the same luck")


def test_the_explanation_is_of_the_run_of_median_loss_and_says_so(folder, capsys):
    chosen = choose_in_folder(folder, "bulk letter", None)
    own = runs_of(folder, "bulk letter")
    assert own.loc[chosen.replication, LOST.indicator] == own[LOST.indicator].median()
    assert chosen.because == which_run(own.reset_index(), "bulk letter", LOST, Words())
    with pytest.raises(SystemExit):
        main(["explain", str(folder), "--policy", "bulk letter"])
    assert "of the 7 runs of the bulk letter, the one that loses the median number" in " ".join(
        capsys.readouterr().out.split()
    )
