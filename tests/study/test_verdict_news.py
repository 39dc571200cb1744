"""The verdict under each rule of news that was drawn: how many worlds took it, and what is best there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wom_sim.study.verdict_news import FEWEST, said_of_rules, table_of_rules, under_each_rule
from wom_sim.words import Words
from wom_sim.words.figures import Figures

TELL = Figures.plain("EUR")


def runs(which: np.ndarray, letter: np.ndarray, replications: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the runs of two policies beside keeping everyone, and the worlds, in no order."""
    rows = [
        {"world": w, "replication": r, "policy": name, "net_value": float(value)}
        for w in range(len(which))
        for r in range(replications)
        for name, value in (("keep", 0.0), ("letter", letter[w]), ("call", 500.0))
    ]
    worlds = pd.DataFrame({"world": np.arange(len(which)), "media.which": which.astype(float)})
    return pd.DataFrame(rows), worlds.sample(frac=1.0, random_state=3)


def test_each_rule_has_a_verdict_of_its_own():
    which = np.array([1] * 20 + [2] * 30)
    noise = np.random.default_rng(1).normal(0.0, 10.0, 50)
    table, worlds = runs(which, np.where(which == 1, 900.0, -400.0) + noise)
    taste, story = under_each_rule(table, worlds)
    assert (taste.rule, taste.worlds, taste.best, taste.rival) == ("taste", 20, "letter", "call")
    assert (story.rule, story.worlds, story.best, story.rival) == ("story", 30, "call", "keep")
    assert taste.low < 400.0 + noise[:20].mean() < taste.high
    assert taste.gap == pytest.approx(400.0 + noise[:20].mean())
    rows = table_of_rules([taste, story]).set_index("rule")
    assert rows.loc["taste", ["worlds", "best", "rival"]].tolist() == [20, "letter", "call"]
    assert rows.loc["taste", ["difference_low", "difference", "difference_high"]].tolist() == [
        taste.low, taste.gap, taste.high
    ]  # fmt: skip
    assert rows.loc["story", "difference"] == story.gap != taste.gap
    assert table_of_rules([]).empty
    text = said_of_rules([taste, story], TELL)
    assert text.startswith("What makes news is not known, and was drawn: the taste of the press in 20 worlds and ")
    assert "What is best depends on it" in text
    assert "if it is the taste of the press, “letter” is €" in text


def test_the_same_policy_under_each_is_said_to_be_so():
    which = np.array([1] * 20 + [2] * 30)
    table, worlds = runs(which, np.full(50, 900.0) + np.arange(50))
    assert "The same policy is best whichever of them holds" in said_of_rules(under_each_rule(table, worlds), TELL)


def test_what_cannot_be_told_apart_is_not_called_best():
    which = np.array([1] * 20 + [2] * 30)
    table, worlds = runs(which, 500.0 + np.random.default_rng(2).normal(0.0, 300.0, 50))
    found = under_each_rule(table, worlds)
    assert not any(each.apart for each in found)
    assert said_of_rules(found, TELL).count("cannot be told apart") == 2


def test_a_rule_of_few_worlds_is_named_and_not_judged():
    which = np.array([0] * (FEWEST - 1) + [2] * 30)
    table, worlds = runs(which, np.full(len(which), 900.0))
    level, story = under_each_rule(table, worlds)
    assert (level.worlds, level.best) == (FEWEST - 1, "")
    assert story.best == "letter" and story.apart
    few = "Too few worlds to tell what is best if this decides: how much is posted."
    assert few in said_of_rules([level, story], TELL)


@pytest.mark.parametrize("worlds", [None, pd.DataFrame({"world": [0], "x": [1.0]})])
def test_where_the_rule_is_not_drawn_nothing_is_said(worlds):
    table, _ = runs(np.array([1, 1]), np.array([1.0, 2.0]))
    assert under_each_rule(table, worlds) == []
    assert said_of_rules([], TELL) == ""


def test_dutch_has_the_same_sentences():
    which = np.array([1] * 20 + [2] * 30)
    table, worlds = runs(which, np.where(which == 1, 900.0, -400.0) + np.arange(50))
    text = said_of_rules(under_each_rule(table, worlds), TELL.__class__(Words("nl"), "EUR", None))
    assert text.startswith("Wat nieuws wordt, is niet bekend en is getrokken: de smaak van de pers in 20 werelden en")
