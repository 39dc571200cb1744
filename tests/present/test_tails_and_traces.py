"""Risk, attribution and worlds in report and deck: there when their files are there, with the figures of the files."""

from __future__ import annotations

import io
import re
import shutil

import pandas as pd
import pytest
from daily import few
from pptx import Presentation
from small_runs import deck_of, page_of
from unsealed import unseal

from wom_sim.present import tails
from wom_sim.present.attributed import MOST, attribution
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.present.story import Story
from wom_sim.scenario.evidence import unmeasured
from wom_sim.words import LANGUAGES, Words, catalogue


def story(folder, lang="en"):
    found = read(folder)
    return Story(found, Words(lang), unmeasured(found.scenario))


def slides(folder, lang="en"):
    return list(Presentation(io.BytesIO(deck_of(folder, lang))).slides)


def charts(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def notes(slide):
    return slide.notes_slide.notes_text_frame.text


def section(page, name):
    return re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL).group()


def test_attribution_has_a_column_a_policy_and_the_largest_shares(traced):
    table = attribution(story(traced))
    written = pd.read_csv(traced / "attribution.csv")
    assert len(table.heads) == 2 + len(story(traced).found.options)
    assert len(table.rows) <= 5 * MOST
    first = written.query("effect == 'departure' and dimension == 'first_channel'")
    largest = first.sort_values("share", ascending=False).iloc[0]
    column = table.heads.index(story(traced).heading(largest["policy"]))
    assert Words().share(round(largest["share"], 3)) in [row[column].text for row in table.rows[:MOST]]
    assert sum(bool(row[0].text) for row in table.rows) <= 5  # what it is of is said once, not in every row


def test_every_way_has_a_name_in_each_language():
    from wom_sim.outcomes.doses import WAYS

    for lang in LANGUAGES:
        known = catalogue(lang)
        for way in WAYS:
            key = way.replace(" ", "_")
            assert f"report.way.{key}" in known or f"name.channel.{key}" in known, way


@pytest.mark.science
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_report_has_attribution_where_the_file_is(traced, tmp_path, lang):
    caption = Words(lang).say("report.leaves.attribution")
    assert caption in section(page_of(traced, lang), "leaves")
    without = shutil.copytree(traced, tmp_path / "without")
    files = unseal(without)["files"]
    unseal(without, files=[name for name in files if name != "attribution.csv"])
    (without / "attribution.csv").unlink()
    assert caption not in report(read(without), lang)


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_report_has_value_at_risk_and_says_that_few_runs_show_no_tail(traced, lang):
    words, page = Words(lang), section(page_of(traced, lang), "risk").replace("\xa0", " ")
    risk = pd.read_csv(traced / "risk.csv").query("indicator == 'net_value' and policy == 'bulk letter'")
    for measure in ("median", "p05", "worst5"):
        value = float(risk.query("measure == @measure")["value"].iloc[0])
        assert words.signed_money(value, "USD") in page
        assert words.say(f"report.risk.{measure}") in page
    assert words.say("report.risk.few", n="200") in page
    assert 'lang="en"' not in page


def test_an_interval_that_is_open_says_at_least(traced, tmp_path):
    copy = shutil.copytree(traced, tmp_path / "copy")
    table = pd.read_csv(copy / "risk.csv")
    at = (table["policy"] == "bulk letter") & (table["indicator"] == "net_value") & (table["measure"] == "p05")
    table.loc[at, ["low", "high"]] = [-5e5, float("nan")]
    table.to_csv(copy / "risk.csv", index=False)
    unseal(copy)
    assert tails.cell(story(copy), "bulk letter", "p05").below == "at least −$500,000"


@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_risk_slide_has_the_curve_of_net_value(finished, lang):
    number = [n for n, slide in enumerate(slides(finished, lang)) if "replications.parquet" in notes(slide)][-1]
    slide = slides(finished, lang)[number]
    (chart,) = charts(slide)
    found = read(finished)
    runs = found.replications
    for policy, series in zip(found.options, chart.plots[0].series, strict=True):
        values = sorted(runs.loc[runs["policy"] == policy, "net_value"])
        assert list(series.values) == [25.0, 50.0, 75.0, 100.0]
        drawn = [float(point.text) for point in series._element.xVal.iter() if point.tag.endswith("}v")]
        assert len(drawn) == len(values)
        scale = values[0] / drawn[0]
        assert scale > 0.0  # a gain is drawn as one
        assert drawn == pytest.approx([value / scale for value in values], rel=0.02)
    assert Words(lang).say("deck.risk.curve") in notes(slide)
    described = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in slide.shapes if shape.has_chart]
    assert Words(lang).say("chart.exceedance.upright") in described[0]


@pytest.mark.science
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_a_run_over_worlds_has_a_slide_of_verdicts_and_one_of_swings(over_worlds, lang):
    shown = slides(over_worlds, lang)
    assert 8 <= len(shown) <= 13
    verdicts = next(slide for slide in shown if "verdicts.csv" in notes(slide) and len(charts(slide)) == 2)
    written = pd.read_csv(over_worlds / "verdicts.csv").set_index("policy")
    found = read(over_worlds)
    bars = list(charts(verdicts)[0].plots[0].series[0].values)
    assert bars == pytest.approx([100.0 * written.loc[p, "share_best"] for p in found.policies], rel=0.01)
    swings = next(slide for slide in shown if "value_if_low" in notes(slide))
    (picture,) = [shape for shape in swings.shapes if shape.shape_type == 13]
    assert len(picture._element.nvPicPr.cNvPr.get("descr")) > 200


@pytest.mark.science
@pytest.mark.parametrize("lang", few(LANGUAGES))
def test_the_report_of_worlds_shows_verdicts_and_tornado_as_charts(over_worlds, lang):
    page = section(page_of(over_worlds, lang), "decides")
    for kind in ("verdicts", "tornado"):
        assert Words(lang).say(f"chart.kind.{kind}") in page
    assert page.count("<img ") == 2
