"""Summary, differences and risk: every row and column of tables made by hand, and in which order they come."""

from __future__ import annotations

import math

import numpy as np
import pytest
from run_tables import table
from scipy import stats

from wom_sim.outcomes.compare import COLUMNS, differences, summary
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.risk import (
    RISKY,
    expected_shortfall,
    losses,
    quantile_interval,
    risk,
    round_levels,
    shortfall_interval,
    spread_rows,
    tail_rows,
    tail_runs,
    too_few,
    unseen_events,
    value_at_risk,
)
from wom_sim.outcomes.statistics import chance_interval, mean_interval, unseen
from wom_sim.outcomes.units import standard_error

NAMES = [indicator.name for indicator in INDICATORS]
NET = np.array([4.0, -2.0, 6.0, 1.0, 3.0, 0.0])
REACHED = np.array([5.0, 9.0, 1.0, 2.0, 3.0, 4.0])
DAY = np.array([np.nan, 8.0, 4.0, np.nan, 6.0, 2.0])
SEEN = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.0])
RUNS = table(
    zeal={"net_value": NET, "reached": REACHED, "national_day": DAY, "national_coverage": SEEN},
    keep={"net_value": 0 * NET},
    act={"net_value": NET - 1.0, "reached": 2 * REACHED, "national_day": 0 * NET + 3.0},
)
"""The policies are not in the order of the alphabet."""


def of(found, **which):
    for column, value in which.items():
        found = found[found[column] == value]
    assert len(found) == 1
    return found.iloc[0].to_dict()


def test_a_row_for_each_policy_and_indicator_in_the_order_in_which_they_were_run():
    found = summary(RUNS)
    assert list(found) == ["policy", "indicator", "unit", "better", *COLUMNS]
    assert found["policy"].tolist() == [name for name in ("zeal", "keep", "act") for _ in NAMES]
    assert found["indicator"].tolist() == NAMES * 3
    assert found["unit"].tolist() == [indicator.unit for indicator in INDICATORS] * 3
    assert found["better"].tolist() == [indicator.direction for indicator in INDICATORS] * 3


@pytest.mark.parametrize(
    ("indicator", "values", "n", "kind"), [("reached", REACHED, 6, "interval"), ("national_day", DAY, 4, "bound")]
)
def test_a_row_of_the_summary(indicator, values, n, kind):
    row, seen = of(summary(RUNS), policy="zeal", indicator=indicator), values[~np.isnan(values)]
    mean, low, high = mean_interval(seen, signed=False)
    p05, median, p95 = (np.quantile(seen, p) for p in (0.05, 0.5, 0.95))
    assert [row[name] for name in COLUMNS[:-1]] == pytest.approx([mean, low, high, p05, median, p95, n])
    assert row["kind"] == kind


def test_keep_is_exact_in_every_row():
    found = summary(RUNS)
    kept = found[found["policy"] == "keep"].drop(columns=["policy", "indicator", "unit", "better", "n"])
    assert set(kept.pop("kind")) == {"exact"}
    assert (kept == 0.0).all(axis=None)


def test_worlds_are_counted_in_the_summary():
    values = np.repeat(REACHED, 2)
    runs = table(world=np.repeat(np.arange(6), 2), replications=np.tile([0, 1], 6), a={"reached": values})
    row = of(summary(runs), policy="a", indicator="reached")
    assert row["n"] == 6
    assert [row["low"], row["high"]] == pytest.approx(list(mean_interval(REACHED, signed=False)[1:]))


def test_differences_are_the_first_less_the_second_on_the_same_luck():
    found = differences(RUNS)
    assert list(found) == ["policy", "against", "indicator", "label", "unit", "better", *COLUMNS]
    pairs = [("zeal", "keep"), ("act", "keep"), ("zeal", "act")]
    assert list(zip(found["policy"], found["against"], strict=True)) == [pair for pair in pairs for _ in NAMES]
    assert found["label"].tolist() == [indicator.label for indicator in INDICATORS] * 3
    row = of(found, policy="zeal", against="act", indicator="reached")
    mean, low, high = mean_interval(-REACHED)
    marks = [np.quantile(-REACHED, p) for p in (0.05, 0.5, 0.95)]
    assert [row[name] for name in COLUMNS[:-1]] == pytest.approx([mean, low, high, *marks, 6])
    assert (row["unit"], row["better"], row["label"]) == ("people", "less", "people reached")
    same = of(found, policy="zeal", against="act", indicator="net_value")
    assert [same[name] for name in COLUMNS] == [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 6, "same"]


# -- risk ----------------------------------------------------------------------------------------------------


def test_the_rows_of_risk_are_by_policy_indicator_and_measure():
    found = risk(RUNS)
    assert list(dict.fromkeys(found["policy"])) == ["zeal", "keep", "act"]
    mine = found[found["policy"] == "zeal"]
    assert list(dict.fromkeys(mine["indicator"])) == [*RISKY, "national_coverage"]
    net = mine[mine["indicator"] == "net_value"]
    levels = [f"below_{k}" for k in (-4, -2, 0, 2, 4, 6)]
    assert net["measure"].tolist() == ["median", "p05", "p95", "worst5", *levels, "chance_loss"]
    assert net["value"].tolist() == pytest.approx(
        [2.0, np.quantile(NET, 0.05), np.quantile(NET, 0.95), -2.0, 0, 0, 1 / 6, 3 / 6, 4 / 6, 5 / 6, 1 / 6]
    )
    assert set(net["better"]) == {"more"}
    assert set(net["n"]) == {6}
    assert net.iloc[-1]["low"] == pytest.approx(chance_interval((NET < 0).astype(float))[1])
    assert net.iloc[-1]["high"] == pytest.approx(chance_interval((NET < 0).astype(float))[2])
    assert set(net["warning"].iloc[4:]) == {""}
    lost = mine[mine["indicator"] == "lost_profitable"]
    assert lost["measure"].tolist() == ["median", "p05", "p95", "worst5", "above_0"]
    assert set(lost["better"]) == {"less"}
    assert lost["value"].tolist() == [0.0] * 5
    news = mine[mine["indicator"] == "national_coverage"].iloc[0].to_dict()
    share, low, high = chance_interval(SEEN)
    assert news == {
        "policy": "zeal", "indicator": "national_coverage", "better": "less", "measure": "chance_national",
        "value": pytest.approx(share), "low": pytest.approx(low), "high": pytest.approx(high), "n": 6, "warning": "",
    }  # fmt: skip


def test_only_keep_is_known_exactly():
    found = risk(RUNS)
    chance = found[found["measure"] == "chance_loss"].set_index("policy")
    assert (chance.loc["keep", "low"], chance.loc["keep", "high"]) == (0.0, 0.0)
    assert chance.loc["act", "low"] < chance.loc["act", "value"] < chance.loc["act", "high"]


def test_a_loss_is_worse_the_more_it_is():
    assert losses(RUNS[RUNS["policy"] == "zeal"], "net_value").tolist() == (-NET).tolist()
    assert not np.signbit(losses(RUNS[RUNS["policy"] == "zeal"], "net_value")[5])
    runs = table(a={"lost_profitable": REACHED})
    assert losses(runs, "lost_profitable").tolist() == REACHED.tolist()


def test_middle_and_ends_with_their_intervals():
    values, unit = np.arange(100.0), np.arange(100)
    rows = spread_rows(values, unit)
    assert [row[0] for row in rows] == ["median", "p05", "p95"]
    assert [row[1] for row in rows] == pytest.approx([49.5, 4.95, 94.05])
    for (_, _, low, high, _), p in zip(rows, (0.5, 0.05, 0.95), strict=True):
        assert (low, high) == pytest.approx(quantile_interval(values, p, unit))
    assert [row[4] for row in rows] == ["", *["about 5 of the runs in the outer 5 %: 200 would give ten"] * 2]


@pytest.mark.parametrize(("n", "p"), [(20, 0.5), (40, 0.25), (100, 0.05), (100, 0.95), (7, 0.5)])
def test_the_ends_of_a_quantile_are_the_ranks_of_the_binomial(n, p):
    """The chance of fewer runs below than the lower rank says is at most 2.5 %, and of as many as the upper one too."""
    low, high = quantile_interval(np.arange(n) + 1.0, p, np.arange(n))  # each value is its own rank
    lower = max(k for k in range(n + 1) if stats.binom.cdf(k - 1, n, p) <= 0.025)
    upper = min(k for k in range(1, n + 2) if stats.binom.cdf(k - 1, n, p) >= 0.975)
    assert low == lower if lower >= 1 else math.isnan(low)
    assert high == upper if upper <= n else math.isnan(high)


def test_a_single_run_has_no_quantile_with_ends():
    assert all(math.isnan(end) for end in quantile_interval(np.array([3.0]), 0.5, np.array([0])))
    assert all(math.isnan(end) for end in quantile_interval(np.array([3.0, 4.0]), 0.5, np.array([0, 0])))


def test_two_worlds_know_a_quantile_as_their_runs_do_where_these_differ_as_much_within():
    """Both worlds have the same spread, and means one apart: the share below the middle hardly depends on the world."""
    values, unit = np.concatenate([np.arange(40.0), np.arange(40.0) + 1.0]), np.repeat([0, 1], 40)
    low, high = quantile_interval(values, 0.5, unit)
    assert 0.0 < low < 20.0 < high < 40.0
    assert all(math.isnan(end) for end in quantile_interval(values[:2], 0.5, np.arange(2)))


@pytest.mark.parametrize(("better", "turn"), [("more", -1.0), ("less", 1.0)])
def test_the_worst_runs_and_the_chances_of_worse(better, turn):
    values, unit = np.arange(200.0), np.arange(200)
    rows = tail_rows(values, unit, np.array([turn * 150.0, turn * 10.0]), better)
    worst, mean = ("above", 194.5) if turn > 0 else ("below", 4.5)
    assert [row[0] for row in rows] == ["worst5", f"{worst}_10", f"{worst}_150"]
    assert rows[0][1] == pytest.approx(mean)
    low, high = shortfall_interval(turn * values, 0.95, unit)
    assert [rows[0][2], rows[0][3]] == pytest.approx(sorted([turn * low, turn * high]))
    assert rows[0][2] < mean < rows[0][3]
    assert rows[0][4] == ""
    shares = [10 / 200, 150 / 200] if turn < 0 else [189 / 200, 49 / 200]
    assert [rows[1][1], rows[2][1]] == pytest.approx(shares)


def test_the_interval_of_a_shortfall_is_students_of_its_influence():
    loss, unit = np.arange(200.0), np.arange(200)
    influence = 189.0 + np.maximum(loss - 189.0, 0.0) / 0.05
    half = stats.t.ppf(0.975, 9) * standard_error(influence, unit)  # ten runs lie beyond
    assert shortfall_interval(loss, 0.95, unit) == pytest.approx((194.5 - half, 194.5 + half))
    assert all(math.isnan(end) for end in shortfall_interval(np.arange(99.0), 0.95, np.arange(99)))
    assert all(math.isfinite(end) for end in shortfall_interval(np.arange(100.0), 0.95, np.arange(100)))


def test_atoms_with_weights():
    loss, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0])
    assert [value_at_risk(loss, level, weights) for level in (0.2, 0.5, 0.6, 0.75, 0.8, 1.0)] == [1, 1, 2, 2, 3, 3]
    assert expected_shortfall(loss, 0.5, weights) == pytest.approx(2.5)
    assert expected_shortfall(loss, 0.6, weights) == pytest.approx((3 * 0.25 + 2 * 0.15) / 0.4)


def test_how_many_runs_are_in_a_tail():
    assert tail_runs(np.arange(60.0), np.arange(60), 0.05) == 3.0
    told = too_few(np.arange(60.0), np.arange(60), 0.05)
    assert told == "about 3 of the runs in the outer 5 %: 200 would give ten"
    assert too_few(np.arange(60.0), np.arange(60), 0.25) == ""
    assert too_few(np.arange(39.0), np.arange(39), 0.25).startswith("about 9.8 of the runs in the outer 25 %: 40 ")
    assert too_few(np.ones(5), np.arange(5), 0.05) == ""


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 8.0, range(9)),
        (0.0, 8.1, [0, 2, 4, 6, 8, 10]),
        (0.0, 16.0, range(0, 17, 2)),
        (0.0, 17.0, [0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5]),
        (0.0, 40.0, range(0, 41, 5)),
        (0.0, 41.0, range(0, 51, 10)),
        (3.0, 80.0, range(0, 81, 10)),
        (-0.7, 0.0, [-0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0]),
    ],
)
def test_levels_are_round_and_hold_every_loss(low, high, expected):
    assert round_levels(np.array([high, low])).tolist() == pytest.approx(list(expected))


def test_what_came_in_no_run_is_named_with_the_chance_that_it_may_come():
    none, one = np.zeros(6), np.array([1.0, 0, 0, 0, 0, 0])
    runs = table(
        keep={"net_value": none},
        loud={"national_coverage": one, "lost_to_story": none},
        calm={"national_coverage": none, "lost_to_story": none},
    )
    news, story = unseen_events(runs)
    assert (news.event, news.policies) == ("news", ["calm"])
    assert (story.event, story.policies) == ("story", ["loud", "calm"])
    assert news.most == story.most == pytest.approx(unseen(6))
    worlds = table(world=[0, 0, 1, 1, 2, 2], replications=[0, 1] * 3, calm={"lost_to_story": one})
    assert unseen_events(worlds) == [("news", ["calm"], pytest.approx(unseen(3)))]
    assert unseen(0) == 1.0
    assert unseen_events(table(loud={"national_coverage": one, "lost_to_story": one})) == []
