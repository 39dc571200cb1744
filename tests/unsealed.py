"""Results as they were before run.json had hashes, which are read as they are: a test may change what is in them."""

from __future__ import annotations

import json
from pathlib import Path

from wom_sim.results.seal import HASHES, SEAL
from wom_sim.study import store


def write_manifest(found, folder: Path, files: list[str], command: list[str] | None = None) -> None:
    """Write ``run.json`` without hashes."""
    said = json.dumps(store.manifest(found, files, command), indent=2) + "\n"
    (folder / "run.json").write_text(said, encoding="utf-8")


def unseal(folder: Path, **changes: object) -> dict[str, object]:
    """Take the hashes out of ``run.json``, change what it says, and return it."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run = {key: value for key, value in run.items() if key not in (HASHES, SEAL)} | changes
    (folder / "run.json").write_text(json.dumps(run, indent=2) + "\n", encoding="utf-8")
    return run
