"""``--lang`` of the commands that run policies: Dutch leaves nothing in English, another language is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dutch import english_in

ROOT = Path(__file__).parents[2]
FIRST = "scenarios/first_look.toml"
SMALL = ["--set", "population.customers=1500", "--set", "population.prospects=300", "--set", "run.days=60"]
_PROGRESS = re.compile(r"^\d+/\d+ .*$", re.MULTILINE)


@pytest.fixture
def run(command, monkeypatch):
    """Run a command in the repository's folder; return exit code, output, and errors without progress and warnings."""
    monkeypatch.chdir(ROOT)

    def without_progress(*arguments):
        code, out, said = command(*arguments)
        err = "\n".join(x for x in said.splitlines() if not x.startswith("wom-sim: warning"))
        return code, out, _PROGRESS.sub("", err)

    return without_progress


def test_a_comparison_is_dutch(run, tmp_path):
    there = ("--no-charts", "--lang", "nl", "--out", tmp_path / "out")
    code, out, err = run("compare", FIRST, *SMALL, "--replications", 2, *there)
    words = " ".join(out.split())
    assert code == 0 and "4 beleidsopties x 2 gepaarde doorrekeningen van 60 dagen met 1.800 mensen" in err
    for said in (
        "vergeleken met iedereen behouden",
        "Risico: nettowaarde",
        "individuele aanpak",
        "Niemand heeft gemeten",
    ):
        assert said in words
    assert english_in(f"{out} {err}", "First look") == []
    code, out, err = run("compare", FIRST, *SMALL, "--add-replications", 1, *there)
    assert code == 0 and "er zijn 2 doorrekeningen van elk beleid, het worden er 3" in err
    assert english_in(f"{out} {err}", "First look") == []


def test_a_comparison_over_worlds_is_dutch(run):
    code, out, err = run("compare", FIRST, *SMALL, "--worlds", 3, "--replications", 1, "--lang", "nl")
    words = " ".join(out.split())
    assert code == 0 and "3 werelden, elk 1 doorrekening; vergeleken met iedereen behouden" in words
    assert "Al deze getallen kennen voordat de keuze valt" in words
    said = err[: err.index("Getrokken (")], err[err.rindex("andere getallen zijn") :]  # between them: keys and sources
    assert english_in(" ".join([out, *said]), "First look") == []


def test_a_run_is_dutch(run):
    code, out, err = run("run", FIRST, *SMALL, "--policy", "paid exit", "--lang", "nl")
    assert code == 0 and "First look: betaald vertrek, doorrekening 0" in out and "uitkomstmaat" in out
    assert english_in(f"{out} {err}", "First look", "│ reached", "│ joins") == []


@pytest.mark.parametrize("name", ["compare", "run"])
def test_another_language_is_refused(run, name, tmp_path):
    code, out, err = run(name, FIRST, *SMALL, "--lang", "xx", "--out", tmp_path / "out")
    assert (code, out, list(tmp_path.iterdir())) == (4, "", [])
    assert "--lang: given 'xx', allowed: en, nl, de" in err
