"""Report and deck of a search, a break-even, a fit, and of two results: their figures, in both languages, in words."""

from __future__ import annotations

import io
import re
import shutil
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from daily import few
from pptx import Presentation
from small_runs import made
from unsealed import unseal

from wom_sim.present.deck_parts import place_drawing
from wom_sim.present.publish import page_of, slides_of
from wom_sim.present.since import read_since
from wom_sim.present.told_folder import read_told, recommendation, turning
from wom_sim.results.folder import FolderError
from wom_sim.study.break_even_words import in_words
from wom_sim.study.recommend_words import words as recommended
from wom_sim.words import LANGUAGES, Words

KINDS = ("search", "break-even")
EACH = pytest.mark.parametrize(
    ("kind", "lang"), few(sorted(product(KINDS, LANGUAGES), key=lambda pair: pair[1]), len(KINDS))
)
INNER = re.compile(r"\b(?:notice_days|per_day|fee_waived|choose\.limit|behaviour\.|policies\.|net_value|None|nan)\b")
"""Names of the model and of the program, which nobody reads on a slide."""


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def seen(slides) -> str:
    """What an audience sees: no notes."""
    said = [s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame]
    rows = [row for slide in slides for s in slide.shapes if s.has_table for row in s.table.rows]
    return plain(" ".join([*said, *(cell.text for row in rows for cell in row.cells)]))


def deck(results, lang="en"):
    return list(Presentation(io.BytesIO(slides_of(results, lang))).slides)


@EACH
def test_page_and_deck_tell_the_same_figures_in_words(results, kind, lang):
    folder = results[kind]
    page, slides = plain(page_of(folder, lang)), deck(folder, lang)
    found = read_told(folder)
    if kind == "search":
        best = recommendation(found).frontier.iloc[0]
        figure = plain(Words(lang).money(best["expected_net_value"], "USD"))
    else:
        figure = plain(Words(lang).signed_money(float(found.tables["breakeven.csv"]["difference"].iloc[0]), "USD"))
    assert figure in page
    assert figure in seen(slides)
    assert not INNER.search(seen(slides)), INNER.search(seen(slides))
    ids = re.findall(r'<section id="([\w-]+)"', page)
    assert ids == re.findall(r'<li><a href="#([\w-]+)">', page) and len(ids) == len(set(ids))
    assert "<script" not in page and not re.findall(r'(?:src|href)="(?!data:|#)', page)
    for slide in slides:
        assert slide.shapes.title.text_frame.text
        assert Words(lang).say("report.study.source", file="").rstrip(". ") in slide.notes_slide.notes_text_frame.text
    pictures = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == 1 and len(pictures[0]._element.nvPicPr.cNvPr.get("descr")) > 60


@pytest.mark.parametrize("kind", ["search", "break-even"])
def test_a_picture_leaves_the_finding_to_the_title_of_its_slide(results, kind, monkeypatch):
    placed = []

    def place(slide, area, drawn):
        placed.append((plain(slide.shapes.title.text_frame.text), drawn))
        place_drawing(slide, area, drawn)

    monkeypatch.setattr("wom_sim.present.document_slides.place_drawing", place)
    deck(results[kind])
    assert placed
    for title, drawn in placed:
        written = squeezed("".join(text.get_text() for text in drawn.figure.texts))
        assert squeezed(drawn.finding) == squeezed(title), "it is said once, by the slide"
        assert squeezed(title) not in written, "and not by the picture"
        assert squeezed(drawn.alt).startswith(squeezed(title)), "who cannot see it hears it all the same"


def squeezed(text):
    return re.sub(r"\s", "", text).lower()


def test_what_was_asked_is_read_as_it_was_told(results):
    for kind, told in (("search", lambda found: recommended(recommendation(found))),
                       ("break-even", lambda found: in_words(turning(found)))):  # fmt: skip
        found = read_told(results[kind])
        assert told(found) == found.run["recommendation" if kind == "search" else "answer"]


def test_a_figure_that_is_changed_changes_on_page_and_slide(results, tmp_path):
    folder = Path(shutil.copytree(results["search"], tmp_path / "copy"))
    path = folder / "frontier.csv"
    table = pd.read_csv(path)
    table.loc[table["best"], "expected_net_value"] = 9_876_543.0
    table.to_csv(path, index=False)
    unseal(folder)
    assert "$9.9 million" in plain(page_of(folder)) and "$9.9 million" in seen(deck(folder))


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_two_results_say_whether_the_answer_changed_and_what_was_set(finished, tmp_path, lang):
    more = ("--set", "run.replications=4", "--set", "money.cost_per_call=19.5")
    later = made(tmp_path / "later", "compare", "--no-charts", *more)
    both = read_since(later, finished)
    page, slides = plain(page_of(both, lang)), deck(both, lang)
    words = Words(lang)
    for text in (page, seen(slides)):
        assert words.number(19.5) in text and words.number(8.0) in text
    for story, name in ((both.then, "bulk letter"), (both.now, "bulk letter")):
        figure = plain(words.money(story.estimate(name, "net_value").mean, "USD"))
        assert figure in page and figure in seen(slides)
    assert not INNER.search(seen(slides))
    (picture,) = [shape for slide in slides for shape in slide.shapes if shape.shape_type == 13]
    alt = plain(picture._element.nvPicPr.cNvPr.get("descr"))
    for results in (both.then, both.now):
        for policy in results.options:
            assert plain(words.money(results.estimate(policy, "net_value").mean, "USD")) in alt
    assert words.say("chart.kind.changed") in page and 'download="changed.csv"' in page


def test_two_results_that_cannot_be_held_against_each_other_are_refused(finished, results, run, tmp_path):
    with pytest.raises(FolderError, match="is the folder itself"):
        read_since(finished, finished)
    code, _, errors = run("deck", finished, "--against", results["search"], "--out", tmp_path / "x.pptx")
    assert code == 4 and "is a search" in errors and not (tmp_path / "x.pptx").exists()
    code, _, errors = run("report", finished, "--against", finished, "--one-page")
    assert code == 4 and "cannot be combined" in errors


@pytest.mark.parametrize("gone", ["search.json", "frontier.csv", "scenario.toml"])
def test_half_a_search_is_refused(results, run, tmp_path, gone):
    folder = Path(shutil.copytree(results["search"], tmp_path / "copy"))
    (folder / gone).unlink()
    code, _, errors = run("deck", folder)
    assert code == 4 and "Traceback" not in errors and not list(folder.glob("deck*"))


def test_slides_of_ones_own_are_of_comparisons(results, run):
    code, _, errors = run("deck", results["search"], "--slides", "answer")
    assert code == 4 and "has one form" in errors
