"""The page for two minutes takes one side; the report prints whole, with page numbers; a table stands by each chart."""

import base64
import io
import re
import shutil
import subprocess

import pandas as pd
import pytest
from patience import PATIENCE

from wom_sim.present.board_facts import by_value
from wom_sim.present.one_page import MOST, one_page
from wom_sim.present.result_folder import read
from wom_sim.present.story import Story
from wom_sim.scenario.evidence import unmeasured
from wom_sim.words import Words

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
TOOL = shutil.which("pdftotext") or ""
printed = pytest.mark.skipif(not (BROWSER and TOOL), reason="no browser, or no reader of PDF, on this machine")


def pages_of(html, tmp_path):
    """Return the text of each page as a browser prints it."""
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    page.write_text(html, encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]
    asked = [BROWSER, *quiet, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", f"file://{page}"]
    subprocess.run(asked, capture_output=True, timeout=PATIENCE, check=True)
    text = subprocess.run([TOOL, "-layout", str(pdf), "-"], capture_output=True, timeout=PATIENCE, check=True).stdout
    return text.decode().split("\f")[:-1]


@pytest.mark.science
@printed
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_page_for_two_minutes_takes_one_side(finished, tmp_path, lang):
    (page,) = pages_of(one_page(read(finished), lang), tmp_path)
    assert {"en": "page 1 of 1", "nl": "pagina 1 van 1"}[lang] in page


@printed
def test_the_report_prints_whole_and_numbers_its_pages(pages, tmp_path):
    told = pages_of(pages["en"], tmp_path)
    for number, page in enumerate(told, start=1):
        assert f"page {number} of {len(told)}" in page
    whole = " ".join(" ".join(told).split())
    rest = re.findall(r"<details>.*?</details>", pages["en"], flags=re.DOTALL)
    assert len(rest) == 2, "the other assumptions and the scenario"
    last = re.findall(r'<th scope="row">([^<]+)<', rest[0])[-1]
    assert last.split()[0] in whole
    assert "[population]" in whole, "the scenario, closed on the screen, is open in print"
    assert "Save all of them" not in whole, "what is saved with a click is not for paper"


def test_it_says_what_the_board_is_asked_and_who_is_best(finished):
    found = read(finished)
    story = Story(found, Words("en"), unmeasured(found.scenario))
    page = one_page(found, "en").replace("\xa0", " ")
    assert story.headline().replace("\xa0", " ") in page
    assert "We ask you" in page
    assert all(story.heading(policy) in page for policy in by_value(story)[:MOST])
    assert not re.search(r"wom-sim |--worlds|grade [ABC]\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))


def test_what_is_saved_beside_a_chart_is_its_table(finished, pages):
    saved = re.findall(r'download="(\w+)\.csv" href="data:text/csv;charset=utf-8;base64,([^"]+)"', pages["en"])
    assert len(saved) >= 6
    tables = {name: pd.read_csv(io.BytesIO(base64.b64decode(content))) for name, content in saved}
    summary = pd.read_csv(finished / "summary.csv")
    net = summary[summary["indicator"] == "net_value"].set_index("policy")["mean"]
    shown = tables["differences"]
    shown = shown[shown["indicator"] == "net_value"].set_index("policy")["mean"]
    assert shown.to_dict() == pytest.approx(net.drop("keep").to_dict())
    runs = pd.read_parquet(finished / "replications.parquet")
    assert len(tables["exceedance"]) == (runs["policy"] != "keep").sum()


def test_a_study_has_no_page_of_two_minutes(study, run):
    code, out, err = run("report", study("grid"), "--one-page")
    assert (code, out) == (4, "")
    assert "Traceback" not in err and err
