"""A result folder of ``wom-sim compare``, read once, checked, and handed on as one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pandas as pd

from wom_sim._notebook import ShowsItself
from wom_sim._tables import read_csv
from wom_sim.outcomes import compare
from wom_sim.outcomes.curves import over_time
from wom_sim.results.files import RUN
from wom_sim.results.folder import FolderError, ResultFolder, opened
from wom_sim.scenario import Scenario
from wom_sim.simulation import policies_of

NEEDED = ("summary", "differences", "departures", "replications", "daily")
"""Tables that every comparison writes."""
EXTRA = (
    "risk", "paired", "ledger", "months", "attribution", "base", "worlds", "verdicts", "drivers", "breakeven",
)  # fmt: skip
"""Tables that a comparison writes where it was asked to."""
COLUMNS = {
    "summary": {"policy", "indicator", "unit", "mean", "low", "high", "p05", "median", "p95", "n"},
    "differences": {"policy", "against", "indicator", "unit", "mean", "low", "high"},
    "departures": {"policy", "cause", "channel", "label", "profitable", "acted_on", "mean"},
    "replications": {"policy", "replication", "seed", "net_value"},
    "daily": {"policy", "replication", "day"},
    "risk": {"policy", "indicator", "measure", "value"},
    "paired": {"policy", "against", "indicator", "mean", "low", "high", "probability_better"},
    "ledger": {"policy", "line", "mean"},
    "months": {"policy", "month", "when", "line", "worth", "cash"},
    "attribution": {"policy", "effect", "dimension", "value", "share"},
    "base": {"section", "name", "group", "unit", "built", "stated", "share_off"},
    "verdicts": {"policy", "expected_net_value", "low", "high", "share_best"},
    "drivers": {"policy", "parameter", "evppi", "evppi_by_chance", "beyond_chance", "flip_at"},
    "breakeven": {"policy", "parameter", "value", "difference"},
    "worlds": {"world"},
}


class Estimate(NamedTuple):
    """A mean over runs, what is known of it (``kind`` says what its ends are), and the 5, 50 and 95 % quantiles."""

    mean: float
    low: float
    high: float
    p05: float
    median: float
    p95: float
    n: int
    kind: str = ""


@dataclass(frozen=True)
class Findings(ShowsItself):
    """What a comparison found. ``extra`` holds the optional tables that are there; ``run`` is run.json.

    ``folder``: where it was read from; None for a comparison that was not written. ``result``: that folder, opened.
    """

    _shown_in: ClassVar[str] = "wom_sim.present.notebook"

    folder: Path | None
    scenario: Scenario
    run: Mapping[str, Any]
    summary: pd.DataFrame
    differences: pd.DataFrame
    departures: pd.DataFrame
    replications: pd.DataFrame
    daily: pd.DataFrame
    extra: Mapping[str, pd.DataFrame]
    result: ResultFolder | None = None

    @property
    def policies(self) -> list[str]:
        """Return the policies in the order of the scenario, ``keep`` first."""
        there = set(self.summary["policy"])
        return [p.name for p in policies_of(self.scenario) if p.name in there]

    @property
    def options(self) -> list[str]:
        """Return the policies other than ``keep``."""
        return [name for name in self.policies if name != "keep"]

    @property
    def runs(self) -> int:
        """Return the number of runs of each policy: replications, in every world if there are several."""
        return int(self.replications.groupby("policy").size().max())

    @property
    def worlds(self) -> int:
        """Return the number of drawn worlds, 0 where parameters were not drawn."""
        return int(self.replications["world"].nunique()) if "world" in self.replications else 0

    @property
    def days_kept(self) -> bool:
        """Return whether what happened day by day was kept; a run over worlds does not."""
        return not self.daily.empty

    def estimate(self, policy: str, indicator: str) -> Estimate:
        """Return the summary of an indicator under a policy. Raises KeyError when there is none."""
        return self._summaries[policy, indicator]

    def gap(self, policy: str, against: str, indicator: str) -> Estimate:
        """Return the paired difference of two policies in an indicator; the table may hold it the other way round."""
        try:
            return self._gaps[policy, against, indicator]
        except KeyError:
            e = self._gaps[against, policy, indicator]
            return Estimate(-e.mean, -e.high, -e.low, -e.p95, -e.median, -e.p05, e.n, e.kind)

    def over_time(self, column: str) -> pd.DataFrame:
        """Return policy, day, mean, median, low, high (5-95 % of the runs) of a cumulated daily column."""
        return over_time(self.daily, column)

    @cached_property
    def _summaries(self) -> dict[tuple[str, ...], Estimate]:
        return _estimates(self.summary, ("policy", "indicator"))

    @cached_property
    def _gaps(self) -> dict[tuple[str, ...], Estimate]:
        return _estimates(self.differences, ("policy", "against", "indicator"))



def read(folder: str | Path) -> Findings:
    """Read the result folder of a comparison.

    Raises
    ------
    FolderError
        When the folder is missing, not a finished comparison, or holds tables that cannot be read.
    """
    where = opened(Path(folder), ("comparison", "worlds"))
    if gone := where.missing():
        listed = f"{RUN} lists {', '.join(gone)}, not there"
        raise FolderError(f"{where.path}: not complete: {listed}; run it again")
    over_worlds = _path(where, "summary") is None
    tables = _over_worlds(where) if over_worlds else {name: _table(where, name) for name in NEEDED}
    extra = {name: _table(where, name) for name in EXTRA if _path(where, name) is not None}
    found = Findings(where.path, where.scenario, where.run, extra=extra, result=where, **tables)
    _check_policies(found)
    return found


def _path(folder: ResultFolder, name: str) -> Path | None:
    """Return the file of a table, if it is one of the result, or None."""
    return next((folder.path / file for file in (f"{name}.csv", f"{name}.parquet") if folder.has(file)), None)


def _table(folder: ResultFolder, name: str) -> pd.DataFrame:
    """Return a table of the folder. Raises FolderError when it is missing, broken, or lacks columns."""
    path = _path(folder, name)
    if path is None:
        raise FolderError(f"{folder.path}: {name} is missing (allowed: {name}.csv or {name}.parquet); run it again")
    try:
        table = read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except pd.errors.EmptyDataError:  # a table without rows has no heads either
        table = pd.DataFrame(columns=sorted(COLUMNS.get(name, set())))
    except Exception as error:  # pandas and pyarrow raise kinds of their own
        raise FolderError(f"{path}: cannot be read: {' '.join(str(error).split())[:200]}") from None
    missing = sorted(COLUMNS.get(name, set()) - set(table.columns))
    if missing:
        raise FolderError(f"{path}: column {', '.join(missing)} is missing; there are {', '.join(table.columns)}")
    return table


def _over_worlds(folder: ResultFolder) -> dict[str, pd.DataFrame]:
    """Return the tables of a run over drawn worlds, which keeps runs and verdicts only; intervals count worlds."""
    runs = _table(folder, "replications")
    if "world" not in runs:
        raise FolderError(f"{folder.path}: summary is missing (allowed: summary.csv or summary.parquet); run it again")
    empty = {name: pd.DataFrame(columns=sorted(COLUMNS[name])) for name in ("departures", "daily")}
    return {"replications": runs, "summary": compare.summary(runs), "differences": compare.differences(runs)} | empty


def _check_policies(found: Findings) -> None:
    """Raise FolderError where the tables and the scenario name other policies: files of two runs were mixed."""
    named = [p.name for p in policies_of(found.scenario)]
    there = list(dict.fromkeys(found.summary["policy"].astype(str)))
    if set(named) != set(there):
        raise FolderError(
            f"{found.folder}: summary.csv has {', '.join(there)}, scenario.toml has {', '.join(named)}; "
            "these files are of different runs"
        )


def _estimates(table: pd.DataFrame, keys: tuple[str, ...]) -> dict[tuple[str, ...], Estimate]:
    """Return the estimate of each row of a table by what stands in the columns ``keys``; of equal rows, the first."""
    blank = [float("nan")] * len(table)
    numbers = [table[name].astype(float).tolist() if name in table else blank for name in Estimate._fields[:6]]
    counts = table["n"].tolist() if "n" in table else [0] * len(table)
    kinds = table["kind"].tolist() if "kind" in table else [""] * len(table)
    found: dict[tuple[str, ...], Estimate] = {}
    names = zip(*(table[key] for key in keys), strict=True)
    for row, *values, n, kind in zip(names, *numbers, counts, kinds, strict=True):
        found.setdefault(row, Estimate._make((*values, int(n), str(kind))))
    return found
