"""A document as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wom_sim.present.brand import Brand
from wom_sim.present.document import Chart, Document, Facts, Fold, OnPage, OnSlide, Section, Texts
from wom_sim.present.page import render
from wom_sim.present.tables import Table
from wom_sim.words import Words

_KINDS = {Texts: "texts", Table: "table", Facts: "facts", Fold: "fold"}
"""What the template calls each kind of part."""


def page(document: Document, words: Words, brand: Brand) -> str:
    """Return a document as HTML that needs no other file, no script and no network."""
    numbers = iter(range(1, 1000))
    shown = [(each, list(_parts(each, words, numbers))) for each in document.sections if _is_on_a_page(each)]
    return render("document.html.j2", words, {
        "house": brand, "title": words.say("report.title", name=document.name), "headline": document.headline,
        "printed": document.printed, "sections": [(each.name, each.heading) for each, _ in shown],
        "parts": {each.name: parts for each, parts in shown},
    })  # fmt: skip


def _is_on_a_page(section: Section) -> bool:
    return bool(section.heading) and not all(isinstance(part, OnSlide) for part in section.parts)


def _parts(section: Section, words: Words, numbers: Iterator[int]) -> Iterator[tuple[str, Any]]:
    """Yield (kind, part) of what a page shows of a section; charts get their number."""
    for part in section.parts:
        if isinstance(part, OnSlide):
            continue
        part = part.part if isinstance(part, OnPage) else part
        if isinstance(part, Chart):
            title = part.title or part.drawn.title
            caption = words.say("report.chart.caption", n=next(numbers), title=title)
            yield "chart", {**part.drawn.placed(), "title": title, "caption": caption, "beside": part.beside}
        elif not isinstance(part, Texts) or any(part.said):
            yield _KINDS[type(part)], part
