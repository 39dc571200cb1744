"""What slides are made of beside text and tables: pictures, alternative texts, the speaker's notes."""

from __future__ import annotations

import io
from typing import Any

from wom_sim.present.deck_stage import EMU, Area
from wom_sim.present.deck_text import write_texts
from wom_sim.present.drawn import Drawing, drawings
from wom_sim.present.provenance import run_key
from wom_sim.present.story import Story

RUNS = "replications.parquet"
WIDE = 2.1
"""An area so many times wider than high takes a chart on a wide page, whose type is then larger."""
NARROW = 11.0
"""On a slide with less room than so many inches, things stand below each other."""


def under(area: Area, drawn: Any) -> Area:
    """Return what is left of an area below what was drawn at its top."""
    used = drawn.height / EMU + 0.25
    return area._replace(top=area.top + used, height=area.height - used)


def picture(slide: Any, story: Story, area: Area, name: str, otherwise: list[str]) -> None:
    """Place a chart as a picture with alt text, as large as the area allows; its words where it cannot be drawn."""
    drawn = next(iter(drawings(story, [name], size=page_for(area), titled=False)), None)
    if not isinstance(drawn, Drawing):
        write_texts(slide, area, otherwise if drawn is None else [*otherwise, drawn.text])
        return
    place_drawing(slide, area, drawn)


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


def describe(slide: Any, text: str) -> None:
    """Give the last chart of a slide its alt text."""
    chart = [shape for shape in slide.shapes if shape.has_chart][-1]
    chart._element.nvGraphicFramePr.cNvPr.set("descr", text)


def notes(slide: Any, story: Story, how: str, *sources: tuple[str, str], key: str = "deck.read") -> None:
    """Write the speaker's notes: how to read the slide, and which file and column its figures come from.

    ``key``: the text of the catalogue that begins them.
    """
    say = story.words.say
    if not story.found.days_kept:  # over drawn worlds everything is worked out from the runs
        listed = story.found.run.get("files", [])
        there = {file: file if file in listed else RUNS for file, _ in sources}
        sources = tuple(dict.fromkeys((there[file], column) for file, column in sources))
    said = [say(key, text=how), *(say("deck.source", file=f, column=c) for f, c in sources), run_key(story)]
    slide.notes_slide.notes_text_frame.text = "\n".join(said)
