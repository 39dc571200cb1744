"""A risk budget, such as ``es95<=5e6``: what is measured, over which runs, and how much is allowed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import pandas as pd

from wom_sim.outcomes.risk import LEVEL, expected_shortfall, losses, quantile_interval, shortfall_interval
from wom_sim.outcomes.risk import value_at_risk as var
from wom_sim.outcomes.units import mean_interval, share_interval, units_of

MEASURES = {
    "es95": "mean loss in the worst 5 % of runs (expected shortfall; below zero: even these gain)",
    "var95": "loss that 5 % of runs exceed (value at risk; below zero: that much is still gained)",
    "national": "chance of national coverage",
    "loss": "chance of a net loss",
    "lost": "mean number of profitable customers lost",
}
CHANCES = ("national", "loss")
_FORM = re.compile(r"\s*([a-z0-9_]+)\s*<=\s*([^\s<>=]+)\s*")
_ROUNDING = 1e-9

Measured = tuple[float, float, float]
"""Value, low and high end of the 95 % interval; NaN where there is no such end."""


@dataclass(frozen=True)
class Budget:
    """At most ``limit`` of a measure."""

    measure: str
    limit: float

    @property
    def text(self) -> str:
        """Return it as it is given."""
        return f"{self.measure}<={self.limit:.12g}"

    def excess(self, value: float) -> float:
        """Return how far a value is beyond what is allowed, as a share of it where that can be; at most 0 is within."""
        scale = abs(self.limit) or 1.0
        return (value - self.limit) / scale - _ROUNDING


def budget(text: str) -> Budget:
    """Return the budget that a text gives.

    Raises
    ------
    ValueError
        With what was given and what is allowed.

    >>> budget("es95<=5e6").limit
    5000000.0
    """
    match = _FORM.fullmatch(text)
    if match is None or match[1] not in MEASURES:
        raise ValueError(f"given {text!r}, allowed: MEASURE<=NUMBER, MEASURE being one of {', '.join(MEASURES)}")
    try:
        limit = float(match[2])
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise ValueError(f"given {text!r}, allowed: a number after <=, such as {match[1]}<=0.1")
    if match[1] in CHANCES and not 0.0 <= limit <= 1.0:
        raise ValueError(f"given {text!r}, allowed: a chance, 0 to 1")
    return Budget(match[1], limit)


def budgets(texts: list[str]) -> list[Budget]:
    """Return the budgets; a measure may have one only. Raises ValueError."""
    found = [budget(text) for text in texts]
    twice = {b.measure for b in found if sum(other.measure == b.measure for other in found) > 1}
    if twice:
        raise ValueError(f"{', '.join(sorted(twice))}: given more than once")
    return found


def measured(measure: str, runs: pd.DataFrame) -> Measured:
    """Return a measure over the runs of one candidate, with its 95 % interval."""
    unit = units_of(runs)
    loss = losses(runs, "net_value")
    if measure == "es95":
        return expected_shortfall(loss, LEVEL), *shortfall_interval(loss, LEVEL, unit)
    if measure == "var95":
        return var(loss, LEVEL), *quantile_interval(loss, LEVEL, unit)
    if measure == "national":
        return share_interval(runs["national_coverage"].to_numpy(dtype=float), unit)
    if measure == "loss":
        return share_interval((loss > 0).astype(float), unit)
    lost = runs["lost_profitable"].to_numpy(dtype=float)
    return float(lost.mean()), *mean_interval(lost, unit, signed=False)
