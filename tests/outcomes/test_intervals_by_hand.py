"""Intervals of means and chances against the distributions that they are said to come from."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wom_sim.outcomes.materiality import Rule, choose
from wom_sim.outcomes.paired import correlation, paired
from wom_sim.outcomes.receipts import stacked
from wom_sim.outcomes.statistics import _gamma_quantile, mean_interval, share_ends


@pytest.mark.parametrize(("mean", "variance"), [(3.0, 2.0), (0.4, 5.0), (20.0, 4.0), (500.0, 30.0)])
@pytest.mark.parametrize("p", [0.025, 0.5, 0.975])
def test_a_quantile_of_the_gamma_distribution(mean, variance, p):
    asked = stats.gamma(mean**2 / variance, scale=variance / mean).ppf(p)
    found = float(_gamma_quantile(np.array(mean), np.array(variance), p))
    assert found == pytest.approx(asked, rel=1e-6 if mean**2 / variance < 1e3 else 1e-3)


def test_a_chance_of_which_nobody_saw_a_run_can_be_anything():
    low, high = share_ends(np.array([0.0, 0.0, 3.0, 2.0]), np.array([0.0, 10.0, 3.0, 8.0]))
    seen = stats.beta(2.5, 6.5)
    assert low == pytest.approx([0.0, 0.0, 0.05 ** (1 / 3), seen.ppf(0.025)])
    assert high == pytest.approx([1.0, 1.0 - 0.05**0.1, 1.0, seen.ppf(0.975)])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("first_is_flat", [True, False])
def test_there_is_no_correlation_with_what_does_not_vary(first_is_flat):
    flat, other = np.ones(4), np.array([1.0, 2.0, 4.0, 8.0])
    assert math.isnan(correlation(*((flat, other) if first_is_flat else (other, flat))))


def test_of_two_policies_that_earn_the_same_the_one_named_first_leads():
    runs = [
        {"policy": policy, "replication": k, "net_value": float(k), "national_coverage": 0.0}
        for policy in ("slow", "fast")
        for k in range(5)
    ]
    assert choose(pd.DataFrame(runs), Rule()).equals == ("slow", "fast")


def test_a_mean_of_what_is_never_below_zero_has_the_interval_of_a_gamma_distribution():
    values = np.array([3.0, 4.0, 5.0, 6.0, 7.0])
    error = values.std(ddof=1) / math.sqrt(5)
    variance, once = (error * stats.t(4).ppf(0.975) / stats.norm.ppf(0.975)) ** 2, (7.0 - 5.0) / 5

    def quantile(mean, variance, p):
        return stats.gamma(mean**2 / variance, scale=variance / mean).ppf(p)

    ends = (quantile(5.0, variance, 0.025), quantile(5.0 + once, variance + once**2, 0.975))
    assert mean_interval(values, signed=False) == pytest.approx((5.0, *ends))


def test_ties_are_the_share_of_runs_without_a_difference():
    values = {"slow": [1.0, 2.0, 3.0, 4.0], "fast": [1.0, 2.0, 2.0, 9.0]}
    runs = [
        {"policy": policy, "replication": k, "net_value": value}
        for policy, each in values.items()
        for k, value in enumerate(each)
    ]
    (row,) = paired(pd.DataFrame(runs), "net_value").to_dict("records")
    assert (row["policy"], row["against"], row["ties"], row["probability_better"]) == ("slow", "fast", 0.5, 0.5)


def test_a_run_of_fewer_months_has_nothing_in_those_it_lacks():
    long, short = np.arange(12).reshape(1, 4, 3), np.arange(6).reshape(1, 2, 3)
    both = stacked([long, short], later=1)
    assert both.shape == (2, 1, 4, 3)
    assert both[0].tolist() == long.tolist()
    assert both[1, 0].tolist() == [[0, 1, 2], [0, 0, 0], [0, 0, 0], [3, 4, 5]], "what comes later stays last"
