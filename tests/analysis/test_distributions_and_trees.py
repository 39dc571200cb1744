"""Delta, PAWN, feature scores and trees: known answers, beside SALib, and right for factors that are no numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from studies import ishigami, study, uniform

from wom_sim.study.analysis import NotApplicableError, delta, features, pawn, tree
from wom_sim.study.analysis.classes import classes_of
from wom_sim.study.analysis.distributions import distances, moved

PI = (-math.pi, math.pi)


@pytest.fixture(scope="module")
def crooked():
    x = uniform([PI] * 3, 600)
    return x, ishigami(x)


@pytest.fixture(scope="module")
def worded():
    """An output that a word decides, the middle of its list most, and a number a little; a third does nothing."""
    draws = np.random.default_rng(3)
    x = pd.DataFrame(uniform([(0.0, 1.0)] * 2, 400), columns=["a", "idle"])
    x["kind"] = draws.choice(["u", "v", "w"], 400)
    y = -2.0 * (x["kind"] == "v") + 0.5 * x["a"] + draws.normal(0.0, 0.2, 400) + 1.0
    listed = [{"key": "kind", "values": ["u", "v", "w"]}]
    return study("latin_hypercube", x, {"net_value": y.to_numpy()}, listed)


def test_delta_before_its_bias_is_taken_off_is_that_of_salib(crooked):
    from SALib.analyze.delta import calc_delta

    x, y = crooked
    classes = classes_of(study("latin_hypercube", x, {"net_value": y}), factor(0), np.arange(600), 20)
    found = calc_delta(y, np.linspace(y.min(), y.max(), 100), x[:, 0], np.linspace(0.0, 600.0, 21))
    assert moved(classes, y) == pytest.approx(found, rel=1e-9)


def factor(k: int):
    from wom_sim.study.analysis.study import Factor

    return Factor(f"x{k}", True, -math.pi, math.pi, False)


def test_pawn_is_that_of_salib_but_for_the_last_point_which_salib_leaves_out(crooked):
    from SALib.analyze import pawn as salib

    x, y = crooked
    problem = {"num_vars": 3, "names": ["x0", "x1", "x2"], "bounds": [list(PI)] * 3}
    known = salib.analyze(problem, x, y, S=10)
    found = pawn(study("latin_hypercube", x, {"net_value": y}))
    assert found["pawn"].to_numpy() == pytest.approx(np.asarray(known["median"]), abs=0.02)
    assert found["pawn_most"].to_numpy() == pytest.approx(np.asarray(known["maximum"]), abs=0.02)
    assert (found["low"] <= found["pawn"]).all() and (found["pawn"] <= found["high"]).all()


def test_distances_by_hand():
    outputs = np.array([1.0, 2.0, 3.0, 4.0])
    found = distances(np.array([0, 0, 1, 1]), outputs, np.argsort(outputs))
    assert found == pytest.approx([0.5, 0.5])
    ties = np.array([0.0, 0.0, 1.0, 1.0])
    assert distances(np.array([0, 1, 0, 1]), ties, np.argsort(ties, kind="stable")) == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("analysis", [delta, pawn, features])
def test_a_word_is_first_whatever_the_order_of_its_list(worded, analysis):
    name = {delta: "delta", pawn: "pawn_most", features: "score"}[analysis]
    table = analysis(worded).set_index("factor")
    assert table[name].idxmax() == "kind" and table.loc["kind", "beyond_chance"]
    assert table.loc["idle", name] < 0.5 * table.loc["kind", name]
    turned = worded.design.assign(kind=worded.design["kind"].replace({"u": "v", "v": "u"}))
    same = replace(worded, design=turned)
    assert analysis(same).set_index("factor").loc["kind", name] == pytest.approx(table.loc["kind", name], rel=0.15)


@pytest.mark.parametrize("analysis", [delta, pawn, features])
def test_a_factor_that_is_not_used_has_exactly_nothing(worded, analysis):
    idle = replace(worded, unused=frozenset({("letter", "a")}))
    row = analysis(idle).set_index("factor").loc["a"]
    name = {delta: "delta", pawn: "pawn", features: "score"}[analysis]
    assert row[name] == 0.0 and not row["used"] and not row["beyond_chance"]


def test_noise_moves_nothing_beyond_chance():
    x = uniform([(0.0, 1.0)] * 4, 200)
    made = study("latin_hypercube", x, {"net_value": np.random.default_rng(5).normal(size=200)})
    for analysis in (pawn, features):
        assert not analysis(made)["beyond_chance"].any()


def test_an_output_of_few_values_has_no_density_but_a_distance():
    x = uniform([(0.0, 1.0)] * 2, 200)
    made = study("latin_hypercube", x, {"national_coverage": (x[:, 0] > 0.5).astype(float)})
    with pytest.raises(NotApplicableError, match="enough values to have a density"):
        delta(made)
    assert pawn(made).set_index("factor").loc["x0", "beyond_chance"]


def test_a_score_is_the_share_of_the_variance_that_a_factor_makes():
    x = uniform([(0.0, 1.0)] * 3, 1500)
    y = 3.0 * x[:, 0] + x[:, 1]
    found = features(study("latin_hypercube", x, {"net_value": y})).set_index("factor")
    assert found["score"].to_numpy() == pytest.approx([0.9, 0.1, 0.0], abs=0.05)
    assert found["fits"].iloc[0] > 0.95


def test_a_tree_finds_the_word_and_the_number_that_make_it_bad(worded):
    found = tree(worded)
    first = found[(found["case"] == "worst quarter") & (found["box"] == 1)].set_index("factor")
    assert first.loc["kind", "among"] == "v"
    assert first["density"].iloc[0] > 0.8 > found["base"].iloc[0] and first["p"].iloc[0] < 1e-6


def test_a_tree_finds_nothing_in_noise():
    x = uniform([(0.0, 1.0)] * 4, 300)
    with pytest.raises(NotApplicableError, match="no leaf"):
        tree(study("latin_hypercube", x, {"national_coverage": np.random.default_rng(5).random(300)}))
