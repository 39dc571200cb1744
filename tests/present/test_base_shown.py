"""The base in the report: each cell is one of the table, warnings stand with the verdict, in both languages."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from small_runs import compare

from wom_sim.present.base import tables_of_base
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.simulation.base_names import BASE, BY_BOOKS, BY_CONTRIBUTION, CHOICE
from wom_sim.words import Words
from wom_sim.words.figures import Figures

UNITS = {
    "people": 1_000.0,
    "currency a month": 100.0,
    "currency a year": 1_000_000.0,
    "share": 0.0,
    "calls a month": 1.0,
}


@pytest.fixture(scope="module")
def told(finished):
    """Return the base of a comparison in which every figure has a value of its own, and its scenario."""
    found = read(finished)
    table = found.extra["base"].copy()
    for k, (index, row) in enumerate(table.iterrows()):
        value = (k + 1) / 1000.0 if row["unit"] == "share" else UNITS[row["unit"]] * (1.0 + k / 100.0)
        table.loc[index, "built"] = value
        if pd.notna(row["stated"]):
            table.loc[index, ["stated", "share_off"]] = 2.0 * value, -(k + 1) / 100.0
    return table, found.scenario


def value(table, section: str, name: str, group: str, column: str = "built") -> float:
    groups = table["group"].astype(str)
    (found,) = table.loc[(table["section"] == section) & (table["name"] == name) & (groups == group), column]
    return float(found)


def named(table, section: str, text: str, words: Words) -> str:
    names = set(table.loc[table["section"] == section, "name"])
    (name,) = [name for name in names if words.say(f"base.figure.{name}") == text]
    return name


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_each_figure_stands_at_its_own_name(told, lang):
    table, scenario = told
    words = Words(lang)
    figures = Figures(words, scenario.currency)
    whole, tenths, chosen = tables_of_base(table, scenario, figures)
    for row in whole.rows:
        name = named(table, BASE, row[0].text, words)
        unit = table.loc[table["name"] == name, "unit"].iloc[0]
        built, stated = (value(table, BASE, name, "", column) for column in ("built", "stated"))
        assert row[1].text == figures.value(built, unit)
        assert row[2].text == ("" if stated != stated else figures.value(stated, unit))
        off = round(100.0 * value(table, BASE, name, "", "share_off"), 1)
        assert row[3].text == ("" if stated != stated else f"{words.signed(off)} %")
    for k, row in enumerate(tenths.rows, start=1):
        expected = [
            figures.value(value(table, section, name, str(k)), unit)
            for section in (BY_BOOKS, BY_CONTRIBUTION)
            for name, unit in (("profit_year", "currency"), ("share_of_profit", "share"))
        ]
        assert [cell.text for cell in row] == [str(k), *expected]
    policies = list(dict.fromkeys(table.loc[table["section"] == CHOICE, "group"]))
    assert len(chosen.heads) == 1 + len(policies)
    for row in chosen.rows:
        name = named(table, CHOICE, row[0].text, words)
        unit = table.loc[(table["section"] == CHOICE) & (table["name"] == name), "unit"].iloc[0]
        assert [c.text for c in row[1:]] == [figures.value(value(table, CHOICE, name, p), unit) for p in policies]


def test_the_report_tells_the_base_in_both_languages(pages):
    assert 'id="base"' in pages["en"]
    assert "First-year saving before settling" in pages["en"]
    assert "Besparing in het eerste jaar, als niets overgaat" in pages["nl"]
    for lang in ("en", "nl"):
        verdict = pages[lang][: pages[lang].index('<section id="base"')]
        assert Words(lang).say("report.section.base") in pages[lang]
        assert ("profitable by contribution" if lang == "en" else "winstgevend volgens de bijdrage") in verdict


@pytest.mark.science
def test_warnings_stand_with_the_verdict(tmp_path):
    found = read(compare("first_look.toml", tmp_path / "free", "population.segments.customers.revenue=0"))
    for lang, text in (
        ("en", "3,000 of 3,000 customers pay nothing"),
        ("nl", "3.000 van de 3.000 klanten betalen niets"),
    ):
        page = report(found, lang)
        assert text in page[: page.index('<section id="base"')]


@pytest.mark.science
def test_a_segment_called_na_is_no_missing_value(tmp_path):
    name = 'population.segments=[{name="NA",share=0.5},{name="none",share=0.5}]'
    found = read(compare("first_look.toml", tmp_path / "na", name, "run.replications=1"))
    page = report(found)
    for segment in ("NA", "none"):
        assert value(found.extra["base"], BASE, "customers", segment) == 1500
        assert f'<th scope="row">{segment}</th>' in page


@pytest.mark.science
def test_a_result_of_before_has_a_report_without_a_base(finished, tmp_path):
    folder = tmp_path / "old"
    shutil.copytree(finished, folder)
    (folder / "base.csv").unlink()
    run = (folder / "run.json").read_text().replace('    "base.csv",\n', "")
    (folder / "run.json").write_text(run)
    page = report(read(folder))
    assert 'id="base"' not in page
    assert Words("en").say("report.section.base") not in page
