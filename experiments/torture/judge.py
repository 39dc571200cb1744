"""One hostile case: a command, run in this process with its outer guard, and what came of it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SLOW = 10.0
"""Seconds of computing after which a command counts as hanging."""
CODES = frozenset({0, 1, 2, 3, 4, 130})
RAN, REFUSED, RAW, HANG, LOST = "ran", "refused", "tracebacks", "hangs", "lost"
COLUMNS = (RAN, REFUSED, RAW, HANG, LOST)
RAW_WORDS = re.compile(
    r"Traceback \(most recent|this is a fault of wom_sim|\b[A-Z]\w*Warning: |NoneType|has no attribute"
    r"|index out of range"
    r"|not supported between|unsupported operand|\b(Key|Index|Type|Attribute|ZeroDivision|Overflow|Assertion)Error\b"
    r"|must be real number|math domain|cannot convert float|invalid literal for int|object is not|not subscriptable"
)
"""What no user should ever read: words of Python rather than of the program."""
_HALF = re.compile(r"\.part$|^\.adding$|^\.writing$|^\.next$|^\.old ")
"""Names of what is half written."""


@dataclass
class Case:
    """What is tried.

    ``arguments``: of the command; ``told``: what it reads from the terminal; ``keeps``: the folder that a refused
    command must leave as it was, if any; ``out``: where a result is made, which must be whole or not there; ``said``:
    texts of others, which may be passed on as they are; ``setting``: what is changed around the command;
    ``must``: the codes that are right, any if empty; ``environment``: of a process of its own.
    """

    arguments: list[str]
    told: str = ""
    keeps: Path | None = None
    out: Path | None = None
    said: tuple[str, ...] = ()
    setting: Callable[[], contextlib.AbstractContextManager[Any]] = contextlib.nullcontext
    must: frozenset[int] = CODES
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """How a case ended: one of ``COLUMNS``, and words where it is none of the first two."""

    what: str
    words: str = ""


def snapshot(folder: Path | None) -> dict[str, bytes]:
    """Return every file of a folder, hidden ones included."""
    if folder is None or not folder.is_dir():
        return {}
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def judge(case: Case, run: Callable[[Case], tuple[int, str, str]], place: Path) -> Verdict:
    """Run a case and return what came of it. ``place``: the folder of the case, in which nothing half may be left."""
    before, began = snapshot(case.keeps), time.process_time()
    try:
        code, out, err = run(case)
    except BaseException:
        return Verdict(RAW, traceback.format_exc()[-1500:])
    if time.process_time() - began > SLOW:
        return Verdict(HANG, f"{time.process_time() - began:.0f} s of computing, code {code}")
    if code not in CODES or code not in case.must:
        return Verdict(RAW if code not in CODES else LOST, f"code {code}: {(out + err)[-600:]}")
    bare = out + err
    for text in case.said:
        bare = bare.replace(text, "")
    found = RAW_WORDS.search(bare)
    if found is not None:
        return Verdict(RAW, f"code {code}: {bare[max(0, found.start() - 300) : found.end() + 300]}")
    if code and not (out + err).strip():
        return Verdict(RAW, f"code {code}, and nothing is said")
    return _written(case, code, before, place)


def _written(case: Case, code: int, before: Mapping[str, bytes], place: Path) -> Verdict:
    """Return what a case has left on the disk: nothing by half, nothing at all where it was refused."""
    half = [path for path in place.rglob("*") if _HALF.search(path.name)]
    if half:
        return Verdict(LOST, f"code {code}: left behind: {', '.join(str(path) for path in half[:5])}")
    if code and case.keeps is not None:
        after = snapshot(case.keeps)
        if after != before:
            names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
            return Verdict(LOST, f"code {code}: changed: {names[:5]}")
    if case.out is not None and case.out.is_dir():
        words = _not_whole(case.out) if code == 0 else _there(case.out)
        if words:
            return Verdict(LOST, f"code {code}: {words}")
    return Verdict(RAN if code == 0 else REFUSED)


def _not_whole(folder: Path) -> str:
    """Return what is wrong with a result of a command that ended well."""
    from wom_sim.results.folder import FolderError, opened

    try:
        missing = opened(folder).missing()
    except FolderError as error:
        return str(error)
    return f"missing: {missing[:5]}" if missing else ""


def _there(folder: Path) -> str:
    """Return what a refused command has written where nothing was."""
    left = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return f"written although refused: {left[:5]}" if left else ""


class InProcess:
    """Runs commands in this process: the code of ``wom-sim`` from its outer guard on, its commands assembled once."""

    def __init__(self) -> None:
        import typer

        from wom_sim.cli import assembly

        self._command = typer.main.get_command(assembly.app())

    def __call__(self, case: Case) -> tuple[int, str, str]:
        """Return exit code, output and errors."""
        import sys

        from wom_sim.cli import assembly, main

        out, err, stdin, app = io.StringIO(), io.StringIO(), sys.stdin, assembly.app
        sys.stdin = io.StringIO(case.told)
        assembly.app = lambda first=None: self._command  # type: ignore[assignment,return-value]
        try:
            with case.setting(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                main(case.arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        else:
            code = 0
        finally:
            sys.stdin, assembly.app = stdin, app
        return code, out.getvalue(), err.getvalue()


def _as_bytes(argument: str) -> bytes:
    """Return an argument as a system passes it on, which knows bytes alone."""
    try:
        return argument.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return argument.encode("utf-8", "surrogatepass")


class AsProcess:
    """Runs commands as a user does, each a process of its own."""

    def __init__(self, root: Path, seconds: float = 120.0) -> None:
        self._root, self._seconds = root, seconds

    def __call__(self, case: Case) -> tuple[int, str, str]:
        """Return exit code, output and errors."""
        import subprocess
        import sys

        arguments = [part for part in case.arguments if "\0" not in part]  # no system passes it on
        done = subprocess.run(
            [sys.executable, "-m", "wom_sim", *map(_as_bytes, arguments)],
            input=case.told.encode("utf-8", "replace"), capture_output=True, timeout=self._seconds, check=False,
            env=os.environ | {"PYTHONPATH": str(self._root)} | dict(case.environment),
        )  # fmt: skip
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
