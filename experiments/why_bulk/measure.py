"""What makes the letter lose, the timing or the paper: writes experiments/why_bulk/result.csv.

    python experiments/why_bulk/measure.py [--represents K]

At Sprint's full size with 1,000 people (the scenario), and with 50, 100 and 300 of them. 8 GiB of memory, minutes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from wom_sim import load_scenario
from wom_sim.study.compare import compare

HERE = Path(__file__).resolve().parent
NUMBERS = (50, 100, 300, 1_000)
TOLD = ("net_value", "lost_profitable", "national_coverage", "reached")


def main() -> None:
    """Run every number of people, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--represents", type=int, default=1)
    asked = parser.parse_args()
    rows = []
    for number in NUMBERS:
        sets = [f"choose.limit={number}", f"run.represents={asked.represents}"]
        scenario = load_scenario(HERE / "scenario.toml", sets)
        own = tuple(policy for policy in scenario.policies if ", " in policy.name)  # not those of Sprint's own scenario
        found = compare(scenario.model_copy(update={"policies": own}))
        table = found.summary[found.summary["indicator"].isin(TOLD)]
        rows.append(table.assign(let_go=number)[["let_go", "policy", "indicator", "mean", "low", "high", "n"]])
        print(f"{number} people done", flush=True)
    pd.concat(rows).query("policy != 'keep'").to_csv(HERE / "result.csv", index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
