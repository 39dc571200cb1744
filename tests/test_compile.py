"""Compiled code cannot be stale: its folder is named by what it was compiled from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from wom_sim._compile import source_fingerprint

ROOT = Path(__file__).parents[1]
_ASK = "from wom_sim.rules.talking import chance_to_talk as rule; print(rule(0.5, 0.5))"


def _answer(package_root: Path, cache: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package_root), "WOM_SIM_CACHE": str(cache)}
    return subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, cwd=package_root, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_an_edited_rule_is_used_at_once(tmp_path: Path):
    copy = tmp_path / "copy" / "wom_sim"
    shutil.copytree(ROOT / "wom_sim", copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = source_fingerprint(copy)
    assert before == source_fingerprint(ROOT / "wom_sim")
    assert _answer(copy.parent, tmp_path / "cache") == "0.25"
    rule = copy / "rules" / "talking.py"
    formula = "return min(1.0, p_talk * grievance)"
    rule.write_text(rule.read_text().replace(formula, formula + " / 2.0"))
    assert source_fingerprint(copy) != before
    assert _answer(copy.parent, tmp_path / "cache") == "0.125"
