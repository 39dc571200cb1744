"""Pattern 8: everyone pays 60 % more.

Netflix lost 3.3 % of its customers in the quarter, net of those who joined. The pattern asks that many *extra*
departures, relative to keeping the price, at the default churn of 2.0 % a month. That is a hazard about 1.6 times
as high. Netflix's own figures give nearly the same factor: 24.6 million at the start, 4.7 million joined, 23.8 at the
end, so 5.5 million left, 6.3 % a month by its definition of churn (joiners in the denominator), against 4.2 % in the
quarter before (the latter figure from memory, grade B): 1.5 times.

The market is smaller than Netflix. That does not matter: everybody is told, posts a head and readers a head are the
same, and buzz is far above every outlet's threshold at either size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pattern_runs import HERE, Row, mean_row, runs

from wom_sim import load_scenario
from wom_sim.outcomes.indicators import extra_departures

TARGET = ("about 3.3 (3.0 to 3.6)", 3.0, 3.6)


def lost(replications: int, sets: list[str]) -> NDArray[np.float64]:
    """Return the extra departures in the quarter, in % of all customers, for each replication."""
    scenario = load_scenario(HERE / "price.toml", sets)
    results = runs(scenario, "price rise", replications)
    extra = np.array([extra_departures(r.trace.book.daily).sum() for r in results], dtype=float)
    return 100.0 * extra / scenario.population.customers


def price_rows(replications: int, sets: list[str]) -> list[Row]:
    """Return pattern 8."""
    values = lost(replications, sets)
    return [mean_row("8 extra departures in a quarter, price + 60 %, %", TARGET, values, ".2f")]
