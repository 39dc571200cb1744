"""No page breaks a rule of axe-core, at the width of a desk and of a telephone. Skipped where no browser is there."""

from __future__ import annotations

import pytest
from pages_in_browser import CHROMIUM, WIDTHS, browser, violations

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


KINDS = ("report", "one page", "worlds", "study", "since", "animation", "report nl", "one page de")


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_at_two_widths(shown, finished, over_worlds, small_results, study, tmp_path, kind):
    file = tmp_path / "page.html"
    makers = {
        "report": lambda: page_of(finished), "report nl": lambda: page_of(finished, "nl"),
        "one page": lambda: one_page_of(finished), "one page de": lambda: one_page_of(finished, "de"),
        "worlds": lambda: page_of(over_worlds), "study": lambda: page_of(study("grid")),
        "since": lambda: page_of(read_since(small_results, finished)),
    }  # fmt: skip
    if kind == "animation":
        found = material(small_results)
        animate(found, ["bulk letter"], setting_for(found), file)
    else:
        file.write_text(makers[kind](), encoding="utf-8")
    assert {width: violations(shown, file, width) for width in WIDTHS} == {width: {} for width in WIDTHS}
