"""The version of the model: what results depend on, besides the scenario."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import wom_sim
from wom_sim._compile import source_fingerprint

_UNCOMPILED = ("simulation", "outcomes", "networks")
"""Sources that change results and that the fingerprint of compiled sources leaves out, in part."""


@cache
def model_version() -> str:
    """Return 16 hex digits that change when a source changes that a result depends on."""
    root = Path(wom_sim.__file__).parent
    digest = hashlib.sha256(f"{source_fingerprint()} {version('numpy')} {version('networkx')}".encode())
    for name in _UNCOMPILED:
        for file in sorted((root / name).rglob("*.py")):
            digest.update(f"{file.relative_to(root).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
