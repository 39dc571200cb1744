"""Charts: a table goes in, a matplotlib ``Figure`` comes out. The only place that imports matplotlib.

Each chart is a function ``draw(table, ...)`` in a file of its own. It neither changes its table nor keeps any
state, and uses no pyplot, so that it may run in any thread and without a screen. Importing this package is
instant: matplotlib is imported when the first chart is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts import departures, differences, ledger, reached
from wom_sim.charts.save import save
from wom_sim.charts.style import Look, palette
from wom_sim.charts.words import money, short_number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CHARTS", "Chart", "Look", "money", "palette", "save", "short_number"]


class Chart(NamedTuple):
    """A chart: its name (also that of its file), the function that draws it, what it shows."""

    name: str
    draw: Callable[..., Figure]
    title: str


CHARTS = (
    Chart("reached", reached.draw, "People reached over time"),
    Chart("departures", departures.draw, "Extra departures of profitable customers over time"),
    Chart("differences", differences.draw, "Differences to keeping everyone"),
    Chart("ledger", ledger.draw, "Where the money comes from and goes to"),
)
