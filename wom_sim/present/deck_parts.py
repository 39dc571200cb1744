"""What slides are made of beside text, tables and charts: pictures, figures beside each other, titles that go on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Pt

from wom_sim.present.deck_stage import EMU, Area
from wom_sim.present.deck_text import LEAST, fit, lines_of
from wom_sim.present.drawn import Drawing
from wom_sim.words import Words, sentence
from wom_sim.words.figures import unparted

GAP = 0.25
"""Room between two things that stand below each other, in inches."""
WIDE = 2.1
"""An area so many times wider than high takes a chart on a wide page, whose type is then larger."""
NARROW = 11.0
"""On a slide with less room than so many inches, things stand below each other."""
_FIGURE = (32, 28, 24, 20, 18, 16, LEAST)
_LABEL = (16, LEAST)


def under(area: Area, drawn: Any) -> Area:
    """Return what is left of an area below what was drawn at its top."""
    used = drawn.height / EMU + GAP
    return area._replace(top=area.top + used, height=area.height - used)


def page_for(area: Area) -> str:
    """Return the page on which a chart for an area is laid out."""
    return "wide" if area.width > WIDE * area.height else "slide"


def place_drawing(slide: Any, area: Area, drawn: Drawing) -> None:
    """Place a chart as a picture with alt text, as large as the area allows, in its middle."""
    width, height = drawn.size
    scale = min(area.width / width, area.height / height)
    left = area.left + (area.width - scale * width) / 2
    place = Area(left, area.top, scale * width, scale * height).emu()
    picture = slide.shapes.add_picture(io.BytesIO(drawn.png()), *place)
    picture._element.nvPicPr.cNvPr.set("descr", drawn.alt)
    picture.name = drawn.title


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
