"""What produced a result: ``run.json``, and whether what it names is still the same."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim import __version__
from wom_sim.results.folder import SCENARIO, FolderError
from wom_sim.results.version import version_of
from wom_sim.scenario import Scenario, fingerprint
from wom_sim.scenario.inputs import content_of, inputs_of
from wom_sim.scenario.notes import notes_as_data
from wom_sim.scenario.ties import ties_as_data
from wom_sim.words import Words

PACKAGES = ("numpy", "numba", "mesa", "networkx", "pandas", "pyarrow", "pydantic", "scipy")


def provenance(scenario: Scenario, command: Sequence[str] | None = None) -> dict[str, Any]:
    """Return scenario, fingerprint, inputs, ties, notes, versions, commit, time and ``command`` (of this process)."""
    return {
        "scenario": scenario.name,
        "fingerprint": fingerprint(scenario),
        "inputs": noted_inputs(scenario),
        "ties": ties_as_data(scenario),
        "notes": notes_as_data(scenario),
        **versions(scenario),
        "commit": commit(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version(name) for name in PACKAGES},
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": sys.argv[1:] if command is None else list(command),
    }


def versions(scenario: Scenario) -> dict[str, str]:
    """Return the versions of the package and of the model, as a folder notes them."""
    return {"wom_sim": __version__, "model": version_of(scenario)}


def noted_inputs(scenario: Scenario) -> dict[str, dict[str, str | None]]:
    """Return the path and the content of each file that a scenario reads, by key."""
    found = inputs_of(scenario)
    return {key: {"path": os.fspath(path), "sha256": content_of(path)} for key, path in found.items()}


class Change(NamedTuple):
    """Why a run would be another one now: key of the reason in the catalogue, below ``changed``, and its words."""

    why: str
    values: Mapping[str, object]

    def say(self, words: Words) -> str:
        """Return the reason in a language, as part of a sentence."""
        return words.say(f"changed.{self.why}", **self.values)


def change_since(noted: Mapping[str, Any], scenario: Scenario, folder: Path) -> Change | None:
    """Return what has changed since a folder noted model, scenario and the files that it reads; None if nothing has.

    ``scenario``: as it is now, that of the folder or one that is said to be the same.
    """
    if noted.get("model") != version_of(scenario):
        by = f"wom_sim {noted.get('wom_sim', '?')}, {noted.get('model', '?')}"
        return Change("model", {"was": by})
    before = noted.get("inputs", {})
    for key, path in inputs_of(scenario).items():
        content = content_of(path)
        if content is None or content != before.get(key, {}).get("sha256"):
            return Change("gone" if content is None else "file", {"file": path, "key": key})
    if fingerprint(scenario) != noted.get("fingerprint"):
        return Change("scenario", {"file": folder / SCENARIO})
    return None


def check_unchanged(noted: Mapping[str, Any], scenario: Scenario, folder: Path) -> None:
    """Raise FolderError where something has changed since, so that a folder's runs and new ones cannot be mixed."""
    change = change_since(noted, scenario, folder)
    if change is not None:
        raise FolderError(f"{folder}: nothing can be added to what it holds: {change.say(Words())}")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def commit() -> str:
    """Return the commit of the source, with a mark if it was changed since; "unknown" outside a checkout."""
    here = Path(__file__).resolve().parents[2]
    if not (here / ".git").exists():
        return "unknown"
    try:
        asked = ["git", "-C", str(here), "describe", "--always", "--dirty", "--abbrev=12"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
