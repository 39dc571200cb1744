"""A house style: read and checked, in deck, page and workbook; what cannot be seen or followed is refused."""

import io
import re

import pytest
from PIL import Image
from pptx import Presentation

from wom_sim.charts.house import FAR, apart, faults, filled, house_colours
from wom_sim.charts.style import OKABE_ITO, palette
from wom_sim.present.brand import Brand, read_brand
from wom_sim.present.deck import deck_for
from wom_sim.present.one_page import one_page
from wom_sim.present.own_file import OwnFileError
from wom_sim.present.result_folder import read
from wom_sim.present.wanted import ANALYST, Wanted
from wom_sim.present.workbook import workbook

WHOLE = """
[brand]
accent = "#7A0019"
colours = ["#7A0019", "#B07D00", "#1F6F8B"]
font = "Georgia"
footer = 'Paper 12, "draft" <b>'
author = "A. Person"
date = 2026-11-27
confidentiality = "Confidential"
logo = "logo.png"
"""


@pytest.fixture
def file(tmp_path):
    """A house style with everything in it."""
    Image.new("RGB", (300, 100), "#7A0019").save(tmp_path / "logo.png")
    path = tmp_path / "brand.toml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_a_file_is_read_whole(file):
    brand = read_brand(file)
    assert (brand.accent, brand.font, brand.author) == ("#7A0019", "Georgia", "A. Person")
    assert brand.colours == ("#7A0019", "#B07D00", "#1F6F8B")
    assert brand.logo.startswith(b"\x89PNG")
    assert str(brand.date) == "2026-11-27"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('accent = "#FFDD00"', "brand.accent: given #FFDD00, whose contrast on white is 1.3"),
        ('colours = ["#F0E442"]', "brand.colours[1]: #F0E442 has a contrast of 1.3 on white"),
        ('colours = ["#007A33", "#A03A2C", "#9B4B00"]', "look alike with"),
        ('colours = ["red"]', "brand.colours[1]: given 'red'; allowed: a colour, as #005A91"),
        ('colours = "#005A91"', "brand.colours: given '#005A91'"),
        ('font = "a;} body{"', "brand.font: given"),
        ("author = 3", "brand.author: given 3; allowed: a text"),
        ('date = "yesterday"', "brand.date: given 'yesterday'; allowed: a date, as 2026-11-27"),
        ('logo = "none.png"', "none.png cannot be read"),
        ('logo = "brand.toml"', "is neither PNG nor JPEG"),
        ('colour = "#005A91"', "brand.colour: no such key; allowed: accent, colours"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path, line, told):
    path = tmp_path / "brand.toml"
    path.write_text(f"[brand]\n{line}\n", encoding="utf-8")
    with pytest.raises(OwnFileError) as refused:
        read_brand(path)
    assert told in str(refused.value)
    assert f"{path}:2: brand." in str(refused.value)


@pytest.mark.parametrize("text", ["brand = 3", "[house]", "[brand", "\udcff"])
def test_a_file_of_another_kind_is_refused(tmp_path, finished, run, text):
    path = tmp_path / "brand.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    code, out, err = run("deck", finished, "--brand", path, "--out", tmp_path / "x.pptx")
    assert (code, out) == (4, "")
    assert str(path) in err and "Traceback" not in err
    assert not (tmp_path / "x.pptx").exists()


def test_our_own_colours_are_told_apart_and_two_that_are_one_to_many_are_not():
    ours = list(OKABE_ITO.values())
    assert not [what for _, what in faults(ours[:4]) if "alike" in what]
    assert any("alike" in what for _, what in faults(["#A0522D", "#6B6B00"]))


def test_colours_of_the_house_come_first_and_are_filled_up_with_those_of_ours_that_differ():
    own = ("#7A0019", "#1F6F8B")
    every = filled(own)
    assert every[:2] == own
    assert all(apart(a, b)[0] >= FAR for a in own for b in every[2:])
    with house_colours(own):
        looks = palette(["keep", "a", "b", "c"])
    assert [looks[p].colour for p in "ab"] == list(own)
    assert looks["c"].colour in every[2:]
    assert palette(["a"])["a"].colour == OKABE_ITO["blue"]


def test_the_deck_has_it_everywhere(finished, file):
    brand = read_brand(file)
    presentation = Presentation(io.BytesIO(deck_for(read(finished), "en", Wanted(brand=brand, audience=ANALYST))))
    about = presentation.core_properties
    assert (about.author, about.last_modified_by, about.keywords) == ("A. Person", "A. Person", "Confidential")
    theme = next(r.target_part for r in presentation.slide_master.part.rels.values() if r.reltype.endswith("/theme"))
    assert b'<a:accent1><a:srgbClr val="7A0019"/>' in theme.blob
    assert theme.blob.count(b'<a:latin typeface="Georgia"') == 2
    assert presentation.slide_master.element.xpath(".//p:pic")
    for slide in list(presentation.slides)[1:]:
        foot = " ".join(shape.text_frame.text for shape in slide.placeholders)
        assert "Confidential" in foot and "27 November 2026" in foot
    bars = [s.chart for slide in presentation.slides for s in slide.shapes if s.has_chart]
    assert any("7A0019" in chart._chartSpace.xml for chart in bars)


def test_pages_have_it_and_nothing_of_it_is_code(finished, file):
    page = one_page(read(finished), "nl", read_brand(file))
    assert "--accent: #7A0019" in page and 'font-family: "Georgia"' in page
    assert "Confidential" in page and "27 november 2026" in page
    assert "data:image/png;base64," in page
    assert "&lt;b&gt;" in page and "<b>" not in page
    foot = re.search(r"@bottom-left \{ content: \"([^\"]*)\"", page)[1]
    assert "<" not in foot and "\\22 draft\\22 " in foot


def test_the_workbook_is_the_authors(finished, file):
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook(read(finished), "en", read_brand(file))))
    assert (book.properties.creator, book.properties.keywords) == ("A. Person", "Confidential")
    assert book["Ledger"].oddFooter.left.text.startswith("Confidential")
    assert book["Ledger"]["A3"].fill.start_color.rgb.endswith("7A0019")


def test_without_one_it_looks_as_ever(finished):
    assert Brand().foot == []
    assert '<img class="logo"' not in one_page(read(finished), "en")
