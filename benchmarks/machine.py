"""On what machine, with which versions, when, and of which commit a figure was taken."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from wom_sim.results.provenance import commit

PACKAGES = ("wom_sim", "numpy", "numba", "mesa", "networkx", "pandas")


def describe() -> dict[str, str]:
    """Return what identifies a measurement, by name."""
    versions = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": commit(),
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_version()}; {versions}",
    }


def processor() -> str:
    """Return the name of the processor."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def stolen() -> float | None:
    """Return the seconds for which this machine's cores were given to others so far; None where it cannot be known."""
    listed = Path("/proc/stat")
    if not listed.exists():
        return None
    figures = listed.read_text().splitlines()[0].split()[1:]
    return int(figures[7]) / os.sysconf("SC_CLK_TCK") if len(figures) > 7 else None


def load() -> float | None:
    """Return how many processes wanted to run in the last minute, on average."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
