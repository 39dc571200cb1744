"""How long one waits: for the help, for a scenario to be checked, and for a first result, warm and cold.

Cold is with an empty cache, so that everything is compiled: it takes minutes and is only measured if asked for.

python -m benchmarks.start [--cold]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks.apart import ROOT, environment
from benchmarks.measure import Row, Spent, emit, medians, tell

_SCENARIO = str(ROOT / "scenarios" / "first_look.toml")
_FIRST_RUN = ("run", _SCENARIO, "--set", "population.customers=3000")
_REPEATS = 5


def _with_charts() -> Spent:
    """Return what a comparison took that writes tables and charts."""
    with tempfile.TemporaryDirectory() as folder:
        return command(("compare", _SCENARIO, "--out", f"{folder}/out"))


def command(arguments: tuple[str, ...], cache: str | None = None) -> Spent:
    """Return what one call of the command took; with ``cache``, compiled code is kept there."""
    return called(("-m", "wom_sim", *arguments), cache)


def called(arguments: tuple[str, ...], cache: str | None) -> Spent:
    """Return what one call of Python took."""
    took, before = Spent(), resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    where = environment() | ({} if cache is None else {"WOM_SIM_CACHE": cache, "NUMBA_CACHE_DIR": ""})
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True, cwd=ROOT, env=where)
    took.wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took


def rows(cold: bool) -> Iterator[Row]:
    """Yield a row for each thing one waits for."""
    asked = {
        "--help": ("--help",),
        "validate": ("validate", _SCENARIO),
        "first run, warm: 5,000 people, a year": _FIRST_RUN,
        "compare first_look": ("compare", _SCENARIO),
    }
    command(_FIRST_RUN)  # compiles what an installation would have compiled
    tell("import wom_sim")
    cpu, wall = medians([called(("-c", "import wom_sim"), None) for _ in range(_REPEATS)])
    yield Row("start", "import wom_sim", runs=_REPEATS, cpu=cpu, wall=wall)
    for what, arguments in asked.items():
        tell(what)
        cpu, wall = medians([command(arguments) for _ in range(_REPEATS)])
        yield Row("start", what, runs=_REPEATS, cpu=cpu, wall=wall)
    tell("compare first_look, with charts")
    cpu, wall = medians([_with_charts() for _ in range(_REPEATS)])
    yield Row("start", "compare first_look, with charts", runs=_REPEATS, cpu=cpu, wall=wall)
    if cold:
        tell("first run, cold")
        with tempfile.TemporaryDirectory() as cache:
            took = command(_FIRST_RUN, os.fspath(cache))
        yield Row("start", "first run, cold: compiles", runs=1, cpu=took.cpu, wall=took.wall)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", action="store_true", help="also with an empty cache: minutes")
    emit(rows(parser.parse_args().cold))


if __name__ == "__main__":
    main()
