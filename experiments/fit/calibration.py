"""Does ``wom-sim fit`` find numbers that are known? Simulated firms, each with what it would have seen.

    python experiments/fit/calibration.py [--worlds 1000] [--firms 200] [--out results/fit_calibration]

Firms are worlds drawn anew, with luck of their own, that are not in the table from which is learned. Writes
experiments/fit/calibration.csv, a row a number: how often the truth lay within the 50 and 90 % intervals, and how often
in each tenth (a histogram of ranks; were the method exact, each tenth is as likely). Minutes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chisquare

from wom_sim import load_scenario
from wom_sim.scenario import Scenario
from wom_sim.study import posterior
from wom_sim.study.compare_worlds import run_all
from wom_sim.study.cost_of_worlds import plan_worlds
from wom_sim.study.fit import Fit, as_done, of_policy
from wom_sim.study.worlds import Design, design, renumbered

HERE = Path(__file__).resolve().parent
TABLE = HERE / "calibration.csv"
APART = 200_000
TENTHS = 10


def main() -> None:
    """Run the worlds and the firms, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--firms", type=int, default=200)
    parser.add_argument("--past", type=Path, default=HERE / "past.toml")
    parser.add_argument("--workers", type=int)
    asked = parser.parse_args()
    past = as_done(load_scenario(asked.past))
    table = design(past, asked.worlds)
    found = Fit(past, table, of_policy(runs_of(past, table, asked.workers), past))

    firms = renumbered(past, asked.firms, APART)
    seen = of_policy(runs_of(past, firms, asked.workers), past)
    rows = pd.DataFrame(places(found, firms.worlds, seen))
    summary = summed(rows)
    summary.to_csv(TABLE, index=False, float_format="%.4g")
    print(summary.to_string(index=False, float_format=lambda value: f"{value:.3g}"))
    print(f"all: within 90 % in {100 * rows['place'].between(0.05, 0.95).mean():.1f} % of {asked.firms} firms")


def runs_of(past: Scenario, drawn: Design, workers: int | None) -> pd.DataFrame:
    """Return the runs of every world of a design."""
    numbers, parts = drawn.worlds["world"].tolist(), {}
    settled = plan_worlds(past, drawn, len(numbers), workers)
    run_all(past, drawn, numbers, settled, (parts.__setitem__, lambda done, total, words: None))
    return pd.concat([parts[world] for world in sorted(parts)], ignore_index=True)


def places(found: Fit, worlds: pd.DataFrame, seen: pd.DataFrame) -> list[dict[str, object]]:
    """Return at which quantile of what is learned from each firm the true number lies."""
    learned = found.foretold.learned
    shown = posterior.evidence_of(found.scenario.seen, seen, found.scenario.run.days, found.seed + 7).shown
    foretold = posterior.foretell_firms(found.known, found.evidence, shown, found.seed)[:, learned]
    rows = []
    for firm in range(len(worlds)):
        what = posterior.near(found.known.scores[:, learned], found.foretold.worlds[:, learned], foretold[firm])
        truth = np.array([scored(found.known, k, float(worlds[found.known.keys[k]].iloc[firm]), firm) for k in learned])
        for k, place, true in zip(learned, what.places(truth), truth, strict=True):
            low, high = what.quantiles([0.05, 0.95])[:, list(learned).index(k)]
            rows.append({"firm": firm, "key": found.known.keys[k], "place": place, "true": true, "width": high - low})
    return rows


def scored(known: posterior.Known, k: int, value: float, firm: int) -> float:
    """Return the normal score of a true number among those of the table; among equal ones at a place by luck."""
    from scipy.special import ndtri

    below, upto = (np.searchsorted(np.sort(known.drawn[:, k]), value, side=side) for side in ("left", "right"))
    luck = np.random.default_rng([firm, k]).uniform()
    return float(ndtri(np.clip((below + luck * max(1, upto - below)) / len(known.drawn), 0.5e-3, 1 - 0.5e-3)))


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each number."""
    summary = []
    for key, each in rows.groupby("key", sort=False):
        counts = np.histogram(each["place"], TENTHS, (0.0, 1.0))[0]
        summary.append(
            {
                "key": key, "firms": len(each), "within_90": each["place"].between(0.05, 0.95).mean(),
                "within_50": each["place"].between(0.25, 0.75).mean(), "chance_if_exact": chisquare(counts).pvalue,
                **{f"tenth_{n + 1}": int(count) for n, count in enumerate(counts)},
            }
        )  # fmt: skip
    return pd.DataFrame(summary)


if __name__ == "__main__":
    main()
