"""Charts on disk."""

from __future__ import annotations

from csv import reader

import matplotlib
import pandas as pd
import pytest
from chart_tables import TABLES, differences

from wom_sim.charts import CHARTS, save


@pytest.fixture
def figure():
    return CHARTS[2].draw(differences())


@pytest.mark.parametrize("chart", CHARTS, ids=[chart.name for chart in CHARTS])
def test_csv_equals_the_table(chart, tmp_path):
    table = TABLES[chart.name]()
    _, _, csv = save(chart.draw(table), table, tmp_path, chart.name)
    header, *rows = reader(csv.read_text(encoding="utf-8").splitlines())
    assert header == list(table.columns)
    for column, *cells in zip(header, *rows, strict=True):
        numeric = pd.api.types.is_numeric_dtype(table[column])
        assert [float(cell) if numeric else cell for cell in cells] == table[column].tolist()


def test_writes_three_files_and_nothing_else(figure, tmp_path):
    paths = save(figure, differences(), tmp_path / "new" / "folder", "differences")
    assert [path.name for path in paths] == ["differences.png", "differences.svg", "differences.csv"]
    assert sorted(paths) == sorted((tmp_path / "new" / "folder").iterdir())


def test_picture_has_150_dots_an_inch(figure, tmp_path):
    png, _, _ = save(figure, differences(), tmp_path, "a")
    width = int.from_bytes(png.read_bytes()[16:20], "big")
    assert width == round(150 * figure.get_size_inches()[0])


def test_the_same_figure_gives_the_same_files(figure, tmp_path):
    first = [path.read_bytes() for path in save(figure, differences(), tmp_path, "a")]
    again = [path.read_bytes() for path in save(CHARTS[2].draw(differences()), differences(), tmp_path, "a")]
    assert first == again


def test_text_of_the_drawing_is_text_without_a_date(figure, tmp_path):
    _, svg, _ = save(figure, differences(), tmp_path, "a")
    text = svg.read_text(encoding="utf-8")
    assert ">Bulk letter</text>" in text
    assert "dc:date" not in text


def test_a_failure_leaves_the_old_file_and_no_part(figure, tmp_path, monkeypatch):
    png, _, _ = save(figure, differences(), tmp_path, "a")
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
