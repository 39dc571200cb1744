"""Risk: known answers for atoms and tails, intervals that cover, and warnings where runs are too few."""

from __future__ import annotations

import math

import numpy as np
import pytest
from run_tables import table
from scipy.stats import binom

from wom_sim.outcomes.risk import (
    LEVEL,
    expected_shortfall,
    quantile_interval,
    risk,
    round_levels,
    shortfall_interval,
    tail_runs,
    value_at_risk,
)
from wom_sim.outcomes.units import standard_error


def alone(n):
    return np.arange(n)


def of(replications, policy, indicator, measure):
    found = risk(replications).set_index(["policy", "indicator", "measure"])
    return found.loc[(policy, indicator, measure)]


def test_expected_shortfall_of_atoms():
    """Binomial(100, .05) at 95 %: value at risk 9, expected shortfall 9.92095, not 9.7299 (stats.cvar_binom)."""
    atoms = np.arange(101.0)
    chances = binom.pmf(np.arange(101), 100, 0.05)
    assert value_at_risk(atoms, LEVEL, chances) == 9.0
    assert expected_shortfall(atoms, LEVEL, chances) == pytest.approx(9.92095444515368, abs=1e-9)
    assert (atoms * chances)[9:].sum() / chances[9:].sum() == pytest.approx(9.72987828577936, abs=1e-9)  # the naive way


@pytest.mark.parametrize(
    ("losses", "level", "shortfall"),
    [
        ([1, 2, 3, 4], 0.5, 3.5),
        ([1, 2, 3, 4], 0.6, (4 * 0.25 + 3 * 0.15) / 0.4),  # the third run is partly inside
        ([1, 2, 3, 4], 0.75, 4.0),
        ([7], 0.95, 7.0),
        ([0] * 19 + [20], 0.95, 20.0),
        ([0] * 19 + [20], 0.9, 10.0),
        ([-5, -5, -5], 0.95, -5.0),
    ],
)
def test_expected_shortfall_by_hand(losses, level, shortfall):
    values = np.array(losses, dtype=float)
    assert expected_shortfall(values, level) == pytest.approx(shortfall)
    assert expected_shortfall(values[::-1].copy(), level) == pytest.approx(shortfall)


def test_shortfall_of_known_tails():
    """Normal 2.06271, exponential 3.99573; n x variance of the estimate 6.07905 and 39 (stats.cvar)."""
    from scipy.special import ndtri

    u = (np.arange(2_000_000) + 0.5) / 2_000_000
    for loss, exact, spread in ((ndtri(u), 2.0627128075074275, 6.079049931376433), (-np.log1p(-u), 3.99573227, 39.0)):
        assert expected_shortfall(loss, LEVEL) == pytest.approx(exact, rel=2e-5)
        at_risk = value_at_risk(loss, LEVEL)
        influence = at_risk + np.maximum(loss - at_risk, 0.0) / (1.0 - LEVEL)
        assert standard_error(influence, alone(len(u))) ** 2 * len(u) == pytest.approx(spread, rel=1e-3)


def test_order_statistics_of_a_median():
    """Of 20 runs the 6th and the 15th bound the median (standard tables), at 95.86 %."""
    assert quantile_interval(np.arange(1.0, 21.0), 0.5, alone(20)) == (6.0, 15.0)


def test_a_tail_that_nobody_reached_has_no_end():
    """.95^n exceeds .025 below 72 runs: the highest of them may well lie below the 95 % point."""
    low, high = quantile_interval(np.arange(71.0), 0.95, alone(71))
    assert not math.isnan(low)
    assert math.isnan(high)
    assert quantile_interval(np.arange(73.0), 0.95, alone(73))[1] == 72.0
    assert all(math.isnan(end) for end in shortfall_interval(np.arange(99.0), LEVEL, alone(99)))
    assert not any(math.isnan(end) for end in shortfall_interval(np.arange(100.0), LEVEL, alone(100)))


def test_the_columns_are_those_that_were_agreed():
    found = risk(table(a={"net_value": np.arange(20.0)}))
    assert list(found) == ["policy", "indicator", "better", "measure", "value", "low", "high", "n", "warning"]
    measures = {"median", "p05", "p95", "worst5", "chance_national", "chance_loss"}
    assert measures == {m for m in found["measure"] if not m.startswith(("below_", "above_"))}


def test_too_few_runs_are_warned_of():
    few = table(keep={"net_value": np.zeros(20)}, a={"net_value": np.arange(20.0)})
    assert of(few, "a", "net_value", "worst5")["warning"].endswith("200 would give ten")
    assert of(few, "a", "net_value", "median")["warning"] == ""
    assert of(few, "keep", "net_value", "worst5")["warning"] == ""
    assert of(table(a={"net_value": np.arange(200.0)}), "a", "net_value", "worst5")["warning"] == ""
    assert of(table(a={"net_value": np.arange(199.0)}), "a", "net_value", "worst5")["warning"] != ""


def test_risk_is_told_on_the_scale_of_the_indicator():
    """A loss is below zero where the indicator is net value; the worst are the highest where fewer are better."""
    runs = table(
        a={
            "net_value": [-100.0, 50.0, 50.0, 50.0],
            "lost_profitable": [9, 1, 1, 1],
            "national_coverage": [1, 0, 0, 0],
        }
    )
    assert of(runs, "a", "net_value", "worst5")["value"] == -100.0
    assert of(runs, "a", "lost_profitable", "worst5")["value"] == 9.0
    assert of(runs, "a", "net_value", "worst5")["better"] == "more"
    assert of(runs, "a", "lost_profitable", "worst5")["better"] == "less"
    assert of(runs, "a", "net_value", "chance_loss")["value"] == 0.25
    assert of(runs, "a", "national_coverage", "chance_national")["value"] == 0.25
    assert of(runs, "a", "net_value", "p05")["value"] == pytest.approx(-77.5)  # in its own direction
    assert of(runs, "a", "net_value", "below_0")["value"] == 0.25
    assert of(runs, "a", "lost_profitable", "above_2")["value"] == 0.25


def test_a_policy_that_gains_in_every_run_shows_a_gain_in_its_worst():
    found = risk(table(a={"net_value": 100.0 + np.arange(200.0)})).query("indicator == 'net_value'")
    worst = found.set_index("measure").loc["worst5"]
    assert worst["value"] == np.arange(100.0, 110.0).mean()
    assert 0.0 < worst["low"] < worst["value"] < worst["high"]
    assert (found.loc[~found["measure"].str.startswith(("below", "chance")), "value"] > 0.0).all()


def test_the_chance_of_worse_grows_from_nothing_to_one():
    values = np.random.default_rng(1).normal(1e5, 5e5, 200)
    found = risk(table(keep={"net_value": np.zeros(200)}, a={"net_value": values}))
    curve = found[found["measure"].str.startswith("below_") & (found["indicator"] == "net_value")]
    a, keep = (curve[curve["policy"] == name]["value"].to_numpy() for name in ("a", "keep"))
    assert (np.diff(a) >= 0).all()
    assert (a[0], a[-1]) == (0.0, 1.0)
    assert set(keep) == {0.0, 1.0}
    assert 5 <= len(a) <= 14
    levels = [float(name.removeprefix("below_")) for name in curve[curve["policy"] == "a"]["measure"]]
    assert 0.0 in levels
    assert a[levels.index(0.0)] == (values < 0).mean()


def test_round_levels():
    assert round_levels(np.array([3.0, 3.0])).tolist() == [3.0]
    assert round_levels(np.array([-0.3, 7.7])).tolist() == [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert round_levels(np.array([-2.3e6, 0.0])).tolist() == [-2.5e6, -2e6, -1.5e6, -1e6, -5e5, 0.0]


def test_keep_is_known_and_not_estimated():
    found = risk(table(keep={"net_value": np.zeros(5)}, a={"net_value": np.arange(5.0)}))
    kept = found[found["policy"] == "keep"]
    assert (kept["low"] == kept["value"]).all()
    assert (kept["high"] == kept["value"]).all()


def test_worlds_count_and_not_their_runs():
    """Forty worlds with five equal runs each are forty runs: too few for the tail."""
    values = np.repeat(np.random.default_rng(3).normal(size=40), 5)
    runs = table(world=np.repeat(np.arange(40), 5), replications=np.tile(range(5), 40), a={"net_value": values})
    assert tail_runs(values, np.repeat(np.arange(40), 5), 0.05) == pytest.approx(2.0, abs=0.06)
    found = of(runs, "a", "net_value", "worst5")
    assert "200 would give ten" in found["warning"]
    assert math.isnan(found["low"])
    once = quantile_interval(values[::5], 0.5, alone(40))
    assert quantile_interval(values, 0.5, np.repeat(np.arange(40), 5)) == pytest.approx(once, abs=0.15)


@pytest.mark.science
@pytest.mark.parametrize(
    ("draw", "exact", "least"),
    [("standard_normal", 2.0627128075074275, 0.92), ("standard_exponential", 3.995732273553991, 0.89)],
)
def test_the_interval_of_a_shortfall_covers(draw, exact, least):
    """2,000 samples of 200 runs. Estimates of tails are known to fall short of 95 %; docs/DESIGN.md has the figures."""
    rng = np.random.default_rng(9)
    ends = [shortfall_interval(getattr(rng, draw)(200), LEVEL, alone(200)) for _ in range(2000)]
    covered = np.mean([low <= exact <= high for low, high in ends])
    assert least <= covered <= 0.97


@pytest.mark.science
def test_the_interval_of_a_quantile_covers_whatever_the_shape():
    rng = np.random.default_rng(10)
    for draw, exact in ((rng.standard_normal, 1.6448536269514722), (rng.standard_exponential, 2.995732273553991)):
        ends = [quantile_interval(draw(200), 0.95, alone(200)) for _ in range(2000)]
        assert 0.94 <= np.mean([low <= exact <= high for low, high in ends]) <= 0.985
