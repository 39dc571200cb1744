"""What ``compare`` prints about risk, and about what the runs are too few for."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from run_tables import table

from wom_sim.cli.risk_table import cell, risk_table, warnings
from wom_sim.outcomes.paired import paired
from wom_sim.outcomes.risk import risk
from wom_sim.words.figures import Figures


def comparison(**policies):
    """A comparison of such runs, in half of which each policy has news and loses a customer unless it says else."""
    runs = table(**policies)
    seen = {"national_coverage": runs["replication"] % 2, "lost_to_story": runs["replication"] % 2}
    given = {indicator for values in policies.values() for indicator in values}
    runs = runs.assign(**{name: column for name, column in seen.items() if name not in given})
    scenario = SimpleNamespace(
        name="Town",
        currency="EUR",
        run=SimpleNamespace(replications=int(runs["replication"].max()) + 1),
        money=SimpleNamespace(counted_months=36.0),
    )
    names = list(runs["policy"].unique())
    return SimpleNamespace(
        scenario=scenario, policies=names, risk=risk(runs), replications=runs,
        paired_in=lambda name: paired(runs, name),
    )  # fmt: skip


def printed(thing):
    out = io.StringIO()
    Console(file=out, width=120).print(thing)
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "ends", "text"),
    [
        (0.2, (0.1, 0.3), "20 %\n(10 % to 30 %)"),
        (0.0, (0.0, 0.259), "0 %\n(at most 26 %)"),
        (1.0, (0.741, 1.0), "100 %\n(at least 74 %)"),
        (0.2, (np.nan, np.nan), "20 %\n(no interval)"),
        (0.0, (0.0, 0.0), "0 %"),
    ],
)
def test_a_chance_is_told_with_what_is_known_of_it(value, ends, text):
    row = pd.Series({"value": value, "low": ends[0], "high": ends[1]})
    assert cell(row, "chance", Figures.plain("USD")) == text


@pytest.mark.parametrize(
    ("value", "ends", "text"),
    [
        (17.2e6, (17e6, 17.4e6), "+$17.2 M\n($17 M to $17.4 M)"),
        (-1.8e6, (np.nan, -1e6), "−$1.8 M\n(at most −$1 M)"),
        (2e6, (1e6, np.nan), "+$2 M\n(at least $1 M)"),
        (5.0, (5.0, 5.0), "+$5"),
    ],
)
def test_money_has_its_sign_a_gain_is_no_loss(value, ends, text):
    row = pd.Series({"value": value, "low": ends[0], "high": ends[1]})
    assert cell(row, "currency", Figures.plain("USD")) == text


def test_a_policy_that_always_gains_shows_no_loss_in_the_table():
    """Read the whole table back: no amount has a minus, and the worst runs gain."""
    found = comparison(keep={"net_value": np.zeros(20)}, letter={"net_value": 1e6 + 1e4 * np.arange(20)})
    text = printed(risk_table(found))
    assert "−" not in text
    assert "+€1 M" in text
    assert "below 0 a loss" in text


def test_a_policy_a_row_without_keep():
    found = comparison(keep={"net_value": np.zeros(20)}, letter={"net_value": np.linspace(-5e5, 1e6, 20)})
    text = printed(risk_table(found))
    assert "letter" in text
    assert "keep" not in text
    assert "−€500 k" in text  # the worst of twenty is the mean of the worst 5 %
    assert "35 %" in text


def test_too_few_runs_and_unsettled_pairs_are_told():
    wobble = np.tile([-1.0, 1.0], 10)
    found = comparison(
        keep={"net_value": np.zeros(20)}, a={"net_value": 100 + 30 * wobble}, b={"net_value": 99 - 30 * wobble}
    )
    said = warnings(found)
    assert said[0] == "Too few replications for the tail: of 20 about 1 lies in the worst 5 %; 200 would give ten."
    assert said[1].startswith("Net value of a and b: undecided; if the difference is as it looks now, about ")
    assert len(said) == 2
    needed = found.paired_in("net_value").set_index(["policy", "against", "indicator"]).loc[("a", "b", "net_value")]
    assert f"(--add-replications {int(needed['replications_needed']) - 20})" in said[1]


def test_ten_quiet_runs_are_not_told_as_no_risk():
    """Of ten runs without news, up to 26 % of runs may still have it: 1 - .05^(1/10) = .259 (exact binomial)."""
    quiet = {"net_value": np.arange(10.0), "national_coverage": np.zeros(10), "lost_to_story": np.ones(10)}
    loud = quiet | {"national_coverage": np.eye(1, 10)[0], "lost_to_story": np.zeros(10)}
    found = comparison(keep={"net_value": np.zeros(10)}, a=quiet, b=loud)
    said = [line for line in warnings(found) if "No run" in line]
    assert said == [
        "No run of “a” made the national news; no run of “b” lost a profitable customer to what they heard. What that "
        "would cost is in no figure here, and each may still happen in up to 26 % of runs (95 % sure)."
    ]


def test_what_cannot_be_settled_is_not_promised():
    same = comparison(a={"net_value": np.ones(300)}, b={"net_value": np.ones(300)})
    assert warnings(same) == ["Net value of a and b: no difference seen, so no number of replications would settle it."]
    once = comparison(a={"net_value": np.ones(1)}, b={"net_value": np.zeros(1)})
    assert warnings(once)[-1] == "Net value of a and b: one replication says nothing about chance."
    rng = np.random.default_rng(1).standard_normal(400)
    noise = rng - rng.mean()
    close = comparison(a={"net_value": noise + 0.001}, b={"net_value": np.zeros(400)})
    assert warnings(close) == ["Net value of a and b: as good as equal; more replications are no remedy."]
