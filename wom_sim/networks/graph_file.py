"""Ties from a file: CSV with a header, two columns of person numbers, if wanted one for the class and one for p."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.world.network import CLASS_NAMES, NO_STRENGTH, Network, from_edges

_WHOLE_NUMBER = r"[0-9]{1,18}"


def build(path: str | PathLike[str], people: int, tie_class: int) -> Network:
    """Return the network of the ties in a file; who is not in it has no ties.

    People are numbered from 0. The order of two people does not matter, loops are dropped, and of several
    ties between two people the closest is kept. Where a line names no class, the tie is of ``tie_class``. A fourth
    column is a factor (0..1) on the chance that the tie is used; where it is left out, 1.

    Raises
    ------
    ValueError
        If the file cannot be read or a line is wrong: with file and line, what it says and what is allowed.
    """
    file = Path(path)
    table = _read(file)
    first, second = (_persons(file, table[column], people) for column in (0, 1))
    kind = np.full(len(table), tie_class, dtype=np.int64)
    if table.shape[1] > 2:
        named = (table[2] != "").to_numpy(dtype=bool)
        kind[named] = _classes(file, table.loc[named, 2])
    strength = _strengths(file, table[3]) if table.shape[1] > 3 else NO_STRENGTH
    return from_edges(people, first, second, kind, strength)


def _read(file: Path) -> pd.DataFrame:
    """Return the lines below the header as text, numbered as in the file; empty lines are left out."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:  # pandas would fetch what looks like an address
            table = pd.read_csv(text, header=None, dtype=str, na_filter=False, skip_blank_lines=False)
    except OSError as error:
        raise ValueError(f"{file}: cannot be read: {error.strerror or error}") from None
    except pd.errors.EmptyDataError:
        raise ValueError(f"{file}, line 1: is empty; expected a header of 2 to 4 columns") from None
    except UnicodeDecodeError:
        raise ValueError(f"{file}: is not text in UTF-8") from None
    except pd.errors.ParserError as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise ValueError(f"{file}: {reason}") from None
    table.index += 1
    for column in table:
        table[column] = table[column].str.strip()
    if table.shape[1] not in (2, 3, 4):
        raise ValueError(
            f"{file}, line 1: expected 2 to 4 columns separated by commas, found {table.shape[1]}: "
            f"{','.join(table.iloc[0])!r}"
        )
    if table.iloc[0, :2].str.fullmatch(_WHOLE_NUMBER).all():
        raise ValueError(f"{file}, line 1: expected a header, found the tie {','.join(table.iloc[0])!r}")
    ties = table.iloc[1:]
    ties = ties[(ties != "").any(axis=1)]
    if ties.empty:
        raise ValueError(f"{file}: has no ties below its header")
    return ties


def _persons(file: Path, texts: pd.Series, people: int) -> NDArray[np.int64]:
    right = texts.str.fullmatch(_WHOLE_NUMBER).to_numpy(dtype=bool)
    numbers = texts.where(right, "0").to_numpy().astype(np.int64)
    wrong = ~right | (numbers >= people)
    if wrong.any():
        raise ValueError(
            f"{file}, line {texts.index[wrong][0]}: {texts[wrong].iloc[0]!r} is not a person: "
            f"people are whole numbers from 0 to {people - 1}"
        )
    return numbers


def _classes(file: Path, texts: pd.Series) -> NDArray[np.int64]:
    known = {name: number for number, name in enumerate(CLASS_NAMES)}
    numbers = texts.map(known)
    wrong = numbers.isna()
    if wrong.any():
        raise ValueError(
            f"{file}, line {texts.index[wrong][0]}: {texts[wrong].iloc[0]!r} is not a class of tie: "
            f"{', '.join(CLASS_NAMES)}"
        )
    return np.asarray(numbers, dtype=np.int64)


def _strengths(file: Path, texts: pd.Series) -> NDArray[np.float64]:
    numbers = pd.to_numeric(texts.where(texts != "", "1"), errors="coerce")
    wrong = ~((numbers >= 0.0) & (numbers <= 1.0))
    if wrong.any():
        raise ValueError(
            f"{file}, line {texts.index[wrong][0]}: {texts[wrong].iloc[0]!r} is not a strength: a number from 0 to 1"
        )
    return np.asarray(numbers, dtype=np.float64)
