"""The ledger as tables: of a run, from its event log, and over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim._tables import FIRM, PROSPECTS
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.units import known
from wom_sim.rules.leaving import MONTH
from wom_sim.world import trace as tr


def rows_of_ledger(segments: Sequence[str]) -> list[str]:
    """Return the names of the ledger's rows, given those of the segments."""
    return [FIRM, PROSPECTS, *segments]


def ledger_of_log(log: NDArray[np.void], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the ledger (rows x months x lines, 1/100 currency) that the amounts of an event log add up to."""
    ledger = np.zeros(shape, dtype=np.int64)
    money = log[log["line"] != tr.NO_LINE]
    row = money["group"] >> tr.SEGMENT_SHIFT
    np.add.at(ledger, (row, money["day"] // MONTH, money["line"]), money["amount"])
    return ledger


def ledger_frame(ledger: NDArray[np.int64], segments: Sequence[str]) -> pd.DataFrame:
    """Return segment, month, line and amount (currency) of what is not zero on the ledger of a run."""
    row, month, line = np.nonzero(ledger)
    return pd.DataFrame(
        {
            "segment": np.array(rows_of_ledger(segments), dtype=object)[row],
            "month": month,
            "line": np.array(tr.LEDGER_NAMES, dtype=object)[line],
            "amount": ledger[row, month, line] / 100.0,
        }
    )


LEDGER_COLUMNS = ("policy", "segment", "month", "line", "mean", "low", "high")


def ledger_over_runs(ledgers: dict[str, NDArray[np.int64]], segments: Sequence[str]) -> pd.DataFrame:
    """Return policy, segment, month, line and the mean with its 95 % interval (currency).

    ``ledgers`` holds for each policy an array (replications x rows x months x lines). Lines are by policy, segment
    and month; one that is zero in all replications is left out. Ends as in every table (``units.known``).
    """
    names, of = rows_of_ledger(segments), {indicator.name: indicator for indicator in INDICATORS}
    found = []
    for policy, runs in ledgers.items():
        for row, month, line in np.argwhere(runs.any(axis=0)):
            name, values = tr.LEDGER_NAMES[line], runs[:, row, month, line] / 100.0
            told = known(values, np.arange(len(values)), of[name])
            found.append((policy, names[row], int(month), name, told.mean, told.low, told.high))
    return pd.DataFrame(found, columns=list(LEDGER_COLUMNS))
