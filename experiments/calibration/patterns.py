"""Calibrate and check the patterns of letting go at the defaults (docs/DESIGN.md, "Calibration").

    python experiments/calibration/patterns.py [--replications 100] [--set key=value ...]

Prints a table: pattern, target, obtained. The market is small (the thresholds of outlets are counts, and what
happens before a pick-up hardly depends on the size of the market), except for what the Sprint scenario gives.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.outcomes.indicators import read_all
from wom_sim.outcomes.statistics import chance_interval
from wom_sim.scenario import Scenario
from wom_sim.simulation import Result, policy_of, run_policy
from wom_sim.world import trace as tr

HERE = Path(__file__).parent


def told_by_victims(result: Result) -> list[int]:
    """Return, for each person the firm told who talks, how many conversations they plan."""
    log = result.trace.events()
    victims = set(result.treatments["person"].tolist())
    talks = log[(log["event"] == tr.TALKS) & (log["day"] < 60)]
    return [int(t["amount"]) for t in talks if int(t["person"]) in victims]


def runs(scenario: Scenario, policy: str, replications: int, events: bool = False) -> list[Result]:
    """Return the results of a policy in all replications on one world."""
    world = build_world(scenario)
    engine = Engine(world)
    chosen = policy_of(scenario, policy)
    return [run_policy(scenario, chosen, world, engine, r, events=events) for r in range(replications)]


def bulk(n: int, replications: int, sets: list[str]) -> list[dict[str, float]]:
    """Return the indicators of dismissing ``n`` by letter at once."""
    scenario = load_scenario(HERE / "letters.toml", [*sets, f"choose.limit={n}"])
    return [read_all(r.trace, scenario.population.customers) for r in runs(scenario, "bulk letter", replications)]


def one_by_one(replications: int, sets: list[str]) -> list[Result]:
    """Return runs of 3,600 dismissed one by one over a year."""
    return runs(load_scenario(HERE / "one_by_one.toml", sets), "case by case", replications)


def report(replications: int, sets: list[str]) -> list[tuple[str, str, str]]:
    """Return the patterns as rows (pattern, target, obtained)."""
    rows = []
    scenario = load_scenario(HERE / "letters.toml", [*sets, "choose.limit=1000"])
    told = np.array(told_by_victims(runs(scenario, "bulk letter", 1, events=True)[0]))
    rows.append(
        (
            "1 people told by a talker",
            "9-16",
            f"mean {told.mean():.1f}, {100 * (told > 20).mean():.0f} % tell more than 20",
        )
    )
    for n, target in ((10, "at most 10 %"), (160, "30-70 %"), (1000, "at least 90 %")):
        found = bulk(n, replications, sets)
        covered = np.array([f["national_coverage"] for f in found])
        share, low, high = chance_interval(covered)
        rows.append((f"2 national coverage, {n} at once", target, f"{share:.0%} ({low:.0%}-{high:.0%})"))
        if n == 1000:
            post = np.nanmedian([f["first_post_day"] for f in found])
            news = np.nanquantile([f["national_day"] for f in found], [0.05, 0.5, 0.95])
            rows.append(("4 first post, day", "2-6", f"median {post:.0f}"))
            rows.append(("4 national press, day", "5-14", f"median {news[1]:.0f} ({news[0]:.0f}-{news[2]:.0f})"))
    found = one_by_one(max(10, replications // 5), sets)
    small = [sum(1 for k, day in enumerate(r.trace.picked_up) if day >= 0 and k < 2) for r in found]
    national = np.array([float(r.trace.book.daily[:, tr.D_NATIONAL].sum() > 0) for r in found])
    rows.append(("3 pick-ups by small outlets, one by one", "at most 2", f"mean {np.mean(small):.2f}"))
    rows.append(("3 national coverage, one by one", "below 50 %", f"{national.mean():.0%} of {len(national)}"))
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=100)
    parser.add_argument("--set", action="append", default=[], dest="sets")
    given = parser.parse_args()
    for name, target, obtained in report(given.replications, given.sets):
        print(f"{name:45} {target:15} {obtained}")


if __name__ == "__main__":
    main()
