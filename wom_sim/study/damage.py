"""What is lost or damaged in a study's folder, and its repair: the runs that were in it become pending again.

A part has its hash in the manifest and the keys of its runs in itself, so each is held against the other. A manifest
that cannot be read is made anew from the study and the keys in the parts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from wom_sim.results.errors import DamagedError, FolderError
from wom_sim.results.seal import content_hash
from wom_sim.study.database import remove
from wom_sim.study.final_table import RESULT_TABLES
from wom_sim.study.folder import MANIFEST, STUDY, Lock, forget_tables, open_manifest, put_plan
from wom_sim.study.loading import load_study
from wom_sim.study.manifest import Manifest
from wom_sim.study.manifest_queries import Counts, Part
from wom_sim.study.parts import FOLDER, keys_of, path_of
from wom_sim.words import ENGLISH, Words

ASIDE = "manifest.damaged.sqlite"
"""The name of a manifest that could not be read, kept beside the new one."""
_NEW = "manifest.new.sqlite"


class Damage(NamedTuple):
    """Something that is not as it was written: what, a key of ``damage``; the file; the part it is, if it is one.

    ``runs`` are lost with it; ``error`` is what was met when it was read.
    """

    what: str
    file: Path
    part: int | None = None
    runs: int = 0
    error: str = ""

    @property
    def is_manifest(self) -> bool:
        """Whether it is the manifest itself."""
        return self.file.name == MANIFEST

    def text(self, words: Words = ENGLISH) -> str:
        """Return it in words."""
        return words.say(f"damage.{self.what}", file=self.file, runs=words.exact(self.runs), error=self.error)


@dataclass(frozen=True)
class Health:
    """What was looked at in a folder, and what is wrong there."""

    folder: Path
    parts: int
    damage: tuple[Damage, ...]

    def text(self, words: Words = ENGLISH) -> str:
        """Return it in lines."""
        if not self.damage:
            return words.say("damage.none", folder=self.folder, parts=words.exact(self.parts))
        return "\n".join(each.text(words) for each in self.damage)


def verify(folder: Path) -> Health:
    """Look at everything that a study's folder holds; nothing is changed.

    Raises
    ------
    FolderError
        If it is no folder of a study.
    """
    _check_is_study(folder)
    if not (folder / MANIFEST).is_file():
        return Health(folder, 0, (Damage("lost", folder / MANIFEST),))
    try:
        manifest = open_manifest(folder)
        try:
            if manifest.is_sound():
                listed = manifest.listed()
                found = [*_parts(folder, manifest, listed), *_tables(folder, manifest)]
                return Health(folder, len(listed), tuple(found))
        finally:
            manifest.close()
    except (sqlite3.DatabaseError, FolderError) as error:
        return Health(folder, 0, (Damage("unreadable", folder / MANIFEST, error=str(error)),))
    return Health(folder, 0, (Damage("damaged", folder / MANIFEST),))


def _check_is_study(folder: Path) -> None:
    """Raise FolderError unless a folder has a manifest, or what a manifest can be made anew of."""
    if not (folder / MANIFEST).is_file() and not (folder / STUDY).is_file():
        raise FolderError(f"{folder} is no folder of a study: it has no {MANIFEST}")


def _parts(folder: Path, manifest: Manifest, listed: list[Part]) -> Iterator[Damage]:
    for part in listed:
        said = manifest.keys_in(part.number)
        try:
            keys, _ = keys_of(folder, part.number, part.sha256)
        except DamagedError as error:
            yield Damage("part_lost", path_of(folder, part.number), part.number, len(said), str(error))
            continue
        if any(place >= len(keys) or keys[place] != key for place, key in said.items()):
            yield Damage("other_runs", path_of(folder, part.number), part.number, len(said))


def _tables(folder: Path, manifest: Manifest) -> Iterator[Damage]:
    for name in RESULT_TABLES:
        noted, found = manifest.meta(f"sha256 of {name}"), content_hash(folder / name)
        if noted and found is not None and noted != found:
            yield Damage("changed", folder / name)


class Repair(NamedTuple):
    """What a repair has found and done: what was wrong, runs that are to be made again, and how the study stands."""

    health: Health
    again: int
    counts: Counts


def repair(folder: Path) -> Repair:
    """Take what is lost or damaged off the list, so that ``sweep`` makes those runs again, and the tables anew.

    Raises
    ------
    FolderError
        If it is no folder of a study, or in use; or its manifest is lost and its ``study.toml`` as well.
    """
    _check_is_study(folder)
    lock = Lock(folder)  # before it is looked at: two repairs at once find the same damage
    try:
        health = verify(folder)
        if not health.damage:
            again = 0
        elif any(each.is_manifest for each in health.damage):
            again = _made_anew(folder)
        else:
            again = _taken_off(folder, health)
        manifest = open_manifest(folder)
        try:
            return Repair(health, again, manifest.counts())
        finally:
            manifest.close()
    finally:
        lock.release()


def _taken_off(folder: Path, health: Health) -> int:
    """Make the runs of damaged parts pending; the plan is made anew as well, by the next run of the study."""
    manifest, again = open_manifest(folder, writable=True), 0
    try:
        for each in health.damage:
            if each.part is not None:
                again += manifest.lose(each.part)
                path_of(folder, each.part).unlink(missing_ok=True)
        manifest.set_meta(stamp="")
    finally:
        manifest.close()
    forget_tables(folder)
    return again


def _made_anew(folder: Path) -> int:
    """Make the manifest from the study and the keys that its parts hold; return how many runs are to be made again."""
    if not (folder / STUDY).is_file():
        raise FolderError(f"{folder}: its {MANIFEST} cannot be read and its {STUDY} is not there; give a copy of one")
    study, shard = load_study(folder / STUDY).checked(), _shard(folder / MANIFEST)
    new = folder / _NEW
    remove(new)
    manifest = Manifest(new)
    try:
        put_plan(manifest, study, shard)
        for file in sorted((folder / FOLDER).glob("*.parquet")):
            if file.stem.isdecimal():
                _adopt(folder, manifest, int(file.stem))
        again = manifest.counts().pending
    finally:
        manifest.close()
    if (folder / MANIFEST).exists():
        (folder / MANIFEST).replace(folder / ASIDE)
    remove(folder / MANIFEST)
    new.replace(folder / MANIFEST)
    forget_tables(folder)
    return again


def _adopt(folder: Path, manifest: Manifest, part: int) -> None:
    try:
        keys, sha256 = keys_of(folder, part)
    except DamagedError:
        path_of(folder, part).unlink(missing_ok=True)
        return
    manifest.adopt(part, keys, sha256)


def _shard(path: Path) -> tuple[int, int]:
    """Return which shard a manifest that is damaged says that it is, all of the study if it does not say."""
    try:
        manifest = Manifest(path, writable=False)
        try:
            number, _, of = manifest.meta("shard", "1/1").partition("/")
        finally:
            manifest.close()
        return int(number), int(of)
    except (sqlite3.Error, ValueError, OSError):
        return 1, 1
