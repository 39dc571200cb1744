"""What is told of a mean: which kind of interval, for which kind of outcome, and when it is only a bound."""

from __future__ import annotations

import math

import numpy as np
import pytest
from run_tables import table

from wom_sim.outcomes.compare import differences, summary
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import paired
from wom_sim.outcomes.statistics import chance_interval, mean_ends, mean_interval, moments, share_ends, unseen
from wom_sim.outcomes.units import (
    BOUND,
    EXACT,
    INTERVAL,
    NONE_SEEN,
    ONE_RUN,
    QUIET,
    SAME,
    SELDOM,
    by_unit,
    known,
    known_gap,
    share_interval,
)
from wom_sim.outcomes.worlds import judge

BY_NAME = {i.name: i for i in INDICATORS}
REACHED, NET, EXTRA, NEWS = (BY_NAME[n] for n in ("reached", "net_value", "extra_profitable", "national_coverage"))


def alone(n):
    return np.arange(n)


def of(found, **where):
    rows = found
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1
    return rows.iloc[0]


# -- ends ----------------------------------------------------------------------------------------------------


def test_a_count_never_has_a_negative_end():
    """Of 200 samples of each of several counts; Student's interval of the same samples often has one."""
    rng = np.random.default_rng(1)
    negative = 0
    for draw in (rng.poisson(0.3, (200, 10)), rng.negative_binomial(0.2, 0.1, (200, 10)), rng.poisson(5, (200, 3))):
        for values in draw.astype(float):
            found = known(values, alone(len(values)), REACHED)
            assert not found.low < 0.0
            negative += mean_interval(values)[1] < 0.0
    assert negative > 100


def test_a_net_number_may_be_below_zero():
    values = np.array([-2.0, 1.0, -1.0, 3.0, -4.0, 2.0, 1.0, -1.0])
    assert known(values, alone(8), EXTRA).low < 0.0
    assert {i.name for i in INDICATORS if i.signed and i.unit == "people"} == {
        "extra_profitable", "extra_others", "joins_lost"
    }  # fmt: skip


def test_none_seen_is_not_zero_to_zero():
    found = known(np.zeros(10), alone(10), REACHED)
    assert (found.mean, found.kind) == (0.0, NONE_SEEN)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert all(math.isnan(end) for end in mean_interval(np.zeros(10), signed=False)[1:])
    low, high = mean_ends(moments(np.array([[0.0, 0.0, 0.0], [0.0, 3.0, 1.0]])))
    assert np.isnan([low[0], high[0]]).all()
    assert np.isfinite([low[1], high[1]]).all()


def test_at_most_26_percent_of_runs_show_what_ten_did_not():
    """One-sided exact binomial bounds: 1 - .05^(1/n); with the chance told, none of n runs come in 5 % of samples."""
    assert unseen(10) == pytest.approx(0.25886555, abs=1e-8)
    for n in (5, 10, 20, 100):
        assert (1.0 - unseen(n)) ** n == pytest.approx(0.05)
        assert chance_interval(np.zeros(n)) == pytest.approx((0.0, 0.0, unseen(n)))
        assert chance_interval(np.ones(n)) == pytest.approx((1.0, 1.0 - unseen(n), 1.0))


def test_jeffreys_interval_of_a_chance():
    """2 of 10: 4.4 to 50.3 % (Brown, Cai & DasGupta 2001, table 5)."""
    assert chance_interval(np.array([1.0] * 2 + [0.0] * 8)) == pytest.approx((0.2, 0.044, 0.503), abs=5e-4)


def test_skewness_bends_the_interval_towards_the_long_tail():
    long = np.array([1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 6.0, 20.0])
    mean, low, high = mean_interval(long)
    assert high - mean > 1.5 * (mean - low)
    turned = mean_interval(-long)
    assert turned == pytest.approx((-mean, -high, -low))
    even = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    half = 2.7764451052 * math.sqrt(2.5 / 5)  # Student's t, four degrees of freedom, 97.5 %
    assert mean_interval(even) == pytest.approx((0.0, -half, half))


def test_rows_are_as_single_samples():
    rng = np.random.default_rng(2)
    rows = rng.negative_binomial(2, 0.2, (20, 12)).astype(float)
    rows[3, 4:] = np.nan
    for signed in (True, False):
        low, high = mean_ends(moments(rows), signed)
        for k, row in enumerate(rows):
            assert mean_interval(row, signed)[1:] == pytest.approx((low[k], high[k]))


# -- kinds ---------------------------------------------------------------------------------------------------


def test_what_few_runs_showed_is_a_bound_for_people_and_no_interval_for_money():
    seldom = np.array([0.0] * 7 + [1.0, 2.0, 1.0])
    found = known(seldom, alone(10), REACHED)
    assert (found.low, found.kind) == (0.0, BOUND)
    assert found.high > found.mean
    assert known(1e4 * seldom, alone(10), NET)[1:] == pytest.approx((math.nan, math.nan, SELDOM), nan_ok=True)
    often = np.array([0.0] * 5 + [1.0, 2.0, 1.0, 1.0, 3.0])
    assert known(often, alone(10), REACHED).kind == INTERVAL
    assert known(often[-4:], alone(4), REACHED).kind == INTERVAL  # in all of four runs


def test_an_interval_of_quiet_runs_says_so():
    rng = np.random.default_rng(3)
    values, never = 1e5 + 1e3 * rng.standard_normal(10), np.zeros(10)
    assert known(values, alone(10), NET).kind == INTERVAL
    quiet = known(values, alone(10), NET, [never])
    assert quiet.kind == QUIET
    assert quiet[:3] == known(values, alone(10), NET)[:3]
    once = np.array([0.0] * 9 + [-500.0])
    assert known(values, alone(10), NET, [once]).kind == BOUND
    disaster = np.array([0.0] * 9 + [-1e6])
    assert known(values + disaster, alone(10), NET, [disaster]).kind == SELDOM
    assert known(values, alone(10), NET, [values]).kind == INTERVAL


def test_what_makes_half_of_the_variance_does_not_yet_decide_the_mean():
    """Apart from the mean of 1 the runs are 3, -3 and 0; what is rare adds 3 to the first: 9 of 18."""
    rare, values = np.zeros(10), np.ones(10)
    rare[0], values[:2] = 3.0, [4.0, -2.0]
    assert known(values, alone(10), NET, [rare]).kind == BOUND
    assert known(values, alone(10), NET, [1.01 * rare]).kind == SELDOM


def test_a_cost_has_no_end_above_zero_and_a_difference_of_two_may():
    lost = -np.array([0.0, 900.0, 0.0, 2e3, 1.5e3, 800.0, 0.0, 9e3, 0.0, 700.0])
    assert mean_interval(lost)[2] > 0.0
    line = BY_NAME["profit_lost_household"]
    assert known(lost, alone(10), line).high == 0.0
    assert known_gap(lost, np.roll(lost, 1), alone(10), line).high > 0.0


def test_one_run_and_the_same_in_every_run():
    assert known(np.array([3.0]), alone(1), NET).kind == ONE_RUN
    assert known(np.full(5, 7.0), alone(5), NET) == (7.0, 7.0, 7.0, SAME)
    assert known(np.array([np.nan, np.nan]), alone(2), BY_NAME["national_day"]).kind == ONE_RUN


# -- tables --------------------------------------------------------------------------------------------------


def made():
    rng = np.random.default_rng(4)
    values = {
        "net_value": 1e5 + 2e4 * rng.standard_normal(10), "reached": rng.poisson(0.5, 10), "lost_profitable": [0] * 10,
        "national_coverage": [1] + [0] * 9, "losses_avoided": 1e4 * rng.random(10),
    }  # fmt: skip
    return table(keep={"net_value": np.zeros(10)}, a=values, b={"net_value": values["net_value"] - 5e3})


def test_keep_is_exactly_zero_and_has_no_interval():
    kept = summary(made()).query("policy == 'keep' and not mean.isna()")
    assert len(kept) > 20
    assert (kept[["mean", "low", "high"]] == 0.0).all(axis=None)
    assert set(kept["kind"]) == {EXACT}


def test_a_mean_has_one_interval_in_every_table():
    """Summary, differences to keeping everyone and pairs: the same mean has the same ends and kind."""
    runs = made()
    one, two, three = summary(runs), differences(runs), paired(runs)
    for indicator in ("net_value", "reached", "lost_profitable", "national_coverage", "losses_avoided"):
        wanted = of(one, policy="a", indicator=indicator)
        for other in (two, three):
            found = of(other, policy="a", against="keep", indicator=indicator)
            for column in ("mean", "low", "high"):
                assert found[column] == pytest.approx(wanted[column], nan_ok=True)
            assert found["kind"] == wanted["kind"]


def test_a_pair_without_any_difference_is_undecidable_and_not_one_run():
    same = of(paired(table(a={"reached": [3, 4, 5]}, b={"reached": [3, 4, 5]})), indicator="reached")
    assert (same["kind"], same["settled"]) == (NONE_SEEN, "undecidable: no difference seen")


# -- worlds --------------------------------------------------------------------------------------------------


def drawn(worlds=12, replications=4):
    rng = np.random.default_rng(5)
    shift = np.repeat(rng.normal(1e5, 1e5, worlds), replications)
    values = shift + 1e3 * rng.standard_normal(worlds * replications)
    world, r = np.repeat(np.arange(worlds), replications), np.tile(range(replications), worlds)
    return table(world=world, replications=r, keep={"net_value": 0.0 * values}, a={"net_value": values})


def test_the_interval_over_worlds_is_the_same_in_summary_and_verdicts():
    runs = drawn()
    wanted = of(summary(runs), policy="a", indicator="net_value")
    found = of(judge(runs).verdicts, policy="a")
    assert wanted["n"] == 12
    assert (found["expected_net_value"], found["low"], found["high"]) == pytest.approx(
        (wanted["mean"], wanted["low"], wanted["high"])
    )
    means = runs[runs["policy"] == "a"].groupby("world")["net_value"].mean().to_numpy()
    assert (found["low"], found["high"]) == pytest.approx(mean_interval(means)[1:])


def test_a_chance_of_loss_counts_worlds_and_not_their_runs():
    """Twelve worlds without a loss leave 22 % open (1 - .05^(1/12)), however many runs each has; not 6 % of 48 runs."""
    runs = drawn()
    runs.loc[runs["policy"] == "a", "net_value"] = 1.0 + runs["net_value"].abs()
    found = of(judge(runs).verdicts, policy="a")
    assert (found["chance_loss"], found["chance_loss_high"]) == pytest.approx((0.0, unseen(12)))
    share = share_interval(np.zeros(48), np.repeat(np.arange(12), 4))
    assert share == pytest.approx((0.0, 0.0, found["chance_loss_high"]))


def test_pseudo_values_of_unequal_worlds_keep_mean_and_error():
    """Cochran 1977, chapter 9A: the ratio estimator of clusters of unequal size, by hand."""
    values, unit = np.array([1.0, 2.0, 3.0, 10.0]), np.array([0, 0, 0, 1])
    each = by_unit(values, unit)
    assert each.mean() == pytest.approx(4.0)
    apart = np.array([6.0 - 3 * 4.0, 10.0 - 4.0])
    assert each.std(ddof=1) / math.sqrt(2) == pytest.approx(math.sqrt((apart**2).sum() * 2 / 1) / 4)


def test_a_share_of_none_is_a_bound_for_vectors_too():
    low, high = share_ends(np.array([0.0, 1.0, 4.0]), 4.0)
    assert (low[0], high[2]) == (0.0, 1.0)
    assert (high[0], low[2]) == pytest.approx((unseen(4), 1.0 - unseen(4)))
