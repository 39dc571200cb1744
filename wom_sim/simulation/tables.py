"""The trace of a run as pandas tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wom_sim.world import trace as tr


def daily_table(trace: tr.Trace) -> pd.DataFrame:
    """Return the daily table of a trace."""
    table = daily_columns(trace.book.daily, trace.buzz)
    table.insert(0, "day", np.arange(len(table)))
    return table


def daily_columns(daily: np.ndarray, buzz: np.ndarray) -> pd.DataFrame:
    """Return rows of a daily table and their buzz with the names of columns, money in currency."""
    columns = {name: daily[:, k] for k, name in enumerate(tr.DAILY_NAMES)}
    return pd.DataFrame(columns | {"money": columns["money"] / 100.0, "buzz": buzz})
