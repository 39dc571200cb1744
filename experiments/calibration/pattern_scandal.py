"""Pattern 13: what a national scandal does to those who hear of it: staying a little, for weeks; joining more.

A letter to 1,000 in a market of 300,000, in runs that it brings into the national news. Of those who first hear of it
from an outlet, who leaves within 30 days is compared with who would have left in these days anyway; the same of who
might join. Source: Wells Fargo 2016, TSB 2018, Spotify 2022, United 2017: churn x 1.00 to 1.25 in bank, telecom and
energy; joins by more (EVIDENCE2 11).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from pattern_runs import REPORTED, Row, judged
from pattern_talk import LETTERS, covered, letters

from wom_sim import build_world, load_scenario
from wom_sim.rules.leaving import MONTH
from wom_sim.simulation import Result
from wom_sim.world import trace as tr
from wom_sim.world.world import World

CHURN = ("1.00 to 1.25", 1.0, 1.25)


class Hearers(NamedTuple):
    """Who first heard from an outlet in a run, and in the month after it: what was to be expected, what was extra.

    ``leave`` and ``join``: departures and joins to be expected without the story, by everyone's own hazard; ``left``
    and ``joined``: net extra ones.
    """

    leave: float
    left: int
    join: float
    joined: int


def of_hearers(result: Result, world: World) -> Hearers:
    """Return what those who heard did in the month after."""
    log = pd.DataFrame(result.trace.events())
    heard = log[(log["event"] == tr.HEARD) & (log["source"].to_numpy() >> tr.SOURCE_SHIFT == tr.BY_OUTLET)]
    since = heard.groupby("person")["day"].min()
    since = since[~since.index.isin(result.treatments["person"])]
    who = world.people[since.index.to_numpy()]
    locked = np.where(since.to_numpy() // MONTH < who["contract"], result.scenario.behaviour.leaving.locked, 1.0)
    is_customer = since.index.to_numpy() < result.scenario.population.customers
    days = log["day"] - log["person"].map(since)
    mine = log[(days >= 0) & (days < MONTH)]

    def net(more: int, less: int) -> int:
        extra = mine["event"].eq(more) & mine["label"].isin([tr.EARLIER, tr.BECAUSE])
        return int(extra.sum() - mine["event"].eq(less).sum())

    leave, join = (who["churn"] * locked)[is_customer].sum(), who["churn"][~is_customer].sum()
    return Hearers(float(leave), net(tr.LEFT, tr.STAYED), float(join), net(tr.JOINED, tr.NOT_JOINED))


def ratios(replications: int, sets: list[str]) -> pd.DataFrame:
    """Return a row for each run with national news: how many times as many left, and joined, as without the story."""
    scenario = load_scenario(LETTERS, [*sets, "choose.limit=1000"])
    world = build_world(scenario)
    found = letters(1_000, replications, sets, events=True)
    rows = [of_hearers(result, world) for result, news in zip(found, covered(found), strict=True) if news]
    table = pd.DataFrame(rows, columns=Hearers._fields)
    return table.assign(churn=1.0 + table["left"] / table["leave"], joins=1.0 + table["joined"] / table["join"])


def _row(pattern: str, values: pd.Series, target: tuple[str, float, float] | None) -> Row:
    nothing = float("nan")
    if values.empty:
        return Row(pattern, "report", "no run with national news", REPORTED, *[nothing] * 5)
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    words = f"median {median:.3f} (9 of 10 runs: {low:.3f} to {high:.3f}) of {len(values)} runs"
    if target is None:
        return Row(pattern, "report: below 1, by more", words, REPORTED, median, low, high, nothing, nothing)
    return judged(pattern, target, (median, low, high), words)


def scandal_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return pattern 13."""
    found = ratios(replications, sets)
    return [
        _row("13 churn of who hears, month after, times", found["churn"], CHURN),
        _row("13 joins of who hears, month after, times", found["joins"], None),
    ]
