"""At which size of firm the ranking turns: the 1,000 who cost most, let go by firms of four sizes, each in 200 worlds.

    python experiments/worlds/sizes.py [--worlds 200] [--out results/sprint_sizes]

Writes experiments/worlds/sizes.csv; docs/SPRINT_WORLDS.md shows it. The largest firm is that of ``sprint.py``, where
1,000 of 1,060 who call 40 times a month or more are let go; in smaller firms fewer call so much, so there the 1,000
of least booked profit are. Minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import pandas as pd

from wom_sim import load_scenario
from wom_sim.scenario import Scenario
from wom_sim.simulation.base import base_table
from wom_sim.simulation.building import build_people
from wom_sim.study.compare_worlds import WorldsComparison
from wom_sim.study.worlds_folder import STARTED, WorldsFolder

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "scenarios" / "sprint_2007.toml"
TABLE = Path(__file__).with_name("sizes.csv")
SIZES = (20_000, 200_000, 2_000_000)
LARGEST = 53_000_000
PROSPECTS = 20 / 53
"""Prospects for each customer, as at Sprint."""


def main() -> None:
    """Run what is missing, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "sprint_sizes")
    parser.add_argument("--largest", type=Path, default=ROOT / "results" / "sprint_worlds")
    asked = parser.parse_args()
    rows = []
    for customers in SIZES:
        sets, folder = settings(customers), asked.out / str(customers)
        how = ["--resume"] if (folder / STARTED).exists() else ["--worlds", str(asked.worlds), *sets]
        command = [sys.executable, "-m", "wom_sim", "compare", str(SCENARIO), *how, "--out", str(folder)]
        subprocess.run([*command, "--replications", "1"], check=True)
        rows += of(customers, load_scenario(SCENARIO, [*sets[1::2], "run.replications=1"]), folder)
    rows += of(LARGEST, load_scenario(SCENARIO, ["run.replications=1"]), asked.largest)
    pd.DataFrame(rows).to_csv(TABLE, index=False, float_format="%.6g")
    print(f"wrote {TABLE.relative_to(ROOT)}")


def settings(customers: int) -> list[str]:
    """Return the options that make the firm smaller, and its choice that of those who cost most."""
    values = {
        "population.customers": customers, "population.prospects": round(PROSPECTS * customers),
        "choose.calls_at_least": 0,
    }  # fmt: skip
    return [part for key, value in values.items() for part in ("--set", f"{key}={value}")]


def of(customers: int, scenario: Scenario, folder: Path) -> list[dict[str, object]]:
    """Return a row for each policy: worth with its interval, how often it is the best, and what the chosen cost."""
    with WorldsFolder.opened(folder, scenario) as held:
        found = WorldsComparison(scenario, held.design, held.runs())
    base = base_table(scenario, build_people(scenario))
    chosen = base[(base["section"] == "chosen") & base["name"].isin(["saving_settled_year"])]["built"]
    news = found.replications.groupby("policy")["national_coverage"].mean()
    lost = found.replications.groupby("policy")["lost_profitable"].mean()
    return [
        {
            "customers": customers, "policy": row["policy"], "expected_net_value": row["expected_net_value"],
            "low": row["low"], "high": row["high"], "share_best": row["share_best"],
            "share_best_low": row["share_best_low"], "share_best_high": row["share_best_high"],
            "chance_loss": row["chance_loss"], "national_news": news[row["policy"]],
            "lost_profitable": lost[row["policy"]], "first_year_saving": float(chosen.iloc[0]),
        }
        for row in found.verdicts.to_dict("records")
    ]  # fmt: skip


if __name__ == "__main__":
    main()
