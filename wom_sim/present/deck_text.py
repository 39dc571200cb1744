"""Text on a slide that fits its box: measured, made smaller down to 14 points, and cut by lines where it must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Pt

from wom_sim.charts.style import Face
from wom_sim.charts.typesetting import text_width
from wom_sim.present.deck_stage import EMU, Area
from wom_sim.words import Words
from wom_sim.words.figures import unparted

LEAST = 14
"""Nothing on a slide is smaller than so many points."""
PITCH = 1.2
"""Distance of two lines in sizes of the type, as presentation programs set it."""
_INSET = (0.1, 0.05)
_AFTER = 0.35
"""Space after a paragraph, in sizes of the type."""
TITLE_SIZES = (30, 28, 26, 24, 22, 20, 18, 16, LEAST)
BODY_SIZES = (22, 20, 18, 16, LEAST)


class Fit(NamedTuple):
    """A size in points, and how many paragraphs fit at it."""

    size: int
    paragraphs: int


def lines_of(text: str, width: float, size: float, bold: bool = False) -> int:
    """Return how many lines a text takes in a box so many inches wide.

    Measured in a wide typeface (DejaVu Sans), so that others take no more. A number stays with its unit; a word
    wider than a line is broken, as presentation programs do.
    """
    face, room, lines, used = Face(size, bold), max(width, 0.3), 1, 0.0
    space = text_width("n n", face) - text_width("nn", face)
    for word in text.split(" "):
        wide = text_width(word, face) if word else 0.0
        if used > 0.0 and used + space + wide > room:
            lines, used = lines + 1, 0.0
        lines += int(wide // room) if wide > room else 0
        used = wide % room if wide > room else wide + (used + space if used > 0.0 else 0.0)
    return lines


def height_of(texts: Sequence[str], width: float, size: float, bold: bool = False) -> float:
    """Return the height in inches that paragraphs take, insets included."""
    line = PITCH * size / 72.0
    rows = sum(lines_of(text, width - 2 * _INSET[0], size, bold) for text in texts)
    return rows * line + max(0, len(texts) - 1) * _AFTER * size / 72.0 + 2 * _INSET[1]


def fit(texts: Sequence[str], area: Area, sizes: Sequence[int], bold: bool = False) -> Fit:
    """Return the largest size at which all paragraphs fit; else the least size, and how many fit then."""
    for size in sizes:
        if height_of(texts, area.width, size, bold) <= area.height:
            return Fit(size, len(texts))
    least, kept = sizes[-1], len(texts)
    while kept > 1 and height_of(texts[:kept], area.width, least, bold) > area.height:
        kept -= 1
    return Fit(least, kept)


def shortened(text: str, area: Area, size: int, bold: bool = False) -> str:
    """Return a text cut at a word, with an ellipsis, so that it fits the area at a size."""
    words = text.split(" ")
    while len(words) > 1 and height_of([" ".join(words) + " …"], area.width, size, bold) > area.height:
        words.pop()
    return text if len(words) == len(text.split(" ")) else " ".join(words).rstrip(",;:.") + " …"


def write_title(shape: Any, text: str) -> None:
    """Write a slide's title into its shape, at the template's own size or the largest that fits."""
    text = unparted(text)
    area = Area(shape.left / EMU, shape.top / EMU, shape.width / EMU, shape.height / EMU)
    own = _own_size(shape)
    sizes = [own, *(s for s in TITLE_SIZES if s < own)]
    size, _ = fit([text], area, sizes, bold=True)
    if height_of([text], area.width, size, bold=True) > area.height:
        text = shortened(text, area, size, bold=True)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.text = text
    for run in frame.paragraphs[0].runs:
        run.font.size = Pt(size)


def write_texts(
    slide: Any, area: Area, texts: Sequence[str], bullets: bool = False, largest: int = 22, words: Words | None = None
) -> Any:
    """Write paragraphs into an area of a slide; those that do not fit at 14 points are left out, last ones first.

    ``words``: the report says the same, and a last line refers to it where some are left out.
    """
    box = slide.shapes.add_textbox(*area.emu())
    fill(box.text_frame, area, texts, bullets, largest, words)
    return box


def fill(
    frame: Any, area: Area, texts: Sequence[str], bullets: bool = False, largest: int = 22, words: Words | None = None
) -> None:
    """Write paragraphs into a text frame so that they fit an area; empty ones are none."""
    texts = [unparted(text) for text in texts if text]
    inner = area._replace(width=area.width - (0.3 if bullets else 0.0))
    size, kept = fit(texts, inner, [s for s in BODY_SIZES if s <= largest])
    shown = list(texts[:kept])
    if kept < len(texts) and words is not None:
        shown = _with_rest(texts, inner, size, words)
    if height_of(shown, inner.width, size) > area.height:
        shown = [shortened(shown[0], inner, size)]
    frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
    for n, text in enumerate(shown):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.text = text
        paragraph.font.size = Pt(size)
        paragraph.space_after = Pt(_AFTER * size)
        paragraph.space_before = Pt(0)
        paragraph.line_spacing = 1.0
        _bullet(paragraph, bullets, size)


def _with_rest(texts: Sequence[str], area: Area, size: int, words: Words) -> list[str]:
    """Return the paragraphs that fit, in order, with a last one that says how many are in the report only."""
    shown: list[str] = []
    for text in texts:
        rest = words.say("deck.more", n=words.number(len(texts) - len(shown) - 1))
        if height_of([*shown, text, rest], area.width, size) <= area.height:
            shown.append(text)
    return [*shown, words.say("deck.more", n=words.number(len(texts) - len(shown)))] if shown else list(texts[:1])


def _bullet(paragraph: Any, bullet: bool, size: int) -> None:
    """Give a paragraph a bullet with a hanging indent, or none."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("a:buNone")) + properties.findall(qn("a:buChar")):
        properties.remove(old)
    mark = properties.makeelement(qn("a:buChar" if bullet else "a:buNone"), {"char": "•"} if bullet else {})
    default = properties.find(qn("a:defRPr"))
    properties.insert(len(properties) if default is None else properties.index(default), mark)
    indent = round(0.9 * size / 72.0 * EMU) if bullet else 0
    properties.set("marL", str(indent))
    properties.set("indent", str(-indent))


def _own_size(shape: Any) -> int:
    """Return the size that a title inherits, in points, at most 44; 30 where the template does not say."""
    element = shape.element
    holders = []
    if shape.is_placeholder:
        part = shape.part
        layout = part.slide_layout
        kind = shape.placeholder_format.type
        holders += [s.element for s in layout.placeholders if s.placeholder_format.type == kind]
        holders.append(layout.slide_master.element.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}"))
    for holder in [element, *holders]:
        if holder is None:
            continue
        for name in (qn("a:lvl1pPr"), qn("a:pPr")):
            for level in holder.iter(name):
                run = level.find(qn("a:defRPr"))
                if run is not None and run.get("sz"):
                    return max(LEAST, min(44, int(run.get("sz")) // 100))
    return 30
