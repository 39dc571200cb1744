"""Functions whose answers are known, sent through the folder of a study like any simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from studies import (
    ishigami,
    ishigami_indices,
    run_through,
    saltelli,
    sobol_g,
    sobol_g_indices,
    study,
    uniform,
)

from wom_sim.study.analysis import NotApplicableError, analyse, morris, prcc, sobol

pytestmark = pytest.mark.science

PI = (-math.pi, math.pi)
UNIT = (0.0, 1.0)


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize(
    ("function", "bounds", "answer"),
    [(ishigami, [PI] * 3, ishigami_indices), (sobol_g, [UNIT] * 8, sobol_g_indices)],
    ids=["ishigami", "sobol_g"],
)
def test_sobol_indices_of_a_known_function(tmp_path, function, bounds, answer, pairs):
    folder = run_through(tmp_path / "s", "saltelli", bounds, saltelli(bounds, 1024, pairs), function)
    analyse(folder)
    found = pd.read_csv(folder / "analysis" / "sobol.csv").set_index("factor")
    first, total = answer()
    # The quasi-random error at 1,024 base points is about .01 for these functions.
    assert found["first"].to_numpy() == pytest.approx(first, abs=0.02)
    assert found["total"].to_numpy() == pytest.approx(total, abs=0.02)
    assert (found["first_low"] <= first + 0.01).all() and (found["first_high"] >= first - 0.01).all()
    assert (found["total_low"] <= total + 0.01).all() and (found["total_high"] >= total - 0.01).all()


def test_sobol_of_the_mean_over_replications_sees_through_luck():
    x = saltelli([PI] * 3, 1024)
    luck = np.random.default_rng(1).normal(0.0, 3.0, (len(x), 40))
    found = sobol(study("saltelli", x, {"net_value": ishigami(x)[:, None] + luck})).set_index("factor")
    first, total = ishigami_indices()
    variance = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 + 49 / 8 + 0.01 * math.pi**8 * (1 / 18 - 1 / 50)
    in_mean = (9.0 / 40) / (variance + 9.0 / 40)
    assert found["luck_in_mean"].iloc[0] == pytest.approx(in_mean, rel=0.15)
    assert found["luck_alone"].iloc[0] == pytest.approx(9.0 / (variance + 9.0), rel=0.05)
    # Luck takes its share from every first order, and adds it to every total order.
    assert found["first"].to_numpy() == pytest.approx(first * (1 - in_mean), abs=0.04)
    assert found["total"].to_numpy() == pytest.approx(total * (1 - in_mean) + in_mean, abs=0.04)


def test_rows_out_of_order_are_refused_not_analysed():
    x = saltelli([PI] * 3, 64)
    with pytest.raises(NotApplicableError, match="not in the order of Saltelli's design"):
        sobol(study("saltelli", x[::-1], {"net_value": ishigami(x[::-1])}))
    with pytest.raises(NotApplicableError, match="not in the order"):
        sobol(study("saltelli", x[:-1], {"net_value": ishigami(x[:-1])}))


def trajectories(bounds, samples=20):
    from SALib.sample import morris as salib

    problem = {"num_vars": len(bounds), "names": [f"x{k}" for k in range(len(bounds))], "bounds": bounds}
    return problem, salib.sample(problem, samples, num_levels=4, seed=7)


def test_morris_of_a_linear_function_is_its_coefficients():
    bounds = [[0.0, 1.0], [-5.0, 5.0], [10.0, 30.0]]
    _, x = trajectories(bounds)
    factors = [{"key": f"x{k}", "low": low, "high": high} for k, (low, high) in enumerate(bounds)]
    found = morris(study("morris", x, {"net_value": x @ [3.0, -2.0, 0.0] + 4.0}, factors))
    assert found["mu"].to_numpy() == pytest.approx([3.0, -20.0, 0.0])  # coefficient x range
    assert found["mu_star"].to_numpy() == pytest.approx([3.0, 20.0, 0.0])
    assert found["sigma"].to_numpy() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert found["mu_star_low"].to_numpy() == pytest.approx(found["mu_star"].to_numpy())


def test_morris_agrees_with_salib_where_the_function_is_crooked():
    from SALib.analyze import morris as salib

    bounds = [[-math.pi, math.pi]] * 3
    problem, x = trajectories(bounds, 50)
    factors = [{"key": f"x{k}", "low": low, "high": high} for k, (low, high) in enumerate(bounds)]
    found = morris(study("morris", x, {"net_value": ishigami(x)}, factors))
    known = salib.analyze(problem, x, ishigami(x), num_levels=4, seed=7)
    assert found["mu"].to_numpy() == pytest.approx(np.asarray(known["mu"], float))
    assert found["mu_star"].to_numpy() == pytest.approx(np.asarray(known["mu_star"], float))
    assert found["sigma"].to_numpy() == pytest.approx(np.asarray(known["sigma"], float))
    assert (found["mu_star_low"] <= found["mu_star"]).all() and (found["mu_star_high"] >= found["mu_star"]).all()


def test_morris_measures_a_log_factor_on_its_own_scale():
    _, unit = trajectories([[0.0, 1.0], [0.0, 1.0]])
    x = np.column_stack([unit[:, 0], 10.0 ** (3.0 * unit[:, 1])])
    factors = [{"key": "x0", "low": 0.0, "high": 1.0}, {"key": "x1", "low": 1.0, "high": 1000.0, "scale": "log"}]
    found = morris(study("morris", x, {"net_value": np.log10(x[:, 1])}, factors))
    assert found["mu"].to_numpy() == pytest.approx([0.0, 3.0])
    assert found["sigma"].to_numpy() == pytest.approx([0.0, 0.0], abs=1e-9)


def test_morris_leaves_out_a_step_that_rounding_took_away():
    _, x = trajectories([[0.0, 1.0], [0.0, 1.0]])
    rounded = np.column_stack([x[:, 0], np.zeros(len(x))])
    found = morris(study("morris", rounded, {"net_value": rounded[:, 0]}, []))
    assert found["trajectories"].tolist() == [20, 0]
    assert found["mu_star"].iloc[0] == pytest.approx(1.0) and np.isnan(found["mu_star"].iloc[1])


def test_morris_refuses_points_in_another_order():
    _, x = trajectories([[0.0, 1.0]] * 3)
    with pytest.raises(NotApplicableError, match="a step moves two factors"):
        morris(study("morris", x[np.random.default_rng(2).permutation(len(x))], {"net_value": x[:, 0]}))


def test_prcc_of_a_monotone_function_is_one_however_curved():
    x = uniform([UNIT] * 4, 300)
    found = prcc(study("latin_hypercube", x, {"net_value": np.exp(8.0 * x[:, 0])})).set_index("factor")["prcc"]
    assert found["x0"] == pytest.approx(1.0, abs=1e-6)
    assert found[["x1", "x2", "x3"]].abs().max() < 1e-3


def test_prcc_of_normal_variables_is_the_partial_correlation():
    """y = a + 2b + noise: ranks of normals with correlation r have 6/pi asin(r/2) (Pearson 1907)."""
    draws = np.random.default_rng(4)
    x = draws.normal(size=(4000, 2))
    y = x @ [1.0, 2.0] + draws.normal(size=4000)
    found = prcc(study("latin_hypercube", x, {"net_value": y})).set_index("factor")
    a, b = (6.0 / math.pi * math.asin(r / 2.0) for r in (1 / math.sqrt(6), 2 / math.sqrt(6)))
    answer = [a / math.sqrt(1 - b * b), b / math.sqrt(1 - a * a)]
    assert found["prcc"].to_numpy() == pytest.approx(answer, abs=0.025)
    assert (found["low"] < found["prcc"]).all() and (found["prcc"] < found["high"]).all()
    assert (found["high"] - found["low"]).max() < 0.05


def test_prcc_interval_holds_zero_for_a_factor_without_effect():
    x = uniform([UNIT] * 3, 200)
    y = x[:, 0] + np.random.default_rng(9).normal(0.0, 0.5, 200)
    found = prcc(study("latin_hypercube", x, {"net_value": -y})).set_index("factor")
    assert found.loc["x0", "high"] < 0.0
    for name in ("x1", "x2"):
        assert found.loc[name, "low"] < 0.0 < found.loc[name, "high"]
