"""Factors by distribution, correlated, learned jointly; and trajectories over lists: what is drawn, what is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from test_designs import LIMIT, PAYMENT, study  # noqa: F401

from wom_sim.scenario import ScenarioError
from wom_sim.study.folder import Store
from wom_sim.study.joint_draws import correlated
from wom_sim.study.loading import load_study

BETA = 'key = "behaviour.leaving.beta"\n'
CHANNEL = 'key = "policies.exit.channel"\nvalues = ["letter", "phone", "personal"]'
HYPERCUBE = 'kind = "latin_hypercube"\nsamples = 400'


def column(found, k):
    return [row[k] for row in found.points.rows]


# -- distributions -------------------------------------------------------------------------------------------


def test_a_factor_may_have_any_distribution_of_a_scenario(study):  # noqa: F811
    found = study(
        HYPERCUBE, PAYMENT + "distribution = {median = 50.0, sigma = 0.5}",
        BETA + "distribution = {low = 0.0, mode = 0.2, high = 1.0, zero = 0.25}",
        LIMIT + "distribution = {low = 10, high = 30}",
    )  # fmt: skip
    pay, beta, limit = (np.array(column(found, k)) for k in range(3))
    assert np.median(pay) == pytest.approx(50.0, rel=0.01) and np.log(pay).std() == pytest.approx(0.5, rel=0.02)
    assert (beta == 0.0).mean() == pytest.approx(0.25, abs=0.005)
    assert set(map(type, column(found, 2))) == {int} and limit.min() == 10 and limit.max() == 30
    assert found.checked() is found


def test_a_design_of_shares_of_variance_may_have_them_too(study):  # noqa: F811
    made = study('kind = "sobol"\nsamples = 8', BETA + "distribution = {mean = 0.4, sd = 0.2, low = 0.0}",
                 PAYMENT + "low = 0\nhigh = 100")  # fmt: skip
    assert len(made.points) == 8 * 4 and min(column(made, 0)) >= 0.0


@pytest.mark.parametrize(
    ("design", "factor", "said"),
    [
        ('kind = "morris"\nsamples = 4', BETA + "distribution = {low = 0, high = 1}", "its steps go over a range"),
        ('kind = "grid"', BETA + "distribution = {low = 0, high = 1}", "means nothing where kind = 'grid'"),
        (HYPERCUBE, BETA + "low = 0\nhigh = 1\ndistribution = {low = 0, high = 1}", "stands alone, but low was given"),
        (HYPERCUBE, BETA + "distribution = {low = -1, high = 1}", "distribution: has -1, allowed: 0 to"),
        (HYPERCUBE, BETA + "distribution = {sd = 1}", "distribution"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(study, design, factor, said):  # noqa: F811
    with pytest.raises(ScenarioError, match=said):
        _ = study(design, factor).points


# -- correlations --------------------------------------------------------------------------------------------


def test_columns_go_together_as_asked_and_each_stays_even():
    unit = (np.argsort(np.random.default_rng(1).random((500, 3)), axis=0) + 0.5) / 500
    found = correlated(unit, ["a", "b", "c"], {("a", "b"): 0.7, ("b", "c"): -0.4})
    ranks = spearmanr(found).statistic
    assert (ranks[0, 1], ranks[1, 2], ranks[0, 2]) == pytest.approx((0.7, -0.4, 0.0), abs=0.03)
    assert np.sort(found, axis=0) == pytest.approx(np.sort(unit, axis=0))
    with pytest.raises(ValueError, match="together they cannot be"):
        correlated(unit, ["a", "b", "c"], {("a", "b"): 0.95, ("b", "c"): 0.95, ("a", "c"): -0.9})
    with pytest.raises(ValueError, match="need at least 5 samples, given 4"):
        correlated(unit[:4], ["a", "b", "c"], {("a", "b"): 0.5})


def test_correlated_factors_in_a_study(study):  # noqa: F811
    pair = '\n[[design.correlations]]\nbetween = ["behaviour.leaving.beta", "policies.exit.payment"]\nrank = 0.6'
    made = study(HYPERCUBE + pair, PAYMENT + "low = 0\nhigh = 100", BETA + "distribution = {low = 0, high = 1}")
    assert spearmanr(column(made, 0), column(made, 1)).statistic == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize(
    ("design", "between", "said"),
    [
        ('kind = "sobol"\nsamples = 4', '["behaviour.leaving.beta", "policies.exit.payment"]', "that are independent"),
        (HYPERCUBE, '["behaviour.leaving.beta", "policies.exit.channel"]', "given 'policies.exit.channel', allowed"),
        (HYPERCUBE, '["behaviour.leaving.beta", "behaviour.leaving.beta"]', "a factor with itself"),
    ],
)  # fmt: skip
def test_correlations_that_cannot_be_are_refused(study, design, between, said):  # noqa: F811
    pair = f"\n[[design.correlations]]\nbetween = {between}\nrank = 0.5"
    with pytest.raises(ScenarioError, match=said):
        _ = study(design + pair, PAYMENT + "low = 0\nhigh = 1", BETA + "low = 0\nhigh = 1", CHANNEL).points


# -- joint draws ---------------------------------------------------------------------------------------------


@pytest.fixture
def draws(tmp_path):
    beta = np.linspace(0.1, 0.9, 1000)
    table = pd.DataFrame({"behaviour.leaving.beta": beta, "behaviour.talking.p_retell": 1.0 - beta})
    table.to_parquet(tmp_path / "posterior.parquet", index=False)
    return tmp_path / "posterior.parquet"


def test_what_was_learned_together_is_varied_together(study, draws):  # noqa: F811
    made = study(HYPERCUBE + '\nposterior = "posterior.parquet"', PAYMENT + "low = 0\nhigh = 100").checked()
    assert made.points.columns == ("policies.exit.payment", "behaviour.leaving.beta", "behaviour.talking.p_retell")
    rows = np.array(made.points.rows)
    assert rows[:, 1] + rows[:, 2] == pytest.approx(np.ones(400))
    assert rows[:, 1].mean() == pytest.approx(0.5, abs=0.005)
    assert abs(spearmanr(rows[:, 0], rows[:, 1]).statistic) < 0.15
    alone = study(HYPERCUBE + '\nposterior = "posterior.parquet"')
    assert alone.points.columns == made.points.columns[1:]


def test_the_folder_of_a_study_holds_its_draws(study, draws, tmp_path):  # noqa: F811
    made = study('kind = "latin_hypercube"\nsamples = 8\nposterior = "posterior.parquet"').checked()
    with Store(tmp_path / "out") as store:
        store.set_plan(made)
    draws.unlink()
    again = load_study(Path(tmp_path / "out" / "study.toml"))
    assert again.points.rows == made.points.rows


def test_draws_that_cannot_be_used_are_refused(study, draws, tmp_path):  # noqa: F811
    with pytest.raises(ScenarioError, match=r"draws behaviour.leaving.beta, which is a factor as well"):
        _ = study(HYPERCUBE + '\nposterior = "posterior.parquet"', BETA + "low = 0\nhigh = 1").points
    with pytest.raises(ScenarioError, match=r"design.posterior: .*cannot be read: No such file"):
        _ = study(HYPERCUBE + '\nposterior = "nowhere.parquet"').points
    with pytest.raises(ScenarioError, match="posterior: means nothing where kind = 'morris'"):
        study('kind = "morris"\nsamples = 4\nposterior = "posterior.parquet"', BETA + "low = 0\nhigh = 1")
    pd.DataFrame({"behaviour.leaving.gamma": [0.1]}).to_parquet(tmp_path / "odd.parquet")
    with pytest.raises(ScenarioError, match=r"draws behaviour.leaving.gamma, no key of the scenario"):
        _ = study(HYPERCUBE + '\nposterior = "odd.parquet"').points


# -- trajectories over lists ---------------------------------------------------------------------------------


def test_each_pair_of_words_is_a_step_as_often_as_each_other(study):  # noqa: F811
    made = study('kind = "morris"\nsamples = 60', CHANNEL, PAYMENT + "low = 0\nhigh = 90")
    words = np.array(column(made, 0)).reshape(60, 3)
    steps = Counter((a[0], next(w for w in a if w != a[0])) for a in words.tolist())
    assert len(steps) == 6 and set(steps.values()) == {10}
    assert all(len(set(a)) == 2 for a in words.tolist()), "a step each, in every trajectory"
    assert len({tuple(r) for r in np.array(column(made, 1)).reshape(60, 3)}) > 4


def test_no_number_of_a_list_is_passed_over_and_steps_are_long(study):  # noqa: F811
    made = study('kind = "morris"\nsamples = 40', LIMIT + "values = [1, 5, 10, 20, 30]", PAYMENT + "low = 0\nhigh = 90")
    listed = [1, 5, 10, 20, 30]
    numbers = np.array(column(made, 0)).reshape(40, 3)
    assert set(numbers.ravel().tolist()) == set(listed)
    places = np.array([[listed.index(n) for n in row] for row in numbers.tolist()])
    assert (np.abs(np.ptp(places, axis=1)) >= 2).all()
