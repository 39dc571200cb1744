"""Every deck is as PowerPoint asks: parts, relations, ids, and the order of elements; and a fault is found."""

from __future__ import annotations

import io
import zipfile

import pytest
from office_file import faults
from pptx import Presentation
from test_told_documents import KINDS

from wom_sim.present.brand import Brand
from wom_sim.present.deck import deck_for
from wom_sim.present.publish import slides_of
from wom_sim.present.result_folder import read
from wom_sim.present.since import read_since
from wom_sim.present.wanted import ANALYST, BOARD, Wanted

LOGO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000"
    "0003010100c9fe92ef0000000049454e44ae426082"
)
"""A picture of one point."""


@pytest.mark.parametrize("audience", [BOARD, ANALYST])
def test_a_deck_of_a_comparison_is_sound(finished, audience):
    brand = Brand(logo=LOGO, footer="Board paper 12", author="A. Person", colours=("#7A0019", "#1F6F8B"))
    assert faults(deck_for(read(finished), "nl", Wanted(audience=audience, brand=brand))) == []


def test_a_deck_in_a_template_is_sound(finished, tmp_path):
    presentation = Presentation()
    for _ in range(3):
        presentation.slides.add_slide(presentation.slide_layouts[0])
    presentation.save(tmp_path / "house.pptx")
    assert faults(deck_for(read(finished), "en", Wanted(template=tmp_path / "house.pptx"))) == []


def test_a_deck_over_worlds_is_sound(over_worlds):
    assert faults(deck_for(read(over_worlds), "en", Wanted(audience=ANALYST))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_deck_of_what_is_told_as_one_document_is_sound(results, kind):
    assert faults(slides_of(results[kind])) == []


@pytest.mark.science
def test_a_deck_of_a_study_and_of_two_results_is_sound(study, small_results, finished):
    assert faults(slides_of(study("grid"))) == []
    assert faults(slides_of(read_since(small_results, finished))) == []


def test_every_text_says_its_size_itself(decks):
    for slide in Presentation(io.BytesIO(decks["en"])).slides:
        for shape in slide.shapes:
            frames = [shape.text_frame] if shape.has_text_frame and not shape.is_placeholder else []
            frames += [c.text_frame for row in shape.table.rows for c in row.cells] if shape.has_table else []
            sizes = [run.font.size for frame in frames for p in frame.paragraphs for run in p.runs]
            assert None not in sizes, "a paragraph's default is not always followed"


BROKEN = {
    "order": ("ppt/slides/slide1.xml", b"</a:pPr>", b"<a:lnSpc/></a:pPr>", "its children as"),
    "relation": ("ppt/slides/_rels/slide1.xml.rels", b"slideLayout2.xml", b"slideLayout99.xml", "which is not there"),
    "kind": ("[Content_Types].xml", b"/ppt/slides/slide1.xml", b"/ppt/slides/slide77.xml", "which is not there"),
    "id": ("ppt/slides/slide1.xml", b'<p:cNvPr id="7"', b'<p:cNvPr id="2"', "two shapes have the id"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_found(finished, name):
    part, old, new, said = BROKEN[name]
    content = deck_for(read(finished), "en", Wanted(slides=("change",)))
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(broken, "w") as copy:
        for entry in archive.namelist():
            data = archive.read(entry)
            if entry == part:
                assert old in data
                data = data.replace(old, new, 1)
            copy.writestr(entry, data)
    assert any(said in fault for fault in faults(broken.getvalue()))
