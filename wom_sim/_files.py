"""Writing a file so that a reader sees the old content or the new, never half of it."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def write_text_atomically(path: Path | str, text: str) -> None:
    """Write ``text`` in UTF-8, with its own line ends; see ``write_bytes_atomically``."""
    write_bytes_atomically(path, text.encode("utf-8"))


def write_bytes_atomically(path: Path | str, content: bytes) -> None:
    """Write ``content`` to a temporary name in the same folder, flush it to disk, then rename it to ``path``.

    A link is followed. What is not a regular file (``/dev/stdout``) is written to directly. Nothing is left
    behind on failure. Raises OSError when the folder is missing or cannot be written.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    with replaced(target) as file:
        file.write(content)


@contextmanager
def replaced(target: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file that takes the name ``target`` when all is written and flushed; else nothing is left."""
    temporary, handle = _beside(target)
    with os.fdopen(handle, "wb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name != "nt":  # renamed while it is held, so that nobody else takes what becomes the file
                temporary.replace(target)
                return
        except BaseException:
            if os.name == "nt":  # which removes no file that is open
                with suppress(OSError):
                    file.close()
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _beside(target: Path) -> tuple[Path, int]:
    """Return a temporary file beside a file, empty, open and this process's own.

    It has a fixed name, so that what a killed process has left is used again and not left for ever. Where another
    process is at work on the same file, or the name is not this user's, it is one that nobody else has.
    """
    fixed = target.with_name(f".{target.name}.part")  # ".part" is ignored by git
    handle = _held(fixed)
    if handle is not None:
        return fixed, handle
    other = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    return other, os.open(other, _FLAGS | os.O_EXCL, 0o666)


_FLAGS = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def _held(path: Path) -> int | None:
    """Return a file that is there or is made, locked and emptied; None where it is not to be had, or not one's own."""
    try:
        import fcntl
    except ImportError:  # Windows
        return None
    try:
        handle = os.open(path, _FLAGS | getattr(os, "O_NONBLOCK", 0), 0o666)  # a pipe of a stranger is not waited for
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        found = os.fstat(handle)
        mine = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_nlink == 1
        if mine and os.path.samestat(found, path.lstat()):  # else another one has renamed it meanwhile
            os.ftruncate(handle, 0)
            return handle
    except OSError:
        pass
    os.close(handle)
    return None
