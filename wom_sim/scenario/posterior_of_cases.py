"""What real cases have taught of how talk becomes news (``worlds.draw_from = "posterior"``): joint draws.

A draw is a rule of pick-up, and for each number the quantile (0 to 1) of its plausible range, so that it means the same
in every trade, currency and year of media, whose ranges differ. Where the draws come from: docs/POSTERIOR.md.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wom_sim.scenario.distributions import Distribution, Limits
from wom_sim.scenario.posterior import Drawn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wom_sim.scenario.models import Scenario

OWN = {
    "media.report.median_days": Distribution(low=0.0, high=6.0),
    "media.report.found_late": Distribution(low=0.0, high=0.5),
}
"""Ranges of numbers that are drawn here alone: around 3 days and a quarter (14 cases, B)."""
DRAWS = Path(__file__).parent / "public.parquet"
"""A row a draw: ``media.which``, and a column of quantiles for each number."""
WHICH = "media.which"
POSTERIOR = "posterior"
ANY, RULES = "any", ("level", "taste", "story")
"""The rule where nobody knows which holds, and the rules by ``media.which``."""


def public_quantiles(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Return the draws by key: quantiles, but for ``media.which``; nothing where the scenario draws from ranges."""
    return _read() if scenario.worlds.draw_from == POSTERIOR else {}


@lru_cache(maxsize=1)
def _read() -> dict[str, NDArray[np.float64]]:
    import pyarrow.parquet as pq

    table = pq.read_table(DRAWS)
    return {name: table[name].to_numpy().astype("float64") for name in table.column_names}


def narrowed(key: str, known: Distribution | Drawn | None, draws: NDArray[np.float64], limits: Limits) -> Drawn | None:
    """Return the values of a number, row by row: those of its own range at the quantiles that cases have taught.

    Nothing where it has no range.
    """
    if key == WHICH:
        return Drawn(draws)
    known = OWN.get(key, known)
    return None if known is None else Drawn(known.at(draws, limits, draws))
