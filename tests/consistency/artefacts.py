"""What a person sees, read back: a page, slides, a terminal, charts, as passages and tables with their places."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from openpyxl import load_workbook
from pptx import Presentation


class Passage(NamedTuple):
    """A text that a person reads, and where."""

    place: str
    text: str


class Cell(NamedTuple):
    """A cell of a table: its text, and the smaller text below it."""

    text: str
    below: str = ""


class Grid(NamedTuple):
    """A table that a person reads: where, its caption, its heads, and its rows by head."""

    place: str
    caption: str
    heads: list[str]
    rows: list[list[Cell]]

    def cell(self, row: str, column: str) -> Cell:
        """Return a cell by the first cell of its row and the head of its column."""
        (found,) = (cells for cells in self.rows if cells[0].text.lower() == row.lower())
        return found[[head.lower() for head in self.heads].index(column.lower())]

    def column(self, head: str) -> dict[str, Cell]:
        place = [each.lower() for each in self.heads].index(head.lower())
        return {cells[0].text: cells[place] for cells in self.rows}


class Seen(NamedTuple):
    """An artefact: its passages (cells of tables among them) and its tables."""

    passages: list[Passage]
    grids: list[Grid]

    def grid(self, *heads: str) -> Grid:
        """Return the first table that has these heads."""
        wanted = {head.lower() for head in heads}
        return next(grid for grid in self.grids if wanted <= {head.lower() for head in grid.heads})

    def all(self) -> str:
        return "\n".join(passage.text for passage in self.passages)


_BLOCKS = ("p", "li", "h1", "h2", "h3", "figcaption", "caption", "td", "th", "dt", "dd", "pre", "summary", "title")


class _Page(HTMLParser):
    """Reads sections, blocks, tables, and what pictures say to who cannot see them."""

    def __init__(self) -> None:
        super().__init__()
        self.passages: list[Passage] = []
        self.grids: list[Grid] = []
        self.section, self.open, self.text, self.below = "head", [], "", ""
        self.heads: list[str] = []
        self.rows: list[list[Cell]] = []
        self.caption, self.small, self.silent = "", False, 0
        self.around: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("style", "script"):
            self.silent += 1
        if tag == "section":
            self.section = given.get("id") or self.section
        if tag == "details" and given.get("class") == "data":
            self.around, self.section = self.section, "data"
        if tag == "table":
            self.heads, self.rows, self.caption = [], [], ""
        if tag == "tr":
            self.rows.append([])
        if tag == "small":
            self.small = True
        if tag == "img" and given.get("alt"):
            self.passages.append(Passage(f"report, {self.section}, picture", given["alt"] or ""))
        if tag in _BLOCKS:
            self.text, self.below = "", ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self.silent -= 1
        if tag == "small":
            self.small = False
        if tag == "details" and self.around is not None:
            self.section, self.around = self.around, None
        if tag not in _BLOCKS:
            if tag == "table":
                rows = [row for row in self.rows if row]
                self.grids.append(Grid(f"report, {self.section}", self.caption, [c.text for c in rows[0]], rows[1:]))
            return
        text, below = " ".join(self.text.split()), " ".join(self.below.split())
        if tag == "caption":
            self.caption = text
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append(Cell(text, below))
        for each in (text, below):
            if each:
                self.passages.append(Passage(f"report, {self.section}, {tag}", each))
        self.text, self.below = "", ""

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.small:
            self.below += data
        else:
            self.text += data


def read_page(path: Path) -> Seen:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return Seen(page.passages, page.grids)


class Bars(NamedTuple):
    """A chart of a slide: its categories, its series by name, and the title of its value axis."""

    slide: int
    categories: list[str]
    series: dict[str, list[float]]
    axis: str


class Slides(NamedTuple):
    """A deck: what it says and shows, its charts, its titles."""

    seen: Seen
    charts: list[Bars]
    titles: list[str]


def read_deck(path: Path) -> Slides:
    passages, grids, charts, titles = [], [], [], []
    for number, slide in enumerate(Presentation(io.BytesIO(path.read_bytes())).slides, 1):
        for shape in slide.shapes:
            if shape.has_text_frame:
                is_title = shape == slide.shapes.title
                titles += [shape.text_frame.text] if is_title else []
                for paragraph in shape.text_frame.paragraphs:
                    passages.append(Passage(f"slide {number}, {'title' if is_title else 'text'}", paragraph.text))
            if getattr(shape, "has_table", False) and shape.has_table:
                rows = [[_slide_cell(cell.text) for cell in row.cells] for row in shape.table.rows]
                grids.append(Grid(f"slide {number}", "", [cell.text for cell in rows[0]], rows[1:]))
                passages += [Passage(f"slide {number}, table", part) for row in rows for cell in row for part in cell]
            if getattr(shape, "has_chart", False) and shape.has_chart:
                charts.append(_bars(number, shape.chart))
            told = shape._element.xpath(".//p:cNvPr/@descr")
            passages += [Passage(f"slide {number}, picture", text) for text in told]
        if slide.has_notes_slide:
            for line in slide.notes_slide.notes_text_frame.text.split("\n"):
                passages.append(Passage(f"slide {number}, notes", line))
    return Slides(Seen([p for p in passages if p.text.strip()], grids), charts, titles)


def _slide_cell(text: str) -> Cell:
    main, _, below = text.partition("\n")
    return Cell(main, below)


def _bars(slide: int, chart: object) -> Bars:
    plot = chart.plots[0]
    series = {each.name: list(each.values) for each in plot.series}
    axis = chart.value_axis.axis_title.text_frame.text if chart.value_axis.has_title else ""
    return Bars(slide, [str(each) for each in plot.categories], series, axis)


def read_terminal(text: str) -> Seen:
    """Read the tables that are drawn with lines, a title above each, and the prose between them."""
    passages, grids, rows, prose, title = [], [], [], [], ""

    def close() -> None:
        nonlocal rows
        if rows:
            grids.append(Grid("terminal", title, [cell.text for cell in rows[0]], rows[1:]))
            passages.extend(Passage("terminal, table", part) for row in rows for cell in row for part in cell if part)
        rows = []

    for line in text.split("\n"):
        if line[:1] in ("┃", "│"):
            cells = [part.strip() for part in line.strip("┃│").replace("┃", "│").split("│")]
            if line[0] == "│" and not cells[0] and len(rows) > 1:  # goes on with the row above
                rows[-1] = [_longer(old, new) for old, new in zip(rows[-1], cells, strict=True)]
            elif line[0] == "┃" and rows:  # a second line of heads
                rows[0] = [Cell(f"{old.text} {new}".strip()) for old, new in zip(rows[0], cells, strict=True)]
            else:
                rows.append([Cell(part) for part in cells])
        elif line[:1] in ("┏", "┡", "└", "├"):
            if line[0] == "┏":
                title = prose.pop() if prose else ""
        else:
            close()
            if line.strip():
                prose.append(line.strip())
    close()
    if prose:
        passages.append(Passage("terminal, prose", " ".join(prose)))
    return Seen(passages, grids)


def _longer(old: Cell, new: str) -> Cell:
    if not new:
        return old
    if old.below or new.startswith("("):
        share = old.text.endswith("%") and new.endswith(")") and "%" not in new  # the sign above holds below as well
        return Cell(old.text, f"{old.below} {new[:-1] + ' %)' if share else new}".strip())
    return Cell(f"{old.text} {new}".strip())


class Book(NamedTuple):
    """A workbook: its texts, and the rows of each sheet: what formulas come to (``told``), and the formulas."""

    passages: list[Passage]
    told: dict[str, list[tuple[object, ...]]]
    formulas: dict[str, list[tuple[object, ...]]]

    def table(self, sheet: str, head: str) -> dict[str, dict[str, object]]:
        """Return the rows below a row that begins with a head, by their first cell; each by the heads."""
        rows = self.told[sheet]
        top = next(n for n, row in enumerate(rows) if row[0] == head)
        ends = next((n for n, row in enumerate(rows) if n > top and row[0] is None), len(rows))
        return {str(row[0]): dict(zip(map(str, rows[top]), row, strict=True)) for row in rows[top + 1 : ends]}


def read_book(path: Path) -> Book:
    values, formulas = (
        {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path, data_only=only)}
        for only in (True, False)
    )
    passages = [
        Passage(f"workbook, {name}", cell)
        for name, rows in values.items()
        for row in rows
        for cell in row
        if isinstance(cell, str)
    ]
    return Book(passages, values, formulas)


class Drawn(NamedTuple):
    """A chart of a folder: its table, what it says to who cannot see it."""

    table: pd.DataFrame
    says: str


def read_charts(folder: Path) -> dict[str, Drawn]:
    """Return the charts of a folder by name."""
    return {
        file.stem: Drawn(pd.read_csv(file), file.with_suffix(".txt").read_text(encoding="utf-8"))
        for file in sorted((folder / "charts").glob("*.csv"))
    }
