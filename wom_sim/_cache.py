"""The folder for compiled code, into which nobody else may have put anything.

Numba keeps compiled functions as pickles, and reading a pickle runs what is in it. So a folder counts only if it is
this user's own with mode 700, and nobody else can put another one in its place. One that others could write into is
made anew; one that is somebody else's is left alone, and said so. This module is no part of what is compiled: a change
here compiles nothing anew.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

KEEP = 8
"""So many folders of compiled code are kept beside each other, one for each state of the sources."""
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class NotOursError(Exception):
    """A folder cannot be used for compiled code; the message says why."""


def compiled_code_folder(fingerprint: str) -> Path:
    """Return the folder for code compiled from sources with a fingerprint: the first that is this user's alone.

    Tried in turn: ``$WOM_SIM_CACHE``, the user's cache, one among the temporary files; else one for this process only,
    which is removed at its end. Those that are not used because of who owns them are told on the error stream.
    """
    refused: list[str] = []
    for parent, named_by in _candidates():
        try:
            folder = _within(parent, fingerprint, ours=not named_by)
        except NotOursError as error:
            refused.append(str(error))
        except (OSError, ValueError, RuntimeError) as error:  # read-only, a null in the name, links in a circle
            if named_by:
                why = getattr(error, "strerror", None) or error
                refused.append(f"{named_by}: {parent} cannot be used: {why}")
        else:
            _tell(refused, str(folder))
            return folder
    private = Path(tempfile.mkdtemp(prefix="wom_sim-"))
    atexit.register(shutil.rmtree, private, ignore_errors=True)
    _tell(refused, "a folder for this run only, which takes minutes longer (WOM_SIM_CACHE=DIR names another)")
    return private


def named_folder(name: str, fingerprint: str) -> Path:
    """Return the folder that ``$NUMBA_CACHE_DIR`` names, if nobody else can write it; else as if it named none."""
    try:
        folder = Path(name).absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = folder.resolve(strict=True)
        if _has_owners():
            check_above(folder / "any")
        return folder
    except (NotOursError, OSError, ValueError, RuntimeError) as error:
        _tell([f"NUMBA_CACHE_DIR: {error}"], "the folder of wom_sim")
        return compiled_code_folder(fingerprint)


def remembered(folder: Path, name: str, of: bytes, find: Callable[[], str]) -> str:
    """Return a short text that follows from ``of`` alone, and is found once for each state of it.

    It is kept as ``name`` in ``folder``, which must be this user's alone, with a check of both: what is damaged or of
    another state is found anew. Where the folder cannot be written it is found every time.
    """
    place, state = folder / name, hashlib.sha256(of).hexdigest()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        kept, _, check = place.read_text(encoding="utf-8").partition("\n")
        if check == hashlib.sha256(f"{state} {kept}".encode()).hexdigest():
            return kept
    found = find()
    check = hashlib.sha256(f"{state} {found}".encode()).hexdigest()
    own = place.with_name(f"{name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        try:
            own.write_text(f"{found}\n{check}", encoding="utf-8")
            own.replace(place)
        finally:
            own.unlink(missing_ok=True)
    return found


def _candidates() -> Iterator[tuple[Path, str]]:
    """Yield folders to try, each with the name of the variable that names it, "" if none does."""
    if asked := os.environ.get("WOM_SIM_CACHE"):
        yield Path(asked).absolute(), "WOM_SIM_CACHE"
    caches = os.environ.get("XDG_CACHE_HOME")
    if caches and Path(caches).is_absolute():  # the specification: one that is relative is ignored
        yield Path(caches) / "wom_sim", ""
    else:
        home = os.path.expanduser("~")  # noqa: PTH111 - Path.expanduser raises where there is no home
        if Path(home).is_absolute():
            yield Path(home) / ".cache" / "wom_sim", ""
    user = os.getuid() if _has_owners() else 0
    yield Path(tempfile.gettempdir()) / f"wom_sim-{user}", ""


def _within(parent: Path, fingerprint: str, ours: bool) -> Path:
    """Return the folder for a fingerprint; where it is new, all but the latest of the others are removed.

    ``ours``: whether the parent is this program's by its name, and may be closed to others.

    Raises
    ------
    NotOursError
        If it is somebody else's, or others could put another one in its place.
    OSError
        If it cannot be made or written.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _has_owners():
        if ours and parent.lstat().st_uid == os.getuid() == parent.stat().st_uid:
            parent.chmod(0o700)
        elif ours:
            raise NotOursError(f"{parent} belongs to another user (number {parent.lstat().st_uid})")
        parent = parent.resolve(strict=True)
        check_above(parent / fingerprint)
    folder = parent / fingerprint
    new = not folder.exists()
    folder.mkdir(mode=0o700, exist_ok=True)
    if _has_owners():
        _close(folder)
    with tempfile.TemporaryFile(dir=folder):
        pass
    if new:
        old = sorted((f for f in parent.iterdir() if _is_ours(f) and f != folder), key=lambda f: f.stat().st_mtime)
        for stale in old[: -(KEEP - 1)]:
            shutil.rmtree(stale, ignore_errors=True)
    return folder


def _is_ours(folder: Path) -> bool:
    """Whether a folder is named as those for compiled code are: 16 hex digits."""
    return len(folder.name) == 16 and set(folder.name) <= set("0123456789abcdef") and folder.is_dir()


def _close(folder: Path) -> None:
    """Make sure that a folder is this user's with mode 700. What others could have written is removed.

    Raises NotOursError.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise NotOursError(f"{folder} is not a folder of this user")
    folder.chmod(0o700)
    if found.st_mode & _OTHERS_WRITE:
        for inner in folder.iterdir():
            if inner.is_dir() and not inner.is_symlink():
                shutil.rmtree(inner)
            else:
                inner.unlink()


def check_above(folder: Path) -> None:
    """Raise NotOursError where users other than this one and the administrator can put another folder in its place."""
    for above in folder.parents:
        if _replaceable(above):
            raise NotOursError(f"{above} is open to other users, who could put their own files into {folder.name}")


def _replaceable(above: Path) -> bool:
    """Whether users other than this one and the administrator can rename what is in a folder."""
    found = above.stat()
    if found.st_uid not in (0, os.getuid(), Path("/").stat().st_uid):  # in a container the administrator has a number
        return True
    if found.st_mode & stat.S_ISVTX:  # as /tmp: only an owner renames
        return False
    if found.st_mode & stat.S_IWOTH:
        return True
    return bool(found.st_mode & stat.S_IWGRP) and not _group_of_one(found.st_gid)


def _group_of_one(group: int) -> bool:
    """Whether a group is the administrator's, or bears this user's name and has nobody else in it."""
    import grp
    import pwd

    try:
        known, user = grp.getgrgid(group), pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return False
    return group == 0 or (known.gr_name == user and set(known.gr_mem) <= {user})


def _has_owners() -> bool:
    """Whether folders have owners and modes; on Windows those of a user are closed to others anyway."""
    return hasattr(os, "getuid")


def _tell(refused: list[str], instead: str) -> None:
    """Say on the error stream which folders were not used and why, and what was taken."""
    if refused and sys.stderr is not None:
        said = "; ".join(refused)
        print(f"wom-sim: compiled code is not kept where it was to be: {said}. Used: {instead}", file=sys.stderr)
