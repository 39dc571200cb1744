"""docs/SCALING.md says of its own table what is in it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2]
RESULT = pd.read_csv(ROOT / "experiments" / "represents" / "result.csv")
PAGE = (ROOT / "docs" / "SCALING.md").read_text(encoding="utf-8")


def test_how_many_comparisons_meet_is_counted():
    own = RESULT[(RESULT["way"] == "represents") & RESULT["mean"].notna() & (RESULT["n"] > 0)]
    full = own[own["size"] == 1]
    both = own[own["size"] > 1].merge(full, on=["case", "policy", "output"], suffixes=("", "_full"))
    apart = both[(both["low"] > both["high_full"]) | (both["high"] < both["low_full"])]
    assert f"In {len(both) - len(apart)} of {len(both)} comparisons" in PAGE
    assert set(apart["output"]) == {"first_post_day"}
    assert (apart["mean"] - apart["mean_full"]).between(0.0, 0.6).all()


def test_by_hand_is_another_story():
    own = RESULT[(RESULT["case"] == "letters") & (RESULT["policy"] == "bulk letter")]
    news = own[own["output"] == "national_coverage"].set_index(["way", "size"])["mean"]
    assert (news["represents"] == 1.0).all()
    assert abs(news["by hand", 10] - 0.25) < 0.01
    assert abs(news["by hand", 100] - 0.01) < 0.001
    money = own[own["output"] == "net_value"].set_index(["way", "size"])["sd"]
    assert 9.0 < money["represents", 100] / money["represents", 1] < 11.0
