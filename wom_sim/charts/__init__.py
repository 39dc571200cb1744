"""Charts: a table goes in, a matplotlib ``Figure`` comes out. The only place that imports matplotlib.

Each chart is a function ``draw(table, setting)`` in a file of its own, which is found by itself. It neither changes
its table nor keeps any state, and uses no pyplot, so that it may run in any thread and without a screen. Importing this
package is instant: matplotlib is imported when the first chart is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts.page import alt_text
from wom_sim.charts.save import save
from wom_sim.charts.setting import SIZES, Setting
from wom_sim.charts.style import Look, palette

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["CHARTS", "SIZES", "Chart", "Look", "Setting", "alt_text", "palette", "save"]


class Chart(NamedTuple):
    """A chart: its name (also that of its file; ``chart.kind.NAME`` says what it shows), who draws it.

    A chart may say where its table comes from and where it stands, as one of another package does (``OwnChart``):
    ``reads`` names the file of a result folder, ``table`` makes of that what is drawn (None: the whole is),
    ``section`` is the section of the report ("": it is left to ``wom-sim chart``), ``beside`` what stands in the table
    beside it there: columns, and the unit of each ("" for names). In its file these are ``READS``, ``table``,
    ``SECTION`` and ``BESIDE``. The table of a chart that reads more than one file is in ``present/sources.py``.
    """

    name: str
    draw: Callable[..., Figure]
    reads: str = ""
    table: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    section: str = ""
    beside: Mapping[str, str] = MappingProxyType({})


_FIRST = (
    "reached", "departures", "fan", "differences", "dumbbell", "paired", "exceedance", "ledger", "payback", "value",
    "buzz", "channels", "cascade", "verdicts", "tornado", "response", "interaction", "heatmap", "sobol", "morris",
    "breakeven", "frontier", "boxes", "learned", "taught", "checked", "calibrated",
)  # fmt: skip
"""In the order in which they are shown: what happened, how sure, money, spreading, what decides, what was learned."""
_APART = ("changed",)
"""Charts that are drawn of two folders, and so by their own caller."""
_DRAWS = re.compile(r"^def draw\(table\b", re.MULTILINE)


def _chart(name: str) -> Chart:
    """Return the chart of a file, with what it says of itself."""
    module = import_module(f"{__name__}.{name}")
    said = vars(module)
    reads = str(said.get("READS", ""))
    table = said.get("table") if reads else None
    return Chart(name, module.draw, reads, table, str(said.get("SECTION", "")), said.get("BESIDE", {}))


def _found(folder: Path) -> tuple[Chart, ...]:
    """Return every chart of a folder, in order: the files that have ``draw(table, setting)``."""
    here = {file.stem for file in folder.glob("*.py") if _DRAWS.search(file.read_text(encoding="utf-8"))} - {*_APART}
    gone = [name for name in _FIRST if name not in here]
    if gone:
        raise ImportError(f"charts: no file has draw(table, setting) for {', '.join(gone)}, which the order names")
    return tuple(_chart(name) for name in (*_FIRST, *sorted(here - set(_FIRST))))


CHARTS = _found(Path(__file__).parent)
"""Those of ``_FIRST`` in its order, then the others by their name."""
