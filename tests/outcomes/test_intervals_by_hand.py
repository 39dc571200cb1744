"""Intervals of means and chances against the distributions that they are said to come from."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wom_sim.outcomes.materiality import Rule, choose
from wom_sim.outcomes.paired import correlation
from wom_sim.outcomes.statistics import _gamma_quantile, share_ends


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
