"""Twice the worlds: whether any figure moves by more than its stated interval.

    python experiments/worlds/twice.py [--repeats 6] [--worlds 100]

For several seeds, a run over worlds is judged, as many worlds again are added as a second block, and both are judged
anew. A figure from half of the worlds should be within its 95 % interval of the figure from all; half of the worlds is
in both, so that nearly all should be. Writes experiments/worlds/twice.csv: a row for each kind of figure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from wom_sim import load_scenario
from wom_sim.scenario import Scenario
from wom_sim.study.compare_worlds import WorldsComparison, run_all
from wom_sim.study.cost_of_worlds import plan_worlds
from wom_sim.study.worlds import Design, design, extended

HERE = Path(__file__).parent
SCENARIO = HERE.parents[1] / "scenarios" / "first_look.toml"
VERDICTS = ("expected_net_value", "share_best", "regret_mean", "regret_p95", "chance_loss", "variance_luck",
            "variance_worlds", "share_luck")  # fmt: skip
DRIVERS = ("rank_correlation", "evppi", "flips", "share_of_variance")


def run(scenario: Scenario, found: Design, numbers: list[int]) -> pd.DataFrame:
    """Return the runs of some worlds."""
    parts: dict[int, pd.DataFrame] = {}
    settled = plan_worlds(scenario, found, len(numbers))
    run_all(scenario, found, numbers, settled, (parts.__setitem__, lambda done, total, words: None))
    return pd.concat([parts[world] for world in sorted(parts)], ignore_index=True)


def figures(judged: WorldsComparison) -> pd.DataFrame:
    """Return every figure that has an interval: kind, of what, value, low, high."""
    rows = []
    for row in judged.verdicts.to_dict("records"):
        for name in VERDICTS:
            ends = ("low", "high") if name == "expected_net_value" else (f"{name}_low", f"{name}_high")
            rows.append((name, row["policy"], row[name], row[ends[0]], row[ends[1]]))
    for row in judged.drivers.to_dict("records"):
        for name in DRIVERS:
            what = f"{row['policy']} / {row['parameter']}"
            rows.append((name, what, row[name], row[f"{name}_low"], row[f"{name}_high"]))
    rows.append(("evpi", "", *judged.judgement.evpi))
    rows.append(("flips of the verdict", "", *judged.judgement.flips))
    return pd.DataFrame(rows, columns=["figure", "of", "value", "low", "high"])


def compared(seed: int, worlds: int, more: list[str]) -> pd.DataFrame:
    """Return the figures of half and of all worlds side by side."""
    scenario = load_scenario(SCENARIO, ["run.replications=2", f"run.seed={seed}", "run.world_seed=2007", *more])
    half = design(scenario, worlds)
    both = extended(half, scenario, worlds)
    first = run(scenario, half, list(range(worlds)))
    second = run(scenario, both, list(range(worlds, 2 * worlds)))
    few = figures(WorldsComparison(scenario, half, first))
    many = figures(WorldsComparison(scenario, both, pd.concat([first, second], ignore_index=True)))
    table = few.merge(many, on=["figure", "of"], suffixes=("", "_twice"))
    slack = 1e-9 * table["value"].abs()
    table["within"] = table["value_twice"].between(table["low"] - slack, table["high"] + slack)
    width = (table["high"] - table["low"]).replace(0.0, float("nan"))
    table["moved"] = (table["value_twice"] - table["value"]).abs() / width
    return table.assign(seed=seed)


def main() -> None:
    """Run it and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=6)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--set", action="append", default=[])
    asked = parser.parse_args()
    found = []
    for seed in range(1, asked.repeats + 1):
        found.append(compared(seed, asked.worlds, asked.set))
        print(f"seed {seed}: {found[-1]['within'].sum()} of {len(found[-1])} figures within", flush=True)
    table = pd.concat(found, ignore_index=True)
    result = table.groupby("figure", sort=False).agg(
        figures=("within", "size"),
        within=("within", "sum"),
        median_move=("moved", "median"),
        largest_move=("moved", "max"),
    )
    result.round(3).to_csv(HERE / "twice.csv")
    print(result.to_string())
    print(table[~table["within"]][["seed", "figure", "of", "value", "low", "high", "value_twice"]].to_string())


if __name__ == "__main__":
    main()
