"""What is recommended is said in every language, from the same figures, in every case that there is."""

from __future__ import annotations

import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from wom_sim import load_scenario
from wom_sim.study.budget import budgets
from wom_sim.study.levers import Space
from wom_sim.study.ranking_and_selection import Promise
from wom_sim.study.recommend_words import heading, words
from wom_sim.words import LANGUAGES

LETTER = {
    "policy": "bulk letter", "levers": "per_day 4", "candidate": "a", "best": True, "feasible": True,
    "surely_feasible": True, "expected_net_value": 1_234_567.0, "low": 1_000_000.0, "high": 1_500_000.0, "n": 200,
    "national": 0.1, "national_low": 0.05, "national_high": 0.2, "loss": 0.0, "loss_low": 0.0, "loss_high": 0.02,
    "alike": "", "beyond": "", "told_apart": True, "behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0,
    "value_in_search": 1_400_000.0,
}  # fmt: skip
EXIT = LETTER | {
    "policy": "paid exit", "levers": "payment 200", "candidate": "b", "best": False, "expected_net_value": 1_100_000.0,
    "behind_best": 134_567.0, "behind_low": 50_000.0, "behind_high": 210_000.0,
}  # fmt: skip
KEEP = LETTER | {
    "policy": "keep",
    "levers": "",
    "candidate": "keep",
    "expected_net_value": 0.0,
    "low": 0.0,
    "high": 0.0,
}
ALIKE = {"behind_best": 0.0, "behind_low": 0.0, "behind_high": 0.0, "told_apart": False}
UNKNOWN = {"low": math.nan, "high": math.nan}
NO_INTERVAL = {"behind_low": math.nan, "behind_high": math.nan}
LOSES = EXIT | {"expected_net_value": -900_000.0, "low": -1_000_000.0, "high": -800_000.0}
CASES = {
    "sure": [LETTER, EXIT],
    "one run": [LETTER | {"n": 1}],
    "few": [LETTER | UNKNOWN, EXIT],
    "or nothing": [LETTER | {"low": -5.0}, EXIT | NO_INTERVAL],
    "not apart": [LETTER | {"surely_feasible": False}, EXIT | {"told_apart": False}],
    "not apart from several": [LETTER, EXIT | {"told_apart": False}, EXIT | {"told_apart": False, "candidate": "c"}],
    "just as much": [LETTER | {"alike": "per_day 2"}, EXIT | ALIKE],
    "over the budget": [LETTER | {"feasible": False}],
    "nothing within": [KEEP | {"feasible": False}],
    "keep alone": [KEEP],
    "keep within": [KEEP, EXIT | {"feasible": False}],
    "keep against": [KEEP, LOSES],
    "keep, perhaps": [KEEP, LOSES | {"high": 5.0}],
}
PROMISES = {
    "kept": SimpleNamespace(candidates=12, runs=1_400, equal_runs=4_000, kept=True),
    "open": SimpleNamespace(candidates=3, runs=900, equal_runs=900, kept=False),
}


def found(rows, limits=(), selected=None):
    """Return a recommendation with these finalists; nothing is run."""
    table = pd.DataFrame(rows)
    scenario = load_scenario("builtin:first_look")
    space = Space({"bulk letter": {"per_day": (0.0, 4.0, 8.0)}, "paid exit": {"payment": (100.0, 200.0)}})
    promise = Promise(0.95, 2000.0) if selected is not None else None
    asked = SimpleNamespace(scenario=scenario, budgets=tuple(budgets(list(limits))), space=space, promise=promise)
    tried = pd.DataFrame({"candidate": table["candidate"], "per_day": 4.0, "payment": 200.0})
    return SimpleNamespace(frontier=table, question=asked, tried=tried, selected=selected)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("limits", [(), ("national<=0.2", "es95<=100000")], ids=["free", "budget"])
def test_every_case_is_said_in_every_language(name, limits):
    given = found(CASES[name], limits)
    said = {lang: words(given, lang) for lang in LANGUAGES}
    assert said["en"] == words(given)
    for text in said.values():
        assert not re.search(r"[{}]|nan|  ", text), text
        assert text[0].isupper()
        assert text.endswith(".")
    foreign = {"the", "is", "in every run", "recommended", "and", "worth"}
    own = set(re.findall(r"[a-z]+", said["nl"].lower()))
    assert not own & (foreign - {"is"}), said["nl"]
    digits = {lang: re.findall(r"\d+", text.replace(",", "").replace(".", "")) for lang, text in said.items()}
    assert sorted(digits["en"]) == sorted(digits["nl"]), "the same figures"


@pytest.mark.parametrize("name", PROMISES)
def test_a_promise_is_said_in_every_language(name):
    given = found([LETTER, EXIT], selected=PROMISES[name])
    kept = PROMISES[name].kept
    assert ("so that the best is found in 95 % of cases" in words(given)) == kept
    assert ("dat in 95 % van de gevallen de beste wordt gevonden" in words(given, "nl")) == kept
    assert ("Not promised" in words(given)) != kept
    assert ("Niet beloofd" in words(given, "nl")) != kept


def test_what_it_says_by_hand():
    text = words(found([LETTER, EXIT]))
    assert text.startswith("Recommended: bulk letter (per_day 4), worth $1.2 million more than keeping everyone")
    assert "The next best, paid exit (payment 200), is $135,000 behind" in text
    assert "Aanbevolen: brief aan iedereen (per_day 4)" in words(found([LETTER, EXIT]), "nl")


def test_headings_and_languages():
    assert heading("loss") == "chance of net loss"
    assert heading("loss", "nl") == "kans op nettoverlies"
    with pytest.raises(ValueError, match="language: given 'fr', allowed: en, nl, de"):
        words(found([LETTER]), "fr")
