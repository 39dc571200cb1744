"""The folder of a study that was run and analysed, read once, checked, and handed on as one frozen object."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from wom_sim import __version__
from wom_sim._notebook import ShowsItself
from wom_sim.present.material import Material, MissingError, material
from wom_sim.results.folder import FolderError, kind_of
from wom_sim.scenario import Scenario, fingerprint

TABLES = (
    "points", "effects", "interactions", "regression", "luck", "sobol", "morris", "prcc", "delta", "pawn", "features",
    "robust", "worth",
)  # fmt: skip
"""Tables of the analysis that are told in words; the others are shown as charts."""


@dataclass(frozen=True)
class StudyFindings(ShowsItself):
    """What a study found. ``asked``: its study file; ``index``: analysis.json; ``tables``: by name, where made."""

    _shown_in: ClassVar[str] = "wom_sim.present.notebook"

    folder: Path
    scenario: Scenario
    asked: Mapping[str, Any]
    index: Mapping[str, Any]
    design: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    @property
    def run(self) -> dict[str, Any]:
        """Return what names the run on every page, as run.json does for a comparison."""
        about = {"fingerprint": fingerprint(self.scenario), "wom_sim": self.index.get("wom_sim", __version__)}
        return about | {"seed": self.index.get("seed")}

    @property
    def policies(self) -> list[str]:
        """Return the policies that were run, in the order of the study; not that to which all are relative."""
        return [str(p) for p in self.index["policies"] if p != self.index.get("reference", "keep")]

    @property
    def outputs(self) -> list[str]:
        """Return the outputs, net value first where it was measured."""
        return sorted(map(str, self.index["outputs"]), key=lambda name: name != "net_value")

    def material(self, output: str = "") -> Material:
        """Return what the charts are drawn from, for an output (that of the charts' own choice if left out)."""
        found = material(self.folder)
        found.output = output
        return found



def is_study(folder: str | Path) -> bool:
    """Return whether a folder is that of a study."""
    found = kind_of(Path(folder)) if Path(folder).is_dir() else None
    return found is not None and found.name == "study"


def read_study(folder: str | Path) -> StudyFindings:
    """Read the folder of a study.

    Raises
    ------
    FolderError
        When the folder holds no study, the study has not run to its end or was not analysed, or a file cannot be read.
    """
    where = Path(folder)
    if not is_study(where):
        raise FolderError(f"{where}: holds no study; allowed: a folder written by wom-sim sweep run ... --out DIR")
    if not (where / "table.parquet").is_file():
        raise FolderError(f"{where}: is a study that has not run to its end; wom-sim sweep run goes on with it")
    index = where / "analysis" / "analysis.json"
    if not index.is_file():
        raise FolderError(f"{where}: is a study that was not analysed; run wom-sim sweep analyse {where}")
    try:
        asked = tomllib.loads((where / "study.toml").read_text(encoding="utf-8"))
        noted = json.loads(index.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FolderError(f"{where}: study.toml or analysis.json cannot be read: {error}") from None
    found = material(where)
    gone = [key for key in ("policies", "outputs", "made") if key not in noted]
    if gone:
        raise FolderError(f"{index}: {', '.join(gone)} is missing; run wom-sim sweep analyse {where}")
    try:
        design = found.table("design.csv", "point")
        tables = {name: found.table(f"analysis/{name}.csv") for name in TABLES if name in noted["made"]}
        scenario = found.scenario
    except MissingError as error:
        raise FolderError(f"{where}: {error}; run wom-sim sweep analyse {where}") from None
    return StudyFindings(where, scenario, asked, noted, design, tables)
