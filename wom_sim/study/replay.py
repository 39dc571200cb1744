"""One run of a study again, alone, with its event log; and whether it gives what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wom_sim.results.folder import FolderError
from wom_sim.results.version import model_version
from wom_sim.scenario.inputs import inputs_of
from wom_sim.study.folder import STUDY, open_manifest, own_of
from wom_sim.study.loading import Study, load_study
from wom_sim.study.parts import PartCache, names_of, read_places
from wom_sim.study.runs import planned_at

if TYPE_CHECKING:
    from wom_sim.simulation import Result


@dataclass(frozen=True)
class Replay:
    """A run and its result. ``same``: whether it equals what is stored; None if nothing is."""

    key: str
    point: int
    result: Result
    same: bool | None


def replay(folder: Path, asked: str) -> Replay:
    """Repeat a run of a study's folder with its event log.

    Parameters
    ----------
    folder : Path
        The folder; nothing in it is changed.
    asked : str
        The key of the run or its first digits, or point/policy/replication as in the table.

    Raises
    ------
    FolderError
        If there is no such run, or several; or if the model has changed, so that it cannot be repeated.
    """
    from wom_sim.simulation import simulate

    found, model, hashes, own = _found(folder, asked)
    if model != model_version():
        raise FolderError(f"{asked}: this run was of another version of the model ({model}); now it would be another")
    study = load_study(folder / STUDY)
    if found["point"] >= len(study.points) or found["policy"] not in study.policies:
        raise FolderError(f"{asked}: this run is of a former plan, and its point is gone")
    again = planned_at(study, found["point"], found["policy"], found["replication"])
    if again.key.hex() != found["key"]:
        raise FolderError(f"{asked}: this run would be another one now: {_why(study, found)}")
    result = simulate(study.at(found["point"]), found["policy"], replication=found["replication"])
    same = None
    if found["state"] == "done":
        stored = read_places(PartCache(folder, hashes, own), [(found["part"], found["place"])])[0]
        now = np.array([result.measured[name] for name in names_of(own)])
        same = bool(np.array_equal(stored, now, equal_nan=True))
    return Replay(found["key"], found["point"], result, same)


def _why(study: Study, found: dict[str, Any]) -> str:
    """Return why a run has another key now."""
    files = [str(path) for path in inputs_of(study.at(found["point"])).values()]
    if found["planned"] and files:
        return f"{' or '.join(files)}, which it reads, is not what it was"
    return "it is of a former plan, or of another version of the model"


def _found(folder: Path, asked: str) -> tuple[dict[str, Any], str, dict[int, str], list[str]]:
    """Return what the manifest says of the run that is asked for, of the model's version, its parts, own indicators."""
    manifest = open_manifest(folder)
    try:
        prefix = _key_of_row(manifest, asked) if "/" in asked else asked
        if not prefix or any(c not in "0123456789abcdef" for c in prefix.lower()):
            raise FolderError(
                f"RUN_KEY: given {asked!r}, allowed: the key of a run (or its first digits), or "
                "point/policy/replication, such as 3/bulk letter/0"
            )
        rows, model = manifest.find(prefix), manifest.meta("model")
        hashes, own = manifest.hashes(), own_of(manifest)
    finally:
        manifest.close()
    if not rows:
        raise FolderError(f"{folder} has no run {asked}")
    if len(rows) > 1:
        raise FolderError(f"{asked}: several runs begin so; give more digits: {', '.join(r['key'][:12] for r in rows)}")
    return rows[0], model, hashes, own


def _key_of_row(manifest: Any, asked: str) -> str:
    point, _, rest = asked.partition("/")
    policy, _, replication = rest.rpartition("/")
    if not (point.isdecimal() and replication.isdecimal()):
        return ""
    found = manifest.find_row(int(point), policy, int(replication))
    if found is None:
        raise FolderError(f"{asked}: the table has no such row")
    return str(found)
