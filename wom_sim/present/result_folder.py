"""A result folder of ``wom-sim compare``, read once, checked, and handed on as one frozen object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.outcomes import compare
from wom_sim.outcomes.curves import over_time
from wom_sim.present.material import FolderError
from wom_sim.scenario import Scenario, ScenarioError, load_scenario
from wom_sim.simulation import policies_of

__all__ = ["Estimate", "Findings", "FolderError", "read"]

NEEDED = ("summary", "differences", "departures", "replications", "daily")
"""Tables that every comparison writes."""
EXTRA = (
    "risk", "paired", "ledger", "attribution", "worlds", "verdicts", "drivers", "breakeven",
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
    "attribution": {"policy", "effect", "dimension", "value", "share"},
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

    ``folder``: where it was read from; None for a comparison that was not written.
    """

    folder: Path | None
    scenario: Scenario
    run: Mapping[str, Any]
    summary: pd.DataFrame
    differences: pd.DataFrame
    departures: pd.DataFrame
    replications: pd.DataFrame
    daily: pd.DataFrame
    extra: Mapping[str, pd.DataFrame]

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
        return _only(self.summary, policy=policy, indicator=indicator)

    def gap(self, policy: str, against: str, indicator: str) -> Estimate:
        """Return the paired difference of two policies in an indicator; the table may hold it the other way round."""
        try:
            return _only(self.differences, policy=policy, against=against, indicator=indicator)
        except KeyError:
            e = _only(self.differences, policy=against, against=policy, indicator=indicator)
            return Estimate(-e.mean, -e.high, -e.low, -e.p95, -e.median, -e.p05, e.n, e.kind)

    def over_time(self, column: str) -> pd.DataFrame:
        """Return policy, day, mean, median, low, high (5-95 % of the runs) of a cumulated daily column."""
        return over_time(self.daily, column)

    def _shown(self) -> Shown:
        """Return the key figures of each policy."""
        from wom_sim.present.notebook import key_figures

        return key_figures(self)


def read(folder: str | Path) -> Findings:
    """Read the result folder of a comparison.

    Raises
    ------
    FolderError
        When the folder is missing, not a finished comparison, or holds tables that cannot be read.
    """
    where = Path(folder)
    run = _manifest(where)
    try:
        scenario = load_scenario(where / "scenario.toml")
    except ScenarioError as error:
        raise FolderError(f"{where / 'scenario.toml'}: cannot be read by this version of wom_sim:\n{error}") from None
    tables = _over_worlds(where) if _path(where, "summary") is None else {name: _table(where, name) for name in NEEDED}
    extra = {name: _table(where, name) for name in EXTRA if _path(where, name) is not None}
    found = Findings(where, scenario, run, extra=extra, **tables)
    _check_policies(found)
    return found


def _manifest(folder: Path) -> dict[str, Any]:
    """Return run.json, whose presence says that the comparison ended well."""
    if not folder.exists():
        raise FolderError(f"{folder}: no such folder; allowed: a folder written by wom-sim compare ... --out DIR")
    if not folder.is_dir():
        raise FolderError(f"{folder}: is a file; allowed: a folder written by wom-sim compare ... --out DIR")
    file = folder / "run.json"
    if not file.is_file():
        if (folder / "manifest.sqlite").exists() or (folder / "study.toml").exists():
            raise FolderError(f"{folder}: is a study; allowed here: a comparison (wom-sim compare ... --out DIR)")
        half = any(_path(folder, name) is not None for name in NEEDED)
        what = (
            "is half written: run.json, which comes last, is missing" if half else "holds no comparison (no run.json)"
        )
        raise FolderError(f"{folder}: {what}; run wom-sim compare ... --out {folder} to the end")
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FolderError(f"{file}: cannot be read: {error}") from None
    if not isinstance(run, dict):
        raise FolderError(f"{file}: given {type(run).__name__}, allowed: a table of keys and values")
    gone = [name for name in run.get("files", []) if not name.startswith("charts/") and not (folder / name).exists()]
    if gone:
        raise FolderError(f"{folder}: not complete: run.json lists {', '.join(gone)}, not there; run it again")
    return run


def _path(folder: Path, name: str) -> Path | None:
    """Return the file of a table, or None."""
    return next((p for p in (folder / f"{name}.csv", folder / f"{name}.parquet") if p.is_file()), None)


def _table(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of the folder. Raises FolderError when it is missing, broken, or lacks columns."""
    path = _path(folder, name)
    if path is None:
        raise FolderError(f"{folder}: {name} is missing (allowed: {name}.csv or {name}.parquet); run it again")
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except pd.errors.EmptyDataError:  # a table without rows has no heads either
        table = pd.DataFrame(columns=sorted(COLUMNS.get(name, set())))
    except Exception as error:  # pandas and pyarrow raise kinds of their own
        raise FolderError(f"{path}: cannot be read: {' '.join(str(error).split())[:200]}") from None
    missing = sorted(COLUMNS.get(name, set()) - set(table.columns))
    if missing:
        raise FolderError(f"{path}: column {', '.join(missing)} is missing; there are {', '.join(table.columns)}")
    return table


def _over_worlds(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a run over drawn worlds, which keeps runs and verdicts only; intervals count worlds."""
    runs = _table(folder, "replications")
    if "world" not in runs:
        raise FolderError(f"{folder}: summary is missing (allowed: summary.csv or summary.parquet); run it again")
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


def _only(table: pd.DataFrame, **where: str) -> Estimate:
    """Return the one row of a table for which each column has the value given. Raises KeyError."""
    wanted = pd.Series(True, index=table.index)
    for column, value in where.items():
        wanted &= table[column] == value
    rows = table[wanted]
    if rows.empty:
        raise KeyError(", ".join(where.values()))
    row = rows.iloc[0]
    blank = float("nan")
    mean, low, high, p05, median, p95 = (float(row.get(name, blank)) for name in Estimate._fields[:6])
    return Estimate(mean, low, high, p05, median, p95, int(row.get("n", 0)), str(row.get("kind", "")))
