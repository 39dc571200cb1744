"""Measure how often the interval of a mean holds the true mean; write coverage.csv and a section of docs/VALIDATION.md.

    python experiments/coverage/coverage.py [--samples 2000] [--only TEXT] [--pool]

Each shape (``shapes.py``) is drawn 2,000 times with 5, 10, 20 and 100 runs, and ``outcomes.units.known`` says of each
sample what it knows, as in every table of the program. ``--only`` prints the shapes whose name holds the text instead
of writing. ``--pool`` runs the simulator anew for the shapes that come from it (a minute or two), else ``pool.parquet``
is taken. Two to four minutes in all.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from rivals import BOOTSTRAPS, CLOSED, FOR_COUNTS  # noqa: E402
from shapes import CHANCE, COUNT, DAY, MONEY, NET, POOL, Sample, Shape, make_pool, shapes  # noqa: E402

from wom_sim._files import write_text_atomically  # noqa: E402
from wom_sim.outcomes.statistics import unseen  # noqa: E402
from wom_sim.outcomes.units import BOUND, INTERVAL, NONE_SEEN, ONE_RUN, QUIET, SAME, Known, known  # noqa: E402

RUNS = (5, 10, 20, 100)
SAMPLES, BOOTSTRAPPED = 2_000, 300
TABLE, PAGE = HERE / "coverage.csv", HERE.parents[1] / "docs" / "VALIDATION.md"
BEGIN, END = "<!-- intervals: begin -->", "<!-- intervals: end -->"
LIMITS = {MONEY: (0.92, 0.98), COUNT: (0.90, 0.99), NET: (0.90, 0.99), CHANCE: (0.90, 0.99), DAY: (0.90, 0.99)}
"""Where the coverage of a nominal 95 % interval is wanted, with 10 and 20 runs."""
SELDOM = 0.1
"""An interval that is told in a smaller share of samples is no part of what is wanted: there, bounds are told."""
_SLACK = 1e-9


def measured(shape: Shape, runs: int, samples: int = SAMPLES) -> dict[str, object]:
    """Return how often what is told of a sample is so, and the coverage of the other methods."""
    rng = np.random.default_rng([zlib.crc32(shape.name.encode()), runs])
    drawn = shape.draw(rng, samples, runs)
    unit = np.arange(runs)
    found = [
        known(drawn.values[k], unit, shape.indicator, [event[k] for event in drawn.events]) for k in range(samples)
    ]
    kinds = np.array([each.kind for each in found])
    right = np.array([_so(shape, each, _sample(drawn, k), runs) for k, each in enumerate(found)])
    told = np.isin(kinds, (INTERVAL, QUIET))
    row: dict[str, object] = {"kind": shape.kind, "shape": shape.name, "beyond": shape.beyond, "runs": runs}
    row |= {"told": told.mean(), "covered": right[told].mean() if told.any() else np.nan}
    for kind in (INTERVAL, QUIET, BOUND, NONE_SEEN, SAME):
        of = kinds == kind
        row |= {kind.replace(" ", "_"): of.mean(), f"{kind.replace(' ', '_')}_holds": right[of].mean() if of.any() else np.nan}
    row |= {"all_hold": right.mean()}
    return row | _others(shape, drawn, rng)


def _sample(drawn: Sample, k: int) -> list[np.ndarray]:
    return [event[k] for event in drawn.events]


def _so(shape: Shape, each: Known, events: list[np.ndarray], runs: int) -> bool:
    """Return whether what is told of a sample is so.

    Of an outcome that no run showed it is told how often it may come at most. A quiet interval is one of the mean of
    runs without the events that did not come, of which it is told how often they may come at most.
    """
    if each.kind == NONE_SEEN:
        return shape.seen <= unseen(runs)
    absent = tuple(k for k, event in enumerate(events) if not event.any()) if each.kind == QUIET else ()
    rare = all(shape.chances[k] <= unseen(runs) for k in absent)
    return rare and bool(each.low - _SLACK <= shape.without(absent) <= each.high + _SLACK)


def _others(shape: Shape, drawn: Sample, rng: np.random.Generator) -> dict[str, object]:
    """Return the coverage of the mean by other methods, whatever the sample."""
    if shape.kind == CHANCE:
        return {}

    def share(ends: tuple[np.ndarray, np.ndarray]) -> float:
        return float(((ends[0] - _SLACK <= shape.mean) & (shape.mean <= ends[1] + _SLACK)).mean())

    closed = CLOSED | (FOR_COUNTS if shape.kind in (COUNT, DAY) else {})
    few = drawn.values[:BOOTSTRAPPED]
    return {name: share(method(drawn.values)) for name, method in closed.items()} | {
        name: share(method(few, rng)) for name, method in BOOTSTRAPS.items()
    }


def holds(row: pd.Series) -> bool:
    """Return whether a row is as wanted: right coverage where intervals are told, and else what is told is so."""
    low, high = LIMITS[str(row["kind"])]
    covers = row["told"] < SELDOM or low <= row["covered"] <= high
    return bool(covers and row["all_hold"] >= low)


def table(chosen: Iterable[Shape], samples: int = SAMPLES, runs: Iterable[int] = RUNS, workers: int = 2) -> pd.DataFrame:
    """Return a row for each shape and number of runs; several at a time change no figure."""
    pairs = [(shape.name, n) for shape in chosen for n in runs]
    if workers < 2 or len(pairs) < 8:
        by_name = {shape.name: shape for shape in chosen}
        rows = [measured(by_name[name], n, samples) for name, n in pairs]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            rows = list(pool.map(_named, pairs, [samples] * len(pairs), chunksize=4))
    found = pd.DataFrame(rows)
    return found.assign(holds=[holds(row) for _, row in found.iterrows()])


def _named(pair: tuple[str, int], samples: int) -> dict[str, object]:
    """Return ``measured`` of the shape of that name, in a process of its own."""
    if not _SHAPES:
        _SHAPES.update({shape.name: shape for shape in shapes(pd.read_parquet(POOL))})
    return measured(_SHAPES[pair[0]], pair[1], samples)


_SHAPES: dict[str, Shape] = {}


# -- the page ------------------------------------------------------------------------------------------------


def section(found: pd.DataFrame) -> str:
    """Return the section of the page: what was measured, and a line for each shape."""
    wanted = found[found["runs"].isin((10, 20)) & ~found["beyond"]]
    failing = [f"{row['shape']} ({row['runs']} runs)" for _, row in wanted[~wanted["holds"]].iterrows()]
    verdict = "All hold." if not failing else f"These do not: {'; '.join(failing)}."
    head = ["shape", *(f"{n} runs" for n in RUNS), "Student's t, 10 and 20 runs"]
    parts = [_INTRODUCTION.format(checks=len(wanted), shapes=wanted["shape"].nunique(), verdict=verdict).strip(), ""]
    parts += [_summary(found), ""]
    for kind in (MONEY, COUNT, NET, CHANCE, DAY):
        lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
        for name, rows in found[found["kind"] == kind].groupby("shape", sort=False):
            cells = [_cell(row) for _, row in rows.iterrows()]
            old = rows[rows["runs"].isin((10, 20))].get("student")
            told = ", ".join("" if v != v else f"{100 * v:.0f}" for v in old)
            mark = " (beyond)" if rows["beyond"].iloc[0] else ""
            lines.append("| " + " | ".join([f"{name}{mark}", *cells, told]) + " |")
        parts += [f"### {_TITLES[kind]}", "", *lines, ""]
    return "\n".join([*parts, "Repeat: `python experiments/coverage/coverage.py`", ""])


_TITLES = {
    MONEY: "Money: the mean of net value", COUNT: "Numbers of people and events, never below zero",
    NET: "Net numbers, and differences of two policies", CHANCE: "Chances", DAY: "Days",
}  # fmt: skip
_INTRODUCTION = """
## Intervals

This section is written by `experiments/coverage/coverage.py`. It asks of every mean that the program tells: does the
95 % interval hold the true mean in 95 % of cases? Each shape of outcomes is drawn 2,000 times with 5, 10, 20 and 100
runs; its true mean is known. "Large", "middle" and "small" are pools of 2,000 runs of the simulator itself (1,000
customers, of whom 60, 12 or 3 are let go), from which runs are drawn again.

An interval is not always what can be told. Where an outcome was seen in fewer than five runs, a *bound* is told; where
in no run, how often it may come at most; where no run had the national news or lost a customer, the interval is one for
runs without it (*quiet*), with the chance with which it may come at most. A cell gives the coverage of intervals (quiet
ones: of the mean of such runs) in per cent and, where it is not all, in which share of samples an interval is told; "-"
where that is below 10 %. After the stroke: in how many per cent of all samples that which is told is so, bounds and
chances included.

Wanted with 10 and 20 runs: intervals cover 92 to 98 % for money, 90 to 99 % for numbers; what is told holds in at least
92 and 90 %. Shapes marked *beyond* are heavier than 10 runs can tell, by any method; they are there to show where it ends.

**{checks} checks of {shapes} shapes with 10 and 20 runs. {verdict}**
"""


def _cell(row: pd.Series) -> str:
    told = "-"
    if row["told"] >= SELDOM:
        share = "" if row["told"] >= 0.995 else f" (in {100 * row['told']:.0f})"
        told = f"{100 * row['covered']:.1f}{share}"
    return f"{told} / {100 * row['all_hold']:.1f}"


def _summary(found: pd.DataFrame) -> str:
    """Return how the methods that were tried do over all shapes but those beyond: least, mean, and how many are right."""
    methods = ["student", "johnson", "bca", "bootstrap_t", "log", "gamma"]
    lines = ["| kind | runs | chosen | " + " | ".join(_NAMES[m] for m in methods) + " |", "|---" * (3 + len(methods)) + "|"]
    for kind in (MONEY, COUNT, NET):
        for n in RUNS:
            rows = found[(found["kind"] == kind) & (found["runs"] == n) & ~found["beyond"]]
            told = rows.loc[rows["told"] >= SELDOM, "covered"]
            cells = [_least(told, kind), *(_least(rows[m].dropna(), kind) for m in methods)]
            lines.append("| " + " | ".join([kind, str(n), *cells]) + " |")
    return "\n".join(["Least coverage, and in brackets how many of the shapes are within the limits:", "", *lines])


_NAMES = {
    "student": "Student", "johnson": "Johnson", "bca": "BCa", "bootstrap_t": "bootstrap-t", "log": "log",
    "gamma": "quasi-Poisson",
}  # fmt: skip


def _least(covered: pd.Series, kind: str) -> str:
    if covered.empty:
        return ""
    low, high = LIMITS[kind]
    return f"{100 * covered.min():.0f} ({int(covered.between(low, high).sum())} of {len(covered)})"


def with_section(page: str, text: str) -> str:
    """Return the page with the section between its marks, at the end if it has none yet."""
    marked = f"{BEGIN}\n{text}\n{END}\n"
    if BEGIN not in page:
        return page.rstrip("\n") + "\n\n" + marked
    return page[: page.index(BEGIN)] + marked + page[page.index(END) + len(END) :].lstrip("\n")


def section_of(page: str) -> str:
    """Return the section with its marks, "" where there is none: for who writes the rest of the page."""
    return page[page.index(BEGIN) : page.index(END) + len(END)] + "\n" if BEGIN in page else ""


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples of each shape and number of runs")
    parser.add_argument("--only", default=None, metavar="TEXT", help="shapes whose name holds this; prints them")
    parser.add_argument("--pool", action="store_true", help="run the simulator anew")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.pool or not POOL.exists():
        make_pool().to_parquet(POOL, index=False, compression="zstd")
    chosen = [s for s in shapes(pd.read_parquet(POOL)) if given.only is None or given.only in s.name]
    found = table(chosen, given.samples, workers=given.workers)
    if given.only is not None or given.samples != SAMPLES:
        print(found.to_string(index=False))
        return
    write_text_atomically(TABLE, found.round(4).to_csv(index=False))
    write_text_atomically(PAGE, with_section(PAGE.read_text(encoding="utf-8"), section(found)))
    bad = found[found["runs"].isin((10, 20)) & ~found["beyond"] & ~found["holds"]]
    print(bad.to_string(index=False) if len(bad) else "All hold.")
    sys.exit(1 if len(bad) else 0)


if __name__ == "__main__":
    main()
