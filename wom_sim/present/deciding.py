"""Tables of the charts that say what decides: from drawn worlds, from a study, from a search for break-even."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wom_sim._tables import ALL_POLICIES
from wom_sim.present.material import Material, MissingError
from wom_sim.present.studied import of_output, unit_of

VERDICTS = (
    "policy", "share_best", "share_best_low", "share_best_high", "expected_net_value", "low", "high", "regret_mean",
    "regret_mean_low", "regret_mean_high", "regret_worst",
)  # fmt: skip


def verdicts(found: Material) -> pd.DataFrame:
    """Return each policy's share of worlds in which it is best, expected net value and regret."""
    if not found.has("verdicts.csv"):
        raise MissingError("needs verdicts.csv (compare --worlds N)")
    return found.table("verdicts.csv", *VERDICTS)[list(VERDICTS)]


def tornado(found: Material) -> pd.DataFrame:
    """Return each number with the result at either end of its range, from drawn worlds or from a study."""
    if found.has("drivers.csv"):
        drivers = found.table("drivers.csv", "policy", "parameter", "low", "high", "value_if_low", "value_if_high")
        drivers = drivers[(drivers["policy"] != ALL_POLICIES) & drivers["value_if_low"].notna()]
        columns = ["policy", "parameter", "low", "high", "value_if_low", "value_if_high"]
        grade = _texts(drivers["grade"]) if "grade" in drivers else ""
        tested = {"beyond": drivers.get("swing_beyond_chance", True), "used": drivers.get("used", True)}
        return drivers[columns].assign(grade=grade, unit="currency", **tested)
    if not found.has("analysis/effects.csv"):
        raise MissingError("needs drivers.csv (compare --worlds N) or analysis/effects.csv (sweep analyse)")
    effects = found.table("analysis/effects.csv", "policy", "output", "factor", "at_low", "at_high")
    effects = of_output(found, effects)
    names = {"factor": "parameter", "at_low": "value_if_low", "at_high": "value_if_high"}
    ends = {end: pd.to_numeric(effects[f"{end}_level"], errors="coerce") for end in ("low", "high")}
    renamed = effects.rename(columns=names)[["policy", *names.values()]]
    tested = {"beyond": effects.get("swing_beyond_chance", True), "used": effects.get("used", True)}
    return renamed.assign(grade="", unit=unit_of(effects), **ends, **tested)


def breakeven(found: Material) -> pd.DataFrame:
    """Return the difference to keeping everyone over one number or two, from a search or from a study's map."""
    if found.has("breakeven.csv"):
        table = found.table("breakeven.csv", "policy", "parameter", numbers=("value", "difference", "low", "high"))
        table = table.assign(
            second=_texts(table["second"]) if "second" in table else "",
            value2=table.get("value2", np.nan),
            unit="currency",
        )
        return _one_pair(table[table["difference"].notna()])
    if not found.has("analysis/map.csv"):
        raise MissingError("needs breakeven.csv (wom-sim break-even) or analysis/map.csv (sweep analyse, a grid)")
    cells = of_output(
        found, found.table("analysis/map.csv", "policy", "output", "x_factor", "x", "y_factor", "y", "mean")
    )
    names = {"x_factor": "parameter", "x": "value", "y_factor": "second", "y": "value2", "mean": "difference"}
    table = cells.rename(columns=names).assign(unit=unit_of(cells))
    for column in ("value", "value2"):
        table[column] = pd.to_numeric(table[column], errors="coerce")
    table = table[table["value"].notna() & table["value2"].notna() & table["difference"].notna()]
    if table.empty:
        raise MissingError("analysis/map.csv has no pair of numbers (its factors are words)")
    return _one_pair(table)


def frontier(found: Material) -> pd.DataFrame:
    """Return the finalists of a search: value with its interval, the worst runs, national news."""
    if not found.has("frontier.csv"):
        raise MissingError("needs frontier.csv (wom-sim recommend)")
    columns = ("policy", "levers", "expected_net_value", "low", "high", "national", "frontier", "best", "feasible")
    table = found.table("frontier.csv", *columns, "es95")
    return table[list(columns)].assign(levers=_texts(table["levers"]), worst=0.0 - table["es95"])


def boxes(found: Material) -> pd.DataFrame:
    """Return the boxes in which it goes wrong, of one sought case, with the whole range of each number."""
    table = found.table("analysis/boxes.csv", "policy", "box", "low", "high", "coverage", "density")
    if "parameter" not in table:
        table = table.rename(columns={"factor": "parameter"})
    if "parameter" not in table:
        raise MissingError("analysis/boxes.csv has no column parameter")
    table = of_output(found, table)
    if "case" in table:
        cases = list(table["case"])
        table = table[table["case"] == ("below zero" if "below zero" in cases else cases[0])]
    else:
        table = table.assign(case="below zero")
    design = found.table("design.csv") if found.has("design.csv") else pd.DataFrame()
    ends = {name: _ends(design, name) for name in dict.fromkeys(table["parameter"])}
    filled = table.assign(
        among=table.get("among", ""),
        base=table.get("base", np.nan),
        range_low=table["parameter"].map({name: low for name, (low, _) in ends.items()}),
        range_high=table["parameter"].map({name: high for name, (_, high) in ends.items()}),
    )
    return filled.drop_duplicates(["policy", "box", "parameter"])


def _texts(column: pd.Series) -> pd.Series:
    """Return a column of texts; an empty text where there is none."""
    return column.astype(object).where(column.notna(), "")


def _ends(design: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return the ends of what was tried for a number; missing where it is no number."""
    if name not in design:
        return float("nan"), float("nan")
    values = pd.to_numeric(design[name], errors="coerce")
    return float(values.min()), float(values.max())


def _one_pair(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one pair of numbers, that over which the difference moves most: it turns first there."""
    if table.empty:
        raise MissingError("no difference is known anywhere")
    pairs = [rows for _, rows in table.groupby(["parameter", "second"], sort=False)]
    return max(pairs, key=lambda rows: float(rows["difference"].max() - rows["difference"].min()))
