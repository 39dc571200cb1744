"""A folder of results: what it holds, whose it is, and what may be read of it.

A folder belongs to the result that is in it. Another kind of result is never written into it, whatever is asked;
one of the same kind takes its place or goes on with it where that is asked for. Files that no result lists are
somebody else's: they are neither read nor removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

from wom_sim.results.errors import FolderError, InUseError
from wom_sim.results.files import RUN, only_begun, owner_of, settle
from wom_sim.results.seal import HASHES, check, unsealed
from wom_sim.scenario import Scenario, ScenarioError, load_scenario
from wom_sim.scenario.inputs import content_of, inputs_of, with_inputs

SCENARIO = "scenario.toml"
_OF_THE_SYSTEM = ("desktop.ini", "Thumbs.db")
_LARGE = "events.parquet"
_NAMED = 3
"""So many of the files that are in the way are named."""
_FAR = 6
"""So many folders above a result are searched for a file that has moved together with it."""


class Kind(NamedTuple):
    """A kind of result: its name in ``run.json``, what people call it, the command, and the files that give it away."""

    name: str
    words: str
    command: str
    marks: tuple[str, ...]


KINDS = (
    Kind("study", "a study", "sweep run", ("manifest.sqlite", "study.toml", "runner.lock")),
    Kind("search", "a search", "recommend", ("search.json", "recommend.json")),
    Kind("worlds", "a run over worlds", "compare --worlds", ("started.json",)),
    Kind("comparison", "a comparison", "compare", (RUN,)),
    Kind("run", "a single run", "run", ()),
    Kind("fit", "a fit to what was seen", "fit", ("seen.json", "calibration.csv", "prior/started.json")),
    Kind("pilot", "a question what pilots are worth", "pilot", ("pilots.json",)),
    Kind("break-even", "a break-even", "break-even", ("breakeven_line.csv",)),
    Kind("explanation", "an explanation", "explain", ("explain.json",)),
)
"""Every kind of result. ``run.json`` names the kind; the marks are for those without one, or from before it did."""
_BY_NAME = {kind.name: kind for kind in KINDS}
_GUESTS = ("break-even", "explanation")
"""Kinds whose marks may stand beside another result, which then owns the folder."""


def kind_named(name: str) -> Kind:
    """Return a kind by its name."""
    return _BY_NAME[name]


def kind_of(folder: Path) -> Kind | None:
    """Return the kind of result that a folder holds, complete or not; None if it holds none.

    Raises
    ------
    FolderError
        If it holds two, one written over the other by an earlier version.
    """
    found = {kind.name for kind in KINDS if RUN not in kind.marks and any((folder / m).is_file() for m in kind.marks)}
    if (folder / RUN).is_file():
        found.add(_kind_in_run(folder / RUN, found))
    owners = [kind for kind in KINDS if kind.name in found and kind.name not in _GUESTS]
    owners = owners or [kind for kind in KINDS if kind.name in found]
    if len(owners) > 1:
        both = " and ".join(kind.words for kind in owners[:2])
        raise FolderError(
            f"{folder} holds {both}, one written over the other by an earlier version; give another folder"
        )
    return owners[0] if owners else None


def _kind_in_run(file: Path, others: set[str]) -> str:
    """Return the kind that ``run.json`` names; an earlier one names none, and is of a comparison or of worlds."""
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        run = {}
    named = run.get("kind") if isinstance(run, dict) else None
    if named in _BY_NAME:
        return str(named)
    return "worlds" if "worlds" in others or (isinstance(run, dict) and "worlds" in run) else "comparison"


# -- whose it is ---------------------------------------------------------------------------------------------


def claim(folder: Path, kind: str, again: bool, otherwise: str = "give another folder, or --overwrite") -> None:
    """Make a folder for a result of a kind, or make sure that it may be written into the one that is there.

    Raises
    ------
    FolderError
        As ``check_owner``, and if the folder cannot be made.
    """
    check_owner(folder, kind, again, otherwise)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"--out: {folder} cannot be made: {error.strerror}") from None


def check_owner(folder: Path, kind: str, again: bool, otherwise: str = "give another folder") -> None:
    """Make sure that a result of a kind may be written into a folder, which need not be there.

    ``again``: whether one of the same kind may be there, to be replaced or to go on with; ``otherwise``: what can be
    done where it may not.

    Raises
    ------
    FolderError
        If the folder is a file, or holds another result, other files, or a result of this kind.
    """
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"--out: given {folder}, which is a file; allowed: a folder")
    try:
        settle(folder)
        found, others = kind_of(folder), _others(folder)
    except OSError as error:
        raise FolderError(f"--out: {folder} cannot be read: {error.strerror or error}") from None
    if found is None and others:
        named = ", ".join(others[:_NAMED]) + (", ..." if len(others) > _NAMED else "")
        raise FolderError(f"--out: {folder} holds other files ({named}); give a new or an empty folder")
    if found is not None and found.name != kind:
        raise FolderError(f"--out: {folder} holds {found.words}, not {kind_named(kind).words}; give another folder")
    if found is not None and not again:
        raise FolderError(f"--out: {folder} already holds {found.words}; {otherwise}")


def check_file(path: Path, folder: Path) -> None:
    """Raise FolderError where a page or picture of the result in ``folder`` would replace a file of another one."""
    owner = owner_of(path)
    if owner is not None and owner != folder.resolve():
        raise FolderError(f"--out: {path} is a file of the result in {owner}; give another name")


def holds_nothing(folder: Path) -> bool:
    """Whether a folder is not there, or holds neither a result nor other files."""
    if not folder.exists():
        return True
    with suppress(OSError, InUseError):
        settle(folder)
    return folder.is_dir() and kind_of(folder) is None and not _others(folder)


def _others(folder: Path) -> list[str]:
    """Return what is in a folder, without what is hidden: the system's files, and what was never finished."""
    if not folder.is_dir():
        return []
    names = {path.name for path in folder.iterdir()} - only_begun(folder)
    return sorted(name for name in names if not name.startswith(".") and name not in _OF_THE_SYSTEM)


# -- reading -------------------------------------------------------------------------------------------------


class ResultFolder:
    """A folder of results, opened to be read. ``run``: its ``run.json``; empty for a kind that has none."""

    def __init__(self, path: Path, kind: Kind, run: Mapping[str, Any]) -> None:
        self.path, self.kind, self.run = path, kind, run
        self._checked: set[str] = set()

    def check(self) -> None:
        """Raise DamagedError where a file is not what was written.

        Charts are drawn again and not read; an event log, which may be large, is checked when somebody asks for it.
        """
        for name in self.run.get(HASHES, {}):
            if not name.startswith("charts/") and name != _LARGE:
                self._check(name)

    def _check(self, name: str) -> None:
        if name not in self._checked:
            check(self.path, self.run, name)
            self._checked.add(name)

    @property
    def files(self) -> list[str] | None:
        """Return the names of the files of the result; None where nothing lists them."""
        return [str(name) for name in self.run.get("files", [])] if self.run else None

    def has(self, name: str) -> bool:
        """Return whether a file is there and is of this result. Raises DamagedError if it is not what was written."""
        if name.startswith("analysis/") and name not in self._analysed:
            return False
        listed = self.files is None or name in self.files or name == SCENARIO
        there = listed and (self.path / name).is_file()
        if there:
            self._check(name)
        return there

    @cached_property
    def _analysed(self) -> set[str]:
        """Return the tables of a study's analysis, which ``analysis.json`` lists."""
        index = self.path / "analysis" / "analysis.json"
        made = read_json(index).get("made", {}) if index.is_file() else {}
        return {f"analysis/{name}.{ending}" for name in made for ending in ("csv", "parquet")}

    def missing(self) -> list[str]:
        """Return the files of the result that are gone; charts can be drawn again, and do not count."""
        listed = self.files or []
        return [name for name in listed if not name.startswith("charts/") and not (self.path / name).exists()]

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario as it was resolved. The files that it reads need not be there.

        One that has moved together with the result, and holds what it held, is found.

        Raises
        ------
        FolderError
            If it is not there or cannot be read.
        """
        path = self.path / SCENARIO
        if not path.is_file():
            raise FolderError(f"{self.path}: {SCENARIO} is missing; run it again")
        try:
            found = load_scenario(path, files=False, resolved=True)
        except ScenarioError as error:
            raise FolderError(f"{path}: cannot be read by this version of wom_sim:\n{error}") from None
        noted = self.run.get("inputs", {})
        places = {
            key: _place(file, noted[key].get("sha256"), self.path)
            for key, file in inputs_of(found).items()
            if key in noted
        }
        return with_inputs(found, places)


def _place(file: Path, content: str | None, folder: Path) -> Path:
    """Return where a file lies that holds what it held: there, or below a folder above the result; else as it was."""
    places, parts = [file], PureWindowsPath(file).parts if "\\" in str(file) else file.parts
    for above in (folder.resolve(), *folder.resolve().parents)[:_FAR]:
        places += [above.joinpath(*parts[-number:]) for number in range(1, min(_FAR, len(parts)))]
    return next((place for place in places if content is not None and content_of(place) == content), file)


def opened(folder: Path, allowed: Sequence[str] = ()) -> ResultFolder:
    """Open a folder of complete results to be read.

    ``allowed``: the kinds that will do; any if empty.

    Raises
    ------
    FolderError
        If it is missing, no folder, holds no results, none of these kinds, half of one, or ``run.json`` is spoilt.
    """
    wanted = [kind_named(name) for name in allowed] or list(KINDS)
    commands = " or ".join(f"wom-sim {kind.command} ... --out DIR" for kind in wanted[:2])
    known = f"allowed: a folder written by {commands}"
    if not folder.exists():
        raise FolderError(f"{folder}: no such folder; {known}")
    if not folder.is_dir():
        raise FolderError(f"{folder}: is a file; {known}")
    with suppress(OSError, InUseError):  # it may be there to be read only, or is being put in its place
        settle(folder)
    kind = kind_of(folder)
    if kind is not None and kind not in wanted:
        raise FolderError(f"{folder}: is {kind.words}; allowed here: {wanted[0].words} ({wanted[0].command} --out DIR)")
    if kind is None or (kind.name == "worlds" and not (folder / RUN).is_file()):
        raise FolderError(f"{folder}: {_why_none(folder, wanted)}; {known}")
    found = ResultFolder(folder, kind, unsealed(folder / RUN))
    found.check()
    return found


def _why_none(folder: Path, wanted: Sequence[Kind]) -> str:
    """Return why a folder holds no complete result."""
    if any((folder / name).exists() for name in (SCENARIO, "summary.csv", "replications.parquet", "started.json")):
        return f"is half written: {RUN}, which comes last, is missing; run it to the end"
    what = "comparison" if {kind.name for kind in wanted} <= {"comparison", "worlds"} else "results"
    return f"holds no {what} (no {RUN})"


def read_json(path: Path) -> dict[str, Any]:
    """Return a table of keys and values. Raises FolderError when it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise FolderError(f"{path}: cannot be read: {error}") from None
    return found if isinstance(found, dict) else {}
