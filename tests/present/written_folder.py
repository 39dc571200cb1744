"""A folder whose few tables are written down in a test: as much of one as the sources of charts ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from small_runs import ROOT

from wom_sim.present.material import MissingError
from wom_sim.scenario import Scenario, load_scenario

FILE = ROOT / "scenarios" / "first_look.toml"
APOLOGISES = "policies.bulk letter.response={kind='apologise', after_days=4}"


@dataclass
class Folder:
    """Tables by name, and what the folder is."""

    tables: dict[str, pd.DataFrame]
    replications: int = 4
    worlds: int = 0
    output: str = ""
    scenario: Scenario = field(default_factory=lambda: load_scenario(FILE, [APOLOGISES]))

    def has(self, name: str) -> bool:
        return name in self.tables

    def left_out(self, name: str) -> str:
        return f"{name} was left out"

    def table(self, name: str, *columns: str, numbers=()) -> pd.DataFrame:
        """Return a table, refused as by the real folder where it lacks what the source says that it needs."""
        table = self.tables[name]
        lacking = [column for column in (*columns, *numbers) if column not in table.columns]
        if lacking:
            raise MissingError(f"{name} has no column {', '.join(lacking)}")
        return table
