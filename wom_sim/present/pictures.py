"""The charts of a result folder: which it allows, drawn and written with the data and the text of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from wom_sim.charts import CHARTS, Chart, Setting, save
from wom_sim.charts.own import OwnChart, draw, own, table_of
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

    ``replay``: why, where that is that a run cannot be repeated. ``again`` draws one of ours in another setting.
    """

    name: str
    table: pd.DataFrame
    figure: Any
    reason: str
    replay: CannotReplayError | None = None
    again: Callable[[Setting], Any] | None = None


def names_in(found: Material) -> list[str]:
    """Return the names of our charts, then of those of other packages that the folder's scenario names."""
    return [*(chart.name for chart in CHARTS), *found.own_charts]


def chart_named(name: str) -> Chart:
    """Return a chart of the registry. Raises ValueError, naming those there are."""
    for chart in CHARTS:
        if chart.name == name:
            return chart
    raise ValueError(f"chart: given {name!r}, allowed: {', '.join(chart.name for chart in CHARTS)}")


def setting_for(found: Material, lang: str = "en", size: str = "slide", titled: bool = True) -> Setting:
    """Return the setting in which the charts of a folder are drawn. Raises MissingError without a scenario."""
    words, called = Words(lang), found.called(lang)
    return Setting(
        found.note(words), tuple(found.policies), found.currency, lang, size, found.key(words), titled=titled,
        called=called,
    )


def drawn(found: Material, setting: Setting, names: Sequence[str] = ()) -> Iterator[Drawn]:
    """Yield the charts that a folder allows, and for the others why it does not; all, or those named."""
    for name in names or names_in(found):
        theirs = own(name) if name in found.own_charts else None
        try:
            table = table_for(name, found) if theirs is None else _table_of(theirs, found)
        except MissingError as missing:
            yield Drawn(name, pd.DataFrame(), None, str(missing), missing.replay)
            continue
        if theirs is not None:
            yield Drawn(name, table, draw(theirs, table, setting), "")
            continue
        ours = partial(chart_named(name).draw, table)
        yield Drawn(name, table, ours(setting), "", again=ours)


def _table_of(chart: OwnChart, found: Material) -> pd.DataFrame:
    """Return the table of a chart of another package. Raises MissingError where the folder has not what it reads."""
    table = table_of(chart, found.table(chart.reads))
    if table.empty:
        raise MissingError(f"nothing to show: {chart.reads} has no rows of this kind")
    return table


def title_of(name: str, found: Material, words: Words) -> str:
    """Return what a chart shows, in words."""
    return own(name).title if name in found.own_charts else words.say(f"chart.kind.{name}")


def allowed(found: Material, name: str) -> str:
    """Return why a folder does not allow a chart; an empty text when it does. Nothing is drawn."""
    try:
        if name in found.own_charts:
            _table_of(own(name), found)
        else:
            table_for(name, found)
    except MissingError as missing:
        return str(missing)
    return ""


def write_charts(folder: Path, lang: str = "en") -> list[Path]:
    """Draw every chart that a result folder allows into ``folder/charts``; return the files written."""
    found = material(folder)
    figures = (each for each in drawn(found, setting_for(found, lang)) if each.figure is not None)
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
    for each in drawn(found, setting_for(found), [*names, *found.own_charts]):
        if each.figure is not None:
            paths = save(each.figure, each.table, folder, each.name)
            written += [f"{folder.name}/{path.name}" for path in paths]
    return written
