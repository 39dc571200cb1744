"""Measure how often the interval of an interaction holds the true one; interactions.csv and a table of STUDIES.md.

    python experiments/coverage/interactions.py [--samples 2000] [--page]

Two policies' worth of luck: outcomes of a 2 x 2 grid share the luck of a replication, and each cell has its own, of
several shapes and of different size where both factors are high. ``analysis.interactions.described`` tells each sample;
``analysis.regression`` tells scattered points with noise of unequal size. Under a minute.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._files import write_text_atomically
from wom_sim.outcomes.statistics import chance_interval
from wom_sim.study.analysis import assemble, regression
from wom_sim.study.analysis.interactions import described

HERE = Path(__file__).resolve().parent
TABLE, PAGE = HERE / "interactions.csv", HERE.parents[1] / "docs" / "STUDIES.md"
RUNS, POINTS = (5, 10, 20, 100), (60, 200)
START, END = "<!-- interactions -->", "<!-- /interactions -->"
GAP = 0.5
Floats = NDArray[np.float64]


def _disaster(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return np.asarray((rng.random(shape) < 0.1) * -5.0 + 0.5)


SHAPES: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Floats]] = {
    "normal": lambda rng, shape: rng.normal(0.0, 1.0, shape),
    "skewed (exponential losses)": lambda rng, shape: 1.0 - rng.exponential(1.0, shape),
    "heavy tails (t, 3 degrees of freedom)": lambda rng, shape: rng.standard_t(3, shape),
    "a disaster in one run of ten": _disaster,
}


def of_grid(shape: str, runs: int, samples: int) -> dict[str, object]:
    """Return how often the interval holds the true interaction."""
    rng = np.random.default_rng([zlib.crc32(shape.encode()), runs])
    held = []
    for _ in range(samples):
        common = 3.0 * SHAPES[shape](rng, (runs,))
        own = SHAPES[shape](rng, (4, runs)) * np.array([0.5, 0.5, 0.5, 1.5])[:, None]
        cells = np.array([0.0, 1.0, 0.3, 1.3 + GAP])[:, None] + common + own
        told = described(cells[1] - cells[0], cells[3] - cells[2], used=True)
        held.append(told["low"] <= GAP <= told["high"])
    share, low, high = chance_interval(np.array(held, dtype=float))
    return {"of": "grid", "shape": shape, "size": runs, "covered": share, "low": low, "high": high, "samples": samples}


def of_points(points: int, samples: int) -> dict[str, object]:
    """Return the same for the interaction of a regression; noise is larger where the first factor is high."""
    rng, held = np.random.default_rng([7, points]), []
    for _ in range(samples):
        x = rng.random((points, 2))
        y = x[:, 0] + GAP * x[:, 0] * x[:, 1] + rng.normal(0.0, 0.1 + x[:, 0])
        design = pd.DataFrame(x, columns=["a", "b"]).assign(point=range(points))
        table = pd.DataFrame({"point": range(points), "policy": "letter", "replication": 0, "net_value": y})
        factors = [{"key": key, "low": 0.0, "high": 1.0} for key in "ab"]
        asked = {"design": {"kind": "latin_hypercube"}, "outputs": ["net_value"], "factors": factors}
        row = regression(assemble(asked, design[["point", "a", "b"]], table)).iloc[2]
        held.append(row["low"] <= GAP <= row["high"])
    share, low, high = chance_interval(np.array(held, dtype=float))
    told = {"of": "regression", "shape": "noise of unequal size", "size": points}
    return told | {"covered": share, "low": low, "high": high, "samples": samples}


def measured(samples: int) -> Iterator[dict[str, object]]:
    """Yield a row for each shape and size."""
    for shape in SHAPES:
        for runs in RUNS:
            yield of_grid(shape, runs, samples)
    for points in POINTS:
        yield of_points(points, max(50, samples // 5))


def section(table: pd.DataFrame) -> str:
    """Return the table as Markdown: a row a shape, a column a size."""
    lines = [f"| luck | {' | '.join(f'{n} runs' for n in RUNS)} |", "|---|" + "---|" * len(RUNS)]
    for shape, rows in table[table["of"] == "grid"].groupby("shape", sort=False):
        lines.append(f"| {shape} | {' | '.join(f'{100 * v:.1f} %' for v in rows['covered'])} |")
    told = [f"{100 * row['covered']:.1f} % with {row['size']} points" for row in table.to_dict("records")
            if row["of"] == "regression"]  # fmt: skip
    return "\n".join([*lines, "", f"By regression on scattered points, with noise of unequal size: {', '.join(told)}."])


def main() -> None:
    """Measure, print, and write the table and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument(
        "--page", action="store_true", help="Write interactions.csv, and the table into docs/STUDIES.md"
    )
    asked = parser.parse_args()
    table = pd.DataFrame(measured(asked.samples))
    print(section(table))
    if asked.page:
        write_text_atomically(TABLE, table.round(4).to_csv(index=False, lineterminator="\n"))
        head, rest = PAGE.read_text(encoding="utf-8").split(START)
        write_text_atomically(PAGE, f"{head}{START}\n{section(table)}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    main()
