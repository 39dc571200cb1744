"""The patterns of docs/DESIGN.md over draws of what worlds are drawn from: the posterior, and ranges for the rest.

    python experiments/posterior/all_patterns.py [--draws 12] [--workers 2]

Each draw gives every number that a run over worlds would draw of talk, money and media; all patterns are measured in it
with few runs. Writes patterns.csv (a row a draw and pattern); a draw that is there is not run again. page.py shows it.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "calibration"))

from pattern_news import news_rows  # noqa: E402
from pattern_runs import HOLDS, MISSED, REPORTED, Row  # noqa: E402
from patterns import ALL, report  # noqa: E402

from wom_sim import load_scenario  # noqa: E402
from wom_sim.scenario.posterior_of_cases import ANY  # noqa: E402
from wom_sim.study.worlds import design  # noqa: E402

TABLE = HERE / "patterns.csv"
SCENARIO = HERE.parents[1] / "scenarios" / "sprint_2007.toml"
TABLES = ("behaviour.", "media.", "money.")
"""Tables that all scenarios of the patterns share."""
REPLICATIONS = 25
CONTAGION, NEWS = 7, 12


def draws(count: int) -> list[list[str]]:
    """Return the settings of each draw, as ``--set`` takes them."""
    drawn = design(load_scenario(SCENARIO, ["run.replications=1"]), count).worlds
    keys = [key for key in drawn.columns if key.startswith(TABLES)]
    return [[f"{key}={row[key]:.9g}" for key in keys] for _, row in drawn.iterrows()]


def of_draw(sets: Sequence[str]) -> list[Row]:
    """Return all patterns in one draw."""
    rows = report(REPLICATIONS, sets, ALL - {CONTAGION, NEWS})
    smaller = report(REPLICATIONS, [*sets, "population.customers=100000"], {CONTAGION})
    return sorted([*rows, *smaller, *news_rows(REPLICATIONS, [*sets], ANY)], key=_number)


def _number(row: Row) -> int:
    return int(row.pattern.split()[0])


def over_draws(table: pd.DataFrame) -> Iterator[Row]:
    """Yield each pattern over the draws: the mean, and between what nine of ten draws lie; judged by the mean.

    Where each draw has a target of its own (what was put in) it holds if it does in most draws.
    """
    for name, mine in table.groupby("pattern", sort=False):
        mine = mine.dropna(subset=["value"])
        if mine.empty:
            continue
        values, held = mine["value"].to_numpy(), mine["value"].between(mine["least"], mine["most"]).mean()
        low, high = np.quantile(values, [0.05, 0.95])
        mean, own = float(values.mean()), len(set(mine["target"])) > 1
        least, most = (math.nan, math.nan) if own else (mine["least"].iloc[0], mine["most"].iloc[0])
        judged, holds = (mine["verdict"] != REPORTED).any(), held > 0.5 if own else least <= mean <= most
        form = ",.0f" if mean >= 1000.0 else ".3g"
        words = f"{mean:{form}} ({low:{form}} to {high:{form}})" + (f", within in {held:.0%}" if judged else "")
        target = "what was put in, in each draw" if own else mine["target"].iloc[0]
        verdict = (HOLDS if holds else MISSED) if judged else REPORTED
        yield Row(str(name).replace("12 any", "12"), target, words, verdict, mean, float(low), float(high), least, most)


def main() -> None:
    """Run what is missing, and keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=12)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--anew", action="store_true", help="forget what is there")
    given = parser.parse_args()
    if given.anew:
        TABLE.unlink(missing_ok=True)
    done = set(pd.read_csv(TABLE)["draw"]) if TABLE.exists() else set()
    asked = draws(given.draws)
    missing = [n for n in range(given.draws) if n not in done]
    with ProcessPoolExecutor(given.workers) as pool:
        for n, rows in zip(missing, pool.map(of_draw, [asked[n] for n in missing]), strict=True):
            found = pd.DataFrame(rows)[["pattern", "target", "verdict", "value", "least", "most"]].assign(draw=n)
            found.to_csv(TABLE, mode="a", header=not TABLE.exists(), index=False, float_format="%.6g")
            print(f"draw {n}: {(found['verdict'] == MISSED).sum()} missed", flush=True)


if __name__ == "__main__":
    main()
