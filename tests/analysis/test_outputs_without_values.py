"""An output that no run has a value for (a day of news where there was none) stops no analysis of the others."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from daily import few
from studies import parts, saltelli, uniform, write

from wom_sim.study.analysis import analyse

BOUNDS = [(0.0, 1.0)] * 3


def grid() -> np.ndarray:
    return np.array([(a, b, c) for a in (0.0, 1.0) for b in (0.0, 0.5, 1.0) for c in (0.0, 1.0)])


def morris() -> np.ndarray:
    from SALib.sample import morris as salib

    problem = {"num_vars": 3, "names": ["x0", "x1", "x2"], "bounds": BOUNDS}
    return salib.sample(problem, 12, num_levels=4, seed=7)


DESIGNS = {
    "grid": grid, "latin_hypercube": lambda: uniform(BOUNDS, 90), "sobol": lambda: uniform(BOUNDS, 90, 5),
    "saltelli": lambda: saltelli(BOUNDS, 64, True), "morris": morris,
}  # fmt: skip


def hollow(x: np.ndarray, runs: int) -> dict[str, np.ndarray]:
    """Outputs with a value everywhere, nowhere, at one point, in one run of each point, and one that never varies."""
    whole = (x[:, 0] + x[:, 0] * x[:, 1])[:, None] + np.random.default_rng(2).normal(0.0, 0.1, (len(x), runs))
    nowhere = np.full((len(x), runs), np.nan)
    one_point, one_run = nowhere.copy(), nowhere.copy()
    one_point[3] = 5.0
    one_run[:, 0] = whole[:, 0]
    same = np.ones((len(x), runs))
    return {"net_value": whole, "nowhere": nowhere, "one_point": one_point, "one_run": one_run, "same": same}


@pytest.mark.parametrize("runs", few([6, 1]))
@pytest.mark.parametrize("kind", few(DESIGNS))
def test_the_others_are_analysed_as_if_it_were_not_there(tmp_path, kind, runs):
    x = DESIGNS[kind]()
    factors = [{"key": f"x{k}", "low": 0.0, "high": 1.0} for k in range(3)]
    outputs = hollow(x, runs)
    found = write(tmp_path / "all", *parts(kind, x, outputs, factors))
    alone = write(tmp_path / "alone", *parts(kind, x, {"net_value": outputs["net_value"]}, factors))
    for folder in (found, alone):
        analyse(folder)
    made = {each: json.loads((each / "analysis" / "analysis.json").read_text())["made"] for each in (found, alone)}
    assert set(made[alone]) <= set(made[found])
    for name in made[alone]:
        both = [pd.read_csv(each / "analysis" / f"{name}.csv") for each in (found, alone)]
        if "output" in both[0]:
            both[0] = both[0][both[0]["output"] == "net_value"].reset_index(drop=True)
            shared = [column for column in both[1] if column in both[0]]
            pd.testing.assert_frame_equal(both[0][shared], both[1][shared], check_dtype=False)
