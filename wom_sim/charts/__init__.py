"""Charts: a table goes in, a matplotlib ``Figure`` comes out. The only place that imports matplotlib.

Each chart is a function ``draw(table, setting)`` in a file of its own. It neither changes its table nor keeps
any state, and uses no pyplot, so that it may run in any thread and without a screen. Importing this package is
instant: matplotlib is imported when the first chart is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

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


_NAMES = (
    "reached", "departures", "fan", "differences", "dumbbell", "paired", "exceedance", "ledger", "payback", "value",
    "buzz", "channels", "cascade", "verdicts", "tornado", "response", "interaction", "heatmap", "sobol", "morris",
    "breakeven", "frontier", "boxes", "learned", "taught", "checked", "calibrated",
)  # fmt: skip
CHARTS = tuple(Chart(name, import_module(f"{__name__}.{name}").draw) for name in _NAMES)
"""In the order in which they are shown: what happened, how sure, money, spreading, what decides, what was learned."""
