"""Slides of a dark house, or one with a bright first colour: heads of tables and charts that can still be read.

Text takes the theme's own colour. What does not are the heads of tables, which the library's style writes in the
colour of the ground on the first accent, and charts, whose parts have colours that are chosen for white.
"""

from __future__ import annotations

import re
from typing import Any

from pptx.dml.color import RGBColor
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from wom_sim.charts.style import INK, contrast_on_white

WHITE = "FFFFFF"
LEAST = 4.5
"""Least contrast of text with what is behind it. Source: WCAG 2.1, level AA."""
_MAPPED = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}


def make_readable(presentation: Any) -> None:
    """Write heads of tables in a colour that stands out from their fill; give charts on a dark ground a white one."""
    master = presentation.slide_master
    colours = _theme(master)
    accent, dark = colours.get("accent1", ""), is_dark(_ground(master, colours))
    head = _head_on(accent) if accent else WHITE
    for slide in presentation.slides:
        for shape in slide.shapes:
            if shape.has_table and accent:
                _colour_heads(shape.table, head)
            elif shape.has_chart and dark:
                _on_white(shape.chart)


def _head_on(accent: str) -> str:
    """Return the first of white, the ink of charts and black that stands out from a fill.

    >>> _head_on("10233F"), _head_on("F2A900"), _head_on("4F81BD")
    ('FFFFFF', '222222', '000000')
    """
    fill = contrast_on_white(f"#{accent}")
    if fill >= LEAST:
        return WHITE
    return INK.removeprefix("#") if contrast_on_white(INK) / fill >= LEAST else "000000"


def is_dark(colour: str) -> bool:
    """Return whether white stands out from a colour more than black does.

    >>> is_dark("10233F"), is_dark("FFFFFF"), is_dark("F2A900")
    (True, False, False)
    """
    return bool(colour) and contrast_on_white(f"#{colour}") > 21.0 / contrast_on_white(f"#{colour}")


def _theme(master: Any) -> dict[str, str]:
    """Return the colours of a master's theme by name; those of the system as last seen."""
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = theme.blob.decode("utf-8", "replace")
    found = {}
    for name in ("dk1", "lt1", "dk2", "lt2", "accent1"):
        inner = re.search(rf"<a:{name}>(.*?)</a:{name}>", text, flags=re.DOTALL)
        value = re.search(r'(?:srgbClr val|lastClr)="([0-9A-Fa-f]{6})"', inner[1]) if inner else None
        if value:
            found[name] = value[1].upper()
    return found


def _ground(master: Any, colours: dict[str, str]) -> str:
    """Return the colour of the ground, "" where it is a picture or is not said."""
    ground = master.element.find(qn("p:cSld")).find(qn("p:bg"))
    named, mapped = "bg1", dict(master.element.find(qn("p:clrMap")).attrib)
    if ground is not None:
        plain = next(ground.iter(qn("a:srgbClr")), None)
        if plain is not None:
            return str(plain.get("val")).upper()
        scheme = next(ground.iter(qn("a:schemeClr")), None)
        if scheme is None:
            return ""
        named = str(scheme.get("val"))
    return colours.get(mapped.get(named, _MAPPED.get(named, named)), "")


def _colour_heads(table: Any, colour: str) -> None:
    """Write the first row of a table in a colour."""
    for cell in table.rows[0].cells:
        for paragraph in cell.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.color.rgb = RGBColor.from_string(colour)


def _on_white(chart: Any) -> None:
    """Give a chart a white ground, and every text in it dark ink."""
    space = chart._chartSpace
    for old in space.findall(qn("c:spPr")):
        space.remove(old)
    fill = f'<a:solidFill><a:srgbClr val="{WHITE}"/></a:solidFill><a:ln><a:noFill/></a:ln>'
    space.find(qn("c:chart")).addnext(parse_xml(f"<c:spPr {nsdecls('c', 'a')}>{fill}</c:spPr>"))
    ink = f'<a:solidFill {nsdecls("a")}><a:srgbClr val="{INK.removeprefix("#")}"/></a:solidFill>'
    for kind in ("a:defRPr", "a:rPr"):
        for properties in space.iter(qn(kind)):
            if properties.find(qn("a:solidFill")) is None:
                properties.insert(1 if properties.find(qn("a:ln")) is not None else 0, parse_xml(ink))
