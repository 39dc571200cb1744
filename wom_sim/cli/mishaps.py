"""Whatever can go wrong on a machine, in one sentence: what, where, and what can be done."""

from __future__ import annotations

import errno
import os
import traceback
from pathlib import Path
from types import FrameType

_HERE = str(Path(__file__).resolve().parents[1])
_SAID = 300
"""So many characters of what a library says are passed on."""
_BY_NAME = {
    "ENOSPC": ("the disk is full", "make room, or give a folder on another disk"),
    "EDQUOT": ("your share of the disk is used up", "make room, or give a folder on another disk"),
    "EFBIG": ("a file would be larger than this system allows", "give a folder on another disk"),
    "EACCES": ("permission is missing", "give a file or folder that you may read and write"),
    "EPERM": ("permission is missing", "give a file or folder that you may read and write"),
    "EROFS": ("the disk can only be read", "give a folder on another disk"),
    "ENOENT": ("a file or folder is not there", "see whether its name is right, and nobody removes it"),
    "ENOTDIR": ("a file is where a folder should be", "give another name"),
    "EISDIR": ("a folder is where a file should be", "give another name"),
    "ENAMETOOLONG": ("a name is too long for this disk", "give a shorter one"),
    "ELOOP": ("links lead in a circle", "give the file itself"),
    "EMFILE": ("too many files are open", "raise the limit (ulimit -n), or use fewer --workers"),
    "ENFILE": ("too many files are open", "close other programs"),
    "EAGAIN": ("the machine can start no more threads or processes", "use fewer --workers"),
    "ENOMEM": ("memory does not suffice", "use fewer --workers, or fewer people (--fit-memory)"),
    "EIO": ("the disk cannot be read or written", "see whether it is damaged, or give another one"),
    "EBUSY": ("a file is in use by another program", "close it there"),
    "ETXTBSY": ("a file is in use by another program", "close it there"),
}  # fmt: skip
_BY_NUMBER = {getattr(errno, name): words for name, words in _BY_NAME.items() if hasattr(errno, name)}
"""By the number of an error of the system: what it means, and what can be done."""
_MEMORY = (
    "memory does not suffice; use fewer --workers, a smaller population, or --fit-memory (wom-sim show docs scaling)"
)
_SPOILT = "run it again with --overwrite, or take the file from a copy"
_BY_CLASS = {
    "sqlite3": f"a database of the result cannot be used; {_SPOILT}",
    "zlib": f"a packed file is damaged; {_SPOILT}",
    "zipfile": f"a packed file is damaged; {_SPOILT}",
    "lzma": f"a packed file is damaged; {_SPOILT}",
    "gzip": f"a packed file is damaged; {_SPOILT}",
    "pyarrow": f"a table of the result cannot be read or written; {_SPOILT}",
}
"""What it means if something of a module is raised, and what can be done."""
_SETTINGS = {"numba": ("NUMBA_", "OMP_"), "matplotlib": ("MPL",), "llvmlite": ("LLVM", "NUMBA_"), "mesa": ("MESA_",)}
"""Beginnings of the environment variables that a library reads."""
_OURS = "this is a fault of wom_sim, not of what was given. WOM_SIM_TRACEBACK=1 shows where; please report it"


def in_words(error: BaseException) -> str:
    """Return what went wrong, where, and what can be done, in one sentence."""
    for explain in (_of_folder, _outside, _of_memory, _of_system, _of_environment, _of_library, _of_depth):
        words = explain(error)
        if words is not None:
            return words
    return f"{type(error).__name__} in {_place(error)}: {said(error)}; {_OURS}"


def _of_folder(error: BaseException) -> str | None:
    """Return what is wrong with a folder of results, which its error says."""
    from wom_sim.results.errors import FolderError

    return str(error) if isinstance(error, FolderError) else None


def _of_memory(error: BaseException) -> str | None:
    """Return words where memory does not suffice."""
    if not isinstance(error, MemoryError) and type(error).__name__ != "ArrowMemoryError":
        return None
    return f"{_MEMORY}: {said(error)}" if str(error) else _MEMORY


def _of_library(error: BaseException) -> str | None:
    """Return words where a library could not read or write, or is not there."""
    modules = {base.__module__.split(".")[0] for base in type(error).__mro__}
    meaning = next((words for module, words in _BY_CLASS.items() if module in modules), None)
    if meaning is not None:
        return f"{meaning}: {said(error)}"
    if isinstance(error, ImportError):
        from wom_sim._extras import EXTRAS, missing

        module = (error.name or "").split(".")[0]
        if isinstance(error, ModuleNotFoundError) and module in EXTRAS:
            return missing(module)
        return f"a package that is needed here cannot be imported: {said(error)}; install wom_sim anew"
    return None


def _of_depth(error: BaseException) -> str | None:
    """Return words where something is nested too deeply, or too many threads were asked for."""
    if isinstance(error, RecursionError):
        return "something is nested too deeply; make it flatter"
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return "the machine can start no more threads; use fewer --workers"
    return None


def said(error: BaseException) -> str:
    """Return the message of an error on one line, not too long."""
    from wom_sim.scenario.errors import visible

    try:
        text = visible(" ".join(str(error).split())) or type(error).__name__
    except Exception:  # of another package, which cannot even say what went wrong
        text = type(error).__name__
    return text if len(text) <= _SAID else f"{text[:_SAID]} ..."


def _of_system(error: BaseException) -> str | None:
    """Return what the operating system would not do."""
    if not isinstance(error, OSError) or type(error).__module__ not in ("builtins", "io", "socket"):
        return None
    from wom_sim.scenario.errors import visible

    names = [visible(os.fsdecode(name)) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)]
    number = error.errno or (errno.ENOSPC if "No space left" in str(error) else 0)
    what, remedy = _BY_NUMBER.get(number, (said(error), "see whether the disk and the folder are right"))
    return f"{names[0] if names else 'a file, or the output'}: {what}; {remedy}"


def _frames(error: BaseException) -> list[FrameType]:
    """Return the frames through which an error came, the outermost first."""
    return [frame for frame, _ in traceback.walk_tb(error.__traceback__)]


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).split(".")[0]


def _outside(error: BaseException) -> str | None:
    """Return words on a policy of another package that cannot be loaded or used, None if it is not that."""
    from wom_sim.plugins.limit import PluginError

    if isinstance(error, PluginError):
        return str(error)
    frames = _frames(error)
    if isinstance(error, SystemExit):
        return f"code of another package ended the program: {_place(error)}; {_MEND}"
    inner = next((f for f in reversed(frames) if _module(f) in _foreign()), None)
    if inner is not None:
        return f"code of another package failed, {_told(inner)}: {type(error).__name__}: {said(error)}; {_MEND}"
    return None


_MEND = "mend or remove that package, or do without it"


def _foreign() -> set[str]:
    """Return the packages of others that offer policies, indicators, or any other kind of plug-in."""
    from importlib.metadata import entry_points

    from wom_sim.plugins import KINDS

    try:
        every = [point for group in KINDS.values() for point in entry_points(group=group)]
        return {point.value.split(":")[0].split(".")[0] for point in every}
    except Exception:  # damaged metadata must not hide what went wrong
        return set()


def _of_environment(error: BaseException) -> str | None:
    """Return words on a library that could not be loaded because of an environment variable, None if it is not so."""
    frames = _frames(error)
    library = next((_module(f) for f in reversed(frames) if _module(f) in _SETTINGS), None)
    if library is None or not any(f.f_code.co_name == "<module>" and _module(f) == library for f in frames):
        return None
    named = sorted(name for name in os.environ if name.startswith(_SETTINGS[library]))
    if not named:
        return None
    given = ", ".join(f"{name}={os.environ[name][:40]!r}" for name in named[:5])
    return f"{library} cannot be loaded: {said(error)}; see whether these environment variables are right: {given}"


def _place(error: BaseException) -> str:
    """Return the innermost place within this package, or the innermost of all."""
    frames = [f for f, _ in traceback.walk_tb(error.__traceback__)]
    own = [f for f in frames if f.f_code.co_filename.startswith(_HERE)]
    last = own[-1] if own else frames[-1] if frames else None
    return "the program" if last is None else _told(last)


def _told(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).name}, {frame.f_code.co_name}"
