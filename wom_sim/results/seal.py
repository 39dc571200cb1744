"""``run.json`` with a hash of every file of a result, and of itself, so that no damage goes unseen.

A result from before this was so has no hashes; it is read as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wom_sim.results.errors import DamagedError, FolderError
from wom_sim.scenario.wording import given

HASHES, SEAL = "sha256", "sealed"
"""In ``run.json``: the SHA-256 of each file by name; and that of all else that it says."""


def sealed(run: Mapping[str, Any], folder: Path) -> str:
    """Return the text of ``run.json`` for a result whose ``files`` lie in a folder, complete."""
    hashes = {str(name): content_hash(folder / str(name)) for name in run.get("files", [])}
    whole = {**run, HASHES: hashes}
    return _text({**whole, SEAL: seal_of(whole)})


def unsealed(file: Path) -> dict[str, Any]:
    """Return what ``run.json`` says; nothing where it is not there.

    Raises
    ------
    DamagedError
        If it is not as it was written.
    FolderError
        If it cannot be read.
    """
    try:
        text = file.read_bytes().decode("utf-8")
        run = json.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise FolderError(f"{file}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{file}: cannot be read: {error}; {_REMEDY}") from None
    if not isinstance(run, dict):
        found = "nothing (null)" if run is None else given(run)
        raise FolderError(f"{file}: given {found}, allowed: a table of keys and values")
    if HASHES in run or SEAL in run:
        said = {key: value for key, value in run.items() if key != SEAL}
        if run.get(SEAL) != seal_of(said) or _text(run) != text.replace("\r\n", "\n"):
            raise DamagedError(f"{file}: is not as it was written: damaged, or changed since; {_REMEDY}")
    return run


def check(folder: Path, run: Mapping[str, Any], name: str) -> None:
    """Raise DamagedError where a file that is there is not what was written; one without a hash is taken as it is."""
    expected, path = run.get(HASHES, {}).get(name), folder / name
    if expected is None or not path.exists():
        return
    if content_hash(path) != expected:  # None of a folder, or a device, in its place
        raise DamagedError(f"{folder / name}: is not as it was written: damaged, or changed since; {_REMEDY}")


def content_hash(path: Path) -> str | None:
    """Return the SHA-256 of a file, None if it is not there. Raises OSError where it cannot be read."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_REMEDY = "run it again with --overwrite, or take the file from a copy"


def seal_of(run: Mapping[str, Any]) -> str:
    """Return the SHA-256 of all that an index says, but of itself."""
    return hashlib.sha256(_text(run).encode()).hexdigest()


def _text(run: Mapping[str, Any]) -> str:
    return json.dumps(run, indent=2) + "\n"
