"""A small TOML file that a user writes beside a result: read, and every key checked, with where it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn


class OwnFileError(ValueError):
    """A file of the user's that cannot be followed; the message says what was given, what is allowed, and where."""


def read_toml(path: Path, option: str) -> dict[str, Any]:
    """Return the content of a file. Raises OwnFileError, naming the option, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise OwnFileError(f"{option}: {path} cannot be read: {error.strerror}; allowed: a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OwnFileError(f"{option}: {path} is not TOML: {error}") from None


def check_keys(path: Path, place: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise OwnFileError for a key that there is not."""
    known = list(allowed)
    for key in given:
        if key not in known:
            refuse(path, f"{place}{key}", "no such key", ", ".join(known))


def text_of(path: Path, place: str, value: Any) -> str:
    """Return a value that is a text of one line or more. Raises OwnFileError."""
    if not isinstance(value, str) or not value.strip():
        refuse(path, place, f"given {value!r}", "a text")
    return value.strip()


def table_of(path: Path, place: str, value: Any) -> Mapping[str, Any]:
    """Return a value that is a table. Raises OwnFileError."""
    if not isinstance(value, dict):
        refuse(path, place, f"given {value!r}", "a table")
    return value


def refuse(path: Path, key: str, given: str, allowed: str) -> NoReturn:
    """Raise OwnFileError for a key, with its line where it can be found."""
    raise OwnFileError(f"{path}{_line(path, key)}: {key}: {given}; allowed: {allowed}")


def _line(path: Path, key: str) -> str:
    """Return ":LINE" of the last part of a key, "" where it is not found."""
    last = key.rpartition(".")[2].partition("[")[0]
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    heads = (f"{last} ", f"{last}=", f"[{last}]", f'"{last}"')
    return next((f":{n}" for n, line in enumerate(lines, start=1) if line.strip().startswith(heads)), "")
