"""The scores of each rule of pick-up, as docs/NEWS.md and README tell them, are those of the table."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
TABLE = pd.read_csv(ROOT / "experiments" / "backtest" / "rules.csv")
FRESH = TABLE[~TABLE["used"].astype(bool)]
PAGE = (ROOT / "docs" / "NEWS.md").read_text(encoding="utf-8")


def brier(question: str, rows: pd.DataFrame, chance: str = "model") -> float:
    """Return the mean squared distance of the chance from what happened; of which one may be in doubt, by hand."""
    asked = rows[rows["question"] == question]
    seen, told = asked["observed"], asked[chance]
    return float((seen * (1.0 - told) ** 2 + (1.0 - seen) * told**2).mean())


def log_score(rows: pd.DataFrame) -> float:
    asked = rows[rows["question"] == "national"]
    each = [
        -(seen * math.log(told) + (1.0 - seen) * math.log(1.0 - told))
        for seen, told in zip(asked["observed"], asked["model"], strict=True)
    ]
    return sum(each) / len(each)


@pytest.mark.parametrize("rule", ["level", "taste", "story"])
def test_the_page_tells_the_scores_of_the_table(rule):
    told = re.search(rf"\| `{rule}` \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|\n", PAGE)
    assert told is not None
    rows = FRESH[FRESH["rule"] == rule]
    assert float(told[1]) == pytest.approx(brier("national", rows), abs=0.002)
    assert float(told[2]) == pytest.approx(log_score(rows), abs=0.003)
    assert float(told[3]) == pytest.approx(brier("reported", rows), abs=0.002)
    assert len(rows[rows["question"] == "national"]) == 16


def test_the_rule_of_one_line_is_the_same_beside_each():
    for _, rows in FRESH.groupby("rule"):
        assert brier("national", rows, "null_soft") == pytest.approx(0.314, abs=0.002)
