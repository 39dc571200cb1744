"""Names that look like something else are text from the scenario to the slide: compared, swept, reported, presented."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from pptx import Presentation

from wom_sim._tables import NAMES as COLUMNS_OF_NAMES
from wom_sim._tables import csv_rows, read_csv
from wom_sim.cli import main
from wom_sim.study.loading import load_study

pytestmark = pytest.mark.science

NAMES = (
    "NA", "None", "nan", "=1+1", "@cmd", "-1", "<b>x</b>", "a|b", "1e5", "inf", "\"q\", it's", "*s* _u_ `c`",
    "\\n {x} $y$ %s",
)  # fmt: skip
SEGMENTS = ("=1+1", "NA", "1e5")
SCENARIO = f"""
name = "=1+1 <i>x</i>"
question = "-1 @cmd, \\"q\\" | <i>x</i>"
population.customers = 400
population.segments = [{", ".join(f'{{name = "{each}", share = {1 / 3}}}' for each in SEGMENTS)}]
choose = {{limit = 10, segments = ["NA"]}}
run = {{days = 20, replications = 2}}
policies = [{", ".join(f"{{name = {json.dumps(each)}, use = 'paid_exit'}}" for each in NAMES)}]
"""
STUDY = """
name = "@study <i>x</i>"
scenario = "scenario.toml"
outputs = ["net_value"]
replications = 2
[design]
kind = "grid"
[[factors]]
key = "choose.limit"
values = [5, 10]
[[factors]]
key = "choose.segments[0]"
values = ["=1+1", "NA", "1e5"]
"""


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    assert not ended.value.code


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A comparison, one over worlds and a study of the same scenario, each with its report and its deck."""
    place = tmp_path_factory.mktemp("names")
    scenario, study = place / "scenario.toml", place / "study.toml"
    scenario.write_text(SCENARIO)
    study.write_text(STUDY)
    run("compare", scenario, "--out", place / "compared")
    run("compare", scenario, "--worlds", 2, "--out", place / "worlds")
    run("sweep", "run", study, "--workers", 1, "--out", place / "swept")
    run("sweep", "analyse", place / "swept")
    for folder in ("compared", "worlds", "swept"):
        run("report", place / folder)
        run("deck", place / folder)
    run("explain", place / "compared", "--policy", "=1+1", "--out", place / "explained")
    return place


def tables(place: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every table that was written, read back."""
    for file in sorted(place.rglob("*.csv")):
        yield str(file.relative_to(place)), read_csv(file)
    for file in sorted(place.rglob("*.parquet")):
        if file.parent.name != "parts":
            yield str(file.relative_to(place)), pd.read_parquet(file)


def test_every_table_names_the_policies_as_the_scenario_does(place):
    known = {*NAMES, "keep", "all policies"}
    whole = Counter()
    for file, table in tables(place):
        for column in {"policy", "against", "dominated_by"} & set(table.columns):
            found = set(table[column].dropna()) - {""}
            assert found <= known, (file, column, found - known)
            whole[file.split("/")[0]] += set(NAMES) <= found
    assert whole["compared"] >= 10 and whole["swept"] >= 10 and whole["worlds"] >= 3, whole


def test_segments_are_text_in_the_ledger(place):
    ledger = read_csv(place / "compared" / "ledger.csv")
    assert set(ledger["segment"]) <= {*SEGMENTS, "(firm)", "(prospects)"} and "NA" in set(ledger["segment"])


def test_no_cell_begins_as_a_formula_does(place):
    for file in place.rglob("*.csv"):
        for line in pd.read_csv(file, header=None, dtype=str, keep_default_na=False).itertuples(index=False):
            for cell in line:
                number = re.fullmatch(r"-(inf|[\d.]+(e[+-]?\d+)?)", cell)
                assert not cell.startswith(("=", "+", "-", "@")) or number, (file, cell)


def test_the_table_of_a_study_is_the_same_as_csv_and_as_parquet(place):
    swept = place / "swept"
    text, stored = read_csv(swept / "table.csv"), pd.read_parquet(swept / "table.parquet")
    design = read_csv(swept / "design.csv")
    pd.testing.assert_frame_equal(text, stored, check_dtype=False)
    assert set(stored["choose.segments[0]"]) == set(SEGMENTS) == set(design["choose.segments[0]"])


def test_the_analyses_are_the_same_as_csv_and_as_parquet(place):
    for file in (place / "swept" / "analysis").glob("*.csv"):
        text, stored = read_csv(file), pd.read_parquet(file.with_suffix(".parquet"))
        for column in stored:
            if column in COLUMNS_OF_NAMES or stored[column].dtype == object:
                told = stored[column].replace("", None).dropna().tolist()
                assert text[column].replace("", None).dropna().map(str).tolist() == told, (file, column)


def test_a_factor_of_names_has_all_its_levels(place):
    levels = read_csv(place / "swept" / "analysis" / "levels.csv")
    assert set(levels.loc[levels["factor"] == "choose.segments[0]", "level"]) == set(SEGMENTS)


def test_a_study_goes_on_from_its_own_folder(place, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(place / "swept", again)
    before = {name: (again / name).read_bytes() for name in ("design.csv", "table.csv", "table.parquet")}
    parts = sorted((again / "parts").iterdir())
    run("sweep", "run", again / "study.toml", "--workers", 1, "--out", again)
    assert sorted((again / "parts").iterdir()) == parts, "no run is done twice"
    assert {name: (again / name).read_bytes() for name in before} == before


def test_points_are_read_as_they_were_written(tmp_path):
    scenario, study = tmp_path / "scenario.toml", tmp_path / "study.toml"
    scenario.write_text(SCENARIO)
    study.write_text('name = "s"\nscenario = "scenario.toml"\ndesign = {kind = "table", file = "points.csv"}\n')
    points = [(5, each) for each in SEGMENTS]
    (tmp_path / "points.csv").write_text(csv_rows(("choose.limit", "choose.segments[0]"), points))
    assert "'=1+1" in (tmp_path / "points.csv").read_text()
    assert list(load_study(study).points.rows) == points


class Page(HTMLParser):
    """The texts of a page, and how often it has each tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: Counter[str] = Counter()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1

    def handle_data(self, data):
        self.texts.append(data.strip())


@pytest.mark.parametrize("folder", ["compared", "worlds", "swept"])
def test_a_report_shows_every_name_as_it_is(place, folder):
    page = Page((place / folder / "report.html").read_text(encoding="utf-8"))
    said = {text.lower() for text in page.texts}  # a name may begin a line with a capital
    assert {name.lower() for name in NAMES} <= said
    assert not {"b", "i", "script"} & set(page.tags)
    assert "http://x" not in re.findall(r'href="([^"]*)"', (place / folder / "report.html").read_text())


@pytest.mark.parametrize("folder", ["compared", "worlds", "swept"])
def test_a_deck_shows_every_name_as_it_is(place, folder):
    said = list(texts_of((place / folder / "deck.pptx").read_bytes()))
    shown = [name for name in NAMES if any(name.lower() == text.lower() for text in said)]
    assert len(shown) >= 10, "a slide has room for ten, the notes for all"
    notes = "\n".join(said).lower()
    missing = [name for name in NAMES if name.lower() not in notes]
    assert not missing


def texts_of(deck: bytes) -> Iterator[str]:
    """Yield every text of a deck: of shapes, cells, charts and notes."""
    for slide in Presentation(io.BytesIO(deck)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                yield shape.text_frame.text
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
            if shape.has_chart:
                for plot in shape.chart.plots:
                    yield from map(str, plot.categories)
                    yield from (series.name for series in plot.series)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def test_charts_say_names_as_they_are(place):
    drawn = (place / "compared" / "charts" / "ledger.svg").read_text(encoding="utf-8")
    said = {text.lower() for text in Page(drawn).texts}
    assert {name.lower() for name in NAMES} - said == set(), said


def test_explain_tells_of_the_policy_by_its_name(place):
    found = json.loads((place / "explained" / "explain.json").read_text(encoding="utf-8"))
    assert found["policy"] == "=1+1" and "“=1+1”" in found["because"]
