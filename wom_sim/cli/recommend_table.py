"""The frontier of value against risk as a table for the terminal."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study.recommendation import Recommendation


def frontier_table(found: Recommendation) -> Table:
    """Return a row for each finalist: levers, value with interval, risks, and whether it is within the budget."""
    from wom_sim.scenario.figures import figures_for
    from wom_sim.study.recommend_words import heading, risk_text

    question = found.question
    tell = figures_for(question.scenario)
    shared = _shared(found)
    also = f"\nAll: {', '.join(shared)}" if shared else ""
    table = Table(
        title=f"{question.scenario.name}: value{tell.over} against risk, {question.fresh} runs each on fresh luck"
        f"{also}",
        padding=(0, 0),
    )
    table.add_column("policy and levers", ratio=1)
    table.add_column("expected net value\n(95 % interval)", justify="right")
    for measure in question.risks:
        table.add_column("\n".join(wrap(heading(measure), 14)), justify="right")
    table.add_column("within\nbudget")
    table.add_column("frontier")
    for _, row in found.frontier.iterrows():
        cells = [risk_text(row, measure, tell) for measure in question.risks]
        style = "bold" if row["best"] else ""
        table.add_row(
            _name(row, shared),
            tell.estimate(row["expected_net_value"], row["low"], row["high"]),
            *cells,
            _within(row),
            "yes" if row["frontier"] else "",
            style=style,
        )
    return table


def _shared(found: Recommendation) -> list[str]:
    """Return the levers that all finalists have alike, to be told once."""
    levers = [text.split(", ") for text in found.frontier.loc[found.frontier["policy"] != "keep", "levers"]]
    return [lever for lever in levers[0] if all(lever in other for other in levers)] if len(levers) > 1 else []


def _name(row: pd.Series, shared: list[str]) -> str:
    own = ", ".join(lever for lever in str(row["levers"]).split(", ") if lever not in shared)
    guess = " (a guess)" if row["beyond"] else ""
    same = f" [the same: {row['alike']}]".replace("[", r"\[") if row["alike"] else ""
    return f"{row['policy']}: {own}{guess}{same}" if own else f"{row['policy']}{guess}{same}"


def _within(row: pd.Series) -> str:
    if row["surely_feasible"]:
        return "yes"
    return "as\nestimated" if row["feasible"] else "no"
