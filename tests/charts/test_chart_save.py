"""Charts on disk."""

from __future__ import annotations

from csv import reader
from html import unescape
from io import BytesIO

import matplotlib
import numpy as np
import pandas as pd
import pytest
from chart_tables import USUAL, differences
from matplotlib.figure import Figure
from PIL import Image

from wom_sim.charts import CHARTS, alt_text, save
from wom_sim.charts.save import png_bytes

DRAW = next(chart.draw for chart in CHARTS if chart.name == "differences")


@pytest.fixture
def figure():
    return DRAW(differences())


@pytest.mark.parametrize("chart", CHARTS, ids=[chart.name for chart in CHARTS])
def test_csv_equals_the_table(chart, tmp_path):
    table = USUAL[chart.name]()
    csv, _ = save(Figure(), table, tmp_path, chart.name, ())
    header, *rows = reader(csv.read_text(encoding="utf-8").splitlines())
    assert header == list(table.columns)
    for column, *cells in zip(header, *rows, strict=True):
        told = table[column].map(str) if pd.api.types.is_bool_dtype(table[column]) else table[column]
        numeric = pd.api.types.is_numeric_dtype(told)
        written = [float(cell or "nan") if numeric else cell for cell in cells]
        assert all(a == b or (a != a and b != b) for a, b in zip(written, told.tolist(), strict=True))


def test_writes_picture_drawing_data_and_text_and_nothing_else(figure, tmp_path):
    paths = save(figure, differences(), tmp_path / "new" / "folder", "differences")
    assert [path.name for path in paths] == ["differences.png", "differences.svg", "differences.csv", "differences.txt"]
    assert sorted(paths) == sorted((tmp_path / "new" / "folder").iterdir())


def test_picture_has_200_dots_an_inch(figure, tmp_path):
    png, *_ = save(figure, differences(), tmp_path, "a")
    width = int.from_bytes(png.read_bytes()[16:20], "big")
    assert width == round(200 * figure.get_size_inches()[0])


def test_picture_shows_what_matplotlib_draws_and_has_transparency_only_where_it_is_seen(figure):
    for ground, mode in (("white", "RGB"), ("none", "RGBA")):
        figure.set_facecolor(ground)
        own, theirs = BytesIO(png_bytes(figure)), BytesIO()
        figure.savefig(theirs, format="png", dpi=200)
        assert Image.open(own).mode == mode
        assert np.array_equal(np.asarray(Image.open(own)), np.asarray(Image.open(theirs).convert(mode)))


@pytest.mark.science
def test_the_same_figure_gives_the_same_files(figure, tmp_path):
    every = ("png", "svg", "pdf")
    first = [path.read_bytes() for path in save(figure, differences(), tmp_path, "a", every)]
    again = [path.read_bytes() for path in save(DRAW(differences()), differences(), tmp_path, "a", every)]
    assert first == again
    assert len(first) == 5


def test_the_text_of_a_chart_is_beside_it_and_in_every_format(figure, tmp_path):
    png, svg, pdf, _, text = save(figure, differences(), tmp_path, "a", ("png", "svg", "pdf"))
    said = text.read_text(encoding="utf-8").strip()
    assert said == alt_text(figure)
    first = said.split("\n")[0]
    assert Image.open(png).text["Description"] == said
    drawing = unescape(svg.read_text(encoding="utf-8"))
    assert first in drawing and "dc:description" in drawing
    assert b"/Title" in pdf.read_bytes() and b"/CreationDate" not in pdf.read_bytes()


def test_an_unknown_format_is_refused(figure, tmp_path):
    with pytest.raises(ValueError, match="format: given 'gif', allowed: png, svg, pdf"):
        save(figure, differences(), tmp_path, "a", ("gif",))
    assert list(tmp_path.iterdir()) == []


def test_text_of_the_drawing_is_text_without_a_date(figure, tmp_path):
    _, svg, *_ = save(figure, differences(), tmp_path, "a")
    text = svg.read_text(encoding="utf-8")
    assert ">Bulk letter</text>" in text
    assert "dc:date" not in text


def test_a_failure_leaves_the_old_file_and_no_part(figure, tmp_path, monkeypatch):
    png, *_ = save(figure, differences(), tmp_path, "a")
    before, files = png.read_bytes(), sorted(tmp_path.iterdir())

    def fail(*_args, **_settings):
        raise OSError("disk full")

    settings = dict(matplotlib.rcParams)
    monkeypatch.setattr(figure, "savefig", fail)
    with pytest.raises(OSError, match="disk full"):
        save(figure, differences(), tmp_path, "a")
    assert (png.read_bytes(), sorted(tmp_path.iterdir())) == (before, files)
    assert dict(matplotlib.rcParams) == settings


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a\\b"])
def test_a_name_with_folders_is_refused(figure, tmp_path, name):
    with pytest.raises(ValueError, match="plain file name"):
        save(figure, differences(), tmp_path, name)
