"""Run a script of the tests in a process of its own in which the compiler is switched off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run_interpreted(script: Path, *arguments: object) -> str:
    """Return what a script prints that is run without the compiler; what goes wrong there is raised here.

    Warnings of numpy (numbers that do not fit, say) and of our own code are errors: compiled code gives none.
    """
    paths = [str(ROOT), str(ROOT / "tests"), str(script.parent), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    strict = ["-W", "error::RuntimeWarning", "-W", "error::DeprecationWarning:wom_sim"]
    ended = subprocess.run(
        [sys.executable, *strict, str(script), *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    if ended.returncode != 0:
        raise AssertionError(f"{script.name} ended with {ended.returncode}:\n{ended.stderr[-4000:]}")
    return ended.stdout
