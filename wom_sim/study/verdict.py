"""What came out, in a sentence or two that can be defended."""

from __future__ import annotations

import pandas as pd

_THOUSANDS, _MILLIONS, _BILLIONS = 9950, 9.95e5, 9.95e8
"""From where on a number is told in larger units."""


def big(value: float) -> str:
    """Return a number in plain words: 1,234; 56,000; 7.8 million."""
    if abs(value) >= _MILLIONS:
        return _in_millions(value, "million", "billion")
    return f"{round(value, -3):,.0f}" if abs(value) >= _THOUSANDS else _whole(value)


def brief(value: float) -> str:
    """Return a number short enough for a cell: 1,234; 56 k; 7.8 M."""
    if abs(value) >= _MILLIONS:
        return _in_millions(value, "M", "B")
    return f"{value / 1e3:,.0f} k" if abs(value) >= _THOUSANDS else _whole(value)


def _in_millions(value: float, million: str, billion: str) -> str:
    return f"{value / 1e9:.1f} {billion}" if abs(value) >= _BILLIONS else f"{value / 1e6:.1f} {million}"


def _whole(value: float) -> str:
    return f"{round(value) + 0:,d}"  # the zero makes minus zero plain


def verdict(replications: pd.DataFrame, summary: pd.DataFrame, differences: pd.DataFrame, currency: str) -> str:
    """Return which policy is best for the firm, by how much, how sure that is, and what the worst one did."""
    means = summary[summary["indicator"] == "net_value"].set_index("policy")["mean"]
    if len(means) < 2:
        return "Only keep was run: there is nothing to compare."
    best = str(means.idxmax())
    loudest = str(summary[summary["indicator"] == "reached"].set_index("policy")["mean"].idxmax())
    runs = int(replications["replication"].nunique())
    net = differences[differences["indicator"] == "net_value"]
    return f"{_best(best, means, net, runs, currency)} {_did(loudest, summary, runs)}"


def _best(best: str, means: pd.Series, net: pd.DataFrame, runs: int, currency: str) -> str:
    rival = str(means.drop(best).idxmax())
    row = net[(net["policy"] == best) & (net["against"] == rival)]
    sign = 1.0
    if row.empty:
        row, sign = net[(net["policy"] == rival) & (net["against"] == best)], -1.0
    gap, ends = (
        sign * float(row["mean"].iloc[0]),
        sorted((sign * float(row["low"].iloc[0]), sign * float(row["high"].iloc[0]))),
    )
    name = "keeping everyone" if best == "keep" else best
    against = "keeping everyone" if rival == "keep" else rival
    text = f"On these assumptions, {name} leaves the firm best off: {big(gap)} {currency} more than {against}"
    if runs < 2:
        return f"{text} in a single run, which says nothing about chance."
    sure = "" if ends[0] > 0 else "; this does not exclude that there is no difference"
    return f"{text} (95 % interval over {runs} replications: {big(ends[0])} to {big(ends[1])}{sure})."


def _did(policy: str, summary: pd.DataFrame, runs: int) -> str:
    row = summary[summary["policy"] == policy].set_index("indicator")["mean"]
    lost = row["extra_profitable"]
    what = f"costs {big(lost)} profitable customers" if lost >= 0.5 else "costs no profitable customers on average"
    covered = round(row["national_coverage"] * runs)
    name = policy[:1].upper() + policy[1:]
    return f"{name} reaches {big(row['reached'])} people, {what}, and makes national news in {covered} of {runs} runs."
