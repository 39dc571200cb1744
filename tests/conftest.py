"""Shared by all tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("ci")

LONG = 10.0
"""Seconds of computing from which on a test that is not marked ``science`` is named at the end."""
_TOOK = "seconds of computing"


def computed() -> float:
    """Return the seconds of computing of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    begun = computed()
    try:
        return (yield)
    finally:
        item.user_properties.append((_TOOK, computed() - begun))


def pytest_terminal_summary(terminalreporter):
    """Name the tests that make everyone wait: how long they compute, so that a busy machine accuses nobody."""
    ended = [each for how in ("passed", "failed") for each in terminalreporter.stats.get(how, [])]
    daily = [each for each in ended if "science" not in each.keywords]
    took = sorted(((dict(each.user_properties).get(_TOOK, 0.0), each.nodeid) for each in daily), reverse=True)
    slow = [each for each in took if each[0] > LONG]
    if slow:
        terminalreporter.section(f"more than {LONG:.0f} s of computing: make it faster, or mark it science")
    for seconds, name in slow:
        terminalreporter.line(f"{seconds:6.1f} s  {name}")


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
