"""Whether one factor does more where another is so: by hand, by regression, in sentences; and what is left out."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from studies import parts, study, uniform, write

from wom_sim.study.analysis import NotApplicableError, analyse, assemble, interactions, regression
from wom_sim.study.analysis.answers import Telling, together
from wom_sim.study.analysis.interactions import described
from wom_sim.study.analysis.intervals import holm
from wom_sim.words import Words

NETWORKS = ["market", "clustered", "random"]


def grid(gap: float, luck: float, runs: int = 12, seed: int = 1):
    """Explaining brings 1, and ``gap`` more where the network is clustered; luck is common to all points, and own."""
    x = pd.DataFrame(itertools.product([0.0, 1.0], NETWORKS, [1.0, 3.0]), columns=["explain", "network", "pace"])
    draws = np.random.default_rng(seed)
    base = x["explain"] * (1.0 + gap * (x["network"] == "clustered")) + 0.25 * x["pace"]
    common = draws.normal(0.0, 5.0, runs)
    return x, base.to_numpy()[:, None] + common + draws.normal(0.0, luck, (len(x), runs))


def of(table: pd.DataFrame, factor: str, other: str, to: str) -> pd.Series:
    return table[(table["factor"] == factor) & (table["with"] == other) & (table["with_to"] == to)].iloc[0]


def test_interaction_is_the_difference_of_two_effects_paired_by_luck():
    x, runs = grid(gap=0.5, luck=0.3)
    row = of(interactions(study("grid", x, {"net_value": runs})), "explain", "network", "clustered")
    cell = {
        (e, n): runs[((x["explain"] == e) & (x["network"] == n)).to_numpy()].mean(axis=0)
        for e in (0.0, 1.0)
        for n in NETWORKS
    }
    gaps = (cell[1.0, "clustered"] - cell[0.0, "clustered"]) - (cell[1.0, "market"] - cell[0.0, "market"])
    assert row["interaction"] == pytest.approx(gaps.mean())
    assert row["se"] == pytest.approx(gaps.std(ddof=1) / np.sqrt(12))
    assert row["effect_first"] == pytest.approx((cell[1.0, "market"] - cell[0.0, "market"]).mean())
    assert row["interaction"] == pytest.approx(row["effect_last"] - row["effect_first"])
    assert (row["from"], row["to"], row["with_from"], row["n"], row["by"]) == (0.0, 1.0, "market", 12, "replication")
    assert row["low"] < 0.5 < row["high"], "common luck of 5 drops out of a paired difference"


def test_what_is_alike_everywhere_is_exactly_no_interaction():
    x, _ = grid(0.0, 0.0)
    base = (x["explain"] + 2.0 * x["pace"]).to_numpy()
    table = interactions(study("grid", x, {"net_value": base[:, None] + np.zeros(4)}))
    assert table["interaction"].abs().max() < 1e-12 and not table["beyond_chance"].any()


def test_a_factor_that_is_not_used_has_exactly_none():
    x, runs = grid(0.5, 0.3)
    made = study("grid", x, {"net_value": runs})
    idle = replace(made, unused=frozenset({("letter", "pace")}))
    table = interactions(idle)
    mine = table[table["with"] == "pace"]
    assert (mine["interaction"] == 0.0).all() and not mine["used"].any()
    assert table.loc[table["with"] == "network", "used"].all()


def test_points_stand_in_for_a_single_replication():
    x, runs = grid(0.5, 0.01)
    row = of(interactions(study("grid", x, {"net_value": runs[:, :1]})), "explain", "network", "clustered")
    assert row["by"] == "point" and row["n"] == 2
    assert row["interaction"] == pytest.approx(0.5, abs=0.1)


def test_a_table_that_is_not_crossed_with_all_others_alike_is_refused():
    x, runs = grid(0.5, 0.3)
    x.loc[0, "pace"] = 7.0
    with pytest.raises(NotApplicableError, match="all others alike"):
        interactions(study("table", x, {"net_value": runs}))


def test_two_policies_may_differ_by_more_where_a_factor_is_so():
    x, runs = grid(0.0, 0.2)
    asked, design, table = parts("grid", x, {"net_value": runs})
    second = table.assign(policy="offer", net_value=table["net_value"] + 3.0 * (table["point"] >= 6))
    found = interactions(assemble(asked, design, pd.concat([table, second], ignore_index=True)))
    row = found[(found["factor"] == "policy") & (found["with"] == "explain")].iloc[0]
    assert (row["from"], row["to"]) == ("letter", "offer")
    assert row["interaction"] == pytest.approx(3.0) and row["effect_first"] == pytest.approx(0.0, abs=1e-12)


def test_holm_by_hand():
    assert holm(np.array([0.2, 0.01, 0.02])) == pytest.approx([0.2, 0.03, 0.04])


def test_an_interval_of_one_unit_is_not_told():
    told = described(np.array([1.0]), np.array([2.0]), used=True)
    assert told["interaction"] == 1.0 and np.isnan(told["se"]) and np.isnan(told["low"])


# -- regression ----------------------------------------------------------------------------------------------


def test_regression_on_a_grid_finds_what_the_contrasts_find():
    x, runs = grid(0.5, 0.3)
    made = study("grid", x, {"net_value": runs})
    fitted = of(regression(made), "explain", "network", "clustered")
    assert fitted["change"] == pytest.approx(of(interactions(made), "explain", "network", "clustered")["interaction"])
    alone = regression(made).query("factor == 'explain' and `with`.isna()").iloc[0]
    means = runs.mean(axis=1)
    assert alone["change"] == pytest.approx(means[x["explain"] == 1.0].mean() - means[x["explain"] == 0.0].mean())


def test_regression_holds_words_and_numbers_apart_on_scattered_points():
    draws = np.random.default_rng(3)
    x = pd.DataFrame(uniform([(0.0, 10.0), (1.0, 100.0)], 400), columns=["a", "b"])
    x["kind"] = draws.choice(["one", "two", "three"], 400)
    y = 0.3 * x["a"] + 2.0 * (x["kind"] == "three") + 0.1 * x["a"] * (x["kind"] == "two") + draws.normal(0, 0.2, 400)
    listed = [{"key": "kind", "values": ["one", "two", "three"]}, {"key": "a", "low": 0.0, "high": 10.0},
              {"key": "b", "low": 1.0, "high": 100.0, "scale": "log"}]  # fmt: skip
    table = regression(study("latin_hypercube", x, {"net_value": y.to_numpy()}, listed))
    main = table[table["with"].isna()].set_index(["factor", "to"])["change"]
    # At the average of the others: a at its mean slope (a third of the points has .1 more), kinds at a = 5.
    assert main["a", 10.0] == pytest.approx(3.0 + 1.0 / 3.0, abs=0.1)
    assert main["kind", "three"] == pytest.approx(2.0, abs=0.1) and main["kind", "two"] == pytest.approx(0.5, abs=0.1)
    assert abs(main["b", 100.0]) < 0.1
    pair = of(table, "a", "kind", "two")
    assert pair["change"] == pytest.approx(1.0, abs=0.2) and pair["beyond_chance"]
    assert (pair["effect_first"], pair["effect_last"]) == pytest.approx((3.0, 4.0), abs=0.2)
    assert not of(table, "a", "kind", "three")["beyond_chance"]
    assert table["fits"].iloc[0] > 0.95


def test_errors_of_the_regression_are_hc3_by_hand():
    draws = np.random.default_rng(6)
    x = draws.random((60, 1))
    y = x[:, 0] + draws.normal(0.0, 0.1 + x[:, 0], 60)
    listed = [{"key": "x0", "low": 0.0, "high": 1.0}]
    row = regression(study("latin_hypercube", x, {"net_value": y}, listed)).iloc[0]
    z = np.column_stack([np.ones(60), x[:, 0] - x[:, 0].mean()])
    inverse = np.linalg.inv(z.T @ z)
    left = y - z @ (inverse @ z.T @ y)
    meat = sum(
        np.outer(z[k], z[k]) * (left[k] / (1.0 - z[k] @ inverse @ z[k])) ** 2 for k in range(60)
    )  # fmt: skip
    assert row["se"] == pytest.approx(np.sqrt((inverse @ meat @ inverse)[1, 1]))


def test_factors_that_cannot_be_told_apart_have_no_figure():
    x = pd.DataFrame({"a": ["u", "v"] * 20, "b": ["s", "t"] * 20})
    made = study("table", x, {"net_value": np.arange(40.0)})
    said: list[str] = []
    watched = replace(made, leave_out=said.append)
    with pytest.raises(NotApplicableError):
        regression(watched)
    assert "cannot be told apart" in said[0]


# -- sentences -----------------------------------------------------------------------------------------------


def told(gap: float, luck: float, lang: str = "en", output: str = "net_value", seed: int = 1) -> str:
    x, runs = grid(gap, luck, seed=seed)
    table = interactions(study("grid", x, {output: runs}))
    mine = table[(table["factor"] == "explain") & (table["with_to"] == "clustered")]
    return together(mine, output, Telling(Words(lang), "USD", str))[0]


def test_the_question_is_answered_in_a_sentence():
    said = told(0.5, 0.05)
    assert said.startswith("Under letter, explain 1 instead of 0 helps net value more where network is clustered than")
    assert "than where it is market: +$0.5" in said and said.endswith(": shown.")
    assert "standard error $0.0" in said


def test_what_is_not_shown_is_told_with_its_standard_error():
    said = told(0.0, 0.6)
    assert said.endswith(": not shown.") and "standard error $0." in said and "95 % interval −$0." in said


def test_direction_and_language_decide_the_words():
    assert "helps profitable customers lost more where" not in told(0.5, 0.05, output="lost_profitable")
    assert "harms profitable customers lost less where network is market" in told(0.5, 0.05, output="lost_profitable")
    assert "helps net value where network is market, and harms it where it is clustered" in told(-2.0, 0.05)
    assert "helpt nettowaarde meer waar network clustered is dan" in told(0.5, 0.05, "nl")


def test_analyse_alone_answers_the_question(tmp_path):
    x, runs = grid(0.5, 0.05)
    folder = write(tmp_path / "s", *parts("grid", x, {"net_value": runs}))
    said: list[str] = []
    analyse(folder, say=said.append)
    assert any("explain 1 instead of 0 helps net value more where network is clustered" in text for text in said)
    index = json.loads((folder / "analysis" / "analysis.json").read_text())
    assert index["answers"] == [text for text in said if text in index["answers"]] and len(index["answers"]) >= 1
    assert {"interactions", "regression"} <= set(index["made"])


def test_scattered_points_answer_by_regression(tmp_path):
    x = uniform([(0.0, 1.0)] * 2, 200)
    y = x[:, 0] + 2.0 * x[:, 0] * x[:, 1] + np.random.default_rng(2).normal(0.0, 0.1, 200)
    folder = write(tmp_path / "s", *parts("latin_hypercube", x, {"net_value": y}))
    said: list[str] = []
    analyse(folder, say=said.append)
    assert any(text.startswith("Under letter, x0") and text.endswith(": shown.") for text in said)
