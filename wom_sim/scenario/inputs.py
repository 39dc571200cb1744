"""The files that a scenario reads by their path: which there are, what they hold, and the scenario with other paths."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wom_sim.scenario.models import Scenario

KEYS = ("network.path", "population.file", "worlds.posterior")
"""Every key of a scenario that names a file."""


def without_known_ties(network: dict[str, Any]) -> dict[str, Any]:
    """Return what a scenario says of ties, as plain data: a market without a file says nothing of known ones."""
    if network["kind"] != "market" or network["path"] is not None:
        return network
    return {name: value for name, value in network.items() if name not in ("path", "tie")}


def inputs_of(scenario: Scenario) -> dict[str, Path]:
    """Return the files that a scenario reads, by key."""
    found = {}
    for key in KEYS:
        value: Any = scenario
        for part in key.split("."):
            value = getattr(value, part, None)
        if value is not None:
            found[key] = Path(value)
    return found


def with_inputs(scenario: Scenario, paths: Mapping[str, Path]) -> Scenario:
    """Return a scenario that reads other files, by key."""
    for key, path in paths.items():
        table, _, name = key.partition(".")
        changed = getattr(scenario, table).model_copy(update={name: str(path)})
        scenario = scenario.model_copy(update={table: changed})
    return scenario


def content_of(path: Path) -> str | None:
    """Return 64 hex digits of the SHA-256 of what a file holds; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
