"""How a daily column adds up over the days of a run, and its course over the runs."""

from __future__ import annotations

import pandas as pd


def cumulated(daily: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return policy, world and replication (as far as there are), day, and a daily column added up over each run.

    Runs of one policy are all as long as its longest: one that ended before stays where it ended.
    """
    keys = ["policy", *(name for name in ("world", "replication") if name in daily.columns)]
    frame = daily[[*keys, "day", column]].copy()
    frame[column] = frame.groupby(keys, sort=False)[column].cumsum()
    last = frame.groupby(keys, sort=False)["day"].max()
    longest = last.groupby(level="policy", sort=False).transform("max")
    if (last == longest).all():
        return frame
    parts = [_until(run, int(longest[key])) for key, run in frame.groupby(keys, sort=False)]
    return pd.concat(parts, ignore_index=True)[[*keys, "day", column]]


def _until(run: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return a run with as many days as the longest, the last values standing still."""
    days = range(int(run["day"].min()), last + 1)
    return run.set_index("day").reindex(days).ffill().reset_index().astype(run.dtypes.to_dict())


def over_time(daily: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return policy, day, mean, median, low, high (5 to 95 % of the runs) of a cumulated daily column."""
    grouped = cumulated(daily, column).groupby(["policy", "day"], sort=False)[column]
    parts = {
        "mean": grouped.mean(), "median": grouped.median(), "low": grouped.quantile(0.05),
        "high": grouped.quantile(0.95),
    }  # fmt: skip
    return pd.DataFrame(parts).reset_index()
