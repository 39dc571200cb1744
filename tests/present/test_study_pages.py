"""Report and deck of a study: its charts, its figures, in both languages; a study that cannot be shown is refused."""

from __future__ import annotations

import io
import re
import shutil

import pandas as pd
import pytest
from pptx import Presentation

from wom_sim import write_deck, write_report
from wom_sim.present.deck_text import LEAST
from wom_sim.present.publish import page_of, slides_of
from wom_sim.present.study_folder import read_study
from wom_sim.words import LANGUAGES, Words

KINDS = {
    "grid": ("tornado", "response", "interaction", "heatmap", "breakeven"),
    "saltelli": ("tornado", "sobol", "response"),
    "morris": ("morris",),
}

EACH = pytest.mark.parametrize(
    ("kind", "lang"),
    [
        pytest.param(kind, lang, marks=() if (kind, lang) == ("grid", "en") else pytest.mark.science)
        for kind in KINDS
        for lang in LANGUAGES
    ],
)
"""The design with most charts after each change; the others are built of the same parts."""


def slides(folder, lang="en"):
    return list(Presentation(io.BytesIO(slides_of(read_study(folder), lang))).slides)


def texts(slide):
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    said += [c.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for c in row.cells]
    return " ".join(said).replace("\xa0", " ")


@EACH
def test_the_report_shows_every_chart_of_the_design_and_asks_no_network(study, kind, lang):
    page = page_of(read_study(study(kind)), lang)
    words = Words(lang)
    for name in KINDS[kind]:
        assert words.say(f"chart.kind.{name}") in page
    assert f'<html lang="{lang}">' in page and page.count("<h1>") == 1 and "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)
    assert all(len(alt) > 60 for alt in re.findall(r'alt="([^"]*)"', page))
    assert "How large an offer, and how many at once?" in page
    ids = re.findall(r'<section id="(\w+)"', page)
    assert ids == re.findall(r'<li><a href="#(\w+)">', page)


@EACH
def test_the_deck_has_a_slide_a_chart_with_alt_text_and_notes(study, kind, lang):
    shown = slides(study(kind), lang)
    pictures = [shape for slide in shown for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == len(KINDS[kind]) and 7 <= len(shown) <= 12
    assert all(len(picture._element.nvPicPr.cNvPr.get("descr")) > 60 for picture in pictures)
    said = Words(lang).say("report.study.source", file="").rstrip(". ")
    for slide in shown:
        assert slide.shapes.title.text_frame.text
        assert said in slide.notes_slide.notes_text_frame.text
        for shape in slide.shapes:
            for paragraph in shape.text_frame.paragraphs if shape.has_text_frame else ():
                assert all(run.font.size is None or run.font.size.pt >= LEAST for run in paragraph.runs)


@pytest.mark.science
def test_a_figure_of_the_analysis_is_that_of_report_and_deck(study, tmp_path):
    folder = shutil.copytree(study("grid"), tmp_path / "copy")
    path = folder / "analysis" / "points.csv"
    points = pd.read_csv(path)
    mine = (points["policy"] == "bulk letter") & (points["output"] == "net_value") & (points["against"] == "keep")
    points.loc[mine & (points["point"] == 0), "mean"] = 9_876_543.0
    points.to_csv(path, index=False)
    page = page_of(read_study(folder)).replace("\xa0", " ")
    assert "$9.9 million" in page
    assert any("$9.9 million" in texts(slide) for slide in slides(folder))
    assert "$9.9 million" not in page_of(read_study(study("grid")))


@pytest.mark.science
def test_commands_and_python_write_them(study, tmp_path, run):
    folder = study("grid")
    assert run("report", folder, "--out", tmp_path / "a.html")[0] == 0
    assert run("deck", folder, "--lang", "nl", "--out", tmp_path / "a.pptx")[0] == 0
    write_report(folder, tmp_path / "b.html")
    write_deck(read_study(folder), tmp_path / "b.pptx", lang="nl")
    assert (tmp_path / "a.html").read_text() == (tmp_path / "b.html").read_text()
    assert len(Presentation(tmp_path / "a.pptx").slides) == len(Presentation(tmp_path / "b.pptx").slides)


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("table.parquet", "has not run to its end; wom-sim sweep run goes on with it"),
        ("analysis/analysis.json", "was not analysed; run wom-sim sweep analyse"),
        ("analysis/points.csv", "needs analysis/points.csv"),
        ("scenario.toml", "needs scenario.toml"),
    ],
)
@pytest.mark.parametrize("verb", ["report", "deck"])
def test_a_study_that_cannot_be_shown_is_refused(study, tmp_path, run, verb, gone, message):
    folder = shutil.copytree(study("grid"), tmp_path / "copy")
    (folder / gone).unlink()
    code, _, errors = run(verb, folder)
    assert code == 4 and message in errors.replace("\n", " ")
    assert not list(folder.glob("report*")) and not list(folder.glob("deck*"))


@pytest.mark.science
def test_it_shows_itself_in_a_notebook(study):
    view = read_study(study("saltelli"))._repr_html_()
    assert "Bulk letter" in view and "<table>" in view and "a small study" in view
