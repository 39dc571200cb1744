"""Measure how often the interval of a mean holds the true mean; write coverage.csv and a section of docs/VALIDATION.md.

    python experiments/coverage/coverage.py [--samples 4000] [--only TEXT] [--pool] [--page]

Each shape (``shapes.py``) is drawn 4,000 times with 5, 10, 20 and 100 runs, and ``outcomes.units.known`` says of each
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

from intervals_page import SHORT, WANTED, section, verdict, with_section  # noqa: E402
from rivals import BOOTSTRAPS, CLOSED, FOR_COUNTS  # noqa: E402
from shapes import CHANCE, COUNT, DAY, POOL, Sample, Shape, make_pool, shapes  # noqa: E402

from wom_sim._files import write_text_atomically  # noqa: E402
from wom_sim.outcomes.statistics import unseen  # noqa: E402
from wom_sim.outcomes.units import (  # noqa: E402
    BOUND,
    INTERVAL,
    NONE_SEEN,
    QUIET,
    SAME,
    SELDOM,
    Known,
    known,
)

RUNS = (5, 10, 20, 100)
SAMPLES, BOOTSTRAPPED = 4_000, 400
TABLE, PAGE = HERE / "coverage.csv", HERE.parents[1] / "docs" / "VALIDATION.md"
_SLACK = 1e-9
_WITH_ENDS = (INTERVAL, QUIET, BOUND)


def measured(shape: Shape, runs: int, samples: int = SAMPLES) -> dict[str, object]:
    """Return how often what is told of a sample is so, and the coverage of the other methods.

    ``told``, ``bound``, ``seldom``, ``none``: in which share of samples an interval (also a quiet one), a bound, no
    end, or that none was seen is told. ``covered``: share of the samples with ends whose ends hold the mean; a quiet
    interval is one of the mean of runs without what did not come. ``exceeded``: the chance that
    something does not come although it comes more often than is then told; of several the greatest.
    """
    rng = np.random.default_rng([zlib.crc32(shape.name.encode()), runs])
    drawn = shape.draw(rng, samples, runs)
    unit = np.arange(runs)
    found = [known(values, unit, shape.indicator, _of(drawn, k)) for k, values in enumerate(drawn.outcomes)]
    kinds = np.array([each.kind for each in found])
    absent = [tuple(j for j, part in enumerate(_of(drawn, k)) if not part.any()) for k in range(samples)]
    ends = np.isin(kinds, _WITH_ENDS)
    right = [_holds_the_mean(shape, found[k], absent[k]) for k in np.flatnonzero(ends)]
    row: dict[str, object] = {"kind": shape.kind, "shape": shape.name, "beyond": shape.beyond, "runs": runs}
    row |= {"told": np.isin(kinds, (INTERVAL, QUIET)).mean(), "quiet": (kinds == QUIET).mean()}
    row |= {"bound": (kinds == BOUND).mean(), "seldom": np.isin(kinds, (SELDOM, SAME)).mean()}
    row |= {"none": (kinds == NONE_SEEN).mean(), "covered": np.mean(right) if right else np.nan}
    too_often = [(1.0 - chance) ** runs for chance in (shape.seen, *shape.chances) if chance > unseen(runs)]
    return row | {"exceeded": max(too_often, default=0.0)} | _others(shape, drawn, rng)


def _of(drawn: Sample, k: int) -> list[np.ndarray]:
    return [event[k] for event in drawn.events]


def _holds_the_mean(shape: Shape, each: Known, absent: tuple[int, ...]) -> bool:
    """Return whether the ends hold the mean, of a quiet interval that of runs without what did not come."""
    mean = shape.without(absent if each.kind == QUIET else ())
    return bool(each.low - _SLACK <= mean <= each.high + _SLACK)


def _others(shape: Shape, drawn: Sample, rng: np.random.Generator) -> dict[str, object]:
    """Return the coverage of the mean by other methods, whatever the sample."""
    if shape.kind == CHANCE:
        return {}

    def share(ends: tuple[np.ndarray, np.ndarray]) -> float:
        return float(((ends[0] - _SLACK <= shape.mean) & (shape.mean <= ends[1] + _SLACK)).mean())

    closed = CLOSED | (FOR_COUNTS if shape.kind in (COUNT, DAY) else {})
    row: dict[str, object] = {name: share(method(drawn.outcomes)) for name, method in closed.items()}
    few = drawn.outcomes[:BOOTSTRAPPED]
    return row | {name: share(method(few, rng)) for name, method in BOOTSTRAPS.items()}


def table(chosen: Iterable[Shape], samples: int = SAMPLES, workers: int = 1) -> pd.DataFrame:
    """Return a row for each shape and number of runs; several at a time change no figure."""
    pairs = [(shape.name, n) for shape in chosen for n in RUNS]
    if workers < 2 or len(pairs) < 8:
        by_name = {shape.name: shape for shape in chosen}
        rows = [measured(by_name[name], n, samples) for name, n in pairs]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            rows = list(pool.map(_named, pairs, [samples] * len(pairs), chunksize=4))
    found = pd.DataFrame(rows)
    return found.assign(verdict=[verdict(row) for _, row in found.iterrows()])


def _named(pair: tuple[str, int], samples: int) -> dict[str, object]:
    """Return ``measured`` of the shape of that name, in a process of its own."""
    if not _SHAPES:
        _SHAPES.update({shape.name: shape for shape in shapes(pd.read_parquet(POOL))})
    return measured(_SHAPES[pair[0]], pair[1], samples)


_SHAPES: dict[str, Shape] = {}


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=SAMPLES, help="samples of each shape and number of runs")
    parser.add_argument("--only", default=None, metavar="TEXT", help="shapes whose name holds this; prints them")
    parser.add_argument("--pool", action="store_true", help="run the simulator anew")
    parser.add_argument("--page", action="store_true", help="only write the page anew, from coverage.csv")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.pool or not POOL.exists():
        make_pool().to_parquet(POOL, index=False, compression="zstd")
    chosen = [s for s in shapes(pd.read_parquet(POOL)) if given.only is None or given.only in s.name]
    found = pd.read_csv(TABLE) if given.page else table(chosen, given.samples, workers=given.workers)
    if given.only is not None or given.samples != SAMPLES:
        print(found.to_string(index=False))
        return
    write_text_atomically(TABLE, found.round(4).to_csv(index=False))
    found = pd.read_csv(TABLE)
    write_text_atomically(PAGE, with_section(PAGE.read_text(encoding="utf-8"), section(found)))
    short = found[found["runs"].isin(WANTED) & ~found["beyond"] & (found["verdict"] == SHORT)]
    print(short.to_string(index=False) if len(short) else "None falls short.")


if __name__ == "__main__":
    main()
