"""What the figures say, as plain facts: which policy is best and by how much, who was lost, what it hung on.

No words here: ``story`` puts them into sentences, in any language of the catalogue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wom_sim.outcomes.units import share_interval, units_of
from wom_sim.present.result_folder import Estimate, Findings
from wom_sim.world import trace as tr

NET = "net_value"
LOST = "extra_profitable"
HARDLY = 0.5
"""Fewer customers than this, on average, are told as none."""
SIGNS = {"because": 1.0, "prevented": -1.0, "later": 1.0}
"""How a departure counts in the net number lost. One that only came earlier counts in money, not in people."""
REASONS = {
    "own": "story", "story": "story", "treatment": "story", "with household": "with household",
    "departure of ties": "departure of ties", "dismissed": "with household", "accepted offer": "with household",
}  # fmt: skip
"""Under which heading a cause is told; who stays longer of their own accord was held back by what they heard."""


@dataclass(frozen=True)
class Lead:
    """The best policy, the next best, and the paired difference in net value."""

    best: str
    rival: str
    gap: Estimate
    decided: bool


def net_order(found: Findings) -> list[str]:
    """Return the policies from the highest mean net value to the lowest; ties keep the scenario's order."""
    return sorted(found.policies, key=lambda p: -found.estimate(p, NET).mean)


def lead(found: Findings) -> Lead | None:
    """Return the best policy and its lead over the next; None where fewer than two were run."""
    order = net_order(found)
    if len(order) < 2:
        return None
    gap = found.gap(order[0], order[1], NET)
    return Lead(order[0], order[1], gap, math.isfinite(gap.low) and gap.low > 0.0)


def most(found: Findings, indicator: str) -> str:
    """Return the policy, other than ``keep`` where there is one, with the highest mean of an indicator."""
    return max(found.options or found.policies, key=lambda p: found.estimate(p, indicator).mean)


def lost_by_reason(found: Findings, column: str = "cause") -> pd.DataFrame:
    """Return the net number of profitable customers lost, a row a cause (or ``channel``), a column a policy.

    The columns add up to the indicator ``extra_profitable``.
    """
    table = found.departures
    profitable = table["profitable"].astype(str).str.lower() == "true"
    wanted = table[profitable & table["label"].isin(SIGNS)].copy()
    wanted["mean"] = wanted["mean"] * wanted["label"].map(SIGNS)
    if column == "cause":
        wanted["cause"] = wanted["cause"].map(REASONS).fillna(wanted["cause"])
    wide = wanted.pivot_table(index=column, columns="policy", values="mean", aggfunc="sum", fill_value=0.0)
    order = tr.CAUSE_NAMES if column == "cause" else tr.CHANNEL_NAMES
    rows = [name for name in order if name in wide.index]
    return wide.reindex(index=rows, columns=found.options, fill_value=0.0)


def main_reason(found: Findings, policy: str) -> tuple[str, float] | None:
    """Return the cause of most of a policy's net loss of profitable customers, and its share.

    None where hardly any are lost, or where the parts have both signs, so that a share would mislead.
    """
    wide = lost_by_reason(found)
    if found.estimate(policy, LOST).mean < HARDLY or policy not in wide:
        return None
    parts, total = wide[policy], float(wide[policy].sum())
    if total <= 0.0 or float(parts.min()) < 0.0:
        return None
    return str(parts.idxmax()), float(parts.max()) / total


def chance_of_loss(found: Findings, policy: str) -> tuple[float, float, float, int]:
    """Return the share of runs in which a policy does worse than keeping everyone, its 95 % interval, the runs."""
    runs = found.replications[found.replications["policy"] == policy]
    worse = (runs[NET].to_numpy(dtype=float) < 0.0).astype(np.float64)
    return *share_interval(worse, units_of(runs)), len(runs)


def largest_lines(found: Findings, policy: str) -> list[tuple[str, float]]:
    """Return the lines of a policy's ledger that are not zero, the largest amounts first."""
    amounts = [(name, found.estimate(policy, name).mean) for name in ledger_lines(found)]
    return sorted(((n, v) for n, v in amounts if v != 0.0), key=lambda item: -abs(item[1]))


def ledger_lines(found: Findings) -> list[str]:
    """Return the ledger's lines that this folder knows, in their order."""
    there = set(found.summary["indicator"])
    return [name for name in tr.LEDGER_NAMES if name in there]


def undecided(found: Findings) -> list[tuple[str, str]]:
    """Return the pairs of policies whose difference in net value may be zero, by its 95 % interval."""
    rows = found.differences[found.differences["indicator"] == NET]
    open_ = rows[~((rows["low"] > 0.0) | (rows["high"] < 0.0))]
    return [(str(a), str(b)) for a, b in zip(open_["policy"], open_["against"], strict=True)]


def chance_better(found: Findings, better: str, than: str) -> tuple[int, int]:
    """Return (in how many runs one policy's net value is above another's, of how many), paired by luck."""
    keys = [k for k in ("world", "replication") if k in found.replications]
    wide = found.replications.pivot_table(index=keys, columns="policy", values=NET)
    gap = wide[better] - wide[than]
    return int((gap > 0.0).sum()), len(gap)
