"""A deck finished: its language on every run of text, colours that can be read, its properties; then it is a file."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from pptx.oxml.ns import qn

from wom_sim.present.deck_ground import make_readable
from wom_sim.present.deck_stage import Stage
from wom_sim.present.wanted import Wanted
from wom_sim.words import Words

_MOST_SIGNS = 255
"""A property of a file in Office holds no more."""


def finished(stage: Stage, wanted: Wanted, about: tuple[str, str, str], lang: str, written: str = "") -> bytes:
    """Return the deck as a file, its language on every run of text, its properties saying what it is.

    ``about``: its title, subject and comments; ``written``: when the run was made.
    """
    tag = Words(lang).say("language.tag")  # by which Office checks spelling and reads text aloud
    make_readable(stage.presentation)
    _set_runs(stage.presentation)
    _tag(stage.presentation, tag)
    properties = stage.presentation.core_properties
    properties.title, properties.subject, properties.comments = (text[:_MOST_SIGNS] for text in about)
    properties.author = properties.last_modified_by = wanted.brand.author or about[0]
    properties.language, properties.keywords = tag, wanted.brand.confidentiality
    try:
        when = datetime.fromisoformat(written).replace(tzinfo=None)
        properties.created = properties.modified = when
    except ValueError:
        pass
    file = io.BytesIO()
    stage.save(file)
    return file.getvalue()


def _set_runs(presentation: Any) -> None:
    """Give size and weight to runs of text, and to paragraphs without any, rather than as a paragraph's default.

    The library writes the default of a paragraph, which PowerPoint does not always follow, least of all in a table.
    """
    for slide in presentation.slides:
        for paragraph in slide._element.iter(qn("a:p")):
            default = paragraph.find(f"{qn('a:pPr')}/{qn('a:defRPr')}")
            if default is None:
                continue
            runs = [run.get_or_add_rPr() for run in paragraph.iter(qn("a:r"))]
            for properties in runs or [paragraph.get_or_add_endParaRPr()]:
                for name in set(default.attrib) - set(properties.attrib):
                    properties.set(name, default.get(name))
            default.getparent().remove(default)


def _tag(presentation: Any, tag: str) -> None:
    """Give every run of text its language: on slides, in notes and in charts."""
    for slide in presentation.slides:
        parts = [slide._element]
        parts += [slide.notes_slide._element] if slide.has_notes_slide else []
        parts += [shape.chart._chartSpace for shape in slide.shapes if shape.has_chart]
        for root in parts:
            for run in list(root.iter(qn("a:r"))):
                run.get_or_add_rPr().set("lang", tag)
            for kind in ("a:endParaRPr", "a:defRPr", "a:fld"):
                for each in root.iter(qn(kind)):
                    if kind != "a:fld":
                        each.set("lang", tag)
                    elif each.find(qn("a:rPr")) is not None:
                        each.find(qn("a:rPr")).set("lang", tag)
