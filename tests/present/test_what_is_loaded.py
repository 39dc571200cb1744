"""What is told of a result loads nothing that builds people or runs them: who waits for a report waits for that too."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.science

RUNS = {
    "mesa", "networkx", "wom_sim.engines", "wom_sim.networks", "wom_sim.simulation.building", "wom_sim.study.execute",
}  # fmt: skip
"""What simulates, or is about to. A report repeats single runs where its charts need events, as few do."""
CODE = """
import sys
from wom_sim.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    print(end.code or 0, *sys.modules, file=sys.stderr)
"""


def loaded_after(*arguments: object) -> set[str]:
    """Return the modules that a fresh interpreter has imported once a command is done."""
    command = [sys.executable, "-c", CODE, *map(str, arguments)]
    code, *modules = subprocess.run(command, capture_output=True, text=True, check=True).stderr.split()
    assert code == "0"
    assert "matplotlib" in modules, "charts or measured text"
    return set(modules)


def test_a_deck_loads_nothing_that_simulates(finished, tmp_path):
    assert not loaded_after("deck", finished, "--out", tmp_path / "deck.pptx") & RUNS


def test_a_report_loads_nothing_that_simulates_nor_slides(over_worlds, tmp_path):
    modules = loaded_after("report", over_worlds, "--out", tmp_path / "report.html")
    assert not modules & (RUNS | {"pptx", "xlsxwriter"})
