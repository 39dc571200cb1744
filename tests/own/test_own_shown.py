"""Charts and report sections of another package."""

from __future__ import annotations

import io

import pytest
from daily import few
from kit import PLUGGED
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from small import two_policies

from wom_sim import compare, load_scenario
from wom_sim.cli import main
from wom_sim.plugins.limit import PluginError
from wom_sim.present.deck import deck
from wom_sim.present.publish import page_of, read_results
from wom_sim.study.compare import Comparison

SMALL = two_policies(400, 60, 15)


def ran(folder, text: str = SMALL + PLUGGED) -> Comparison:
    (folder / "scenario.toml").write_text(text)
    return compare(load_scenario(folder / "scenario.toml", ["run.replications=2"]), workers=1)


def asked(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


def test_a_chart_is_drawn_beside_ours(site, tmp_path, capsys):
    (tmp_path / "scenario.toml").write_text(SMALL + PLUGGED)
    out = tmp_path / "out"
    code = asked("compare", str(tmp_path / "scenario.toml"), "--replications", "2", "--out", str(out))
    assert code == 0, capsys.readouterr()
    assert (out / "charts" / "talker_bars.png").is_file(), "drawn with the comparison"
    assert asked("chart", str(out), "--list") == 0
    assert "yes  talker_bars  Who talks" in capsys.readouterr().out
    assert asked("chart", str(out), "talker_bars", "--format", "svg", "--out", str(tmp_path / "own")) == 0
    assert (tmp_path / "own" / "talker_bars.txt").read_text().startswith("Who talks")
    rows = (tmp_path / "own" / "talker_bars.csv").read_text().splitlines()
    assert rows[0] == "policy,talkers"
    assert [row.split(",")[0] for row in rows[1:]] == ["keep", "letter", "exit"]


@pytest.mark.science
def test_a_report_has_chart_and_section_in_either_language(site, tmp_path):
    found = ran(tmp_path)
    most = found.replications["talkers"].max()
    for lang, title in (("en", "The loudest run"), ("nl", "De luidste run")):
        page = page_of(found, lang)
        assert page.count(title) == 2, "in the contents and as a heading"
        assert '<section id="own-loudest"' in page
        assert page.index('id="own-loudest"') < page.index('<section id="indicators"')
        assert "&lt;in any run&gt;" in page, "text is text"
        assert "<in any run>" not in page
        assert 'alt="Who talks' in page
    assert f"{most:,.0f}" in page_of(found)
    assert "busy days" in page_of(found).lower(), "the indicator stands in the table of indicators"


@pytest.mark.parametrize(("lang", "title"), few([("en", "The loudest run"), ("nl", "De luidste run")]))
def test_a_deck_has_a_slide_for_each(site, tmp_path, lang, title):
    found = read_results(ran(tmp_path))
    slides = Presentation(io.BytesIO(deck(found, lang))).slides
    by_title = {slide.shapes.title.text: slide for slide in slides if slide.shapes.title is not None}
    plain = Presentation(io.BytesIO(deck(read_results(ran(tmp_path, SMALL)), lang))).slides
    assert len(slides) == len(plain) + 2
    pictures = [shape for shape in by_title["Who talks"].shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert [shape._element.nvPicPr.cNvPr.get("descr")[:9] for shape in pictures] == ["Who talks"]
    assert "replications.parquet" in by_title["Who talks"].notes_slide.notes_text_frame.text
    texts = [shape.text_frame.text for shape in by_title[title].shapes if shape.has_text_frame]
    assert any("<in any run>" in text for text in texts)
    (table,) = (shape.table for shape in by_title[title].shapes if shape.has_table)
    most = found.replications.groupby("policy")["talkers"].max()
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["policy", "talkers"]
    assert [row[0] for row in cells[1:]] == list(most.index)
    assert float(cells[1 + list(most.index).index("letter")][1].replace(",", "").replace(".", "")) == most["letter"]


@pytest.mark.science
def test_a_section_that_fails_is_no_deck(site, tmp_path):
    with pytest.raises(PluginError, match="wrote a str"):
        deck(read_results(ran(tmp_path, SMALL + '[plugins]\nsections = ["bare"]\n')))


@pytest.mark.science
def test_nothing_of_others_is_in_a_report_that_names_none(site, tmp_path):
    page = page_of(ran(tmp_path, SMALL))
    assert "own-" not in page
    assert "Who talks" not in page


@pytest.mark.science
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('charts = ["blank"]', "the chart 'blank' of another package drew a NoneType, allowed: a matplotlib Figure"),
        ('sections = ["bare"]', "the section 'bare' of another package wrote a str, allowed: Written"),
    ],
)
def test_one_that_gives_nothing_is_named(site, tmp_path, capsys, said, told):
    (tmp_path / "scenario.toml").write_text(SMALL + f"[plugins]\n{said}\n")
    out = str(tmp_path / "out")
    code = asked("compare", str(tmp_path / "scenario.toml"), "--replications", "1", "--workers", "1", "--out", out)
    if "charts" in said:
        assert code == 4
    else:
        assert code == 0
        assert asked("report", out) == 4
    printed = capsys.readouterr()
    assert told in printed.err
    assert "Traceback" not in printed.err + printed.out


def test_a_failing_section_is_no_page(site, tmp_path):
    found = ran(tmp_path, SMALL + '[plugins]\nsections = ["bare"]\n')
    with pytest.raises(PluginError, match="wrote a str"):
        page_of(found)
