"""Files of a result that come and go together: put in place when all are complete, and removed when it goes.

One process at a time writes (``lock``). New files are written into a folder within, and take their place when all
are there, ``run.json`` with the hash of each last (``seal``); what the former result had and
the new one has not is removed, and so are pages and pictures that tell of the former one. If that is cut short, the
next call finishes it. Files that the program did not write stay.
"""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from wom_sim._files import write_text_atomically
from wom_sim.results.errors import InUseError
from wom_sim.results.lock import Writing
from wom_sim.results.seal import content_hash, sealed

RUN = "run.json"
"""What produced a result, and its files. It is written last: its presence says that all is there."""
STAGE = ".adding"
"""Folder in which new files are written beside the old ones."""
NEXT = ".next"
"""Folder in which a result is made over many sittings, beside the former one."""
BEGINNING = ".beginning"
"""A list of files that are about to be written; while it is there, they are of nobody's result."""
SHOWN = "shown.json"
"""Which pages and pictures were made of a result, and what they hold."""
_LEAVING = "leaving.json"
_PATIENCE = 20
"""So many times half a second a reader waits for a writer to put the last files in their place."""


class Stage:
    """A result that is being written beside the former one, by the one writer of its folder. Use as a context.

    ``place``: the folder into which its files are to be written; ``finish`` puts it in its place. Until then the
    former result is as it was, whatever happens.

    Raises
    ------
    InUseError
        If another process is writing into the folder.
    OSError
        If it cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.place = folder, folder / STAGE

    def __enter__(self) -> Stage:
        self._made = not self.folder.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = Writing(self.folder)
        try:
            _put_in_place(self.folder)
            shutil.rmtree(self.place, ignore_errors=True)  # of a writer that was killed
            self.place.mkdir()
        except BaseException:
            self._lock.release()
            raise
        return self

    def finish(self, run: Mapping[str, Any]) -> None:
        """Write ``run.json``, whose ``files`` are those of the result, and put everything in its place."""
        leaving = sorted(set(_listed(self.folder)) - {RUN, *run["files"]})
        write_text_atomically(self.place / _LEAVING, json.dumps(leaving) + "\n")
        write_text_atomically(self.place / RUN, sealed(run, self.place))
        _put_in_place(self.folder)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not (self.place / RUN).exists():  # else it is complete, and the next call puts it in its place
            shutil.rmtree(self.place, ignore_errors=True)
        self._lock.release()
        if kind is not None and self._made:
            with suppress(OSError):  # only where nothing is in it
                self.folder.rmdir()


@contextmanager
def beginning(folder: Path, names: Sequence[str]) -> Iterator[None]:
    """Context in which the first files of a result are written; left by a killed process, they may be overwritten.

    For who holds the lock of the folder. The last of them is what says that a result is begun.
    """
    write_text_atomically(folder / BEGINNING, json.dumps(list(names)) + "\n")
    yield
    (folder / BEGINNING).unlink(missing_ok=True)


def only_begun(folder: Path) -> set[str]:
    """Return the first files of a result whose writer was killed before the last of them, by name."""
    try:
        names = json.loads((folder / BEGINNING).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def settle(folder: Path) -> None:
    """Move staged files into place where all are complete and their writer was killed before it could.

    Raises
    ------
    InUseError
        If their writer is doing it, and does not come to an end.
    OSError
        If the folder cannot be written.
    """
    if not _is_complete(folder):
        return
    for _ in range(_PATIENCE):
        with suppress(InUseError), Writing(folder):
            _put_in_place(folder)
        if not _is_complete(folder):
            return
    with Writing(folder):
        _put_in_place(folder)


def _is_complete(folder: Path) -> bool:
    """Whether a result lies beside the former one, complete: ``run.json`` is staged last, and moved last."""
    return (folder / STAGE / RUN).is_file()


def _put_in_place(folder: Path) -> None:
    """Put staged files in their place, if all of them are there; for who holds the lock of the folder."""
    stage = folder / STAGE
    if not _is_complete(folder):
        return
    (folder / RUN).unlink(missing_ok=True)
    if (stage / _LEAVING).is_file():
        remove(folder, json.loads((stage / _LEAVING).read_text(encoding="utf-8")))
        forget_shown(folder)
        (stage / _LEAVING).unlink()
    staged = sorted(path for path in stage.rglob("*") if path.is_file())
    for path in sorted(staged, key=lambda path: path == stage / RUN):
        place = folder / path.relative_to(stage)
        for above in reversed(place.relative_to(folder).parents[:-1]):
            _make_room(folder / above, folder_wanted=True)
            (folder / above).mkdir(exist_ok=True)
        _make_room(place, folder_wanted=False)
        path.replace(place)
    shutil.rmtree(stage)


def _make_room(place: Path, folder_wanted: bool) -> None:
    """Move away what stands in a place of a result: a folder where a file must be, or a file where a folder must be.

    The program has written neither, so it is kept under another name; else the result could never be put there.
    """
    if place.exists() and place.is_dir() != folder_wanted:
        names = (place.with_name(f"{place.name}.aside{number}") for number in itertools.count(1))
        place.rename(next(name for name in names if not name.exists()))


def put_in_place(folder: Path, made: Path, run: Mapping[str, Any], also: Iterable[str] = ()) -> None:
    """Put a result that was made over many sittings in its place; for who holds the lock of its folder.

    ``made``: where its files are, ``folder`` itself or a folder within, such as ``NEXT``; ``run``: its ``run.json``,
    without hashes; ``also``: files of the former result that go with it and that its ``run.json`` does not list.
    Cut short before the folder is renamed, it has not begun; after, the next call finishes it.
    """
    (made / BEGINNING).unlink(missing_ok=True)
    if made == folder:
        forget_shown(folder)
        write_text_atomically(folder / RUN, sealed(run, folder))
        return
    leaving = sorted({*_listed(folder), *also} - {RUN, *run["files"]})
    write_text_atomically(made / _LEAVING, json.dumps(leaving) + "\n")
    write_text_atomically(made / RUN, sealed(run, made))
    shutil.rmtree(folder / STAGE, ignore_errors=True)
    made.replace(folder / STAGE)
    _put_in_place(folder)


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a result by name, and folders within that are empty then; a folder in a file's place stays."""
    for name in names:
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()) and (path.is_symlink() or not path.is_dir()):
            path.unlink(missing_ok=True)
            if path.parent != folder and path.parent.is_dir() and not any(path.parent.iterdir()):
                path.parent.rmdir()


def _listed(folder: Path) -> list[str]:
    """Return the files of the result that is there, as its ``run.json`` lists them."""
    return [str(name) for name in _read(folder / RUN).get("files", [])]


# -- pages and pictures --------------------------------------------------------------------------------------


def note_shown(folder: Path, written: Iterable[Path]) -> None:
    """Note which pages and pictures were made of a result; those that lie elsewhere are not noted."""
    base = folder.resolve()
    inside = [path.resolve() for path in written if path.resolve().is_relative_to(base)]
    if inside:
        known = _read(folder / SHOWN) | {path.relative_to(base).as_posix(): content_hash(path) for path in inside}
        write_text_atomically(folder / SHOWN, json.dumps(known, indent=2, sort_keys=True) + "\n")


def owner_of(path: Path, above: int = 2) -> Path | None:
    """Return the folder, at most so many above a file, whose result lists it or notes it as shown; None: no such."""
    place = path.resolve()
    for folder in place.parents[:above]:
        name = place.relative_to(folder).as_posix()
        if name in (*_listed(folder), *_read(folder / SHOWN)):
            return folder
    return None


def forget_shown(folder: Path) -> None:
    """Remove the pages and pictures that were made of a result, unless somebody has changed them since."""
    known = _read(folder / SHOWN)
    remove(folder, [name for name, content in known.items() if content_hash(folder / name) == content])
    (folder / SHOWN).unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Any]:
    """Return a table of keys and values; an empty one if it is not there or spoilt."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
