"""Points, effects, luck and maps on small studies whose answers follow from arithmetic."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from studies import assemble, parts, study, uniform

from wom_sim.outcomes.statistics import chance_interval, mean_interval
from wom_sim.study.analysis import NotApplicableError, effects, levels, luck, points, response_map, zero_line
from wom_sim.study.analysis.intervals import interval, rows_interval

GRID = np.array(list(product([1.0, 2.0, 4.0], [0.0, 1.0])))


def two_policies(values, other, reference="keep", output="net_value"):
    asked, design, table = parts("grid", GRID, {output: values})
    second = parts("grid", GRID, {output: other})[2].assign(policy="paid exit")
    return assemble(asked, design, pd.concat([table, second]), reference)


def test_points_pair_by_luck_whatever_the_order_of_rows():
    draws = np.random.default_rng(1)
    luck_ = draws.normal(0.0, 50.0, (6, 8))
    first, second = luck_ + 3.0, luck_ + 5.0 + draws.normal(0.0, 0.1, (6, 8))
    made = two_policies(first, second)
    shuffled = type(made)(**{**made.__dict__, "table": made.table.sample(frac=1.0, random_state=2)})
    for one in (made, shuffled):
        found = points(one)
        row = found.query("point == 4 and policy == 'paid exit' and against == 'letter'").iloc[0]
        expected = mean_interval(second[4] - first[4])
        assert (row["mean"], row["low"], row["high"]) == pytest.approx(expected)
        assert row["x0"] == 4.0 and row["x1"] == 0.0 and row["n"] == 8
        assert row["high"] - row["low"] < 1.0
    assert len(found) == 6 * 3


def test_a_reference_policy_is_subtracted_everywhere():
    values = np.arange(6.0)[:, None] + np.zeros((6, 3))
    found = points(two_policies(values, 3.0 * values, reference="letter"))
    assert set(found["policy"]) == {"paid exit"} and set(found["against"]) == {"letter"}
    assert found["mean"].tolist() == pytest.approx(2.0 * np.arange(6.0))


def test_a_chance_has_jeffreys_interval_even_where_nothing_happened():
    happened = np.zeros((6, 20))
    happened[5, :7] = 1.0
    found = points(study("grid", GRID, {"national_coverage": happened}))
    assert found.loc[0, ["mean", "low", "high"]].tolist() == pytest.approx(chance_interval(np.zeros(20)))
    assert found.loc[0, "high"] > 0.05
    assert found.loc[5, "mean"] == pytest.approx(0.35)


def test_missing_runs_count_less_and_a_point_without_runs_is_empty():
    asked, design, table = parts("grid", GRID, {"net_value": np.ones((6, 4))})
    gone = table[(table["point"] != 2) & ~((table["point"] == 3) & (table["replication"] > 1))]
    found = points(assemble(asked, design, gone))
    assert found["n"].tolist() == [4, 4, 0, 2, 4, 4]
    assert np.isnan(found.loc[2, "mean"]) and found.loc[3, "mean"] == 1.0


@pytest.mark.parametrize("chance", [False, True])
def test_many_rows_have_the_intervals_of_each(chance):
    values = np.random.default_rng(1).integers(0, 2, (40, 7)).astype(float)
    values[3], values[4], values[5, 2:], values[6, 1:] = 0.0, 1.0, np.nan, np.nan
    found = rows_interval(values, chance)
    for k, row in enumerate(values):
        seen = row[~np.isnan(row)]
        expected = interval(row, chance)
        got = [found[name][k] for name in ("mean", "low", "high")]
        assert got == pytest.approx(expected, nan_ok=True)
        assert found["median"][k] == np.median(seen) and found["n"][k] == len(seen)


def test_swings_of_an_additive_function_are_exact_and_luck_cancels():
    luck_ = np.random.default_rng(3).normal(0.0, 100.0, 10)
    values = (10.0 * GRID[:, 0] - 2.0 * GRID[:, 1])[:, None] + luck_
    found = effects(study("grid", GRID, {"net_value": values})).set_index("factor")
    assert found.index.tolist() == ["x0", "x1"]
    assert found["swing"].to_numpy() == pytest.approx([30.0, -2.0])
    assert found["low"].to_numpy() == pytest.approx([30.0, -2.0])  # common luck: no interval is left
    assert set(found["by"]) == {"replication"}
    curve = levels(study("grid", GRID, {"net_value": values})).query("factor == 'x0'")
    assert curve["level"].tolist() == [1.0, 2.0, 4.0]
    assert np.diff(curve["mean"]) == pytest.approx([10.0, 20.0])
    assert (curve["high"] - curve["low"]).min() > 50.0  # the level itself is as uncertain as luck makes it


def test_one_at_a_time_looks_along_each_factor_only():
    x = np.array([[5.0, 5.0], [1.0, 5.0], [9.0, 5.0], [5.0, 0.0], [5.0, 8.0]])
    y = x[:, 0] + 100.0 * x[:, 1]
    found = effects(study("one_at_a_time", x, {"net_value": np.repeat(y[:, None], 3, axis=1)})).set_index("factor")
    assert found.loc["x0", ["low_level", "high_level", "swing"]].tolist() == [1.0, 9.0, 8.0]
    assert found.loc["x1", "swing"] == pytest.approx(800.0)


def test_scattered_points_go_into_bins_and_the_interval_holds_the_truth():
    x = uniform([(0.0, 1.0)] * 2, 400)
    y = 10.0 * x[:, 0] + np.random.default_rng(5).normal(0.0, 1.0, 400)
    found = effects(study("latin_hypercube", x, {"net_value": y})).set_index("factor")
    assert found.loc["x0", "low"] < 9.0 < found.loc["x0", "high"]  # from the middle of the first bin of ten to the last
    assert found.loc["x1", "low"] < 0.0 < found.loc["x1", "high"]
    assert set(found["by"]) == {"point"} and set(found["levels"]) == {10}


def test_categories_swing_from_their_lowest_to_their_highest():
    x = pd.DataFrame({"framing": ["blames", "neutral", "thanks"] * 2, "n": [1.0] * 3 + [2.0] * 3})
    y = np.array([3.0, 9.0, 1.0] * 2)[:, None] + np.zeros((6, 4))
    found = effects(study("grid", x, {"net_value": y})).set_index("factor")
    assert found.loc["framing", ["low_level", "high_level", "swing"]].tolist() == ["thanks", "neutral", 8.0]


def test_factors_moved_together_are_named():
    x = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [10.0, 20.0, 30.0, 40.0], "c": [1.0, 0.0, 0.0, 1.0]})
    found = effects(study("table", x, {"net_value": x["a"].to_numpy()})).set_index("factor")
    assert found["linked_to"].to_dict() == {"a": "b", "b": "a", "c": ""}


def test_luck_is_split_by_the_variances_put_in():
    draws = np.random.default_rng(12)
    values = draws.normal(0, 3, (300, 1)) + draws.normal(0, 2, (1, 300)) + draws.normal(0, 1, (300, 300))
    found = luck(study("latin_hypercube", uniform([(0, 1)] * 2, 300), {"net_value": values})).iloc[0]
    assert found["factors"] == pytest.approx(9 / 14, abs=0.04)
    assert found["luck_common"] == pytest.approx(4 / 14, abs=0.04)
    assert found["luck_interplay"] == pytest.approx(1 / 14, abs=0.01)
    assert found["factors_low"] < 9 / 14 < found["factors_high"]
    with pytest.raises(NotApplicableError, match="single replication"):
        luck(study("grid", GRID, {"net_value": np.ones(6)}))


def test_the_zero_of_a_map_is_where_arithmetic_says():
    xs, ys = [0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0]
    grid = np.array(list(product(xs, ys)))
    noise = np.random.default_rng(2).normal(0.0, 0.2, 12)
    values = (grid[:, 0] - grid[:, 1] - 0.5)[:, None] + noise
    made = study("grid", grid, {"net_value": values})
    cells = response_map(made).set_index(["x", "y"])
    assert cells.loc[(3.0, 0.0), "side"] == "above" and cells.loc[(0.0, 2.0), "side"] == "below"
    at = zero_line(made).query("x_factor == 'x0'").set_index("y")
    assert at["x"].to_numpy() == pytest.approx(np.array([0.5, 1.5, 2.5]) - noise.mean())
    mean, low, high = mean_interval(noise)  # where the mean is lower, zero is reached later
    assert (at["x_high"] - at["x"]).to_numpy() == pytest.approx([mean - low] * 3)
    assert (at["x"] - at["x_low"]).to_numpy() == pytest.approx([high - mean] * 3)
    assert set(at["to"]) == {"above"}
    down = zero_line(made).query("x_factor == 'x1'")
    assert set(down["to"]) == {"below"}


def test_cells_that_luck_leaves_open_are_undecided():
    values = np.array([[-1.0, 1.0]] * 3 + [[4.0, 6.0]] * 3)
    assert response_map(study("grid", GRID, {"net_value": values}))["side"].tolist() == ["undecided"] * 6
    sure = np.array([[-1.0, 1.0] * 10] * 3 + [[4.0, 6.0] * 10] * 3)
    assert response_map(study("grid", GRID, {"net_value": sure}))["side"].tolist() == ["undecided"] * 3 + ["above"] * 3


def test_factors_that_are_not_crossed_have_no_map():
    x = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0]})
    with pytest.raises(NotApplicableError, match="no two factors are crossed"):
        response_map(study("table", x, {"net_value": np.ones((3, 2))}))
