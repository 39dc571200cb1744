"""The network of a file of ties: whom its people are, which ties are used, and how strong they are."""

from __future__ import annotations

import hashlib
import re
import threading
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim._text import FileError, check_regular
from wom_sim.networks.tie_lines import WHOLE_NUMBER, Lines, TieFileError, read_lines, shown
from wom_sim.world.network import (
    ACQUAINTANCE,
    CLASS_MASK,
    CLASS_NAMES,
    CLOSE,
    HOUSEHOLD,
    NO_STRENGTH,
    Network,
    from_edges,
)

__all__ = ["STRONG", "TieFileError", "TiesRead", "Whose", "build", "people_of", "read"]

STRONG = 0.9
"""A tie with the weight of the strongest tenth counts fully, the others in proportion to it. Assumption."""
_FEW = 3
"""So many persons that are no numbers, among others that are, are taken for mistakes and not for names. Assumption."""
_SMALL_SHARE = 0.1


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


class Close(NamedTuple):
    """Which ties are close by their weight: how many of a person at most, and which share of all."""

    most: int
    share: float


class Whose(NamedTuple):
    """Whose ties a file has where it names the firm's own customers: their ids, and the person of each (-1: none)."""

    ids: pa.StringArray
    person: NDArray[np.int64]

    @property
    def key(self) -> str:
        """Return what tells this from others."""
        return hashlib.sha256(self.person.tobytes()).hexdigest()


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
    strengths; others are divided by that which a tenth of the ties exceeds (``STRONG``).

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
        first, second, ids = _persons(file, lines, people)
    else:
        first, second = _customers(file, lines, whose)
    kind = np.full(len(table), tie_class, dtype=np.int64)
    if "kind" in table:
        named = (table["kind"] != "").to_numpy(dtype=bool)
        kind[named] = _classes(file, table.loc[named, "kind"])
    against, outside = _against(table), (first < 0) | (second < 0)
    strength, weights = _strengths(file, table, first, second, against | outside)
    use = ~against & ~outside
    if close is not None and weights == "relative":
        plain = use & (table["kind"] == "").to_numpy(dtype=bool) if "kind" in table else use
        kind[plain] = _classes_of(table, first, second, plain, close)
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


# -- people ---------------------------------------------------------------------------------------------------------


def _persons(file: Path, lines: Lines, people: int) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Return the numbers of both people of each line, and the ids that were given numbers."""
    columns = [lines.table["first"], lines.table["second"]]
    for column in columns:
        _refuse(file, column, (column == "").to_numpy(dtype=bool), "a person", "a name or a whole number")
    right = [_whole(column) for column in columns]
    padded = any(bool(column.str.fullmatch("0[0-9]+").any()) for column in columns)  # 007 and 7 are two names
    wrong = int(sum((~each).sum() for each in right))
    listed = lines.nodes and not all(re.fullmatch(WHOLE_NUMBER, node) for node in lines.nodes)
    if not wrong and not listed and not padded:
        return _numbered(file, columns, people)
    if (
        not padded
        and 0 < wrong < 2 * len(lines.table)
        and wrong <= max(_FEW, _SMALL_SHARE * 2 * len(lines.table))
        and not lines.nodes
    ):
        either = ~right[0] | ~right[1]
        column = columns[0].where(~right[0], columns[1])
        _refuse(file, column, either, "a person", "the other people of this file are whole numbers")
    both = pd.concat([pd.Series(lines.nodes, dtype=object), *columns], ignore_index=True).astype(object)
    if not lines.nodes:  # in the order of the file, line by line
        both = pd.Series(np.column_stack([column.to_numpy(dtype=object) for column in columns]).ravel(), dtype=object)
    codes, ids = pd.factorize(both)
    _check_count(file, len(ids), people)
    if lines.nodes:
        given = codes[len(lines.nodes) :].reshape(2, -1)
    else:
        given = codes.reshape(-1, 2).T
    return given[0].astype(np.int64), given[1].astype(np.int64), [str(each) for each in ids]


def _whole(column: pd.Series) -> NDArray[np.bool_]:
    """Return which texts are whole numbers that fit into 64 bits."""
    most = str(np.iinfo(np.int64).max)
    whole = column.str.fullmatch(WHOLE_NUMBER).to_numpy(dtype=bool)
    long = whole & (column.str.len() == len(most)).to_numpy(dtype=bool)
    fits: NDArray[np.bool_] = whole & ~(long & (column > most).to_numpy(dtype=bool))
    return fits


def _numbered(
    file: Path, columns: list[pd.Series], people: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Return whole numbers as they are where all are people of the world, else by their rank."""
    numbers = np.stack([column.to_numpy(dtype=object).astype(np.int64) for column in columns])
    if int(numbers.max()) < people:
        return numbers[0], numbers[1], []
    different, codes = np.unique(numbers, return_inverse=True)
    _check_count(file, len(different), people)
    given = codes.reshape(2, -1)
    return given[0].astype(np.int64), given[1].astype(np.int64), [str(each) for each in different]


def _check_count(file: Path, found: int, people: int) -> None:
    if found > people:
        raise TieFileError(
            file, None, f"names {found:,} people, and the scenario has {people:,} (population.customers + .prospects)"
        )


def _customers(file: Path, lines: Lines, whose: Whose) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the person of both ends of each line, -1 of those who are no customer; FileError where none is one."""
    import pyarrow.compute as pc

    ends = []
    for column in (lines.table["first"], lines.table["second"]):
        _refuse(file, column, (column == "").to_numpy(dtype=bool), "a person", "an id of population.file")
        rows = pc.index_in(pa.array(column.astype(str).tolist(), type=pa.string()), value_set=whose.ids)
        place = pc.fill_null(rows, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        ends.append(np.where(place < 0, -1, whose.person[place]))
    if not ((ends[0] >= 0) & (ends[1] >= 0)).any():
        line, name = int(lines.table.index[0]), str(lines.table["first"].iloc[0])
        bare = name.lstrip("0")
        alike = next((each for each in whose.ids.to_pylist() if each.lstrip("0") == bare), None) if bare else None
        hint = f"; did you mean {shown(alike)}, with its zeros?" if alike not in (None, name) else ""
        raise TieFileError(
            file, line, f"no line ties two customers of population.file, by their ids there: {shown(name)}{hint}"
        )
    return ends[0], ends[1]


# -- classes and strengths ------------------------------------------------------------------------------------------


def _classes(file: Path, texts: pd.Series) -> NDArray[np.int64]:
    known = {name: number for number, name in enumerate(CLASS_NAMES)}
    numbers = texts.map(known)
    _refuse(file, texts, numbers.isna().to_numpy(dtype=bool), "a class of tie", ", ".join(CLASS_NAMES))
    return np.asarray(numbers, dtype=np.int64)


def _classes_of(
    table: pd.DataFrame, first: NDArray[np.int64], second: NDArray[np.int64], use: NDArray[np.bool_], close: Close
) -> NDArray[np.int64]:
    """Return the class of the lines that are used, by the weight of their pair in all."""
    pairs = np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1)[use]
    each, which = np.unique(pairs, axis=0, return_inverse=True)
    weight: NDArray[np.float64] = np.bincount(
        which.ravel(), weights=table["weight"].to_numpy(dtype=np.float64)[use]
    ).astype(np.float64)
    return by_weight(each[:, 0], each[:, 1], weight, close)[which.ravel()]


def by_weight(
    first: NDArray[np.int64], second: NDArray[np.int64], weight: NDArray[np.float64], close: Close
) -> NDArray[np.int64]:
    """Return the class of each pair by how much passes between the two, as of calls: close, or acquaintances.

    A tie is close where it is of the strongest ``share``, and among the ``most`` with the most weight of both people.
    Source: the strength of a tie by call duration, and its part in communities (Onnela et al. 2007, A). Assumption:
    the share is that of the market.
    """
    among = weight >= np.quantile(weight, 1.0 - close.share, method="higher")
    for one, other in ((first, second), (second, first)):
        # the ties of a person are in both columns, so each is ranked among all of theirs
        person = np.concatenate([one, other])
        order = np.lexsort((np.concatenate([other, one]), -np.concatenate([weight, weight]), person))
        starts = np.flatnonzero(np.concatenate(([True], person[order][1:] != person[order][:-1])))
        rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
        place = np.empty(len(order), dtype=np.int64)
        place[order] = rank
        among &= place[: len(one)] < close.most
    return np.where(among, CLOSE, ACQUAINTANCE).astype(np.int64)


def _against(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which lines tell of no tie: no weight, or one or a sign below zero, of distrust."""
    against = np.zeros(len(table), dtype=bool)
    for role in ("weight", "sign"):
        if role in table:
            values = table[role].to_numpy(dtype=np.float64)
            against |= (values <= 0.0) if role == "weight" else (values < 0.0)
    return against


def _strengths(
    file: Path, table: pd.DataFrame, first: NDArray[np.int64], second: NDArray[np.int64], against: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], str]:
    """Return the strength of each line, and how it follows from weights: "", "shares" or "relative"."""
    if "strength" in table:
        texts = table["strength"]
        numbers = pd.to_numeric(texts.where(texts != "", "1"), errors="coerce")
        wrong = ~((numbers >= 0.0) & (numbers <= 1.0))
        _refuse(file, texts, wrong.to_numpy(dtype=bool), "a strength", "a number from 0 to 1")
        return np.asarray(numbers, dtype=np.float64), ""
    use = ~against & (first != second)
    if "weight" not in table or not use.any():
        return NO_STRENGTH, ""
    weight = table["weight"].to_numpy(dtype=np.float64)
    pairs = np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1)
    _, which = np.unique(pairs[use], axis=0, return_inverse=True)
    sums = np.bincount(which.ravel(), weights=weight[use])
    shares = bool(weight[use].max() <= 1.0)
    if np.ptp(sums) == 0.0 and (not shares or sums[0] >= 1.0):  # all alike: they tell nothing
        return NO_STRENGTH, ""
    strong = 1.0 if shares else float(np.quantile(sums, STRONG))
    strength = np.ones(len(table), dtype=np.float64)
    strength[use] = np.minimum(1.0, sums / (strong if strong > 0.0 else float(sums.max())))[which.ravel()]
    return strength, "shares" if shares else "relative"


def _refuse(file: Path, texts: pd.Series, wrong: NDArray[np.bool_], thing: str, allowed: str) -> None:
    """Raise TieFileError at the first line that is wrong, with what it says and what is allowed."""
    if wrong.any():
        line, text = int(texts.index[wrong][0]), str(texts[wrong].iloc[0])
        raise TieFileError(file, line, f"{shown(text)} is not {thing}: {allowed}")
