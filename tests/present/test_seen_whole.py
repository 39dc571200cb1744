"""What is shown is whole: no text dropped in silence, no word broken, a colour a part, one language."""

from __future__ import annotations

import html
import io
import re
import shutil

import pytest
from pptx import Presentation

from wom_sim.charts.channels import LOOKS, colour_of
from wom_sim.charts.style import Face
from wom_sim.charts.typesetting import text_width
from wom_sim.present import editable
from wom_sim.present.deck_stage import EMU, Area
from wom_sim.present.deck_tables import least_width, write_table
from wom_sim.present.deck_text import write_texts
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.present.tables import Cell, Table
from wom_sim.scenario.grades import is_unmeasured
from wom_sim.scenario.listing import parameters
from wom_sim.words import Words, catalogue, sentence
from wom_sim.words.figures import NO_BREAK

LONG = "a sentence that takes two lines of a narrow box on a slide"


def slide():
    presentation = Presentation()
    return presentation.slides.add_slide(presentation.slide_layouts[6])


def decks_of(decks, lang):
    return Presentation(io.BytesIO(decks[lang])).slides


@pytest.mark.parametrize(
    ("lang", "rest"), [("en", "and {n} more: see the report"), ("nl", "en nog {n}: zie het rapport")]
)
def test_what_does_not_fit_on_a_slide_is_counted(lang, rest):
    texts = [f"{n}: {LONG}" for n in range(6)]
    box = write_texts(slide(), Area(0.0, 0.0, 3.5, 2.0), texts, words=Words(lang))
    *kept, last = [paragraph.text for paragraph in box.text_frame.paragraphs]
    assert 0 < len(kept) < 6
    assert kept == texts[: len(kept)]
    assert last == rest.format(n=6 - len(kept))


def test_where_all_fits_nothing_is_said_to_be_left_out():
    box = write_texts(slide(), Area(0.0, 0.0, 12.0, 5.0), ["first", "", "second"], words=Words("en"))
    assert [paragraph.text for paragraph in box.text_frame.paragraphs] == ["first", "second"]


def test_rows_that_only_the_report_has_are_counted_too():
    table = Table("", ["Number"], [[Cell("a")], [Cell("b")]], numbers=1, others=104)
    grid = write_table(slide(), Area(0.0, 0.0, 8.0, 5.0), table, Words("en")).table
    assert [row.cells[0].text for row in grid.rows] == ["Number", "a", "b", "and 104 more: see the report"]


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_rows_of_weak_numbers_add_up_to_those_of_the_title(decks, lang):
    head = catalogue(lang)["deck.assumed.title"].split("{n}")[1].split("{bare}")[0]
    (shown,) = (s for s in decks_of(decks, lang) if head in s.shapes.title.text)
    (grid,) = (shape.table for shape in shown.shapes if getattr(shape, "has_table", False) and shape.has_table)
    *rows, last = list(grid.rows)[1:]
    assert len(rows) + int(re.search(r"\d+", last.cells[0].text)[0]) == int(shown.shapes.title.text.split(" ")[0])


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_no_word_of_a_table_on_a_slide_is_broken(decks, lang):
    broken = []
    for each in decks_of(decks, lang):
        for shape in each.shapes:
            if not getattr(shape, "has_table", False) or not shape.has_table:
                continue
            for row in shape.table.rows:
                for n, cell in enumerate(row.cells):
                    room = (shape.table.columns[n].width - cell.margin_left - cell.margin_right) / EMU
                    for paragraph in cell.text_frame.paragraphs:
                        size = paragraph.font.size.pt if paragraph.font.size else 14
                        face = Face(size, bold=bool(paragraph.font.bold))
                        broken += [w for w in paragraph.text.split(" ") if not cell.is_merge_origin
                                   and not cell.is_spanned and text_width(w, face) > room]  # fmt: skip
    assert broken == []


def test_the_least_width_of_a_table_holds_its_longest_words():
    table = Table("", ["Policy", "Someone they know left"], [[Cell("Massabrief"), Cell("313")]])
    assert least_width(table) >= text_width("Massabrief", Face(14, bold=True)) + text_width(
        "Someone", Face(14, bold=True)
    )
    longer = Table("", ["Policy", "Someone they know left"], [[Cell("Massabriefschrijver"), Cell("313")]])
    assert least_width(longer) > least_width(table)


def test_no_two_parts_of_a_bar_have_one_colour(decks):
    seen = 0
    for each in decks_of(decks, "en"):
        for shape in (s for s in each.shapes if s.has_chart):
            if getattr(shape.chart.plots[0], "overlap", 0) == 100:
                fills = [str(series.format.fill.fore_color.rgb) for series in shape.chart.plots[0].series]
                assert len(set(fills)) == len(fills)
                seen += 1
    assert seen == 2


def test_a_channel_has_the_colour_that_it_has_in_every_chart(decks):
    of = {sentence(Words("en").name("channel", name)): colour_of(name) for name in (*LOOKS, "nobody")}
    (chart,) = (
        shape.chart for each in decks_of(decks, "en") for shape in each.shapes
        if shape.has_chart and {series.name for series in shape.chart.plots[0].series} <= set(of)
    )  # fmt: skip
    fills = {series.name: f"#{series.format.fill.fore_color.rgb}" for series in chart.plots[0].series}
    assert fills == {name: of[name] for name in fills}
    assert len(set(of.values())) == len(of) - 1  # a talk is that of friends, and never stands beside it


def test_lines_beyond_the_colours_are_the_smallest():
    amounts = {f"line {n}": [float(n), -2.0 * n] for n in range(13)}
    large, small = editable.apart(amounts)
    assert large == [f"line {n}" for n in range(5, 13)]
    assert small == [f"line {n}" for n in range(5)]
    assert len(large) + 1 == len(editable.PARTS)


def test_what_is_said_of_a_grade_is_said_in_dutch():
    grades = {p.grade for p in parameters() if is_unmeasured(p.grade) and re.search(r"[a-z]{2}", p.grade)}
    dutch = {grade: Words("nl").grade(grade) for grade in grades}
    assert [grade for grade, told in dutch.items() if told == grade] == []
    assert "never measured" not in " ".join(dutch.values())
    assert {grade: Words("en").grade(grade) for grade in grades} == {grade: grade for grade in grades}


def test_the_dutch_pages_hold_no_english_grade(pages, decks):
    shown = pages["nl"] + " ".join(
        cell.text
        for each in decks_of(decks, "nl") for shape in each.shapes
        if getattr(shape, "has_table", False) and shape.has_table for row in shape.table.rows for cell in row.cells
    )  # fmt: skip
    assert not re.search(r"never measured|calibrated|Assumption", shown)


@pytest.mark.parametrize(
    "word", ["herhaling", "geluk", "ophef", "grootboek", "maatstaf", "halfwaarde", "haalt het het"]
)
def test_one_thing_has_one_name_in_dutch(word):
    assert [key for key, text in catalogue("nl").items() if re.search(rf"\b{word}", text.lower())] == []


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_a_number_is_not_parted_from_its_per_cent(pages, decks, lang):
    plain = re.sub(r"<pre.*?</pre>|<style.*?</style>|<dd>.*?</dd>|<[^>]*>", " ", pages[lang], flags=re.DOTALL)
    assert re.findall(r".{20}\d %.{10}", plain) == []
    assert f"95{NO_BREAK}%" in plain
    for each in decks_of(decks, lang):
        for shape in each.shapes:
            if shape.has_text_frame:
                assert not re.search(r"\d %", shape.text_frame.text)


@pytest.mark.science
def test_what_one_copies_from_a_page_stays_as_it_is(finished, tmp_path):
    folder = tmp_path / "town"
    shutil.copytree(finished, folder)
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    asked = text.replace('question = "', 'question = "Of them 20 % pay more. ', 1)
    (folder / "scenario.toml").write_text(asked, encoding="utf-8")
    (shown,) = re.findall(r"<pre[^>]*>(.*?)</pre>", report(read(folder), "en"), flags=re.DOTALL)
    assert "Of them 20 % pay more." in html.unescape(shown)


def test_what_a_number_is_called_stands_by_itself():
    """A row of the report, or a title, shows one number without the one before it."""
    leaning = [p.key for p in parameters() if re.search(r"^The same|\bsuch an? ", p.meaning)]
    assert leaning == []
