"""The folder of a study: one runner at a time, results that are not lost, a table that says no more than it must.

``study.toml``, ``scenario.toml`` and ``design.csv`` say what is run, ``manifest.sqlite`` what has become of each run,
``parts`` hold the results, ``table.parquet`` and ``table.csv`` are written when all is done.
"""

from __future__ import annotations

import errno
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
from numpy.typing import NDArray

from wom_sim._files import write_bytes_atomically, write_text_atomically
from wom_sim._tables import csv_rows
from wom_sim.results.errors import FolderError, InUseError
from wom_sim.results.files import forget_shown
from wom_sim.results.folder import claim
from wom_sim.results.lock import holder_of, sign, take, take_soon
from wom_sim.results.version import model_version, plugins_version
from wom_sim.scenario import to_toml
from wom_sim.scenario.inputs import KEYS, inputs_of
from wom_sim.scenario.posterior import DRAWS
from wom_sim.study.loading import Study
from wom_sim.study.manifest import Manifest
from wom_sim.study.manifest_queries import Counts, Outcome
from wom_sim.study.parts import path_of, remove_orphans, write_part
from wom_sim.study.points import POINT
from wom_sim.study.runs import planned

MANIFEST, STUDY, SCENARIO, DESIGN = "manifest.sqlite", "study.toml", "scenario.toml", "design.csv"
LOCK, IN_FLIGHT = "runner.lock", "in_flight"
TABLES = ("table.parquet", "table.csv", "failures.csv")
_MOST_ROWS = 20_000
_SOONEST, _LATEST, _SHARE = 0.5, 60.0, 0.02
"""A part is written after this share of the time that the runner has been at work, within these seconds."""


class Lock:
    """Held by the one runner of a folder. It ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file = self._path.open("a+", encoding="utf-8")
        try:
            take_soon(self._file)
        except OSError:
            holder = holder_of(self._file)
            self._file.close()
            raise InUseError(
                f"{folder} is in use by {holder}; wait for it, stop it, or give another folder (sweep merge joins them)"
            ) from None
        sign(self._file)

    @staticmethod
    def is_held(folder: Path) -> bool:
        """Whether a runner holds the lock of a folder; asking leaves no trace."""
        with (folder / LOCK).open("a+", encoding="utf-8") as file:
            try:
                take(file)
            except OSError:
                return True
        return False

    def release(self) -> None:
        """Let the next runner in."""
        self._file.seek(0)
        self._file.truncate()
        self._file.close()


class Store:
    """A study's folder, opened by its one runner. Use as a context."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        claim(folder, "study", again=True)
        if not (folder / MANIFEST).exists() and any(f.name != LOCK for f in folder.iterdir()):
            raise FolderError(f"--out: {folder} holds a study without its {MANIFEST}; give another folder")
        self._lock = Lock(folder)
        try:
            self.manifest = open_manifest(folder, writable=True)
            self.given_up = self._died_before()
            self.orphans = remove_orphans(folder, self.manifest.parts())
        except BaseException:
            self._lock.release()
            raise
        self._began = self._flushed = time.monotonic()
        self._clear()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.manifest.close()
        (self.folder / IN_FLIGHT).unlink(missing_ok=True)
        self._lock.release()

    def _clear(self) -> None:
        self._done: list[Outcome] = []
        self._keys: list[bytes] = []
        self._values: list[NDArray[np.float64]] = []
        self._failed: list[Outcome] = []

    def _died_before(self) -> list[int]:
        """Count an attempt of the runs that were under way when the former runner was killed."""
        path = self.folder / IN_FLIGHT
        if not path.exists():
            return []
        content = path.read_bytes()
        under_way = np.frombuffer(content[: len(content) // 8 * 8], dtype=np.int64)
        path.unlink()  # those of its workers that still live go on writing into a file without name
        words = "the runner died during this run, three times; wom-sim sweep run ... --retry-failed tries it again"
        return self.manifest.worker_died([int(n) for n in under_way if n > 0], words)

    def in_flight(self, workers: int) -> Path:
        """Make the file in which each worker notes the run that it is at; return its path."""
        path = self.folder / IN_FLIGHT
        path.write_bytes(bytes(8 * workers))
        return path

    # -- plan --------------------------------------------------------------------------------------------------

    def set_plan(self, study: Study, shard: tuple[int, int] = (1, 1)) -> None:
        """Write down what the study is, and put its runs in the manifest; nothing is done if they are there.

        ``shard``: (number, of how many); only its runs are planned.

        Raises
        ------
        FolderError
            If the folder holds another shard.
        """
        said = f"{shard[0]}/{shard[1]}"
        former = self.manifest.meta("shard", said)
        if former != said:
            raise FolderError(f"{self.folder} holds shard {former}, not {said}; give another folder")
        content = {STUDY: study_text(study), SCENARIO: scenario_text(study), DESIGN: design_text(study)}
        stamp = json.dumps([content, model_version(), _graphs(study), *_plugins(study)])
        if self.manifest.meta("stamp") != stamp:
            put_plan(self.manifest, study, shard, stamp)
            forget_tables(self.folder)
        _copy_draws(study, self.folder)
        for name, text in content.items():
            if not (self.folder / name).exists() or (self.folder / name).read_text(encoding="utf-8") != text:
                write_text_atomically(self.folder / name, text)

    # -- results -----------------------------------------------------------------------------------------------

    def add(self, outcome: Outcome, key: bytes, values: NDArray[np.float64]) -> None:
        """Take the result of a run, or its failure; it counts when it is flushed."""
        if outcome.error is not None:
            self._failed.append(outcome)
            return
        self._done.append(outcome)
        self._keys.append(key)
        self._values.append(values)

    def flush_if_due(self) -> None:
        """Flush if it is time, or if much has come."""
        now = time.monotonic()
        wait = min(max(_SHARE * (now - self._began), _SOONEST), _LATEST)
        if len(self._done) >= _MOST_ROWS or now - self._flushed >= wait:
            self.flush()

    def flush(self) -> None:
        """Write what has come to a part, and acknowledge it. Raises OSError if it cannot be written."""
        self._flushed = time.monotonic()
        if not self._done and not self._failed:
            return
        part = sha256 = None
        if self._done:
            part = self.manifest.next_part()
            sha256 = write_part(self.folder, part, self._keys, np.array(self._values), own_of(self.manifest))
        self.manifest.acknowledge(part, self._done, self._failed, sha256)
        self._clear()


OWN = "own"
"""Under this name the manifest notes the indicators of other packages, in the order of their columns."""


def own_of(manifest: Manifest) -> list[str]:
    """Return the indicators of other packages whose values the parts of a study hold after ours."""
    names: list[str] = json.loads(manifest.meta(OWN, "[]"))
    return names


def _plugins(study: Study) -> list[str]:
    """Return the versions of what a study uses of other packages, at each of its points where it differs there."""
    varied = any(key.startswith("plugins.") or key.endswith(".use") for key in study.points.columns)
    points = (study.at(point) for point in range(len(study.points))) if varied else (study.scenario,)
    return sorted({found for found in map(plugins_version, points) if found})


def put_plan(manifest: Manifest, study: Study, shard: tuple[int, int], stamp: str = "") -> None:
    """Put the runs of a shard of a study into a manifest; ``stamp`` tells whether that has to be done again."""
    rows = planned(study)
    mine = rows if shard[1] == 1 else (row for row in rows if in_shard(row.key, shard))
    meta = {
        "shard": f"{shard[0]}/{shard[1]}", "stamp": stamp, "columns": json.dumps(study.points.columns),
        "outputs": json.dumps(study.outputs), "model": model_version(), "name": study.name,
        OWN: json.dumps(study.scenario.plugins.indicators),
    }  # fmt: skip
    manifest.set_plan(mine, study.policies, study.points.rows, meta)


def forget_tables(folder: Path) -> None:
    """Remove the tables of a study and what was made of them: they are of a plan that is not done."""
    for name in (*TABLES, "analysis/analysis.json"):
        (folder / name).unlink(missing_ok=True)
    forget_shown(folder)


def open_manifest(folder: Path, *, writable: bool = False) -> Manifest:
    """Open the manifest of a folder. Raises FolderError if it is no folder of a study, OSError if the disk fails."""
    path = folder / MANIFEST
    if not writable and not path.is_file():
        raise FolderError(f"{folder} is no folder of a study: it has no {MANIFEST}")
    try:
        manifest = Manifest(path, writable=writable)
        if manifest.meta("format") != "1":
            manifest.close()
            raise FolderError(f"{path} is of another version of wom_sim")
    except sqlite3.DatabaseError as error:
        if "disk" in str(error):  # it is full, or broken; the manifest itself is in order
            raise OSError(errno.EIO, f"{path} cannot be opened: {error}") from error
        raise FolderError(f"{path} cannot be read: {error}; wom-sim sweep repair {folder} makes it anew") from None
    return manifest


def in_shard(key: bytes, shard: tuple[int, int]) -> bool:
    """Whether a run belongs to a shard; it does whatever else is planned."""
    return int.from_bytes(key[:8], "big") % shard[1] == shard[0] - 1


def study_text(study: Study) -> str:
    """Return the study as TOML that stands beside its scenario and its design."""
    said = study.said.model_dump(mode="json", exclude_none=True)
    said["scenario"] = SCENARIO
    said["policies"] = list(study.policies)
    said.pop("set", None)  # scenario.toml has it
    if study.said.design.file is not None:
        said["design"]["file"] = DESIGN
    if study.said.design.posterior is not None:
        said["design"]["posterior"] = DRAWS
    if study.points.seed is not None:
        said["design"]["seed"] = study.points.seed
    for name in ("factors", "criteria"):
        if not said[name]:
            del said[name]
    if not said["design"]["correlations"]:
        del said["design"]["correlations"]
    return tomli_w.dumps(said)


def scenario_text(study: Study) -> str:
    """Return the scenario in which no factor is set, as TOML."""
    return to_toml(study.scenario)


def design_text(study: Study) -> str:
    """Return the design as CSV: point, then a column a factor."""
    return csv_rows((POINT, *study.points.columns), ((n, *row) for n, row in enumerate(study.points.rows)))


def _copy_draws(study: Study, folder: Path) -> None:
    """Put the joint draws of a study beside it, so that the folder alone says what was run."""
    if study.said.design.posterior is None:
        return
    path = Path(study.file).parent / study.said.design.posterior
    content = (path / DRAWS if path.is_dir() else path).read_bytes()
    if not (folder / DRAWS).is_file() or (folder / DRAWS).read_bytes() != content:
        write_bytes_atomically(folder / DRAWS, content)


def _graphs(study: Study) -> list[Any]:
    """Return what tells whether a file that the scenario reads has changed."""
    if any(column.endswith(key) for column in study.points.columns for key in KEYS):
        return [time.time_ns()]  # several files: plan anew each time
    found: list[Any] = []
    for path in inputs_of(study.scenario).values():
        stamp = path.stat()
        found += [str(path), stamp.st_mtime_ns, stamp.st_size]
    return found


def free_bytes(folder: Path) -> int:
    """Return the bytes that are free on the disk of a folder, which need not be there yet."""
    place = folder.resolve()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def size_of_parts(folder: Path, parts: list[int]) -> int:
    """Return the bytes that parts take; one that is lost takes none."""
    files = (path_of(folder, part) for part in parts)
    return sum(file.stat().st_size for file in files if file.is_file())


def counts_of(folder: Path) -> Counts:
    """Return what has become of the runs of a folder."""
    manifest = open_manifest(folder)
    try:
        return manifest.counts()
    finally:
        manifest.close()


def failures_of(manifest: Manifest, most: int = -1) -> Iterator[tuple[int, str, int, str, int, str]]:
    """Yield the failed runs: point, policy, replication, key, attempts, what was raised."""
    for point, policy, replication, key, attempts, error in manifest.failures(most):
        yield point, policy, replication, key, attempts, last_word(error)


def last_word(error: str) -> str:
    """Return the line of a traceback that says what was raised; of another text its first line."""
    lines = error.strip().splitlines() or [""]
    frames = [number for number, line in enumerate(lines) if line.startswith("  File ")]
    after = lines[frames[-1] + 1 :] if frames else lines
    return next((line for line in after if line and not line.startswith(" ")), lines[-1])
