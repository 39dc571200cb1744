"""How strong the ties of a file are, of which class, and which lines tell of none."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.networks.tie_lines import refuse
from wom_sim.world.network import ACQUAINTANCE, CLASS_NAMES, CLOSE, NO_STRENGTH

STRONG = 0.9
"""A tie with the weight of the strongest tenth counts fully, the others in proportion to it. Assumption."""


class Close(NamedTuple):
    """Which ties are close by their weight: how many of a person at most, and which share of all."""

    most: int
    share: float


def classes(file: Path, texts: pd.Series) -> NDArray[np.int64]:
    """Return the class of each line by its name. Raises TieFileError at the first name that is no class."""
    known = {name: number for number, name in enumerate(CLASS_NAMES)}
    numbers = texts.map(known)
    refuse(file, texts, numbers.isna().to_numpy(dtype=bool), "a class of tie", ", ".join(CLASS_NAMES))
    return np.asarray(numbers, dtype=np.int64)


def classes_by_weight(
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


def tell_of_no_tie(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which lines tell of no tie: no weight, or one or a sign below zero, of distrust."""
    against = np.zeros(len(table), dtype=bool)
    for role in ("weight", "sign"):
        if role in table:
            values = table[role].to_numpy(dtype=np.float64)
            against |= (values <= 0.0) if role == "weight" else (values < 0.0)
    return against


def strengths(
    file: Path, table: pd.DataFrame, first: NDArray[np.int64], second: NDArray[np.int64], against: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], str]:
    """Return the strength of each line, and how it follows from weights: "", "shares" or "relative"."""
    if "strength" in table:
        texts = table["strength"]
        numbers = pd.to_numeric(texts.where(texts != "", "1"), errors="coerce")
        wrong = ~((numbers >= 0.0) & (numbers <= 1.0))
        refuse(file, texts, wrong.to_numpy(dtype=bool), "a strength", "a number from 0 to 1")
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
