"""The frontier of value against risk as a table for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study.recommend import Recommendation

_HEADINGS = {
    "es95": "expected\nshortfall 95 %\n(loss)",
    "var95": "value at risk\n95 % (loss)",
    "national": "national\nnews",
    "loss": "chance of\nnet loss",
    "lost": "profitable\ncustomers\nlost",
}


def frontier_table(found: Recommendation) -> Table:
    """Return a row for each finalist: levers, value with interval, risks, and whether it is within the budget."""
    from wom_sim.study.recommend_words import risk_text

    question = found.question
    table = Table(
        title=f"{question.scenario.name}: value against risk, {question.fresh} runs each on fresh luck", padding=(0, 0)
    )
    table.add_column("policy and levers", ratio=1)
    table.add_column(f"expected net value\n{question.scenario.currency} (95 % interval)", justify="right")
    for measure in question.risks:
        table.add_column(_HEADINGS[measure], justify="right")
    table.add_column("within\nbudget")
    table.add_column("frontier")
    for _, row in found.frontier.iterrows():
        cells = [risk_text(row, measure) for measure in question.risks]
        style = "bold" if row["best"] else ""
        table.add_row(_name(row), _value(row), *cells, _within(row), "yes" if row["frontier"] else "", style=style)
    return table


def _name(row: pd.Series) -> str:
    return str(row["policy"]) if row["policy"] == "keep" else f"{row['policy']}: {row['levers']}"


def _value(row: pd.Series) -> str:
    from wom_sim.study.verdict import brief

    if row["low"] == row["high"] or math.isnan(row["low"]):
        return brief(row["expected_net_value"])
    return f"{brief(row['expected_net_value'])}\n({brief(row['low'])} to {brief(row['high'])})"


def _within(row: pd.Series) -> str:
    if row["surely_feasible"]:
        return "yes"
    return "as\nestimated" if row["feasible"] else "no"
