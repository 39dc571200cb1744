"""What results show of themselves in a notebook: small, escaped, with nothing that runs or is fetched."""

import pytest
from small_runs import ROOT, SIZE

from wom_sim import compare, load_scenario, read_results, simulate, write_deck, write_report
from wom_sim._notebook import MOST_ROWS, Shown, ShowsItself, html
from wom_sim.present.result_folder import read

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
    assert (
        f"${round(mean / 1000):,},000" in comparison._repr_html_() or f"${mean / 1e6:.1f}" in comparison._repr_html_()
    )


def test_long_tables_are_cut():
    shown = html(Shown("t", (), ("a",), [[str(n)] for n in range(100)]))
    assert shown.count("<tr") == MOST_ROWS + 1
    assert "and 60 more" in shown


def test_a_class_that_says_nothing_shows_its_name():
    assert ShowsItself()._repr_html_() == "<div><p><strong>ShowsItself</strong></p></div>"


def test_a_comparison_in_memory_gives_the_report_of_its_folder(finished, pages, tmp_path):
    found = read(finished)
    memory = compare(found.scenario)
    page = write_report(memory, tmp_path / "a.html").read_text(encoding="utf-8")
    section = page[page.index('<section id="verdict"') : page.index('<section id="repeat"')]
    assert section in pages["en"]
    assert write_deck(finished, tmp_path / "b.pptx", lang="nl").read_bytes()[:2] == b"PK"
