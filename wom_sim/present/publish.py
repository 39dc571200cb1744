"""Report and deck from Python: of a comparison in memory, or of a result folder."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import cast

import pandas as pd

from wom_sim._files import write_bytes_atomically, write_text_atomically
from wom_sim._tables import csv_text, read_csv
from wom_sim.present.brand import Brand, read_brand
from wom_sim.present.drawn import Tell
from wom_sim.present.result_folder import Findings, read
from wom_sim.present.study_folder import StudyFindings, is_study, read_study
from wom_sim.present.wanted import AUDIENCES, BOARD, PLAIN, Wanted
from wom_sim.study.compare import Comparison
from wom_sim.study.store import manifest

Comparisons = Comparison | Findings | str | Path
"""A comparison, the findings of one, or the folder that holds one."""
Results = Comparisons | StudyFindings
"""A comparison, the findings of one or of a study, or the folder that holds either."""


def read_results(results: Comparisons) -> Findings:
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
    found = {name: getattr(comparison, name) for name in ("risk", "paired", "ledger", "months", "attribution", "base")}
    return {
        name: read_csv(StringIO(csv_text(table)))
        for name, table in found.items()
        if table is not None
    }


def read_any(folder: Path) -> Findings | StudyFindings:
    """Return what the comparison or the study in a folder found. Raises FolderError."""
    return read_study(folder) if is_study(folder) else read(folder)


def write_report(results: Results, file: str | Path, lang: str = "en") -> Path:
    """Write the report of a comparison or a study: one HTML page that needs no other file. Return its path.

    Parameters
    ----------
    results : Comparison, Findings or path
        What is reported.
    file : path
        Where to; an existing file is replaced.
    lang : {"en", "nl"}
        Language of the report.
    """
    write_text_atomically(file, page_of(results, lang))
    return Path(file)


def page_of(
    results: Results, lang: str = "en", tell: Tell = lambda words: None, brand: Brand = PLAIN.brand
) -> str:
    """Return the report of a comparison or a study as HTML; ``tell`` is called with what takes long."""
    study = _study(results)
    if study is not None:
        from wom_sim.present.study_report import study_report

        return study_report(study, lang, brand)
    from wom_sim.present.report import report

    return report(read_results(cast(Comparisons, results)), lang, tell, brand)


def one_page_of(results: Comparisons, lang: str = "en", brand: Brand = PLAIN.brand) -> str:
    """Return the verdict of a comparison on one page, as HTML, for somebody with two minutes."""
    from wom_sim.present.one_page import one_page

    return one_page(read_results(results), lang, brand)


def slides_of(results: Results, lang: str = "en", wanted: Wanted = PLAIN) -> bytes:
    """Return the deck of a comparison or a study as the content of a PowerPoint file; that of a study has one kind."""
    study = _study(results)
    if study is not None:
        from wom_sim.present.study_deck import study_deck

        return study_deck(study, lang, wanted)
    from wom_sim.present.deck import deck_for

    return deck_for(read_results(cast(Comparisons, results)), lang, wanted)


def _study(results: Results) -> StudyFindings | None:
    """Return what a study found; None where the results are those of a comparison."""
    if isinstance(results, StudyFindings):
        return results
    return read_study(results) if isinstance(results, str | Path) and is_study(results) else None


def write_deck(
    results: Results, file: str | Path, lang: str = "en", template: str | Path | None = None,
    audience: str = BOARD, brand: str | Path | None = None,
) -> Path:  # fmt: skip
    """Write the deck of a comparison or a study as a PowerPoint file. Return its path.

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
    audience : {"board", "analyst"}
        For a board, the answer first and no more than it needs; for an analyst, every slide.
    brand : path, optional
        A file with a house style (table ``[brand]``).

    Raises
    ------
    ValueError
        For a language or audience that there is not, a template or a house style that cannot be used.
    """
    if audience not in AUDIENCES:
        raise ValueError(f"audience: given {audience!r}, allowed: {', '.join(AUDIENCES)}")
    wanted = Wanted(None if template is None else Path(template), _brand(brand), audience)
    write_bytes_atomically(file, slides_of(results, lang, wanted))
    return Path(file)


def _brand(file: str | Path | None) -> Brand:
    return Brand() if file is None else read_brand(Path(file))
