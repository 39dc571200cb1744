"""What PowerPoint asks of a file, and repairs or refuses where it is not so: parts, relations, ids, order."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/package/2006/content-types"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

ORDER = {
    f"{A}pPr": "lnSpc spcBef spcAft buClrTx buClr buSzTx buSzPct buSzPts buFontTx buFont buNone buAutoNum buChar "
    "buBlip tabLst defRPr extLst",
    f"{A}rPr": "ln noFill solidFill gradFill effectLst highlight uLnTx uLn uFillTx uFill latin ea cs sym hlinkClick "
    "hlinkMouseOver rtl extLst",
    f"{A}bodyPr": "prstTxWarp noAutofit normAutofit spAutoFit scene3d sp3d flatTx extLst",
    f"{A}p": "pPr r br fld endParaRPr",
    f"{P}spPr": "xfrm custGeom prstGeom noFill solidFill gradFill blipFill pattFill grpFill ln effectLst extLst",
    f"{C}spPr": "xfrm custGeom prstGeom noFill solidFill gradFill blipFill pattFill grpFill ln effectLst extLst",
    f"{C}chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotSource protection chart spPr "
    "txPr externalData printSettings userShapes extLst",
    f"{C}chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly "
    "dispBlanksAs showDLblsOverMax extLst",
    f"{C}ser": "idx order tx spPr invertIfNegative marker pictureOptions dPt dLbls trendline errBars cat val xVal yVal "
    "smooth shape bubbleSize bubble3D extLst",
    f"{C}errBars": "errDir errBarType errValType noEndCap plus minus val spPr extLst",
    f"{C}valAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark "
    "tickLblPos spPr txPr crossAx crosses crossesAt crossBetween majorUnit minorUnit dispUnits extLst",
    f"{C}catAx": "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark "
    "tickLblPos spPr txPr crossAx crosses crossesAt auto lblAlgn lblOffset noMultiLvlLbl extLst",
    f"{C}scaling": "logBase orientation max min extLst",
    f"{C}legend": "legendPos legendEntry layout overlay spPr txPr extLst",
    f"{C}dLbls": "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize separator showLeaderLines extLst",
    f"{C}barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
    f"{C}scatterChart": "scatterStyle varyColors ser dLbls axId extLst",
}  # fmt: skip
"""Elements in the order of their schema. Source: ECMA-376, part 1, DrawingML, its charts, PresentationML."""


def faults(content: bytes) -> list[str]:
    """Return what is wrong with a presentation, in words; nothing where nothing is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        parts = {name: archive.read(name) for name in names}
    found = [f"{name} stands twice" for name, n in Counter(names).items() if n > 1]
    trees = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    found += _kinds(trees["[Content_Types].xml"], set(parts))
    found += _relations(trees, set(parts))
    for name, tree in trees.items():
        found += [f"{name}: {text}" for text in (*_out_of_order(tree), *_ids(name, tree), *_tables(tree))]
    for name in sorted(parts):
        if re.fullmatch(r"ppt/charts/chart[^/]*\.xml", name):
            found += [f"{name}: {text}" for text in _chart(trees[name])]
    return found


def _kinds(tree: Any, parts: set[str]) -> Iterator[str]:
    """Yield parts without a kind, and kinds of parts that are not there."""
    endings = {each.get("Extension").lower() for each in tree.iter(f"{{{KINDS}}}Default")}
    named = [each.get("PartName").lstrip("/") for each in tree.iter(f"{{{KINDS}}}Override")]
    yield from (f"two kinds for {name}" for name, n in Counter(named).items() if n > 1)
    yield from (f"a kind for {name}, which is not there" for name in named if name not in parts)
    for name in parts - {"[Content_Types].xml"}:
        if name not in named and name.rpartition(".")[2].lower() not in endings:
            yield f"no kind for {name}"


def _relations(trees: dict[str, Any], parts: set[str]) -> Iterator[str]:
    """Yield relations to nothing, names of relations that there are not, and parts to which none leads."""
    led_to = {"[Content_Types].xml"} | {name for name in parts if name.endswith(".rels")}
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder, _, file = name.rpartition("/_rels/") if "/_rels/" in name else ("", "", name.removeprefix("_rels/"))
        source = posixpath.join(folder, file.removesuffix(".rels"))
        known = [each.get("Id") for each in tree.iter(f"{{{RELATIONS}}}Relationship")]
        yield from (f"{name}: {each} twice" for each, n in Counter(known).items() if n > 1)
        for each in tree.iter(f"{{{RELATIONS}}}Relationship"):
            if each.get("TargetMode") == "External":
                yield f"{name}: leads outside, to {each.get('Target')}"
                continue
            target = posixpath.normpath(posixpath.join(folder, each.get("Target"))).lstrip("/")
            target = each.get("Target").lstrip("/") if each.get("Target").startswith("/") else target
            led_to.add(target)
            if target not in parts:
                yield f"{name}: {each.get('Id')} leads to {target}, which is not there"
        if source in trees:
            used = {v for e in trees[source].iter() for k, v in e.attrib.items() if k.startswith(R) and v}
            yield from (f"{source}: names the relation {each}, which is not there" for each in used - set(known))
    yield from (f"nothing leads to {name}" for name in parts - led_to)


def _out_of_order(tree: Any) -> Iterator[str]:
    """Yield children that stand before one that must come first."""
    for tag, order in ORDER.items():
        place = {name: n for n, name in enumerate(order.split())}
        for element in tree.iter(tag):
            children = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
            unknown = [child for child in children if child not in place]
            known = [place[child] for child in children if child in place]
            if tag != f"{A}p" and unknown:
                yield f"{etree.QName(tag).localname} has {', '.join(unknown)}, which is not known to belong there"
            if tag != f"{A}p" and known != sorted(known):
                yield f"{etree.QName(tag).localname} has its children as {' '.join(children)}"
            if tag == f"{A}p" and children and ("pPr" in children[1:] or "endParaRPr" in children[:-1]):
                yield f"p has its children as {' '.join(children)}"


def _ids(name: str, tree: Any) -> Iterator[str]:
    """Yield ids that two shapes have, and ids of slides and layouts out of their range."""
    shapes = [each.get("id") for each in tree.iter(f"{P}cNvPr")]
    yield from (f"two shapes have the id {each}" for each, n in Counter(shapes).items() if n > 1)
    if name == "ppt/presentation.xml":
        slides = [int(each.get("id")) for each in tree.iter(f"{P}sldId")]
        if len(set(slides)) < len(slides) or any(not 256 <= each < 2**31 for each in slides):
            yield f"ids of slides: {slides}"
    layouts = [int(each.get("id")) for each in tree.iter(f"{P}sldLayoutId")]
    if len(set(layouts)) < len(layouts) or any(each < 2**31 for each in layouts):
        yield f"ids of layouts: {layouts}"


def _tables(tree: Any) -> Iterator[str]:
    """Yield tables whose rows have not a cell a column, or whose merged cells are none."""
    for table in tree.iter(f"{A}tbl"):
        columns = len(list(table.iter(f"{A}gridCol")))
        for row in table.iter(f"{A}tr"):
            cells = row.findall(f"{A}tc")
            if len(cells) != columns:
                yield f"a row of {len(cells)} cells in a table of {columns} columns"
            for n, cell in enumerate(cells):
                span = int(cell.get("gridSpan", 1))
                if any(other.get("hMerge") not in ("1", "true") for other in cells[n + 1 : n + span]):
                    yield "cells that are merged away are there"


def _chart(tree: Any) -> Iterator[str]:
    """Yield series of one number twice, caches that say another length than they have, axes that are none."""
    for name in ("idx", "order"):
        numbers = [each.get("val") for ser in tree.iter(f"{C}ser") for each in ser.findall(f"{C}{name}")]
        if len(set(numbers)) < len(numbers):
            yield f"series with the same {name}"
    for cache in (*tree.iter(f"{C}numCache"), *tree.iter(f"{C}strCache"), *tree.iter(f"{C}numLit")):
        told = int(cache.find(f"{C}ptCount").get("val"))
        points = [int(each.get("idx")) for each in cache.iter(f"{C}pt")]
        if len(points) > told or points != sorted(set(points)) or any(each >= told for each in points):
            yield f"{told} points are told, and {len(points)} there"
    plotted = {each.get("val") for plot in tree.iter(f"{C}plotArea") for each in plot.iterfind(f"*/{C}axId")}
    axes = [axis for kind in ("valAx", "catAx", "dateAx") for axis in tree.iter(f"{C}{kind}")]
    drawn = {axis.find(f"{C}axId").get("val") for axis in axes}
    if plotted != drawn:
        yield f"axes {sorted(plotted)} are named, {sorted(drawn)} are there"
