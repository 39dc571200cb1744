"""How well a simulated person stands for several: the same stories at full size and with ``run.represents``.

    python experiments/represents/measure.py [CASE ...] [--page-only]

Measures what ``result.csv`` lacks, a case and size at a time, and writes docs/SCALING.md (its text is SCALING.md.in).
All but ``sprint`` take a quarter of an hour of one processor and a GiB or two; ``sprint`` takes 8 GiB, and is run only
if it is named. People and ties are drawn anew in each replication, so that the intervals hold what few people leave
open; at Sprint's full size they are the same in all.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from page import write_page  # noqa: E402

from wom_sim import load_scenario  # noqa: E402
from wom_sim.outcomes.statistics import chance_interval, mean_interval  # noqa: E402
from wom_sim.study.compare import compare  # noqa: E402

RESULT = HERE / "result.csv"
OUTPUTS = (
    "national_coverage", "national_day", "first_post_day", "posts", "told", "reached", "lost_profitable",
    "losses_avoided", "net_value",
)  # fmt: skip
REPRESENTS, BY_HAND = "represents", "by hand"
"""Ways to a smaller simulation: ``run.represents``; or customers, prospects and the limit of the chosen divided."""


class Case(NamedTuple):
    """A story: its file, what is set, the sizes tried, and replications of each (fewer where people are many)."""

    file: str
    sets: tuple[str, ...]
    sizes: dict[int, int]
    by_hand: tuple[int, ...] = ()


CASES = {
    "letters": Case(
        "sprint_2007.toml",
        ("population.customers=2650000", "population.prospects=1000000", "choose.calls_at_least=5"),
        {1: 12, 10: 60, 50: 100, 100: 100},
        (10, 100),
    ),
    "hundred": Case(
        "sprint_2007.toml",
        ("population.customers=530000", "population.prospects=200000", "choose.calls_at_least=5", "choose.limit=100"),
        {1: 60, 5: 150, 10: 200, 20: 300},
    ),
    "one by one": Case(
        "ing_direct_2004.toml",
        ("population.customers=500000", "population.prospects=500000"),
        {1: 24, 10: 100, 50: 400, 100: 400},
    ),
    "price": Case(
        "netflix_2011.toml",
        ("population.customers=246000", "population.prospects=200000"),
        {1: 6, 10: 30, 100: 200},
    ),
    "hidden": Case(
        "first_look.toml",
        (
            "population.customers=530000", "population.prospects=200000", "choose.limit=1000",
            'policies=[{name="downgrade", use="downgrade", per_day=10}]',
        ),
        {1: 30, 10: 100, 50: 400},
    ),
    "sprint": Case("sprint_2007.toml", (), {1: 6, 10: 20, 50: 60, 100: 100}),
}  # fmt: skip
SAME_WORLD = {("sprint", 1)}
"""Where people and ties are built once: building them takes most of the time."""


def measured(name: str, size: int, way: str) -> pd.DataFrame:
    """Return a row for each policy and output of a case at a size: mean, 95 % interval, spread, runs."""
    case = CASES[name]
    scenario = load_scenario(ROOT / "scenarios" / case.file, case.sets)
    sets = [*case.sets, f"run.replications={case.sizes[size]}"]
    if (name, size) not in SAME_WORLD:
        sets.append("run.same_world=false")
    if way == REPRESENTS:
        sets.append(f"run.represents={size}")
    else:
        people = scenario.population
        sets += [f"population.{key}={getattr(people, key) // size}" for key in ("customers", "prospects")]
        sets.append(f"choose.limit={(scenario.choose.limit or 0) // size}")
    smaller = load_scenario(ROOT / "scenarios" / case.file, sets)
    runs = compare(smaller, workers=1).replications
    rows = []
    for policy, own in runs[runs["policy"] != "keep"].groupby("policy", sort=False):
        for output in OUTPUTS:
            values = own[output].dropna().to_numpy(dtype=float)
            row = {"case": name, "way": way, "size": size, "policy": policy, "output": output, "n": len(values)}
            rows.append(row | _told(values, output))
    return pd.DataFrame(rows)


def _told(values: object, output: str) -> dict[str, float]:
    """Return mean, interval and spread of some runs; nothing where there is none."""
    if not len(values):  # type: ignore[arg-type]
        return dict.fromkeys(("mean", "low", "high", "sd"), float("nan"))
    ends = chance_interval(values) if output == "national_coverage" else mean_interval(values)  # type: ignore[arg-type]
    return {"mean": ends[0], "low": ends[1], "high": ends[2], "sd": float(pd.Series(values).std())}


def wanted(names: list[str]) -> list[tuple[str, int, str]]:
    """Return what there is to measure, the smallest simulations first."""
    every = [(name, size, REPRESENTS) for name in names for size in CASES[name].sizes]
    every += [(name, size, BY_HAND) for name in names for size in CASES[name].by_hand]
    return sorted(every, key=lambda each: -each[1])


def main() -> None:
    """Measure what is missing, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--page-only", action="store_true")
    asked = parser.parse_args()
    unknown = sorted(set(asked.cases) - set(CASES))
    if unknown:
        parser.error(f"{', '.join(unknown)} is not one of {', '.join(CASES)}")
    for name, size, way in [] if asked.page_only else wanted(asked.cases or [n for n in CASES if n != "sprint"]):
        known = pd.read_csv(RESULT) if RESULT.exists() else pd.DataFrame(columns=["case", "size", "way"])
        if ((known["case"] == name) & (known["size"] == size) & (known["way"] == way)).any():
            continue
        print(f"{name}, {way}, {size}", file=sys.stderr, flush=True)
        found = pd.concat([known, measured(name, size, way)], ignore_index=True)
        order = {case: place for place, case in enumerate(CASES)}
        places = found.assign(place=found["case"].map(order)).sort_values(["place", "way", "size"], kind="stable").index
        found.loc[places].to_csv(RESULT, index=False, float_format="%.6g")
    write_page(pd.read_csv(RESULT))


if __name__ == "__main__":
    main()
