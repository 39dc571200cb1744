"""Pattern 6: Sprint, 1,000 of 53 million: how many profitable customers are lost, and over which range.

The nation is 26.5 times the market that is run here. What coverage causes grows with the market (it reaches a share
of it); what private talk and posts cause does not (1,000 people tell whom they know, however large the market). So
the market is run twice with the same luck, with outlets and without:

    nation = 26.5 x (with outlets - without) + without

Buzz is a count: in the nation 26.5 times as many hearers post, which confirms the story and keeps it warm. Without
that, the scaled loss is 15 % too low. So here a hearer's post weighs ten times as much, and there are 2.65 times as
many, with fewer readers each.

The full run, ``wom-sim compare scenarios/sprint_2007.toml``, is the check (docs/DESIGN.md, "Calibration").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, REPORTED, Row, mean_row, runs

from wom_sim import load_scenario
from wom_sim.outcomes.indicators import extra_bystanders
from wom_sim.outcomes.statistics import mean_interval
from wom_sim.world import trace as tr

SPRINT = HERE.parents[1] / "scenarios" / "sprint_2007.toml"
SCALE = 26.5
SMALLER = [f"population.customers={round(53e6 / SCALE)}", f"population.prospects={round(20e6 / SCALE)}"]
AS_MANY_POSTS = [
    "behaviour.talking.hearsay_news=1.0",
    "behaviour.talking.p_post_hearer=0.0265",
    f"behaviour.talking.audience_least={20.0 / 2.65:.4f}",
]
MANY_CALLS = ["choose.calls_at_least=10"]
"""A small market has too few who call 40 times a month; the limit of 1,000 then takes those who call most."""

RANGES = {
    "beta 0.1": ["behaviour.leaving.beta=0.1"],
    "beta 2": ["behaviour.leaving.beta=2"],
    "affected .1": ["behaviour.hearing.affected=0.1"],
    "affected .35": ["behaviour.hearing.affected=0.35"],
    "harm half-life 30 days": ["behaviour.hearing.harm_half_life=30"],
    "harm half-life 180 days": ["behaviour.hearing.harm_half_life=180"],
    "chi .25": ["behaviour.leaving.chi=0.25"],
    "chi .8": ["behaviour.leaving.chi=0.8"],
    "sides .05": ["behaviour.hearing.sides_with_firm=0.05"],
    "sides .35": ["behaviour.hearing.sides_with_firm=0.35"],
}
"""One number at a time, at the ends of its range in the evidence."""


class Harm(NamedTuple):
    """For each replication, at the size of the nation: profitable customers lost, and the largest change of churn.

    The change is in percentage points a month, of everyone not acted on.
    """

    lost: NDArray[np.float64]
    churn_change: NDArray[np.float64]


def _monthly(replications: int, sets: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return extra departures of profitable customers, and of all, for each replication and month."""
    results = runs(load_scenario(SPRINT, [*SMALLER, *AS_MANY_POSTS, *MANY_CALLS, *sets]), "bulk letter", replications)
    daily = np.array([r.trace.book.daily for r in results])[:, :360]
    months = daily.reshape(len(results), 12, 30, -1).sum(axis=2).astype(float)
    return months[:, :, tr.D_EXTRA_PROFITABLE], extra_bystanders(months)


def harm(replications: int, sets: list[str]) -> Harm:
    """Return what a bulk letter does at the size of the nation."""
    with_outlets = _monthly(replications, sets)
    without = _monthly(replications, [*sets, "media.outlets=[]"])
    lost, everyone = (SCALE * (a - b) + b for a, b in zip(with_outlets, without, strict=True))
    largest = np.take_along_axis(everyone, np.abs(everyone).argmax(axis=1)[:, None], axis=1)[:, 0]
    return Harm(lost.sum(axis=1), 100.0 * largest / 53e6)


def harm_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return pattern 6. The loss is reported, not judged: nobody has measured what turns harm into departures."""
    found = harm(replications, sets)
    mean, low, high = mean_interval(found.lost)
    words = f"{mean:,.0f} ({low:,.0f} to {high:,.0f})"
    wipe_out = "report; 2,000 to 10,500 wipe out a year's saving"
    below = ("below 0.1", -0.1, 0.1)
    return [
        mean_row("6 change of monthly churn, points", below, found.churn_change, ".4f"),
        Row("6 profitable customers lost", wipe_out, words, REPORTED, mean, low, high, 2000.0, 10_500.0),
    ]


def range_rows(replications: int, sets: list[str]) -> list[tuple[str, float, float, float]]:
    """Return (what was changed, mean, low, high) of the loss, one number at a time."""
    named = {"defaults": [], **RANGES}
    return [(name, *mean_interval(harm(replications, [*sets, *change]).lost)) for name, change in named.items()]
