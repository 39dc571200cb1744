"""Boxes: a planted one must be found, with its edges; what does nothing must not restrict it for sure."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from studies import study, uniform

from wom_sim.study.analysis import NotApplicableError, boxes, prim

UNIT = (0.0, 1.0)
TABLE = ["x0", "x1", "x2", "x3", "x4"]


@pytest.fixture(scope="module")
def planted():
    """Loss where x0 > .6 and .2 < x2 < .7; else none; slight noise. Holds a fifth of the points."""
    x = uniform([UNIT] * 5, 1000)
    there = (x[:, 0] > 0.6) & (x[:, 2] > 0.2) & (x[:, 2] < 0.7)
    noise = np.random.default_rng(8).normal(0.0, 0.1, 1000)
    return x, there, boxes(study("latin_hypercube", x, {"net_value": 1.0 - 3.0 * there + noise}))


def test_the_planted_box_is_found_with_its_edges(planted):
    x, there, found = planted
    box = found[(found["case"] == "below zero") & (found["box"] == 1)].set_index("factor")
    assert sorted(box.index) == ["x0", "x2"]
    assert box.loc["x0", "low"] == pytest.approx(0.6, abs=0.03) and np.isnan(box.loc["x0", "high"])
    assert box.loc["x2", "low"] == pytest.approx(0.2, abs=0.03)
    assert box.loc["x2", "high"] == pytest.approx(0.7, abs=0.03)
    assert box["coverage"].iloc[0] > 0.93 and box["density"].iloc[0] > 0.93
    assert box["base"].iloc[0] == pytest.approx(there.mean())
    assert (box["quasi_p"] < 1e-6).all() and (box["again"] == 1.0).all()
    kept = (x[:, 0] >= box.loc["x0", "low"]) & (x[:, 2] >= box.loc["x2", "low"]) & (x[:, 2] <= box.loc["x2", "high"])
    assert box["points"].iloc[0] == kept.sum() and box["coverage"].iloc[0] == there[kept].sum() / there.sum()


def test_a_second_box_is_sought_outside_the_first():
    x = uniform([UNIT] * 3, 1500)
    there = (x[:, 0] > 0.6) | (x[:, 1] > 0.8)
    found = boxes(study("latin_hypercube", x, {"net_value": -1.0 * there})).query("case == 'below zero'")
    first, second = (found[found["box"] == number].set_index("factor") for number in (1, 2))
    assert list(first.index) == ["x0"] and list(second.index) == ["x1"]
    assert first.loc["x0", "low"] == pytest.approx(0.6, abs=0.03)
    assert second.loc["x1", "low"] == pytest.approx(0.8, abs=0.03)
    assert first["coverage"].iloc[0] + second["coverage"].iloc[0] > 0.95


def test_categories_are_peeled_one_at_a_time():
    draws = np.random.default_rng(6)
    x = pd.DataFrame({"kind": draws.choice(["ring", "hubs", "random", "market"], 600), "beta": draws.random(600)})
    bad = x["kind"].isin(["hubs", "market"]).to_numpy() & (x["beta"] > 0.5).to_numpy()
    found = boxes(study("table", x, {"net_value": -1.0 * bad})).query("case == 'below zero' and box == 1")
    by_factor = found.set_index("factor")
    assert set(by_factor.loc["kind", "among"].split("; ")) == {"hubs", "market"}
    assert by_factor.loc["beta", "low"] == pytest.approx(0.5, abs=0.03)


def test_fewer_is_worse_for_an_output_of_which_less_is_better():
    x = uniform([UNIT] * 3, 400)
    found = boxes(study("latin_hypercube", x, {"extra_profitable": x[:, 1]}))
    assert set(found["case"]) == {"worst quarter"}
    first = found[found["box"] == 1].set_index("factor")
    assert first.loc["x1", "low"] == pytest.approx(np.quantile(x[:, 1], 0.75), abs=0.03)


def test_pure_noise_has_no_box():
    x = uniform([UNIT] * 5, 400)
    noise = np.random.default_rng(11).normal(size=400)
    with pytest.raises(NotApplicableError, match="no box is denser in cases"):
        boxes(study("latin_hypercube", x, {"net_value": noise}))


def test_few_points_and_many_idle_factors_do_not_hide_the_box():
    x = uniform([UNIT] * 16, 100)
    there = (x[:, 3] > 0.5) & (x[:, 11] < 0.6)
    found = boxes(study("latin_hypercube", x, {"net_value": 1.0 - 2.0 * there})).query("case == 'below zero'")
    first = found[found["box"] == 1].set_index("factor")
    assert set(first.index) == {"x3", "x11"}
    assert first["coverage"].iloc[0] > 0.85 and first["density"].iloc[0] > 0.85
    assert (first["again"] >= 0.8).all()


def test_quasi_p_is_the_binomial_tail():
    """Of 4 points in the box 4 are cases; without the restriction 4 of 8: chance .5 ** 4."""
    x = np.arange(8.0)[:, None]
    cases = np.arange(8) >= 4
    box = (prim.Restriction(0, 4.0, np.inf, None),)
    assert prim.quasi_p(box, 0, x, cases) == pytest.approx(0.5**4)


def test_peeling_takes_a_twentieth_at_most_and_stops_at_the_least():
    x = uniform([UNIT] * 3, 500)
    steps = prim.peel(x, x[:, 0] > 0.9)
    sizes = [step.points for step in steps]
    for before, after in pairwise(sizes):
        assert after >= 0.95 * before - 1
    assert sizes[0] == 500 and sizes[-1] >= 25
    assert all(np.sum(prim.inside(step.box, x)) == step.points for step in steps)


def test_few_points_are_refused_with_the_number():
    x = uniform([UNIT] * 2, 30)
    with pytest.raises(NotApplicableError, match="30 independent points; boxes need at least 60"):
        boxes(study("latin_hypercube", x, {"net_value": x[:, 0]}))
