"""Every document of a scenario tells its own texts, and the names of its policies, in the language it is in."""

import html
import io
import re

import openpyxl
import pytest
from daily import few
from pptx import Presentation
from small_runs import compare, page_of
from test_board import words_on

from wom_sim.present.deck import deck_for
from wom_sim.present.material import material
from wom_sim.present.one_page import one_page
from wom_sim.present.pictures import setting_for
from wom_sim.present.result_folder import read
from wom_sim.present.since import Since
from wom_sim.present.since_document import since_document
from wom_sim.present.wanted import ANALYST, BOARD, Wanted
from wom_sim.present.workbook import workbook
from wom_sim.scenario.translation import told_in

NAMES = {"thanks and help": "dank en hulp", "root cause first": "eerst de oorzaak", "paid exit": "betaald vertrek"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A comparison of a scenario with a story, sources and policies that are called something in Dutch."""
    return compare("sprint_done_right.toml", tmp_path_factory.mktemp("told") / "sprint", "run.replications=2")


def text_of_page(page):
    """Return what a page says; not the scenario that it ends with, which holds its texts in every language."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(pre|style)\b.*?</\1>", "", page))).split())


def text_of_deck(content):
    return " ".join(" ".join(t for slide in Presentation(io.BytesIO(content)).slides for t in words_on(slide)).split())


def text_of_book(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return " ".join(str(cell.value) for sheet in book for row in sheet.rows for cell in row if cell.value is not None)


def every_document(found, folder, lang):
    """Return the text of every document of a comparison, by what it is."""
    return {
        "report": text_of_page(page_of(folder, lang)), "page": text_of_page(one_page(found, lang)),
        "workbook": text_of_book(workbook(found, lang)),
        "board": text_of_deck(deck_for(found, lang, Wanted(audience=BOARD))),
        "analyst": text_of_deck(deck_for(found, lang, Wanted(audience=ANALYST))),
    }  # fmt: skip


@pytest.fixture(scope="module", params=few(["nl", "en"]))
def documents(told, request):
    """A language, and the text of every document of the comparison in it."""
    return request.param, every_document(read(told), told, request.param)


def test_every_document_asks_in_its_language_and_in_no_other(told, documents):
    lang, texts = documents
    asked = {each: told_in(read(told).scenario, each).question for each in ("en", "nl")}
    other = asked["en" if lang == "nl" else "nl"]
    assert asked[lang] != other
    for what, text in texts.items():
        assert asked[lang] in text, what
        assert other not in text, what


def test_every_document_calls_the_policies_as_the_scenario_does(documents):
    lang, texts = documents
    for what, text in texts.items():
        for english, dutch in NAMES.items():
            assert (dutch if lang == "nl" else english) in text.lower(), (what, english)
            assert (english if lang == "nl" else dutch) not in text.lower(), (what, english)


def test_the_report_tells_the_story_and_its_sources(told):
    found = read(told)
    for lang in ("en", "nl"):
        text, scenario = text_of_page(page_of(told, lang)), told_in(found.scenario, lang)
        assert " ".join(scenario.story.split()) in text
        assert all(source in text for source in scenario.sources)


def test_charts_and_their_notes_are_told_in_the_language(told):
    found = material(told)
    english, dutch = setting_for(found, "en"), setting_for(found, "nl")
    assert dutch.note.startswith("Sprint, maar dan goed: ")
    assert english.note.startswith("Sprint, done right: ")
    assert dutch.words.policy("thanks and help") == "dank en hulp"
    assert dutch.key.split(",")[0].split()[-1] == english.key.split(",")[0].split()[-1], "one fingerprint"


def test_what_changed_is_told_in_the_language(told):
    found = read(told)
    document = since_document(Since(found, found), "nl")
    assert document.question == told_in(found.scenario, "nl").question
    assert "Sprint, maar dan goed" in document.name
