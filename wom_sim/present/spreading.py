"""Tables of the charts that say how the story spreads and who leaves: from the daily table and event logs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from wom_sim._tables import PICKUP
from wom_sim.present.material import Material, MissingError
from wom_sim.present.tree import tree_of
from wom_sim.results.typical import SHOWS
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


_LASTING = {"because": 1.0, "prevented": -1.0}
"""How a departure, or a stay, counts in people by its label; not who leaves in any case, only on another day."""
_WHOSE = ["policy", "replication", "person"]


def value(found: Material) -> pd.DataFrame:
    """Return who leaves by value: means over all runs whose events were kept, else of one run of each policy.

    Everyone but the loss-makers on whom the firm acted. The first class is that of loss-makers, whatever they would
    have been worth once their calls settle; the second that of all others up to its bound. ``money`` is positive where
    it is good for the firm. ``moved`` is that of those who leave in any case, only earlier or later; they are in no
    class. With the money of the classes it adds up to the lines of the ledger.
    """
    if found.has("events.parquet"):
        columns = [*_WHOSE, "event", "label", "treated", "profitable", "amount"]
        events, runs = _events(found, ["left", "stayed"], columns), found.replications
    else:
        events, runs = _replayed_departures(found), 1
    events = events[events["profitable"] | ~events["treated"]]
    sign = events["label"].map(_LASTING).astype(float).where(~events.duplicated(_WHOSE, keep=False))
    amount = events["amount"].to_numpy(float) / 100.0
    place = np.searchsorted(np.array(CLASSES[1:-1]), -amount * np.sign(sign), side="right")  # worth of the customer
    place = np.where(events["profitable"], np.maximum(place, 1), 0)
    each = found.represents / runs
    counted = pd.DataFrame({"policy": events["policy"], "place": place, "people": sign * each, "money": amount * each})
    lasting = sign.notna()
    sums = counted[lasting].groupby(["policy", "place"], sort=False)[["people", "money"]].sum()
    moved = counted[~lasting].groupby("policy", sort=False)["money"].sum()
    rows = []
    for policy in found.policies[1:] or found.policies:
        for k, (low, high) in enumerate(pairwise(CLASSES)):
            people, money = sums.loc[(policy, k)] if (policy, k) in sums.index else (0.0, 0.0)
            row = {"policy": policy, "value_from": low, "value_to": high, "people": people, "money": money}
            rows.append(row | {"moved": float(moved.get(policy, 0.0)), "runs": runs})
    return pd.DataFrame(rows)


def _replayed_departures(found: Material) -> pd.DataFrame:
    """Return the departures of one run of each policy, its typical one."""
    parts = []
    wanted = [(policy, found.replayer.typical(policy, SHOWS["value"])) for policy in found.policies[1:]]
    for (policy, _), log in zip(wanted, found.replayer.logs(wanted), strict=True):
        rows = log.events[np.isin(log.events["event"], (tr.LEFT, tr.STAYED))]
        parts.append(
            pd.DataFrame(
                {
                    "policy": policy,
                    "replication": 0,
                    "person": rows["person"],
                    "label": np.array(tr.LABEL_NAMES, dtype=object)[rows["label"]],
                    "treated": (rows["group"] & tr.G_TREATED) != 0,
                    "profitable": (rows["group"] & tr.G_PROFITABLE) != 0,
                    "amount": rows["amount"],
                }
            )
        )
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
    wanted = [(policy, found.replayer.typical(policy, SHOWS["cascade"])) for policy in chosen]
    for (policy, replication), log in zip(wanted, found.replayer.logs(wanted), strict=True):
        parts.append(tree_of(log.events, outlets).assign(policy=policy, replication=replication))
    return pd.concat(parts, ignore_index=True).assign(total=lambda table: table["total"] * found.represents)


def _events(found: Material, kinds: list[str], columns: list[str]) -> pd.DataFrame:
    """Return some columns of the events of some kinds, of all runs."""
    return pd.read_parquet(found.folder / "events.parquet", columns=columns, filters=[("event", "in", kinds)])
