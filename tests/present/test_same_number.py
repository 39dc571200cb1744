"""A number is followed from summary.csv to the terminal, the report, the deck and the charts: it is the same."""

import io
import re
from html import unescape

import pandas as pd
import pytest
from pptx import Presentation
from small_runs import ROOT, SIZE

from wom_sim.cli.words import Talk
from wom_sim.present import facts
from wom_sim.present import report as report_module
from wom_sim.present.deck import deck
from wom_sim.present.drawn import drawings
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.present.story import Story
from wom_sim.scenario import load_scenario
from wom_sim.scenario.evidence import unmeasured
from wom_sim.study.compare import compare
from wom_sim.words import Words

SCALES = {
    "": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9, "million": 1e6, "billion": 1e9, "dzd": 1e3, "mln": 1e6, "mld": 1e9,
    "miljoen": 1e6, "miljard": 1e9,
}  # fmt: skip


def parse(text, lang="en"):
    """Return the value that a text tells: "−$3.3 million", "5.390", "+$249 k"."""
    text = text.replace("\xa0", " ")
    text = text.replace("−", "-").replace("$", "").replace("+", "").strip()
    sign = -1.0 if text.startswith("-") else 1.0
    group, decimal = (",", ".") if lang == "en" else (".", ",")
    match = re.fullmatch(r"-?\s*([\d.,]+)\s*([A-Za-z]*)", text)
    assert match, text
    digits = match.group(1).replace(group, "").replace(decimal, ".")
    return sign * float(digits) * SCALES[match.group(2)]


@pytest.fixture(scope="module")
def expected(finished):
    """What summary.csv holds, told with three digits or, from a million on, a decimal of millions."""
    table = pd.read_csv(finished / "summary.csv").set_index(["policy", "indicator"])["mean"]
    return lambda policy, indicator: table[policy, indicator]


def close(told, mean):
    """Three digits that count: half a unit of the third; from ten people on there are no parts of one."""
    whole = told == round(told) and abs(mean) >= 10.0 and told == round(mean)
    return whole or told == pytest.approx(mean, rel=0.006, abs=0.005)


def rows_of(page, head):
    """Return the tables of a page whose first head is ``head``, as {first cell: {column: main text}}."""
    found = []
    for table in re.findall(r"<table>(.*?)</table>", page, re.DOTALL):
        heads = [unescape(h) for h in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)]
        if heads[0] != head:
            continue
        rows = {}
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL):
            cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            plain = [unescape(re.sub(r'<small class="below">.*?</small>', "", cell)) for cell in cells]
            rows[plain[0]] = dict(zip(heads[1:], plain[1:], strict=True))
        found.append(rows)
    return found


def test_the_terminal_tells_what_the_table_holds(expected, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "250")
    sets = [*SIZE, "run.replications=4"]
    comparison = compare(load_scenario(ROOT / "scenarios" / "first_look.toml", sets))
    Talk().comparison(comparison, None)
    lines = [re.split(r"[│┃]", line) for line in capsys.readouterr().out.splitlines() if "│" in line or "┃" in line]
    cells = {}
    for parts in lines:
        cells.setdefault(parts[1].strip(), [part.strip() for part in parts[2:]])  # the first table has the means
    for policy in ("bulk letter", "case by case", "paid exit"):
        for column, indicator in enumerate(("net_value", "lost_profitable", "joins_lost", "reached")):
            told, mean = cells[policy][column], expected(policy, indicator)
            decimal = next((0.05 * one for sign, one in (("k", 1e3), ("M", 1e6)) if sign in told), 0.0)  # brief amounts
            assert close(parse(told), mean) or abs(parse(told) - mean) <= decimal, (policy, indicator)


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_report_tells_what_the_table_holds(pages, expected, lang):
    words, page = Words(lang), pages[lang]
    head = {"en": "Policy", "nl": "Beleid"}[lang]
    keyed = rows_of(page, head)[0]
    for policy in ("bulk letter", "case by case", "paid exit"):
        row = keyed[words.policy(policy).capitalize()]
        for indicator in ("net_value", "lost_profitable", "joins_lost", "reached", "reputational_cost"):
            told = row[words.name("indicator", indicator).capitalize()]
            assert close(parse(told, lang), expected(policy, indicator)), (policy, indicator)


def test_the_deck_tells_what_the_table_holds(decks, expected):
    slides = Presentation(io.BytesIO(decks["en"])).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    verdict = next(t for t in tables if t.cell(0, 1).text == "Net value" and t.cell(0, 0).text == "Policy")
    for i in range(1, 4):
        policy = verdict.cell(i, 0).text.lower()
        assert close(parse(verdict.cell(i, 1).text.split("\n")[0]), expected(policy, "net_value"))
        assert close(parse(verdict.cell(i, 2).text.split("\n")[0]), expected(policy, "lost_profitable"))
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    bars = next(c for c in charts if "Keep" in list(c.plots[0].categories))
    units = {"thousand": 1e3, "million": 1e6}
    one = next(units[word] for word in bars.value_axis.axis_title.text_frame.text.split() if word in units)
    for policy, value in zip(bars.plots[0].categories, bars.plots[0].series[0].values, strict=True):
        assert close(value * one, expected(policy.lower(), "net_value"))


def test_report_and_chart_say_the_same_to_the_letter(finished, pages):
    found = read(finished)
    story = Story(found, Words("en"), unmeasured(found.scenario))
    page = rows_of(pages["en"], "Line")[0]
    drawn = drawings(story, ["ledger"])[0].svg().decode()
    texts = {unescape(t) for t in re.findall(r"<text[^>]*>(.*?)</text>", drawn)}
    told = [n for n in facts.ledger_lines(found) if any(found.estimate(p, n).mean != 0.0 for p in found.options)]
    assert {"losses_avoided", "calls_told"} <= set(told)
    for policy in found.options:
        for line in told:
            mean = found.estimate(policy, line).mean
            in_report = page[story.words.name("indicator", line).capitalize()][story.heading(policy)]
            assert in_report.replace("\xa0", " ") == story.words.signed_money(mean, "USD")
            assert line not in ("losses_avoided", "calls_told") or (
                story.words.signed_money(mean, "USD", brief=True) in texts
            )
            half = 50.0 if 1e3 <= abs(mean) < 1e4 else 0.0  # in brief, thousands have one decimal
            in_brief = parse(story.words.signed_money(mean, "USD", brief=True))
            assert parse(in_report) == pytest.approx(in_brief, rel=0.006, abs=half)


@pytest.mark.science
def test_a_number_changed_in_the_table_changes_everywhere(folder, change, monkeypatch):
    monkeypatch.setattr(report_module, "drawings", lambda story, tell: [])

    def sevenfold(table):
        table.loc[(table["policy"] == "bulk letter") & (table["indicator"] == "losses_avoided"), "mean"] *= 7.0
        return table

    before = read(folder).estimate("bulk letter", "losses_avoided").mean
    change("summary.csv", sevenfold)
    found = read(folder)
    story = Story(found, Words("en"), unmeasured(found.scenario))
    said = Words("en").signed_money(7.0 * before, "USD")
    assert (
        rows_of(report(found), "Line")[0]["Losses of those let go that are avoided"]["Bulk letter"].replace("\xa0", " ")
        == said
    )
    drawn = drawings(story, ["ledger"])[0].svg().decode()
    assert Words("en").signed_money(7.0 * before, "USD", brief=True) in unescape(drawn)
    charts = [s.chart for slide in Presentation(io.BytesIO(deck(found))).slides for s in slide.shapes if s.has_chart]
    parts = {p.name: p for c in charts for p in c.plots[0].series}
    values = list(parts["Losses of those let go that are avoided"].values)
    others = [found.estimate(p, "losses_avoided").mean for p in found.options]
    assert values[0] / values[1] == pytest.approx(7.0 * before / others[1], rel=0.02)
