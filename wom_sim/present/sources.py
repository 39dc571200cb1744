"""Which table each chart is drawn from, and how it is made of the files of a result folder.

A source is a function of the folder's ``Material`` that returns the table, or raises ``MissingError`` with the
reason why this folder does not allow the chart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from wom_sim.charts import CHARTS, Chart
from wom_sim.outcomes.curves import cumulated, over_time
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.present import deciding, fitted, spreading, studied
from wom_sim.present.facts import cash_so_far
from wom_sim.present.material import Material, MissingError

SHOWN = ("net_value", "lost_profitable", "joins_lost", "reached")
"""Indicators in the chart of differences; the first gives the title."""
LEADING = "net_value"
QUANTILES = {"p025": 0.025, "p10": 0.1, "p25": 0.25, "p75": 0.75, "p90": 0.9, "p975": 0.975}

Source = Callable[[Material], pd.DataFrame]


def _over_time(found: Material, column: str) -> pd.DataFrame:
    """Return policy, day, mean, low, high (5 to 95 % of the runs) of a cumulated daily column."""
    table = over_time(_daily(found, column), column).drop(columns="median")
    if _runs(found) < 2:
        table[["low", "high"]] = np.nan
    return table


def _reached(found: Material) -> pd.DataFrame:
    return _over_time(found, "reached")


def _departures(found: Material) -> pd.DataFrame:
    return _over_time(found, "lost_profitable")


def _fan(found: Material) -> pd.DataFrame:
    """Return the bands of extra departures, and the days of what happened."""
    column = "lost_profitable"
    grouped = cumulated(_daily(found, column), column).groupby(["policy", "day"], sort=False)[column]
    quantiles = {name: grouped.quantile(q) for name, q in QUANTILES.items()}
    bands = pd.DataFrame({"mean": grouped.mean(), **quantiles}).reset_index()
    if _runs(found) < 2:
        bands[list(QUANTILES)] = np.nan
    bands = bands.assign(event="", share=1.0)
    events = pd.DataFrame(_events(found), columns=["policy", "day", "event", "share"])
    return pd.concat([bands, events], ignore_index=True) if len(events) else bands


def _events(found: Material) -> list[tuple[str, float, str, float]]:
    """Return the median day of the first letter, national coverage and the firm's response, with their shares."""
    daily = found.table("daily.parquet", "told", "national_pickups")
    runs = daily.groupby(["policy", *_run_keys(daily)], sort=False)
    responses = {p.name: p.response for p in found.scenario.policies}
    events = []
    for event, column in (("told", "told"), ("national", "national_pickups")):
        first = daily[daily[column] > 0].groupby(["policy", *_run_keys(daily)], sort=False)["day"].min()
        for policy, days in first.groupby("policy", sort=False):
            share = len(days) / int(runs.ngroups / daily["policy"].nunique())
            events.append((str(policy), float(days.median()), event, share))
            response = responses.get(str(policy))
            if event == "national" and response is not None and response.kind != "ignore":
                events.append((str(policy), float(days.median()) + response.after_days, "response", share))
    return events


def _differences(found: Material) -> pd.DataFrame:
    gaps = found.table("differences.csv", "policy", "against", "indicator", "mean", "low", "high", "p05", "p95")
    gaps = gaps[(gaps["against"] == "keep") & gaps["indicator"].isin(SHOWN)]
    rank = gaps["indicator"].map({name: k for k, name in enumerate(SHOWN)})
    table = gaps.assign(rank=rank, better=gaps["better"].fillna("")).sort_values("rank", kind="stable")
    if _runs(found) < 2:
        table[["p05", "p95"]] = np.nan
    return table.drop(columns=["rank", "against"])


def _dumbbell(found: Material) -> pd.DataFrame:
    """Return the best policy (by mean net value) against each other one, the nearest first."""
    rows = _best_against(found)
    means = _means(found, LEADING)
    head = {"indicator": LEADING, "label": _label(LEADING), "unit": "currency"}
    table = rows.assign(mean_policy=rows["policy"].map(means), mean_against=rows["against"].map(means), **head)
    return table.sort_values("mean", kind="stable")


def _paired(found: Material) -> pd.DataFrame:
    """Return the paired differences in net value of the best policy and each other one, a row a run (or a world)."""
    runs = found.table("replications.parquet", "policy", "replication", LEADING)
    of = "worlds" if found.worlds > 1 else "replications"
    unit = "world" if of == "worlds" else "replication"
    wide = runs.pivot_table(index=unit, columns="policy", values=LEADING, aggfunc="mean", sort=False)
    best = str(_means(found, LEADING).idxmax())
    others = sorted((p for p in wide if p != best), key=lambda p: -_means(found, LEADING)[p])
    parts = [
        pd.DataFrame({"policy": best, "against": str(p), "replication": wide.index, "difference": wide[best] - wide[p]})
        for p in others
    ]
    if not parts:
        raise MissingError("needs at least two policies")
    return pd.concat(parts, ignore_index=True).assign(unit="currency", better="more", of=of)


def _exceedance(found: Material) -> pd.DataFrame:
    runs = found.table("replications.parquet", "policy", LEADING)
    number = runs.groupby("policy", sort=False).cumcount()
    table = pd.DataFrame({"policy": runs["policy"], "replication": number, "net_value": runs[LEADING]})
    return _without_keep(table)


def _ledger(found: Material) -> pd.DataFrame:
    """Return the mean of each line of the ledger."""
    summary = found.table("summary.csv", "policy", "indicator", "mean")
    lines = [i.name for i in INDICATORS if i.meaning.startswith("ledger: ")]
    wanted = summary[summary["indicator"].isin(lines)]
    meaning = {i.name: i.meaning.removeprefix("ledger: ") for i in INDICATORS}
    return pd.DataFrame(
        {
            "policy": wanted["policy"],
            "line": wanted["indicator"],
            "label": wanted["indicator"].map(meaning),
            "mean": wanted["mean"],
            "order": wanted["indicator"].map({name: k for k, name in enumerate(lines)}),
        }
    ).reset_index(drop=True)


def _payback(found: Material) -> pd.DataFrame:
    """Return policy, day (months from the start) and cash so far as mean; no ranges."""
    if not found.has("months.csv"):
        raise MissingError("needs months.csv, which a comparison of one world has")
    so_far = cash_so_far(found.table("months.csv", "policy", "month", "cash"), found.policies)
    table = so_far.melt(ignore_index=False, var_name="policy", value_name="mean").reset_index(names="day")
    return table.assign(low=np.nan, high=np.nan)[["policy", "day", "mean", "low", "high"]]


def _of_file(chart: Chart) -> Source:
    """Return the source of a chart that says itself which file it reads."""

    def source(found: Material) -> pd.DataFrame:
        table = found.table(chart.reads)
        return table if chart.table is None else chart.table(table.copy())

    return source


SOURCES: Mapping[str, Source] = {
    **{chart.name: _of_file(chart) for chart in CHARTS if chart.reads},
    "reached": _reached,
    "departures": _departures,
    "fan": _fan,
    "differences": _differences,
    "dumbbell": _dumbbell,
    "paired": _paired,
    "exceedance": _exceedance,
    "ledger": _ledger,
    "payback": _payback,
    "value": spreading.value,
    "buzz": spreading.buzz,
    "channels": spreading.channels,
    "cascade": spreading.cascade,
    "verdicts": deciding.verdicts,
    "tornado": deciding.tornado,
    "response": studied.response,
    "interaction": studied.interaction,
    "heatmap": studied.heatmap,
    "sobol": studied.sobol,
    "morris": studied.morris,
    "breakeven": deciding.breakeven,
    "frontier": deciding.frontier,
    "boxes": deciding.boxes,
    "learned": fitted.learned,
    "taught": fitted.taught,
    "checked": fitted.checked,
    "calibrated": fitted.calibrated,
}
"""The source of each chart in ``charts.CHARTS``, by its name: what its own file says, or a function here."""


def table_for(name: str, found: Material) -> pd.DataFrame:
    """Return the table of a chart. Raises MissingError, saying why, when the folder does not allow it."""
    table = SOURCES[name](found).reset_index(drop=True)
    if table.empty:
        raise MissingError("nothing to show: the files that it needs have no rows of this kind")
    return table


def _daily(found: Material, column: str) -> pd.DataFrame:
    return found.table("daily.parquet", "policy", "replication", "day", column)


def _run_keys(table: pd.DataFrame) -> list[str]:
    return [name for name in ("world", "replication") if name in table.columns]


def _runs(found: Material) -> int:
    return found.replications


def _means(found: Material, indicator: str) -> pd.Series:
    runs = found.table("replications.parquet", "policy", indicator)
    return runs.groupby("policy", sort=False)[indicator].mean()


def _best_against(found: Material) -> pd.DataFrame:
    """Return policy (the best), against, mean, low, high of the paired differences in the leading indicator."""
    gaps = found.table("differences.csv", "policy", "against", "indicator", "mean", "low", "high")
    gaps = gaps[gaps["indicator"] == LEADING]
    best = str(_means(found, LEADING).idxmax())
    ahead = gaps[gaps["policy"] == best][["policy", "against", "mean", "low", "high"]]
    behind = gaps[gaps["against"] == best]
    turned = pd.DataFrame(
        {
            "policy": best,
            "against": behind["policy"],
            "mean": -behind["mean"],
            "low": -behind["high"],
            "high": -behind["low"],
        }
    )
    table = pd.concat([ahead, turned], ignore_index=True)
    if table.empty:
        raise MissingError("needs at least two policies")
    return table


def _without_keep(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without ``keep``, to which everything is compared, unless nothing is left."""
    rest = table[table["policy"] != "keep"]
    return rest if len(rest) else table


def _label(indicator: str) -> str:
    return next(i.label for i in INDICATORS if i.name == indicator)
