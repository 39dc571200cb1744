"""A document as a deck: an opening, then for each section its texts, tables and charts on as many slides as it takes.

What a section says is arranged by what it has: a table with its texts below it, a chart above or beside its table, a
slide for each picture. The layout is of the slide; no word or number is made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wom_sim.present import deck_charts
from wom_sim.present.deck_making import finished
from wom_sim.present.deck_parts import GAP, NARROW, cards, continued, page_for, place_drawing, under
from wom_sim.present.deck_stage import EMU, Area, Stage
from wom_sim.present.deck_tables import fits, is_whole, least_width, pages, parts, split, write_table
from wom_sim.present.deck_text import LEAST, fill, height_of, write_texts, write_title
from wom_sim.present.document import WHOLE, Cards, Chart, Document, Each, OnPage, OnSlide, Picture, Section, Texts
from wom_sim.present.drawn import Drawing
from wom_sim.present.editable import Bars, Editable, Grouped, Lines, Stacked
from wom_sim.present.tables import Table
from wom_sim.present.wanted import Wanted
from wom_sim.words import Words, sentence

_OPENING, _LARGEST, _BESIDE, _SMALL = 22, 20, 18, 16
"""Largest type of texts: on the first slide, alone, with a table, with a chart as well; points."""
_ANSWER = (0.16, 0.34, 0.5)
"""Shares of a slide that asks: the question, the figures, what is asked and why."""
_TABLE = (0.45, 0.62)
"""Share of a slide that the table below a chart takes: usually, and at most."""
_COLUMN = (0.58, 0.68)
"""Share that a table beside a chart takes: at least, and at most."""
_MOST_SAID = 0.4
"""Share of a slide that the texts below a table take at most."""
_EDITABLE = (Bars, Grouped, Stacked, Lines)


def deck(document: Document, words: Words, wanted: Wanted) -> bytes:
    """Return a document as the content of a PowerPoint file.

    Raises
    ------
    TemplateError
        For a template that cannot be used.
    """
    stage = Stage(wanted.template, wanted.brand, words)
    slides = Slides(stage, words, document.printed)
    asked = [Texts([document.question or document.headline])]
    slides.add(Section("opening", "", asked, document.name, document.about, document.opening, opens=True))
    for section in document.sections:
        if section.source:
            slides.add(section)
    about = (sentence(document.name), document.headline, document.printed)
    return finished(stage, wanted, about, words.lang)


class Slides:
    """Draws sections on a stage. ``foot``: what the notes of every slide end with, of which run it is."""

    def __init__(self, stage: Stage, words: Words, foot: str) -> None:
        self.stage, self.words, self.foot = stage, words, foot

    def add(self, section: Section) -> None:
        """Draw a section on as many slides as it takes."""
        shown = [part.part if isinstance(part, OnSlide) else part for part in section.parts if type(part) is not OnPage]
        texts, tables = [p for p in shown if isinstance(p, Texts)], [p for p in shown if isinstance(p, Table)]
        if section.opens:
            self._open(section, texts)
            return
        if any(isinstance(part, Cards) for part in shown):
            self._answer(section, shown)
            return
        if editable := [part for part in shown if isinstance(part, _EDITABLE)]:
            self._with_charts(section, editable, tables, texts)
            return
        apart = [part for part in shown if isinstance(part, Chart | Picture | Each)]
        told = bool(tables) or any(any(part.said) for part in texts)
        first = isinstance(next((p for p in shown if not isinstance(p, Texts)), None), Chart | Picture | Each)
        for part in apart if first else []:
            self._apart(section, part)
        if told:
            self._told(section, texts, tables)
        for part in [] if first else apart:
            self._apart(section, part)

    def _open(self, section: Section, texts: list[Texts]) -> None:
        """Show what it is of, and the question, on the first slide."""
        slide, title, below = self.stage.opening()
        write_title(title, sentence(section.title))
        area = Area(*(v / EMU for v in (below.left, below.top, below.width, below.height)))
        fill(below.text_frame, area, _said(texts), largest=_OPENING)
        self._notes(slide, section)

    def _answer(self, section: Section, shown: Sequence[Any]) -> None:
        """Show a question, figures beside each other, and what is asked and why."""
        slide, area = self._slide(section.title)
        for place, part in zip(area.rows(*_ANSWER), shown, strict=True):
            if isinstance(part, Cards):
                cards(slide, place, part.figures)
            else:
                self._write(slide, place, [part], _LARGEST if part.look == "list" else _SMALL)
        self._notes(slide, section)

    def _told(self, section: Section, texts: list[Texts], tables: list[Table]) -> None:
        """Show tables, each from the top of a slide and on as many as it takes, with the texts below the last."""
        if not tables:
            slide, area = self._slide(section.title or section.heading)
            self._write(slide, area, texts, _LARGEST)
            self._notes(slide, section)
        for table in tables:
            self._table(section, table, texts if table is tables[-1] else [])

    def _table(self, section: Section, table: Table, texts: list[Texts]) -> None:
        """Show a table with its texts below it; on more slides where that does not fit, the texts with the last."""
        slide, area = self._slide("")
        said, one = _said(texts), section.slides == 1
        table, room = _with_room(area, table, said, one)
        upper, heads = area._replace(height=area.height - room), []
        whole = one or room > 0.0
        cut, last = ([table], upper) if whole else _with_texts(table, upper, said, section.slides)
        for number, part in enumerate(cut):
            if number:
                slide, _ = self._slide("")
            place = last if part is cut[-1] else upper
            below = under(area, write_table(slide, place, part, self.words))
            heads.append(self._title)
            self._notes(slide, section)
        if room or not said or height_of(said, below.width - 0.3, LEAST) <= below.height:
            self._write(slide, below, texts, _BESIDE)
        else:
            for some in _on_slides(said, area) if section.slides == WHOLE else [said]:
                slide, below = self._slide("")
                heads.append(self._title)
                self._notes(slide, section)
                self._write(slide, below, [part._replace(said=some) for part in texts[:1]], _BESIDE)
        for number, head in enumerate(heads, start=1):
            self._head(head, section, (number, len(heads)))

    def _apart(self, section: Section, part: Chart | Picture | Each) -> None:
        """Show what has slides of its own."""
        if isinstance(part, Each):
            self._each(section, part)
        elif isinstance(part, Picture):
            self._picture(section, part)
        else:
            slide, area = self._slide(part.drawn.finding)
            place_drawing(slide, area, part.drawn.at(page_for(area), titled=False))
            self._notes(slide, section._replace(how=part.drawn.alt, source=part.source or section.source))

    def _picture(self, section: Section, part: Picture) -> None:
        """Show a chart as large as the slide allows, or what is said in its place."""
        slide, area = self._slide(section.title)
        drawn = part.draw(page_for(area))
        if isinstance(drawn, Drawing):
            place_drawing(slide, area, drawn)
        else:
            self._write(slide, area, [Texts([*part.otherwise, *([drawn.text] if drawn else [])])], _LARGEST)
        self._notes(slide, section)

    def _each(self, section: Section, part: Each) -> None:
        """Show some policies at a time, each with its chart above its whole table."""
        slide, area = self._slide("")
        cuts = ([part.shown(some) for some in parts(part.policies, most)] for most in range(part.most, 0, -1))
        whole = (cut for cut in cuts if all(_is_whole(area, *each) for each in cut))
        cut = next(whole, None) or [part.shown([policy]) for policy in part.policies]
        for number, (chart, table) in enumerate(cut, start=1):
            if number > 1:
                slide, _ = self._slide("")
            self._head(self._title, section, (number, len(cut)))
            upper, lower = split(area, table, *_TABLE)
            deck_charts.draw(slide, upper, chart)
            write_table(slide, lower, table, self.words)
            self._notes(slide, section)

    def _with_charts(
        self, section: Section, charts: Sequence[Editable], tables: list[Table], texts: list[Texts]
    ) -> None:
        """Show charts beside each other, or one with its table beside or below it, and what is said with them."""
        slide, area = self._slide(section.title)
        wide, said = area.width >= NARROW, _said(texts)
        if not tables:
            even = [1.0] * len(charts)
            places = area.columns(*even) if wide else area.rows(*even)
        elif section.beside and wide:
            share = min(_COLUMN[1], max(_COLUMN[0], least_width(tables[0]) / area.width))
            places = area.columns(1.0 - share, share)
        elif said:
            places = area.rows(*_TABLE[:1], 1.0 - _TABLE[0])
        else:
            places = list(split(area, tables[0], *_TABLE))
        for place, chart in zip(places, charts, strict=False):
            deck_charts.draw(slide, place, chart)
        if tables:
            room = places[-1]
            most = room._replace(height=room.height * (_TABLE[1] if said else 1.0))
            below = under(room, write_table(slide, most, tables[0], self.words))
            self._write(slide, below, texts, _SMALL)
        self._notes(slide, section)

    def _slide(self, head: str) -> tuple[Any, Area]:
        """Add a slide; return it and the room below its title."""
        slide, title, area = self.stage.slide()
        self._title = title
        if head:
            write_title(title, sentence(head))
        return slide, area

    def _head(self, shape: Any, section: Section, place: tuple[int, int]) -> None:
        """Write a title; which of how many slides it is of, where there are several."""
        write_title(shape, continued(section.title or section.heading, self.words, *place))

    def _write(self, slide: Any, area: Area, texts: Sequence[Texts], largest: int) -> None:
        """Write texts, as points where one of them is a list; nothing where nothing is said."""
        said = _said(texts)
        if said:
            listed = any(part.look == "list" for part in texts)
            write_texts(slide, area, said, bullets=listed, largest=largest, words=self.words)

    def _notes(self, slide: Any, section: Section) -> None:
        """Write the speaker's notes: how to read the slide, and which file and column its figures come from."""
        say, source = self.words.say, section.source
        told = section.how or sentence(section.title or section.heading)
        if isinstance(source, str):
            files = [say("report.study.source", file=source)]
        else:
            files = [say("deck.source", file=file, column=column) for file, column in source]
        slide.notes_slide.notes_text_frame.text = "\n".join([say(section.key, text=told), *files, self.foot])


def _is_whole(area: Area, chart: Editable, table: Table) -> bool:
    """Return whether a chart and its whole table fit below each other."""
    return is_whole(area, table, _TABLE[1], len(chart.series) if isinstance(chart, Grouped) else 1)


def _said(texts: Sequence[Texts]) -> list[str]:
    return [text for part in texts for text in part.said if text]


def _cut(cut: list[Table], most: int) -> list[Table]:
    """Return the first parts of a table, of which the last counts the rows of those that are left out."""
    rest = cut[0].others + sum(len(part.rows) for part in cut[most:])
    kept = [part._replace(others=0) for part in cut[:most]]
    return [*kept[:-1], kept[-1]._replace(others=rest)]


def _with_texts(table: Table, area: Area, said: list[str], most: int) -> tuple[list[Table], Area]:
    """Return a table in parts, and the room for the last of them: less where texts then stand below it.

    They take room from the table where it would else be followed by a slide with nothing but these texts.
    """
    cut, needed = pages(table, area), height_of(said, area.width - 0.3, LEAST) + GAP if said else 0.0
    less = area._replace(height=area.height - needed)
    if not said or needed > _MOST_SAID * area.height:
        return _cut(cut, most), area
    if not fits(less, cut[-1]):
        tight = pages(table, less)
        if len(tight) > min(len(cut) + 1, most):
            return _cut(cut, most), area
        cut = tight
    return _cut(cut, most), less


def _on_slides(said: list[str], area: Area) -> list[list[str]]:
    """Return texts on as few slides as show each whole."""
    for most in range(len(said), 1, -1):
        cut = parts(said, most)
        if all(height_of(some, area.width - 0.3, LEAST) <= area.height for some in cut):
            return cut
    return [[text] for text in said]


def _with_room(area: Area, table: Table, said: list[str], one: bool) -> tuple[Table, float]:
    """Return a table and the height for texts below it: in the largest type that leaves it whole on the slide.

    ``one``: it has one slide, so that its smaller texts give way to what is said, then some of its rows. Otherwise
    nothing is left free where both do not fit.
    """
    if not said:
        return table, 0.0
    rooms = [height_of(said, area.width - 0.3, size) + GAP for size in (_BESIDE, _SMALL, LEAST)]
    for shown in (table, table.plain()) if one else (table,):
        for room in rooms:
            if room < area.height and fits(area._replace(height=area.height - room), shown):
                return shown, room
    return table, min(_MOST_SAID * area.height, rooms[-1]) if one else 0.0
