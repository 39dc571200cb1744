"""A deck put together from slides: in their order, with words of one's own, times for the speaker, and properties."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from pptx.oxml.ns import qn

from wom_sim.present.deck_ground import make_readable
from wom_sim.present.deck_stage import Stage
from wom_sim.present.deck_text import write_texts, write_title
from wom_sim.present.provenance import run_key
from wom_sim.present.story import Story
from wom_sim.present.wanted import Wanted
from wom_sim.words import Words

_MOST_SIGNS = 255
"""A property of a file in Office holds no more."""
_COMMENT = 0.75
"""Room for a comment at the foot of a slide, in inches."""


def always(story: Story) -> bool:
    """Return that a slide is never left out."""
    del story
    return True


class Page(NamedTuple):
    """A slide: how it is drawn, when there is something to show, how many minutes it takes to present."""

    draw: Callable[[Story, Stage], None]
    shown: Callable[[Story], bool] = always
    minutes: float = 0.0


def made(story: Story, pages: Mapping[str, Page], wanted: Wanted) -> bytes:
    """Return the deck of some slides, by name and in their order, as the content of a PowerPoint file.

    Raises
    ------
    TemplateError
        For a template that cannot be used.
    """
    stage = Stage(wanted.template, wanted.brand, story.words)
    shown = {name: page for name, page in pages.items() if page.shown(story)}
    slides, whole, at = stage.presentation.slides, sum(page.minutes for page in shown.values()), 0.0
    for name, page in shown.items():
        first, comment = len(slides), wanted.outline.comments.get(name, "")
        stage.reserve(_COMMENT if comment else 0.0)
        page.draw(story, stage)
        new = list(slides)[first:]
        if comment and stage.reserved is not None:
            write_texts(new[0], stage.reserved, [comment], largest=18)
        _own_words(new, wanted, name)
        if whole > 0.0:
            _timed(new, story.words, (page.minutes, at, whole))
        at += page.minutes
    return finished(stage, wanted, (story.told.name, story.headline(), run_key(story)), story.words.lang,
                    str(story.found.run.get("written")))  # fmt: skip


def titles(story: Story, pages: Mapping[str, Page]) -> list[tuple[str, str]]:
    """Return name and title of each slide that is shown."""
    found = []
    for name, page in pages.items():
        if page.shown(story):
            stage = Stage(None)
            page.draw(story, stage)
            found.append((name, _title(stage.presentation.slides[0])))
    return found


def _title(slide: Any) -> str:
    shape = slide.shapes.title
    return str(shape.text_frame.text) if shape is not None else ""


def _own_words(slides: Sequence[Any], wanted: Wanted, name: str) -> None:
    """Give a slide a title and notes of one's own, if there are any."""
    title, told = wanted.outline.titles.get(name), wanted.outline.notes.get(name)
    for slide in slides[:1]:
        if title and slide.shapes.title is not None:
            write_title(slide.shapes.title, title)
        if told:
            frame = slide.notes_slide.notes_text_frame
            frame.text = f"{told}\n{frame.text}"


def _timed(slides: Sequence[Any], words: Words, time: tuple[float, float, float]) -> None:
    """Say at the head of the notes how long a slide takes, and where in the talk it stands."""
    minutes, at, whole = time
    for slide in slides:
        frame = slide.notes_slide.notes_text_frame
        if minutes:
            told = words.count("deck.board.time", minutes, start=_clock(at), end=_clock(at + minutes), of=_clock(whole))
        else:
            told = words.say("deck.board.time_none")
        frame.text = f"{told}\n{frame.text}"


def _clock(minutes: float) -> str:
    return f"{int(minutes)}:{round(60 * (minutes % 1)):02d}"


def finished(stage: Stage, wanted: Wanted, about: tuple[str, str, str], lang: str, written: str = "") -> bytes:
    """Return the deck as a file, its language on every run of text, its properties saying what it is.

    ``about``: its title, subject and comments; ``written``: when the run was made.
    """
    tag = Words(lang).say("language.tag")  # by which Office checks spelling and reads text aloud
    make_readable(stage.presentation)
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


def told_date(words: Words, day: date | None) -> str:
    """Return a date in words, "" where there is none."""
    return "" if day is None else words.date(day)
