"""Charts: a table goes in, a matplotlib ``Figure`` comes out. The only place that imports matplotlib.

Each chart is a function ``draw(table, setting)`` in a file of its own. It neither changes its table nor keeps
any state, and uses no pyplot, so that it may run in any thread and without a screen. Importing this package is
instant: matplotlib is imported when the first chart is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts import (
    boxes,
    breakeven,
    buzz,
    calibrated,
    cascade,
    channels,
    checked,
    departures,
    differences,
    dumbbell,
    exceedance,
    fan,
    frontier,
    heatmap,
    interaction,
    learned,
    ledger,
    morris,
    paired,
    payback,
    reached,
    response,
    sobol,
    taught,
    tornado,
    value,
    verdicts,
)
from wom_sim.charts.page import alt_text
from wom_sim.charts.save import save
from wom_sim.charts.setting import SIZES, Setting
from wom_sim.charts.style import Look, palette

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CHARTS", "SIZES", "Chart", "Look", "Setting", "alt_text", "palette", "save"]


class Chart(NamedTuple):
    """A chart: its name (also that of its file; ``chart.kind.NAME`` says what it shows), who draws it."""

    name: str
    draw: Callable[..., Figure]


CHARTS = (
    Chart("reached", reached.draw),
    Chart("departures", departures.draw),
    Chart("fan", fan.draw),
    Chart("differences", differences.draw),
    Chart("dumbbell", dumbbell.draw),
    Chart("paired", paired.draw),
    Chart("exceedance", exceedance.draw),
    Chart("ledger", ledger.draw),
    Chart("payback", payback.draw),
    Chart("value", value.draw),
    Chart("buzz", buzz.draw),
    Chart("channels", channels.draw),
    Chart("cascade", cascade.draw),
    Chart("verdicts", verdicts.draw),
    Chart("tornado", tornado.draw),
    Chart("response", response.draw),
    Chart("interaction", interaction.draw),
    Chart("heatmap", heatmap.draw),
    Chart("sobol", sobol.draw),
    Chart("morris", morris.draw),
    Chart("breakeven", breakeven.draw),
    Chart("frontier", frontier.draw),
    Chart("boxes", boxes.draw),
    Chart("learned", learned.draw),
    Chart("taught", taught.draw),
    Chart("checked", checked.draw),
    Chart("calibrated", calibrated.draw),
)
"""In the order in which they are shown: what happened, how sure, money, spreading, what decides, what was learned."""
