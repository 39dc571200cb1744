"""What was drawn over worlds, and what the scenario states itself, stand in run.json, the report and the deck."""

import doctest
import html
import io
import json
import re
import shutil
import tomllib

import pytest
import tomli_w
from daily import few
from pptx import Presentation
from small import FIRST, first_look

import wom_sim.present.known
from wom_sim.cli import main
from wom_sim.present.deck import deck
from wom_sim.present.known import drawn, in_words, parts
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.present.story import Story
from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.evidence import unmeasured
from wom_sim.words import LANGUAGES, Words

CHI, RATE = "behaviour.leaving.chi", "money.discount"
STATED = [f"{RATE}=0.07", f"{CHI}=0.3", f'worlds.doubt=["{CHI}"]']


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("known") / "run"
    sets = [part for text in [*first_look(2)[:3], *first_look(2)[4:], *STATED] for part in ("--set", text)]
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(FIRST), *sets, "--worlds", "8", "--out", str(where), "--json"])
    assert not ended.value.code
    return where


def text_of(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).replace("\xa0", " ")


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_report_has_a_row_for_each_number_that_was_drawn_and_names_the_known(folder, lang):
    told = json.loads((folder / "run.json").read_text())
    page = report(read(folder), lang)
    assumed = page[page.index('<section id="assumed"') : page.index('<section id="repeat"')]
    table = assumed[: assumed.index("</table>")]
    assert table.count("<tr>") == 1 + len(told["drawn"])
    text = text_of(assumed)
    assert all(each["key"] in text for each in told["drawn"])
    doubt, mark = {"en": ("stated, but in doubt", "."), "nl": ("genoemd, maar in twijfel", ",")}[lang]
    row = text[text.index(f" {CHI} ") :][:120]
    assert doubt in row and f"0{mark}25" in row and f"0{mark}8" in row
    assert f"{RATE} = 0{mark}07" in text and RATE not in table and f"{CHI} =" not in text


@pytest.mark.science
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_deck_has_counts_on_the_slide_and_names_in_the_notes(folder, lang):
    found = read(folder)
    known = json.loads((folder / "run.json").read_text())["known"]
    short = {
        "en": "{} numbers were drawn, those of each outlet and segment counted one by one; {} that",
        "nl": "{} aannames zijn gevarieerd, die van elk medium en segment afzonderlijk geteld; {} die",
    }[lang]
    short = short.format(len(drawn(Story(found, Words(lang), unmeasured(found.scenario)))), len(known))
    (slide,) = [
        slide
        for slide in Presentation(io.BytesIO(deck(found, lang))).slides
        if any(shape.has_text_frame and short in shape.text_frame.text for shape in slide.shapes)
    ]
    notes = slide.notes_slide.notes_text_frame.text
    assert CHI in notes and all(key in notes for key in known)


def test_a_distribution_is_told_in_words():
    assert doctest.testmod(wom_sim.present.known).failed == 0
    en = Words("en")
    for given, said in (
        ({"low": 0.00002, "high": 0.5}, "0.00002 to 0.5, each as likely"),
        ({"mean": 0.4, "sd": 0.1}, "0.4, standard deviation 0.1"),
        ({"median": 60.0, "sigma": 0.5}, "median 60, factor 1.65 either way"),
        ({"choice": (1.0, 2.0, 5.0)}, "one of 1, 2 and 5"),
    ):
        assert in_words(Distribution(**given), en) == said
    assert in_words(Distribution(low=0.0, high=0.5), Words("nl")) == "0 tot 0,5, alles even waarschijnlijk"


def test_a_folder_that_does_not_say_what_was_drawn_has_no_table(folder):
    found = read(folder)
    found.run.pop("drawn")
    assert drawn(Story(found, Words("en"), [])) == []


def test_a_folder_that_does_not_say_who_stated_what_has_nothing_stated(finished, tmp_path):
    """One written before that was kept: else all numbers of its scenario.toml would count as the user's own."""
    older = tmp_path / "older"
    shutil.copytree(finished, older)
    said = tomllib.loads((older / "scenario.toml").read_text(encoding="utf-8"))
    said["worlds"].pop("known", None)
    (older / "scenario.toml").write_text(tomli_w.dumps(said), encoding="utf-8")
    assert read(older).scenario.worlds.known is None
    assert len(unmeasured(read(older).scenario)) > 50


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_a_deck_of_a_scenario_that_states_every_number_names_none_to_doubt(finished, monkeypatch, lang):
    monkeypatch.setattr("wom_sim.present.story.unmeasured", lambda scenario: [])
    slides = Presentation(io.BytesIO(deck(read(finished), lang))).slides
    told = " ".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert Words(lang).say("verdict.assumed_none")[:30] in told.replace("\xa0", " ")


def test_the_dutch_table_of_what_was_drawn_has_dutch_grades(folder):
    """A grade in words is told in the language of the page, in this table as in the others."""
    grades = [row[3].text for row in parts(Story(read(folder), Words("nl"), []))[1].rows]
    assert any("nooit gemeten" in grade for grade in grades)
    assert not any(re.search("never measured|calibrated|Assumption", grade) for grade in grades)
