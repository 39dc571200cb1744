"""What results show of themselves in a notebook: small, escaped, with nothing that runs or is fetched."""

import pytest
from small_runs import ROOT, SIZE

from wom_sim import (
    compare,
    compare_worlds,
    load_scenario,
    load_study,
    read_results,
    simulate,
    sweep,
    write_deck,
    write_report,
)
from wom_sim._notebook import MOST_ROWS, Shown, ShowsItself, html
from wom_sim.present.result_folder import read
from wom_sim.scenario.axes import axis_of
from wom_sim.study.break_even import Question, break_even
from wom_sim.study.explain import Chosen, replayed
from wom_sim.study.levers import space_of
from wom_sim.study.recommend import recommend
from wom_sim.study.recommend_folder import Folder
from wom_sim.study.standings import Question as Asked
from wom_sim.words import Words

BAD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def things():
    scenario = load_scenario(ROOT / "scenarios" / "first_look.toml", [*SIZE, "run.replications=2", f'name="{BAD}"'])
    comparison = compare(scenario)
    result = simulate(scenario, "bulk letter")
    return {
        "scenario": scenario, "comparison": comparison, "result": result, "plan": comparison.plan,
        "findings": read_results(comparison),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["scenario", "comparison", "result", "plan", "findings"])
def test_a_thing_shows_itself(things, name):
    shown = things[name]._repr_html_()
    assert len(shown) < 20_000
    assert shown.count("<tr") == shown.count("</tr>") > 2
    assert BAD not in shown
    for forbidden in ("<script", "<img", "http", "src="):
        assert forbidden not in shown.replace("&lt;img src=x", "")
    bundle = things[name]._repr_mimebundle_()
    assert bundle["text/html"] == shown
    assert len(bundle["text/plain"]) < 2_000


def test_a_comparison_shows_the_figures_of_its_summary(things):
    comparison = things["comparison"]
    mean = comparison.summary.set_index(["policy", "indicator"])["mean"]["bulk letter", "net_value"]
    digits = f"{float(f'{abs(mean):.3g}'):,.10g}"  # three that count
    assert f"{'−' if mean < 0.0 else ''}${digits}" in comparison._repr_html_().replace("\xa0", " ")


@pytest.fixture(scope="module")
def further(things, tmp_path_factory):
    """The results of the other commands, as Python gives them."""
    scenario = things["scenario"]
    place = tmp_path_factory.mktemp("study")
    text = f"""
name = "{BAD.replace("x", "y")}"
scenario = "{ROOT / "scenarios" / "first_look.toml"}"
policies = ["bulk letter"]
replications = 2
outputs = ["net_value", "told"]
set = {{population.customers = 1_500, run.days = 40}}
design = {{kind = "grid"}}
factors = [{{key = "choose.limit", values = [5, 20]}}]
"""
    (place / "study.toml").write_text(text)
    axis = axis_of(scenario, 'policies."bulk letter".programme_cost', 0.0, 1e6)
    policy = next(p for p in scenario.policies if p.name == "bulk letter")
    search = Asked(scenario, space_of(scenario), trials=6, replications=2, fresh=4, finalists=2)
    return {
        "worlds": compare_worlds(scenario, 4, workers=1), "asked": load_study(place / "study.toml"),
        "sweep": sweep(place / "study.toml", out=place / "out", workers=1),
        "break even": break_even(scenario, Question("bulk letter", "keep", (axis,), 3), workers=1),
        "recommendation": recommend(search, Folder(None), 1, lambda *_: None),
        "explanation": replayed(Chosen(scenario, policy, 0, "the first")),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["worlds", "asked", "sweep", "break even", "recommendation", "explanation"])
def test_every_result_shows_itself(further, name):
    shown = further[name]._repr_html_()
    assert 200 < len(shown) < 20_000
    assert shown.count("<tr") == shown.count("</tr>") >= 2
    for forbidden in ("<script", "<img", "http", "nan"):
        assert forbidden not in shown
    assert len(further[name]._repr_mimebundle_()["text/plain"]) < 3_000


def test_what_is_shown_are_the_figures_of_the_result(further):
    words = Words("en")
    verdicts = further["worlds"].verdicts.iloc[0]
    assert words.money(verdicts["regret_worst"], "USD") in further["worlds"]._repr_html_()
    told = further["sweep"].table.groupby("policy")["told"].mean()["bulk letter"]
    assert words.quantity(told, "people", "") in further["sweep"]._repr_html_()
    lost = further["explanation"].tree.number
    assert f">{words.people(lost)}<" in further["explanation"]._repr_html_()
    best = further["recommendation"].frontier.iloc[0]
    assert words.money(best["expected_net_value"], "USD") in further["recommendation"]._repr_html_()
    assert words.money(further["break even"].table["difference"].iloc[0], "USD") in further["break even"]._repr_html_()


def test_long_tables_are_cut():
    shown = html(Shown("t", (), ("a",), [[str(n)] for n in range(100)]))
    assert shown.count("<tr") == MOST_ROWS + 1
    assert "and 60 more" in shown


def test_a_class_that_says_nothing_shows_its_name():
    assert ShowsItself()._repr_html_() == "<div><p><strong>ShowsItself</strong></p></div>"


@pytest.mark.science
def test_a_comparison_in_memory_gives_the_report_of_its_folder(finished, pages, tmp_path):
    found = read(finished)
    memory = compare(found.scenario)
    page = write_report(memory, tmp_path / "a.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="verdict"') : page.index('<section id="repeat"')]
    assert section in pages["en"]
    assert write_deck(finished, tmp_path / "b.pptx", lang="nl").read_bytes()[:2] == b"PK"
