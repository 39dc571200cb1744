"""A comparison as a deck: for a board, answer first; for an analyst, all that was found. Titles say what was found.

What a slide says is said in the sections of the report (``section_*.py``); which of them a deck has, in which order and
with which words of one's own, is said here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim.charts.house import house_colours
from wom_sim.present import board_facts
from wom_sim.present import section_basis as basis
from wom_sim.present import section_money as money
from wom_sim.present import section_risk as risk
from wom_sim.present import section_spread as spread
from wom_sim.present import section_verdict as verdict
from wom_sim.present import section_worlds as worlds
from wom_sim.present.deck_making import finished
from wom_sim.present.deck_stage import Stage
from wom_sim.present.deck_text import write_texts, write_title
from wom_sim.present.document import Section
from wom_sim.present.document_slides import Slides
from wom_sim.present.provenance import run_key
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story, story_of
from wom_sim.present.wanted import ANALYST, Wanted
from wom_sim.words import Words, sentence

RUNS = "replications.parquet"
_COMMENT = 0.75
"""Room for a comment at the foot of a slide, in inches."""


class Page(NamedTuple):
    """A slide: what it says, when there is something to show, how many minutes it takes to present."""

    says: Callable[[Story], Section | Iterator[Section]]
    shown: Callable[[Story], bool] = lambda story: True
    minutes: float = 0.0


def _has_options(story: Story) -> bool:
    return bool(story.found.options)


OWN = {
    "own_charts": Page(basis.own_charts, lambda story: bool(story.found.scenario.plugins.charts)),
    "own_sections": Page(basis.own_sections, lambda story: bool(story.found.scenario.plugins.sections)),
}  # fmt: skip
PAGES: Mapping[str, Page] = {
    "answer": Page(verdict.answer, minutes=2.0),
    "options": Page(verdict.compared, _has_options, 2.0),
    "earns": Page(money.earns, _has_options, 2.0),
    "risks": Page(risk.risks, _has_options, 3.0),
    "leaves": Page(spread.leavers, spread.has_leavers, 2.0),
    "change": Page(worlds.change, _has_options, 2.0),
    "next": Page(basis.pilot, minutes=2.0),
    **OWN,
    "method": Page(verdict.method),
    "assumptions": Page(basis.assumptions, lambda story: bool(story.assumed)),
    "sources": Page(basis.sources, lambda story: bool(story.told.sources)),
}
"""The deck for a board, by name and in their order; those without minutes are the appendix, for questions."""
ALL: Mapping[str, Page] = {
    "question": Page(verdict.question), "compared": Page(verdict.varied), "verdict": Page(verdict.verdict_in_short),
    "days": Page(spread.days), "spread": Page(spread.spread, lambda story: story.found.days_kept),
    "channels": Page(spread.leaves, lambda story: story.found.days_kept), "money": Page(money.value),
    "ledger": Page(money.ledger), "months": Page(money.months, money.has_months), "tail": Page(risk.risk),
    "worlds": Page(worlds.worlds, worlds.has_worlds), "swings": Page(worlds.swings, worlds.has_swings),
    "decides": Page(worlds.decides), **OWN, "assumed": Page(basis.assumed), "steps": Page(basis.steps),
}  # fmt: skip
"""Every slide for an analyst, in their order; one whose table is empty says so, but where others take its place."""
NAMES = tuple(dict.fromkeys((*PAGES, *ALL)))
"""Every slide that can be asked for by name."""


def deck(found: Findings, lang: str = "en", template: Path | None = None) -> bytes:
    """Return the deck of a comparison for an analyst, with every slide, as the content of a PowerPoint file.

    Raises
    ------
    ValueError
        For a language that there is not.
    TemplateError
        For a template that cannot be used.
    """
    return deck_for(found, lang, Wanted(template=template, audience=ANALYST))


def deck_for(found: Findings, lang: str, wanted: Wanted) -> bytes:
    """Return the deck of a comparison as it is asked for. Raises as ``deck``."""
    story = story_of(found, lang)
    with house_colours(wanted.brand.colours):
        stage = Stage(wanted.template, wanted.brand, story.words)
        _draw(story, stage, wanted)
        about = (story.told.name, story.headline(), run_key(story))
        return finished(stage, wanted, about, story.words.lang, str(found.run.get("written")))


def chosen(wanted: Wanted) -> dict[str, Page]:
    """Return the slides that are asked for, by name and in their order."""
    every = {**PAGES, **ALL}
    usual = ALL if wanted.audience == ANALYST else PAGES
    names = wanted.slides or wanted.outline.slides or tuple(usual)
    return {name: every[name] for name in names}


def sections(story: Story, page: Page) -> list[Section]:
    """Return what a slide says, with the files of its figures that the result has."""
    said = page.says(story)
    every = [said] if isinstance(said, Section) else list(said)
    return [_sourced(each, story) for each in every]


def titles_of(found: Findings, lang: str, wanted: Wanted) -> list[tuple[str, str]]:
    """Return name and title of each slide that is asked for and has something to show."""
    story = story_of(found, lang)
    shown = {name: page for name, page in chosen(wanted).items() if page.shown(story)}
    firsts = [(name, each) for name, page in shown.items() for each in sections(story, page)[:1]]
    return [(name, sentence(first.title or first.heading)) for name, first in firsts]


def left_out(found: Findings, lang: str, wanted: Wanted) -> list[str]:
    """Return what a deck for a board has not, and what would bring it; nothing for an analyst, whose slides say so."""
    return [] if wanted.audience == ANALYST else board_facts.left_out(story_of(found, lang))


def _draw(story: Story, stage: Stage, wanted: Wanted) -> None:
    """Draw the slides that are asked for, with comments, titles and notes of one's own, and times for the speaker."""
    shown = {name: page for name, page in chosen(wanted).items() if page.shown(story)}
    slides, drawn = stage.presentation.slides, Slides(stage, story.words, run_key(story))
    whole, at = sum(page.minutes for page in shown.values()), 0.0
    for name, page in shown.items():
        first, comment = len(slides), wanted.outline.comments.get(name, "")
        stage.reserve(_COMMENT if comment else 0.0)
        for section in sections(story, page):
            drawn.add(section)
        new = list(slides)[first:]
        if comment and stage.reserved is not None:
            write_texts(new[0], stage.reserved, [comment], largest=18)
        _own_words(new, wanted, name)
        if whole > 0.0:
            _timed(new, story.words, (page.minutes, at, whole))
        at += page.minutes


def _sourced(section: Section, story: Story) -> Section:
    """Return a section with the files that the result has: over drawn worlds everything is worked out from the runs."""
    if story.found.days_kept or isinstance(section.source, str):
        return section
    listed = story.found.run.get("files", [])
    files = ((file if file in listed else RUNS, column) for file, column in section.source)
    return section._replace(source=tuple(dict.fromkeys(files)))


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
