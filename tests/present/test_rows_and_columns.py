"""Tables of slides keep what their cells say below; rows of a workbook are as high as their text; levels are told."""

from __future__ import annotations

import io
from textwrap import wrap

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from wom_sim.present.brand import Brand
from wom_sim.present.deck_stage import Area
from wom_sim.present.deck_tables import write_table
from wom_sim.present.result_folder import read
from wom_sim.present.tables import Cell, Table
from wom_sim.present.workbook import workbook
from wom_sim.words import Words
from wom_sim.words.levers import level_said


def cells(table: Table, height: float) -> list[str]:
    """Return the first column of a table as it stands on a slide of that height."""
    slide = Presentation().slides.add_slide(Presentation().slide_layouts[6])
    frame = write_table(slide, Area(0.5, 0.5, 9.0, height), table, Words())
    return [row.cells[0].text for row in frame.table.rows]


@pytest.mark.parametrize("others", [0, 3])
def test_a_cell_keeps_what_stands_below_it_where_there_is_room(others):
    rows = [[Cell("paid exit", f"payment ${n}00"), Cell("$5", "$4 to $6")] for n in range(1, 4)]
    told = cells(Table("", ["policy", "value"], rows, others=others), 4.0)
    assert told[1:4] == [f"paid exit\n(payment ${n}00)" for n in range(1, 4)]
    assert told[4:] == ["and 3 more: see the report"][:others]


def test_what_stands_below_goes_before_rows_do():
    rows = [[Cell("paid exit", f"payment ${n}00"), Cell("$5", "$4 to $6")] for n in range(1, 4)]
    assert cells(Table("", ["policy", "value"], rows), 1.7)[1:] == ["paid exit"] * 3


def test_a_row_of_the_workbook_is_as_high_as_its_text(finished):
    book = load_workbook(io.BytesIO(workbook(read(finished), "en", Brand())))
    sheet = next(each for each in book if each["A1"].value.startswith("Estimates and assumptions"))
    wide = {n: each.width for each in sheet.column_dimensions.values() for n in range(each.min, each.max + 1)}
    long = 0
    for row in sheet.iter_rows(min_row=3):
        lines = [len(wrap(str(cell.value or ""), round(wide[cell.column]))) for cell in row]
        assert (sheet.row_dimensions[row[0].row].height or 15.0) >= 14.0 * max(lines)
        long += max(lines) > 1
    assert long > 10


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ('policies."paid exit".payment', 237.0, "$237"), ("policies.letter.explanation", 0.5, "50 %"),
        ("choose.limit", 90.0, "90"), ('policies."paid exit".notice_days', 30.0, "30"),
        ("network.kind", "market", "market"), ("policies.letter.individual_review", True, "True"),
    ],
)  # fmt: skip
def test_a_level_is_told_as_what_it_is(key, value, said):
    assert level_said(key, value, Words(), "USD") == said
