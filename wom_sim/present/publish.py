"""Report and deck from Python: of a comparison in memory, or of a result folder."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from wom_sim._files import write_bytes_atomically, write_text_atomically
from wom_sim._tables import csv_text, read_csv
from wom_sim.charts.house import house_colours
from wom_sim.present.brand import Brand, read_brand
from wom_sim.present.document import Document
from wom_sim.present.drawn import Tell
from wom_sim.present.result_folder import Findings, read
from wom_sim.present.wanted import AUDIENCES, BOARD, PLAIN, Wanted
from wom_sim.results.folder import kind_of
from wom_sim.words import Words

if TYPE_CHECKING:  # what reads other kinds of results is loaded when one is shown
    from wom_sim.present.since import Since
    from wom_sim.present.study_folder import StudyFindings
    from wom_sim.present.told_folder import Told
    from wom_sim.study.compare import Comparison

    Comparisons = Comparison | Findings | str | Path
    """A comparison, the findings of one, or the folder that holds one."""
    Documented = StudyFindings | Told | Since
    """What is told as one document, for page and slides alike: a study, a search, a break-even, a fit, two results."""
    Results = Comparisons | Documented
    """A comparison, the findings of any result, or the folder that holds one."""

TOLD = ("search", "break-even", "fit")
"""Kinds of results that are told as one document, beside a study."""


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
    if isinstance(results, str | Path):
        return read(results)
    from wom_sim.study.store import manifest

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


def read_any(folder: Path) -> Findings | Documented:
    """Return what the result in a folder found, of any kind that is presented. Raises FolderError."""
    kind = kind_of(folder) if folder.is_dir() else None
    if kind is not None and kind.name == "study":
        from wom_sim.present.study_folder import read_study

        return read_study(folder)
    if kind is not None and kind.name in TOLD:
        from wom_sim.present.told_folder import read_told

        return read_told(folder)
    return read(folder)


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
    """Return the report of a result as HTML; ``tell`` is called with what takes long."""
    found = _found(results)
    if isinstance(found, Findings):
        from wom_sim.present.report import report

        return report(found, lang, tell, brand)
    from wom_sim.present.document_page import page

    with house_colours(brand.colours):
        return page(_document(found, lang), Words(lang), brand)


def one_page_of(results: Comparisons, lang: str = "en", brand: Brand = PLAIN.brand) -> str:
    """Return the verdict of a comparison on one page, as HTML, for somebody with two minutes."""
    from wom_sim.present.one_page import one_page

    return one_page(read_results(results), lang, brand)


def slides_of(results: Results, lang: str = "en", wanted: Wanted = PLAIN) -> bytes:
    """Return the deck of a result as the content of a PowerPoint file; only that of a comparison has several kinds."""
    found = _found(results)
    if isinstance(found, Findings):
        from wom_sim.present.deck import deck_for

        return deck_for(found, lang, wanted)
    from wom_sim.present.document_slides import deck

    with house_colours(wanted.brand.colours):
        return deck(_document(found, lang), Words(lang), wanted)


def _found(results: Results) -> Findings | Documented:
    """Return what results found, read where they are a folder."""
    if isinstance(results, Findings):
        return results
    if isinstance(results, str | Path):
        return read_any(Path(results))
    if type(results) in _documents():
        return cast("Documented", results)
    return read_results(cast("Comparisons", results))


def _documents() -> dict[type, Callable[[Any, str], Document]]:
    """Return how each kind of results that is no comparison is told."""
    from wom_sim.present.since import Since
    from wom_sim.present.since_document import since_document
    from wom_sim.present.study_document import study_document
    from wom_sim.present.study_folder import StudyFindings
    from wom_sim.present.told_document import told_document
    from wom_sim.present.told_folder import Told

    return {StudyFindings: study_document, Since: since_document, Told: told_document}


def _document(found: Documented, lang: str) -> Document:
    """Return what is told of a result that is no comparison."""
    return _documents()[type(found)](found, lang)


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
