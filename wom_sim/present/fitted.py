"""Tables of the charts of a fit: what was learned, which observation taught it, and whether it can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wom_sim.charts import calibrated as chart_calibrated
from wom_sim.charts import checked as chart_checked
from wom_sim.charts import learned as chart_learned
from wom_sim.present.material import Material, MissingError

NOTHING = "nothing was learned from what was seen (learned.csv)"


def learned(found: Material) -> pd.DataFrame:
    """Return each number that was drawn, with its interval before and after."""
    table = _file(found, "learned.csv", *chart_learned.COLUMNS)[list(chart_learned.COLUMNS)]
    return table.assign(meaning=_texts(table["meaning"]), unit=_texts(table["unit"]))


def taught(found: Material) -> pd.DataFrame:
    """Return which share of each number that was learned of each observation foretells alone, and all together."""
    about = _file(found, "learned.csv", "key", "meaning", "learned", "foretold", "chance")
    if not about["learned"].any():
        raise MissingError(NOTHING)
    table = _file(found, "taught.csv", "seen", "key", "alone")[["seen", "key", "alone"]]
    known = about[["key", "meaning", "foretold", "chance"]].assign(meaning=_texts(about["meaning"]))
    return table.merge(known, on="key", how="inner")


def checked(found: Material) -> pd.DataFrame:
    """Return what was seen beside what worlds show; what fitted worlds show is missing where none were run."""
    rest = (*chart_checked.NOW, *chart_checked.YES.values())  # not in every folder
    shown = [name for name in chart_checked.COLUMNS if name not in (*rest, "days")]
    table = _file(found, "check.csv", *shown)
    now = {name: table.get(name, np.nan) for name in rest}
    value = pd.to_numeric(table["value"])
    return table.assign(**now, value=value, days=found.scenario.run.days)[list(chart_checked.COLUMNS)]


def calibrated(found: Material) -> pd.DataFrame:
    """Return where true numbers lay when worlds played the firm."""
    if not _file(found, "learned.csv", "learned")["learned"].any():
        raise MissingError(NOTHING)
    return _file(found, "calibration.csv", *chart_calibrated.COLUMNS)[list(chart_calibrated.COLUMNS)]


def _file(found: Material, name: str, *columns: str) -> pd.DataFrame:
    """Return a table of a fit. Raises MissingError, naming the command, when the folder holds no fit."""
    if not found.has(name):
        raise MissingError(f"needs {name} (wom-sim fit)")
    return found.table(name, *columns)


def _texts(column: pd.Series) -> pd.Series:
    """Return a column of texts; an empty text where there is none."""
    return column.astype(object).where(column.notna(), "")
