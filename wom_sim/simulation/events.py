"""The event log of a run as a table with names, and such a table as the log again: one rule, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.world import trace as tr
from wom_sim.world.listed import Listed

_NAMES = {"event": tr.EVENT_NAMES, "cause": tr.CAUSE_NAMES, "label": tr.LABEL_NAMES}
"""Columns whose codes are places in a list of names."""
_OF_THE_FIRM = (tr.PICKED_UP, tr.STARTS, tr.RESPONDS, tr.DEMANDS)
"""Events that are no person's, so that their row of the ledger is the firm's."""


def events_table(log: NDArray[np.void], listed: Listed | None = None) -> pd.DataFrame:
    """Return an event log (``world.trace.LOG_TYPE``) as a table, a row an event, in the same order.

    With ``listed``, ``customer`` is the person's id in the firm's own table; empty of prospects and outlets.

    ``source`` is the person or outlet told by, -1 if nobody. ``segment`` is the number of a customer's segment, -1 of
    nobody's. Where ``line`` names a line of the ledger, ``amount`` is what is booked there (1/100 currency at day 0,
    positive if good for the firm).
    """
    channel = log["source"] >> tr.SOURCE_SHIFT
    who = (log["source"] & tr.SOURCE_ID).astype(np.int64)
    row = (log["group"] >> tr.SEGMENT_SHIFT).astype(np.int64)
    line = np.minimum(log["line"], len(tr.LEDGER_NAMES)).astype(int)
    table = pd.DataFrame(
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
    if listed is not None:
        persons = ~np.isin(log["event"], _OF_THE_FIRM)
        ids = np.full(len(log), "", dtype=object)
        ids[persons] = listed.ids(log["person"][persons].astype(np.int64))
        table.insert(2, "customer", ids)
    return table


def events_log(table: pd.DataFrame) -> NDArray[np.void]:
    """Return the event log that a table of events stands for, in the same order: ``events_table`` turned round.

    The table may come from a file: names may be texts or categories.

    Raises
    ------
    ValueError
        If a column holds a name that no event has, in words.
    """
    log = np.zeros(len(table), dtype=tr.LOG_TYPE)
    for column in ("day", "person", "amount"):
        log[column] = table[column].to_numpy()
    for column, names in _NAMES.items():
        log[column] = _codes(table[column], names)
    line = _codes(table["line"], [*tr.LEDGER_NAMES, ""])
    log["line"] = np.where(line == len(tr.LEDGER_NAMES), tr.NO_LINE, line)
    who = table["source"].to_numpy(dtype=np.int64)
    log["source"] = (_codes(table["channel"], tr.CHANNEL_NAMES) << tr.SOURCE_SHIFT) | np.where(
        who < 0, tr.SOURCE_ID, who
    )
    log["group"] = _groups(table, log["event"])
    return log


def has_ledger_lines(file: Path) -> bool:
    """Return whether a Parquet file of events names lines of the ledger; one that does not is of an earlier kind."""
    import pyarrow.parquet as pq

    return "line" in pq.read_schema(file).names


def _codes(column: pd.Series, names: Sequence[str]) -> NDArray[np.int64]:
    """Return the place of each name in a list of names."""
    codes = pd.Index(names).get_indexer(pd.Index(column.astype(str))).astype(np.int64)
    if (codes < 0).any():
        given = column[codes < 0].iloc[0]
        raise ValueError(f"column {column.name!r} of the events: given {given!r}, which no event has")
    return codes


def _groups(table: pd.DataFrame, event: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the groups of the people of a table: segment, and whether they are profitable and acted on."""
    segment = table["segment"].to_numpy(dtype=np.int64)
    nobodys = np.where(np.isin(event, _OF_THE_FIRM), tr.S_FIRM, tr.S_PROSPECTS)
    row = np.where(segment < 0, nobodys, segment + tr.S_FIRST)
    group = (row << tr.SEGMENT_SHIFT) | np.where(segment < 0, 0, tr.G_CUSTOMER)
    group |= table["profitable"].to_numpy(dtype=np.int64) * tr.G_PROFITABLE
    return group | table["treated"].to_numpy(dtype=np.int64) * tr.G_TREATED
