"""Sheets of a workbook: tables with heads that stay, formats by unit, formulas with their values, pages that print."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from wom_sim.present.brand import Brand
from wom_sim.present.story import Story
from wom_sim.words import SHARES

Value = tuple[Any, str]
"""A value and its unit; "" for text, "index" for a whole number that counts."""
ACCENT = "#005A91"
FONT = "Calibri"
_WIDE, _NARROW, _TEXT = 46, 17, 34
"""Width of the first column, of the others, and of those with long texts, in signs."""
_PITCH = 15
"""Height of a line in points."""
_LONG = 110
"""Signs of a line over five columns."""


class Sheets:
    """A workbook that is being written; every sheet in one look."""

    def __init__(self, file: IO[bytes], story: Story, brand: Brand) -> None:
        self.story, self.brand = story, brand
        self.book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._formats: dict[str, Any] = {}
        self._describe()

    def _describe(self) -> None:
        about: dict[str, Any] = {
            "title": self.story.told.name, "subject": self.story.headline(),
            "author": self.brand.author or self.story.told.name, "keywords": self.brand.confidentiality,
        }  # fmt: skip
        try:
            about["created"] = datetime.fromisoformat(str(self.story.found.run.get("written"))).replace(tzinfo=None)
        except ValueError:
            about["created"] = datetime(1980, 1, 1)  # the same result gives the same bytes
        self.book.set_properties(about)

    def add(self, kind: str) -> Sheet:
        """Add a sheet by its kind, with its title, and what is printed on every page."""
        name = self.story.words.say(f"workbook.sheet.{kind}")
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        foot = " · ".join(text.replace("&", "&&") for text in self.brand.foot)
        sheet.set_footer(f"&L{foot}&R&P / &N")
        sheet.set_column(0, 0, _WIDE)
        sheet.set_column(1, 60, _NARROW)
        return Sheet(self, sheet, self.story.words.say(f"workbook.title.{kind}", over=self.story.figures.over))

    def style(self, kind: str) -> Any:
        """Return a format: "title", "head", "text", "line", "sum", or that of numbers by unit."""
        if kind not in self._formats:
            self._formats[kind] = self.book.add_format({"font_name": self.brand.font or FONT, **self._look(kind)})
        return self._formats[kind]

    def _look(self, kind: str) -> dict[str, Any]:
        accent = self.brand.accent or ACCENT
        looks: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 16, "font_color": accent},
            "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": accent, "text_wrap": True, "valign": "top"},
            "text": {"text_wrap": True, "valign": "top"},
            "line": {"text_wrap": True, "valign": "top", "font_size": 11},
            "subhead": {"bold": True, "font_color": accent, "font_size": 12},
        }
        number = {"num_format": number_format(kind), "valign": "top"}
        return looks.get(kind.removeprefix("sum "), number) | (
            {"bold": True, "top": 1, "num_format": number_format(kind.removeprefix("sum "))}
            if kind.startswith("sum ")
            else {}
        )

    def close(self) -> None:
        """Write the file."""
        self.book.close()


def number_format(unit: str) -> str:
    """Return how a number of a unit is seen: money and people without decimals, small numbers with two.

    >>> number_format("currency"), number_format("share"), number_format("people")
    ('#,##0;[Red]-#,##0', '0.0 %', '[<100]#,##0.0#;#,##0')
    """
    if unit.startswith("currency"):
        return "#,##0;[Red]-#,##0"
    if unit in SHARES:
        return "0.0 %"
    return "0" if unit == "index" else "[<100]#,##0.0#;#,##0"


class Sheet:
    """A sheet that is written from top to bottom. ``row``: the last row that was written, as Excel counts."""

    def __init__(self, sheets: Sheets, sheet: Any, title: str) -> None:
        self._sheets, self._sheet, self.row = sheets, sheet, 1
        sheet.write_string(0, 0, title, sheets.style("title"))

    def lines(self, texts: Sequence[str]) -> None:
        """Write paragraphs, each over several columns and as high as it needs."""
        self.row += 1
        for text in texts:
            told = " ".join(text.replace("\xa0", " ").split())
            self._sheet.merge_range(self.row, 0, self.row, 4, told, self._sheets.style("line"))
            self._sheet.set_row(self.row, 16 * (1 + len(told) // _LONG))
            self.row += 1

    def head(self, text: str) -> None:
        """Write a heading."""
        self.row += 1
        self._sheet.write_string(self.row, 0, text, self._sheets.style("subhead"))

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[Value]], filtered: bool = False,
        running: Sequence[Sequence[float]] = (),
    ) -> int:  # fmt: skip
        """Write a table; return the number of its first row, as Excel counts.

        ``running``: further columns, the running sums of those after the first, written as formulas with these values.
        """
        top, widths = self.row + 1, [_WIDE, *([_NARROW] * (len(heads) - 1))]
        for column, cells in enumerate(zip(*rows, strict=True)):
            if column and any(not unit and len(str(value)) > _NARROW for value, unit in cells):
                widths[column] = _TEXT
                self._sheet.set_column(column, column, _TEXT)
        self._sheet.set_row(top, _PITCH * max(_lines([(head, "") for head in heads], widths)))
        for column, head in enumerate(heads):
            self._sheet.write_string(top, column, head.replace("\xa0", " "), self._sheets.style("head"))
        for at, row in enumerate(rows, start=top + 1):
            for column, (value, unit) in enumerate(row):
                self._write(at, column, value, unit)
            self._sheet.set_row(at, _PITCH * max(_lines(row, widths)))
            for n, sums in enumerate(running):
                letter, place = xl_col_to_name(1 + n), len(row) + n
                formula = f"=SUM({letter}${top + 2}:{letter}{at + 1})"
                self._sheet.write_formula(at, place, formula, self._sheets.style("currency"), sums[at - top - 1])
        self._sheet.freeze_panes(top + 1, 1)
        self._sheet.repeat_rows(top)
        if filtered and rows:
            self._sheet.autofilter(top, 0, top + len(rows), len(heads) - 1)
        self.row = top + len(rows) + 1
        return top + 2

    def formulas(self, name: str, formula: str, values: Sequence[float]) -> None:
        """Write a row of one formula, in which ``{column}`` is the letter of the column, with what it comes to."""
        self._sheet.write_string(self.row, 0, name, self._sheets.style("sum text"))
        for column, value in enumerate(values, start=1):
            told = formula.replace("{column}", xl_col_to_name(column))
            self._sheet.write_formula(self.row, column, told, self._sheets.style("sum currency"), value)
        self.row += 1

    def values(self, name: str, values: Sequence[Value]) -> None:
        """Write a row of values."""
        self._sheet.write_string(self.row, 0, name, self._sheets.style("sum text"))
        for column, (value, unit) in enumerate(values, start=1):
            self._sheet.write_number(self.row, column, value, self._sheets.style(f"sum {unit}"))
        self.row += 1

    def _write(self, row: int, column: int, value: Any, unit: str) -> None:
        if not unit:
            self._sheet.write_string(row, column, str(value).replace("\xa0", " "), self._sheets.style("text"))
        elif math.isfinite(value):
            self._sheet.write_number(row, column, value, self._sheets.style(unit))
        else:
            self._sheet.write_blank(row, column, None, self._sheets.style("text"))


def _lines(row: Sequence[Value], widths: Sequence[int]) -> list[int]:
    """Return on how many lines each text of a row is wrapped in its column; numbers take one.

    Programs differ in whether they fit rows to wrapped text as they open a file, so the height is written.
    """
    return [1 if unit else len(wrap(str(value), width)) or 1 for (value, unit), width in zip(row, widths, strict=False)]
