"""Whom the lines of a file of ties name: people of the world, or the firm's own customers."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim.networks.tie_lines import WHOLE_NUMBER, Lines, TieFileError, refuse, shown

_FEW = 3
"""So many persons that are no numbers, among others that are, are taken for mistakes and not for names. Assumption."""
_SMALL_SHARE = 0.1


class Whose(NamedTuple):
    """Whose ties a file has where it names the firm's own customers: their ids, and the person of each (-1: none)."""

    ids: pa.StringArray
    person: NDArray[np.int64]

    @property
    def key(self) -> str:
        """Return what tells this from others."""
        return hashlib.sha256(self.person.tobytes()).hexdigest()


def persons(file: Path, lines: Lines, people: int) -> tuple[NDArray[np.int64], NDArray[np.int64], list[str]]:
    """Return the numbers of both people of each line, and the ids that were given numbers."""
    columns = [lines.table["first"], lines.table["second"]]
    for column in columns:
        refuse(file, column, (column == "").to_numpy(dtype=bool), "a person", "a name or a whole number")
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
        refuse(file, column, either, "a person", "the other people of this file are whole numbers")
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


def customers_of(file: Path, lines: Lines, whose: Whose) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the person of both ends of each line, -1 of those who are no customer; FileError where none is one."""
    import pyarrow.compute as pc

    ends = []
    for column in (lines.table["first"], lines.table["second"]):
        refuse(file, column, (column == "").to_numpy(dtype=bool), "a person", "an id of population.file")
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
