"""Factors that nobody uses, points without a run, factors that are words: exact, or said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from studies import G, ishigami, parts, saltelli, sobol_g, study, uniform, write

from wom_sim.study.analysis import (
    NotApplicableError,
    analyse,
    assemble,
    boxes,
    effects,
    levels,
    luck,
    morris,
    prcc,
    response_map,
    sobol,
    sobol_pairs,
)
from wom_sim.study.analysis.indices import blocks_of, first_by_chance, indices

UNIT = (0.0, 1.0)
WORDS = ("neutral", "thanks", "blames")


def without(found, *factors):
    """The study, its policy using none of the factors."""
    return replace(found, unused=frozenset(("letter", factor) for factor in factors))


def trajectories(numbers, samples=12):
    from SALib.sample import morris as salib

    problem = {"num_vars": numbers, "names": list(map(str, range(numbers))), "bounds": [[0.0, 1.0]] * numbers}
    return salib.sample(problem, samples, num_levels=4, seed=7)


# -- not used ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scattered():
    """The output follows x0; what it has to do with x1 is chance, of which a dozen bins show a good deal."""
    x = uniform([UNIT] * 3, 240)
    return study("latin_hypercube", x, {"net_value": 5.0 * x[:, 0] - 1.0 + 3.0 * x[:, 2]})


def test_the_swing_of_what_is_not_used_is_exactly_zero(scattered):
    seen = effects(scattered).set_index("factor")
    assert abs(seen.loc["x1", "swing"]) > 0.05, "a sample shows something where there is nothing"
    found = effects(without(scattered, "x1")).set_index("factor")
    assert found.loc["x1", ["swing", "low", "high", "widest"]].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert found.loc["x1", "at_low"] == found.loc["x1", "at_high"]
    assert found["used"].to_dict() == {"x0": True, "x2": True, "x1": False}, "and it is ranked last"
    assert not found.loc["x1", "beyond_chance"] and found.loc["x0", "beyond_chance"]
    assert found.loc["x0", "swing"] == seen.loc["x0", "swing"]


def test_its_response_curve_is_flat_at_the_mean_of_all_points(scattered):
    curve = levels(without(scattered, "x1")).set_index("factor")["mean"]
    assert set(curve["x1"]) == {scattered.values("letter", "net_value").mean()}
    assert len(set(curve["x0"])) == 10


def test_its_rank_correlation_is_exactly_zero_and_the_others_are_as_if_it_were_not_there(scattered):
    found = prcc(without(scattered, "x1")).set_index("factor")
    assert found.loc["x1", ["prcc", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    x = scattered.columns()[:, [0, 2]]
    alone = prcc(study("latin_hypercube", x, {"net_value": scattered.values("letter", "net_value")}))
    assert found.loc[["x0", "x2"], "prcc"].tolist() == alone["prcc"].tolist()


def test_its_shares_of_variance_and_elementary_effects_are_exactly_zero():
    x = saltelli([UNIT] * 3, 32, pairs=True)
    made = without(study("saltelli", x, {"net_value": x[:, 0] * x[:, 2]}), "x1")
    found = sobol(made).set_index("factor")
    ends = [f"{name}{end}" for name in ("first", "total") for end in ("", "_low", "_high")]
    assert found.loc["x1", ends].tolist() == [0.0] * 6
    assert not found.loc["x1", ["used", "first_beyond_chance", "total_beyond_chance"]].any()
    pairs = sobol_pairs(made).set_index(["factor", "with"])
    assert pairs.loc[("x0", "x1"), ["second", "second_low", "second_high"]].tolist() == [0.0, 0.0, 0.0]
    assert pairs.loc[("x0", "x2"), "beyond_chance"]
    path = trajectories(2)
    effect = morris(without(study("morris", path, {"net_value": 2.0 * path[:, 0]}), "x1")).set_index("factor")
    assert effect.loc["x1", ["mu", "mu_star", "sigma"]].tolist() == [0.0, 0.0, 0.0]
    assert effect["used"].tolist() == [True, False]


def test_no_box_restricts_what_is_not_used():
    x = uniform([UNIT] * 3, 200)
    bad = (x[:, 0] > 0.5) & (x[:, 1] > 0.5)
    made = study("latin_hypercube", x, {"net_value": 1.0 - 2.0 * bad})
    assert "x1" in set(boxes(made)["factor"])
    assert "x1" not in set(boxes(without(made, "x1"))["factor"])


def test_a_table_has_no_map_over_what_is_not_used_and_a_grid_has_stripes():
    x = np.array([[a, b] for a in (1.0, 2.0) for b in (1.0, 2.0)])
    runs = np.array([[1.0, 1.1], [3.0, 3.1], [5.0, 5.2], [9.0, 9.1]])
    made = study("table", x, {"net_value": runs})
    assert len(response_map(made)) == 4
    with pytest.raises(NotApplicableError, match="no policy uses the factors that are crossed"):
        response_map(without(made, "x1"))
    assert len(response_map(without(study("grid", x, {"net_value": runs}), "x1"))) == 4


def test_a_factor_of_the_reference_policy_counts():
    asked, design, table = parts("latin_hypercube", uniform([UNIT] * 2, 60), {"net_value": np.zeros(60)})
    both = pd.concat([table, table.assign(policy="exit")])
    pairs = frozenset({("letter", "x0"), ("letter", "x1"), ("exit", "x0")})
    made = replace(assemble(asked, design, both, "exit"), unused=pairs)
    assert (made.uses("letter", "x0"), made.uses("letter", "x1"), made.idle) == (False, True, ["x0"])


# -- beyond chance -------------------------------------------------------------------------------------------


def test_of_many_factors_that_do_nothing_one_is_rarely_beyond_chance():
    """In at most 4 of 30 samples may one of twelve be (1.5 are expected); by its own interval one is in most."""
    beyond = by_interval = 0
    for seed in range(30):
        x = uniform([UNIT] * 12, 120, seed)
        noise = np.random.default_rng(100 + seed).normal(size=120)
        found = effects(study("latin_hypercube", x, {"net_value": noise}))
        beyond += bool(found["swing_beyond_chance"].any())
        by_interval += bool(((found["low"] > 0.0) | (found["high"] < 0.0)).any())
    assert beyond <= 4 < by_interval


def test_an_effect_that_comes_back_is_beyond_chance_though_its_ends_are_alike():
    x = uniform([UNIT] * 2, 300)
    noise = np.random.default_rng(3).normal(0.0, 0.05, 300)
    found = effects(study("latin_hypercube", x, {"net_value": (x[:, 0] - 0.5) ** 2 + noise})).set_index("factor")
    assert found["beyond_chance"].to_dict() == {"x0": True, "x1": False}
    assert not found.loc["x0", "swing_beyond_chance"]


def test_a_first_order_that_chance_shows_is_not_beyond_it():
    beyond = 0
    for seed in range(30):
        blocks = blocks_of(np.random.default_rng(seed).normal(size=16 * 8), 6, False)
        beyond += bool(indices(blocks).first.max() > first_by_chance(blocks, 1))
    assert beyond <= 4  # 1.5 are expected


@pytest.mark.parametrize("pairs", [False, True])
@pytest.mark.parametrize("samples", [2, 4, 8])
def test_with_few_base_points_the_only_factor_makes_all_of_the_variance_and_no_more(samples, pairs):
    x = saltelli([UNIT] * 3, samples, pairs)
    found = sobol(study("saltelli", x, {"net_value": np.exp(x[:, 1])})).set_index("factor")
    assert found["first"].to_numpy() == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert found["total"].to_numpy() == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert found["sum_first"].iloc[0] == pytest.approx(1.0)


@pytest.mark.science
def test_the_second_order_of_known_functions():
    x = saltelli([UNIT] * 3, 512, pairs=True)
    product = sobol_pairs(study("saltelli", x, {"net_value": (x[:, 0] - 0.5) * (x[:, 1] - 0.5)}))
    assert product["second"].to_numpy() == pytest.approx([1.0, 0.0, 0.0], abs=0.02)
    assert product["beyond_chance"].tolist() == [True, False, False]
    pi = (-np.pi, np.pi)
    y = saltelli([pi] * 3, 2048, pairs=True)
    found = sobol_pairs(study("saltelli", y, {"net_value": ishigami(y)})).set_index(["factor", "with"])
    both = 0.01 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = 0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2 + 49.0 / 8.0 + both
    assert found.loc[("x0", "x2"), "second"] == pytest.approx(both / whole, abs=0.02)
    assert found.loc[[("x0", "x1"), ("x1", "x2")], "second"].abs().max() < 0.02


@pytest.mark.science
def test_the_second_order_of_sobols_g_function():
    """S_ij = V_i V_j / V, in closed form (Saltelli & Sobol 1995), with an interval that holds it."""
    x = saltelli([UNIT] * 8, 1024, pairs=True)
    found = sobol_pairs(study("saltelli", x, {"net_value": sobol_g(x)})).set_index(["factor", "with"])
    own = 1.0 / (3.0 * (1.0 + np.array(G)) ** 2)
    answer = {(f"x{i}", f"x{j}"): own[i] * own[j] / (np.prod(1.0 + own) - 1.0) for i in range(8) for j in range(i)}
    known = pd.Series({(b, a): v for (a, b), v in answer.items()})
    assert len(found) == 28
    table = found.assign(answer=known.reindex(found.index))
    assert table["second"].to_numpy() == pytest.approx(table["answer"].to_numpy(), abs=0.02)
    held = (table["second_low"] - 0.005 <= table["answer"]) & (table["answer"] <= table["second_high"] + 0.005)
    assert held.mean() >= 0.9
    assert table.index[table["second"].argmax()] == ("x0", "x1") and table.loc[("x0", "x1"), "beyond_chance"]


def test_pairs_are_told_only_where_the_design_has_them():
    x = saltelli([UNIT] * 2, 16)
    with pytest.raises(NotApplicableError, match="need second_order = true"):
        sobol_pairs(study("saltelli", x, {"net_value": x[:, 0]}))


# -- words ---------------------------------------------------------------------------------------------------


def residuals(values, columns):
    """What a regression on columns and a constant leaves of values."""
    within = np.column_stack([np.ones(len(values)), *columns])
    return values - within @ np.linalg.lstsq(within, values, rcond=None)[0]


def test_a_factor_that_is_no_number_is_held_fixed_in_a_rank_correlation():
    from scipy.stats import rankdata

    draws = np.random.default_rng(5)
    kind, x = draws.choice(WORDS, 400), draws.random(400)
    shift = np.select([kind == "thanks", kind == "blames"], [4.0, -4.0], 0.0)
    y = shift - x + draws.normal(0.0, 0.3, 400)
    notes: list[str] = []
    made = replace(
        study("latin_hypercube", pd.DataFrame({"kind": kind, "x": x}), {"net_value": y}), leave_out=notes.append
    )
    found = prcc(made).set_index("factor")["prcc"]
    dummies = [(kind == word).astype(float) for word in WORDS[1:]]
    ranks = [residuals(rankdata(values), dummies) for values in (x, y)]
    assert found["x"] == pytest.approx(np.corrcoef(*ranks)[0, 1], abs=1e-6)
    assert found["x"] < -0.6
    assert abs(np.corrcoef(rankdata(x), rankdata(y))[0, 1]) < 0.3, "as it is with the words let loose"
    assert list(found.index) == ["x"] and notes == ["kind: no number, so without a rank; held fixed for the others"]


def coded(path, listed=WORDS):
    """A trajectory whose second factor is the word that a share of its range stands for, as in a design."""
    words = [listed[min(int(u * len(listed)), len(listed) - 1)] for u in path[:, 1]]
    return pd.DataFrame({"limit": path[:, 0], "framing": words})


def test_a_word_has_elementary_effects_from_one_of_its_values_to_another():
    x = coded(trajectories(2), WORDS[:2])
    y = 3.0 * x["limit"] + 5.0 * (x["framing"] == "thanks")
    factors = [{"key": "limit", "low": 0.0, "high": 1.0}, {"key": "framing", "values": list(WORDS[:2])}]
    found = morris(study("morris", x, {"net_value": y.to_numpy()}, factors)).set_index("factor")
    assert found.loc["framing", ["mu", "mu_star", "sigma"]].tolist() == pytest.approx([5.0, 5.0, 0.0])
    assert found.loc["limit", ["mu", "mu_star", "sigma"]].tolist() == pytest.approx([3.0, 3.0, 0.0])
    factors[1]["values"] = list(WORDS[1::-1])
    turned = morris(study("morris", x, {"net_value": y.to_numpy()}, factors)).set_index("factor")
    assert turned.loc["framing", ["mu", "mu_star"]].tolist() == pytest.approx([-5.0, 5.0])


def test_a_word_of_three_values_counts_by_size_alone():
    x = coded(trajectories(2, 30))
    worth = x["framing"].map({"neutral": 0.0, "thanks": 6.0, "blames": 0.0})
    found = morris(study("morris", x, {"net_value": worth.to_numpy()})).set_index("factor")
    assert 0.0 < found.loc["framing", "mu_star"] <= 6.0
    assert found.loc["limit", "mu_star"] == 0.0


def test_one_at_a_time_keeps_every_factor_where_the_scenario_leaves_one_to_itself():
    """The base of a factor may be an empty cell: what the policy does by default."""
    x = pd.DataFrame({"limit": [5.0, 1.0, 9.0, 5.0, 5.0], "framing": [None, None, None, "thanks", "blames"]})
    y = np.array([10.0, 6.0, 14.0, 11.0, 3.0])
    found = effects(study("one_at_a_time", x, {"net_value": y})).set_index("factor")
    assert found.loc["limit", "swing"] == 8.0
    assert found.loc["framing", ["low_level", "high_level", "swing"]].tolist() == ["blames", "thanks", 8.0]
    curve = levels(study("one_at_a_time", x, {"net_value": y}))
    assert curve.loc[curve["factor"] == "framing", "level"].tolist() == ["as given", "thanks", "blames"]


# -- points without a run ------------------------------------------------------------------------------------


def failing(kind, x, y, gone, policies=("letter",)):
    """A study in which the first policy has no run at the points ``gone``."""
    asked, design, table = parts(kind, x, {"net_value": y})
    whole = [table.assign(policy=name) for name in policies]
    whole[0] = whole[0][~whole[0]["point"].isin(gone)]
    return asked, design, pd.concat(whole, ignore_index=True)


def test_shares_of_variance_need_every_point_and_say_so_on_the_screen(tmp_path):
    x = saltelli([UNIT] * 2, 16)
    folder = write(tmp_path / "s", *failing("sobol", x, x[:, 0], [1, 2, 3]))
    said: list[str] = []
    analyse(folder, say=said.append)
    (of_sobol,) = [text for text in said if text.startswith("sobol.csv is left out")]
    assert "3 of 64 points have no run of letter, and every point is needed" in of_sobol
    assert "--retry-failed" in of_sobol and "narrow the factors" in of_sobol
    assert any(text.startswith("3 of 64 points have no run of letter (failures.csv says why)") for text in said)
    assert not (folder / "analysis" / "sobol.csv").exists()


def test_a_policy_with_gaps_takes_nothing_from_another(tmp_path):
    x = saltelli([UNIT] * 2, 16)
    folder = write(tmp_path / "s", *failing("sobol", x, x[:, 0], [1, 2, 3], ("letter", "exit")))
    said: list[str] = []
    analyse(folder, say=said.append)
    assert set(pd.read_csv(folder / "analysis" / "sobol.csv")["policy"]) == {"exit"}
    assert any(text.startswith("sobol.csv is not whole: 3 of 64 points have no run of letter") for text in said)


def test_elementary_effects_count_the_steps_that_have_both_ends():
    path, notes = trajectories(2, 10), []
    made = replace(assemble(*failing("morris", path, path @ [3.0, -1.0], [0, 7])), leave_out=notes.append)
    found = morris(made).set_index("factor")
    assert found["mu_star"].tolist() == pytest.approx([3.0, 1.0])
    assert found["trajectories"].sum() == 20 - 3, "a first point ends one step, a middle one two"
    assert "2 of 30 points have no run of letter" in notes[0] and "only 17 of 20 steps count" in notes[0]


def test_where_too_few_steps_are_left_it_is_refused():
    path = trajectories(2, 3)
    gone = [k for k in range(9) if k not in (0, 1)]
    with pytest.raises(NotApplicableError, match="no factor has two steps with a run at both ends"):
        morris(assemble(*failing("morris", path, path[:, 0], gone)))


def test_ranks_and_luck_go_by_the_points_that_are_there():
    x = uniform([UNIT] * 2, 60)
    runs = x[:, :1] + np.random.default_rng(1).normal(0.0, 0.1, (60, 3))
    asked, design, table = parts("latin_hypercube", x, {"net_value": runs})
    made = assemble(asked, design, table[table["point"] > 9])
    assert set(prcc(made)["points"]) == {50} and set(luck(made)["points"]) == {50}
    few = assemble(asked, design, table[table["point"] > 53])
    with pytest.raises(NotApplicableError, match="6 independent points have a run; 2 factors need at least 12"):
        prcc(few)


def test_what_is_left_out_is_told_by_what_would_help(tmp_path):
    x = uniform([UNIT] * 2, 20)
    folder = write(tmp_path / "s", *parts("latin_hypercube", x, {"net_value": x[:, 0]}))
    said: list[str] = []
    analyse(folder, say=said.append)
    luckless = "luck.csv is left out: luck cannot be told from the factors by a single replication"
    assert f"{luckless}: set replications to 2 or more." in said
    assert "boxes.csv is left out: 20 independent points; boxes need at least 60: make the design larger." in said
    assert said[-1].startswith("For other designs than latin_hypercube, and so not there: interactions, sobol")
