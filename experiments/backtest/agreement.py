"""Hold the simulator fact by fact against real cases with the same defaults; write docs/AGREEMENT.md.

    python experiments/backtest/agreement.py [--only NAME ...] [--page] [--out FILE]

``--only`` takes the beginnings of file names of cases and runs those; figures of the others are kept from before
(``figures.json``). ``--page`` runs nothing and writes the page from what is kept. Sprint at full size needs about
10 GiB of memory. Nothing here tunes anything: misses are listed, with their mechanism.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from cases import CASES, Case, Fact, Trial
from figures import Figures, fits, read, write
from measures import Numbers, Runs
from mechanisms import MECHANISMS

from wom_sim import build_world, load_scenario
from wom_sim.engines.compiled import Engine
from wom_sim.scenario import Scenario
from wom_sim.simulation import policy_of, run_policy
from wom_sim.world.world import World

ROOT = Path(__file__).parents[2]
AGREES, MISSED, UNKNOWN = "agrees", "**misses**", "no figure"

HEAD = """# Fact by fact: six real cases, with the same defaults

Written by `make agreement`; do not edit. Whether the model is better than a rule of thumb is told in
[BACKTEST.md](BACKTEST.md), by scores and over more cases; here it is counted how many facts agree, and why others do
not. Each case is a file in `scenarios/`, which tells its story, its sources and
what is assumed. The behaviour is the same in all: only population, media market, policy and facts of the case differ.

*Simulated* is the median of the runs, and the lowest to the highest of them (over luck only). *Agrees* means in order
of magnitude: the median lies in the range next to the observation, which was set from the observation.
**The figures stand by the defaults of before the end of November 2026**: the rule of news `level`, harm that halves in
60 days (docs/DESIGN.md, "The defaults turned"). They were not made anew since; [BACKTEST.md](BACKTEST.md) was.

A fact marked *used* helped to settle the defaults (docs/DESIGN.md) or is put into the scenario, so that agreement there
proves little.
"""


TABLE = ("| fact | observed [agrees within] | simulated | |", "|---|---|---|---|")


class Line(NamedTuple):
    """A fact beside what the simulator gives."""

    fact: Fact
    values: Numbers
    verdict: str


# -- doing it --------------------------------------------------------------------------------------------------


def figures_of(case: Case, sets: Sequence[str] = ()) -> Figures:
    """Return the figures of a case; ``sets`` are further overrides."""
    start = time.monotonic()
    scenario = scenario_of(case, sets)
    world = build_world(scenario)
    engine = Engine(world)
    values = [_values(trial, scenario, world, engine) for trial in case.trials]
    people = scenario.population
    seconds = round(time.monotonic() - start, 1)
    return Figures(people.customers, people.prospects, scenario.run.replications, seconds, values)


def scenario_of(case: Case, sets: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a case as the back-test runs it."""
    keys = [*case.sets, f"run.replications={case.replications}", *sets]
    return load_scenario(ROOT / "scenarios" / case.file, keys)


def _values(trial: Trial, scenario: Scenario, world: World, engine: Engine) -> list[Numbers]:
    policy = policy_of(scenario, trial.policy)
    found: list[list[Numbers]] = []
    for replication in range(scenario.run.replications):
        result = run_policy(scenario, policy, world, engine, replication, events=trial.events)
        found.append([fact.measure(Runs(world, [result])) for fact in trial.facts])  # one run at a time, for memory
    return [np.concatenate(each) for each in zip(*found, strict=True)]


def lines_of(trial: Trial, values: Sequence[Numbers]) -> list[Line]:
    """Return the facts of a trial beside their figures."""
    return [Line(fact, v, verdict(fact, v)) for fact, v in zip(trial.facts, values, strict=True)]


def middle(fact: Fact, values: Numbers) -> float:
    """Return the figure that is judged: the share of runs for a chance, else the median of runs that have one."""
    if fact.form.endswith("%"):
        return float(values.mean())
    return float(np.median(values[~np.isnan(values)])) if not np.isnan(values).all() else float("nan")


def verdict(fact: Fact, values: Numbers) -> str:
    """Return whether the runs agree with what was observed."""
    if np.isnan(fact.least):
        return UNKNOWN
    return AGREES if fact.least <= middle(fact, values) <= fact.most else MISSED


# -- writing it ------------------------------------------------------------------------------------------------


def simulated(fact: Fact, values: Numbers) -> str:
    """Return the median and the range of the runs, in words."""
    if fact.form.endswith("%"):
        return f"{values.mean():{fact.form}} of {len(values)} runs"
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return f"never in {len(values)} runs"
    text = f"{np.median(known):{fact.form}} ({known.min():{fact.form}} to {known.max():{fact.form}})"
    return text if len(known) == len(values) else f"{text}; in {len(known)} of {len(values)} runs"


def row(line: Line) -> str:
    """Return a line as a row of the page's table."""
    fact = line.fact
    form = fact.form if fact.form.endswith(("%", "f")) else "g"
    limits = "" if np.isnan(fact.least) else f" [{fact.least:{form}} to {fact.most:{form}}]"
    used = " (used)" if fact.used else ""
    return f"| {fact.what}{used} | {fact.observed}{limits} | {simulated(fact, line.values)} | {line.verdict} |"


def section(case: Case, figures: Figures) -> str:
    """Return the page's section on a case."""
    scenario = load_scenario(ROOT / "scenarios" / case.file)
    size = f"{figures.customers:,} customers, {figures.prospects:,} prospects"
    text = [f"## {scenario.name}", "", f"{scenario.question} Simulated: {size}."]
    text += [f"Not at full size: {case.reason}."] if case.sets else []
    notes: dict[str, None] = {}
    for trial, values in zip(case.trials, figures.values, strict=True):
        text += ["", f"**{trial.policy}**", "", *TABLE]
        text += [row(line) for line in lines_of(trial, values)]
        notes |= {fact.why: None for fact in trial.facts if fact.why}
    text += ["", *(f"* {MECHANISMS[key]}" for key in notes)] if notes else []
    return "\n".join([*text, "", *_repeat(case, figures)])


def _repeat(case: Case, figures: Figures) -> list[str]:
    """Return how to repeat a case."""
    sets = "".join(f" --set {text}" for text in (*case.sets, f"run.replications={figures.replications}"))
    only = case.file.removesuffix(".toml")
    took = f"took {figures.seconds:.0f} s on a busy server"
    return [
        f"Repeat: `python experiments/backtest/agreement.py --only {only}` ({took})",
        f"or, with every policy, `wom-sim compare scenarios/{case.file}{sets} --out results/{only}`.",
    ]


def tally(cases: Sequence[tuple[str, list[Line]]]) -> str:
    """Return how many facts agree, apart for those that were used; ``cases`` are names and lines."""
    lines = [line for _, each in cases for line in each]
    fresh = [line for line in lines if not line.fact.used and line.verdict != UNKNOWN]
    used = [line for line in lines if line.fact.used and line.verdict != UNKNOWN]
    missed = [
        f"* {name}: {'; '.join(line.fact.what for line in each if line.verdict == MISSED)}."
        for name, each in cases
        if any(line.verdict == MISSED for line in each)
    ]
    counted = (
        f"Of {len(fresh)} facts that were not used {sum(x.verdict == AGREES for x in fresh)} agree, "
        f"of {len(used)} that were used {sum(x.verdict == AGREES for x in used)}."
    )
    told = "Missed (the mechanisms are named below each case):" if missed else "None is missed."
    return "\n".join([counted, told, "", *missed, ""])


def page_of(cases: Iterable[Case], kept: dict[str, Figures]) -> str:
    """Return the page for the cases of which there are figures."""
    known = [(case, kept[case.file]) for case in cases if case.file in kept and fits(case, kept[case.file])]
    sections = [section(case, figures) for case, figures in known]
    every = [(load_scenario(ROOT / "scenarios" / case.file).name, _all_lines(case, figures)) for case, figures in known]
    return "\n".join([HEAD, tally(every), "\n\n".join(sections), ""])


def _all_lines(case: Case, figures: Figures) -> list[Line]:
    pairs = zip(case.trials, figures.values, strict=True)
    return [line for trial, values in pairs for line in lines_of(trial, values)]


def main() -> None:
    """Run what is asked for, keep its figures, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--page", action="store_true", help="run nothing")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "AGREEMENT.md")
    given = parser.parse_args()
    kept = read()
    for case in CASES:
        if not given.page and (not given.only or case.file.startswith(tuple(given.only))):
            figures = figures_of(case)
            print(f"{case.file}: {figures.seconds:.0f} s", file=sys.stderr, flush=True)
            kept |= {case.file: figures}
            write(kept)
    given.out.write_text(page_of(CASES, kept), encoding="utf-8")


if __name__ == "__main__":
    main()
