"""What ``compare`` prints about risk, and about what the runs are too few for."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from run_tables import table

from wom_sim.cli.risk_table import cell, percent, risk_table, warnings
from wom_sim.outcomes.paired import paired
from wom_sim.outcomes.risk import risk


def comparison(**policies):
    runs = table(**policies)
    scenario = SimpleNamespace(
        name="Town", currency="EUR", run=SimpleNamespace(replications=int(runs["replication"].max()) + 1)
    )
    names = list(runs["policy"].unique())
    return SimpleNamespace(scenario=scenario, policies=names, risk=risk(runs), paired=paired(runs))


def printed(thing):
    out = io.StringIO()
    Console(file=out, width=120).print(thing)
    return out.getvalue()


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((0.1, 0.3), "20 %\n(10 to 30 %)"),
        ((np.nan, 0.3), "20 %\n(at most 30 %)"),
        ((0.1, np.nan), "20 %\n(at least 10 %)"),
        ((np.nan, np.nan), "20 %\n(no interval)"),
        ((0.2, 0.2), "20 %"),
    ],
)
def test_an_interval_is_told_as_far_as_there_is_one(ends, text):
    row = pd.Series({"value": 0.2, "low": ends[0], "high": ends[1]})
    assert cell(row, percent) == text
    assert cell(pd.Series({"value": 12_400.0, "low": -3e6, "high": 2e4}), str) == "12400.0\n(-3000000.0 to 20000.0)"


def test_a_policy_a_row_without_keep():
    found = comparison(keep={"net_value": np.zeros(20)}, letter={"net_value": np.linspace(-5e5, 1e6, 20)})
    text = printed(risk_table(found))
    assert "letter" in text
    assert "keep" not in text
    assert "€500 k" in text  # the worst of twenty is the expected shortfall at 95 %
    assert "30 %" in text or "35 %" in text


def test_too_few_runs_and_unsettled_pairs_are_told():
    wobble = np.tile([-1.0, 1.0], 10)
    found = comparison(
        keep={"net_value": np.zeros(20)}, a={"net_value": 100 + 30 * wobble}, b={"net_value": 99 - 30 * wobble}
    )
    said = warnings(found)
    assert said[0] == "Too few replications for the tail: of 20 about 1 lies in the worst 5 %; 200 would give ten."
    assert said[1].startswith("Net value of a and b: undecided; about ")
    assert len(said) == 2
    needed = found.paired.set_index(["policy", "against", "indicator"]).loc[("a", "b", "net_value")]
    assert f"(--add-replications {int(needed['replications_needed']) - 20})" in said[1]


def test_what_cannot_be_settled_is_not_promised():
    same = comparison(a={"net_value": np.ones(300)}, b={"net_value": np.ones(300)})
    assert warnings(same) == ["Net value of a and b: no difference seen, so no number of replications would settle it."]
    once = comparison(a={"net_value": np.ones(1)}, b={"net_value": np.zeros(1)})
    assert warnings(once)[-1] == "Net value of a and b: one replication says nothing about chance."
    rng = np.random.default_rng(1).standard_normal(400)
    noise = rng - rng.mean()
    close = comparison(a={"net_value": noise + 0.001}, b={"net_value": np.zeros(400)})
    assert warnings(close) == ["Net value of a and b: as good as equal; more replications are no remedy."]
