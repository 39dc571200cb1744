"""Tables of the charts that say how the story spreads and who leaves: from the daily table and event logs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from wom_sim.present.material import Material, MissingError
from wom_sim.present.tree import tree_of
from wom_sim.study.compare import PICKUP
from wom_sim.world import trace as tr

LEADING = "net_value"
CLASSES = (-np.inf, 0.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, np.inf)
"""Bounds of the classes of value, currency."""
MOST_TREES = 2
_HEARINGS = {"outlet": "coverage", "post": "post_readers", "talk": "conversations"}


def buzz(found: Material) -> pd.DataFrame:
    """Return the buzz and coverage of each day, and the day of each outlet's pick-up."""
    daily = found.table("daily.parquet", "policy", "day", "buzz", "coverage", "national_pickups")
    grouped = daily.groupby(["policy", "day"], sort=False)
    days = pd.DataFrame(
        {
            "buzz": grouped["buzz"].median(),
            "low": grouped["buzz"].quantile(0.05),
            "high": grouped["buzz"].quantile(0.95),
            "coverage": grouped["coverage"].mean(),
        }
    ).reset_index()
    if found.replications < 2:
        days[["low", "high"]] = np.nan
    days = days.assign(outlet="", share=np.nan)
    rows = _pickups(found)
    return pd.concat([days, pd.DataFrame(rows)], ignore_index=True) if rows else days


def _pickups(found: Material) -> list[dict[str, object]]:
    """Return the median day of each outlet's pick-up and the share of runs in which it came."""
    runs = found.table("replications.parquet", "policy")
    columns = [name for name in runs.columns if name.startswith(PICKUP)]
    names = {name: name.removeprefix(PICKUP) for name in columns}
    if not columns and "national_day" in runs:  # written by a version that did not keep outlets apart
        names = {"national_day": "national"}
    rows: list[dict[str, object]] = []
    for policy, own in runs.groupby("policy", sort=False):
        for column, outlet in names.items():
            days = own[column].dropna()
            if len(days):
                share = len(days) / len(own)
                rows.append({"policy": policy, "day": float(days.median()), "outlet": outlet, "share": share})
    return rows


def channels(found: Material) -> pd.DataFrame:
    """Return how many heard first by each channel, from the event log; else how often people heard by each."""
    if not found.has("events.parquet"):
        return _hearings(found)
    events = _events(found, ["heard"], ["policy", "replication", "day", "channel"])
    runs = found.replications
    last = int(found.table("daily.parquet", "day")["day"].max())
    counted = events.groupby(["policy", "channel", "day"]).size() * found.represents / runs
    there = set(counted.index.droplevel("day"))
    parts = []
    for policy in found.policies:
        for channel in ("outlet", "post", "household", "close", "acquaintance", "stranger"):
            days = np.zeros(last + 1)
            if (policy, channel) in there:
                own = counted.loc[(policy, channel)]
                days[own.index.to_numpy(int)] = own.to_numpy()
            parts.append(_line(policy, channel, days.cumsum(), "first"))
    return pd.concat(parts, ignore_index=True)


def _hearings(found: Material) -> pd.DataFrame:
    daily = found.table("daily.parquet", "policy", "day", *_HEARINGS.values())
    means = daily.groupby(["policy", "day"], sort=False)[list(_HEARINGS.values())].mean()
    parts = []
    for policy in found.policies:
        own = means.loc[policy]
        parts += [
            _line(policy, name, own[column].to_numpy().cumsum(), "hearings") for name, column in _HEARINGS.items()
        ]
    return pd.concat(parts, ignore_index=True)


def _line(policy: str, channel: str, people: np.ndarray, what: str) -> pd.DataFrame:
    columns = {"policy": policy, "day": np.arange(len(people)), "channel": channel, "people": people, "what": what}
    return pd.DataFrame(columns)


def value(found: Material) -> pd.DataFrame:
    """Return who leaves by value: means over all runs whose events were kept, else of one run of each policy."""
    if found.has("events.parquet"):
        columns = ["policy", "event", "label", "treated", "amount"]
        events = _events(found, ["left", "stayed"], columns)
        events = events[~events["treated"]]
        runs = found.replications
    else:
        events, runs = _replayed_departures(found), 1
    sign = np.where(events["event"] == "left", 1.0, -1.0)
    worth = events["amount"].to_numpy(float) / 100.0
    place = np.searchsorted(np.array(CLASSES[1:-1]), worth, side="right")
    counted = pd.DataFrame(
        {"policy": events["policy"], "place": place, "people": sign / runs, "money": sign * worth / runs}
    )
    sums = counted.groupby(["policy", "place"], sort=False)[["people", "money"]].sum() * found.represents
    rows = []
    for policy in found.policies[1:] or found.policies:
        for k, (low, high) in enumerate(pairwise(CLASSES)):
            people, money = sums.loc[(policy, k)] if (policy, k) in sums.index else (0.0, 0.0)
            row = {"policy": policy, "value_from": low, "value_to": high, "people": people, "money": money}
            rows.append(row | {"runs": runs})
    return pd.DataFrame(rows)


def _replayed_departures(found: Material) -> pd.DataFrame:
    """Return the departures of one run of each policy, the one with the median net value."""
    parts = []
    wanted = [(policy, found.replayer.median_replication(policy)) for policy in found.policies[1:]]
    for (policy, _), log in zip(wanted, found.replayer.logs(wanted), strict=True):
        chosen = np.isin(log.events["event"], (tr.LEFT, tr.STAYED)) & ((log.events["group"] & tr.G_TREATED) == 0)
        rows = log.events[chosen]
        event = np.where(rows["event"] == tr.LEFT, "left", "stayed")
        parts.append(pd.DataFrame({"policy": policy, "event": event, "amount": rows["amount"]}))
    if not parts:
        raise MissingError("only keep was run")
    return pd.concat(parts, ignore_index=True)


def cascade(found: Material) -> pd.DataFrame:
    """Return who told whom in one run of the policy that is heard most and of the best other one."""
    means = found.table("replications.parquet", "policy", "reached", LEADING)
    means = means[means["policy"] != "keep"].groupby("policy", sort=False)[["reached", LEADING]].mean()
    if means.empty:
        raise MissingError("only keep was run")
    loudest = str(means["reached"].idxmax())
    ranked = [str(policy) for policy in means.sort_values(LEADING, ascending=False).index if policy != loudest]
    chosen = [loudest, *ranked][:MOST_TREES]
    outlets = [outlet.name for outlet in found.scenario.media.outlets]
    parts = []
    wanted = [(policy, found.replayer.median_replication(policy)) for policy in chosen]
    for (policy, _), log in zip(wanted, found.replayer.logs(wanted), strict=True):
        parts.append(tree_of(log.events, outlets).assign(policy=policy))
    return pd.concat(parts, ignore_index=True).assign(total=lambda table: table["total"] * found.represents)


def _events(found: Material, kinds: list[str], columns: list[str]) -> pd.DataFrame:
    """Return some columns of the events of some kinds, of all runs."""
    return pd.read_parquet(found.folder / "events.parquet", columns=columns, filters=[("event", "in", kinds)])
