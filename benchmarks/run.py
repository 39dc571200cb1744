"""``make bench``: what wom_sim takes on this machine; writes RESULTS.md and RESULTS.csv beside this file.

python benchmarks/run.py [part ...] [--customers N] [--cold] [--peers PYTHON]

Parts: cascade, small, growth, national, base, sweep, cores, start; all if none is named. Before each part the memory of
the machine is probed, because a shared machine is now fast, now slow. A part that fails says so, and the others go on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # to run from any folder, as a file

from benchmarks import machine, report
from benchmarks.apart import ROOT, FailedError, rows_of
from benchmarks.measure import Row

CUSTOMERS = 53_000_000
GIB_A_MILLION, MINUTES_A_MILLION = 0.17, 0.1
"""What the national part takes for each million customers, roughly."""


class Part(NamedTuple):
    """A part: the calls it consists of (module, arguments), minutes and GiB it takes, roughly."""

    calls: Callable[[argparse.Namespace], list[tuple[str, list[str]]]]
    minutes: Callable[[argparse.Namespace], float]
    memory: Callable[[argparse.Namespace], float]


def _national(given: argparse.Namespace) -> list[tuple[str, list[str]]]:
    sized = ["--customers", str(given.customers)]
    return [("national", sized), ("national", [*sized, "--compare"])]


PARTS = {
    "cascade": Part(lambda g: [("cascade", ["--python", g.peers])], lambda g: 15.0, lambda g: 5.0),
    "small": Part(lambda g: [("small", [])], lambda g: 5.0, lambda g: 1.0),
    "growth": Part(lambda g: [("growth", [])], lambda g: 3.0, lambda g: 3.0),
    "national": Part(
        _national,
        lambda g: 1.0 + MINUTES_A_MILLION * g.customers / 1e6,
        lambda g: 0.5 + GIB_A_MILLION * g.customers / 1e6,
    ),
    "base": Part(lambda g: [("base", [])], lambda g: 1.0, lambda g: 1.0),
    "sweep": Part(lambda g: [("sweep", [])], lambda g: 6.0, lambda g: 1.5),
    "cores": Part(lambda g: [("cores", [])], lambda g: 3.0, lambda g: 1.0),
    "start": Part(lambda g: [("start", ["--cold"] if g.cold else [])], lambda g: 4.0 if g.cold else 1.0, lambda g: 1.0),
}


def estimate(names: list[str], given: argparse.Namespace) -> str:
    """Return what will be done and what it takes, in words."""
    minutes = sum(PARTS[name].minutes(given) for name in names)
    memory = max(PARTS[name].memory(given) for name in names)
    return (
        f"{', '.join(names)}: about {minutes:.0f} minutes and {memory:.0f} GiB of memory on an idle machine, "
        "more on a shared one, and up to three minutes to compile if that was not done"
    )


def run_part(name: str, given: argparse.Namespace) -> tuple[list[Row], bool]:
    """Return the rows of a part, its probe first, and whether all went well."""
    found: list[Row] = []
    well = True
    before, began = machine.stolen(), time.perf_counter()
    probe = [] if name == "national" else ["--small"]
    for module, arguments in [("probe", probe), *PARTS[name].calls(given)]:
        try:
            found += rows_of(module, arguments)
        except FailedError as error:
            well = False
            found += [*error.rows, Row(name, "FAILED", note=str(error))]
            print(f"{name} FAILED: {error}", file=sys.stderr, flush=True)
    return [*found, *_shared(name, before, time.perf_counter() - began)], well


def _shared(name: str, before: float | None, wall: float) -> list[Row]:
    """Return a row that says how much of the machine others had meanwhile, where the system tells."""
    after = machine.stolen()
    if before is None or after is None:
        return []
    note = f"load {machine.load() or 0.0:.1f} at the end"
    what = "while it ran, the machine's cores were lent to others for"
    return [Row(name, what, wall=wall, count=after - before, unit="seconds", note=note)]


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; all if none is named")
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help="customers of the national part")
    parser.add_argument("--cold", action="store_true", help="also measure a first run that must compile")
    there = ROOT / ".venv-peers" / "bin" / "python"
    parser.add_argument(
        "--peers", default=str(there) if there.exists() else sys.executable, metavar="PYTHON",
        help="Python of the environment with the other packages (make peers)",
    )  # fmt: skip
    given = parser.parse_args()
    unknown = [name for name in given.parts if name not in PARTS]
    if unknown:
        parser.error(f"{', '.join(unknown)}: parts are {', '.join(PARTS)}")
    return given


def main() -> int:
    """Measure, print, write; return 1 if a part failed."""
    given = arguments()
    names = given.parts or list(PARTS)
    print(estimate(names, given), flush=True)
    described, parts, well = machine.describe(), {}, True
    for number, name in enumerate(names, start=1):
        print(f"[{number}/{len(names)}] {name}, about {PARTS[name].minutes(given):.0f} min", flush=True)
        parts[name], good = run_part(name, given)
        well = well and good
        report.write(described, parts)
    print(report.markdown(described, parts))
    print(f"written: {report.HERE / 'RESULTS.md'}, RESULTS.csv")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
