"""The Sprint case in 200 worlds of the posterior, with the media of 2007 and of 2026: what is best, and how sure it is.

    python experiments/posterior/sprint.py [--worlds 200] [--workers 2]

A simulated person stands for 50 (docs/SCALING.md), so that it takes minutes. Writes sprint.csv (a row a policy),
orders.csv (how often which order of policies) and decides.csv (what would be worth knowing); page.py shows them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from wom_sim import load_scenario
from wom_sim._tables import ALL_POLICIES
from wom_sim.study.compare_worlds import WorldsComparison, compare_worlds

HERE = Path(__file__).resolve().parent
SCENARIO = HERE.parents[1] / "scenarios" / "sprint_2007.toml"
SETS = ("worlds.draw_from=posterior", "run.represents=50", "run.replications=2")
ERAS = (2007, 2026)
POLICIES, ORDERS, DECIDES = (HERE / name for name in ("sprint.csv", "orders.csv", "decides.csv"))


def orders(found: WorldsComparison) -> pd.DataFrame:
    """Return in which share of worlds the policies stand in which order, by their mean net value there."""
    means = found.replications.pivot_table("net_value", "world", "policy", "mean")
    means["keep"] = 0.0
    order = means.apply(lambda row: " > ".join(row.sort_values(ascending=False, kind="stable").index), axis=1)
    shares = order.value_counts(normalize=True)
    return pd.DataFrame({"order": shares.index, "share": shares.to_numpy()})


def main() -> None:
    """Run both and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    policies, ordered, decides = [], [], []
    for era in ERAS:
        scenario = load_scenario(SCENARIO, [*SETS, f"media.era={era}"])

        def tell(done: int, total: int, words: str, era: int = era) -> None:
            if done % 20 == 0:
                print(f"{era}: {done} of {total} {words}", file=sys.stderr, flush=True)

        found = compare_worlds(scenario, asked.worlds, workers=asked.workers, progress=tell)
        news = found.replications.groupby("policy")["national_coverage"].mean()
        verdicts = found.verdicts.assign(national_news=found.verdicts["policy"].map(news))
        policies.append(verdicts.assign(era=era))
        ordered.append(orders(found).assign(era=era))
        mine = found.drivers
        mine = mine[(mine["policy"] == ALL_POLICIES) & mine["beyond_chance"].astype(bool)]
        decides.append(mine.assign(era=era, all_known=found.judgement.evpi.value))
        print(found.verdict)
    for path, parts in ((POLICIES, policies), (ORDERS, ordered), (DECIDES, decides)):
        pd.concat(parts, ignore_index=True).to_csv(path, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
