"""What ``wom-sim doctor`` looks at: each finding with its state and, where something is to be done, what."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim._extras import EXTRAS

WELL, REMARK, WRONG = "ok", "note", "wrong"
_LITTLE_MEMORY = 2 * 2**30
"""Below it a scenario of a country needs ``--fit-memory``. Assumption, after docs/SCALING.md."""
_FIRST_NUMBERS = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
"""Philox4x32-10 at counter 0 with key 0. Source: known answers of Random123."""
_LET_GO, _LETTER = 20, 1.25
_CASE: dict[str, Any] = {
    "name": "doctor",
    "population": {"customers": 300, "prospects": 30},
    "money": {"handling": {"letter": _LETTER}},
    "choose": {"limit": _LET_GO, "calls_at_least": 0.0},
    "run": {"days": 60, "replications": 1, "seed": 7},
    "policies": [{"name": "letter", "use": "bulk_letter"}],
}
"""Of 300 customers 20 are let go by letters of 1.25 each: 20 are told, and handling costs 25.00, whatever they say."""
_VARIABLES = (
    "WOM_SIM_", "NUMBA_", "MPL", "OMP_NUM_THREADS", "XDG_CACHE_HOME", "TMPDIR", "PYTHONHASHSEED", "PYTHONOPTIMIZE",
)  # fmt: skip

_OURS = ("NUMBA_OPT", "NUMBA_DISABLE_INTEL_SVML")
"""Those that this program sets itself."""


class Finding(NamedTuple):
    """One thing that was looked at: its state, what it is, what was found, and what to do, "" for nothing."""

    state: str
    what: str
    found: str
    remedy: str = ""


def checkup(runs: bool = True) -> list[Finding]:
    """Return all findings; ``runs``: whether the engines are tried as well."""
    looks: list[Callable[[], Iterator[Finding]]] = [
        _program, _packages, _machine, _settings, _compiled_code, _fonts, _rights,
    ]  # fmt: skip
    found: list[Finding] = []
    for look in [*looks, *([_known_answer] if runs else [])]:
        try:
            found += look()
        except Exception as error:  # one thing that is wrong must not hide the others
            from wom_sim.cli.mishaps import in_words

            found.append(Finding(WRONG, look.__name__.strip("_").replace("_", " "), in_words(error)))
    return found


def _program() -> Iterator[Finding]:
    from wom_sim import __version__
    from wom_sim.results.provenance import commit

    yield Finding(WELL, "wom_sim", f"{__version__}, commit {commit()}, in {Path(__file__).resolve().parents[1]}")
    yield Finding(WELL, "Python", f"{platform.python_version()} in {sys.executable}")


def _packages() -> Iterator[Finding]:
    """Look for every package that the installation asks for."""
    try:
        asked = [text for text in requires("wom_sim") or () if "extra ==" not in text]
    except PackageNotFoundError:
        yield Finding(REMARK, "packages", "wom_sim runs from its folder, not installed", "python -m pip install -e .")
        return
    there: list[str] = []
    wrong: list[str] = []
    for text in asked:
        name = re.split(r"[^A-Za-z0-9._-]", text)[0]
        try:
            there.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            wrong.append(f"{name} is missing")
    yield Finding(WELL, "packages", ", ".join(sorted(there)))
    if wrong:
        yield Finding(WRONG, "packages", "; ".join(wrong), "python -m pip install --upgrade wom_sim")
    lacking = {extra: needs for module, (extra, _, needs) in EXTRAS.items() if find_spec(module) is None}
    if lacking:  # all well: whoever wants one of these is told then, too
        words = ", ".join(f"{extra} ({needs})" for extra, needs in lacking.items())
        yield Finding(WELL, "extras", f"not installed: {words}")


def _machine() -> Iterator[Finding]:
    from wom_sim.study.cost import available_memory

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding(WELL, "machine", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {usable} usable")
    free = available_memory()
    little = free < _LITTLE_MEMORY
    remedy = "for whole countries use --fit-memory, or close other programs" if little else ""
    yield Finding(REMARK if little else WELL, "memory", f"{free / 2**30:.1f} GiB available", remedy)


def _settings() -> Iterator[Finding]:
    """Name the environment variables that have an effect."""
    given = sorted(name for name in os.environ if name.startswith(_VARIABLES) and name not in _OURS)
    if given:
        yield Finding(WELL, "environment", ", ".join(f"{name}={os.environ[name]}" for name in given))
    if sys.flags.optimize:
        yield Finding(REMARK, "environment", "Python runs without assertions (-O)", "leave out -O and PYTHONOPTIMIZE")


def _compiled_code() -> Iterator[Finding]:
    """Look for code that is compiled already."""
    import wom_sim._compile  # noqa: F401 - says where

    config: Any = import_module("numba.core.config")
    folder = Path(str(config.CACHE_DIR))
    number = sum(1 for _ in folder.rglob("*.nbc"))
    if config.DISABLE_JIT:
        yield Finding(WRONG, "compiled code", "is switched off (NUMBA_DISABLE_JIT)", "unset NUMBA_DISABLE_JIT")
    elif number:
        yield Finding(WELL, "compiled code", f"{number} functions in {folder}")
    else:
        remedy = "the first run takes half a minute to two minutes longer; python -m wom_sim.warm does it now"
        yield Finding(REMARK, "compiled code", f"none yet in {folder}", remedy)


def _fonts() -> Iterator[Finding]:
    from wom_sim.charts.fonts import missing_scripts, used_font

    yield Finding(WELL, "fonts", f"charts use {used_font()}")
    if missing := missing_scripts():
        words = f"names in these scripts show as boxes in charts, not in tables and text: {', '.join(missing)}"
        yield Finding(REMARK, "fonts", words)


def _rights() -> Iterator[Finding]:
    """Try to write where results, compiled code and temporary files go."""
    for what, folder in (("this folder", Path.cwd()), ("temporary files", Path(tempfile.gettempdir()))):
        try:
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".wom_sim-") as file:
                file.write(b"x" * 4096)
                file.flush()
            yield Finding(WELL, "writing", f"{what}: {folder}")
        except OSError as error:
            remedy = "give --out a folder elsewhere" if what == "this folder" else "set TMPDIR to a folder elsewhere"
            yield Finding(WRONG, "writing", f"{what}: {folder}: {error.strerror or error}", remedy)


def _known_answer() -> Iterator[Finding]:
    """Run both engines on a case of which the answer is known by hand, and hold them against each other."""
    import numpy as np

    from wom_sim.scenario import Scenario
    from wom_sim.simulation import simulate
    from wom_sim.world.luck import philox

    began = time.perf_counter()
    numbers = tuple(int(n) for n in philox(*[np.uint64(0)] * 5))
    if numbers != _FIRST_NUMBERS:
        yield Finding(WRONG, "luck", f"given {numbers}, known: {_FIRST_NUMBERS}", _ANEW)
    scenario = Scenario.model_validate_json(json.dumps(_CASE))
    daily = {}
    for engine in ("compiled", "reference"):
        found = simulate(scenario, "letter", engine=engine, events=False)
        daily[engine] = found.daily
        told, cost = found.measured["told"], found.measured["handling"]
        right = (told, cost) == (_LET_GO, -_LET_GO * _LETTER)
        words = f"{told:.0f} told, handling {cost:.2f}; known: {_LET_GO}, {-_LET_GO * _LETTER:.2f}"
        yield Finding(WELL if right else WRONG, f"{engine} engine", words, "" if right else _ANEW)
    same = daily["compiled"].equals(daily["reference"])
    spent = f"{time.perf_counter() - began:.0f} s"
    heard = daily["compiled"]["reached"].sum()
    words = f"the same on each of 60 days, {heard:.0f} people reached ({spent})" if same else "not the same day by day"
    yield Finding(WELL if same else WRONG, "engines", words, "" if same else _ANEW)


_ANEW = "remove the folder of compiled code, and install wom_sim anew; if it stays so, please report it"
