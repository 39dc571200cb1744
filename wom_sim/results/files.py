"""Files of a result that come and go together: put in place when all are complete, and removed when it goes.

New files are written into a folder within, and take their place when all are there; what the former result had and
the new one has not is removed, and so are pages and pictures that tell of the former one. If that is cut short, the
next call finishes it. Files that the program did not write stay.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from wom_sim._files import write_text_atomically

RUN = "run.json"
"""What produced a result, and its files. It is written last: its presence says that all is there."""
STAGE = ".adding"
"""Folder in which new files are written beside the old ones."""
SHOWN = "shown.json"
"""Which pages and pictures were made of a result, and what they hold."""
_LEAVING = "leaving.json"


class Stage:
    """A result that is being written beside the former one. Use as a context; ``finish`` puts it in its place.

    ``place``: the folder into which its files are to be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.place = folder, folder / STAGE

    def __enter__(self) -> Stage:
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        return self

    def finish(self, run: Mapping[str, Any]) -> None:
        """Write ``run.json``, whose ``files`` are those of the result, and put everything in its place."""
        leaving = sorted(set(_listed(self.folder)) - {RUN, *run["files"]})
        write_text_atomically(self.place / _LEAVING, json.dumps(leaving) + "\n")
        write_text_atomically(self.place / RUN, json.dumps(run, indent=2) + "\n")
        settle(self.folder)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not (self.place / RUN).exists():  # else it is complete, and the next call puts it in its place
            shutil.rmtree(self.place, ignore_errors=True)


def settle(folder: Path) -> None:
    """Put staged files in their place, if all of them are there: ``run.json`` is staged last, and moved last."""
    stage = folder / STAGE
    if not (stage / RUN).is_file():
        return
    (folder / RUN).unlink(missing_ok=True)
    if (stage / _LEAVING).is_file():
        remove(folder, json.loads((stage / _LEAVING).read_text(encoding="utf-8")))
        forget_shown(folder)
        (stage / _LEAVING).unlink()
    staged = sorted(path for path in stage.rglob("*") if path.is_file())
    for path in sorted(staged, key=lambda path: path == stage / RUN):
        place = folder / path.relative_to(stage)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)
    shutil.rmtree(stage)


def remove_result(folder: Path) -> None:
    """Remove the complete result of a folder that is begun anew, with the pages and pictures made of it."""
    leaving = _listed(folder)
    (folder / RUN).unlink(missing_ok=True)
    remove(folder, leaving)
    forget_shown(folder)


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a result by name, and folders within that are empty then."""
    for name in names:
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):
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
        known = _read(folder / SHOWN) | {path.relative_to(base).as_posix(): _content(path) for path in inside}
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
    remove(folder, [name for name, content in known.items() if _content(folder / name) == content])
    (folder / SHOWN).unlink(missing_ok=True)


def _content(path: Path) -> str | None:
    """Return the SHA-256 of a file, None if it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _read(file: Path) -> dict[str, Any]:
    """Return a table of keys and values; an empty one if it is not there or spoilt."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
