"""Measure how often ranking and selection picks the best, beside what it promises; write selection.csv and the table.

    python experiments/selection/selection.py [--tries 500] [--page]

Each case is tried 500 times: candidates with known means and correlated luck, of which the best leads by just the
indifference (the hardest case that the promise covers). Half a minute.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._files import write_text_atomically
from wom_sim.outcomes.statistics import chance_interval
from wom_sim.study.ranking_and_selection import Promise, select

HERE = Path(__file__).resolve().parent
TABLE, PAGE = HERE / "selection.csv", HERE.parents[1] / "docs" / "STUDIES.md"
FIRST, MOST = 20, 100_000
START, END = "<!-- selection -->", "<!-- /selection -->"


class Case(NamedTuple):
    """Candidates: how many, how the others lie behind the best, correlation of their luck, shape, probability."""

    name: str
    candidates: int
    others: str
    correlation: float
    shape: str
    probability: float


CASES = (
    Case("one rival behind by the indifference", 2, "level", 0.0, "normal", 0.95),
    Case("nine rivals, all behind by it", 10, "level", 0.0, "normal", 0.95),
    Case("the same on common luck", 10, "level", 0.8, "normal", 0.95),
    Case("the same, promised 80 %", 10, "level", 0.8, "normal", 0.8),
    Case("nine rivals, each further behind", 10, "steps", 0.5, "normal", 0.95),
    Case("sixty rivals, each further behind", 61, "steps", 0.5, "normal", 0.95),
    Case("skewed outcomes (exponential losses)", 10, "level", 0.5, "exponential", 0.95),
    Case("a disaster in one run of twenty", 10, "level", 0.5, "disaster", 0.95),
)


def luck(case: Case, draws: np.random.Generator, runs: int) -> NDArray[np.float64]:
    """Return candidates x runs of mean 0 and standard deviation 3, a part of it common to all candidates."""
    shape = (case.candidates + 1, runs)
    if case.shape == "exponential":
        drawn = 1.0 - draws.exponential(1.0, shape)
    elif case.shape == "disaster":
        drawn = (0.05 - (draws.random(shape) < 0.05)) / np.sqrt(0.05 * 0.95)
    else:
        drawn = draws.normal(0.0, 1.0, shape)
    common, own = drawn[:1], drawn[1:]
    return np.asarray(3.0 * (np.sqrt(case.correlation) * common + np.sqrt(1.0 - case.correlation) * own))


def tried(case: Case, number: int) -> tuple[bool, int]:
    """Return whether the best was picked, and how many runs that took; the indifference is 1."""
    draws = np.random.default_rng([zlib.crc32(case.name.encode()), number])
    behind = np.ones(case.candidates) if case.others == "level" else np.arange(case.candidates, dtype=float)
    behind[0] = 0.0
    order = draws.permutation(case.candidates)
    means = -behind[order]

    def observe(left: list[int], step: range) -> NDArray[np.float64]:
        return np.asarray(means[left, None] + luck(case, draws, len(step))[left])

    found = select(case.candidates, observe, Promise(case.probability, 1.0), FIRST, MOST)
    return bool(order[found.best] == 0), sum(found.runs)


def measured(tries: int) -> Iterator[dict[str, object]]:
    """Yield a row for each case: the share picked right, with its 95 % interval, and runs a candidate."""
    for case in CASES:
        found = [tried(case, number) for number in range(tries)]
        right, low, high = chance_interval(np.array([float(ok) for ok, _ in found]))
        runs = np.array([n for _, n in found]) / case.candidates
        yield {
            "case": case.name, "candidates": case.candidates, "promised": case.probability, "picked": right,
            "low": low, "high": high, "runs_each": runs.mean(), "longest": runs.max(), "tries": tries,
        }  # fmt: skip


def section(table: pd.DataFrame) -> str:
    """Return the table as Markdown."""
    lines = ["| candidates | promised | best picked (95 % interval) | runs a candidate |", "|---|---|---|---|"]
    for row in table.to_dict("records"):
        picked = f"{100 * row['picked']:.1f} % ({100 * row['low']:.1f} to {100 * row['high']:.1f})"
        lines.append(f"| {row['case']} | {100 * row['promised']:.0f} % | {picked} | {row['runs_each']:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, write the table, and put it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--page", action="store_true", help="Put the table into docs/STUDIES.md")
    asked = parser.parse_args()
    table = pd.DataFrame(measured(asked.tries))
    print(section(table))
    if asked.page:
        write_text_atomically(TABLE, table.round(4).to_csv(index=False, lineterminator="\n"))
        text = PAGE.read_text(encoding="utf-8")
        head, rest = text.split(START)
        write_text_atomically(PAGE, f"{head}{START}\n{section(table)}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
