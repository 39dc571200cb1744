"""Shares of variance over worlds: they add up to what is explained together, and what is chance is not told."""

import numpy as np
import pandas as pd
import pytest

from wom_sim._tables import ALL_POLICIES
from wom_sim.outcomes.drivers import drivers
from wom_sim.outcomes.splines import bases_of
from wom_sim.outcomes.variance_shares import shares
from wom_sim.outcomes.worlds import resampled


def drawn(worlds, numbers, seed):
    """A Latin hypercube of numbers between 0 and 1."""
    rng = np.random.default_rng(seed)
    return np.stack(
        [(rng.permutation(worlds) + rng.uniform(size=worlds)) / worlds for _ in range(numbers)], axis=1
    ), rng


def found(x, y, seed=0):
    return shares(y, [bases_of(column) for column in x.T], resampled(len(y), 200, seed), seed)


def scaled(x):
    """Numbers with variance 1."""
    return (x - 0.5) * 12**0.5


@pytest.mark.science
@pytest.mark.parametrize("worlds", [12, 20, 40])
def test_forty_numbers_that_do_nothing_make_no_variance(worlds):
    """One by one, each with the curve that suits it best, they would add up to 100 % and far more."""
    told = 0
    for seed in range(20):
        x, rng = drawn(worlds, 40, seed)
        y = rng.normal(size=worlds)
        told += bool(found(x, y, seed).beyond.any())
    assert told <= 4  # one in twenty is expected


@pytest.mark.parametrize("noise", [0.0, 0.1, 1.0])
@pytest.mark.parametrize("worlds", [12, 40, 100])
def test_shares_add_up_to_no_more_than_all(worlds, noise):
    for seed in range(5):
        x, rng = drawn(worlds, 30, seed)
        y = scaled(x[:, :4]) @ [2.0, 1.0, 1.0, 0.5] + noise * rng.normal(size=worlds)
        result = found(x, y, seed)
        assert result.value.sum() <= 1.0 + 1e-9
        assert ((result.low <= result.value) & (result.value <= result.high)).all()
        assert (result.value[~result.beyond] == 0.0).all()


@pytest.mark.science
def test_shares_are_those_that_were_put_in():
    """Variances 4, 1, .25 and 1 of luck: 64, 16, 4 and 16 %."""
    rows = []
    for seed in range(20):
        x, rng = drawn(200, 10, seed)
        rows.append(found(x, scaled(x[:, :3]) @ [2.0, 1.0, 0.5] + rng.normal(size=200), seed))
    value = np.mean([row.value for row in rows], axis=0)
    assert value[:3] == pytest.approx([0.64, 0.16, 0.04], abs=0.02)
    assert value[3:].max() < 0.005
    for k, share in enumerate((0.64, 0.16, 0.04)):
        held = sum(row.low[k] <= share <= row.high[k] for row in rows)
        assert held >= 16  # of 20; fewer have a chance of 1.6 % where it is 95 % each


def test_a_weak_number_is_seen_once_the_strong_one_is_taken_out():
    x, rng = drawn(60, 10, 3)
    y = 10.0 * scaled(x[:, 0]) + 2.0 * scaled(x[:, 1]) + 0.5 * rng.normal(size=60)
    result = found(x, y)
    assert result.beyond[:2].all()
    assert result.value[1] < result.by_chance, "alone it would be lost among what chance shows of the whole"


def test_where_nothing_varies_nothing_is_shared():
    x, _ = drawn(20, 3, 1)
    result = found(x, np.zeros(20))
    assert not result.value.any() and not result.beyond.any() and not result.high.any()


# -- numbers that a policy does not use ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unused():
    """Two policies; the letter depends on x, and neither on idle."""
    x, rng = drawn(60, 2, 5)
    letter, offer = 1.0 + 3.0 * scaled(x[:, 0]) + rng.normal(size=60), 1.0 + rng.normal(size=60)
    rows = [
        {"world": w, "replication": 0, "policy": name, "net_value": float(values[w])}
        for w in range(60)
        for name, values in (("keep", np.zeros(60)), ("letter", letter), ("offer", offer))
    ]
    worlds = pd.DataFrame({"world": np.arange(60), "x": x[:, 0], "idle": x[:, 1]})
    about = pd.DataFrame({"parameter": ["x", "idle"], "grade": "C", "low": 0.0, "high": 1.0})
    return drivers(pd.DataFrame(rows), worlds, about, 1, lambda policy, number: (policy, number) == ("letter", "x"))


def test_the_swing_of_a_number_that_no_policy_uses_is_exactly_zero(unused):
    rows = unused[unused["parameter"] == "idle"]
    assert len(rows) == 3
    assert (rows["value_if_low"] == rows["value_if_high"]).all()
    measures = ["rank_correlation", "evppi", "evppi_high", "flips", "share_of_variance", "share_of_variance_high"]
    assert (rows[measures] == 0.0).all(axis=None)
    assert not rows[["used", "beyond_chance", "share_beyond_chance", "swing_beyond_chance"]].any(axis=None)


def test_it_counts_for_the_policy_that_uses_it_alone(unused):
    used = unused[unused["parameter"] == "x"].set_index("policy")
    assert used["used"].to_dict() == {ALL_POLICIES: True, "letter": True, "offer": False}
    assert used.loc["letter", "swing_beyond_chance"] and used.loc["letter", "share_of_variance"] > 0.7
    assert used.loc["offer", "value_if_low"] == used.loc["offer", "value_if_high"]


@pytest.mark.science
def test_a_swing_that_chance_shows_is_not_beyond_it():
    beyond = 0
    for seed in range(25):
        x, rng = drawn(60, 12, seed)
        worlds = pd.DataFrame({"world": np.arange(60)} | {f"x{k}": x[:, k] for k in range(12)})
        about = pd.DataFrame({"parameter": [f"x{k}" for k in range(12)], "grade": "C", "low": 0.0, "high": 1.0})
        gain = rng.normal(0.1, 1.0, 60)
        rows = [
            {"world": w, "replication": 0, "policy": name, "net_value": value}
            for name, own in (("keep", 0 * gain), ("act", gain))
            for w, value in enumerate(own)
        ]
        beyond += bool(drivers(pd.DataFrame(rows), worlds, about, seed)["swing_beyond_chance"].any())
    assert beyond <= 4
