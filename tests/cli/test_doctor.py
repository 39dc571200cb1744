"""``wom-sim doctor`` says what is there, finds what is wrong, and goes on when one look fails."""

from __future__ import annotations

import json

import pytest

from wom_sim.charts import fonts
from wom_sim.cli import checkup as module
from wom_sim.cli import main
from wom_sim.cli.checkup import REMARK, WELL, WRONG, checkup


def doctor(capsys, *options: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *options])
    return int(ended.value.code or 0), capsys.readouterr().out


def test_it_names_what_a_report_of_a_fault_needs(capsys):
    code, out = doctor(capsys, "--no-test", "--json")
    found = json.loads(out)
    assert {each["state"] for each in found} <= {WELL, REMARK, WRONG}
    whats = {each["what"] for each in found}
    assert {"wom_sim", "Python", "packages", "machine", "memory", "compiled code", "fonts", "writing"} <= whats
    assert code == (1 if WRONG in {each["state"] for each in found} else 0)
    assert "engines" not in whats


def test_one_look_that_fails_does_not_hide_the_others(monkeypatch):
    def full() -> None:
        raise OSError(28, "No space left on device", "/x")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda **options: full())
    monkeypatch.setattr(fonts, "used_font", full)
    found = {(each.what, each.state): each for each in checkup(runs=False)}
    assert "No space left" in found["writing", WRONG].found
    assert "the disk is full" in found["fonts", WRONG].found
    assert ("memory", WELL) in found or ("memory", REMARK) in found


def test_little_memory_and_a_missing_package_are_said(monkeypatch):
    monkeypatch.setattr("wom_sim.study.cost.available_memory", lambda: 2.0**30)
    monkeypatch.setattr(module, "requires", lambda name: ["numpy>=1", "no-such-package>=2", 'x; extra == "dev"'])
    found = checkup(runs=False)
    assert [each.remedy for each in found if each.what == "memory"] == [
        "for whole countries use --fit-memory, or close other programs"
    ]
    wrong = next(each for each in found if each.what == "packages" and each.state == WRONG)
    assert wrong.found == "no-such-package is missing"


def test_both_engines_give_the_known_answer(capsys):
    code, out = doctor(capsys)
    assert code == 0, out
    assert "20 told, handling -25.00; known: 20, -25.00" in out
    assert "the same on each of 60 days" in out


def test_a_wrong_answer_is_found(capsys, monkeypatch):
    monkeypatch.setattr(module, "_LETTER", 1.5)
    code, out = doctor(capsys)
    assert (code, out.count("known: 20, -30.00")) == (1, 2)
