"""Regret, criteria, and the worth of knowing over a study's points: by hand, and for factors that are words."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from studies import parts

from wom_sim.study.analysis import NotApplicableError, assemble, robust, worth
from wom_sim.study.analysis.robust import choices_of


def two(x: pd.DataFrame, kind: str, letter: np.ndarray, offer: np.ndarray, factors=(), **more):
    """A study of two policies, a run at each point."""
    asked, design, table = parts(kind, x, {"net_value": letter}, factors)
    other = table.assign(policy="offer", net_value=np.asarray(offer, float))
    return assemble(asked | more, design, pd.concat([table, other], ignore_index=True))


def scattered(letter, offer, **more):
    x = pd.DataFrame({"behaviour.leaving.beta": np.linspace(0.0, 1.0, len(letter))})
    return two(x, "latin_hypercube", np.asarray(letter, float), np.asarray(offer, float), **more)


def test_regret_and_criteria_by_hand():
    letter, offer = [6.0, 4.0, -2.0, -4.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]
    table = robust(scattered(letter, offer)).set_index("policy")
    # The best of each world: 6, 4, 1, 1, 1 (keeping everyone is 0).
    assert table.loc["letter", "regret_mean"] == pytest.approx((0 + 0 + 3 + 5 + 0) / 5)
    assert table.loc["offer", "regret_mean"] == pytest.approx((5 + 3 + 0 + 0 + 0) / 5)
    assert table.loc["keep", "regret_mean"] == pytest.approx((6 + 4 + 1 + 1 + 1) / 5)
    assert table.loc["letter", ["worst", "regret_most", "mean"]].tolist() == pytest.approx([-4.0, 5.0, 1.0])
    assert table["meets"].to_dict() == pytest.approx({"letter": 0.6, "offer": 1.0, "keep": 1.0})
    assert table["frontier"].to_dict() == {"letter": False, "offer": True, "keep": False}
    assert table.index[0] == "offer"


def test_criteria_of_the_study_file():
    criteria = [{"output": "net_value", "at_least": 1.5}]
    table = robust(scattered([2.0, 1.0, 2.0, 1.0, 2.0], [1.0] * 5, criteria=criteria)).set_index("policy")
    assert table["meets"].to_dict() == pytest.approx({"letter": 0.6, "offer": 0.0, "keep": 0.0})
    at_most = [{"output": "net_value", "at_most": 1.5}]
    table = robust(scattered([2.0, 1.0, 2.0, 1.0, 2.0], [1.0] * 5, criteria=at_most)).set_index("policy")
    assert table["meets"].to_dict() == pytest.approx({"letter": 0.4, "offer": 1.0, "keep": 1.0})


def test_what_the_firm_sets_makes_choices_where_it_is_crossed_with_what_it_does_not_know():
    x = pd.DataFrame(
        itertools.product([0.0, 100.0], [0.1, 0.2, 0.3, 0.4, 0.5]),
        columns=["policies.letter.payment", "behaviour.leaving.beta"],
    )
    money = -x["policies.letter.payment"].to_numpy() / 100.0 + 10.0 * x["behaviour.leaving.beta"].to_numpy()
    study = two(x, "grid", money, money * 0.0 + 1.0)
    found = choices_of(study, "net_value")
    assert found.money.shape == (5, 5) and list(found.worlds) == ["behaviour.leaving.beta"]
    table = robust(study)
    free = table[table["levers"] == "policies.letter.payment = 0.0"].iloc[0]
    assert free["mean"] in (pytest.approx(3.0), pytest.approx(1.0)) and (table["worlds"] == 5).all()


def test_too_few_worlds_or_no_money_are_refused():
    with pytest.raises(NotApplicableError, match="4 worlds have a run of every choice"):
        robust(scattered([1.0] * 4, [2.0] * 4))
    asked, design, table = parts("latin_hypercube", np.random.default_rng(1).random((9, 1)), {"reached": np.ones(9)})
    with pytest.raises(NotApplicableError, match="needs the output net_value"):
        robust(assemble(asked, design, table))


# -- the worth of knowing ------------------------------------------------------------------------------------


def known_answer(seed: int = 1, size: int = 600):
    """The letter brings 3 x (2 u - 1), the offer 0: knowing u is worth E max(0, 3 (2u - 1)) = .75; a word, nothing."""
    draws = np.random.default_rng(seed)
    x = pd.DataFrame({"behaviour.leaving.beta": draws.permutation((np.arange(size) + 0.5) / size)})
    x["network.kind"] = draws.choice([f"kind {k}" for k in range(9)], size)
    letter = 3.0 * (2.0 * x["behaviour.leaving.beta"] - 1.0) + draws.normal(0.0, 1.0, size)
    return two(x, "table", letter.to_numpy(), np.full(size, -0.01))


def test_the_worth_of_a_number_is_that_of_the_closed_form():
    table = worth(known_answer()).set_index("factor")
    row = table.loc["behaviour.leaving.beta"]
    assert row["evppi"] == pytest.approx(0.75, abs=0.08) and row["beyond_chance"]
    assert row["low"] <= row["evppi"] <= row["high"] and row["flip_at"] == pytest.approx(0.5, abs=0.05)
    assert row["evpi"] > row["evppi"]
    assert not table.loc["network.kind", "beyond_chance"], "nine words, in no order, tell nothing"


def test_the_worth_of_a_word_does_not_follow_from_the_order_of_its_values():
    draws = np.random.default_rng(2)
    kinds = [f"kind {k}" for k in range(9)]
    x = pd.DataFrame({"network.kind": draws.choice(kinds, 900), "behaviour.leaving.beta": draws.random(900)})
    good = x["network.kind"].isin(["kind 1", "kind 4", "kind 7"])
    letter = np.where(good, 2.0, -1.0) + draws.normal(0.0, 0.5, 900)
    row = worth(two(x, "table", letter, np.full(900, -0.01))).set_index("factor").loc["network.kind"]
    assert row["evppi"] == pytest.approx(2.0 / 3.0, abs=0.08) and row["beyond_chance"] and np.isnan(row["flip_at"])
