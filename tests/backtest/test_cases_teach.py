"""What is told of the posterior is what its tables say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "experiments" / "posterior"
FINDINGS = " ".join((ROOT / "docs" / "FINDINGS.md").read_text(encoding="utf-8").split())  # wherever lines end
PAGE = (ROOT / "docs" / "POSTERIOR.md").read_text(encoding="utf-8")
SCORES = pd.read_csv(FOLDER / "scores.csv")
OURS = SCORES[(SCORES["by"] == "the posterior") & ~SCORES["used"].astype(bool)]
SPRINT = pd.read_csv(FOLDER / "sprint.csv").set_index(["era", "policy"])


def mean(question: str, column: str) -> float:
    """Return the mean of a score over cases."""
    return float(OURS[OURS["question"] == question][column].mean())


def test_scores_are_those_of_what_was_foretold_and_observed():
    """Brier scores by hand, from the chance that was given and how sure it is that it took place."""
    rows = OURS[OURS["question"] == "national"]
    p, seen = rows["model"].to_numpy(), rows["observed"].to_numpy()
    assert np.allclose(seen * (1 - p) ** 2 + (1 - seen) * p**2, rows["brier_model"], atol=2e-3)


def test_findings_and_page_tell_the_same():
    told = re.search(r"Brier score of ([.\d]+) \(the line: ([.\d]+)", FINDINGS)
    days = re.search(r"interval score \(([.\d]+) against ([.\d]+)", FINDINGS)
    assert told is not None
    assert days is not None
    for found, column in ((told[1], "brier_model"), (told[2], "brier_null_soft")):
        assert float(found) == pytest.approx(mean("national", column), abs=6e-4)
        assert f"0{found}" in PAGE
    for found, column in ((days[1], "interval_model"), (days[2], "interval_null_soft")):
        assert float(found) == pytest.approx(mean("national_day", column), abs=0.06)
    assert mean("reported", "brier_model") > mean("reported", "brier_null_soft"), "the line is better there, as is told"


def test_the_likeliest_rule_is_that_of_the_draws():
    likely = re.search(r"the rule `taste` is (\.\d+) likely,\s+`level` (\.\d+)", FINDINGS)
    assert likely is not None
    rows = dict(re.findall(r"\| `(\w+)` \| [.\d]+ \| [.\d]+ \| ([.\d]+) \|", PAGE))
    assert float(likely[1]) == float(rows["taste"])
    assert float(likely[2]) == float(rows["level"])
    which = pd.read_parquet(ROOT / "wom_sim" / "scenario" / "public.parquet")["media.which"]
    for number, rule in enumerate(("level", "taste", "story")):
        assert (which == number).mean() == pytest.approx(float(rows[rule]), abs=0.006)


def test_sprint_over_draws_is_told_as_it_came_out():
    best = re.search(r"best in ([.\d]+) % of\s+worlds, and with the media of 2026 in ([.\d]+) %", FINDINGS)
    assert best is not None
    for found, era in zip(best.groups(), (2007, 2026), strict=True):
        assert float(found) == pytest.approx(100 * SPRINT.loc[(era, "case by case"), "share_best"], abs=0.5)
        assert SPRINT.loc[(era, "bulk letter"), "high"] < 0.0
    assert SPRINT.loc[(2026, "case by case"), "expected_net_value"] < 0.0
