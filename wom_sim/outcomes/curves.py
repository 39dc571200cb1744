"""How a daily column adds up over the days of a run, and its course over the runs."""

from __future__ import annotations

import pandas as pd


def cumulated(daily: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return policy, world and replication (as far as there are), day, and a daily column added up over each run."""
    keys = ["policy", *(name for name in ("world", "replication") if name in daily.columns)]
    frame = daily[[*keys, "day", column]].copy()
    frame[column] = frame.groupby(keys, sort=False)[column].cumsum()
    return frame


def over_time(daily: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return policy, day, mean, median, low, high (5 to 95 % of the runs) of a cumulated daily column."""
    grouped = cumulated(daily, column).groupby(["policy", "day"], sort=False)[column]
    parts = {
        "mean": grouped.mean(), "median": grouped.median(), "low": grouped.quantile(0.05),
        "high": grouped.quantile(0.95),
    }  # fmt: skip
    return pd.DataFrame(parts).reset_index()
