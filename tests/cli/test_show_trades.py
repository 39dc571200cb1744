"""``show trades`` as a user types it."""

import json

import pytest

from wom_sim.scenario.presets import preset_names


def test_it_lists_the_presets_a_line_each(command):
    code, out, err = command("show", "trades")
    assert (code, err) == (0, "")
    for name in preset_names():
        (line,) = [line for line in out.splitlines() if line.strip().startswith(f"builtin:{name}")]
        assert "USD" in line


@pytest.mark.parametrize("called", ["bank", "builtin:bank"])
def test_it_shows_each_number_of_a_preset_with_its_evidence(command, called):
    code, out, _ = command("show", "trades", called)
    assert code == 0
    (line,) = [line for line in out.splitlines() if "22.3" in line]
    assert "B: 268 dollars a year (American Banker 2011)" in line
    entries = json.loads(command("show", "trades", called, "--json")[1])
    assert {"key", "value", "drawn", "unit", "grade", "source"} == set(entries[0])
    some = json.loads(command("show", "trades", called, "--json", "--match", "HOUSEHOLD_follows")[1])
    assert {entry["value"] for entry in some} == {0.05}


def test_an_unknown_trade_is_refused_with_those_there_are(command):
    code, _, err = command("show", "trades", "bnk")
    assert code == 4
    assert "builtin:energy" in err
    assert "did you mean 'builtin:bank'?" in err


def test_set_and_out_do_not_go_with_trades(command):
    for more in (["--set", "run.days=3"], ["--out", "x.csv"]):
        code, _, err = command("show", "trades", "bank", *more)
        assert code == 4
        assert f"given {more[0]}" in err


def test_a_preset_can_be_looked_at_as_a_firm(command):
    code, out, _ = command("show", "base", "builtin:energy", "--json")
    assert code == 0
    assert "pays late or never" in out
    assert command("validate", "builtin:energy")[0] == 0
