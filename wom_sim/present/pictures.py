"""The charts of a result folder: which it allows, drawn and written with the data and the text of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from wom_sim.charts import CHARTS, Chart, Setting, save
from wom_sim.present.material import Material, MissingError, material
from wom_sim.present.sources import table_for
from wom_sim.results.files import note_shown
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.results.replay import CannotReplayError
    from wom_sim.study.compare import Comparison

FIRST = ("reached", "departures", "differences", "ledger", "payback")
"""The charts that a comparison draws by itself; ``wom-sim chart`` draws all."""
FORMATS = ("png", "svg", "pdf")


class Drawn(NamedTuple):
    """A chart of a folder: its name, the table and the figure; or, without a figure (None), why there is none.

    ``replay``: why, where that is that a run cannot be repeated.
    """

    name: str
    table: pd.DataFrame
    figure: Any
    reason: str
    replay: CannotReplayError | None = None


def chart_named(name: str) -> Chart:
    """Return a chart of the registry. Raises ValueError, naming those there are."""
    for chart in CHARTS:
        if chart.name == name:
            return chart
    raise ValueError(f"chart: given {name!r}, allowed: {', '.join(chart.name for chart in CHARTS)}")


def setting_for(found: Material, lang: str = "en", size: str = "slide") -> Setting:
    """Return the setting in which the charts of a folder are drawn. Raises MissingError without a scenario."""
    words = Words(lang)
    return Setting(found.note(words), tuple(found.policies), found.currency, lang, size, found.key(words))


def drawn(found: Material, setting: Setting, names: Sequence[str] = ()) -> Iterator[Drawn]:
    """Yield the charts that a folder allows, and for the others why it does not; all, or those named."""
    for name in names or [chart.name for chart in CHARTS]:
        try:
            table = table_for(name, found)
        except MissingError as missing:
            yield Drawn(name, pd.DataFrame(), None, str(missing), missing.replay)
            continue
        yield Drawn(name, table, chart_named(name).draw(table, setting), "")


def allowed(found: Material, name: str) -> str:
    """Return why a folder does not allow a chart; an empty text when it does. Nothing is drawn."""
    try:
        table_for(name, found)
    except MissingError as missing:
        return str(missing)
    return ""


def write_charts(folder: Path) -> list[Path]:
    """Draw every chart that a result folder allows into ``folder/charts``; return the files written."""
    found = material(folder)
    figures = (each for each in drawn(found, setting_for(found)) if each.figure is not None)
    written = [path for each in figures for path in save(each.figure, each.table, folder / "charts", each.name)]
    note_shown(folder, written)
    return written


def write_pictures(comparison: Comparison, folder: Path, names: Sequence[str] = FIRST) -> list[str]:
    """Draw charts of a comparison that is not on disk yet into ``folder``; return the names written."""
    given = {
        "summary.csv": comparison.summary,
        "differences.csv": comparison.differences,
        "departures.csv": comparison.departures,
        "months.csv": comparison.months,
        "replications.parquet": comparison.replications,
        "daily.parquet": comparison.daily,
    }
    found = Material(folder.parent, given, comparison.scenario)
    written: list[str] = []
    folder.mkdir(parents=True, exist_ok=True)
    for each in drawn(found, setting_for(found), names):
        if each.figure is not None:
            paths = save(each.figure, each.table, folder, each.name)
            written += [f"{folder.name}/{path.name}" for path in paths]
    return written
