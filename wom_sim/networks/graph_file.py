"""The network of a file of ties: whom its people are, which ties are used, and how strong they are."""

from __future__ import annotations

import hashlib
import threading
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wom_sim._text import FileError, check_regular
from wom_sim.networks.read_ties import read_lines
from wom_sim.networks.tie_lines import TieFileError
from wom_sim.networks.tie_people import Whose, customers_of, persons
from wom_sim.networks.tie_strength import Close, classes, classes_by_weight, strengths, tell_of_no_tie
from wom_sim.world.network import CLASS_MASK, HOUSEHOLD, NO_STRENGTH, Network, from_edges

__all__ = ["TieFileError", "TiesRead", "build", "people_of", "read"]


class TiesRead(NamedTuple):
    """What was read: ``lines`` below the header are ``ties`` + ``loops`` + ``repeats`` + ``negative``.

    ``loops`` tie a person to themselves, ``repeats`` name two people who are tied already, ``negative`` have a weight
    or sign below zero; none is used. ``lonely`` people, customers and prospects, have no tie; ``households`` of the
    ties are of that class. ``named`` people of the file were given numbers in their order; 0: it has numbers itself.
    ``form``, ``columns``, ``ignored``: what the file is, which column means what, which mean nothing. ``directed``: the
    file says who tells whom, which is not used. ``weights``: "" none, "shares" taken as they are, "relative", "classes"
    where they say which ties are close. ``outside`` lines name somebody who is no customer that is simulated.
    """

    lines: int
    ties: int
    loops: int
    repeats: int
    lonely: int
    households: int
    negative: int
    named: int
    form: str
    columns: str
    ignored: str
    directed: bool
    weights: str
    outside: int = 0


class _Found(NamedTuple):
    network: Network
    read: TiesRead
    people: list[str]


def build(
    path: str | PathLike[str], people: int, tie_class: int, whose: Whose | None = None, close: Close | None = None
) -> Network:
    """Return the network of the ties in a file; see ``read``."""
    return read(path, people, tie_class, whose, close)[0]


_LAST: dict[tuple[str, int, int, str, Close | None], _Found] = {}
"""The network that was read last, by the content of its file, so that looking at it before a run costs no second
reading. It is let go before another one is read."""
_READING = threading.Lock()


def read(
    path: str | PathLike[str], people: int, tie_class: int, whose: Whose | None = None, close: Close | None = None
) -> tuple[Network, TiesRead]:
    """Return the network of the ties in a file, which must not be changed, and what was read.

    Where the people of the file are whole numbers below ``people``, they are the people of the world. Else (names,
    large numbers) they are given numbers from 0: numbers in ascending order, names in the order of the file. Who is not
    in the file has no ties. The order of two people does not matter; of several ties between two people the closest is
    kept, and their weights are added. Where a line names no class, the tie is of ``tie_class``.

    With ``whose``, the people of the file are the firm's own customers, by id; a line with anybody else is not used.
    With ``close``, weights say which ties are close (``by_weight``).

    A strength (0..1) is a factor on the chance that a tie is used. Weights that are all between 0 and 1 are taken as
    strengths; others are divided by that which a tenth of the ties exceeds (``tie_strength.STRONG``).

    Raises
    ------
    TieFileError
        If the file cannot be read, a line is wrong, it names too many people, or nobody is tied to anybody else.
    """
    found = _read(path, people, tie_class, whose, close)
    return found.network, found.read


def people_of(path: str | PathLike[str], people: int, tie_class: int) -> list[str]:
    """Return the ids of a file in the order of the people that they became; empty where it has their numbers."""
    return _read(path, people, tie_class).people


def _read(
    path: str | PathLike[str], people: int, tie_class: int, whose: Whose | None = None, close: Close | None = None
) -> _Found:
    file = Path(path)
    asked = (_content(file), people, tie_class, "" if whose is None else whose.key, close)
    with _READING:
        if asked not in _LAST:
            _LAST.clear()
            try:
                _LAST[asked] = _network(file, people, tie_class, whose, close)
            except TieFileError:
                raise
            except FileError as fault:
                raise TieFileError(fault.file, fault.line, fault.words) from None
        return _LAST[asked]


def _content(file: Path) -> str:
    """Return what tells the content of a file."""
    try:
        check_regular(file)
        with file.open("rb") as binary:
            return hashlib.file_digest(binary, "sha256").hexdigest()
    except FileError as fault:
        raise TieFileError(fault.file, fault.line, fault.words) from None
    except OSError as error:
        raise TieFileError(file, None, f"cannot be read: {error.strerror or error}") from None


def _network(file: Path, people: int, tie_class: int, whose: Whose | None, close: Close | None) -> _Found:
    lines = read_lines(file)
    table = lines.table
    ids: list[str] = []
    if whose is None:
        first, second, ids = persons(file, lines, people)
    else:
        first, second = customers_of(file, lines, whose)
    kind = np.full(len(table), tie_class, dtype=np.int64)
    if "kind" in table:
        named = (table["kind"] != "").to_numpy(dtype=bool)
        kind[named] = classes(file, table.loc[named, "kind"])
    against, outside = tell_of_no_tie(table), (first < 0) | (second < 0)
    strength, weights = strengths(file, table, first, second, against | outside)
    use = ~against & ~outside
    if close is not None and weights == "relative":
        plain = use & (table["kind"] == "").to_numpy(dtype=bool) if "kind" in table else use
        kind[plain] = classes_by_weight(table, first, second, plain, close)
        strength, weights = NO_STRENGTH, "classes"
    network = from_edges(people, first[use], second[use], kind[use], strength[use] if len(strength) else strength)
    loops = int((first[use] == second[use]).sum())
    ties = len(network.ties) // 2
    found = TiesRead(
        lines=len(table),
        ties=ties,
        loops=loops,
        repeats=int(use.sum()) - loops - ties,
        lonely=int((network.degrees() == 0).sum()),
        households=int(((network.ties & CLASS_MASK) == HOUSEHOLD).sum()) // 2,
        negative=int((against & ~outside).sum()),
        named=len(ids),
        form=lines.form,
        columns=", ".join(f"{role} = {name}" for role, name in lines.used.items() if not name.startswith("column ")),
        ignored=", ".join(lines.ignored),
        directed=lines.directed,
        weights=weights,
        outside=int(outside.sum()),
    )
    if not ties:
        why = "no line ties two people with a weight above 0" if against.any() else ""
        why = why or "every line ties a person to themselves"
        raise TieFileError(file, None, f"has no ties: {why} (lines: {len(table):,})")
    return _Found(network, found, ids)
