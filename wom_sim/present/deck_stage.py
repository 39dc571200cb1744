"""The stage of a deck: a presentation, its layouts by the type of their placeholders, and where content goes.

A template keeps its layouts, theme, sizes and fonts; only text that would not fit is made smaller.
"""

from __future__ import annotations

import copy
import io
import re
from pathlib import Path
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from wom_sim.present.brand import Brand
from wom_sim.present.deck_file import check_size, opened, stable, without_strangers
from wom_sim.words import Words

EMU = 914400
WIDTH, HEIGHT = 13.333, 7.5
FOOTERS = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
TITLES = (KIND.TITLE, KIND.CENTER_TITLE, KIND.VERTICAL_TITLE)
BODIES = (KIND.OBJECT, KIND.BODY)
ACCENTS = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9")
"""Okabe and Ito's colours, as in the charts."""
_FOOT = 12
_LOGO = (1.9, 0.75)
"""Most width and height of a logo, in inches."""


_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
"""The extension of a presentation that groups its slides."""


class TemplateError(ValueError):
    """A template that cannot be used; the message says why."""


class Area(NamedTuple):
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.top + self.height

    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Return left, top, width and height as the format counts them."""
        left, top, width, height = (Emu(round(v * EMU)) for v in self)
        return left, top, width, height

    def rows(self, *shares: float, gap: float = 0.2) -> list[Area]:
        """Return the area cut into rows of these shares."""
        room, at, cut = self.height - gap * (len(shares) - 1), self.top, []
        for share in shares:
            height = room * share / sum(shares)
            cut.append(Area(self.left, at, self.width, height))
            at += height + gap
        return cut

    def columns(self, *shares: float, gap: float = 0.35) -> list[Area]:
        """Return the area cut into columns of these shares."""
        room, at, cut = self.width - gap * (len(shares) - 1), self.left, []
        for share in shares:
            width = room * share / sum(shares)
            cut.append(Area(at, self.top, width, self.height))
            at += width + gap
        return cut


class Stage:
    """A presentation to which slides are added."""

    def __init__(self, template: Path | None = None, brand: Brand | None = None, words: Words | None = None) -> None:
        if template is not None:
            _rehearse(template)
        self._brand, self._words = brand or Brand(), words or Words()
        self._set(_plain_stage(self._brand) if template is None else _template(template))
        self._room = 0.0
        self.reserved: Area | None = None
        """The area that was left free at the foot of the last slide, where that was asked for."""

    def _set(self, presentation: Any) -> None:
        self.presentation: Any = presentation
        layouts = list(self.presentation.slide_layouts)
        self._opening = _choose(layouts, (KIND.SUBTITLE, KIND.BODY), first=True)
        self._content = _choose(layouts, BODIES, first=False)

    def reserve(self, room: float) -> None:
        """Leave so many inches free at the foot of the next slide with content."""
        self._room, self.reserved = room, None

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of a slide in inches."""
        return self.presentation.slide_width / EMU, self.presentation.slide_height / EMU

    def opening(self) -> tuple[Any, Any, Any]:
        """Add the first slide; return it, the shape for its title, and the shape for what stands below or None."""
        slide = self.presentation.slides.add_slide(self._opening)
        title, below = _title_of(slide), None
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type in TITLES:
                continue
            if below is None and shape.placeholder_format.type in (KIND.SUBTITLE, *BODIES):
                below = shape
            else:
                _remove(shape)
        width, height = self.size
        if title is None:
            title = _text_box(slide, Area(0.08 * width, 0.25 * height, 0.84 * width, 0.25 * height))
        if below is None:
            below = _text_box(slide, Area(0.08 * width, 0.55 * height, 0.84 * width, 0.3 * height))
        return slide, title, below

    def slide(self) -> tuple[Any, Any, Area]:
        """Add a slide; return it, the shape for its title, and the area for its content (placeholders removed)."""
        slide = self.presentation.slides.add_slide(self._content)
        title, width, height = _title_of(slide), *self.size
        bodies = [s for s in slide.placeholders if s.placeholder_format.type in BODIES]
        area = _area_of(bodies[0]) if len(bodies) == 1 else None
        if title is None:
            title = _text_box(slide, Area(0.05 * width, 0.04 * height, 0.9 * width, 0.16 * height))
        if area is None or area.width < 0.5 * width or area.height < 0.4 * height:
            area = _below(_area_of(title), width, height, _footers_top(self._content, height))
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type not in TITLES:
                _remove(shape)
        self._foot(slide)
        if self._room:
            area, self.reserved = area.rows(area.height - self._room, self._room)
            self._room = 0.0
        return slide, title, area

    def _foot(self, slide: Any) -> None:
        """Give a slide its number, and the house's footer and date, where the layout has a place for each."""
        day = self._brand.date
        told = {
            KIND.SLIDE_NUMBER: None, KIND.FOOTER: " · ".join(self._brand.foot),
            KIND.DATE: "" if day is None else self._words.date(day),
        }  # fmt: skip
        for shape in self._content.placeholders:
            kind = shape.placeholder_format.type
            if kind in told and told[kind] != "":
                slide.shapes._spTree.append(copy.deepcopy(shape.element))
                if told[kind] is not None:
                    _write_foot(slide.shapes[-1], str(told[kind]))

    def save(self, file: Any) -> None:
        """Write the presentation to an open file; the same slides give the same bytes."""
        whole = io.BytesIO()
        self.presentation.save(whole)
        file.write(stable(whole.getvalue()))


def _write_foot(shape: Any, text: str) -> None:
    """Write what stands at the foot, in the theme's font, small."""
    shape.text_frame.text = text
    for run in shape.text_frame.paragraphs[0].runs:
        run.font.size = Pt(_FOOT)
        run.font.name = "+mn-lt"


def _plain_stage(brand: Brand) -> Any:
    """Return an empty presentation of 16:9 with room for a title of two lines, and colours as in the charts."""
    presentation: Any = Presentation()
    _lay_out(presentation)
    master = presentation.slide_master
    _band(presentation.slide_layouts[0], Area(0.0, 0.0, 0.35, HEIGHT))
    _band(master, Area(0.0, 0.0, WIDTH, 0.14))
    _paint(master, brand)
    if brand.logo:
        _place_logo(master, presentation.slide_layouts[1], brand.logo)
    return presentation


def _lay_out(presentation: Any) -> None:
    """Make the slides 16:9, with room for a title of two lines."""
    wider = WIDTH * EMU / presentation.slide_width
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    master = presentation.slide_master
    for shapes in (master.placeholders, *(layout.placeholders for layout in presentation.slide_layouts)):
        for shape in shapes:
            if shape.element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    for shape in presentation.slide_layouts[0].placeholders:
        if shape.placeholder_format.type in TITLES:
            shape.left, shape.top, shape.width, shape.height = Area(0.9, 1.9, 11.5, 1.5).emu()
        elif shape.placeholder_format.type == KIND.SUBTITLE:
            shape.left, shape.top, shape.width, shape.height = Area(0.9, 3.6, 11.5, 2.2).emu()
            for level in shape.element.iter(qn("a:lvl1pPr")):
                level.set("algn", "l")
    places = dict.fromkeys(TITLES, Area(0.6, 0.35, 12.13, 1.15)) | dict.fromkeys(BODIES, Area(0.6, 1.65, 12.13, 5.1))
    places[KIND.FOOTER] = Area(2.7, 6.95, 7.9, 0.4)
    for holder in (master, presentation.slide_layouts[1]):
        for shape in holder.placeholders:
            if shape.placeholder_format.type in places:
                place = places[shape.placeholder_format.type].emu()
                shape.left, shape.top, shape.width, shape.height = place


def _place_logo(master: Any, layout: Any, logo: bytes) -> None:
    """Place a logo at the right of the titles, on the master, so that it is on every slide; titles make room for it."""
    part, name = master.part.get_or_add_image_part(io.BytesIO(logo))
    across, up = part.image.size
    scale = min(_LOGO[0] / across, _LOGO[1] / up)
    width, height = across * scale, up * scale
    left, top, *_ = Area(WIDTH - 0.6 - width, 0.4, width, height).emu()
    text = (
        f'<p:pic {nsdecls("p", "a", "r")}><p:nvPicPr><p:cNvPr id="{len(master.shapes._spTree) + 200}" name="Logo" '
        f'descr=""/><p:cNvPicPr/><p:nvPr userDrawn="1"/></p:nvPicPr><p:blipFill><a:blip r:embed="{name}"/><a:stretch>'
        f'<a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext '
        f'cx="{round(width * EMU)}" cy="{round(height * EMU)}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )
    master.shapes._spTree.append(parse_xml(text))
    for holder in (master, layout):
        for shape in holder.placeholders:
            if shape.placeholder_format.type in TITLES:
                shape.width = Emu(round((WIDTH - 1.4 - width) * EMU))


def _band(holder: Any, area: Area) -> None:
    """Draw a band in the theme's first colour behind everything of a layout or master."""
    left, top, width, height = area.emu()
    tree = holder.shapes._spTree
    text = (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{len(tree) + 100}" name="Band"/><p:cNvSpPr/><p:nvPr '
        f'userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/>'
        f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/>'
        f"</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    tree.insert(2, parse_xml(text))


def _paint(master: Any, brand: Brand) -> None:
    """Give the theme the colours of the charts and the font of the house, and titles that stand left in dark ink."""
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = theme.blob.decode("utf-8")
    own = [c.removeprefix("#") for c in dict.fromkeys(c for c in (brand.accent, *brand.colours) if c)]
    for n, colour in enumerate([*own, *ACCENTS][: len(ACCENTS)], start=1):
        head, _, rest = text.partition(f"<a:accent{n}>")
        _, _, tail = rest.partition(f"</a:accent{n}>")
        text = f'{head}<a:accent{n}><a:srgbClr val="{colour}"/></a:accent{n}>{tail}'
    if brand.font:
        text = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{brand.font}", text)
    theme._blob = text.encode("utf-8")
    style = master.element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    style.find(qn("a:defRPr")).set("sz", "3000")
    style.find(qn("a:defRPr")).set("b", "1")


def _rehearse(path: Path) -> None:
    """Make two slides with a template and save them. Raises TemplateError where that cannot be done.

    Of a template in which something is missing or wrong the library reads what it can, and raises whatever comes up
    when that part is needed.
    """
    try:
        stage = Stage.__new__(Stage)
        stage._brand, stage._words, stage._room = Brand(), Words(), 0.0
        stage._set(_template(path))
        stage.opening()
        stage.slide()
        stage.save(io.BytesIO())
    except (TemplateError, MemoryError):
        raise
    except Exception:
        words = "is damaged: no slide can be made with it; open it in PowerPoint and save it again, or give another"
        raise TemplateError(f"--template: {path} {words}") from None


def _template(path: Path) -> Any:
    """Return a template without its slides. Raises TemplateError."""
    if not path.is_file():
        raise TemplateError(f"--template: no such file: {path}; allowed: a PowerPoint file (.pptx)")
    try:
        large = check_size(path)
        if large is not None:
            raise TemplateError(f"--template: {path} {large}")
        presentation: Any = Presentation(opened(path))
        without_strangers(presentation)
    except TemplateError:
        raise
    except Exception:  # the library lets through what the archive and the XML reader raise
        raise TemplateError(f"--template: {path} is not a PowerPoint file (.pptx), or is damaged") from None
    if not len(presentation.slide_layouts):
        raise TemplateError(f"--template: {path} has no layouts; allowed: a template with at least one")
    ids = presentation.slides._sldIdLst
    for each in list(ids):
        presentation.part.rels.pop(each.get(qn("r:id")))
        ids.remove(each)
    _forget_slides(presentation.element)
    return presentation


def _forget_slides(element: Any) -> None:
    """Remove from a presentation the shows and sections that name slides which are gone."""
    for shows in element.findall(qn("p:custShowLst")):
        element.remove(shows)
    for extension in list(element.iter(qn("p:ext"))):
        if extension.get("uri") == _SECTIONS:
            extension.getparent().remove(extension)


def _choose(layouts: list[Any], wanted: tuple[Any, ...], first: bool) -> Any:
    """Return the layout that suits best: a title, one placeholder of a wanted type, nothing else to fill."""

    def fits(layout: Any) -> tuple[bool, ...]:
        kinds = [s.placeholder_format.type for s in layout.placeholders]
        others = [k for k in kinds if k not in FOOTERS and k not in TITLES]
        centre = KIND.CENTER_TITLE in kinds
        return (
            not any(k in TITLES for k in kinds), centre != first, KIND.VERTICAL_TITLE in kinds,
            sum(k in wanted for k in others) != 1, len(others) > 1,
            not first and others != [KIND.OBJECT], first and KIND.SUBTITLE not in others,
        )  # fmt: skip

    return min(layouts, key=fits)


def _title_of(slide: Any) -> Any:
    return next((s for s in slide.placeholders if s.placeholder_format.type in TITLES), None)


def _area_of(shape: Any) -> Area:
    return Area(shape.left / EMU, shape.top / EMU, shape.width / EMU, shape.height / EMU)


def _below(title: Area, width: float, height: float, footers: float) -> Area:
    """Return the room below a title, or above it where there is more."""
    left, across = (title.left, title.width) if title.width >= 0.5 * width else (0.06 * width, 0.88 * width)
    below = footers - 0.1 - title.bottom - 0.15
    if below >= 0.45 * height:
        return Area(left, title.bottom + 0.15, across, below)
    return Area(left, 0.06 * height, across, max(title.top - 0.1 * height, 0.45 * height))


def _footers_top(layout: Any, height: float) -> float:
    tops = [s.top / EMU for s in layout.placeholders if s.placeholder_format.type in FOOTERS and s.top is not None]
    low = [top for top in tops if top > 0.75 * height]
    return min(low, default=0.95 * height)


def _text_box(slide: Any, area: Area) -> Any:
    box = slide.shapes.add_textbox(*area.emu())
    box.text_frame.word_wrap = True
    return box


def _remove(shape: Any) -> None:
    shape.element.getparent().remove(shape.element)
