"""What every chart promises. A new chart in CHARTS is tested by all of it."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import matplotlib
import pandas as pd
import pytest
from chart_tables import CASES, FIT_CASES, FITS, RANGES, TABLES, USUAL, case, reached
from daily import few
from matplotlib.figure import Figure
from matplotlib.text import Text

from wom_sim.charts import CHARTS as OF_ONE_RESULT
from wom_sim.charts import Chart, alt_text, changed
from wom_sim.charts.save import png_bytes, svg_bytes
from wom_sim.charts.setting import SIZES, Setting
from wom_sim.words import LANGUAGES, Words, catalogue

CHARTS = (*OF_ONE_RESULT, Chart("changed", changed.draw))
"""Those that a result allows, and the one of two results."""
COARSE = 60
"""Dots per inch of pictures that are only compared with each other."""
NOTE, KEY = "Sprint 2007, 53 million customers; 20 replications", "Run 0123456789abcdef, seed 2007"
EVERY_CHART = pytest.mark.parametrize("chart", CHARTS, ids=[chart.name for chart in CHARTS])
OF_POLICIES = [chart for chart in CHARTS if chart.name not in FITS]
EVERY_OF_POLICIES = pytest.mark.parametrize("chart", OF_POLICIES, ids=[chart.name for chart in OF_POLICIES])
HARDEST = ("long names",)
"""The case that has found most; the others of ``CASES`` are drawn by make science."""
EVERY_CASE = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in HARDEST else pytest.mark.science) for name in CASES]
)


@cache
def as_usual(name: str, lang: str = "en") -> Figure:
    """Return a chart of its usual table; drawn once, since most promises are read off the same picture."""
    (chart,) = (chart for chart in CHARTS if chart.name == name)
    return chart.draw(USUAL[name](), Setting(NOTE, lang=lang, key=KEY))


def shown(figure: Figure) -> list[Text]:
    """Every text that the figure shows: not the ticks beyond an axis."""
    figure.draw_without_rendering()
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [text for text in texts if text.get_text().strip() and text.get_visible()]


def squeezed(text: str) -> str:
    """Letters only matter: a name may be wrapped or cut over lines."""
    return re.sub(r"\s", "", text).lower()


@EVERY_OF_POLICIES
@EVERY_CASE
def test_an_edge_is_drawn_whole_named_and_without_overlap(chart, name):
    table = case(chart.name, name)
    figure = chart.draw(table, Setting(NOTE))
    pd.testing.assert_frame_equal(table, case(chart.name, name))
    texts = squeezed("".join(text.get_text() for text in shown(figure)))
    assert squeezed(NOTE) in texts
    for policy in table["policy"].unique():
        assert squeezed(Words().policy(policy)) in texts
    apart(figure)
    width, height = figure.get_size_inches()
    assert width / height == pytest.approx(10 / 5.6)
    assert width >= 10


@pytest.mark.parametrize(("chart", "name"), [(chart, name) for chart, cases in FIT_CASES.items() for name in cases])
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_what_a_fit_may_bring_is_drawn_whole_and_without_overlap(chart, name, lang):
    table, draw = FIT_CASES[chart][name](), {each.name: each.draw for each in CHARTS}[chart]
    figure = draw(table, Setting(NOTE, lang=lang))
    pd.testing.assert_frame_equal(table, FIT_CASES[chart][name]())
    assert squeezed(NOTE) in squeezed("".join(text.get_text() for text in shown(figure)))
    apart(figure)
    assert figure.get_figwidth() / figure.get_figheight() == pytest.approx(10 / 5.6)


def apart(figure: Figure) -> None:
    """Check that every text of a figure is large enough, on the page, and covers no other."""
    texts = shown(figure)
    boxes = [text.get_window_extent() for text in texts]
    page = figure.bbox
    for text, box in zip(texts, boxes, strict=True):
        assert text.get_fontsize() >= 11, text.get_text()
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()
    for i, box in enumerate(boxes):
        for j in range(i):
            up = min(box.y1, boxes[j].y1) - max(box.y0, boxes[j].y0)
            across = min(box.x1, boxes[j].x1) - max(box.x0, boxes[j].x0) if up > 0 else 0
            # A box is as high as the font, so that lines of one paragraph touch.
            assert across <= 0 or up <= 0.2 * box.height, (texts[i].get_text(), texts[j].get_text())


SLIDE_WIDTH, SLIDE_TEXT = 13.33, 12.0
"""Inches of a slide, and the least size in points of type that is read from the back of a room (an assumption)."""


@EVERY_CHART
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_usual_table_can_be_read_on_a_slide(chart, lang):
    figure = as_usual(chart.name, lang)
    smallest = min(text.get_fontsize() for text in shown(figure))
    assert smallest * SLIDE_WIDTH / figure.get_size_inches()[0] >= SLIDE_TEXT


@EVERY_CHART
@pytest.mark.parametrize(("size", "lang"), few([("paper", "nl"), ("wide", "nl"), ("paper", "en")]))
def test_every_size_and_language_keeps_texts_apart(chart, size, lang):
    figure = chart.draw(USUAL[chart.name](), Setting(NOTE, lang=lang, size=size, key=KEY))
    apart(figure)
    width, height = figure.get_size_inches()
    assert width / height == pytest.approx(SIZES[size][0] / SIZES[size][1])


@EVERY_CHART
def test_it_says_in_words_what_it_shows(chart):
    table, text = USUAL[chart.name](), alt_text(as_usual(chart.name))
    first, *facts, last = text.split("\n")
    title = "".join(t.get_text() for t in as_usual(chart.name).texts if t.get_fontsize() > 12)
    assert squeezed(first).startswith(squeezed(title))
    assert NOTE in first and last == KEY
    assert any(char.isdigit() for fact in facts for char in fact)
    for policy in table["policy"].unique() if "policy" in table else ():
        assert squeezed(Words().policy(policy)) in squeezed(text)


@EVERY_CHART
def test_same_table_gives_same_bytes(chart):
    table = USUAL[chart.name]()
    first, second = as_usual(chart.name), chart.draw(table, Setting(NOTE, key=KEY))
    assert png_bytes(first, COARSE) == png_bytes(second, COARSE)
    assert svg_bytes(first) == svg_bytes(second)


@pytest.mark.parametrize("chart", few(OF_POLICIES, 6), ids=[chart.name for chart in OF_POLICIES])
def test_order_of_rows_within_a_policy_does_not_matter(chart):
    table = TABLES[chart.name]()
    keys = ["policy"] + [key for key in ("indicator",) if key in table]
    turned = table.iloc[::-1].groupby(keys, sort=False, group_keys=False)
    parts = dict(iter(turned))
    ordered = [parts[key] for key in dict.fromkeys(zip(*(table[key] for key in keys), strict=True))]
    assert png_bytes(chart.draw(pd.concat(ordered)), COARSE) == png_bytes(chart.draw(table), COARSE)


@EVERY_CHART
def test_a_missing_column_is_named_with_those_allowed(chart):
    table = USUAL[chart.name]()
    for column in table.columns:
        with pytest.raises(ValueError, match=f"'{column}' is missing; allowed: ") as raised:
            chart.draw(table.drop(columns=column))
        assert all(name in str(raised.value) for name in table.columns)


@EVERY_CHART
def test_an_empty_table_is_refused(chart):
    with pytest.raises(ValueError, match="empty"):
        chart.draw(USUAL[chart.name]().iloc[:0])


@EVERY_CHART
def test_two_rows_for_the_same_thing_are_refused(chart):
    table = USUAL[chart.name]()
    first = {"learned": "key", "taught": "seen", "checked": "seen", "calibrated": "world"}.get(chart.name, "policy")
    with pytest.raises(ValueError, match=f"two rows for {first} '"):
        chart.draw(pd.concat([table, table.iloc[[3]]]))


@EVERY_OF_POLICIES
def test_ranges_are_drawn_when_there_are_any(chart):
    if chart.name not in RANGES:
        pytest.skip("a chart without ranges")

    def marks(name):
        axes = chart.draw(case(chart.name, name)).axes
        hatched = sum(patch.get_hatch() is not None for each in axes for patch in each.patches)
        return hatched + sum(len(each.collections) + len(each.lines) for each in axes)

    assert marks("usual") > marks("one replication")


@EVERY_OF_POLICIES
def test_colours_follow_the_order_given(chart):
    if chart.name in ("dumbbell", "paired", "boxes"):
        pytest.skip("a chart of pairs or of boxes, not of policies")
    table = TABLES[chart.name]()
    part = TABLES[chart.name](["paid_exit"])

    def inks(order):
        texts = shown(chart.draw(part, Setting(order=order)))
        return {text.get_color() for text in texts if "exit" in text.get_text()}

    assert len(table) and inks(["keep", "bulk_letter", "case_by_case", "paid_exit"]) != inks([])


@EVERY_OF_POLICIES
def test_text_is_taken_literally(chart):
    table = TABLES[chart.name]()
    table["policy"] = table["policy"].astype(object).replace({"bulk_letter": "$5 or $9 \\frac{1}"})
    assert "$5 or $9 \\frac{1}" in "".join(text.get_text() for text in shown(chart.draw(table)))


@pytest.mark.parametrize("chart", few(CHARTS, 3), ids=[chart.name for chart in CHARTS])
def test_global_settings_stay_as_they_are(chart):
    before = dict(matplotlib.rcParams)
    figure = chart.draw(USUAL[chart.name]())
    png_bytes(figure), svg_bytes(figure)
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("chart", few(CHARTS, 3), ids=[chart.name for chart in CHARTS])
def test_threads_draw_the_same(chart):
    table = USUAL[chart.name]()
    alone = png_bytes(chart.draw(table), COARSE)
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: png_bytes(chart.draw(table), COARSE), range(4)))
    assert together == [alone] * 4


def test_names_are_files_and_unique():
    assert len({chart.name for chart in CHARTS}) == len(CHARTS)
    for chart in CHARTS:
        assert chart.draw.__module__ == f"wom_sim.charts.{chart.name}"
        assert f"chart.kind.{chart.name}" in catalogue("en")


def test_importing_is_light_and_drawing_needs_no_pyplot():
    code = (
        "import sys, wom_sim.charts as c\n"
        "heavy = {'matplotlib', 'numpy', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "import pandas as pd\n"
        "row = {'policy': 'a', 'day': 1, 'mean': 2, 'low': 1, 'high': 3}\n"
        "c.CHARTS[0].draw(pd.DataFrame([row]))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_missing_number_is_refused():
    table = reached().astype({"mean": float})
    table.loc[5, "mean"] = float("nan")
    with pytest.raises(ValueError, match="'mean' must hold finite numbers"):
        CHARTS[0].draw(table)
