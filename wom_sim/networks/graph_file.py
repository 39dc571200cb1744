"""Ties from a file: CSV with a header, two columns of person numbers, if wanted one for the class and one for p."""

from __future__ import annotations

import csv
import hashlib
import re
import threading
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.world.network import CLASS_MASK, CLASS_NAMES, HOUSEHOLD, NO_STRENGTH, Network, from_edges

_WHOLE_NUMBER = r"[0-9]{1,18}"
_FORM = "person, person, class of tie, strength"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_GZIP = b"\x1f\x8b"
_LONGEST = 60  # characters of a line that are shown


class TieFileError(ValueError):
    """A file of ties cannot be used. ``line``: from 1, None where it is the whole file; ``words``: what is wrong."""

    def __init__(self, file: Path, line: int | None, words: str) -> None:
        self.file, self.line, self.words = file, line, words
        super().__init__(f"{file}: {words}" if line is None else f"{file}, line {line}: {words}")


class TiesRead(NamedTuple):
    """What was read: ``lines`` below the header are ``ties`` + ``loops`` + ``repeats``.

    ``loops`` tie a person to themselves, ``repeats`` name two people who are tied already; neither is used.
    ``lonely`` people, customers and prospects, have no tie; ``households`` of the ties are of that class.
    """

    lines: int
    ties: int
    loops: int
    repeats: int
    lonely: int
    households: int


def build(path: str | PathLike[str], people: int, tie_class: int) -> Network:
    """Return the network of the ties in a file; see ``read``."""
    return read(path, people, tie_class)[0]


_LAST: dict[tuple[str, int, int], tuple[Network, TiesRead]] = {}
"""The network that was read last, by the content of its file, so that looking at it before a run costs no second
reading. It is let go before another one is read."""
_READING = threading.Lock()


def read(path: str | PathLike[str], people: int, tie_class: int) -> tuple[Network, TiesRead]:
    """Return the network of the ties in a file, which must not be changed, and what was read.

    People are numbered from 0; who is not in the file has no ties. The order of two people does not matter, loops are
    dropped, and of several ties between two people the closest is kept. Where a line names no class, the tie is of
    ``tie_class``. A fourth column is a factor (0..1) on the chance that the tie is used; where it is left out, 1.

    Raises
    ------
    TieFileError
        If the file cannot be read, a line is wrong, or nobody is tied to anybody else.
    """
    file = Path(path)
    asked = (_content(file), people, tie_class)
    with _READING:
        if asked not in _LAST:
            _LAST.clear()
            _LAST[asked] = _network(file, people, tie_class)
        return _LAST[asked]


def _content(file: Path) -> str:
    """Return what tells the content of a file."""
    try:
        with file.open("rb") as binary:
            return hashlib.file_digest(binary, "sha256").hexdigest()
    except OSError as error:
        raise TieFileError(file, None, f"cannot be read: {error.strerror or error}") from None


def _network(file: Path, people: int, tie_class: int) -> tuple[Network, TiesRead]:
    table = _lines(file)
    first, second = (_persons(file, table[column], people) for column in (0, 1))
    kind = np.full(len(table), tie_class, dtype=np.int64)
    if table.shape[1] > 2:
        named = (table[2] != "").to_numpy(dtype=bool)
        kind[named] = _classes(file, table.loc[named, 2])
    strength = _strengths(file, table[3]) if table.shape[1] > 3 else NO_STRENGTH
    network = from_edges(people, first, second, kind, strength)
    found = _counted(network, len(table), int((first == second).sum()))
    if not found.ties:
        raise TieFileError(file, None, f"has no ties: every line ties a person to themselves (lines: {found.lines:,})")
    return network, found


def _counted(network: Network, lines: int, loops: int) -> TiesRead:
    ties = len(network.ties) // 2
    households = int(((network.ties & CLASS_MASK) == HOUSEHOLD).sum()) // 2
    return TiesRead(lines, ties, loops, lines - loops - ties, int((network.degrees() == 0).sum()), households)


def _lines(file: Path) -> pd.DataFrame:
    """Return the lines below the header as text, numbered as in the file; empty lines are left out."""
    try:
        _check_header(file)
        with file.open(encoding="utf-8-sig", newline="") as text:  # pandas would fetch what looks like an address
            table = pd.read_csv(text, header=None, dtype=str, na_filter=False, skip_blank_lines=False)
    except OSError as error:
        raise TieFileError(file, None, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise _not_text(file) from None
    except pd.errors.ParserError as error:
        raise _unparsed(file, error) from None
    table.index += 1
    for column in table:
        table[column] = table[column].str.strip()
    ties = table.iloc[1:]
    ties = ties[(ties != "").any(axis=1)]
    if ties.empty:
        raise TieFileError(file, None, "has no ties below its header")
    return ties


def _check_header(file: Path) -> None:
    """Raise TieFileError unless the first line has two to four columns, and is no tie."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        line = text.readline().rstrip("\r\n")
    if not line:
        raise TieFileError(file, 1, f"is empty; expected a header of 2 to 4 columns ({_FORM})")
    try:
        columns = next(csv.reader([line]))
    except csv.Error:  # a cell beyond all measure
        columns = [line]
    if len(columns) not in (2, 3, 4):
        other = next((name for mark, name in _SEPARATORS.items() if len(columns) == 1 and mark in line), None)
        hint = "" if other is None else f"; its columns seem to be separated by {other}"
        found = f"expected 2 to 4 columns separated by commas, found {len(columns)}: {_shown(line)}"
        raise TieFileError(file, 1, f"{found} ({_FORM}){hint}")
    if all(re.fullmatch(_WHOLE_NUMBER, cell.strip()) for cell in columns[:2]):
        raise TieFileError(file, 1, f"expected a header, found the tie {_shown(line)}")


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")


def _not_text(file: Path) -> TieFileError:
    """Return what is wrong with a file that is no text in UTF-8, with its first such line."""
    with file.open("rb") as binary:
        if binary.read(2) == _GZIP:
            return TieFileError(file, None, "is compressed (gzip); allowed: text in UTF-8, so unpack it first")
        binary.seek(0)
        for number, line in enumerate(binary, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return TieFileError(file, number, "is not text in UTF-8")
    return TieFileError(file, None, "is not text in UTF-8")


def _unparsed(file: Path, error: pd.errors.ParserError) -> TieFileError:
    """Return in our words what pandas says of a file that is no table."""
    reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
    wide = re.fullmatch(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    if wide is not None:
        expected, line, found = (int(number) for number in wide.groups())
        return TieFileError(file, line, f"expected {expected} columns as in line 1, found {found}")
    quoted = re.fullmatch(r"EOF inside string starting at row (\d+)", reason)
    if quoted is not None:
        return TieFileError(file, int(quoted[1]) + 1, "a quotation mark is opened here and never closed")
    return TieFileError(file, None, reason)


def _persons(file: Path, texts: pd.Series, people: int) -> NDArray[np.int64]:
    right = texts.str.fullmatch(_WHOLE_NUMBER).to_numpy(dtype=bool)
    numbers = texts.where(right, "0").to_numpy().astype(np.int64)
    allowed = f"people are whole numbers from 0 to {people - 1}"
    _refuse(file, texts, ~right | (numbers >= people), "a person", allowed)
    return numbers


def _classes(file: Path, texts: pd.Series) -> NDArray[np.int64]:
    known = {name: number for number, name in enumerate(CLASS_NAMES)}
    numbers = texts.map(known)
    _refuse(file, texts, numbers.isna().to_numpy(dtype=bool), "a class of tie", ", ".join(CLASS_NAMES))
    return np.asarray(numbers, dtype=np.int64)


def _strengths(file: Path, texts: pd.Series) -> NDArray[np.float64]:
    numbers = pd.to_numeric(texts.where(texts != "", "1"), errors="coerce")
    wrong = ~((numbers >= 0.0) & (numbers <= 1.0))
    _refuse(file, texts, wrong.to_numpy(dtype=bool), "a strength", "a number from 0 to 1")
    return np.asarray(numbers, dtype=np.float64)


def _refuse(file: Path, texts: pd.Series, wrong: NDArray[np.bool_], thing: str, allowed: str) -> None:
    """Raise TieFileError at the first line that is wrong, with what it says and what is allowed."""
    if wrong.any():
        line, text = int(texts.index[wrong][0]), str(texts[wrong].iloc[0])
        raise TieFileError(file, line, f"{_shown(text)} is not {thing}: {allowed}")
