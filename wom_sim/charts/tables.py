"""What a chart's table must hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wom_sim.charts.style import Look, palette

if TYPE_CHECKING:
    import pandas as pd


def check(table: pd.DataFrame, columns: Sequence[str], key: Sequence[str], finite: Sequence[str] = ()) -> None:
    """Check that a table has its columns and rows, one row for each ``key``, and numbers where they must be.

    Raises
    ------
    ValueError
        When a column is missing, there is no row, two rows share a key, or a column of ``finite`` holds none.
    """
    for column in columns:
        if column not in table.columns:
            given = ", ".join(map(str, table.columns)) or "none"
            raise ValueError(f"column '{column}' is missing; allowed: {', '.join(columns)}; given: {given}")
    if len(table) == 0:
        raise ValueError(f"the table is empty; it needs at least one row of {', '.join(columns)}")
    twice = table.duplicated(list(key))
    if twice.any():
        row = table.loc[twice, list(key)].iloc[0]
        raise ValueError("two rows for " + ", ".join(f"{name} '{row[name]}'" for name in key))
    for column in finite:
        bad = ~(table[column].abs() < float("inf"))
        if bad.any():
            row = table.loc[bad, [*key, column]].iloc[0]
            where = ", ".join(f"{name} '{row[name]}'" for name in key)
            raise ValueError(f"column '{column}' must hold finite numbers; got {row[column]} for {where}")


def policies_in(table: pd.DataFrame) -> list[str]:
    """Return the policies of a table, each once, as they first appear."""
    return [str(policy) for policy in table["policy"].unique()]


def looks_for(table: pd.DataFrame, order: Sequence[str]) -> dict[str, Look]:
    """Return the look of each policy in a table; ``order`` fixes the colours, default: as they appear."""
    looks = palette([*map(str, order), *policies_in(table)])
    return {policy: looks[policy] for policy in policies_in(table)}
