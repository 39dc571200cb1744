"""The charts of a result folder, drawn for a page or a slide: picture, alt text, title, and where they belong."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from wom_sim.charts import CHARTS, Setting, alt_text
from wom_sim.charts.own import own
from wom_sim.charts.save import png_bytes, svg_bytes
from wom_sim.charts.setting import COLUMN, NARROW
from wom_sim.charts.spots import Spot, spots_of
from wom_sim.charts.typesetting import unbroken
from wom_sim.present.material import Material
from wom_sim.present.pictures import Drawn, drawn, setting_for, title_of
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story
from wom_sim.words import Words

SECTIONS = {
    **{chart.name: chart.section for chart in CHARTS if chart.section},
    "differences": "verdict", "dumbbell": "sure", "paired": "sure", "reached": "happens", "fan": "happens",
    "buzz": "happens", "channels": "happens", "value": "leaves", "cascade": "leaves", "ledger": "money",
    "payback": "money", "exceedance": "risk", "verdicts": "decides", "tornado": "decides", "breakeven": "decides",
    "boxes": "decides",
}  # fmt: skip
"""The section of the report in which a chart stands, by its own file or here; others are left to ``wom-sim chart``."""

REPORTED = frozenset(SECTIONS.values()) | {"indicators"}
"""Sections of the report in which charts stand."""

_MIDDLE = 0.5

Tell = Callable[[str], None]


class LeftOut(NamedTuple):
    """Charts for which a run would have to be repeated, which cannot be: their section, and what is said of it."""

    section: str
    text: str


class Drawing(NamedTuple):
    """A chart: its name, section, what it shows, alt text, the matplotlib figure to render, its finding, its table.

    ``again`` draws the figure for a page of another size, with its title or without; None for a chart of another
    package, which has one size and its title.
    """

    name: str
    section: str
    title: str
    alt: str
    figure: Any
    finding: str = ""
    table: pd.DataFrame | None = None
    again: Callable[[str, bool], Any] | None = None

    def at(self, size: str, titled: bool = True) -> Drawing:
        """Return the chart on a page of another size; as it is where it has but one."""
        return self if self.again is None else self._replace(figure=self.again(size, titled))

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels at 96 an inch."""
        width, height = self.figure.get_size_inches()
        return round(96 * width), round(96 * height)

    def svg(self) -> bytes:
        """Return the drawing as SVG, without the declarations that name other addresses."""
        return re.sub(rb"<!DOCTYPE.*?>\s*", b"", svg_bytes(self.figure), flags=re.DOTALL)

    def png(self) -> bytes:
        """Return the drawing as a picture."""
        return bytes(png_bytes(self.figure))

    def uri(self) -> str:
        """Return the drawing as a data address, so that a page needs no other file."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg()).decode()

    def placed(self) -> dict[str, Any]:
        """Return what a page needs to place it."""
        width, height = self.size
        narrow = None if self.again is None else self.at(NARROW)
        return {
            "uri": self.uri(), "width": width, "height": height, "alt": self.alt, "title": self.title,
            "spots": [_spot(spot) for spot in spots_of(self.figure)],
            "narrow": None if narrow is None else {"uri": narrow.uri(), "size": narrow.size},
        }  # fmt: skip


def _spot(spot: Spot) -> dict[str, str]:
    """Return where a page lays a spot over its picture, and on which side of it there is room for what it says."""
    edges = zip(("left", "top", "width", "height"), spot[:4], strict=True)
    sides = ("w" if spot.left + 0.5 * spot.width > _MIDDLE else "e", "n" if spot.top > _MIDDLE else "s")
    place = ";".join(f"{edge}:{100.0 * at:.2f}%" for edge, at in edges)
    return {"place": place, "side": " ".join(sides), "text": spot.text}


def drawings(
    story: Story, names: Sequence[str] = (), tell: Tell = lambda words: None, size: str = COLUMN, titled: bool = True
) -> list[Drawing | LeftOut]:
    """Draw the charts that the findings allow; all that a report has a place for, or those named.

    What cannot be drawn because a run cannot be repeated is said, after the others. ``tell`` is called with what takes
    long: single runs are repeated where a chart needs their events. ``size``: the page for which they are laid out;
    ``titled``: whether the finding is written on it.
    """
    found, words = _material(story.found, tell), story.words
    theirs = [name for name in found.own_charts if own(name).section in REPORTED]
    wanted = list(names) or [*(chart.name for chart in CHARTS if chart.name in SECTIONS), *theirs]
    each = list(drawn(found, setting_for(found, words.lang, size, titled), wanted))
    return [*_drawings(each, found, words), *_left_out(each, words)]


def picture_of(story: Story, name: str) -> Callable[[str], Drawing | LeftOut | None]:
    """Return what draws a chart without its title, for a page of a size; None is no chart of what was found."""
    return lambda size: next(iter(drawings(story, [name], size=size, titled=False)), None)


def draw_from(found: Material, words: Words, names: Sequence[str], size: str = COLUMN) -> list[Drawing]:
    """Draw the charts, of those named, that a result folder allows."""
    return _drawings(drawn(found, setting_for(found, words.lang, size), names), found, words)


def draw_beside(story: Story, name: str, table: pd.DataFrame, draw: Callable[[pd.DataFrame, Setting], Any]) -> Drawing:
    """Draw a chart of more than this comparison, from a table of both."""
    found, words = _material(story.found, lambda text: None), story.words
    again = partial(draw, table)
    one = Drawn(name, table, again(setting_for(found, words.lang, COLUMN)), "", again=again)
    return _drawings([one], found, words)[0]


def _drawings(each: Iterable[Drawn], found: Material, words: Words) -> list[Drawing]:
    note = setting_for(found, words.lang).note

    def drawn_again(one: Drawn) -> Callable[[str, bool], Any] | None:
        draw = one.again
        return None if draw is None else lambda size, titled: draw(setting_for(found, words.lang, size, titled))

    return [
        Drawing(
            one.name, section_of(one.name, found), title_of(one.name, found, words),
            alt_text(one.figure), one.figure, unbroken(alt_text(one.figure).partition(f". {note}")[0]), one.table,
            drawn_again(one),
        )
        for one in each
        if one.figure is not None
    ]  # fmt: skip


def section_of(name: str, found: Material) -> str:
    """Return the section of the report in which a chart stands, "" if in none."""
    return own(name).section if name in found.own_charts else SECTIONS.get(name, "")


def _left_out(each: Sequence[Drawn], words: Words) -> list[LeftOut]:
    """Return a sentence for each section and reason on the charts that a run cannot be repeated for."""
    missing: dict[tuple[str, str], list[str]] = {}
    for one in each:
        if one.replay is not None:
            why = one.replay.say(words)
            name = words.say("report.quoted", name=words.say(f"chart.kind.{one.name}"))
            missing.setdefault((SECTIONS.get(one.name, ""), why), []).append(name)
    return [
        LeftOut(section, words.say("report.chart.left_out", charts=words.listed(names), why=why))
        for (section, why), names in missing.items()
    ]


def _material(found: Findings, tell: Tell) -> Material:
    """Return what the charts are drawn from: the tables that were read, and further files of the folder."""
    given = {
        "summary.csv": found.summary, "differences.csv": found.differences, "departures.csv": found.departures,
        "replications.parquet": found.replications, "daily.parquet": found.daily,
    }  # fmt: skip
    if "months" in found.extra:
        given["months.csv"] = found.extra["months"]
    folder = Path(os.devnull) / "none" if found.folder is None else found.folder
    made = Material(folder, given, found.scenario, found.result)
    made.allow_replay(False, tell)
    return made
