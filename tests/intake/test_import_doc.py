"""What docs/IMPORT.md shows is what the commands say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wom_sim.cli import main
from wom_sim.intake.meanings import MEANINGS
from wom_sim.intake.rows import SCHEMA

DOC = (Path(__file__).parents[2] / "docs" / "IMPORT.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:text|csv)\n(.*?)```", DOC, re.DOTALL)


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit):
            main(list(arguments))
        return capsys.readouterr()

    return run


def test_the_worked_example(said):
    Path("klanten.csv").write_text(BLOCKS[0], encoding="utf-8")
    assert said("import", "klanten.csv").out == BLOCKS[1]
    report = Path("base/report.md").read_text(encoding="utf-8").splitlines()
    shown = BLOCKS[2].splitlines()
    assert len(shown) == 6
    for line in shown:
        assert line in report


def test_the_question(said):
    Path("c.csv").write_text("id;revenue\nk1;1.234\nk2;2.500\n")
    assert said("import", "c.csv").err == BLOCKS[3]


def test_what_is_said_of_ties(said):
    Path("ties.csv").write_text(
        "Source;Target;Type;Id;Weight\nAda;Bo;Directed;0;2,5\nBo;Cem;Directed;1;5\nCem;Dee;Directed;2;-1\n"
    )
    Path("town.toml").write_text(
        'name = "town"\n[population]\ncustomers = 60\nprospects = 0\n[choose]\nlimit = 2\n[network]\nkind = "file"\n'
        'path = "ties.csv"\n[[policies]]\nname = "letter"\nuse = "bulk_letter"\n'
    )
    out = said("validate", "town.toml").out
    assert BLOCKS[4].strip().removeprefix("ties.csv, ") in out


def test_every_meaning_and_column_is_described():
    for meaning in MEANINGS:
        if meaning.name != "invoice_date":
            assert re.search(rf"^\|.*\b{meaning.name}\b", DOC, re.MULTILINE), meaning.name
    for name in SCHEMA.names:
        assert f"`{name}`" in DOC or re.search(rf"\| [a-z_, ]*\b{name}\b", DOC), name
