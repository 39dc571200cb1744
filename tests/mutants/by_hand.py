"""Faults that a person thought of, put in one at a time: do their tests notice? See ``by_hand.toml``."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent


def run(work: Path) -> int:
    """Put each fault into a copy of the repository and run its tests; return how many nobody noticed."""
    faults = tomllib.loads((HERE / "by_hand.toml").read_text(encoding="utf-8"))["fault"]
    alive = 0
    for number, fault in enumerate(faults, 1):
        found = _result(work, fault)
        alive += found != "killed"
        print(f"{number}/{len(faults)} {found}: {fault['file']}: {fault['was']} -> {fault['became']}", flush=True)
    print(f"{len(faults) - alive} killed of {len(faults)}")
    return alive


def _result(work: Path, fault: dict[str, str]) -> str:
    file = work / fault["file"]
    before = file.read_text(encoding="utf-8")
    if before.count(fault["was"]) != 1:
        return "not there once: the list is out of date"
    file.write_text(before.replace(fault["was"], fault["became"]), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", *fault["tests"]]
        found = {"env": os.environ | {"PYTHONPATH": str(work)}, "stdout": subprocess.DEVNULL}
        code = subprocess.run(command, cwd=work, check=False, **found).returncode
    finally:
        file.write_text(before, encoding="utf-8")
    return {0: "survived", 1: "killed"}.get(code, f"unclear: pytest ended with {code}")
