"""Check the known limits, luck, the engines and the patterns; write docs/VALIDATION.md.

The section on intervals in that page is written by ``experiments/coverage/intervals.py``, and is left as it is.

    python experiments/validation/report.py [--quick] [--share 0.1] [--only ID ...] [--workers 2]
        [--peers PYTHON] [--examples 2000] [--out FILE]

``--only`` takes the beginnings of the ids of limits, checks those, and prints them instead of writing the page.
``--share`` takes that share of the runs, ``--quick`` a fiftieth. Ends with status 1 if a check does not hold.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import platform
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import answers as exact
import rival_answers as rival
from limits import LIMITS as USUAL
from limits import ROOT, Limit, Row, judged
from rival_limits import RIVALS

from wom_sim._files import write_text_atomically

sys.path.insert(0, str(ROOT / "experiments" / "coverage"))

from intervals_page import section_of

LIMITS = (*USUAL, *RIVALS)
FEWEST = 100
QUICK = 0.02

MEANING = {
    "Independent cascade": """
Talk lasts one day and each tie is told with the same chance: whom the story reaches is the cluster of bond
percolation. Exact by enumeration of all outcomes, or by a frontier method for the karate club.""",
    "Reed-Frost": """
Everyone knows everyone and talk lasts one day: a chain binomial, solved exactly.""",
    "Contact process": """
Everyone knows everyone and talk has no end: an exact chain.""",
    "Bass": """
An outlet of constant reach and talk without end: Bass's model step by step, as an exact chain at N = 100. The smooth
recursion for very large groups lies above it (day 8: {bass_large:.4f} against {bass_chain:.4f}).""",
    "Broadcast": """
An outlet of constant reach, and nobody talks: 1 - (1 - a)^t.""",
    "Maki-Thompson rumour": """
Strangers only; whoever tells someone who knows stops, from the next day on. The target is the exact chain of a step
of a day, in which a talker meets Poisson(c) people. With one meeting at a time {mt:.2f} of 1,000 never hear; with the
step of a day {day05:.2f} at c = .05 and {day01:.2f} at c = .01. So the step of a day costs about {slope:.0f} x c of a
thousand: a talker who meets several people on one day tells them all before stopping. In very large groups it is .2032
one at a time, {large05:.4f} and {large01:.4f} by the day.""",
    "Percolation of random graphs": """
A new random graph in every run. The targets for Poisson graphs are exact at 2,000 people (a search of the component);
Newman's values for very large graphs are {newman}. A *large* outbreak is one above half the giant share. Graphs of
three ties each are compared with the values for infinite graphs, which may differ by the order of 1/2,000.""",
    "Bursts": """
Posts only. All at once: a binomial tail. So many a day: an exact chain over the last week.""",
    "No story": """
Geometric survival, and the value of a customer (100 a month, staying with chance .8, 10 % a month). Let go on day 0,
the value is the textbook's 266.67: a month's profit is received at its end. Let go a month later, when a contract has
kept everyone until then, it is 242.42 at day 0.""",
    "Thresholds": """
A rival form of word of mouth: each passes the story on once a share of their ties has told it. One share for all leaves
nothing to luck (Watts 2002); with shares spread evenly over 0..1 it is the linear threshold model, whose answers are
exact over all choices of one neighbour each (Kempe, Kleinberg & Tardos 2003).""",
    "Watts's window": """
Thresholds on large random graphs: with a share of .18 cascades are global where people have between 1 and 5.8 ties on
average, and not with 8. Chance and size are those of infinite graphs, which may differ by a few people.""",
    "Linear Bass": """
A rival form: an outlet's reach grows with the share who have heard, by Bass's own hazard p + q A/N, and by competing
chances. Exact chains.""",
    "Daley-Kendall rumour": """
A rival form: both stop of two talkers who meet. The target is the exact chain of a step of a day. With one meeting at a
time {dk:.2f} of 100 never hear, sd {dk_sd:.2f}, where the teller alone stops {mt100:.2f}, sd {mt100_sd:.2f}.""",
    "Geometric recovery": """
A rival form: each talks for a geometric number of days. Everybody knows everybody: a chain binomial of two numbers. A
talker between two others reaches both with .1373; with .1111 if its ties were independent.""",
    "Two forms of the hazard": """
A rival form: the story adds the same to everybody's hazard, or raises it by a ratio. Survival under lasting harm.""",
    "Contagion or homophily": """
Rival reasons why ties leave together. After one is let go, contagion makes others leave and homophily does not. Where
those of a community are alike, departures vary as they would by contagion, and nobody caused them.""",
    "Talk of the Network": """
Goldenberg, Libai & Muller 2001: cliques, strangers met anew every day, an outlet. Strangers only: an exact chain. With
cliques there is no closed answer, so the definition is simulated independently (`answers.py`).""",
}


def meaning(section: str) -> str:
    """Return what a section's limit is, with the numbers that it mentions."""
    values: dict[str, object] = {}
    if section == "Bass":
        values = {
            "bass_large": exact.bass_recursion(0.03, 0.38, 8)[8],
            "bass_chain": exact.moments(exact.contact_chain(100, 0.03, 0.0038, 8)[8]).mean / 100,
        }
    if section == "Maki-Thompson rumour":
        one = exact.rumour_one_at_a_time(1000).mean
        day05 = exact.rumour_by_the_day(1000, 0.05).mean
        values = {
            "mt": one, "day05": day05, "day01": exact.rumour_by_the_day(1000, 0.01).mean, "slope": (one - day05) / 0.05,
            "large05": exact.rumour_of_many(0.05), "large01": exact.rumour_of_many(0.01),
        }  # fmt: skip
    if section == "Daley-Kendall rumour":
        both, one = rival.rumour_one_at_a_time(100), exact.rumour_one_at_a_time(100)
        values = {"dk": both.mean, "dk_sd": both.sd, "mt100": one.mean, "mt100_sd": one.sd}
    if section == "Percolation of random graphs":
        shares = (f"{exact.giant_share_poisson(r):.4f} (R = {r:g})" for r in (1.5, 2.0, 3.0))
        values = {"newman": ", ".join(shares)}
    return MEANING[section].strip().format(**values)


# -- doing the checks ------------------------------------------------------------------------------------------


def check(number: int, share: float) -> list[Row]:
    """Return the rows of a limit, by its number, from a share of its runs."""
    limit = LIMITS[number]
    if share >= 1.0:
        return judged(limit)
    return judged(limit, min(limit.runs, max(FEWEST, round(share * limit.runs))), min(limit.slow, 20))


def limits(chosen: Sequence[int], share: float, workers: int) -> dict[int, list[Row]]:
    """Return the rows of the chosen limits, by number; several at a time change no result."""
    found = {}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {number: pool.submit(check, number, share) for number in chosen}
        for number, future in waiting.items():
            found[number] = future.result()
            print(f"{LIMITS[number].id}: {_count(found[number])}", file=sys.stderr, flush=True)
    return found


def _count(rows: Iterable[Row]) -> str:
    rows = list(rows)
    return f"{sum(r.holds for r in rows)} of {len(rows)} hold"


class Suite:
    """A set of tests run by pytest: how many cases of each test passed."""

    def __init__(self, paths: Sequence[str], **settings: int) -> None:
        self.command = " ".join([*(f"{name}={value}" for name, value in settings.items()), "python -m pytest", *paths])
        environment = os.environ | {name: str(value) for name, value in settings.items()}
        with TemporaryDirectory() as folder:
            file = Path(folder) / "tests.xml"
            words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={file}", *paths]
            subprocess.run(words, cwd=ROOT, capture_output=True, check=False, env=environment)
            cases = list(ET.parse(file).iter("testcase")) if file.exists() else []
        self.tests: dict[str, list[bool]] = {}
        for case in cases:
            name = case.get("name", "").split("[")[0].removeprefix("test_").replace("_", " ")
            passed = case.find("failure") is None and case.find("error") is None and case.find("skipped") is None
            self.tests.setdefault(name, []).append(passed)

    @property
    def holds(self) -> bool:
        """Return whether there were tests and all passed."""
        return bool(self.tests) and all(all(cases) for cases in self.tests.values())

    def text(self) -> str:
        """Return the table."""
        lines = ["| check | cases | passed |", "|---|---|---|"]
        lines += [f"| {name} | {len(cases)} | {sum(cases)} |" for name, cases in self.tests.items()]
        return "\n".join([*lines, "", f"Repeat: `{self.command}`"])


def beside_others(python: str) -> str:
    """Return the table of the comparison with other packages, made by the Python of their environment."""
    asked = [python, "-m", "benchmarks.peers.agreement"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        last = (told.stderr.strip().splitlines() or ["no message"])[-1]
        return f"Not checked in this run: {last}"
    return told.stdout.strip()


def optional(folder: Path, module: str, function: str) -> str:
    """Return the table of ``module.function()``, or in words why it could not be made."""
    sys.path.insert(0, str(folder))
    try:
        rows = list(getattr(importlib.import_module(module), function)())
    except Exception as error:  # an optional environment, or a part that is not there: said on the page
        return f"Not checked in this run: {type(error).__name__}: {error}."
    if not rows:
        return "Not checked in this run: nothing to compare with is installed."
    names = getattr(rows[0], "_fields", ("check", "target", "obtained"))
    wanted = [k for k, name in enumerate(names) if name not in ("value", "low", "high", "least", "most")]
    lines = [_line(*(_cell(row[k]) for k in wanted)) for row in rows]
    return "\n".join([_head(*(names[k] for k in wanted)), *lines])


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


# -- the page --------------------------------------------------------------------------------------------------


def section_text(name: str, numbers: Sequence[int], found: dict[int, list[Row]]) -> str:
    """Return the section of a kind of limit."""
    head = _head("limit", "what", "target", "obtained", "score", "runs", "engine", "")
    lines = [f"### {name}", "", meaning(name), "", head]
    for r in (r for number in numbers for r in found[number]):
        holds = "holds" if r.holds else "**FAILS**"
        lines.append(_line(r.limit, r.what, r.target, r.obtained, r.score, f"{r.runs:,}", r.engine, holds))
    commands = [f"* `{LIMITS[number].id}`: `{LIMITS[number].command}`" for number in numbers]
    return "\n".join([*lines, "", "The same runs with the ordinary command:", "", *commands])


def _head(*names: str) -> str:
    return _line(*names) + "\n" + "|---" * len(names) + "|"


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def by_section(chosen: Iterable[int]) -> dict[str, list[int]]:
    """Return the numbers of limits by section, in order."""
    found: dict[str, list[int]] = {}
    for number in chosen:
        found.setdefault(LIMITS[number].section, []).append(number)
    return found


def provenance(seconds: float, share: float) -> str:
    """Return date, commit and versions in a sentence."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    status = ["git", "status", "--porcelain", "--untracked-files=no", "--", "wom_sim", "scenarios", "experiments"]
    changed = subprocess.run(status, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    state = " with changes that are not committed" if changed else ""
    names = ("wom_sim", "numpy", "numba", "mesa", "networkx", "scipy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    pace = "" if share >= 1.0 else f" **Only {share:.0%} of the runs of a full check (at least {FEWEST}).**"
    return (
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, commit {commit.stdout.strip() or 'unknown'}{state}; "
        f"Python {platform.python_version()}, {versions}; {seconds / 60:.0f} minutes.{pace}"
    )  # fmt: skip


def opening(found: dict[int, list[Row]]) -> str:
    """Return what the page is, and the count of checks."""
    rows = [row for part in found.values() for row in part]
    failing = [f"{r.limit}, {r.what} ({r.engine})" for r in rows if not r.holds]
    words = "All hold." if not failing else f"These do not: {'; '.join(failing)}."
    return f"""# Validation

This page is written by `make validate` (`python experiments/validation/report.py`); do not edit it.

With rules switched off the model is a textbook model, and must give its exact answers. Each limit is a scenario in
`scenarios/limits/`, run by the ordinary command with no special code. Targets are computed by code that does not know
the simulator (`experiments/validation/answers.py`) and compared in the tests with figures computed elsewhere.

How to read it: *z* is the distance of a mean from the exact one in standard errors of that many runs, known exactly.
It holds at |z| of at most 4, which by chance fails once in 16,000 checks; where several are judged together the bound
is raised so that all of them together fail as rarely. Spreads are judged with the fourth moment that was seen, whole
distributions by chi-square, with the same chance of a false alarm (p at least 6e-5). Each limit has a fixed seed of its
own, so a repetition gives the same numbers; rows of one limit come from the same runs and err together. The full check
of the compiled engine takes so many runs that a bias of 1 % would show, or as many as take about a minute; the
reference engine repeats some and must write the same event log, entry by entry.

**{len(rows)} checks of {len(found)} limits. {words}**
"""


def page(
    found: dict[int, list[Row]], suites: tuple[Suite, Suite], others: Sequence[str], share: float, began: float
) -> str:
    """Return the page; ``others``: the comparison with other packages, and the section on intervals."""
    parts = [opening(found), "## Known limits", ""]
    for name, numbers in by_section(found).items():
        parts += [section_text(name, numbers, found), ""]
    parts += ["Repeat one: `python experiments/validation/report.py --only cascade.karate`", ""]
    parts += ["## Luck", "", "Known answers of Random123, and statistics of the numbers as they are used.", ""]
    parts += [suites[0].text(), "", "## The engines agree", ""]
    parts += ["Random worlds and policies; event log, daily table and labels compared.", "", suites[1].text(), ""]
    patterns = optional(ROOT / "experiments" / "calibration", "patterns", "report")
    parts += ["## Patterns at the defaults", "", patterns, ""]
    parts += ["Repeat: `python experiments/calibration/patterns.py`", ""]
    parts += ["## Against other simulators", "", "People who know in the end of the same cascade.", "", others[0], ""]
    parts += ["Repeat: `make peers`", "", *others[1:]]
    return "\n".join([*parts, "## This run", "", provenance(time.time() - began, share), ""])


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="this share of the runs")
    parser.add_argument("--quick", action="store_const", const=QUICK, dest="share", help="a fiftieth of the runs")
    parser.add_argument("--only", nargs="+", default=None, metavar="ID", help="limits whose id begins so; prints them")
    parser.add_argument("--workers", type=int, default=2, help="limits checked at a time")
    parser.add_argument("--peers", default=sys.executable, help="Python of the environment with other packages")
    parser.add_argument("--examples", type=int, default=2000, help="random worlds, and a third as many scenarios")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "VALIDATION.md")
    given = parser.parse_args()
    began = time.time()
    chosen = [k for k, limit in enumerate(LIMITS) if _wanted(limit, given.only)]
    found = limits(chosen, given.share, given.workers)
    holds = all(row.holds for rows in found.values() for row in rows)
    if given.only is not None:
        for row in (row for rows in found.values() for row in rows):
            print("; ".join(str(cell) for cell in row[:-2]), "" if row.holds else "FAILS")
    else:
        luck = Suite([f"tests/world/test_luck{name}.py" for name in ("", "_statistics", "_stream", "_purposes")])
        hunted = ["engines/test_parity", "engines/test_crowds", "engines/test_interpreted", "engines/test_luck_in_runs"]
        paths = [f"tests/{name}.py" for name in (*hunted, "limits/test_scenario_parity")]
        engines = Suite(paths, WOM_SIM_PARITY_EXAMPLES=given.examples)
        there = section_of(given.out.read_text(encoding="utf-8")) if given.out.exists() else ""
        text = page(found, (luck, engines), [beside_others(given.peers), there], given.share, began)
        write_text_atomically(given.out, text)
        holds = holds and luck.holds and engines.holds
    sys.exit(0 if holds else 1)


def _wanted(limit: Limit, only: Sequence[str] | None) -> bool:
    return only is None or any(limit.id.startswith(word) for word in only)


if __name__ == "__main__":
    main()
