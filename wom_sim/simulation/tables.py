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


def events_table(trace: tr.Trace) -> pd.DataFrame:
    """Return the event log of a trace; ``source`` is the person or outlet told by, -1 if nobody.

    ``segment`` is the number of a customer's segment, -1 of nobody's. Where ``line`` names a line of the ledger,
    ``amount`` is what is booked there (1/100 currency at day 0, positive if good for the firm).
    """
    log = trace.events()
    channel = log["source"] >> tr.SOURCE_SHIFT
    who = (log["source"] & tr.SOURCE_ID).astype(np.int64)
    row = (log["group"] >> tr.SEGMENT_SHIFT).astype(np.int64)
    line = np.minimum(log["line"], len(tr.LEDGER_NAMES)).astype(int)
    return pd.DataFrame(
        {
            "day": log["day"].astype(np.int32),
            "person": log["person"],
            "event": pd.Categorical.from_codes(log["event"].astype(int), list(tr.EVENT_NAMES)),
            "channel": pd.Categorical.from_codes(channel.astype(int), list(tr.CHANNEL_NAMES)),
            "source": np.where(channel == tr.NOBODY, -1, who),
            "cause": pd.Categorical.from_codes(log["cause"].astype(int), list(tr.CAUSE_NAMES)),
            "label": pd.Categorical.from_codes(log["label"].astype(int), list(tr.LABEL_NAMES)),
            "profitable": (log["group"] & tr.G_PROFITABLE) != 0,
            "treated": (log["group"] & tr.G_TREATED) != 0,
            "segment": np.where(row < tr.S_FIRST, -1, row - tr.S_FIRST),
            "line": pd.Categorical.from_codes(line, [*tr.LEDGER_NAMES, ""]),
            "amount": log["amount"],
        }
    )
