"""The charts of a study's folder: which it allows, that they show its tables, and that one path draws them."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from daily import few

from wom_sim.charts import alt_text
from wom_sim.present.material import MissingError, material
from wom_sim.present.pictures import allowed, drawn, setting_for
from wom_sim.present.sources import SOURCES, table_for

ALLOWED = {
    "grid": {"tornado", "response", "interaction", "heatmap", "breakeven"},
    "saltelli": {"tornado", "response", "sobol"},
    "morris": {"morris"},
}


@pytest.mark.parametrize("kind", ALLOWED)
@pytest.mark.parametrize("lang", few(["en", "nl"]))
def test_a_study_allows_the_charts_of_its_design(study, kind, lang):
    found = material(study(kind))
    assert {name for name in SOURCES if not allowed(found, name)} == ALLOWED[kind]
    setting = setting_for(found, lang)
    for each in drawn(found, setting, sorted(ALLOWED[kind])):
        text = alt_text(each.figure)
        assert setting.key in text and {"en": "First look", "nl": "Eerste blik"}[setting.lang] in text
        assert ("een studie van" in text) == (lang == "nl")


def test_a_chart_shows_the_figures_of_the_analysis(study):
    folder = study("saltelli")
    table = table_for("sobol", material(folder)).set_index(["policy", "parameter"])
    written = pd.read_csv(folder / "analysis" / "sobol.csv")
    wanted = written.query("output == 'net_value'").set_index(["policy", "factor"])
    for column in ("first", "total", "total_low", "total_high"):
        assert list(table[column]) == list(wanted[column])


def test_another_output_can_be_shown_and_an_unknown_one_is_refused(study):
    found = material(study("grid"))
    assert set(table_for("response", found)["unit"]) == {"currency"}
    found.output = "national_coverage"
    assert set(table_for("response", found)["unit"]) == {"chance"}
    found.output = "told"
    with pytest.raises(MissingError, match="given 'told', allowed: net_value, extra_profitable"):
        table_for("response", found)


def test_why_a_chart_is_not_allowed_is_what_the_analysis_noted(study):
    assert "need design kind 'saltelli', not 'grid'" in allowed(material(study("grid")), "sobol")
    assert "too few points at a level" in allowed(material(study("morris")), "response")


def test_the_map_is_of_the_pair_over_which_the_difference_moves_most(study, tmp_path):
    folder = shutil.copytree(study("grid"), tmp_path / "copy")
    path = folder / "analysis" / "map.csv"
    cells = pd.read_csv(path)
    wider = cells.assign(x_factor="money.cost_per_call", mean=10.0 * cells["mean"])
    pd.concat([cells, wider]).to_csv(path, index=False)
    assert set(table_for("breakeven", material(folder))["parameter"]) == {"money.cost_per_call"}


@pytest.mark.science
def test_analyse_and_chart_write_the_same_files(study, tmp_path, run):
    folder = shutil.copytree(study("grid"), tmp_path / "copy")
    code, printed, _ = run("sweep", "analyse", folder)
    assert code == 0 and "response.png" in printed
    assert run("chart", folder, "--format", "png", "--out", tmp_path / "again")[0] == 0
    for name in ("response.png", "response.csv", "response.txt", "tornado.png", "breakeven.csv"):
        assert (folder / "charts" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_analyse_can_do_without_charts(study, tmp_path, run):
    folder = shutil.copytree(study("grid"), tmp_path / "copy")
    assert run("sweep", "analyse", folder, "--no-charts")[0] == 0
    assert not (folder / "charts").exists()


@pytest.mark.parametrize(("asked", "message"), [("told", "given 'told', allowed: net_value, extra_profitable")])
def test_an_output_that_a_study_has_not_is_refused(study, run, tmp_path, asked, message):
    code, _, errors = run("chart", study("grid"), "--output", asked, "--out", tmp_path / "none")
    assert code == 4 and message in errors and not (tmp_path / "none").exists()


def test_a_comparison_has_no_outputs_to_choose_from(finished, run):
    code, _, errors = run("chart", finished, "reached", "--output", "told")
    assert code == 4 and "holds no analysed study" in errors
