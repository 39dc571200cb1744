"""The tutorial does what it says: its commands are run, one after the other, and print the figures that stand there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "TUTORIAL.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)[1:]
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("wom-sim ")
]


def _run(command, monkeypatch, tmp_path) -> str:
    """Run the commands of the page that simulate or write, in an empty folder, and return all that they print."""
    monkeypatch.chdir(tmp_path)
    printed = ""
    for asked in COMMANDS:
        if asked[0] == "doctor":  # has tests of its own
            continue
        code, out, err = command(*asked)
        wrong = "choose.limti=30" in asked
        assert code == (4 if wrong else 0), (asked, err[-500:])
        printed += out + err
    return printed


def test_the_page_has_its_commands():
    assert [asked[0] for asked in COMMANDS] == [
        "doctor", "compare", "explain", "new", "validate", "compare", "validate", "compare", "report",
    ]  # fmt: skip


@pytest.mark.science
def test_the_commands_print_what_the_page_says(command, monkeypatch, tmp_path):
    monkeypatch.setenv("COLUMNS", "250")  # so that no cell is broken
    printed = " ".join(re.sub(r"[│┃]", " ", _run(command, monkeypatch, tmp_path)).split())
    assert (tmp_path / "results" / "town" / "report.html").is_file()
    rows = re.findall(r"^\| (keep|bulk letter|case by case|paid exit) \| (.*) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 4
    for name, cells in rows:
        for figure in re.split(r" \| | \(|\)", cells):  # of a cell, the mean and its range stand on two lines
            assert figure in printed, (name, figure)
    said = (
        "saves $40,300 before anything settles", "saves $28,300 as it settles", "cannot be told apart",
        "the bulk letter is $1,240 ahead over 36 months", "is $18,000 ahead of keeping everyone ($14,700 to $21,500)",
        "loses 36 profitable customers", "going case by case is preferred: it makes national news in none of 20 runs",
        "the bulk letter in 9 of 20 runs", "93 % of the profitable customers", "lost 35 profitable customers",
        "34 of 35 by leaving together", "$22,000 ahead of keeping everyone", "$3,190 ahead of the bulk letter",
        "$2,020 to $8,020", "did you mean 'limit'", "66.0 %", "$358 k", "$180 k",
        "3 % of the runs, the bulk letter in 27 %", "worth $10,600", "rests on 63 numbers",
    )  # fmt: skip
    for figure in said:
        assert figure in printed, figure
    for number in re.findall(r"\d[\d,.]*\d", " ".join(said)):
        assert number.removesuffix(".0") in PAGE, number
