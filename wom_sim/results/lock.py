"""One writer for each folder: a second one is refused, and told the process that is at work."""

from __future__ import annotations

import os
import platform
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from wom_sim.results.errors import InUseError

WRITING = ".writing"
"""The file that the writer of a plain result holds; it is gone when nobody writes."""
_PATIENCE = 5
_PAUSE = 0.1


class Writing:
    """Held by the one writer of a folder, which must be there. It ends with the process, however that ends.

    Raises
    ------
    InUseError
        If another process, or another part of this one, holds it.
    OSError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / WRITING
        while True:
            self._file = self._path.open("a+", encoding="utf-8")
            try:
                take_soon(self._file)
            except OSError:
                holder = holder_of(self._file)
                self._file.close()
                words = f"{folder} is being written by {holder}; wait for it, or give another folder"
                raise InUseError(words) from None
            if self._is_there():
                break
            self._file.close()  # its holder has removed it since
        sign(self._file)

    def _is_there(self) -> bool:
        """Whether the file that was taken is the one that others find."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except FileNotFoundError:
            return False

    def __enter__(self) -> Writing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let the next writer in, and leave nothing behind."""
        with suppress(OSError):  # Windows removes no file that is open, and the folder may have gone
            self._path.unlink()
        self._file.close()
        with suppress(OSError):
            if os.name == "nt":
                self._path.unlink()


def sign(file: Any) -> None:
    """Write into a lock who holds it. A full disk does not matter: the lock holds without a name."""
    with suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()} on {platform.node()} since {time.strftime('%Y-%m-%d %H:%M:%S')}")
        file.flush()


def holder_of(file: Any) -> str:
    """Return who holds a lock, in words."""
    file.seek(0)
    return str(file.read().strip()) or "another process"


def take_soon(file: Any) -> None:
    """Take the lock, or raise OSError if it is held for longer than somebody needs to ask for the status."""
    for _ in range(_PATIENCE):
        try:
            return take(file)
        except OSError:
            time.sleep(_PAUSE)
    return take(file)


def take(file: Any) -> None:
    """Take the lock on a file, or raise OSError."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(1_000_000)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
