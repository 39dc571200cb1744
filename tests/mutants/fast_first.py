"""Plug-in for pytest: the tests that took least come first, so that a mutant is found out soon.

Where a scope says so (``seconds``), those that would take longer than that together are not asked about a mutant, the
slowest first: what they alone would notice counts as alive.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

TIMES = Path("mutmut-stats.json")
SECONDS = "WOM_SIM_MUTANTS_SECONDS"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort by file, the cheapest file first, and within it by test; a file stays whole for the sake of its fixtures."""
    if not TIMES.exists():
        return
    took = json.loads(TIMES.read_text())["duration_by_test"]
    items.sort(key=lambda item: took.get(item.nodeid, 0.0))
    whole = config.option.collectonly or os.environ.get("MUTANT_UNDER_TEST") == "stats"  # which tests there are
    left = float("inf" if whole else os.environ.get(SECONDS, "inf"))
    for place, item in enumerate(items):
        left -= took.get(item.nodeid, 0.0)
        if left < 0.0:
            del items[place:]
            break
    of_file: dict[str, float] = {}
    for item in items:
        file = item.nodeid.split("::")[0]
        of_file[file] = of_file.get(file, 0.0) + took.get(item.nodeid, 0.0)
    items.sort(key=lambda i: (of_file[i.nodeid.split("::")[0]], i.nodeid.split("::")[0], took.get(i.nodeid, 0.0)))
