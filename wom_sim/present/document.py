"""What is told of a result, said once: sections of texts, tables and charts. A page and slides only render it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from wom_sim.present.chart_data import Beside
from wom_sim.present.drawn import Drawing
from wom_sim.present.tables import Table

Look = Literal["text", "list", "lead", "note", "question", "heading"]
"""How texts look: paragraphs, points, the first of them large, small, a question, a heading within a section."""


class Texts(NamedTuple):
    """Paragraphs. ``label``: a word in bold before each."""

    said: Sequence[str]
    look: Look = "text"
    label: str = ""


class Chart(NamedTuple):
    """A chart, with the table that stands beside it on a page.

    ``title``: where it is not that of its kind; ``source``: the file of its figures.
    """

    drawn: Drawing
    beside: Beside | None = None
    title: str = ""
    source: str = ""


class Facts(NamedTuple):
    """Names and values, as of what is needed to repeat a result."""

    pairs: Sequence[tuple[str, str]]


class Verbatim(NamedTuple):
    """A file as it is."""

    text: str


class Fold(NamedTuple):
    """What is folded on a screen and open on paper; ``lang``: the language of its words, "" as of the page."""

    title: str
    part: Table | Verbatim
    lang: str = ""


class OnPage(NamedTuple):
    """What a page has room for, and a slide has not."""

    part: Texts | Table | Chart | Facts | Fold


class OnSlide(NamedTuple):
    """What a slide shows in place of more."""

    part: Texts | Table


Part = Texts | Table | Chart | Facts | Fold | OnPage | OnSlide


class Section(NamedTuple):
    """A section: its name and heading on a page; ``title``, what was found, is that of its slide.

    ``how``: what a speaker should know; ``source``: the file of its figures, "" where it has no slide.
    """

    name: str
    heading: str
    parts: Sequence[Part]
    title: str = ""
    how: str = ""
    source: str = ""


class Document(NamedTuple):
    """A document: what it is of, what was found, what was asked, its sections, and the run it is of (``printed``).

    ``about``: what was run, in a sentence; ``opening``: the file that asks the question.
    """

    name: str
    headline: str
    question: str
    sections: Sequence[Section]
    printed: str
    about: str = ""
    opening: str = ""
