"""The deck for a board: answer first, nobody's jargon, the winner never cut, times for the speaker, gaps told aside."""

import io
import re

import pytest
from daily import few
from pptx import Presentation
from small_runs import Asked, compare
from test_deck import overflow, overlaps

from wom_sim.present.board_facts import by_value
from wom_sim.present.deck import NAMES, PAGES, chosen, deck_for
from wom_sim.present.deck_stage import Area
from wom_sim.present.deck_tables import pages, parts
from wom_sim.present.one_page import one_page
from wom_sim.present.result_folder import read
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.present.wanted import ANALYST, BOARD, Wanted
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.listing import parameters
from wom_sim.words import LANGUAGES, Words

JARGON = re.compile(r"wom-sim|--\w|\b[Gg]rade [ABC]\b|\bgraad [ABC]\b|\bevppi\b|\.csv|\.parquet|\bEVIDENCE|\bMODEL\b")


@pytest.fixture(scope="module")
def boards(finished):
    """The deck for a board of the finished comparison, by language."""
    return Asked(lambda lang: deck_for(read(finished), lang, Wanted()))


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """A comparison of ten policies beside keeping everyone."""
    names = ", ".join(f'{{name = "plan {n}", use = "bulk_letter", notice_days = {n}}}' for n in range(1, 11))
    place = tmp_path_factory.mktemp("crowd")
    return compare("first_look.toml", place, "run.replications=3", f"policies=[{names}]")


def slides_of(content):
    return list(Presentation(io.BytesIO(content)).slides)


def words_on(slide):
    """Return every text that a board sees on a slide."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
        if getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if getattr(shape, "has_chart", False) and shape.has_chart:
            yield from (series.name for series in shape.chart.plots[0].series)
            yield from map(str, shape.chart.plots[0].categories)


def check(content):
    presentation = Presentation(io.BytesIO(content))
    for number, slide in enumerate(presentation.slides, start=1):
        assert overflow(slide, presentation.slide_width, presentation.slide_height) == [], number
        assert overlaps(slide) == [], number
    titles = [slide.shapes.title.text for slide in presentation.slides]
    assert len(set(titles)) == len(titles)
    return list(presentation.slides)


def story_of(folder, lang="en"):
    found = read(folder)
    return Story(found, Words(lang), unmeasured(found.scenario))


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_answer_comes_first_and_the_ask_with_it(finished, boards, lang):
    first, *_ = check(boards[lang])
    story = story_of(finished, lang)
    assert first.shapes.title.text.replace("\xa0", " ") == story.headline().replace("\xa0", " ")
    asked = {"en": "We ask you to", "nl": "We vragen u"}[lang]
    assert any(text.startswith(asked) for text in words_on(first))


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_no_command_key_or_grade_stands_on_a_slide(boards, lang):
    keys = {p.key for p in parameters() if p.key.count(".") >= 1 and "[" not in p.key}
    for number, slide in enumerate(slides_of(boards[lang]), start=1):
        for text in words_on(slide):
            assert not JARGON.search(text), (number, text)
            assert not keys & set(re.findall(r"[\w.]+\w", text)), (number, text)


@pytest.mark.science
def test_over_worlds_it_has_no_jargon_either_and_says_what_decides(over_worlds):
    content = deck_for(read(over_worlds), "en", Wanted())
    told = [text for slide in check(content) for text in words_on(slide)]
    assert not [text for text in told if JARGON.search(text)]
    assert any("best in" in text or "Worth" in text for text in told)


def test_every_option_is_shown_by_value_and_the_winner_first(crowd):
    story = story_of(crowd)
    order = [story.heading(policy) for policy in by_value(story)]
    assert len(order) == 10
    assert by_value(story)[0] == story.choice.chosen or story.choice.chosen == "keep"
    values = [story.found.estimate(p, "net_value").mean for p in by_value(story)[1:]]
    assert values == sorted(values, reverse=True)
    slides = check(deck_for(read(crowd), "en", Wanted()))
    first = {"What the firm does": [], "Paid back": [], "National news": []}
    for slide in slides:
        for shape in slide.shapes:
            if getattr(shape, "has_table", False) and shape.has_table:
                heads = [cell.text for cell in shape.table.rows[0].cells]
                for head, seen in first.items():
                    if head in heads:
                        seen += [row.cells[0].text for row in list(shape.table.rows)[1:]]
    assert all(seen == order for seen in first.values()), first


def test_one_page_of_many_options_has_no_chart_that_nobody_can_read(crowd, finished):
    assert "<figure" not in one_page(read(crowd)) and "<figure" in one_page(read(finished))


def test_more_options_than_fit_go_to_another_slide(crowd):
    titles = [slide.shapes.title.text for slide in slides_of(deck_for(read(crowd), "en", Wanted()))]
    assert any(title.endswith("(1 of 2)") for title in titles)
    assert not any("see the report" in text for text in titles)


def test_notes_have_a_time_that_adds_up(boards):
    for lang, word in (("en", "Time"), ("nl", "Tijd")):
        at, whole = "0:00", sum(page.minutes for page in PAGES.values())
        for slide in slides_of(boards[lang]):
            head = slide.notes_slide.notes_text_frame.text.split("\n")[0]
            if not head.startswith(word):
                continue
            start, end, of = re.findall(r"\d+:\d\d", head)
            assert start == at or "(" in slide.shapes.title.text
            assert of == f"{int(whole)}:00"
            at = end
        assert at == f"{int(whole)}:00"


def test_bars_have_their_intervals(finished, boards):
    found = read(finished)
    charts = [s.chart for slide in slides_of(boards["en"]) for s in slide.shapes if s.has_chart]
    (chart,) = [c for c in charts if c._chartSpace.xpath(".//c:errBars")]
    one = {"Thousand": 1e3, "Million": 1e6}[chart.value_axis.axis_title.text_frame.text.split()[0]]
    series = {s.name: s for s in chart.plots[0].series}["Net value"]
    up, down = ([float(v.text) for v in series._element.xpath(f".//c:{end}//c:v")] for end in ("plus", "minus"))
    for n, name in enumerate(by_value(story_of(finished))):
        e = found.estimate(name, "net_value")
        if e.low == e.low and e.low < e.high:
            assert (up[n] + down[n]) * one == pytest.approx(e.high - e.low, rel=0.02)


def test_marks_of_axes_are_even(boards):
    steps = [
        axis.major_unit
        for slide in slides_of(boards["en"])
        for s in slide.shapes
        if s.has_chart
        for axis in [s.chart.value_axis]
    ]
    assert steps
    assert all(float(f"{step:.10e}".split("e")[0]) in (1.0, 2.0, 5.0) for step in steps)


def test_every_run_of_text_has_its_language(boards):
    for lang in LANGUAGES:
        tag = Words(lang).say("language.tag")
        for slide in slides_of(boards[lang]):
            roots = [slide._element, slide.notes_slide._element]
            roots += [s.chart._chartSpace for s in slide.shapes if s.has_chart]
            runs = [run for root in roots for run in root.xpath(".//a:r")]
            assert runs
            assert all(run.rPr is not None and run.rPr.get("lang") == tag for run in runs)


def test_properties_name_no_library_nor_its_author(boards):
    about = Presentation(io.BytesIO(boards["en"])).core_properties
    told = " ".join([about.author, about.last_modified_by, about.title, about.subject, about.keywords])
    assert not re.search(r"python|pptx|Canny", told, flags=re.IGNORECASE)
    assert about.language == "en-GB"


def test_what_is_missing_is_told_to_the_presenter_and_not_on_slides(finished, tmp_path, run):
    out = tmp_path / "board.pptx"
    code, said, _ = run("deck", finished, "--out", out)
    assert code == 0
    assert "compare --worlds" in said
    assert not any("Not in this deck" in text for slide in slides_of(out.read_bytes()) for text in words_on(slide))
    code, said, _ = run("deck", finished, "--for", "analyst", "--out", out)
    assert (code, said) == (0, f"Deck: {out}\n")


def test_only_keep_leaves_nothing_to_choose(tmp_path, run):
    folder = compare("first_look.toml", tmp_path, "run.replications=2", 'policies=[{name = "keep", use = "keep"}]')
    titles = [slide.shapes.title.text for slide in check(deck_for(read(folder), "nl", Wanted()))]
    assert titles[0].startswith("Alleen iedereen behouden")
    assert "there is nothing to choose" in run("deck", folder)[1]


@pytest.mark.parametrize("audience", [BOARD, ANALYST])
def test_slides_are_those_asked_for_in_their_order(finished, audience):
    asked = ("next", "answer", "ledger")
    slides = slides_of(deck_for(read(finished), "en", Wanted(audience=audience, slides=asked)))
    assert len(slides) == 3
    assert slides[1].shapes.title.text.replace("\xa0", " ") == story_of(finished).headline().replace("\xa0", " ")


def test_names_of_slides_are_known_to_both_audiences():
    assert len(set(NAMES)) == len(NAMES)
    assert list(chosen(Wanted())) == list(PAGES)


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--for", "chairman"], "--for: given 'chairman'"), (["--slides", "answer,secret"], "--slides: given 'secret'"),
     (["--slides", "answer,answer"], "--slides: given"), (["--slides", ","], "--slides: given")],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused(finished, tmp_path, run, options, told):
    code, out, err = run("deck", finished, *options, "--out", tmp_path / "x.pptx")
    assert (code, out) == (4, "")
    assert told in err
    assert not (tmp_path / "x.pptx").exists()


def test_parts_lose_nothing_and_are_even():
    assert parts(list(range(13)), 6) == [[0, 1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]


def test_pages_keep_every_row():
    rows = [[Cell(f"row {n}"), Cell("a text that goes on for a while " * (n % 4))] for n in range(30)]
    cut = pages(Table("", ["a", "b"], rows), Area(0.5, 1.5, 8.0, 4.0))
    assert len(cut) > 1
    assert [row for part in cut for row in part.rows] == rows


KEY_OF_THE_MODEL = re.compile(r"\b(?:behaviour|media|money|network|policies|population|rivals|run|choose)\.[a-z_]+")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_key_of_the_model_and_no_statistic_stands_before_a_board_over_worlds_either(over_worlds, lang):
    words, told = Words(lang), []
    for slide in slides_of(deck_for(read(over_worlds), lang, Wanted())):
        for text in words_on(slide):
            assert not KEY_OF_THE_MODEL.search(text), text
            told.append(text)
    shown = {name: words.say(f"report.decides.{name}") in told for name in ("evppi", "rank", "variance", "grade")}
    stands_out = Story(read(over_worlds), words, []).driver() is not None  # else a table would say so of each number
    assert shown == {"evppi": stands_out, "rank": False, "variance": False, "grade": False}
    assert not any(words.say("verdict.worlds.mover", share="").strip() in text for text in told)


def test_no_risk_is_left_out_however_many_there_are(crowd, tmp_path, monkeypatch):
    cost = "nobody knows what it would cost, " * 6
    many = [f"Risk {n} lies beyond all that was seen: {cost}and so on." for n in range(9)]
    monkeypatch.setattr(Story, "guessed", lambda self: many)
    square = tmp_path / "square.pptx"
    Presentation().save(square)
    slides = check(deck_for(read(crowd), "en", Wanted(template=square, slides=("risks",))))
    told = [text for slide in slides for text in words_on(slide)]
    assert [text for text in many if text not in told] == []
    assert not any("see the report" in text for text in told)


def test_every_option_of_a_crowd_is_in_the_table_beside_its_bars(crowd):
    found = read(crowd)
    seen = []
    for slide in slides_of(deck_for(found, "en", Wanted())):
        charts = [shape for shape in slide.shapes if getattr(shape, "has_chart", False) and shape.has_chart]
        tables = [shape for shape in slide.shapes if getattr(shape, "has_table", False) and shape.has_table]
        if "in the first year" in slide.shapes.title.text_frame.text and charts and tables:
            drawn = list(map(str, charts[0].chart.plots[0].categories))
            assert [row.cells[0].text for row in list(tables[0].table.rows)[1:]] == drawn
            assert charts[0].height / 914_400 >= 1.2 + 0.3 * len(drawn) - 0.4
            seen += drawn
    assert [name.lower() for name in seen] == by_value(Story(found, Words("en"), unmeasured(found.scenario)))
