"""No page breaks a rule of axe-core, at the width of a desk and of a telephone. Skipped where no browser is there."""

from __future__ import annotations

import pytest
from pages_in_browser import CHROMIUM, WIDTHS, browser, violations
from small_runs import ROOT, SIZE

from wom_sim.cli import main
from wom_sim.present.animation import animate
from wom_sim.present.material import material
from wom_sim.present.pictures import setting_for
from wom_sim.present.publish import one_page_of, page_of
from wom_sim.present.since import read_since

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
pytestmark = [
    pytest.mark.science,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def shown():
    with browser() as launched:
        yield launched


@pytest.fixture(scope="module")
def told(results, tmp_path_factory):
    """A search, a break-even and a fit, small, by name."""
    return results | {"fit": fitted(tmp_path_factory.mktemp("axe") / "fit")}


def fitted(place):
    """Fit a small town to a past of two figures."""
    past = place.with_suffix(".toml")
    seen = '[[seen]]\npolicy = "bulk letter"\nwhat = "posts"\nto_day = 7\nvalue = 6\nerror = 2\n'
    past.write_text(f'extends = "{(ROOT / "scenarios" / "first_look.toml").as_posix()}"\n{seen}', encoding="utf-8")
    sets = [part for each in SIZE if not each.startswith("run.replications") for part in ("--set", each)]
    command = ["fit", past, *sets, "--worlds", 200, "--check", 20, "--out", place]
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in command])
    assert not ended.value.code
    return place


KINDS = (
    "report", "one page", "worlds", "study", "since", "animation", "report nl", "one page de", "search", "break-even",
    "fit", "worlds nl", "one page worlds", "search nl",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_at_two_widths(shown, finished, over_worlds, small_results, study, told, tmp_path, kind):
    file = tmp_path / "page.html"
    makers = {
        "report": lambda: page_of(finished), "report nl": lambda: page_of(finished, "nl"),
        "one page": lambda: one_page_of(finished), "one page de": lambda: one_page_of(finished, "de"),
        "worlds": lambda: page_of(over_worlds), "study": lambda: page_of(study("grid")),
        "since": lambda: page_of(read_since(small_results, finished)),
        "worlds nl": lambda: page_of(over_worlds, "nl"), "one page worlds": lambda: one_page_of(over_worlds),
        "search": lambda: page_of(told["search"]), "search nl": lambda: page_of(told["search"], "nl"),
        "break-even": lambda: page_of(told["break-even"]), "fit": lambda: page_of(told["fit"]),
    }  # fmt: skip
    if kind == "animation":
        found = material(small_results)
        animate(found, ["bulk letter"], setting_for(found), file)
    else:
        file.write_text(makers[kind](), encoding="utf-8")
    assert {width: violations(shown, file, width) for width in WIDTHS} == {width: {} for width in WIDTHS}
