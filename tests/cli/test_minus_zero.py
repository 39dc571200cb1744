"""What is nothing is told as 0, whichever sign its arithmetic left it."""

from __future__ import annotations

import json
import math
import re
from types import SimpleNamespace

import pandas as pd
import pytest
from small import FIRST, first_look

from wom_sim import load_scenario, simulate
from wom_sim.cli.words import Talk
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study.pilot_words import in_words
from wom_sim.words import Words
from wom_sim.words.figures import Figures, shown_digits

MINUS_ZERO = re.compile(r"[-\N{MINUS SIGN}][$€]?\s?0(?:[.,]0+)?(?!\d|[.,]\d)")


def test_the_pattern_finds_what_it_is_for():
    assert all(MINUS_ZERO.search(text) for text in ("-0", "a -0 b", "\N{MINUS SIGN}$0", "-0.0,"))
    assert not any(MINUS_ZERO.search(text) for text in ("0", "-0.5", "-10", "3 to 0", "-1.0"))


def test_a_run_in_which_nobody_fails_to_join_tells_0(command):
    sets = [part for value in [*first_look(1), "population.prospects=0"] for part in ("--set", value)]
    code, told, _ = command("run", FIRST, *sets)
    assert code == 0 and "joins_lost" in told and MINUS_ZERO.search(told) is None
    code, told, _ = command("run", FIRST, *sets, "--json")
    found = json.loads(told)["indicators"]
    assert math.copysign(1.0, found["joins_lost"]) == 1.0
    assert not [name for name, value in found.items() if value == 0.0 and math.copysign(1.0, value) < 0.0]


@pytest.mark.parametrize("value", [-0.0, -1e-9, -4e-4])
def test_what_rounds_to_nothing_has_no_sign_in_the_table_of_a_run(capsys, value):
    scenario = load_scenario(FIRST, first_look(1))
    values = {indicator.name: value for indicator in INDICATORS}
    Talk().run(SimpleNamespace(scenario=scenario, policy="letter", replication=0, indicators=values, measured=values))
    told = capsys.readouterr().out
    assert "joins_lost" in told and MINUS_ZERO.search(told) is None


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("unit", ["people", "currency", "share", "chance", "calls", "day", "month"])
def test_no_figure_of_any_unit_is_minus_0(lang, unit):
    tell = Figures(Words(lang), "EUR")
    for value in (-0.0, 0.0):
        texts = [tell.value(value, unit), tell.value(value, unit, brief=True), tell.difference(value, unit)]
        texts += [tell.interval(value, value, unit), tell.interval(value, 3.0, unit), tell.estimate(value, value, 3.0)]
        assert not [text for text in texts if MINUS_ZERO.search(text)], (texts, unit)
    assert math.copysign(1.0, shown_digits(-0.0)) == 1.0


def test_a_pilot_whose_worth_is_nothing_is_not_worth_minus_0():
    row = {"policy": "letter", "customers": 5, "worth": -0.0, "low": -0.2, "high": -0.0, "brings": -0.0, "gain": -0.0}
    row |= {"right_before": 1.0, "right": 1.0, "perfect": -0.0, "first": "keep", "changes": 0.0}
    found = SimpleNamespace(table=pd.DataFrame([row]), scenario=SimpleNamespace(currency="USD"))
    assert not [text for text in in_words(found) if MINUS_ZERO.search(text)]


def test_every_indicator_of_a_run_is_0_without_a_sign():
    scenario = load_scenario(FIRST, [*first_look(1), "population.prospects=0"])
    found = simulate(scenario, "keep").indicators
    assert not [name for name, value in found.items() if value == 0.0 and math.copysign(1.0, value) < 0.0]
