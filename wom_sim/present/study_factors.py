"""Which factors of a study matter most, and where the best value is the last one that was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from wom_sim.outcomes.own import named
from wom_sim.present.study_folder import StudyFindings
from wom_sim.scenario import Scenario
from wom_sim.scenario.axes import limits_at
from wom_sim.scenario.used import is_choice

DECIDES = {"sobol": ("sobol", "total"), "saltelli": ("sobol", "total"), "morris": ("morris", "mu_star")}
"""The table and the column by which the factors of a design are ranked; others are by how far they swing the output."""
_SPOKEN = 0.05
"""A factor that moves the output less than this share of what the first moves it is not worth a word."""


def deciding_factors(found: StudyFindings) -> list[str]:
    """Return the factors that move the first output by more than chance shows, those that move it most first."""
    name, column = DECIDES.get(str(found.index["design"]), ("effects", "swing"))
    known = found.tables.get(name, pd.DataFrame())
    if known.empty:
        return []
    tested = {"sobol": "total_beyond_chance", "effects": "swing_beyond_chance"}.get(name, "used")
    mine = known[(known["output"] == found.outputs[0]) & known[column].notna() & (known[column] != 0.0)]
    for test in (tested, "used"):
        mine = mine[mine[test].astype(bool)] if test in mine else mine
    size = mine[column].abs().groupby(mine["factor"], sort=False).max()
    worth = size[size >= _SPOKEN * size.max()] if len(size) else size
    return [str(key) for key in worth.sort_values(ascending=False, kind="stable").index]


def at_the_edge(found: StudyFindings, factors: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield the firm's choices, of these factors, whose best value is the last that was tried on one side.

    The best value is that of the point with the best mean of the first output, of any policy that uses the factor. An
    end beyond which the scenario allows no value is no edge.
    """
    points, output = found.tables["points"], found.outputs[0]
    own = points[(points["output"] == output) & (points["against"] == found.index.get("reference", "keep"))]
    for key in factors:
        values = pd.to_numeric(found.design[key], errors="coerce")
        users = [p for p in found.policies if p not in found.index.get("unused", {}).get(key, ())]
        mine = own[own["policy"].isin(users) & own["mean"].notna()]
        if not is_choice(key) or values.isna().any() or values.nunique() < 2 or mine.empty:
            continue
        best = (
            mine["mean"].idxmin()
            if (known := named(output)) is not None and known.direction == "less"
            else mine["mean"].idxmax()
        )
        value = float(values[found.design["point"] == mine.loc[best, "point"]].iloc[0])
        if value in _open_ends(found.scenario, key, float(values.min()), float(values.max())):
            yield key, value


def _open_ends(scenario: Scenario, key: str, low: float, high: float) -> list[float]:
    """Return those ends of what was tried beyond which there is something to try."""
    least, most = limits_at(scenario, key)
    return [end for end, is_open in ((low, low > least), (high, high < most)) if is_open]
