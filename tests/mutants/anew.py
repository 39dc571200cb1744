"""Plug-in for pytest: nothing that was made before a mutant was switched on is used again, and no test is overlooked.

The tool runs the tests once without a mutant and forks for each mutant; in the fork it asks of each function only the
tests that called it. Three things would hide mutants: what test modules make when they are imported; what is kept in
caches; and fixtures that several tests share, which the tool counts for the first of these alone.
"""

from __future__ import annotations

import functools
import gc
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

try:
    from mutmut.state import state
except ImportError:  # whoever has not installed the tool cannot measure, and must be able to read this
    state = None  # type: ignore[assignment]

TESTS = Path("tests").resolve()
made: dict[object, set[str]] = defaultdict(set)
"""Functions that a shared fixture, or a module when it is imported, calls."""
took: dict[object, float] = defaultdict(float)
"""Seconds that the making of it takes."""


def pytest_configure() -> None:
    """Forget test modules, so that they are imported again, and what is in caches."""
    here = __name__.rpartition(".")[0]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name.startswith(here) or "conftest" in name:
            continue
        if TESTS in Path(file).resolve().parents:
            del sys.modules[name]
    gc.unfreeze()  # what the tests' conftest has put out of the way of searches for rubbish is not found else
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper) and thing.__module__.startswith("wom_sim."):
            thing.cache_clear()


def _noted(key: object) -> Iterator[None]:
    """Note which functions are called meanwhile."""
    before = set(state()._stats)
    state()._stats.clear()
    yield
    made[key] |= state()._stats
    state()._stats.update(before)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    """Note what a module calls when it is imported."""
    if not isinstance(collector, pytest.Module):
        return (yield)
    noting = _noted(collector.nodeid)
    next(noting)
    report = yield
    next(noting, None)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[Any]:
    """Note what a shared fixture calls, and how long it takes."""
    if fixturedef.scope == "function":
        return (yield)
    noting, start = _noted(fixturedef), time.perf_counter()
    next(noting)
    try:
        return (yield)
    finally:
        next(noting, None)
        took[fixturedef] += time.perf_counter() - start


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Count what was made beforehand for every test that uses it; and its time, lest a slow fixture look endless."""
    used: list[object] = [item.nodeid.split("::")[0]]
    for definitions in item._fixtureinfo.name2fixturedefs.values():
        used += [definition for definition in definitions if definition in took]
    for key in used:
        if key in made:
            state()._stats.update(made[key])
        state().duration_by_test[item.nodeid] += took.get(key, 0.0)
