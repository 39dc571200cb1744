"""From a TOML file, and those that it extends, to a tree."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

from wom_sim.scenario.errors import Fault, ScenarioError, closest, visible
from wom_sim.scenario.merging import inherit
from wom_sim.scenario.presets import PREFIX, example, on_preset, preset, whole
from wom_sim.scenario.toml_lines import locate
from wom_sim.scenario.tree import Node, grow

# What tomllib says, and the same in plain words. Anything else is passed on as it is.
_PLAIN = (
    (r"Cannot overwrite a value", "this key is given twice"),
    (r"Cannot declare .* twice", "this table is declared twice"),
    (r"Cannot (redefine|mutate|append to|create) .*", "this is already there, written in another way"),
    (r"Invalid value", "a value is missing or not valid; text needs quotes"),
    (r"Expected '=' after a key.*", "expected '=' after the key"),
    (r"Expected newline or end of document.*", "something is left over after the value; text needs quotes"),
    (r"Expected '\]' at the end of a table declaration", "expected ']' at the end of the table's name"),
    (r"Expected '\]\]' at the end of an array.*", "expected ']]' at the end of the table's name"),
    (r"Unclosed array", "the list has no closing ']', or a comma is missing"),
    (r"Unclosed inline table", "the table has no closing '}', or a comma is missing"),
    (r"Duplicate inline table key .*", "a key is given twice in { }"),
    (r"Unterminated string|Expected \"'+\"", "the text has no closing quote"),
    (r"Illegal character '\\n'", "the text has no closing quote on its line"),
    (r"Illegal character .*", "there is a character that cannot be seen, here or in the text"),
    (r"Invalid initial character for a key part", "a key is missing, or has a character that needs quotes"),
    (r"Invalid statement", "neither a [table] nor key = value"),
    (r"(Unesc|Invalid hex|Escaped).*", "a backslash in text must be doubled, or the text put in '...'"),
)


MOST_BYTES = 32 * 2**20
"""Of a scenario file. A list of three million chosen people fits."""
LONGEST_CHAIN = 20
"""So many files may extend each other."""
_KINDS = (
    (stat.S_ISDIR, "is a folder, not a scenario file"),
    (stat.S_ISFIFO, "is a pipe; allowed: a file that stays, such as one into which its text is saved first"),
    (stat.S_ISSOCK, "is a socket; allowed: a file"),
    (stat.S_ISCHR, "is a device; allowed: a file"),
    (stat.S_ISBLK, "is a device; allowed: a file"),
)


def read(path: str | os.PathLike[str], readers: tuple[Path, ...] = ()) -> Node:
    """Return the tree of a scenario file, laid on top of what it ``extends``: another file, or a preset of a trade.

    Either may be one that comes with the program (``presets``). ``readers`` are the files on whose behalf it is read.
    Raises ScenarioError for a file that cannot be read, is not TOML, or extends what does not exist or
    extends it in turn.
    """
    file = os.fspath(path)
    if file.startswith(PREFIX):
        inside = whole(file)
        return example(file) if inside is None else read(inside)
    tree = _read_one(file)
    extends = tree.value.pop("extends", None)
    if extends is None:
        return tree
    if isinstance(extends.value, str) and extends.value.startswith(PREFIX) and whole(extends.value) is None:
        return on_preset(preset(extends.value, file, extends.origin.line, "extends"), tree)
    readers = (*readers, Path(file).resolve())
    if len(readers) > LONGEST_CHAIN:
        words = f"more than {LONGEST_CHAIN} files extend each other, from {visible(readers[0].name)} on"
        raise ScenarioError([Fault(file, extends.origin.line, "extends", message=words)])
    base = _base(file, extends, readers)
    return inherit(read(base, readers), tree)


def _base(file: str, extends: Node, readers: tuple[Path, ...]) -> str:
    """Return the file that ``extends`` names. Raises ScenarioError."""

    def fault(message: str, hint: str | None = None) -> ScenarioError:
        return ScenarioError([Fault(file, extends.origin.line, "extends", message=message, suggestion=hint)])

    if not isinstance(extends.value, str):
        raise fault("must be in quotes: the name of a file, relative to this file, or a preset such as builtin:bank")
    base = os.path.normpath(whole(extends.value) or Path(file).parent / extends.value)
    if not is_file(base):
        raise fault(f"no such file: '{visible(base)}'", neighbour(base))
    if Path(base).resolve() in readers:
        start = readers.index(Path(base).resolve())
        circle = " -> ".join(visible(p.name) for p in (*readers[start:], readers[start]))
        raise fault(f"files extend each other in a circle: {circle}")
    return base


def is_file(path: str) -> bool:
    """Return whether there is such a file; not where its name cannot be that of one (too long, a null in it)."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def _read_one(file: str) -> Node:
    """Return the tree of one file. Raises ScenarioError."""
    text = _text(file)
    try:
        return grow(tomllib.loads(text), file, locate(text))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError([_syntax_fault(file, text, str(error))]) from None
    except RecursionError:
        raise ScenarioError([Fault(file, message="tables or lists are nested too deeply")]) from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise ScenarioError([Fault(file, message="a number has too many digits")]) from None


def _text(file: str) -> str:
    """Return the text of a file; the mark that Windows puts in front is dropped. Raises ScenarioError."""
    content = b""
    try:
        wrong = _unreadable(os.stat(file))  # noqa: PTH116 - a path would lose what its name ends in
        if wrong is not None:
            raise ScenarioError([Fault(file, message=wrong)])
        content = Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"is not UTF-8 text (byte {content[error.start]:#04x}); save it as UTF-8"
        raise ScenarioError([Fault(file, line, message=message)]) from None
    except FileNotFoundError:
        raise ScenarioError([Fault(file, message="no such file", suggestion=neighbour(file))]) from None
    except ScenarioError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ScenarioError([Fault(file, message=f"cannot be read: {reason}")]) from None


def _unreadable(found: os.stat_result) -> str | None:
    """Return why a file is none that can be a scenario, before it is opened, which may never end; None if it may be."""
    kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), None)
    if kind is None and found.st_size > MOST_BYTES:
        return f"has {found.st_size / 2**20:,.0f} MiB; allowed: at most {MOST_BYTES // 2**20} MiB"
    return kind


def neighbour(file: str) -> str | None:
    """Return "did you mean ...?" with the file of the same folder whose name is closest, or None."""
    try:
        names = {entry.stem: entry.name for entry in Path(file).parent.iterdir() if entry.suffix == ".toml"}
    except (OSError, ValueError):
        return None
    stem = closest(Path(file).stem, names)  # ".toml" would make all of them alike
    return None if stem is None else f"did you mean '{visible(names[stem])}'?"


def _syntax_fault(file: str, text: str, said: str) -> Fault:
    """Return the fault for what tomllib said of ``text``."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", said)
    reason = said if place is None else said[: place.start()]
    line = column = None
    if place is not None:
        line = int(place.group(1)) if place.group(1) else text.count("\n") + 1
        column = place.group(2)
    plain = next((words for pattern, words in _PLAIN if re.fullmatch(pattern, reason)), reason)
    where = f" (column {column})" if column else " (at the end of the file)" if place is not None else ""
    return Fault(file, line, message=f"not valid TOML: {plain}{where}")
