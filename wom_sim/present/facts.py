"""What the figures say, as plain facts: which policy is best and by how much, who was lost, what it hung on.

No words here: ``story`` puts them into sentences, in any language of the catalogue.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import PARTS_OF_LOST
from wom_sim.outcomes.units import share_interval, units_of
from wom_sim.present.result_folder import Estimate, Findings
from wom_sim.world import trace as tr

NET = "net_value"
LOST = "lost_profitable"


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


def lost_by_reason(found: Findings) -> pd.DataFrame:
    """Return the mean number of profitable customers lost, a row a part of it (an indicator), a column a policy.

    The columns add up to ``lost_profitable``; a part that is zero under every policy has no row.
    """
    there = set(found.summary["indicator"])
    wide = pd.DataFrame(
        {p: {part: found.estimate(p, part).mean for part in PARTS_OF_LOST if part in there} for p in found.options},
        columns=found.options,
    )
    return wide[(wide != 0.0).any(axis=1)]


def lost_by_channel(found: Findings) -> pd.DataFrame:
    """Return the mean number of profitable customers lost by the channel of their first hearing, a column a policy.

    The columns add up to ``lost_profitable``: those acted on heard from the firm, who heard from nobody followed a tie.
    """
    table = found.departures
    profitable = table["profitable"].astype(str).str.lower() == "true"
    lost = table[profitable & (table["label"] == tr.LABEL_NAMES[tr.BECAUSE])].copy()
    lost.loc[lost["acted_on"].astype(str).str.lower() == "true", "channel"] = tr.CHANNEL_NAMES[tr.FIRM]
    wide = lost.pivot_table(index="channel", columns="policy", values="mean", aggfunc="sum", fill_value=0.0)
    rows = [name for name in tr.CHANNEL_NAMES if name in wide.index]
    return wide.reindex(index=rows, columns=found.options, fill_value=0.0)


def main_reason(found: Findings, policy: str) -> tuple[str, float]:
    """Return the part (an indicator) of most of a policy's loss of profitable customers, and its share.

    Only for a policy that loses any.
    """
    parts = {part: found.estimate(policy, part).mean for part in PARTS_OF_LOST}
    largest = max(parts, key=lambda part: parts[part])
    return largest, parts[largest] / sum(parts.values())


def chance_of_loss(found: Findings, policy: str) -> tuple[float, float, float, int]:
    """Return the share of runs in which a policy does worse than keeping everyone, its 95 % interval, the runs."""
    runs = found.replications[found.replications["policy"] == policy]
    worse = (runs[NET].to_numpy(dtype=float) < 0.0).astype(np.float64)
    return *share_interval(worse, units_of(runs)), len(runs)


def saved_gained_lost(found: Findings, policy: str) -> tuple[float, float, float]:
    """Return what a policy saves on those let go, and all that it gains and loses in other ways.

    Saved (below zero: their leaving costs money) + gained - lost = net value.
    """
    amounts = {name: found.estimate(policy, name).mean for name in ledger_lines(found)}
    saved = amounts.pop("losses_avoided", 0.0)
    gained = sum(amount for amount in amounts.values() if amount > 0.0)
    return saved, gained, -sum(amount for amount in amounts.values() if amount < 0.0)


def cash_so_far(months: pd.DataFrame, policies: Sequence[str]) -> pd.DataFrame:
    """Return what each policy has received less what it has paid up to the end of each month, as the mean of the runs.

    ``months`` is the table ``months.csv``. Index: months from the start, from 0 (nothing yet) to the horizon, or to the
    end of the runs where there is none; a column a policy (currency, not discounted).
    """
    known = months.dropna(subset=["month"])
    wide = known.pivot_table(index="month", columns="policy", values="cash", aggfunc="sum", fill_value=0.0)
    last = int(wide.index.max()) if len(wide) else 0
    so_far = wide.reindex(index=range(last + 1), columns=list(policies), fill_value=0.0).cumsum()
    so_far.index = so_far.index + 1
    return pd.concat([pd.DataFrame(0.0, index=[0], columns=so_far.columns), so_far])


def worst_line(found: Findings, policy: str) -> tuple[str, float]:
    """Return the line of the ledger, other than what is saved on those let go, with the least amount."""
    lines = [name for name in ledger_lines(found) if name != "losses_avoided"]
    return min(((name, found.estimate(policy, name).mean) for name in lines), key=lambda item: item[1])


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
