"""Report and deck from Python: of a comparison in memory, or of a result folder."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd

from wom_sim._files import write_bytes_atomically, write_text_atomically
from wom_sim.present.result_folder import Findings, read
from wom_sim.study.compare import Comparison
from wom_sim.study.store import manifest

Results = Comparison | Findings | str | Path
"""A comparison, the findings of one, or the folder that holds one."""


def read_results(results: Results) -> Findings:
    """Return what a comparison found.

    Parameters
    ----------
    results : Comparison, Findings or path
        From ``compare``, or the folder that ``wom-sim compare --out`` wrote.

    Raises
    ------
    FolderError
        When the folder holds no finished comparison.
    """
    if isinstance(results, Findings):
        return results
    if not isinstance(results, Comparison):
        return read(results)
    return Findings(
        folder=None,
        scenario=results.scenario,
        run=manifest(results, [], []),
        summary=results.summary,
        differences=results.differences,
        departures=results.departures,
        replications=results.replications,
        daily=results.daily,
        extra=_further_tables(results),
    )


def _further_tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the tables beside the usual ones, as they would be read from the folder."""
    found = {name: getattr(comparison, name) for name in ("risk", "paired", "ledger", "attribution")}
    return {
        name: pd.read_csv(StringIO(table.to_csv(index=False)), keep_default_na=True)
        for name, table in found.items()
        if table is not None
    }


def write_report(results: Results, file: str | Path, lang: str = "en") -> Path:
    """Write the report of a comparison: one HTML page that needs no other file. Return its path.

    Parameters
    ----------
    results : Comparison, Findings or path
        What is reported.
    file : path
        Where to; an existing file is replaced.
    lang : {"en", "nl"}
        Language of the report.
    """
    from wom_sim.present.report import report

    write_text_atomically(file, report(read_results(results), lang))
    return Path(file)


def write_deck(results: Results, file: str | Path, lang: str = "en", template: str | Path | None = None) -> Path:
    """Write the deck of a comparison as a PowerPoint file. Return its path.

    Parameters
    ----------
    results : Comparison, Findings or path
        What is presented.
    file : path
        Where to; an existing file is replaced.
    lang : {"en", "nl"}
        Language of the deck.
    template : path, optional
        A PowerPoint file whose layouts and theme are used.
    """
    from wom_sim.present.deck import deck

    write_bytes_atomically(file, deck(read_results(results), lang, None if template is None else Path(template)))
    return Path(file)
