"""What the slides for a board are made of: cards with one figure each, titles that go on, bars with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from wom_sim.present import deck_charts, tables
from wom_sim.present.board_facts import EARNED, by_value, known
from wom_sim.present.deck_charts import Span
from wom_sim.present.deck_stage import Area
from wom_sim.present.deck_text import LEAST, fit, lines_of
from wom_sim.present.story import Story
from wom_sim.words import Words, sentence
from wom_sim.words.figures import unparted

_FIGURE = (32, 28, 24, 20, 18, 16, LEAST)
_LABEL = (16, LEAST)


def continued(head: str, words: Words, number: int, of: int) -> str:
    """Return a title, with which slide of how many it is where it takes several."""
    head = sentence(head)
    return head if of == 1 else words.say("deck.board.continued", title=head, n=number, of=of)


def cards(slide: Any, area: Area, figures: Sequence[tuple[str, str]]) -> None:
    """Place figures beside each other, large, with what each is below it; in two rows on a narrow slide."""
    if not figures:
        return
    rows = [list(figures)] if area.width >= 8.0 else [list(figures[:2]), list(figures[2:])]
    places = [place for room in area.rows(*[1.0] * len(rows)) for place in room.columns(*[1.0] * len(rows[0]))]
    width = places[0].width - 0.25
    whole = [s for s in _FIGURE if all(lines_of(unparted(text), width, s, bold=True) == 1 for text, _ in figures)]
    for place, (figure, label) in zip(places, figures, strict=False):
        upper, lower = place.rows(0.46, 0.54, gap=0.0)
        _line(slide, upper, figure, whole or _FIGURE[-1:], bold=True)
        _line(slide, lower, label, _LABEL, bold=False)


def _line(slide: Any, area: Area, text: str, sizes: Sequence[int], bold: bool) -> None:
    """Write a line, or a few, at the largest of some sizes at which it fits."""
    box = slide.shapes.add_textbox(*area.emu())
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.BOTTOM if bold else MSO_ANCHOR.TOP
    paragraph = frame.paragraphs[0]
    paragraph.text, paragraph.alignment = unparted(text), PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold = Pt(fit([unparted(text)], area, sizes, bold).size), bold


def earned(slide: Any, area: Area, story: Story, policies: Sequence[str], scale: tuple[float, str]) -> None:
    """Draw what options earn in the first year and to the horizon, each with its interval."""
    one, unit = scale
    series: dict[str, list[Span]] = {}
    for name in known(story, EARNED):
        head = story.words.say("months.first_year") if name == EARNED[0] else sentence(tables.label(story, name))
        series[head] = [_span(story, policy, name, one) for policy in policies]
    axis = story.words.say(f"deck.unit.{unit}", currency=story.found.scenario.currency)
    deck_charts.grouped(slide, area, [story.heading(p) for p in policies], series, sentence(axis))


def _span(story: Story, policy: str, name: str, one: float) -> Span:
    """Return a mean and its interval in units of ``one``; a mean of which no interval is known has none."""
    e = story.found.estimate(policy, name)
    value = story.figures.scaled(e.mean, one)
    low, high = (end / one if end == end else value for end in (e.low, e.high))
    return Span(value, min(low, value), max(high, value))


def scale(story: Story) -> tuple[float, str]:
    """Return (one, name) of the unit in which all options are told, the same on every slide."""
    means = [story.found.estimate(p, name).mean for p in by_value(story) for name in known(story, EARNED)]
    return deck_charts.scale_of(means)
