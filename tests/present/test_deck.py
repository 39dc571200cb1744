"""The deck: eight to twelve slides, titles that say what was found, text that fits, charts one can edit."""

import io
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from daily import few
from patience import PATIENCE
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches
from small_runs import compare, rename_policy

from wom_sim.present.deck import deck
from wom_sim.present.deck_stage import EMU
from wom_sim.present.deck_text import LEAST, height_of
from wom_sim.present.result_folder import read

OFFICE = shutil.which("soffice") or ""


def slides_of(content):
    return list(Presentation(io.BytesIO(content)).slides)


def texts(shape):
    """Return the paragraphs of a shape with the size that each is set in (None: inherited)."""
    if shape.has_text_frame:
        frames = [(shape.text_frame, shape.width)]
    elif getattr(shape, "has_table", False) and shape.has_table:
        table = shape.table
        frames = [
            (table.cell(i, j).text_frame, column.width)
            for i in range(len(table.rows))
            for j, column in enumerate(table.columns)
        ]
    else:
        frames = []
    for frame, width in frames:
        for paragraph in frame.paragraphs:
            sizes = [run.font.size or paragraph.font.size for run in paragraph.runs]
            yield paragraph.text, max((s.pt for s in sizes if s), default=None), width / EMU


def overflow(slide, width, height):
    """Return what leaves the slide, is too small, or needs more room than its box has."""
    wrong = []
    for shape in slide.shapes:
        if shape.is_placeholder and shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
            continue
        if min(shape.left, shape.top) < 0 or shape.left + shape.width > width or shape.top + shape.height > height:
            wrong.append(("outside", shape.name))
        said = [(text, size) for text, size, _ in texts(shape) if text]
        wrong += [("small", text) for text, size in said if size is None or size < LEAST]
        if shape.has_text_frame and said:
            size = max(size for _, size in said)
            bold = shape == slide.shapes.title
            needed = height_of([text for text, _ in said], shape.width / EMU, size, bold)
            if needed > shape.height / EMU + 0.02:
                wrong.append(("overflows", said[0][0], needed, shape.height / EMU))
    return wrong


def overlaps(slide):
    """Return pairs of shapes that lie on one another."""
    boxes = [
        (s.name, s.left, s.top, s.left + s.width, s.top + s.height)
        for s in slide.shapes
        if not (s.is_placeholder and s.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER)
    ]
    slack = Inches(0.02)
    return [
        (a[0], b[0])
        for n, a in enumerate(boxes)
        for b in boxes[n + 1 :]
        if a[1] + slack < b[3] and b[1] + slack < a[3] and a[2] + slack < b[4] and b[2] + slack < a[4]
    ]


def check(content):
    presentation = Presentation(io.BytesIO(content))
    slides = list(presentation.slides)
    assert 8 <= len(slides) <= 13
    for n, slide in enumerate(slides, start=1):
        assert overflow(slide, presentation.slide_width, presentation.slide_height) == [], n
        assert overlaps(slide) == [], n
    return slides


@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_slides_fit_and_say_something(decks, lang):
    slides = check(decks[lang])
    titles = [slide.shapes.title.text for slide in slides]
    assert len(set(titles)) == len(titles)
    assert all(len(title) > 8 for title in titles)
    assert any(word in titles[2] for word in ("$", "equal in money", "financieel gelijkwaardig"))


@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_notes_say_how_to_read_and_where_figures_come_from(finished, decks, lang):
    for slide in slides_of(decks[lang]):
        notes = slide.notes_slide.notes_text_frame.text.split("\n")
        assert notes[0].startswith({"en": "How to read it: ", "nl": "Hoe u dit leest: "}[lang])
        source = {"en": "Source: ", "nl": "Bron: "}[lang]
        files = [line.removeprefix(source).split(",")[0] for line in notes if line.startswith(source)]
        assert files
        assert all((finished / name).is_file() for name in files)


def test_charts_can_be_edited_and_have_alt_text(decks):
    shapes = [shape for slide in slides_of(decks["en"]) for shape in slide.shapes]
    charts = [shape for shape in shapes if shape.has_chart]
    assert len(charts) >= 4
    for shape in charts:
        assert shape.chart.part.chart_workbook.xlsx_part is not None
        assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 20
    pictures = [shape for shape in shapes if shape.shape_type == 13]
    assert pictures
    assert all(len(shape._element.nvPicPr.cNvPr.get("descr")) > 60 for shape in pictures)


@pytest.mark.science
def test_a_curve_ends_where_the_run_of_its_policy_ends(tmp_path):
    """Runs last as long as their policy acts, so one may be longer than another: no curve may fall to 0 at its end."""
    folder = compare("first_look.toml", tmp_path, "policies.case by case.per_day=0.2", "run.days=60")
    daily = pd.read_parquet(folder / "daily.parquet")
    ends = daily.groupby("policy", sort=False)["day"].max()
    assert len(set(ends)) > 1
    shapes = [s for slide in slides_of(deck(read(folder))) for s in slide.shapes if s.has_chart]
    curves = [s.chart for s in shapes if s.chart.chart_type == XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS]
    (shown,) = [chart for chart in curves if ">Day<" in chart._chartSpace.xml]
    lost = daily.groupby(["policy", "replication"])["lost_profitable"].sum().groupby("policy", sort=False).mean()
    assert {series.name.lower() for series in shown.plots[0].series} | {"keep"} == set(ends.index)
    for series in shown.plots[0].series:
        policy = series.name.lower()
        days = [float(v.text) for v in series._element.xVal.iter(qn("c:v"))]
        assert days[-1] == ends[policy], policy
        heights = [float(v.text) for v in series._element.yVal.iter(qn("c:v"))]
        assert heights[-1] == pytest.approx(lost[policy], rel=0.006, abs=0.006), policy


def test_the_ledger_in_the_deck_adds_up_to_the_net_value(finished, decks):
    found = read(finished)
    for slide in slides_of(decks["en"]):
        for shape in slide.shapes:
            if shape.has_chart and "those let go" in shape.chart.plots[0].series[0].name:
                plot = shape.chart.plots[0]
                one = {"thousand": 1e3, "million": 1e6}[shape.chart.value_axis.axis_title.text_frame.text.split()[0]]
                for n, policy in enumerate(found.options):
                    total = one * sum(series.values[n] for series in plot.series)  # noqa: PD011  no pandas
                    assert total == pytest.approx(found.estimate(policy, "net_value").mean, rel=0.02)
                return
    pytest.fail("no ledger in the deck")


def corporate(path: Path, size, names) -> Path:
    """Write a template of another size, with other layout names and type, its placeholders moved."""
    presentation = Presentation()
    across, up = (
        side * EMU / old for side, old in zip(size, (presentation.slide_width, presentation.slide_height), strict=True)
    )
    presentation.slide_width, presentation.slide_height = Inches(size[0]), Inches(size[1])
    for layout, name in zip(presentation.slide_layouts, names, strict=False):
        layout.name = name
    for holder in (presentation.slide_master, *presentation.slide_layouts):
        for shape in holder.placeholders:
            if shape.element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = round(shape.left * across), round(shape.width * across)
                shape.top, shape.height = round(shape.top * up), round(shape.height * up)
    slide = presentation.slides.add_slide(presentation.slide_layouts[0])
    slide.shapes.title.text = "A slide of the template itself"
    presentation.save(str(path))
    return path


@pytest.mark.parametrize("size", [(10.0, 7.5), (13.333, 7.5), (8.27, 11.69)], ids=["4:3", "16:9", "upright"])
def test_a_corporate_template_gives_size_and_layouts(finished, tmp_path, size):
    template = corporate(tmp_path / "firm.pptx", size, ["Voorblad", "Inhoud", "Kop", "Twee", "Vergelijking"])
    slides = check(deck(read(finished), "nl", template))
    presentation = slides[0].part.package.presentation_part.presentation
    assert presentation.slide_width == Inches(size[0])
    assert {slide.slide_layout.name for slide in slides} == {"Voorblad", "Inhoud"}
    assert "A slide of the template itself" not in [slide.shapes.title.text for slide in slides]


def test_a_template_without_titles_still_gives_a_deck(finished, tmp_path):
    template = tmp_path / "bare.pptx"
    presentation = Presentation()
    for layout in presentation.slide_layouts:
        for shape in list(layout.placeholders):
            shape.element.getparent().remove(shape.element)
    presentation.save(str(template))
    check(deck(read(finished), "en", template))


@pytest.mark.parametrize("what", ["missing", "text", "zip", "folder"])
def test_what_is_no_template_is_refused(finished, tmp_path, run, what):
    template = tmp_path / "x.pptx"
    if what == "text":
        template.write_text("no slides here")
    elif what == "zip":
        import zipfile

        with zipfile.ZipFile(template, "w") as archive:
            archive.writestr("a.txt", "a")
    elif what == "folder":
        template.mkdir()
    code, out, err = run("deck", finished, "--template", template, "--out", tmp_path / "out.pptx")
    assert (code, out) == (4, "")
    assert "--template" in err
    assert not (tmp_path / "out.pptx").exists()


@pytest.mark.science
def test_long_names_and_many_policies_fit(tmp_path):
    names = [f"policy number {n} with a long name" for n in range(1, 10)]
    more = ", ".join(f'{{name = "{name}", use = "bulk_letter", notice_days = {n}}}' for n, name in enumerate(names))
    folder = compare("first_look.toml", tmp_path, "run.replications=2", f"policies=[{more}]")
    slides = check(deck(read(folder), "nl"))
    assert " manieren zijn financieel gelijkwaardig" in slides[2].shapes.title.text
    assert "policy number" in " ".join(s.text_frame.text for s in slides[2].shapes if s.has_text_frame)
    rename_policy(folder, names[0], "W" * 40)
    check(deck(read(folder)))


@pytest.mark.science
def test_one_replication_and_no_departures(tmp_path):
    folder = compare("first_look.toml", tmp_path, "run.replications=1", "run.days=1", "choose.limit=4")
    slides = check(deck(read(folder)))
    assert any("No policy" in slide.shapes.title.text for slide in slides)


def test_only_keep(tmp_path):
    folder = compare("first_look.toml", tmp_path, "run.replications=2", 'policies=[{name = "keep", use = "keep"}]')
    slides = check(deck(read(folder)))
    assert slides[2].shapes.title.text.startswith("Only keeping everyone was run")


def test_a_long_question_is_cut_at_a_word(folder):
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    asked = "Why is this so long, and does anybody read it? " * 60
    lines = [f'question = "{asked}"' if line.startswith("question = ") else line for line in text.split("\n")]
    (folder / "scenario.toml").write_text("\n".join(lines), encoding="utf-8")
    slides = check(deck(read(folder)))
    assert slides[0].placeholders[1].text_frame.text.endswith(" …")


def test_the_same_run_gives_the_same_slides(finished, decks, drawn_anew):
    first, second = (
        [[s.text_frame.text for s in slide.shapes if s.has_text_frame] for slide in slides_of(content)]
        for content in (decks["en"], deck(read(finished)))
    )
    assert first == second


@pytest.mark.science
@pytest.mark.skipif(not OFFICE, reason="no LibreOffice on this machine")
def test_opens_in_an_office_program(decks, tmp_path):
    file = tmp_path / "deck.pptx"
    file.write_bytes(decks["en"])
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    asked = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(asked, capture_output=True, timeout=PATIENCE, check=True)
    content = (tmp_path / "deck.pdf").read_bytes()
    assert content.count(b"/Type/Page\n") + content.count(b"/Type /Page\n") + content.count(b"/Type/Page/") == len(
        slides_of(file.read_bytes())
    )
