"""Coverage of the intervals: the committed table, a part of it measured again, and the page that tells it."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
HERE = ROOT / "experiments" / "coverage"
sys.path.insert(0, str(HERE))

from intervals import RUNS, TABLE, measured  # noqa: E402
from intervals_page import BEGIN, END, SHORT, WANTED, section, section_of, verdict, with_section  # noqa: E402
from shapes import COUNT, MONEY, POOL, shapes  # noqa: E402

FOUND = pd.read_csv(TABLE)
SHAPES = {shape.name: shape for shape in shapes(pd.read_parquet(POOL))}
AGAIN = [
    ("exponential loss", 10), ("normal", 5), ("one person in 10% of runs", 20), ("lost 1, kept 0.5 (Poisson)", 10),
    ("disaster in 10% of runs", 10), ("chance 5%", 20), ("small, bulk letter: net_value", 10),
    ("middle, paid exit: reached", 20),
]  # fmt: skip


@pytest.mark.parametrize(("name", "runs"), AGAIN)
def test_a_row_measured_again_is_as_committed(name, runs):
    """The same seeds, 2,000 samples: whatever the program tells of a mean is what the table says it tells."""
    row = FOUND[(FOUND["shape"] == name) & (FOUND["runs"] == runs)].iloc[0]
    again = measured(SHAPES[name], runs)
    for column in ("told", "quiet", "bound", "seldom", "none", "covered", "exceeded"):
        assert round(float(again[column]), 4) == pytest.approx(row[column], nan_ok=True), column


def test_the_table_has_every_shape_and_its_verdicts():
    assert set(FOUND["shape"]) == set(SHAPES)
    assert len(FOUND) == len(SHAPES) * len(RUNS)
    assert FOUND["verdict"].tolist() == [verdict(row) for _, row in FOUND.iterrows()]


def test_intervals_cover_what_they_should_or_are_told_as_bounds():
    """With 10 and 20 runs, apart from shapes that are marked as beyond what so few runs can tell."""
    wanted = FOUND[FOUND["runs"].isin(WANTED) & ~FOUND["beyond"]]
    short = wanted[wanted["verdict"] == SHORT]
    assert set(short["shape"] + short["runs"].map(", {} runs".format)) == KNOWN_SHORT
    of_money = wanted[(wanted["kind"] == MONEY) & (wanted["told"] >= 0.5)]
    of_people = wanted[(wanted["kind"] == COUNT) & (wanted["told"] >= 0.5)]
    assert len(of_money) > 20
    assert len(of_people) > 40
    assert of_money["covered"].median() == pytest.approx(0.96, abs=0.01)
    assert (wanted["exceeded"] <= 0.05).all()


KNOWN_SHORT = {"middle, letter less case: net_value, 10 runs", "small, case less paid: reached, 10 runs"}
"""What falls short of the limits, as the page says; a change of method must not lengthen it unseen."""


def test_the_chosen_intervals_cover_where_student_does_not():
    joined = FOUND[FOUND["runs"].isin(WANTED) & ~FOUND["beyond"] & (FOUND["told"] >= 0.5)]
    joined = joined[joined["student"].notna()]
    assert (joined["student"] < 0.90).sum() > 15
    assert joined["covered"].min() > joined["student"].min() + 0.05


def test_the_page_tells_the_committed_table():
    page = (ROOT / "docs" / "VALIDATION.md").read_text(encoding="utf-8")
    assert section_of(page) == f"{BEGIN}\n{section(FOUND)}\n{END}\n"
    told = section_of(page)
    row = FOUND[(FOUND["shape"] == "exponential loss") & (FOUND["runs"] == 10)].iloc[0]
    line = next(line for line in told.splitlines() if line.startswith("| exponential loss |"))
    assert [cell.strip() for cell in line.split("|")][3] == f"{100 * row['covered']:.1f}"


def test_neither_script_overwrites_the_other():
    """The rest of the page keeps the section, the section keeps the rest, and writing it twice changes nothing."""
    page = "# Validation\n\n## Known limits\n\ntext\n\n## This run\n\ntoday\n"
    once = with_section(page, "## Intervals\n\none")
    assert once.index("## Known limits") < once.index("## Intervals") < once.index("## This run")
    assert with_section(once, "## Intervals\n\none") == once
    twice = with_section(once, "## Intervals\n\ntwo")
    assert "one" not in twice.replace("none", "")
    assert twice.startswith(page[: page.index("## This run")])
    assert twice.endswith("## This run\n\ntoday\n")
    assert section_of(page) == ""
    assert section_of(twice).startswith(BEGIN)


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape.kind != MONEY][:30])
def test_the_mean_of_a_shape_is_what_its_formula_says(name):
    """A hundred thousand runs: within five standard errors, so that coverage is of the right number."""
    shape = SHAPES[name]
    values = shape.draw(np.random.default_rng(8), 1000, 100).outcomes
    error = values.std() / np.sqrt(values.size)
    assert abs(values.mean() - shape.mean) < 5.0 * error
