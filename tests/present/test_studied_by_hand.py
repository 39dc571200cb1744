"""The tables of a study's charts of two factors and of steps, made of a folder whose few numbers are written down."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from written_folder import Folder

from wom_sim.present import studied
from wom_sim.present.material import MissingError

PAIRS = pd.DataFrame(
    [
        ("a", "net_value", "policy", "q", 90.0, 80.0, 99.0, 1.0, True, True),
        ("a", "net_value", "p", "q", 4.0, 1.0, 7.0, 2.0, True, True),
        ("a", "net_value", "p", "r", -9.0, -20.0, 2.0, 2.0, False, True),
        ("a", "net_value", "q", "r", -6.0, -9.0, -3.0, 2.0, True, True),
        ("b", "net_value", "q", "r", 1.0, -1.0, 3.0, 1.0, False, True),
        ("c", "net_value", "q", "r", 50.0, 40.0, 60.0, 1.0, True, False),
        ("a", "reached", "p", "q", 70.0, 60.0, 80.0, 1.0, True, True),
    ],
    columns=["policy", "output", "factor", "with", "interaction", "low", "high", "se", "beyond_chance", "used"],
)
"""Most of all stand out: a pair with the policy (no pair of factors), one within chance, and one that ``c`` does not
use; of the others q with r in ``a``."""
R = (10.0, 20.0, 30.0)
TIMES = {"a": 1.0, "b": 2.0, "c": 3.0}
MEANS = {(policy, q, r): r * (q - 1.5) * k for policy, k in TIMES.items() for q in (1.0, 2.0) for r in R}
CELLS = pd.DataFrame(
    [
        *((name, "net_value", "q", q, "r", r, each, each - 6.0, each + 6.0) for (name, q, r), each in MEANS.items()),
        ("a", "net_value", "p", 1.0, "q", 1.0, 77.0, 70.0, 80.0),
        ("a", "net_value", "q", 1.0, "r", 40.0, math.nan, math.nan, math.nan),
    ],
    columns=["policy", "output", "x_factor", "x", "y_factor", "y", "mean", "low", "high"],
)


def folder(**more: pd.DataFrame) -> Folder:
    return Folder({"analysis/interactions.csv": PAIRS, "analysis/map.csv": CELLS, **more})


def test_the_pair_that_stands_out_most_from_chance_is_shown_for_who_uses_it():
    found = studied.interaction(folder())
    assert set(found["parameter"]) == {"r"} and set(found["other"]) == {"q"}, "the factor of more levels lies along"
    assert set(found["unit"]) == {"currency"} and set(found["indicator"]) == {"net_value"}
    told = found.drop_duplicates("policy").set_index("policy")
    assert told["interaction"].to_dict() == {"a": -6.0, "b": 1.0}, "c does not use them"
    assert (told["low"].to_dict(), told["high"].to_dict()) == ({"a": -9.0, "b": -1.0}, {"a": -3.0, "b": 3.0})
    assert told["beyond"].to_dict() == {"a": True, "b": False}
    means = found.set_index(["policy", "level", "other_level"])["mean"].to_dict()
    assert means == {(policy, r, q): mean for (policy, q, r), mean in MEANS.items() if policy != "c"}


def test_a_cell_is_sure_where_its_interval_does_not_hold_zero():
    found = studied.heatmap(folder())
    assert set(found["across"]) == {"r"} and set(found["up"]) == {"q"}
    assert set(found["policy"]) == {"a", "b", "c"}
    sure = {(policy, r, q): abs(mean) > 6.0 for (policy, q, r), mean in MEANS.items()}
    assert found.set_index(["policy", "x", "y"])["sure"].to_dict() == sure


def test_of_saltellis_design_a_cell_is_a_pair_both_ways():
    pairs = pd.DataFrame(
        [("a", "net_value", "p", "q", 0.25, True)],
        columns=["policy", "output", "factor", "with", "second", "beyond_chance"],
    )
    found = studied.heatmap(folder(**{"analysis/sobol_pairs.csv": pairs}))
    assert found[["x", "y", "mean", "sure"]].to_numpy().tolist() == [["p", "q", 0.25, True], ["q", "p", 0.25, True]]
    assert set(found["unit"]) == {"share"}


def test_what_is_missing_is_named():
    with pytest.raises(MissingError, match=r"needs analysis/interactions.csv \(interactions was left out\)"):
        studied.interaction(Folder({"analysis/map.csv": CELLS}))
    with pytest.raises(MissingError, match="no pair of factors that a policy uses"):
        studied.interaction(folder(**{"analysis/interactions.csv": PAIRS.assign(used=False)}))
    with pytest.raises(MissingError, match=r"map.csv has no cells of the pair"):
        studied.interaction(folder(**{"analysis/map.csv": CELLS.assign(x_factor="p")}))


def test_of_many_numbers_the_lowest_the_middle_and_the_highest_have_a_line():
    assert studied._few(pd.Series([3.0, 1.0, 2.0, 7.0, 5.0, 9.0, 9.0])) == [1.0, 5.0, 9.0]
    assert studied._few(pd.Series([3.0, 1.0, 2.0, 7.0, 5.0])) == [3.0, 1.0, 2.0, 7.0, 5.0]
    assert studied._few(pd.Series(list("uvwxyz"))) == list("uvwxyz")


def test_effects_of_steps_are_of_factors_that_have_both():
    ends = [f"{name}{end}" for name in ("mu_star", "sigma") for end in ("", "_low", "_high")]
    rows = [
        ("a", "net_value", "p", 3.0, 2.0, 4.0, 1.0, 0.5, 1.5),
        ("a", "net_value", "q", 3.0, 2.0, 4.0, math.nan, math.nan, math.nan),
        ("a", "net_value", "r", math.nan, math.nan, math.nan, 1.0, 0.5, 1.5),
    ]
    table = pd.DataFrame(rows, columns=["policy", "output", "factor", *ends])
    assert studied.morris(Folder({"analysis/morris.csv": table}))["parameter"].tolist() == ["p"]
    with pytest.raises(MissingError, match="no factor with two steps that count"):
        studied.morris(Folder({"analysis/morris.csv": table[1:]}))
