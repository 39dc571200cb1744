"""The stage of a deck: a presentation, its layouts by the type of their placeholders, and where content goes.

A template keeps its layouts, theme, sizes and fonts; only text that would not fit is made smaller.
"""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches

from wom_sim.present.deck_file import check_size, stable, without_strangers

EMU = 914400
WIDTH, HEIGHT = 13.333, 7.5
FOOTERS = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
TITLES = (KIND.TITLE, KIND.CENTER_TITLE, KIND.VERTICAL_TITLE)
BODIES = (KIND.OBJECT, KIND.BODY)
ACCENTS = ("0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9")
"""Okabe and Ito's colours, as in the charts."""


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

    def __init__(self, template: Path | None = None) -> None:
        if template is not None:
            _rehearse(template)
        self._set(_plain_stage() if template is None else _template(template))

    def _set(self, presentation: Any) -> None:
        self.presentation: Any = presentation
        layouts = list(self.presentation.slide_layouts)
        self._opening = _choose(layouts, (KIND.SUBTITLE, KIND.BODY), first=True)
        self._content = _choose(layouts, BODIES, first=False)

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
        _number(slide, self._content)
        return slide, title, area

    def save(self, file: Any) -> None:
        """Write the presentation to an open file; the same slides give the same bytes."""
        whole = io.BytesIO()
        self.presentation.save(whole)
        file.write(stable(whole.getvalue()))


def _plain_stage() -> Any:
    """Return an empty presentation of 16:9 with room for a title of two lines, and colours as in the charts."""
    presentation: Any = Presentation()
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
    _band(presentation.slide_layouts[0], Area(0.0, 0.0, 0.35, HEIGHT))
    _band(master, Area(0.0, 0.0, WIDTH, 0.14))
    for holder in (master, presentation.slide_layouts[1]):
        for shape in holder.placeholders:
            if shape.placeholder_format.type in TITLES:
                shape.left, shape.top, shape.width, shape.height = Area(0.6, 0.35, 12.13, 1.15).emu()
            elif shape.placeholder_format.type in BODIES:
                shape.left, shape.top, shape.width, shape.height = Area(0.6, 1.65, 12.13, 5.1).emu()
    _paint(master)
    return presentation


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


def _paint(master: Any) -> None:
    """Give the theme the colours of the charts, and titles that stand left in dark ink."""
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = theme.blob.decode("utf-8")
    for n, colour in enumerate(ACCENTS, start=1):
        head, _, rest = text.partition(f"<a:accent{n}>")
        _, _, tail = rest.partition(f"</a:accent{n}>")
        text = f'{head}<a:accent{n}><a:srgbClr val="{colour}"/></a:accent{n}>{tail}'
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
        stage._set(_template(path))
        stage.opening()
        stage.slide()
        stage.save(io.BytesIO())
    except (TemplateError, MemoryError):
        raise
    except Exception as error:
        words = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise TemplateError(f"--template: {path} is damaged: no slide can be made with it ({words[:200]})") from None


def _template(path: Path) -> Any:
    """Return a template without its slides. Raises TemplateError."""
    if not path.is_file():
        raise TemplateError(f"--template: no such file: {path}; allowed: a PowerPoint file (.pptx)")
    try:
        large = check_size(path)
        if large is not None:
            raise TemplateError(f"--template: {path} {large}")
        presentation: Any = Presentation(str(path))
        without_strangers(presentation)
    except TemplateError:
        raise
    except Exception as error:  # the library lets through what the archive and the XML reader raise
        raise TemplateError(f"--template: {path} is not a PowerPoint file (.pptx): {error}") from None
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


def _number(slide: Any, layout: Any) -> None:
    """Give a slide its number where the layout has a place for it."""
    for shape in layout.placeholders:
        if shape.placeholder_format.type == KIND.SLIDE_NUMBER:
            slide.shapes._spTree.append(copy.deepcopy(shape.element))
            return
