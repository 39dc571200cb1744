"""Tables on slides: columns as wide as their words need, rows that fit, and a last row that says what was left out."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from wom_sim.charts.style import Face
from wom_sim.charts.typesetting import text_width
from wom_sim.present.deck_stage import EMU, Area
from wom_sim.present.deck_text import LEAST, PITCH, lines_of
from wom_sim.present.tables import Table
from wom_sim.words import Words
from wom_sim.words.figures import unparted

Item = TypeVar("Item")
_SIZES = (18, 16, LEAST)
_SIDE, _ABOVE = 0.1, 0.05
_MOST = 0.45
"""A column takes at most this share of the width, unless it is the only one that can."""


def least_width(table: Table) -> float:
    """Return the width in inches that a table takes at 14 points if no word in it is broken."""
    return sum(_words([list(table.heads), *([cell.text for cell in row] for row in table.rows)], LEAST))


_CHART, _BAR = 1.2, 0.15
"""Height that a chart beside a table takes at least, in inches: its axis and legend, and each of its bars."""


def split(area: Area, table: Table, share: float, most: float) -> tuple[Area, Area]:
    """Return an area in two, the lower one for a table: a share of it, more where its rows need that, at most ``most``.

    Its rows are measured at 14 points without the smaller texts of their cells.
    """
    lower = min(max(share * area.height, _needed(table, area.width)), most * area.height)
    upper, below = area.rows(area.height - lower, lower, gap=0.0)
    return upper._replace(height=upper.height - _ABOVE), below


def _needed(table: Table, width: float) -> float:
    """Return the height of a table at 14 points, without the smaller texts of its cells."""
    texts = [
        [unparted(head) for head in table.heads],
        *([_text(cell, False) for cell in row] for row in table.rows),
    ]
    widths = _widths(texts, width, LEAST)
    return sum(_height(row, widths, LEAST) for row in texts) + 0.05


def is_whole(area: Area, table: Table, most: float, bars: int) -> bool:
    """Return whether a table has room in a share of an area, and above it a chart of so many bars for each row."""
    needed, drawn = _needed(table, area.width), _CHART + _BAR * bars * len(table.rows)
    return needed <= most * area.height and area.height - needed >= drawn


def fits(area: Area, table: Table) -> bool:
    """Return whether a table fits an area at 14 points with all that its cells say."""
    texts = [
        [unparted(head) for head in table.heads],
        *([_text(cell, True) for cell in row] for row in table.rows),
    ]
    widths = _widths(texts, area.width, LEAST)
    return sum(_height(row, widths, LEAST) for row in texts) <= area.height


def parts(items: Sequence[Item], most: int) -> list[list[Item]]:
    """Return items in order in as few even parts as hold at most ``most`` each; one empty part where there are none.

    >>> parts([1, 2, 3, 4, 5, 6, 7], 3), parts([], 3)
    ([[1, 2, 3], [4, 5], [6, 7]], [[]])
    """
    count = max(1, math.ceil(len(items) / most))
    ends = [math.ceil(len(items) * n / count) for n in range(count + 1)]
    return [list(items[ends[n] : ends[n + 1]]) for n in range(count)]


def pages(table: Table, area: Area) -> list[Table]:
    """Return a table cut by rows so that each part fits an area with all that its cells say; one row at least each."""
    cut = _filled(table, area)
    even = [table._replace(rows=rows) for rows in parts(table.rows, math.ceil(len(table.rows) / len(cut)) or 1)]
    return even if all(fits(area, each) for each in even) else cut


def _filled(table: Table, area: Area) -> list[Table]:
    """Return the rows on as few pages as hold them, each as full as it gets."""
    cut, rows = [], list(table.rows)
    while True:
        most, beyond = 1, len(rows) + 1
        while beyond - most > 1:  # halves what is open, since to measure a table takes a while
            middle = (most + beyond) // 2
            if fits(area, table._replace(rows=rows[:middle])):
                most = middle
            else:
                beyond = middle
        cut.append(table._replace(rows=rows[:most]))
        rows = rows[most:]
        if not rows:
            return cut


def write_table(slide: Any, area: Area, table: Table, words: Words) -> Any:
    """Write a table into an area of a slide.

    Where it does not fit at 14 points, the smaller texts of its cells are left out first; then rows, which are
    counted in the last one, as are further rows that the report has.
    """
    for full in (True, False):
        heads = [unparted(head) for head in table.heads]
        texts = [heads, *([_text(cell, full) for cell in row] for row in table.rows)]
        for size in _SIZES:
            widths = _widths(texts, area.width, size)
            heights = [_height(row, widths, size) for row in texts]
            line = PITCH * size / 72.0 + 2 * _ABOVE
            high = sum(heights) + (line if table.others else 0.0)
            if high <= area.height and sum(_words(texts, size)) <= area.width:
                break
        if high <= area.height:
            break
    if high <= area.height and not table.others:
        return _draw(slide, area, (texts, widths, heights), table.numbers, size)
    kept = len(texts)
    while kept > 2 and sum(heights[:kept]) + line > area.height:
        kept -= 1
    more = words.say("deck.more", n=words.number(len(texts) - kept + table.others))
    texts = [*texts[:kept], [more, *("" for _ in table.heads[1:])]]
    frame = _draw(slide, area, (texts, widths, [*heights[:kept], line]), table.numbers, size)
    frame.table.cell(kept, 0).merge(frame.table.cell(kept, len(widths) - 1))
    return frame


def _text(cell: Any, full: bool) -> str:
    return unparted(f"{cell.text}\n({cell.below})" if full and cell.below else str(cell.text))


def _widths(texts: list[list[str]], room: float, size: int) -> list[float]:
    """Return the width of each column in inches: by its widest line where all have room, else in fair shares."""
    columns = list(zip(*texts, strict=True))
    face, bold = Face(size), Face(size, bold=True)
    wide = [
        max(text_width(line, bold if n == 0 else face) for n, cell in enumerate(column) for line in cell.split("\n"))
        + 2 * _SIDE + 0.1
        for column in columns
    ]  # fmt: skip
    least = _words(texts, size)
    if sum(wide) <= room:
        spare = (room - sum(wide)) / len(wide)
        return [w + spare for w in wide]
    if sum(least) > room:
        least = [w * room / sum(least) for w in least]
    wish = [max(low, min(w, _MOST * room)) - low for low, w in zip(least, wide, strict=True)]
    spare = room - sum(least)
    total = sum(wish) or 1.0
    return [low + spare * w / total for low, w in zip(least, wish, strict=True)]


def _words(texts: list[list[str]], size: int) -> list[float]:
    """Return the width that the longest word of each column needs."""
    face = Face(size, bold=True)
    return [
        max(text_width(word, face) for cell in column for word in re.split("[ \n]", cell) if word or cell == "")
        + 2 * _SIDE + 0.1
        for column in zip(*texts, strict=True)
    ]  # fmt: skip


def _height(row: list[str], widths: list[float], size: int) -> float:
    rows = max(
        sum(lines_of(line, width - 2 * _SIDE, size, bold=True) for line in cell.split("\n"))
        for cell, width in zip(row, widths, strict=True)
    )
    return rows * PITCH * size / 72.0 + 2 * _ABOVE


def _draw(slide: Any, area: Area, content: tuple[Any, ...], numbers: int, size: int) -> Any:
    """Draw cells of the sizes measured."""
    texts, widths, heights = content
    place = area._replace(height=sum(heights)).emu()
    frame = slide.shapes.add_table(len(texts), len(widths), *place)
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = Emu(round(width * EMU))
    for row, height in zip(frame.table.rows, heights, strict=True):
        row.height = Emu(round(height * EMU))
    for i, row in enumerate(texts):
        for j, text in enumerate(row):
            _fill(frame.table.cell(i, j), text, size, right=j >= numbers)
    for i in range(1, len(texts)):
        for paragraph in frame.table.cell(i, 0).text_frame.paragraphs:
            paragraph.font.bold = True
    return frame


def _fill(cell: Any, text: str, size: int, right: bool) -> None:
    """Write one cell."""
    cell.margin_left = cell.margin_right = Emu(round(_SIDE * EMU))
    cell.margin_top = cell.margin_bottom = Emu(round(_ABOVE * EMU))
    cell.vertical_anchor = MSO_ANCHOR.TOP
    cell.text_frame.word_wrap = True
    cell.text_frame.text = text
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        paragraph.font.size = Pt(size)
