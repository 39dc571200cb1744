"""Ties as they are written: two people a line as text, and where there are some, class, strength and weight."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._text import FileError, bare_number, decimal_sign, number_of

WHOLE_NUMBER = r"[0-9]{1,19}"
_LONGEST = 60  # characters of a line that are shown


class TieFileError(FileError):
    """A file of ties cannot be used. ``line``: from 1, None where it is the whole file; ``words``: what is wrong."""


class Lines(NamedTuple):
    """The lines of a file, by their number: ``table`` has first, second and, where given, kind, strength, weight.

    ``form``: what the file is; ``used``: each meaning with its column; ``ignored``: columns that mean nothing here;
    ``nodes``: all people that the file names, where it lists them apart from their ties; ``directed``: whether the
    file says who tells whom.
    """

    table: pd.DataFrame
    form: str
    used: dict[str, str]
    ignored: list[str]
    nodes: list[str]
    directed: bool


def shown(text: str) -> str:
    """Return a text in quotes, cut where it is long."""
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")


def with_numbers(file: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with weights and signs as numbers; a time is no number of the model."""
    table = table.drop(columns="time", errors="ignore")
    for role in ("weight", "sign"):
        if role in table:
            table[role] = _weights(file, table[role])
    return table


def _weights(file: Path, texts: pd.Series) -> pd.Series:
    """Return weights as numbers; where a comma may be for decimals or for thousands, that is refused."""
    codes, different = pd.factorize(texts)
    bare = [bare_number(text) if text else "" for text in different]
    signs = [decimal_sign(text) if text else None for text in bare]
    commas = {sign for text, sign in zip(bare, signs, strict=True) if text and "," in text}
    if commas == {"?"}:
        wrong = next(text for text, sign in zip(different, signs, strict=True) if sign == "?" and "," in text)
        line = int(texts.index[(texts == wrong).to_numpy()][0])
        words = f"{shown(wrong)} may be a decimal or thousands; write it without a sign for thousands"
        raise TieFileError(file, line, words)
    numbers = [_weight(text, sign) for text, sign in zip(bare, signs, strict=True)]
    wrong_codes = [k for k, number in enumerate(numbers) if number is None or not np.isfinite(number)]
    if wrong_codes:
        row = int(np.flatnonzero(np.isin(codes, wrong_codes))[0])
        raise TieFileError(file, int(texts.index[row]), f"{shown(str(texts.iloc[row]))} is not a weight: a number")
    return pd.Series(np.array(numbers, dtype=np.float64)[codes], index=texts.index)


def _weight(bare: str | None, sign: str | None) -> float | None:
    """Return a weight, 1 where there is none; None where it is no number. A point alone is for decimals."""
    if not bare:
        return 1.0 if bare == "" else None
    return number_of(bare, "," if sign == "," or (sign == "?" and "," in bare) else ".")


def refuse(file: Path, texts: pd.Series, wrong: NDArray[np.bool_], thing: str, allowed: str) -> None:
    """Raise TieFileError at the first line that is wrong, with what it says and what is allowed."""
    if wrong.any():
        line, text = int(texts.index[wrong][0]), str(texts[wrong].iloc[0])
        raise TieFileError(file, line, f"{shown(text)} is not {thing}: {allowed}")


def weight_column(table: pd.DataFrame) -> dict[str, str]:
    """Return which column of a graph is the weight, as ``Lines.used`` has it."""
    return {"weight": "weight"} if "weight" in table else {}
