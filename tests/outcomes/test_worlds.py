"""Verdicts over worlds against answers that are known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wom_sim._tables import ALL_POLICIES
from wom_sim.outcomes.drivers import by_chance, drivers, rank_correlation
from wom_sim.outcomes.worlds import dominates, judge, values_by_world


def table(runs, policies):
    """A table of replications from an array (worlds, replications, policies)."""
    worlds, replications, _ = runs.shape
    return pd.DataFrame(
        [
            {"world": w, "replication": r, "policy": name, "net_value": runs[w, r, k]}
            for w in range(worlds)
            for r in range(replications)
            for k, name in enumerate(policies)
        ]
    )


FOUR = np.array([[0.0, 10.0, 4.0], [0.0, -2.0, 1.0], [0.0, 6.0, 8.0], [0.0, 2.0, -1.0]])[:, None, :]
"""Four worlds: keep is 0; a is 10, -2, 6, 2; b is 4, 1, 8, -1."""


def test_four_worlds_by_hand():
    found = judge(table(FOUR, ["keep", "a", "b"]))
    rows = found.verdicts.set_index("policy")
    assert found.best == "a"
    assert rows["expected_net_value"].to_dict() == {"a": 4.0, "b": 3.0, "keep": 0.0}
    assert rows["share_best"].to_dict() == {"a": 0.5, "b": 0.5, "keep": 0.0}
    assert rows["regret_mean"].to_dict() == {
        "a": (0 + 3 + 2 + 0) / 4,
        "b": (6 + 0 + 0 + 3) / 4,
        "keep": (10 + 1 + 8 + 2) / 4,
    }
    assert rows["regret_worst"].to_dict() == {"a": 3.0, "b": 6.0, "keep": 10.0}
    assert rows["chance_loss"].to_dict() == {"a": 0.25, "b": 0.25, "keep": 0.0}
    assert found.evpi.value == pytest.approx((10 + 1 + 8 + 2) / 4 - 4.0)
    assert found.flips.value == 0.5
    assert rows["variance_luck"].isna().all()  # a single replication cannot tell


def test_equal_policies_share_the_worlds():
    runs = np.zeros((4, 1, 2))
    assert judge(table(runs, ["keep", "a"])).verdicts["share_best"].tolist() == [0.5, 0.5]


def test_a_missing_run_is_refused():
    with pytest.raises(ValueError, match="every policy must have been run"):
        values_by_world(table(FOUR, ["keep", "a", "b"]).iloc[:-1])


def test_dominance():
    assert dominates(np.array([2.0, 3.0]), np.array([1.0, 3.0])) == 1
    assert dominates(np.array([3.0, 2.0]), np.array([1.0, 3.0])) == 1  # whatever the order
    assert dominates(np.array([2.0, 2.0]), np.array([1.0, 3.0])) == 2  # the same mean, less risk
    assert dominates(np.array([1.0, 3.0]), np.array([2.0, 2.0])) == 0
    assert dominates(np.array([1.0, 9.0]), np.array([2.0, 3.0])) == 0
    assert dominates(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0  # equal


def test_dominance_in_the_table():
    runs = np.array([[0.0, 5.0, 1.0], [0.0, 5.0, 9.0]] * 10)[:, None, :]
    rows = judge(table(runs, ["keep", "safe", "risky"])).verdicts.set_index("policy")
    assert rows.loc["keep", "dominated_by"] == "safe, risky"
    assert rows.loc["keep", "dominance_order"] == "first, first"
    assert rows.loc["risky", "dominated_by"] == "safe"
    assert rows.loc["risky", "dominance_order"] == "second"
    assert rows.loc["safe", "dominated_by"] == ""


def test_variance_is_split_as_by_hand():
    runs = np.array([[1.0, 3.0], [5.0, 7.0], [9.0, 17.0]])[:, :, None] * np.array([0.0, 1.0])
    row = judge(table(runs, ["keep", "a"])).verdicts.set_index("policy").loc["a"]
    within = (2.0 + 2.0 + 32.0) / 3
    assert row["variance_luck"] == pytest.approx(within)
    assert row["variance_worlds"] == pytest.approx(np.var([2.0, 6.0, 13.0], ddof=1) - within / 2)


def test_variance_split_recovers_what_was_put_in():
    rng = np.random.default_rng(1)
    worlds = rng.normal(0.0, 3.0, (4000, 1, 1)) + rng.normal(0.0, 2.0, (4000, 3, 1))
    runs = np.concatenate([np.zeros((4000, 3, 1)), worlds], axis=2)
    row = judge(table(runs, ["keep", "a"]), resamples=200).verdicts.set_index("policy").loc["a"]
    assert row["variance_luck_low"] < 4.0 < row["variance_luck_high"]
    assert row["variance_worlds_low"] < 9.0 < row["variance_worlds_high"]


# -- the value of knowing ------------------------------------------------------------------------------------


def linear_normal(n, slope, seed, policies=("keep", "act"), middle=1.0, noise=2.0):
    """A choice with an exact answer: to act is worth middle + slope x theta + noise, theta standard normal."""
    rng = np.random.default_rng(seed)
    theta = rng.permutation(stats.norm.ppf((np.arange(n) + 0.5) / n))
    other = rng.normal(size=n)
    act = middle + slope * theta + noise * rng.normal(size=n)
    runs = np.stack([np.zeros(n), act], axis=1)[:, None, :]
    worlds = pd.DataFrame({"world": np.arange(n), "block": 0, "theta": theta, "other": other})
    about = pd.DataFrame({"parameter": ["theta", "other"], "grade": "C", "low": -3.0, "high": 3.0})
    return drivers(table(runs, policies), worlds, about, seed=1).set_index("parameter")


def exact_evppi(middle, slope):
    """Expected gain of choosing with theta known: slope x unit normal loss."""
    z = middle / slope
    return slope * stats.norm.pdf(z) + middle * stats.norm.cdf(z) - max(0.0, middle)


@pytest.mark.science
@pytest.mark.parametrize("slope", [1.5, 3.0])
def test_the_value_of_knowing_is_exact_where_an_exact_answer_is_known(slope):
    found = linear_normal(2000, slope, seed=3)
    exact = exact_evppi(1.0, slope)
    row = found.loc["theta"]
    assert row["evppi"] == pytest.approx(exact, rel=0.15)
    assert row["evppi_low"] <= exact <= row["evppi_high"]
    assert row["flips"] == pytest.approx(stats.norm.cdf(-1.0 / slope), abs=0.03)
    assert row["flip_at"] == pytest.approx(-1.0 / slope, abs=0.15)
    assert row["share_of_variance"] == pytest.approx(slope**2 / (slope**2 + 4.0), abs=0.05)
    assert row["beyond_chance"]
    assert not found.loc["other", "beyond_chance"]
    assert found.loc["other", "evppi"] < 0.1 * exact


@pytest.mark.science
def test_the_interval_of_the_value_of_knowing_holds_the_exact_value():
    """In 95 of 100 samples it should; with 40 samples at least 34 (the chance of fewer is 1.4 % at a true 95 %)."""
    exact = exact_evppi(1.0, 2.0)
    rows = [linear_normal(200, 2.0, seed).loc["theta"] for seed in range(40)]
    assert sum(row["evppi_low"] <= exact <= row["evppi_high"] for row in rows) >= 34


@pytest.mark.science
def test_one_number_is_worth_no_more_than_all():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x = rng.uniform(size=40)
        runs = np.stack([np.zeros(40), 1.0 + x + 0.4 * rng.normal(size=40), 2.0 - x], axis=1)[:, None, :]
        about = pd.DataFrame({"parameter": ["x"], "grade": "C", "low": 0.0, "high": 1.0})
        made = table(runs, ["keep", "a", "b"])
        rows = drivers(made, pd.DataFrame({"world": np.arange(40), "x": x}), about)
        assert (rows.loc[rows["policy"] == ALL_POLICIES, "evppi"] <= judge(made).evpi.value + 1e-9).all()


def test_a_curve_is_found_where_a_line_would_see_nothing():
    rng = np.random.default_rng(5)
    theta = rng.permutation((np.arange(400) + 0.5) / 400) * 2 - 1
    act = 1.0 - 3.0 * theta**2 + 0.3 * rng.normal(size=400)  # keep is better at both ends
    worlds = pd.DataFrame({"world": np.arange(400), "theta": theta})
    about = pd.DataFrame({"parameter": ["theta"], "grade": "C", "low": -1.0, "high": 1.0})
    runs = np.stack([np.zeros(400), act], axis=1)[:, None, :]
    row = drivers(table(runs, ["keep", "act"]), worlds, about).iloc[0]
    exact = (2 / 3**1.5) - 0.0  # mean of the better of 0 and 1 - 3 x^2 over -1..1 is 2/(3 sqrt 3); the mean itself is 0
    assert row["evppi"] == pytest.approx(exact, abs=0.06)
    assert abs(row["rank_correlation"]) < 0.15
    assert row["share_of_variance"] > 0.7


@pytest.mark.science
def test_noise_is_rarely_worth_knowing():
    """Ten numbers that do nothing: in at most 4 of 25 samples may one be beyond chance (1.25 are expected)."""
    beyond = 0
    for seed in range(25):
        rng = np.random.default_rng(seed)
        worlds = pd.DataFrame({"world": np.arange(100)} | {f"x{k}": rng.uniform(size=100) for k in range(10)})
        about = pd.DataFrame({"parameter": [f"x{k}" for k in range(10)], "grade": "C", "low": 0.0, "high": 1.0})
        runs = np.stack([np.zeros(100), rng.normal(0.1, 1.0, 100)], axis=1)[:, None, :]
        beyond += bool(drivers(table(runs, ["keep", "act"]), worlds, about, seed=seed)["beyond_chance"].any())
    assert beyond <= 4


def test_a_choice_of_values_is_taken_by_value():
    rng = np.random.default_rng(2)
    x = rng.permutation(np.repeat([1.0, 2.0, 3.0], 100))
    act = np.select([x == 1, x == 2], [2.0, -3.0], 2.0) + 0.1 * rng.normal(size=300)
    worlds = pd.DataFrame({"world": np.arange(300), "x": x})
    about = pd.DataFrame({"parameter": ["x"], "grade": "C", "low": 1.0, "high": 3.0})
    runs = np.stack([np.zeros(300), act], axis=1)[:, None, :]
    row = drivers(table(runs, ["keep", "act"]), worlds, about).iloc[0]
    assert row["evppi"] == pytest.approx(1.0, abs=0.02)  # 3 saved in a third of cases
    assert row["flips"] == pytest.approx(1 / 3)


def test_every_policy_and_the_choice_have_their_rows():
    rng = np.random.default_rng(4)
    runs = np.concatenate([np.zeros((60, 2, 1)), rng.normal(1, 1, (60, 2, 2))], axis=2)
    worlds = pd.DataFrame({"world": np.arange(60), "x": rng.uniform(size=60)})
    about = pd.DataFrame({"parameter": ["x"], "grade": "C", "low": 0.0, "high": 1.0})
    found = drivers(table(runs, ["keep", "a", "b"]), worlds, about)
    assert set(found["policy"]) == {ALL_POLICIES, "a", "b"}


def test_rank_correlation_is_scipys_with_an_interval():
    rng = np.random.default_rng(8)
    x = rng.normal(size=50)
    y = x + rng.normal(size=50)
    r, low, high = rank_correlation(x, y)
    assert r == pytest.approx(stats.spearmanr(x, y).statistic)
    assert low < r < high
    assert rank_correlation(x, np.zeros(50)) == (0.0, 0.0, 0.0)


def test_chance_knows_how_many_numbers_there_are():
    rng = np.random.default_rng(0)
    gaps = np.stack([np.zeros(80), rng.normal(-0.1, 1.0, 80)], axis=1)
    columns = [np.linalg.qr(np.column_stack([np.ones(80), rng.normal(size=80)]))[0] for _ in range(20)]
    bases = [[np.full((80, 1), 80**-0.5), q] for q in columns]
    assert by_chance(gaps, bases, 0)[0] > by_chance(gaps, bases[:1], 0)[0]
