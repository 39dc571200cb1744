"""The report: one page that needs nothing else, in a form that any reader, any screen and any printer can use."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest
from patience import PATIENCE

from wom_sim.charts.style import contrast_on_white
from wom_sim.present import report as report_module
from wom_sim.present.report import report
from wom_sim.present.result_folder import read
from wom_sim.scenario.grades import is_unmeasured

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
VOID = {"meta", "img", "br", "link", "input", "hr", "source"}


class Page(HTMLParser):
    """The elements of a page in order; complains where tags do not match."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.text = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module", params=["en", "nl"])
def page(request, pages):
    return Page(pages[request.param]), request.param

SECTIONS = {
    "verdict", "base", "sure", "happens", "leaves", "money", "risk", "decides", "indicators", "varied", "assumed",
    "repeat",
}  # fmt: skip


def test_nothing_is_fetched_and_nothing_runs(page):
    parsed, _ = page
    names = {name for name, _ in parsed.elements}
    assert not names & {"script", "iframe", "object", "embed", "link", "form", "base"}
    for _, attributes in parsed.elements:
        for key, value in attributes.items():
            assert not key.startswith("on")
            if key in ("src", "srcset", "href", "action", "poster", "data", "xlink:href"):
                assert value.startswith(("data:image/", "data:text/csv", "#")), value[:60]
    policy = next(a["content"] for a in parsed.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; img-src data:")


def test_landmarks_language_headings(page):
    parsed, lang = page
    assert parsed.all("html") == [{"lang": lang}]
    for landmark in ("header", "nav", "main", "footer", "h1", "title"):
        assert len(parsed.all(landmark)) == 1, landmark
    levels = [int(name[1]) for name, _ in parsed.elements if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    identifiers = [a["id"] for _, a in parsed.elements if "id" in a]
    assert len(identifiers) == len(set(identifiers))
    targets = [a["href"][1:] for a in parsed.all("a") if "download" not in a]
    assert set(targets) <= set(identifiers)
    assert set(targets) >= SECTIONS
    assert all(a["aria-labelledby"] in identifiers for a in parsed.all("section"))
    assert parsed.all("a")[0]["class"] == "skip"


def test_tables_say_what_a_cell_belongs_to(page):
    parsed, _ = page
    scopes = [a.get("scope") for a in parsed.all("th")]
    assert scopes.count("col") > 5
    assert set(scopes) == {"col", "row"}
    assert len(parsed.all("table")) >= 6


def test_every_picture_has_a_text_and_a_caption(page):
    parsed, _ = page
    pictures = parsed.all("img")
    assert len(pictures) >= 4
    assert len(parsed.all("figure")) == len(parsed.all("figcaption")) == len(pictures)
    assert all(len(a["alt"]) > 60 for a in pictures)
    assert len({a["alt"] for a in pictures}) == len(pictures)


def test_text_has_contrast(pages):
    style = re.search(r"<style>(.*?)</style>", pages["en"], re.DOTALL).group(1)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", style))
    for name in ("ink", "faint", "accent"):
        assert contrast_on_white(colours[name]) >= 4.5
        assert contrast_on_white(colours[name]) / contrast_on_white(colours["ground"]) >= 4.5


def test_what_a_scenario_says_is_text_and_not_markup(folder, monkeypatch):
    monkeypatch.setattr(report_module, "drawings", lambda story, tell: [])
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    bad = '<script>alert(1)</script> & \\"so\\"'
    (folder / "scenario.toml").write_text(re.sub('question = ".*?"', f'question = "{bad}"', text, count=1))
    written = report(read(folder))
    assert "<script" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;so&#34;" in written


@pytest.mark.science
def test_the_same_run_gives_the_same_page(finished, pages, drawn_anew):
    assert report(read(finished)) == pages["en"]


def test_without_worlds_it_says_that_nobody_looked(page):
    parsed, lang = page
    said = {"en": "it cannot tell which of them decide the result", "nl": "niet zeggen welke daarvan de doorslag geven"}
    assert said[lang] in "".join(parsed.text)


@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [360, 1200])
def test_opens_in_a_browser_without_a_network(pages, tmp_path, width):
    """The page is measured by a script that only the test adds; the page itself forbids scripts."""
    text = pages["en"]
    probe = """<script>addEventListener("load", () => { const seen = [...document.images]
      .map(i => i.complete && i.naturalWidth > 0); document.title = "PROBE " + JSON.stringify({
      wide: document.documentElement.scrollWidth, inner: innerWidth, images: seen,
      asked: performance.getEntriesByType("resource").map(r => r.name).filter(n => !n.startsWith("data:")) }) })
      </script></head>"""
    file = tmp_path / "page.html"
    file.write_text(re.sub("<meta http-equiv.*?>", "", text).replace("</head>", probe), encoding="utf-8")
    # headless Chromium takes no window narrower than about 500, so a frame of the width asked for stands in
    host = tmp_path / "host.html"
    host.write_text(
        f'<iframe src="page.html" width="{width}" height="800" style="border:0"></iframe>', encoding="utf-8"
    )
    outside = ["--proxy-server=127.0.0.1:9", "--host-resolver-rules=MAP * ~NOTFOUND"]
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", *outside,
             f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000"]  # fmt: skip
    measured = host if width < 500 else file
    if width < 500:
        script = """<script>addEventListener("load", () => setTimeout(() => {
          document.title = document.querySelector("iframe").contentDocument.title }, 500))</script>"""
        host.write_text(host.read_text() + script)
    asked = [CHROMIUM, *flags, f"--window-size={max(width, 600)},800", "--dump-dom", f"file://{measured}"]
    dom = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
    found = re.search(r"<title>PROBE (\{.*?\})</title>", dom)
    assert found, dom[:300]
    seen = pd.io.json.ujson_loads(found.group(1))
    assert seen["inner"] == width
    assert seen["wide"] <= width
    assert len(seen["images"]) >= 4
    assert all(seen["images"])
    assert seen["asked"] == []


SHORTER = {
    "behaviour.leaving.beta", "media.outlets[].acts_after_news", "media.taste.spread",
    *(f"media.channel_news.{channel}" for channel in ("letter", "email", "text", "phone", "personal")),
    *(f"media.report.{name}" for name in ("median_days", "act_size", "found_late")),
    *(f"media.story.{name}" for name in ("alone", "rate", "spread")),
}  # fmt: skip
"""Numbers whose meaning in the model begins with that of their table, or in words of statistics: a board reads them."""


def test_what_a_number_is_called_in_english_is_what_the_model_calls_it():
    from wom_sim.scenario import parameters
    from wom_sim.scenario.posterior_of_cases import OWN
    from wom_sim.words import catalogue

    meanings = {f"report.parameter.{p.key}": p.meaning for p in parameters()}
    told = {key: text for key, text in catalogue("en").items() if key.startswith("report.parameter.")}
    other = {key for key, text in told.items() if text != meanings[key]}
    assert other == {f"report.parameter.{key}" for key in SHORTER}

    ranged = {f"report.parameter.{p.key}" for p in parameters() if p.plausible and is_unmeasured(p.grade)}
    by_factor = {f"report.parameter.media.outlets[].{name}" for name in ("reach", "threshold")}  # a range of factors
    by_cases = {f"report.parameter.{key}" for key in ("media.which", *OWN)}  # what only cases teach
    assert ranged | by_factor | by_cases == set(told)


def test_what_a_chart_says_when_pointed_at_is_beside_the_text_and_takes_no_focus(pages):
    for page in pages.values():
        layers = re.findall(r'<span class="spots" aria-hidden="true">((?:\s*<span [^>]*></span>)*)\s*</span>', page)
        assert len(layers) == page.count('class="spots"') >= 2, "no text, nothing to focus"
        for layer in layers:
            spots = re.findall(r'<span class="[ew] [ns]" style="left:[\d.]+%;[^"]*" data-says="([^"]+)"></span>', layer)
            assert len(spots) == layer.count("<span") > 0
