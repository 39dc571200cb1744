"""Templates as firms keep them: saved as a template, with macros, dark; text is read on all of them."""

import io
import re
import zipfile

import pytest
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from test_board import check

from wom_sim.charts.style import contrast_on_white
from wom_sim.present.deck import deck_for
from wom_sim.present.deck_stage import Stage
from wom_sim.present.result_folder import read
from wom_sim.present.wanted import Wanted

PLAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
KINDS = {
    "potx": b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "potm": b"application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
    "pptm": b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
}


def saved_as(path, kind):
    """Write a template of the usual layouts that says that it is of another kind."""
    file = io.BytesIO()
    Presentation().save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            content = old.read(entry.filename)
            new.writestr(entry, content.replace(PLAIN, KINDS[kind]) if entry.filename.startswith("[Con") else content)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_of_any_kind_gives_a_plain_presentation(finished, tmp_path, kind):
    template = saved_as(tmp_path / f"firm.{kind}", kind)
    content = deck_for(read(finished), "en", Wanted(template=template))
    check(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kinds = archive.read("[Content_Types].xml")
    assert PLAIN in kinds
    assert not any(other in kinds for other in KINDS.values())


def test_room_for_a_comment_is_left_once():
    stage = Stage()
    stage.reserve(0.75)
    *_, first = stage.slide()
    left = stage.reserved
    *_, second = stage.slide()
    assert left is not None and left.top >= first.bottom
    assert second.height == pytest.approx(first.height + 0.2 + left.height)


DARK, BRIGHT = "10233F", "F2A900"


def dark_template(path):
    """Write a template as a firm in dark blue keeps it: light text on a dark ground, a bright first accent."""
    presentation = Presentation()
    master = presentation.slide_master
    ground = f'<a:solidFill><a:srgbClr val="{DARK}"/></a:solidFill><a:effectLst/>'
    page = master.element.find(qn("p:cSld"))
    for old in page.findall(qn("p:bg")):
        page.remove(old)
    page.insert(0, parse_xml(f"<p:bg {nsdecls('p', 'a')}><p:bgPr>{ground}</p:bgPr></p:bg>"))
    for name, colour in (("bg1", "dk1"), ("tx1", "lt1")):
        master.element.find(qn("p:clrMap")).set(name, colour)
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = theme.blob.decode()
    for name, colour in (("dk1", DARK), ("accent1", BRIGHT)):
        given = f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>'
        text = re.sub(f"<a:{name}>.*?</a:{name}>", given, text, flags=re.DOTALL)
    theme._blob = text.encode()
    presentation.save(path)
    return path


def test_on_a_dark_template_heads_and_charts_can_be_read(finished, tmp_path):
    content = deck_for(read(finished), "en", Wanted(template=dark_template(tmp_path / "dark.pptx")))
    check(content)
    slides = Presentation(io.BytesIO(content)).slides
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    assert charts and tables
    for table in tables:
        for cell in table.rows[0].cells:
            for run in cell.text_frame.paragraphs[0].runs:
                ink = contrast_on_white(f"#{run.font.color.rgb}")
                assert ink / contrast_on_white(f"#{BRIGHT}") >= 4.5, "contrast of a head with the first accent"
    for chart in charts:
        ground = chart._chartSpace.find(qn("c:spPr")).find(qn("a:solidFill")).find(qn("a:srgbClr"))
        assert ground.get("val") == "FFFFFF"
        inks = {fill.get("val") for p in chart._chartSpace.iter(qn("a:defRPr")) for fill in p.iter(qn("a:srgbClr"))}
        assert inks and all(contrast_on_white(f"#{ink}") >= 4.5 for ink in inks)


def test_heads_on_a_blue_that_neither_white_nor_ink_stands_out_from_are_black(finished, tmp_path):
    Presentation().save(tmp_path / "plain.pptx")
    slides = Presentation(io.BytesIO(deck_for(read(finished), "en", Wanted(template=tmp_path / "plain.pptx")))).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    inks = {run.font.color.rgb for t in tables for c in t.rows[0].cells for run in c.text_frame.paragraphs[0].runs}
    assert tables and {str(ink) for ink in inks} == {"000000"}
    assert contrast_on_white("#000000") / contrast_on_white("#4F81BD") >= 4.5


def test_on_a_light_template_charts_keep_the_ground_of_the_slide(finished):
    slides = Presentation(io.BytesIO(deck_for(read(finished), "en", Wanted()))).slides
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    assert charts and all(chart._chartSpace.find(qn("c:spPr")) is None for chart in charts)
