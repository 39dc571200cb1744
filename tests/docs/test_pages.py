"""The pages hold together: every link leads somewhere, every citation has its section, every page has its kind."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def _module(name: str, file: Path):
    """Return a module of ``docs/``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    kept = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = kept
    return module


pages = _module("docs_pages", DOCS / "site" / "pages.py")
PAGES = sorted(
    file
    for pattern in ("*.md", "docs/*.md", "docs/*/*.md", "experiments/README.md", "experiments/*/question.md")
    for file in ROOT.glob(pattern)
)
_SITE = [file.relative_to(DOCS).with_suffix("").as_posix() for file in PAGES if file.is_relative_to(DOCS)]
SOURCES = sorted(
    file
    for folder in ("wom_sim", "scenarios", "experiments", "docs", "tests", "examples", "benchmarks")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in (".py", ".toml", ".md", ".in", ".json") and "results" not in file.relative_to(ROOT).parts
)


def _broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere, each with its line."""
    text, found = page.read_text(encoding="utf-8"), []
    for line, target in pages.links(text):
        file, _, place = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        other = (page.parent / file).resolve() if file else page
        if not other.exists() or not other.is_relative_to(ROOT):
            found.append(f"{page.relative_to(ROOT)}:{line}: {target}: no such file")
        elif place and place not in pages.anchors(other.read_text(encoding="utf-8")):
            found.append(f"{page.relative_to(ROOT)}:{line}: {target}: no such heading")
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page):
    assert _broken(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    page = tmp_path / "A.md"
    page.write_text("# Here\n\n[a](#here) [b](#there) [c](B.md)\n\n| x |\n|---|\n| ![d](e.png) |\n\n`[f](g.md)`\n")
    assert _broken(page) == [
        "A.md:3: #there: no such heading",
        "A.md:3: B.md: no such file",
        "A.md:7: e.png: no such file",
    ]


def test_anchors_are_numbered_where_headings_repeat():
    assert pages.anchors("# A, b\n## A b\n```\n# no heading\n```\n### 5.1 Being `let` go\n") == {
        "a-b", "a-b-1", "51-being-let-go",
    }  # fmt: skip


def test_every_section_that_is_cited_is_there():
    there, cited = {name: pages.sections(name) for name in pages.CITED}, 0
    for file in SOURCES:
        for page, section in pages.citations(file.read_text(encoding="utf-8", errors="replace")):
            cited += 1
            assert section in there[page], f"{file.relative_to(ROOT)}: {page} {section}"
    assert cited > 150


def test_no_citation_is_written_in_another_way():
    """Such as would not be found: without a space, with a file's name, with a sign for a section."""
    odd = re.compile(r"\b(EVIDENCE2?|MODEL)(, |[-_:§#]| ?§| chapter | sect\. |\.md, ?section )\d")
    for file in SOURCES:
        if file != Path(__file__):
            assert not odd.search(file.read_text(encoding="utf-8", errors="replace")), file


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("EVIDENCE 12: .9", [("EVIDENCE", "12")]),
        ("EVIDENCE 8: +3 % of base calls", [("EVIDENCE", "8")]),
        ("EVIDENCE sections 5, 7, 8.", [("EVIDENCE", "5"), ("EVIDENCE", "7"), ("EVIDENCE", "8")]),
        ("MODEL 5.1 and 5.2)", [("MODEL", "5.1"), ("MODEL", "5.2")]),
        ("EVIDENCE 12, C", [("EVIDENCE", "12")]),
        ("EVIDENCE of 2026; CHURN_MODEL 5", []),
    ],
)
def test_citations_are_read_as_they_are_written(text, found):
    assert list(pages.citations(text)) == found


def test_a_number_that_a_source_quotes_stands_in_the_section():
    """Of "EVIDENCE 12: x1.5" the 1.5 is found where the reader is sent."""
    from wom_sim.scenario.listing import parameters

    seen = 0
    for parameter in parameters():
        for page, section, words in re.findall(r"(EVIDENCE2?|MODEL) (\d[\d.]*):? ([^;]*)", parameter.source):
            text = _section(page, section.rstrip("."))
            for number in re.findall(r"\d*\.?\d+", words):
                seen += 1
                quoted = re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text)
                assert quoted, f"{parameter.key}: {page} {section}: {number}"
    assert seen >= 8


def _section(page: str, number: str) -> str:
    """Return the text of a section, in figures (half is written .5)."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.split(rf"^##+ {re.escape(number)}\.? ", text, flags=re.MULTILINE)[1].partition("\n## ")[0]


def test_the_page_of_numbers_is_not_stale():
    generate = _module("parameters_generate", DOCS / "parameters" / "generate.py")
    written = (DOCS / "PARAMETERS.md").read_text(encoding="utf-8")
    assert generate.page() == written, "docs/PARAMETERS.md is out of date: make docs"


def test_readme_tells_the_figures_of_the_pages():
    """Of each row its cells, in their order, are those of the page that was written from the tables."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (case by case|paid exit|keep|bulk letter) \| (.*) \|$", readme, re.MULTILINE)
    assert [name for name, _ in rows] == ["case by case", "paid exit", "keep", "bulk letter"]
    page = (DOCS / "SPRINT_WORLDS.md").read_text(encoding="utf-8")
    for name, cells in rows:
        told = next(line for line in page.splitlines() if line.startswith(f"| {name} |")).split(" | ")
        assert [cell.strip() for cell in cells.split("|")] == [told[1], told[2], told[5].strip()]
    findings = " ".join((DOCS / "FINDINGS.md").read_text(encoding="utf-8").split())
    told = (".203 against .314", "score of .225", "cost $5.8 million", "$5.0 million", "$2.9 million", "$0.6 million")
    for figure in told:
        assert figure in findings
        number = re.search(r"[.\d]+", figure)[0]
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", readme), figure


def test_every_page_has_a_kind_and_one_only():
    kinds = pages.kinds()
    assert list(kinds) == ["Tutorials", "How to", "Reference", "Explanation"]
    listed = [page for names in kinds.values() for page in names]
    assert len(listed) == len(set(listed))
    assert set(listed) | {"index"} == set(_SITE), "docs/index.md lists each page of docs/ under its kind"


@pytest.mark.science
def test_the_site_is_made_without_a_word_of_complaint(tmp_path):
    """Sphinx in strict mode; without it the tests above hold the pages together."""
    pytest.importorskip("myst_parser")
    pytest.importorskip("furo")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-c", "docs/site", "docs"]
    done = subprocess.run([*command, str(tmp_path / "site")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    made = tmp_path / "site"
    assert all((made / f"{page}.html").is_file() for page in _SITE)
    contents = (made / "index.html").read_text(encoding="utf-8")
    assert all(f">{kind}</span>" in contents for kind in pages.kinds())
    numbers = (made / "ODD.html").read_text(encoding="utf-8")
    assert re.search(r'href="EVIDENCE\.html#[a-z-]+"[^>]*><span[^>]*>EVIDENCE 12<', numbers), "a citation is a link"
    for file in made.rglob("*.html"):
        asked = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(https?:[^"]+)"', file.read_text(encoding="utf-8"))
        assert asked == [], f"{file.name} asks for something of a network"
