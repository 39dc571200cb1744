"""Paired comparison: known answers, edges, and intervals that cover what they should."""

from __future__ import annotations

import math

import numpy as np
import pytest
from run_tables import table
from scipy import stats

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import (
    COLUMNS,
    NO_DIFFERENCE,
    NOTHING_SAID,
    SETTLED,
    UNDECIDED,
    correlation,
    needed,
    paired,
    pairs,
    state_of,
    variance_reduction,
)
from wom_sim.outcomes.units import Known, independent_runs, mean_interval, share_interval, standard_error

NET = next(i for i in INDICATORS if i.name == "net_value")


def alone(n):
    """Each run a unit of its own."""
    return np.arange(n)


def row(replications, policy, against, indicator="net_value"):
    found = paired(replications).set_index(["policy", "against", "indicator"])
    return found.loc[(policy, against, indicator)]


def bernoulli(u, p):
    return (u < p).astype(float)


def test_variance_reduction_of_two_chances_on_the_same_uniform():
    """Chances .1 and .15: independent .2175, common .0475, so 4.578947 times, correlation .793492 (stats.bern)."""
    u = (np.arange(20_000) + 0.5) / 20_000  # every luck there is, once
    a, b = bernoulli(u, 0.1), bernoulli(u, 0.15)
    reduction, low, high = variance_reduction(a, b, alone(len(u)))
    assert a.var() + b.var() == pytest.approx(0.2175, abs=1e-12)
    assert (a - b).var() == pytest.approx(0.0475, abs=1e-12)
    assert reduction == pytest.approx(4.578947368421055, abs=1e-9)
    assert low < reduction < high
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(0.7934920476158723, abs=1e-12)


def test_variance_reduction_of_two_hazards_on_the_same_luck():
    """Hazards .01 and .015 for 52 periods on the same uniforms: 4.132687 times (stats.haz). Luck is seeded."""
    u = np.random.default_rng(5).random((100_000, 52)).min(axis=1)  # leaves at all if the least is below the hazard
    a, b = bernoulli(u, 0.01), bernoulli(u, 0.015)
    for values, exact in ((a, 0.4070335535985006), (b, 0.5442947983417432)):
        assert abs(values.mean() - exact) < 4 * math.sqrt(exact * (1 - exact) / len(u))
    reduction, low, high = variance_reduction(a, b, alone(len(u)))
    assert low < 4.132686623357525 < high
    assert (high - low) / reduction < 0.1


def test_what_is_paired_by_hand():
    found = row(table(keep={"net_value": [0, 0, 0]}, a={"net_value": [5, 1, 3]}, b={"net_value": [4, 1, 4]}), "a", "b")
    assert (found["mean"], found["ties"], found["n"]) == (0.0, 1 / 3, 3)
    assert found["probability_better"] == 0.5  # one win, one tie, one defeat
    assert found["correlation"] == pytest.approx(6 / math.sqrt(8 * 6))
    assert found["variance_reduction"] == pytest.approx((4 + 3) / 1)
    assert found["settled"] == NO_DIFFERENCE
    assert found["replications_needed"] == math.inf


def test_less_is_better_where_the_indicator_says_so():
    lost = table(a={"extra_profitable": [1, 2, 3, 4]}, b={"extra_profitable": [2, 3, 4, 4]})
    assert row(lost, "a", "b", "extra_profitable")["probability_better"] == 0.875
    assert math.isnan(row(lost, "a", "b", "told")["probability_better"])  # neither direction is better


def test_rows_are_matched_by_luck_and_not_by_order():
    runs = table(a={"net_value": [1.0, 2.0, 3.0]}, b={"net_value": [0.5, 1.0, 2.5]})
    mixed = runs.sample(frac=1.0, random_state=3).sort_values("policy", kind="stable")
    assert row(mixed, "a", "b").equals(row(runs, "a", "b"))
    fewer = runs.drop(index=5)  # b lacks replication 2
    assert row(fewer, "a", "b")["n"] == 2
    assert row(fewer, "a", "b")["mean"] == 0.75


def test_the_columns_are_those_that_were_agreed():
    found = list(paired(table(keep={"net_value": [0.0]}, a={"net_value": [1.0]})))
    agreed = ["policy", "against", "indicator", "mean", "low", "high", "probability_better"]
    assert found[: len(agreed)] == agreed
    assert {"correlation", "variance_reduction", "replications_needed"} <= set(found)


def test_one_replication_says_nothing():
    found = row(table(a={"net_value": [3.0]}, b={"net_value": [1.0]}), "a", "b")
    assert found["mean"] == 2.0
    assert found["settled"] == NOTHING_SAID
    assert math.isnan(found["low"])
    assert math.isnan(found["replications_needed"])


def test_a_settled_pair_needs_no_more():
    found = row(table(keep={"net_value": [0, 0, 0, 0]}, a={"net_value": [10, 11, 10, 11]}), "a", "keep")
    assert (found["settled"], found["replications_needed"]) == (SETTLED, 4.0)
    assert math.isnan(found["variance_reduction"])  # keep varies with no luck


def test_a_day_that_never_came_is_left_out():
    found = row(table(a={"national_day": [3, np.nan, 9]}, b={"national_day": [1, 2, np.nan]}), "a", "b", "national_day")
    assert (found["n"], found["mean"]) == (1, 2.0)


def test_replications_needed_settle_the_pair_as_often_as_promised():
    """Mean 1, spread 3: 73 pairs give a t test 80 % power (standard tables: (z + z)^2 x 9 = 70.6, and t needs a few
    more). Of 2,000 trials with that many about 80 % must exclude 0."""
    rng = np.random.default_rng(11)
    pilot = rng.standard_normal(20)
    pilot = 1.0 + 3.0 * (pilot - pilot.mean()) / pilot.std(ddof=1)
    wanted = int(needed(pilot, alone(20)))
    assert row(table(a={"net_value": pilot}, b={"net_value": np.zeros(20)}), "a", "b")["settled"] == UNDECIDED
    assert wanted == 73
    trials = 1.0 + 3.0 * rng.standard_normal((2000, wanted))
    settled = np.mean([mean_interval(trial, alone(wanted))[0] > 0 for trial in trials])
    assert abs(settled - 0.8) < 4 * math.sqrt(0.8 * 0.2 / 2000)


def test_runs_of_one_world_count_as_one():
    """Ten worlds with eight equal runs each know as much as ten runs."""
    values = np.arange(10.0)
    once = mean_interval(values, alone(10))
    again = mean_interval(np.repeat(values, 8), np.repeat(alone(10), 8))
    assert again == pytest.approx(once)
    share = share_interval(np.repeat(bernoulli(values, 3.0), 8), np.repeat(alone(10), 8))
    assert share == pytest.approx(share_interval(bernoulli(values, 3.0), alone(10)), abs=0.02)
    assert independent_runs(bernoulli(values, 3.0), alone(10)) == 10


def test_worlds_are_the_unit_of_a_pair():
    rng = np.random.default_rng(2)
    world = np.repeat(np.arange(12), 3)
    shift = np.repeat(rng.normal(5, 4, 12), 3)
    runs = table(world=world, replications=np.tile(range(3), 12), a={"net_value": shift}, b={"net_value": np.zeros(36)})
    found = row(runs, "a", "b")
    assert (found["low"], found["high"]) == pytest.approx(mean_interval(shift[::3], alone(12)))
    assert found["n"] == 36


@pytest.mark.science
def test_intervals_cover_what_they_should():
    """Coverage of the intervals of pairs, 2,000 tables each of 40 pairs; Jeffreys' interval is known to swing."""
    rng = np.random.default_rng(4)
    hits = {"mean": 0, "better": 0, "reduction": 0, "worlds": 0}
    for _ in range(2000):
        common = rng.standard_normal(40)
        a, b = 1.0 + 2.0 * common + rng.standard_normal(40), 2.0 * common + rng.standard_normal(40)
        low, high = mean_interval(a - b, alone(40))
        hits["mean"] += low <= 1.0 <= high
        _, low, high = share_interval((a > b).astype(float), alone(40))
        hits["better"] += low <= 0.7602499389065233 <= high  # Phi(1 / sqrt 2)
        _, low, high = variance_reduction(a, b, alone(40))
        hits["reduction"] += low <= 5.0 <= high
        world = np.repeat(np.arange(20), 4)
        clustered = np.repeat(rng.standard_normal(20), 4) + rng.standard_normal(80)
        low, high = mean_interval(clustered, world)
        hits["worlds"] += low <= 0.0 <= high
    assert {name: 0.93 <= count / 2000 <= 0.97 for name, count in hits.items()} == dict.fromkeys(hits, True), hits


def test_the_error_of_a_mean_by_hand():
    assert standard_error(np.array([1.0, 3.0, 5.0]), alone(3)) == pytest.approx(2.0 / math.sqrt(3))
    assert math.isnan(standard_error(np.array([1.0, 3.0]), np.zeros(2, dtype=np.int64)))


# -- every column, held against arithmetic written out -----------------------------------------------------------

A, B = np.array([5.0, 1.0, 3.0, 8.0, 2.0, 6.0]), np.array([4.0, 1.0, 4.0, 2.0, 3.0, 7.0])


def without(values, k):
    """The variance of the values without the k-th."""
    return np.var(np.delete(values, k), ddof=1)


def jackknifed(a, b):
    """The ratio of variances with its interval, one run left out at a time, in logarithms."""
    n = len(a)
    ratio = (a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)
    logs = [math.log((without(a, k) + without(b, k)) / without(a - b, k)) for k in range(n)]
    error = math.sqrt((n - 1) / n * sum((each - sum(logs) / n) ** 2 for each in logs))
    half = stats.t.ppf(0.975, n - 1) * error
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def runs_to_settle(gap):
    """The least number of runs whose t interval excludes 0 with a chance of 80 %, by going upwards from two."""
    ratio = gap.std(ddof=1) / abs(gap.mean())
    return next(n for n in range(2, 10**6) if n >= ((stats.t.ppf(0.975, n - 1) + stats.t.ppf(0.8, n - 1)) * ratio) ** 2)


def test_every_column_of_a_pair():
    found = paired(table(keep={"net_value": 0 * A}, a={"net_value": A}, b={"net_value": B}))
    assert list(found) == list(COLUMNS)
    made = found.set_index(["policy", "against", "indicator"]).loc[("a", "b", "net_value")]
    gap, (share, low, high) = A - B, share_interval(np.array([1.0, 0.5, 0.0, 1.0, 0.0, 0.0]), alone(6))
    ratio, ratio_low, ratio_high = jackknifed(A, B)
    assert made.to_dict() == pytest.approx(
        {
            "mean": 4 / 6, "low": mean_interval(gap, alone(6))[0], "high": mean_interval(gap, alone(6))[1],
            "probability_better": share, "probability_low": low, "probability_high": high, "ties": 1 / 6,
            "correlation": stats.pearsonr(A, B).statistic, "variance_reduction": ratio, "reduction_low": ratio_low,
            "reduction_high": ratio_high, "replications_needed": runs_to_settle(gap), "n": 6, "settled": UNDECIDED,
            "kind": "quiet",
        }
    )  # fmt: skip
    assert low < share < high
    of_keep = found.set_index(["policy", "against", "indicator"]).loc[("a", "keep", "net_value")]
    assert of_keep[["variance_reduction", "reduction_low", "reduction_high"]].isna().all()
    assert of_keep["probability_better"] == 1.0
    assert len(found) == 3 * len(INDICATORS)


def test_what_worlds_share_is_left_out_together():
    """Two runs a world that are the same: the ratio's interval is that of the worlds, as if each had one run twice."""
    a, b, world = np.repeat(A, 2), np.repeat(B, 2), np.repeat(np.arange(6), 2)
    logs = []
    for k in range(6):
        kept = world != k
        logs.append(math.log((a[kept].var(ddof=1) + b[kept].var(ddof=1)) / (a - b)[kept].var(ddof=1)))
    error = math.sqrt(5 / 6 * sum((each - sum(logs) / 6) ** 2 for each in logs))
    half = stats.t.ppf(0.975, 5) * error
    ratio = (a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)
    assert variance_reduction(a, b, world) == pytest.approx((ratio, ratio * math.exp(-half), ratio * math.exp(half)))
    gap = np.repeat(A - B, 2) + np.tile([1.0, -1.0], 6)  # what luck does within a world is gone in its mean
    assert needed(gap, world) == 2 * runs_to_settle(A - B)


@pytest.mark.parametrize(
    ("a", "b", "ratio", "has_ends"),
    [
        ([1.0], [2.0], math.nan, False),
        ([1.0, 2.0], [2.0, 2.0], 1.0, False),  # two runs: a ratio, and nothing to leave out
        ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0], 1.0, True),
        ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], math.inf, False),
        ([1.0, 1.0, 1.0], [2.0, 2.0, 2.0], math.nan, False),
        ([0.0, 0.0, 3.0], [0.0, 0.0, 0.0], 1.0, False),  # without the third nothing varies
    ],
)
def test_edges_of_the_ratio_of_variances(a, b, ratio, has_ends):
    found, low, high = variance_reduction(np.array(a), np.array(b), alone(len(a)))
    assert found == pytest.approx(ratio, nan_ok=True)
    assert (math.isfinite(low), math.isfinite(high)) == (has_ends, has_ends)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([0.0, 1.0], [0.0, 1.0], 1.0),
        ([0.0, 1.0], [1.0, 0.0], -1.0),
        ([0.0, 2.0, 1.0], [0.0, 1.0, 1.0], math.sqrt(3) / 2),
        ([1.0, 1.0], [0.0, 1.0], math.nan),
        ([0.0, 1.0], [1.0, 1.0], math.nan),
        ([1.0], [1.0], math.nan),
    ],
)
def test_edges_of_the_correlation(a, b, expected):
    assert correlation(np.array(a), np.array(b)) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("state", "expected"), [(SETTLED, 2.0), (NO_DIFFERENCE, math.inf), (NOTHING_SAID, math.nan)])
def test_replications_needed_where_there_is_nothing_to_reckon(state, expected):
    assert needed(np.array([1.0, 1.0]), alone(2), state) == pytest.approx(expected, nan_ok=True)


def test_an_undecided_pair_needs_more_than_it_has():
    assert needed(np.array([10.0, 11.0, 10.0]), alone(3), UNDECIDED) == 4.0
    assert needed(np.array([1e-6, 1.0, -1.0]), alone(3), UNDECIDED) == 1e9


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Known(1.0, 0.1, 2.0, "interval"), SETTLED),
        (Known(-1.0, -2.0, -0.1, "interval"), SETTLED),
        (Known(1.0, 0.0, 2.0, "interval"), UNDECIDED),
        (Known(-1.0, -2.0, 0.0, "interval"), UNDECIDED),
        (Known(0.0, -2.0, 2.0, "interval"), NO_DIFFERENCE),
        (Known(0.0, math.nan, math.nan, "none seen"), NO_DIFFERENCE),
        (Known(1.0, math.nan, math.nan, "seldom"), UNDECIDED),
        (Known(1.0, math.nan, math.nan, "one run"), NOTHING_SAID),
    ],
)
def test_when_a_difference_is_settled(found, expected):
    assert state_of(found) == expected


def test_pairs_are_with_keep_and_then_with_each_listed_later():
    values = {"net_value": [1.0]}
    assert pairs(table(b=values, keep=values, a=values)) == [("b", "keep"), ("a", "keep"), ("b", "a")]
    assert pairs(table(b=values, a=values)) == [("b", "a")]
    assert pairs(table(keep=values)) == []


def test_a_pair_without_a_run_in_common():
    found = row(table(a={"national_day": [3, np.nan]}, b={"national_day": [np.nan, 4]}), "a", "b", "national_day")
    assert found["n"] == 0
    assert found[["ties", "correlation", "probability_better", "variance_reduction"]].isna().all()
