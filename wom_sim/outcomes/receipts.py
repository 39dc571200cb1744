"""In which month money is received or paid: of each run, and over replications."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.units import known
from wom_sim.world import trace as tr

IN_RUN, BEYOND_RUN, BEYOND_HORIZON = "in the run", "beyond the run", "beyond the horizon"
RECEIPT_COLUMNS = ("policy", "month", "when", "line", "worth", "low", "high", "cash")


def stacked(runs: Sequence[NDArray[np.int64]], later: int = 0) -> NDArray[np.int64]:
    """Return the runs of a policy one behind the other; of fewer months than the longest, none come in those it lacks.

    Months are the last axis but one; ``later``: how many of its last entries are no month, and stay last.
    """
    most = max(run.shape[-2] for run in runs)

    def padded(run: NDArray[np.int64]) -> NDArray[np.int64]:
        missing = [(0, 0)] * run.ndim
        missing[-2] = (0, most - run.shape[-2])
        cut = run.shape[-2] - later
        return np.concatenate([np.pad(run[..., :cut, :], missing), run[..., cut:, :]], axis=-2)

    return np.stack([padded(run) for run in runs])


def receipts_over_runs(receipts: dict[str, NDArray[np.int64]], days: dict[str, int], for_ever: bool) -> pd.DataFrame:
    """Return policy, month, when, line, worth at day 0 with its 95 % interval, and cash (currency): means of the runs.

    ``receipts`` holds for each policy an array (replications x worth and cash x months x lines) whose last month is all
    that comes later, ``days`` how long its runs are; ``for_ever``: whether there is no horizon. ``month`` counts from
    day 0; it is missing where it is all that comes later. A positive amount is good for the firm. ``when`` is "in the
    run", "beyond the run" (what is expected, to the horizon), or "beyond the horizon", which is in no net value.
    """
    of = {indicator.name: indicator for indicator in INDICATORS}
    found = []
    for policy, runs in receipts.items():
        last, within = runs.shape[2] - 1, tr.months_in(days[policy])
        for month, line in np.argwhere(runs.any(axis=(0, 1))):
            name, worth = tr.LEDGER_NAMES[line], runs[:, 0, month, line] / 100.0
            told = known(worth, np.arange(len(worth)), of[name])
            late = BEYOND_RUN if for_ever or month < last else BEYOND_HORIZON
            found.append(
                (policy, float(month) if month < last else np.nan, IN_RUN if month < within else late, name,
                 told.mean, told.low, told.high, float(runs[:, 1, month, line].mean()) / 100.0)
            )  # fmt: skip
    return pd.DataFrame(found, columns=list(RECEIPT_COLUMNS))
