"""From the table of scores to what is told: means a case, paired differences, and a verdict in words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scores import Difference, paired


class Contest(NamedTuple):
    """A score of the model's beside a rival's, over some rows: the means, and the paired difference."""

    model: float
    rival: float
    difference: Difference | None


def fresh(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that helped to settle no default, and to which the model has an answer of its own."""
    return table[~table["used"].astype(bool) & ~table["silent"].astype(bool)]


def contest(rows: pd.DataFrame, model: str, rival: str) -> Contest:
    """Return how a column of scores compares with another's.

    A case counts once: it is the mean of its rows. No difference is given where a score is infinite, or where there are
    fewer than two cases.
    """
    by_case = rows.groupby("case", sort=True).agg({model: "mean", rival: "mean", "cluster": "first"})
    ours, theirs = by_case[model], by_case[rival]
    known = len(by_case) > 1 and bool(np.isfinite(ours).all() and np.isfinite(theirs).all())
    apart = paired((theirs - ours).tolist(), by_case["cluster"].tolist()) if known else None
    return Contest(float(ours.mean()), float(theirs.mean()), apart)


def verdict(found: Contest) -> str:
    """Return in a few words who is ahead, and whether chance could explain it."""
    if found.difference is None:
        return "cannot be told"
    if found.difference.low > 0.0:
        return "**the model is better**"
    if found.difference.high < 0.0:
        return "**the model is worse**"
    ahead = "the model is ahead" if found.difference.mean > 0.0 else "the model is behind"
    return f"{ahead}, within chance"
