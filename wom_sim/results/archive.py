"""A zip of files that gives the same bytes for the same content, and reading one that may come from anybody.

What is read is data from elsewhere: every name must be a plain path within, every size is known before anything is
written and held to while writing, and nothing but plain files is taken.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from wom_sim._files import replaced
from wom_sim.results.errors import FolderError

_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time of every member: when a pack was made says its metadata, once."""
MOST_FILES = 10_000
MOST_BYTES = 8 * 2**30
"""Limits on what is unpacked; a pack of a thousand runs of a nation has some tens of megabytes."""
_RATIO, _SMALL = 400, 16 * 2**20
"""A member that grows by more than this when unpacked, and is not small, is not taken: tables shrink by 2 to 60."""
_DEPTH = 12
_LONGEST = 240
_PIECE = 1 << 20
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


class PackError(FolderError):
    """A pack cannot be taken; the message says what was found and what is allowed."""


def write_archive(path: Path, members: Mapping[str, bytes | Path]) -> str:
    """Write a zip of files by name, sorted; return its SHA-256. The same members give the same bytes.

    Raises OSError, and leaves nothing behind, if it cannot be written.
    """
    with (
        replaced(path.resolve()) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            given = members[name]
            with archive.open(info, "w", force_zip64=True) as target:
                if isinstance(given, bytes):
                    target.write(given)
                else:
                    _copy_into(given, target)
    with path.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()


def _copy_into(source: Path, target: IO[bytes]) -> None:
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            target.write(piece)


def read_archive(path: Path, into: Path, most_bytes: int = MOST_BYTES) -> dict[str, str]:
    """Unpack a zip into an empty folder; return the SHA-256 of each file by name.

    Raises
    ------
    PackError
        If it is no zip, is damaged, or holds what is not taken: names that lead out of the folder or that some
        system cannot hold, links, encrypted files, a file twice, or more than the limits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            _check(path, listed, most_bytes)
            return {info.filename: _unpack(archive, info, into, path) for info in listed}
    except FileNotFoundError:
        raise PackError(f"{path}: no such file") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise PackError(f"{path}: is no pack, or damaged: {error}") from None
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror or error}") from None


def _check(path: Path, listed: list[zipfile.ZipInfo], most_bytes: int) -> None:
    """Raise PackError unless all that a zip lists may be unpacked."""
    if len(listed) > MOST_FILES:
        raise PackError(f"{path}: holds {len(listed):,} files, allowed: {MOST_FILES:,}")
    seen: set[str] = set()
    total = 0
    for info in listed:
        name = info.filename
        wrong = _wrong_name(name) or _wrong_kind(info)
        if name.casefold() in seen:
            wrong = "is there twice"
        seen.add(name.casefold())
        total += info.file_size
        if wrong:
            raise PackError(f"{path}: {_shown(name)} {wrong}; nothing was unpacked")
        if info.file_size > _SMALL and info.file_size > _RATIO * max(1, info.compress_size):
            raise PackError(f"{path}: {_shown(name)} would grow {_RATIO} times and more; nothing was unpacked")
    if total > most_bytes:
        raise PackError(f"{path}: would take {total / 2**30:,.1f} GiB, allowed: {most_bytes / 2**30:g}; not unpacked")


def _wrong_name(name: str) -> str:
    """Return why a name is not taken, "" if it is: a plain path within, on any system."""
    parts = name.split("/")
    if not name or len(name) > _LONGEST or len(parts) > _DEPTH:
        return "has a name that is too long"
    if name.startswith("/") or "\\" in name or ":" in name or PurePosixPath(name).is_absolute():
        return "leads out of its folder"
    if any(part in ("", ".", "..") for part in parts):
        return "leads out of its folder, or is one"
    if any(not part.isprintable() or part.split(".")[0].casefold() in _RESERVED or part[-1] in ". " for part in parts):
        return "has a name that no file may have"
    return ""


def _wrong_kind(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.flag_bits & 0x1:
        return "is encrypted"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or a device, not a file"
    return "is a folder, not a file" if info.is_dir() else ""


def _shown(name: str) -> str:
    return repr(name[:80])


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, into: Path, path: Path) -> str:
    """Write one file, never more than its stated size; return its SHA-256."""
    target = into.joinpath(*info.filename.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), info.file_size
    with archive.open(info) as source, target.open("xb") as file:
        while piece := source.read(min(_PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                raise PackError(f"{path}: {_shown(info.filename)} is larger than it says")
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()
