"""Shared by all tests."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("ci")

gc.set_threshold(50_000, 20, 20)  # thousands of tests are made, and none of them is rubbish

LONG, SOME = 5.0, 0.5
"""Seconds of computing from which on a test that is not marked ``science`` is named at the end, always or if asked."""
_TOOK = "seconds of computing"


def computed() -> float:
    """Return the seconds of computing of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


def pytest_collection_finish(session):
    """Leave what was collected out of every later search for rubbish: it stays to the end."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser):
    parser.addoption("--computing", action="store_true", help="say how long the tests of each file computed")


def _timed(item):
    """Note how long what is done here for a test computes: with what it makes for others, if it is the first."""
    begun = computed()
    try:
        return (yield)
    finally:
        item.user_properties.append((_TOOK, computed() - begun))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item):
    return (yield from _timed(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item):
    return (yield from _timed(item))


def pytest_terminal_summary(terminalreporter, config):
    """Name the tests that make everyone wait: how long they compute, so that a busy machine accuses nobody."""
    ended = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    took = {each.nodeid: [seconds for name, seconds in each.user_properties if name == _TOOK] for each in ended}
    daily = {each.nodeid for each in ended if "science" not in each.keywords}
    slow = sorted(((took[name][-1], name) for name in daily if took[name] and took[name][-1] > LONG), reverse=True)
    _list(terminalreporter, f"more than {LONG:.0f} s of computing: make it faster, or mark it science", slow)
    if config.getoption("--computing"):
        files: Counter[str] = Counter()
        for name, seconds in took.items():
            files[name.partition("::")[0]] += sum(seconds)
        _list(terminalreporter, "computing, file by file", [(seconds, name) for name, seconds in files.most_common()])
        some = sorted(((sum(seconds), name) for name, seconds in took.items() if sum(seconds) >= SOME), reverse=True)
        _list(terminalreporter, f"computing, tests of {SOME:.1f} s and more", some)


def _list(reporter, title, rows):
    if rows:
        reporter.section(f"{title} ({sum(seconds for seconds, _ in rows):.0f} s in all)")
    for seconds, name in rows:
        reporter.line(f"{seconds:6.1f} s  {name}")


@pytest.fixture
def command(capsys):
    """Return a function that runs a command as a user does: code, what it printed, what it said aside."""
    from wom_sim.cli import main

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run
