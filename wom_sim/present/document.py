"""What is told of a result, said once: sections of texts, tables and charts. A page and slides only render it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from wom_sim.present.chart_data import Beside
from wom_sim.present.drawn import Drawing, LeftOut
from wom_sim.present.editable import Editable
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


class Cards(NamedTuple):
    """Figures beside each other, large, each with what it is."""

    figures: Sequence[tuple[str, str]]


class Picture(NamedTuple):
    """A chart that a slide draws for its room; ``draw`` takes the page; ``otherwise`` is said where it gives none."""

    draw: Callable[[str], Drawing | LeftOut | None]
    otherwise: Sequence[str]


class Each(NamedTuple):
    """What is shown of some policies at a time: a chart with its table, on as many slides as show each table whole.

    ``most``: policies that one slide shows.
    """

    policies: Sequence[str]
    most: int
    shown: Callable[[Sequence[str]], tuple[Editable, Table]]


class OnPage(NamedTuple):
    """What a page has room for, and a slide has not."""

    part: Texts | Table | Chart | Facts | Fold


class OnSlide(NamedTuple):
    """What a slide shows in place of more."""

    part: Texts | Table | Cards | Picture | Each | Editable


Part = Texts | Table | Chart | Facts | Fold | OnPage | OnSlide

READ, SAY = "deck.read", "deck.board.say"
"""How a speaker's notes begin: how to read a slide, or what to say."""
WHOLE = 99
"""So many slides show any table whole."""


class Section(NamedTuple):
    """A section: its name and heading on a page; ``title``, what was found, is that of its slide.

    ``how``: what a speaker should know, which ``key`` of the catalogue begins; ``source``: the file of its figures, or
    files with columns, "" where it has no slide. ``slides``: how many a table takes at most; further rows are counted.
    ``opens``: it is told on the first slide of a deck, in its layout; ``beside``: its chart stands beside its table
    where a slide is wide.
    """

    name: str
    heading: str
    parts: Sequence[Part]
    title: str = ""
    how: str = ""
    source: str | Sequence[tuple[str, str]] = ""
    key: str = READ
    slides: int = 2
    opens: bool = False
    beside: bool = False


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
