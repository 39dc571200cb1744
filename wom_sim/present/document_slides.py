"""A document as a deck: an opening, then for each section its texts and tables, and a slide for each of its charts."""

from __future__ import annotations

from typing import Any

from wom_sim.present.board_parts import continued
from wom_sim.present.deck_making import finished
from wom_sim.present.deck_pages import pages
from wom_sim.present.deck_parts import page_for, place_drawing, under
from wom_sim.present.deck_stage import EMU, Area, Stage
from wom_sim.present.deck_tables import write_table
from wom_sim.present.deck_text import fill, height_of, write_texts, write_title
from wom_sim.present.document import Chart, Document, OnPage, OnSlide, Section, Texts
from wom_sim.present.tables import Table
from wom_sim.present.wanted import Wanted
from wom_sim.words import Words, sentence

MOST_PAGES = 2
"""Slides of one table: further rows are counted, and are in the report."""
_LARGEST, _BESIDE_TABLE = 20, 18


def deck(document: Document, words: Words, wanted: Wanted) -> bytes:
    """Return a document as the content of a PowerPoint file.

    Raises
    ------
    TemplateError
        For a template that cannot be used.
    """
    stage = Stage(wanted.template, wanted.brand, words)
    slides = _Slides(document, words, stage)
    slides.opening()
    for section in document.sections:
        if section.source:
            slides.section(section)
    about = (sentence(document.name), document.headline, document.printed)
    return finished(stage, wanted, about, words.lang)


class _Slides:
    """Draws a document's slides on a stage."""

    def __init__(self, document: Document, words: Words, stage: Stage) -> None:
        self.document, self.words, self.stage = document, words, stage

    def opening(self) -> None:
        """Show what it is of, and the question."""
        slide, title, below = self.stage.opening()
        write_title(title, sentence(self.document.name))
        area = Area(*(v / EMU for v in (below.left, below.top, below.width, below.height)))
        fill(below.text_frame, area, [self.document.question or self.document.headline], largest=22)
        self._notes(slide, self.document.about, self.document.opening)

    def section(self, section: Section) -> None:
        """Show what a slide has room for: a slide a chart, before the tables where they are said first."""
        parts = [part.part if isinstance(part, OnSlide) else part for part in section.parts if type(part) is not OnPage]
        texts = [part for part in parts if isinstance(part, Texts)]
        tables = [part for part in parts if isinstance(part, Table)]
        charts = [part for part in parts if isinstance(part, Chart)]
        first = isinstance(next((part for part in parts if isinstance(part, Chart | Table)), None), Chart)
        for chart in charts if first else []:
            self._chart(section, chart)
        if any(any(part.said) for part in texts) or tables:
            self._told(section, texts, tables)
        for chart in [] if first else charts:
            self._chart(section, chart)

    def _told(self, section: Section, texts: list[Texts], tables: list[Table]) -> None:
        """Show tables, each from the top of a slide and on as many as it takes, with the texts below the last."""
        said = [text for part in texts for text in part.said if text]
        listed, head = any(part.look == "list" for part in texts), section.title or section.heading
        if not tables:
            slide, _, area = self._slide(head)
            write_texts(slide, area, said, bullets=listed, largest=_LARGEST, words=self.words)
            self._notes(slide, section.how or head, section.source)
        for table in tables:
            self._table(section, table, said if table is tables[-1] else [], listed)

    def _table(self, section: Section, table: Table, said: list[str], listed: bool) -> None:
        """Show a table, then what is said with it."""
        head, (slide, title, area) = section.title or section.heading, self._slide("")
        room = min(0.4 * area.height, height_of(said, area.width - 0.3, _BESIDE_TABLE) + 0.3) if said else 0.0
        upper = area._replace(height=area.height - room)
        cut = pages(table, upper)
        for number, part in enumerate(cut[:MOST_PAGES], start=1):
            if number > 1:
                slide, title, area = self._slide("")
            write_title(title, continued(head, self.words, number, min(len(cut), MOST_PAGES)))
            last = number == min(len(cut), MOST_PAGES)
            others = sum(len(rest.rows) for rest in cut[MOST_PAGES:]) if last else 0
            below = under(area, write_table(slide, upper, part, self.words, others))
            if last and said:
                write_texts(slide, below, said, bullets=listed, largest=_BESIDE_TABLE, words=self.words)
            self._notes(slide, section.how or head, section.source)

    def _chart(self, section: Section, chart: Chart) -> None:
        """Show a chart whose title is the finding; the notes say what it shows, line by line."""
        slide, _, area = self._slide(chart.drawn.finding)
        place_drawing(slide, area, chart.drawn.at(page_for(area), titled=False))
        self._notes(slide, chart.drawn.alt, chart.source or section.source)

    def _slide(self, head: str) -> tuple[Any, Any, Area]:
        """Add a slide; return it, its title and the room below."""
        slide, title, area = self.stage.slide()
        if head:
            write_title(title, sentence(head))
        return slide, title, area

    def _notes(self, slide: Any, how: str, file: str) -> None:
        """Write the speaker's notes: how to read the slide, and which file its figures come from."""
        say = self.words.say
        said = [say("deck.read", text=how), say("report.study.source", file=file), self.document.printed]
        slide.notes_slide.notes_text_frame.text = "\n".join(said)
