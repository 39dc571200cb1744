"""``wom-sim explain`` as a user types it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from dutch import english_in

from wom_sim.cli import main

ROOT = Path(__file__).parents[2]
FIRST = "scenarios/first_look.toml"
SMALL = ["--set", "population.customers=4000", "--set", "population.prospects=500", "--set", "run.days=90"]


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command in the repository's folder; return exit code, output, errors."""
    monkeypatch.chdir(ROOT)

    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


def test_a_scenario_is_explained_in_words_table_and_tree(run, tmp_path):
    code, out, err = run("explain", FIRST, *SMALL, "--out", str(tmp_path / "why"))
    words = " ".join(out.split())
    assert code == 0
    assert "with its event log: 4,500 people" in " ".join(err.split()), "the cost is told before"
    assert re.search(r"The bulk letter lost \d+ profitable customers on whom it did not act", words)
    assert "tellings from someone" in words
    assert "left with someone of the household who was let go" in words
    assert "nobody has measured" in words
    plain = json.loads((tmp_path / "why" / "explain.json").read_text())
    assert plain["policy"] == "bulk letter"
    assert plain["tree"]["number"] > 0
    assert (tmp_path / "why" / "explain.csv").read_text().startswith("policy,effect,dimension,value,share,")


def test_in_dutch_nothing_is_english(run):
    code, out, err = run("explain", FIRST, *SMALL, "--lang", "nl")
    assert code == 0 and "De brief aan iedereen kostte" in " ".join(out.split())
    aside = [line for line in err.splitlines() if not line.startswith("wom-sim: warning")]
    assert english_in(" ".join([out, *aside]), "First look") == []


def test_json_is_json_alone(run):
    code, out, err = run("explain", FIRST, *SMALL, "--policy", "paid exit", "--json")
    assert code == 0
    assert json.loads(out)["policy"] == "paid exit"
    (warned,) = err.splitlines()
    assert warned.startswith("wom-sim: warning: population.customers = 4,000, where "), "and nothing else is said"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nosuch.toml"], "no such file"),
        ([FIRST, "--policy", "letter bomb"], "no policy is named 'letter bomb'; there are keep, bulk letter"),
        (["scenarios"], "holds no comparison (no run.json)"),
        ([FIRST, "--out", "README.md"], "which is a file; allowed: a folder"),
        ([FIRST, "--set", "run.day=3"], "run.day"),
        ([FIRST, "--lang", "xx"], "--lang: given 'xx', allowed: en, nl, de"),
    ],
)
def test_nonsense_ends_in_plain_words(run, arguments, said):
    code, out, err = run("explain", *arguments)
    assert (code, out) == (4, "")
    assert said in " ".join(err.split())
    assert "Traceback" not in err


def test_a_folder_whose_tables_are_spoilt_is_refused(run, tmp_path):
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "scenario.toml").write_text((ROOT / FIRST).read_text())
    (tmp_path / "replications.parquet").write_text("no table")
    code, out, err = run("explain", str(tmp_path))
    assert (code, out) == (4, "")
    assert "Traceback" not in err


def test_attribution_needs_a_folder(run):
    code, _, err = run("compare", FIRST, "--attribution")
    assert code == 4
    assert "--attribution: given without --out DIR" in err
