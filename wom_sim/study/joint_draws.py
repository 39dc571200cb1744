"""Factors that go together: by rank correlations that are asked for, or as joint draws of what was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim.scenario.posterior import draws_in

Floats = NDArray[np.float64]


def correlated(unit: Floats, keys: Sequence[str], ranks: Mapping[tuple[str, str], float]) -> Floats:
    """Return the points of a Latin hypercube (points x factors) with columns put into another order, so that they go
    together as asked; each column keeps its values, so that it is still spread evenly.

    Source: Iman & Conover 1982, "A distribution-free approach to inducing rank correlation among input variables".

    Raises
    ------
    ValueError
        If no numbers can be correlated so, or there are no more points than factors.
    """
    from scipy.special import ndtri

    points, factors = unit.shape
    if points < factors + 2:
        raise ValueError(f"correlations: {factors} factors need at least {factors + 2} samples, given {points}")
    wanted = np.eye(factors)
    for (one, other), rank in ranks.items():
        i, j = keys.index(one), keys.index(other)
        wanted[i, j] = wanted[j, i] = 2.0 * np.sin(np.pi * rank / 6.0)  # of normals whose ranks correlate so
    try:
        root = np.linalg.cholesky(wanted)
    except np.linalg.LinAlgError:
        raise ValueError(
            "correlations: together they cannot be; what goes with a factor must go with its companions, too"
        ) from None
    places = np.argsort(np.argsort(unit, axis=0, kind="stable"), axis=0, kind="stable")
    scores = ndtri((places + 1.0) / (points + 1.0))
    found = scores @ np.linalg.inv(np.linalg.cholesky(np.corrcoef(scores, rowvar=False))).T @ root.T
    order = np.argsort(np.argsort(found, axis=0, kind="stable"), axis=0, kind="stable")
    return np.take_along_axis(np.sort(unit, axis=0), order, axis=0)


def drawn_jointly(path: Path, unit: Floats) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the keys of a file of draws, and the row of draws at each quantile: learned together, drawn together.

    Raises
    ------
    ValueError
        If the file cannot be read, or holds no draws.
    """
    draws = draws_in(path).draws
    return tuple(draws), list(zip(*(each.at(unit).tolist() for each in draws.values()), strict=True))
