"""Patterns 1 to 5: people told, chance and date of coverage, and how far the story reaches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, MISSED, Row, chance_row, judged, mean_row, runs

from wom_sim import load_scenario
from wom_sim.simulation import Result
from wom_sim.world import trace as tr

LETTERS, ONE_BY_ONE = HERE / "letters.toml", HERE / "one_by_one.toml"
NATION, MARKET = 53e6, 2_000_000
COVERAGE = ((10, "at most 10 %", 0.0, 0.10), (160, "30 to 70 %", 0.30, 0.70), (1000, "35 to 85 %", 0.35, 0.85))
"""Of 1,000, the newer evidence (pattern 12) overrules the older "at least 90 %"."""
LATE = 60
"""Days after which a story was found late: a quarter of stories are, and pattern 4 is about the others."""


def letters(number: int, replications: int, sets: list[str], events: bool = False) -> list[Result]:
    """Return runs of dismissing so many by letter at once."""
    return runs(load_scenario(LETTERS, [*sets, f"choose.limit={number}"]), "bulk letter", replications, events)


def one_by_one(replications: int, sets: list[str]) -> list[Result]:
    """Return runs of 3,600 dismissed one by one over a year."""
    return runs(load_scenario(ONE_BY_ONE, sets), "case by case", replications)


def told_by_victims(result: Result) -> list[int]:
    """Return, for each person the firm told who talks, how many conversations they plan."""
    log = result.trace.events()
    victims = set(result.treatments["person"].tolist())
    talks = log[(log["event"] == tr.TALKS) & (log["day"] < 60)]
    return [int(t["amount"]) for t in talks if int(t["person"]) in victims]


def covered(results: list[Result]) -> NDArray[np.float64]:
    """Return, for each run, whether (1 or 0) a national outlet took the story up."""
    return np.array([float(r.trace.book.daily[:, tr.D_NATIONAL].sum() > 0) for r in results])


def first_posts(results: list[Result]) -> NDArray[np.float64]:
    """Return the day of the first post, counted from the day on which the letters were posted."""
    return np.array([np.flatnonzero(r.trace.book.daily[:, tr.D_POSTS])[0] for r in results], dtype=float)


def press_days(results: list[Result]) -> NDArray[np.float64]:
    """Return the day of the first national report (pick-up and lag) of each run that has one, counted so too."""
    outlets = results[0].scenario.media.outlets
    national, lag = np.array([o.national for o in outlets]), np.array([o.lag for o in outlets])
    days = [(r.trace.picked_up + lag)[national & (r.trace.picked_up >= 0)] for r in results]
    return np.array([each.min() for each in days if len(each)], dtype=float)


def small_pickups(results: list[Result]) -> NDArray[np.float64]:
    """Return how many outlets that are not national took the story up."""
    outlets = results[0].scenario.media.outlets
    small = np.array([not outlet.national and outlet.cost_per_dismissal == 0.0 for outlet in outlets])
    return np.array([float((r.trace.picked_up[small] >= 0).sum()) for r in results])


def reached(results: list[Result]) -> NDArray[np.float64]:
    """Return how many people heard of it from others."""
    return np.array([float(r.trace.book.daily[:, tr.D_REACHED].sum()) for r in results])


def _day_row(pattern: str, target: tuple[str, float, float], days: NDArray[np.float64]) -> Row:
    if not len(days):
        return Row(pattern, target[0], "in no run", MISSED, *[float("nan")] * 3, *target[1:])
    low, median, high = np.quantile(days, [0.05, 0.5, 0.95])
    words = f"median {median:.0f} (9 of 10 runs: {low:.0f} to {high:.0f})"
    return judged(pattern, target, (median, low, high), words)


def talk_rows(sets: list[str]) -> list[Row]:
    """Return pattern 1: a talker among 1,000 who were dismissed by letter."""
    told = np.array(told_by_victims(letters(1000, 1, sets, events=True)[0]), dtype=float)
    return [mean_row("1 people told by a talker", ("9 to 16", 9.0, 16.0), told, ".1f")]


def media_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return patterns 2 to 4."""
    rows = []
    for number, words, least, most in COVERAGE:
        results = letters(number, replications, sets)
        rows.append(chance_row(f"2 national coverage, {number:,} at once", (words, least, most), covered(results)))
    single = one_by_one(max(10, replications // 5), sets)
    at_most = ("at most 2", 0.0, 2.0)
    rows.append(mean_row("3 small outlets that report, one by one", at_most, small_pickups(single), ".2f"))
    rows.append(chance_row("3 national coverage, one by one", ("below 50 %", 0.0, 0.5), covered(single)))
    rows.append(_day_row("4 first post, days from posting", ("2 to 6", 2.0, 6.0), first_posts(results)))
    days = press_days(results)
    rows.append(_day_row("4 national press, days from posting", ("5 to 14", 5.0, 14.0), days[days < LATE]))
    return rows


def reach_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return pattern 5, on a market of two million.

    Private talk does not grow with the market, so its count is compared with the nation; the share that coverage
    reaches does not depend on the size of the market.
    """
    big = [*sets, f"population.customers={MARKET}", "population.prospects=0"]
    private = reached(letters(1000, replications, [*big, "media.outlets=[]", "behaviour.talking.p_post=0.0"]))
    results = letters(1000, 3 * replications, big)
    share = 100.0 * reached(results)[covered(results) > 0.0] / MARKET
    return [
        mean_row("5 private talk reaches, % of 53 million", ("below 0.1", 0.0, 0.1), 100.0 * private / NATION, ".3f"),
        mean_row("5 coverage makes aware, %", ("10 to 60", 10.0, 60.0), share, ".1f"),
    ]
