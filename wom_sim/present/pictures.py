"""The charts of a comparison: which table goes into which chart."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wom_sim.charts import CHARTS, save
from wom_sim.scenario import Scenario
from wom_sim.study.compare import Comparison, ledger_table

SHOWN = ("net_value", "extra_profitable", "joins_lost", "reached")
"""Indicators in the chart of differences; the first gives the title."""


def tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the plotted table of each chart by the chart's name."""
    gaps = comparison.differences
    gaps = gaps[(gaps["against"] == "keep") & gaps["indicator"].isin(SHOWN)]
    rank = gaps["indicator"].map({name: k for k, name in enumerate(SHOWN)})
    return {
        "reached": comparison.over_time("reached"),
        "departures": comparison.over_time("extra_profitable"),
        "differences": gaps.assign(rank=rank).sort_values("rank", kind="stable").drop(columns=["rank", "against"]),
        "ledger": ledger_table(comparison),
    }


def write_pictures(comparison: Comparison, folder: Path) -> list[str]:
    """Draw every chart and write it as PNG, SVG and CSV into ``folder``; return the names written."""
    scenario: Scenario = comparison.scenario
    written: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    runs = scenario.run.replications
    note = f"{scenario.name}: {runs} paired replication{'s' if runs != 1 else ''}, {comparison.plan.people:,} people"
    plotted = tables(comparison)
    for chart in CHARTS:
        table = plotted[chart.name].reset_index(drop=True)
        if table.empty:
            continue
        extra = {"currency": scenario.currency} if chart.name in ("differences", "ledger") else {}
        figure = chart.draw(table, title_note=note, order=comparison.policies, **extra)
        written += [f"{folder.name}/{path.name}" for path in save(figure, table, folder, chart.name)]
    return written
