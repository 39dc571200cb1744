"""The page in a browser, with no network but the page itself. Skipped with a word where no browser is there."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = next(filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser")))), None)
pytestmark = [
    pytest.mark.science,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed (apt-get install chromium)"),
]
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE = 120_000
"""Milliseconds: the machine may be shared."""


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield launched
        launched.close()


@pytest.fixture
def opened(browser, page):
    """Return a function that opens the page in a window of its own; at the end nothing was asked for elsewhere."""
    contexts, elsewhere, complaints = [], [], []
    here = urlsplit(page.root).netloc

    def guard(route):
        if urlsplit(route.request.url).netloc == here or route.request.url.startswith("data:"):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    def open_(path="whatif?base=given&lang=en", width=1280, **look):
        context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True, **look)
        contexts.append(context)
        context.route("**/*", guard)
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        tab.goto(page.root + path)
        return tab

    yield open_
    for context in contexts:
        context.close()
    assert elsewhere == [] and complaints == []


def all_done(tab, runs=20):
    word = "doorrekeningen per beleid" if "lang=nl" in tab.url else "runs of each policy."
    tab.wait_for_function(
        "([n, word]) => document.getElementById('busy').hidden"
        " && document.getElementById('state-of-runs').textContent.startsWith(n + ' ' + word)",
        arg=[str(runs), word],
    )  # fmt: skip


def lever(tab, key):
    return tab.locator(f".control[data-key={key!r}]".replace("\\", ""))


def notice(tab):
    return tab.locator('.column[data-policy="bulk letter"] .control', has_text="Days of notice").locator(
        "input[type=number]"
    )


def test_the_first_verdict_comes_by_itself_with_figures_charts_and_a_map(opened):
    tab = opened()
    all_done(tab)
    assert re.search(r"bulk letter|paid exit|everyone", tab.inner_text("#headline"))
    assert tab.locator("#sentences p").count() >= 3
    for column in tab.locator(".column[data-policy]").all():
        assert column.locator(".figures dd").count() == 3
    assert tab.locator(".column.keep .figures dd").first.inner_text() == "$0"
    for name in ("paired", "departures", "ledger"):
        image = tab.locator(f"#chart-{name} img")
        assert len(image.get_attribute("alt")) > 40 and image.evaluate("each => each.naturalWidth") > 300
    assert tab.locator("#verdict").get_attribute("aria-live") == "polite"


def test_a_slider_changes_figures_address_and_number_and_undo_takes_it_back(opened):
    tab = opened()
    all_done(tab)
    before = tab.inner_text("#sentences"), tab.url
    slider = tab.locator('.column[data-policy="paid exit"] .control', has_text="Payment").locator("input[type=range]")
    slider.focus()
    slider.press("ArrowLeft")
    tab.wait_for_url("**set=policies*payment*")
    all_done(tab)
    assert tab.inner_text("#sentences") != before[0]
    number = tab.locator('.column[data-policy="paid exit"] .control', has_text="Payment").locator("input[type=number]")
    assert 0 < float(number.input_value()) < 200 and '--set \'policies."paid exit".payment=' in tab.inner_text(
        "#command"
    )
    tab.click("#undo")
    tab.wait_for_url(before[1])
    all_done(tab)
    assert tab.inner_text("#sentences") == before[0] and float(number.input_value()) == 200


def test_the_back_button_and_the_address_bring_a_state_back(opened):
    tab = opened()
    all_done(tab)
    notice(tab).fill("61")
    tab.wait_for_url("**notice_days*61*")
    all_done(tab)
    told, address = tab.inner_text("#sentences"), tab.url
    tab.go_back()
    all_done(tab)
    assert notice(tab).input_value() == "30"
    other = opened(address.partition("/whatif")[2].join(("whatif", "")))
    all_done(other)
    assert other.inner_text("#sentences") == told and notice(other).input_value() == "61"


def test_a_wrong_value_is_told_beside_its_lever(opened):
    tab = opened()
    all_done(tab)
    notice(tab).fill("-3")
    wrong = tab.locator('.column[data-policy="bulk letter"] .wrong:not([hidden])')
    wrong.wait_for()
    assert "given -3, allowed: at least 0 and at most 3650" in wrong.inner_text()


def test_runs_can_be_cancelled_by_button_and_by_key(opened):
    for cancel in (lambda tab: tab.click("#cancel"), lambda tab: tab.keyboard.press("Escape")):
        tab = opened("whatif?base=given&set=population.customers%3D400000&runs=400&lang=en")
        tab.wait_for_selector("#busy:not([hidden])")
        tab.wait_for_function(
            "() => document.getElementById('progress').value > 0 || !document.getElementById('go-on').hidden"
        )
        if tab.is_visible("#go-on"):
            tab.click("#go-on")
            tab.wait_for_function("() => document.getElementById('progress').value > 0")
        cancel(tab)
        tab.wait_for_selector("#busy", state="hidden")
        assert tab.inner_text("#state-of-runs").startswith("Cancelled")


def test_more_runs_where_it_is_undecided_and_the_horizon_switched(opened):
    tab = opened()
    all_done(tab)
    figures = tab.locator('.column[data-policy="bulk letter"] .figures dd').first
    horizon = figures.inner_text()
    tab.check("input[value=lifetime_value]")
    assert figures.inner_text() != horizon
    tab.check("input[value=net_value]")
    assert figures.inner_text() == horizon
    if tab.is_visible("#more"):
        tab.click("#more")
        all_done(tab, 60)
        assert "runs=60" in tab.url


@pytest.mark.parametrize(("kind", "ending"), [("report", ".html"), ("scenario", ".toml"), ("workbook", ".xlsx")])
def test_a_file_is_taken_away(opened, kind, ending, tmp_path):
    tab = opened()
    all_done(tab)
    with tab.expect_download(timeout=PATIENCE) as loaded:
        tab.click(f'.export[data-kind="{kind}"]')
    target = tmp_path / loaded.value.suggested_filename
    loaded.value.save_as(target)
    assert target.suffix == ending and target.stat().st_size > 200


def test_in_dutch_and_back(opened):
    tab = opened()
    all_done(tab)
    tab.click("header .lang a")
    all_done(tab)
    assert tab.inner_text("#h-verdict") == "Conclusie" and tab.get_attribute("html", "lang") == "nl"
    assert "doorrekeningen" in tab.inner_text("#sentences")
    tab.click("header .lang a")
    all_done(tab)
    assert tab.inner_text("#h-verdict") == "Verdict"


def test_two_pinned_states_are_compared(opened):
    tab = opened()
    all_done(tab)
    notice(tab).fill("62")
    tab.wait_for_url("**notice_days*62*")
    all_done(tab)
    for place in (0, 1):  # the list is drawn anew after a run and after a click: what stands at a place then is another
        tab.wait_for_function(
            "n => document.querySelector('#trail li')?.textContent.includes('62')"
            " && document.querySelectorAll('#trail [aria-pressed=true]').length === n", arg=place,
        )  # fmt: skip
        tab.locator("#trail button").nth(place).click()
    tab.wait_for_selector("#pinned table")
    assert tab.locator("#pinned tr").count() == 3 and "Paired by luck over 20 runs" in tab.inner_text("#pinned")


def test_the_map_plays_and_can_be_scrubbed(opened):
    tab = opened()
    all_done(tab)
    if tab.is_hidden("#map"):
        assert tab.is_visible("#no-map")
        return
    label = tab.locator("#map canvas").first
    last = label.get_attribute("aria-label")
    tab.focus("#day")
    tab.keyboard.press("Home")
    assert label.get_attribute("aria-label") != last and tab.locator("#day").get_attribute("aria-valuetext")
    tab.click("#play")
    tab.wait_for_function("() => Number(document.getElementById('day').value) > 2")


def test_everything_can_be_done_with_the_keyboard(opened):
    tab = opened("?lang=en")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.get_by_role("link", name="The scenario that the command named").focus()
    tab.keyboard.press("Enter")
    all_done(tab)
    seen = set()
    for _ in range(60):
        tab.keyboard.press("Tab")
        seen.add(tab.evaluate(
            "(() => { const e = document.activeElement; return e.id || e.className || e.type; })()"
        ))  # fmt: skip
        if tab.evaluate(
            "document.activeElement.type === 'number' && !!document.activeElement.closest('[data-policy]')"
        ):
            break
    tab.keyboard.press("Control+A")
    tab.keyboard.type("7")
    tab.wait_for_url("**set=policies*7*")
    all_done(tab)
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert "reset-all" in seen  # buttons and links above the levers were passed
    while tab.evaluate("document.activeElement.id") != "undo":
        tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("^[^=]*base=given&lang=en$"))
    all_done(tab)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["?lang=nl", "whatif?base=given&lang=en"])
def test_axe_finds_nothing(opened, path, scheme):
    tab = opened(path, color_scheme=scheme)
    if "whatif" in path:
        all_done(tab)
        for fold in tab.locator("details").all():
            fold.evaluate("each => { each.open = true; }")
    tab.emulate_media(reduced_motion="reduce")
    tab.wait_for_timeout(400)
    # the map of the story and the frame of a chart are as the report has them
    found = axe.Axe().run(tab)
    violations = {
        each["id"]: [node["html"][:200] for node in each["nodes"][:3]] for each in found.response["violations"]
    }
    assert violations == {}


@pytest.mark.parametrize(
    ("width", "scheme", "lang"), [(390, "dark", "nl"), (820, "light", "nl"), (1440, "light", "en")]
)
def test_nothing_is_cut_off_at_three_widths(opened, width, scheme, lang):
    tab = opened(f"whatif?base=given&lang={lang}", width, color_scheme=scheme)
    all_done(tab)
    for fold in tab.locator("details").all():
        fold.evaluate("each => { each.open = true; }")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    if folder := os.environ.get("WOM_SIM_SCREENSHOTS"):  # to be looked at
        tab.screenshot(path=str(Path(folder) / f"app_{width}_{lang}.png"), full_page=True)
    beyond = tab.evaluate(
        "[...document.querySelectorAll('button, input, select, h1, h2, h3, dd, label')].filter(each => {"
        " const box = each.getBoundingClientRect();"
        " return box.width && (box.right > innerWidth + 1 || box.left < -1) && !each.closest('.scroller'); }).length"
    )
    assert beyond == 0


def test_a_dozen_questions_make_a_scenario_that_runs(opened):
    tab = opened("?lang=en")
    tab.fill("#new-name", "Bank by hand")
    tab.select_option("#new-trade", "bank")
    tab.click("#new button")
    tab.wait_for_selector("#faults:not([hidden])")
    assert tab.locator("[data-place][aria-invalid=true]").count() == 2
    tab.fill('[data-place="population.customers"]', "4000")
    tab.fill('[data-place="choose.limit"]', "15")
    tab.click("#new button")
    tab.wait_for_url("**base=bank_by_hand*")
    all_done(tab)
    assert tab.inner_text("h1") == "Bank by hand"
