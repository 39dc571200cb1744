"""Pattern 12: what is national news, by each of the rules that compete (``media.rule``).

    python experiments/calibration/pattern_news.py [--replications 100] [--set key=value ...]

A written wave of 100 to 10,000 is national news in .35 to .85 of cases. Hundreds or thousands a year who are let
go one by one, each for reasons of their own, are in .03 to .5 of firm-years. What the firm announces is news on the
same day or the next, with the chance of an announcement. One person of note is enough. Source: twenty cases, which are
known because somebody published them.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, Row, chance_row, runs
from pattern_talk import covered

from wom_sim import load_scenario
from wom_sim.simulation import Result
from wom_sim.world import trace as tr

RULES = ("level", "taste", "story")
WAVES = (10, 100, 1_000, 10_000)
DRIP = ("0.03 to 0.5 of firm-years", 0.03, 0.5)
WAVE = ("0.35 to 0.85", 0.35, 0.85)
FEW = ("at most 0.1", 0.0, 0.1)
ENOUGH = ("at least 0.6", 0.6, 1.0)
SAME_DAY = ("0.3 to 0.9, on day 0 or 1", 0.3, 0.9)
KNOWN = (
    "people_of_note=[{name='somebody many know', audience=500000, standing=60}]", "choose.limit=1",
    "policies.'case by case'.channel='letter'",
)  # fmt: skip


def wave(number: int, replications: int, sets: list[str]) -> list[Result]:
    """Return runs of a letter to so many at once, with the same words."""
    return runs(load_scenario(HERE / "letters.toml", [*sets, f"choose.limit={number}"]), "bulk letter", replications)


def drip(replications: int, sets: list[str]) -> list[Result]:
    """Return runs of 3,600 of 2 million dismissed one by one over a year."""
    return runs(load_scenario(HERE / "one_by_one.toml", sets), "case by case", replications)


def at_once(results: list[Result]) -> NDArray[np.float64]:
    """Return, for each run, whether (1 or 0) a national outlet reports on the day of the first letter or the next."""
    first = int(results[0].treatments["day_told"].min())
    early = slice(0, first + 2)
    return np.array([float(r.trace.book.daily[early, tr.D_NATIONAL].sum() > 0) for r in results])


def news_rows(replications: int, sets: list[str], rule: str) -> list[Row]:
    """Return pattern 12 by one of the rules."""
    keys = [*sets, f"media.rule={rule}"]
    few = max(10, replications // 3)
    rows = [
        chance_row(f"12 {rule}: {n:,} letters", FEW if n < WAVES[1] else WAVE, covered(wave(n, replications, keys)))
        for n in WAVES
    ]
    rows.append(chance_row(f"12 {rule}: one by one, telephone", DRIP, covered(drip(few, keys))))
    written = [*keys, "policies.'case by case'.channel='letter'"]
    rows.append(chance_row(f"12 {rule}: one by one, in writing", DRIP, covered(drip(few, written))))
    rows.append(chance_row(f"12 {rule}: one person of note", ENOUGH, covered(drip(few, [*keys, *KNOWN]))))
    told = [*keys, "policies.'bulk letter'.announce.shift=0"]
    rows.append(chance_row(f"12 {rule}: announced", SAME_DAY, at_once(wave(1_000, replications, told))))
    return rows


def main() -> None:
    """Print pattern 12 by every rule."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--rules", nargs="*", default=RULES, choices=RULES)
    parser.add_argument("--set", action="append", default=[], dest="sets", metavar="key=value")
    given = parser.parse_args()
    for rule in given.rules:
        for row in news_rows(given.replications, given.sets, rule):
            print(f"{row.pattern:44} {row.target:28} {row.obtained:40} {row.verdict}", flush=True)


if __name__ == "__main__":
    main()
