"""Charts of other packages: what they declare, and how one is drawn so that a failure is told in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wom_sim import plugins
from wom_sim.charts.page import alt_text
from wom_sim.charts.setting import Setting
from wom_sim.plugins.limit import PluginError, called

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class OwnChart:
    """A chart of another package.

    ``name`` is that of its entry point and of its files, ``title`` says what it shows, ``reads`` names the file of a
    result folder whose table it is given (such as ``replications.parquet`` or ``daily.parquet``). ``table`` makes of
    that what is drawn and written beside the picture; if left out it is the whole. ``draw`` takes that table and a
    ``Setting`` (language, currency, order of the policies, page), changes neither, and returns a matplotlib figure; the
    figure's label (``figure.set_label``) is its text for who cannot see it. ``section``: the section of the report in
    which it stands; "" leaves it to ``wom-sim chart``.
    """

    name: str
    title: str
    reads: str
    draw: Callable[[pd.DataFrame, Setting], Figure]
    table: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    section: str = ""


@lru_cache(maxsize=64)
def own(name: str) -> OwnChart:
    """Return the chart of another package by its name.

    Raises
    ------
    ValueError
        If no installed package has it, and (PluginError) if it is none, or says of itself what cannot be.
    """
    found = plugins.declared(plugins.CHART, name, OwnChart)
    if not name.isidentifier():
        raise _wrong(name, "must have a name of letters, digits and _")
    texts = (found.title, found.reads)
    if not all(isinstance(text, str) and text for text in texts) or not isinstance(found.section, str):
        raise _wrong(name, "needs a title and the name of the file that it reads")
    if not callable(found.draw) or not (found.table is None or callable(found.table)):
        raise _wrong(name, "has a draw or table that is no function")
    return found


def table_of(chart: OwnChart, given: pd.DataFrame) -> pd.DataFrame:
    """Return the table that is drawn. Raises PluginError where what the chart makes of ``given`` is none."""
    made: Any = given.copy()
    if chart.table is not None:
        make = chart.table
        made = called(chart.name, "made", lambda: make(given.copy()), plugins.CHART)
    if not hasattr(made, "columns") or not hasattr(made, "to_csv"):
        raise _wrong(chart.name, f"made a {type(made).__name__}, allowed: a pandas DataFrame")
    return made.reset_index(drop=True)  # type: ignore[no-any-return]


def draw(chart: OwnChart, table: pd.DataFrame, setting: Setting) -> Figure:
    """Return the chart's figure, with a text for who cannot see it. Raises PluginError where it gives none."""
    made = called(chart.name, "drawn", lambda: chart.draw(table.copy(), setting), plugins.CHART)
    if not hasattr(made, "savefig") or not hasattr(made, "get_size_inches"):
        raise _wrong(chart.name, f"drew a {type(made).__name__}, allowed: a matplotlib Figure")
    if not alt_text(made):
        made.set_label(f"{chart.title}. {setting.note}" if setting.note else chart.title)
    return made  # type: ignore[no-any-return]


def _wrong(name: str, what: str) -> PluginError:
    return plugins.wrong(plugins.CHART, name, OwnChart, what)
