"""A deck passes on nothing of a template that reaches outside the file, and has the same bytes for the same slides."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import CONTENT_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from wom_sim.present import deck_file
from wom_sim.present.deck_stage import Stage, TemplateError

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FAR = "http://tracker.example/x.png"


def picture(name: str) -> str:
    return (
        f'<p:pic {nsdecls("p", "a", "r")}><p:nvPicPr><p:cNvPr id="90" name="far"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        f'<p:blipFill><a:blip r:link="{name}"/></p:blipFill><p:spPr/></p:pic>'
    )


@pytest.fixture
def template(tmp_path):
    """A template with every kind of link out of the file that we know, a macro, a ribbon, shows and sections."""
    presentation = Presentation()
    master, layout = presentation.slide_master, presentation.slide_layouts[1]
    for holder in (master, layout):
        link = holder.part.rels.get_or_add_ext_rel(f"{OFFICE}/image", FAR)
        holder.shapes._spTree.append(parse_xml(picture(link)))
        jump = holder.part.rels.get_or_add_ext_rel(f"{OFFICE}/hyperlink", "file://server/share/x")
        run = holder.placeholders[0].text_frame.paragraphs[0].add_run()
        run.text = "our site"
        run._r.get_or_add_rPr().append(parse_xml(f'<a:hlinkClick {nsdecls("a", "r")} r:id="{jump}"/>'))
        thing = holder.part.rels.get_or_add_ext_rel(f"{OFFICE}/oleObject", "file:///C:/x.xlsx")
        holder.shapes._spTree.append(
            parse_xml(
                f'<p:graphicFrame {nsdecls("p", "a", "r")}><p:nvGraphicFramePr><p:cNvPr id="91" name="ole"/>'
                f"<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm/><a:graphic><a:graphicData uri=\"x\">"
                f'<p:oleObj r:id="{thing}"/></a:graphicData></a:graphic></p:graphicFrame>'
            )
        )
    for _ in range(2):
        presentation.slides.add_slide(layout)
    ids = [each.get(qn("r:id")) for each in presentation.slides._sldIdLst]
    shown = "".join(f'<p:sld r:id="{each}"/>' for each in ids)
    show = f'<p:custShow name="B" id="0"><p:sldLst>{shown}</p:sldLst></p:custShow>'
    shows = f'<p:custShowLst {nsdecls("p", "r")}>{show}</p:custShowLst>'
    presentation.element.find(qn("p:notesSz")).addnext(parse_xml(shows))
    package, part = presentation.part.package, presentation.part
    part.rels.get_or_add_ext_rel(f"{OFFICE}/attachedTemplate", "file://server/t.potx")
    macro = Part(PackURI("/ppt/vbaProject.bin"), "application/vnd.ms-office.vbaProject", package, b"macro")
    part.relate_to(macro, "http://schemas.microsoft.com/office/2006/relationships/vbaProject")
    ribbon = Part(PackURI("/customUI/customUI.xml"), "application/xml", package, b"<customUI/>")
    package.relate_to(ribbon, "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility")
    part._content_type = CONTENT_TYPE.PML_PRES_MACRO_MAIN
    presentation.save(str(tmp_path / "house.pptx"))
    return tmp_path / "house.pptx"


def saved(stage: Stage) -> bytes:
    file = io.BytesIO()
    stage.save(file)
    return file.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist())), "no part stands twice"
        return {name: archive.read(name) for name in archive.namelist()}


def test_nothing_of_a_template_reaches_outside(template):
    there = parts_of(template.read_bytes())
    assert sum(b'TargetMode="External"' in part for part in there.values()) >= 3, "the template has links"
    stage = Stage(template)
    _, title, _ = stage.slide()
    title.text_frame.text = "found"
    found = parts_of(saved(stage))
    for name, part in found.items():
        for word in (b'TargetMode="External"', b"tracker.example", b"file:/", b"macroEnabled", b"vbaPr", b"custSh"):
            assert word not in part, (name, word)
    assert not [name for name in found if "vba" in name or "customUI" in name]
    again = Presentation(io.BytesIO(saved(stage)))
    assert again.slides[0].shapes.title.text_frame.text == "found"
    for shapes in (again.slide_master.shapes, again.slide_layouts[1].shapes):
        assert "ole" not in [shape.name for shape in shapes]
    attributes = [pair for each in again.slide_master.element.iter() for pair in each.attrib.items()]
    used = [value for key, value in attributes if key.startswith("{" + OFFICE)]
    assert set(used) <= set(again.slide_master.part.rels), "nothing names a relation that is gone"
    assert "our site" in again.slide_master.placeholders[0].text_frame.text, "the words stay"


def test_the_same_slides_give_the_same_bytes():
    def deck() -> bytes:
        stage = Stage()
        slide, _, _ = stage.slide()
        data = CategoryChartData()
        data.categories = ["a", "b"]
        data.add_series("s", (1.0, 2.0))
        slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Inches(1), Inches(1), Inches(4), Inches(3), data)
        return saved(stage)

    first = deck()
    time.sleep(2.1)  # a zip file tells two seconds
    assert deck() == first
    inner = next(part for name, part in parts_of(first).items() if name.endswith(".xlsx"))
    assert "xl/workbook.xml" in parts_of(inner), "the workbook of the chart is whole"
    assert deck_file.stable(first) == first


def test_a_template_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    Presentation().save(str(tmp_path / "t.pptx"))
    monkeypatch.setattr(deck_file, "MOST_BYTES", 1000)
    with pytest.raises(TemplateError, match="unpacked; allowed"):
        Stage(tmp_path / "t.pptx")
    monkeypatch.setattr(deck_file, "MOST_PARTS", 3)
    with pytest.raises(TemplateError, match="parts; allowed: 3"):
        Stage(tmp_path / "t.pptx")


def test_a_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "t.pptx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(TemplateError, match="is not a PowerPoint file"):
        Stage(tmp_path / "t.pptx")
