"""A table from a file or a database, every cell as it was written: nothing is guessed by the reader.

CSV and TSV are read by the csv module of Python, since it alone gives line numbers and rows of another width; Excel by
openpyxl, Parquet by pyarrow, databases by SQLAlchemy.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim._text import (
    SAMPLE_LINES,
    SEPARATORS,
    FileError,
    bare_number,
    check_encoding,
    check_regular,
    content_of,
    encoding_of,
    lines_of,
    separator_of,
    widths_of,
)  # fmt: skip
from wom_sim.intake.cells import is_blank

_CHUNK = 50_000
_INTEGERS = {
    pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(), pa.uint16(): pd.UInt16Dtype(), pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}  # fmt: skip
_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


class Refused(NamedTuple):
    """A row that is not taken: its line, the key of the reason (``import.row.*``), what the reason speaks of."""

    file: str
    line: int
    reason: str
    about: dict[str, Any]


class Sheet(NamedTuple):
    """A table: columns by header, the line of each row, rows that could not be read, and ``facts`` on the reading."""

    name: str
    columns: dict[str, pd.Series]
    lines: NDArray[np.int64]
    refused: list[Refused]
    facts: dict[str, Any]


class Asked(NamedTuple):
    """What the user said of how to read: encoding, sheet of an Excel file, query to a database."""

    encoding: str | None = None
    sheet: str | None = None
    query: str | None = None


def read(source: str, asked: Asked) -> Sheet:
    """Return the table of a file, or of a query where ``source`` is the address of a database.

    Raises
    ------
    FileError
        If it cannot be read, is no table, or has no header.
    """
    if "://" in source:
        return _from_database(source, asked.query)
    if asked.query is not None:
        raise FileError(source, None, "--query: goes with the address of a database, as in sqlite:///crm.db")
    file = Path(source)
    check_regular(file)
    with file.open("rb") as binary:
        head = binary.read(8)
    if not head:
        raise FileError(file, None, "is empty")
    if head.startswith(_OLE):
        raise FileError(file, None, "is an old Excel file (.xls) or has a password; save it as .xlsx without one")
    if head.startswith(_ZIP):
        return _from_excel(file, asked.sheet)
    if head.startswith(_PARQUET):
        return _from_parquet(file)
    return _from_text(file, asked.encoding)


# -- text -----------------------------------------------------------------------------------------------------------


def _from_text(file: Path, encoding: str | None) -> Sheet:
    data, packing = content_of(file)
    encoding = encoding_of(file, data) if encoding is None else check_encoding(file, data, encoding)
    sample = [line for line in itertools.islice(lines_of(data, encoding), SAMPLE_LINES) if line.strip()]
    if not sample:
        raise FileError(file, None, "is empty")
    separator = separator_of(sample)
    if separator is None:
        allowed = ", ".join(SEPARATORS.values())
        raise FileError(file, 1, f"has one column; expected columns separated by {allowed}: {sample[0].strip()[:60]!r}")
    refused: list[Refused] = []
    rows = _rows(file, lines_of(data, encoding), separator, refused)
    skipped, header = _header(file, rows, sample, separator)
    columns, lines = _collected(file, rows, header, refused)
    facts = {
        "kind": "text", "encoding": encoding, "separator": SEPARATORS[separator], "packed": packing,
        "left_out_above": skipped,
    }  # fmt: skip
    return Sheet(str(file), columns, lines, refused, facts)


def _rows(file: Path, lines: Iterable[str], separator: str, refused: list[Refused]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each row begins and its cells; empty lines are passed over."""
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise FileError(file, line, "a quotation mark is opened here and never closed") from None
            if "field larger" in str(error):
                words = "a cell is longer than 131,072 characters; is a quotation mark left open?"
                raise FileError(file, line, words) from None
            refused.append(Refused(str(file), line, "quotes", {}))
            continue
        if any(cell.strip() for cell in row):
            yield line, row


def _header(
    file: Path, rows: Iterator[tuple[int, list[str]]], sample: Sequence[str], separator: str
) -> tuple[int, list[str]]:
    """Return how many rows stand above the header (titles of an export) and the header."""
    widths = Counter(widths_of(sample, separator))
    width = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    for skipped, (line, row) in enumerate(rows):
        filled = sum(bool(cell.strip()) for cell in row)
        if len(row) >= width and filled > 1:
            return skipped, _headers(file, line, row)
    raise FileError(file, None, "has no row that could be a header")


def _headers(file: Path | str, line: int, row: Sequence[Any]) -> list[str]:
    """Return distinct headers; raise FileError where the row is one of numbers and not of names."""
    cells = ["" if is_blank(cell) else str(cell).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    named = [cell for cell in cells if cell]
    data = [cell for cell in named if bare_number(cell) is not None or cell[:1].isdigit() or "@" in cell]
    if not named or len(data) * 3 > len(named):
        words = f"has no header: the first row is {', '.join(named)[:60]!r}; add a row with the names of the columns"
        raise FileError(file, line, words)
    seen: Counter[str] = Counter(cells)
    return [
        cell if cell and seen[cell] == 1 else f"{cell or 'no name'} (column {k})"
        for k, cell in enumerate(cells, start=1)
    ]


def _collected(
    file: Path, rows: Iterator[tuple[int, list[str]]], header: list[str], refused: list[Refused]
) -> tuple[dict[str, pd.Series], NDArray[np.int64]]:
    """Return the columns below the header; rows that are wider or narrower are refused."""
    width = len(header)
    lines: list[int] = []
    parts: list[list[pa.Array]] = [[] for _ in header]
    while True:
        chunk = []
        for line, row in itertools.islice(rows, _CHUNK):
            if len(row) > width and not any(cell.strip() for cell in row[width:]):
                row = row[:width]
            if len(row) != width:
                refused.append(Refused(str(file), line, "width", {"found": len(row), "expected": width}))
                continue
            chunk.append(row)
            lines.append(line)
        if not chunk:
            break
        for part, cells in zip(parts, zip(*chunk, strict=True), strict=True):
            part.append(pa.array(cells, type=pa.string()))
    if not lines:
        raise FileError(file, None, "has no rows below its header")
    columns = {name: pa.chunked_array(part).to_pandas() for name, part in zip(header, parts, strict=True)}
    return columns, np.array(lines, dtype=np.int64)


# -- Excel, Parquet, databases --------------------------------------------------------------------------------------


def _from_excel(file: Path, wanted: str | None) -> Sheet:
    """Return a sheet of an Excel file; values as they were last computed, dates as dates."""
    from openpyxl import load_workbook

    try:
        with closing(load_workbook(file, read_only=True, data_only=True)) as book:
            found, names = _rows_of_book(file, book, wanted)
    except (FileError, MemoryError):
        raise
    except Exception:  # the library lets through whatever the archive and the XML reader raise, also between rows
        words = "cannot be read as an Excel file (.xlsx): it is damaged or another packed file"
        raise FileError(file, None, words) from None
    if found is None:
        raise FileError(file, None, "has no sheet with a header and rows")
    title, rows = found
    return _of_excel(file, title, names, rows)


Rows = list[tuple[int, list[Any]]]


def _rows_of_book(file: Path, book: Any, wanted: str | None) -> tuple[tuple[str, Rows] | None, list[str]]:
    """Return title and rows of the sheet that is wanted, or the first that has any; and the names of all sheets."""
    names = [sheet.title for sheet in book.worksheets]
    if wanted is not None and wanted not in names:
        raise FileError(file, None, f"has no sheet {wanted!r}; it has: {', '.join(names)}")
    for sheet in [book[wanted]] if wanted is not None else book.worksheets:
        sheet.reset_dimensions()
        rows = [(k, row) for k, row in enumerate(_excel_rows(sheet), start=1) if not all(map(is_blank, row))]
        if len(rows) > 1:
            return (sheet.title, rows), names
    return None, names


def _excel_rows(sheet: Any) -> Iterator[list[Any]]:
    """Yield the values of rows; a number shown with leading zeros keeps them."""
    for row in sheet.iter_rows():
        cells = []
        for cell in row:
            value, form = cell.value, getattr(cell, "number_format", "")
            if isinstance(value, int) and not isinstance(value, bool) and form and set(form) == {"0"} and len(form) > 1:
                value = str(value).zfill(len(form))
            cells.append(value)
        yield cells


def _of_excel(file: Path, title: str, names: list[str], rows: Rows) -> Sheet:
    width = Counter(sum(not is_blank(cell) for cell in row) for _, row in rows).most_common(1)[0][0]
    skipped = next((k for k, (_, row) in enumerate(rows) if sum(not is_blank(c) for c in row) >= max(2, width // 2)), 0)
    line, first = rows[skipped]
    header = _headers(file, line, first)
    below = rows[skipped + 1 :]
    if not below:
        raise FileError(file, None, "has no rows below its header")
    cells = [[*row[: len(header)], *[None] * (len(header) - len(row))] for _, row in below]
    columns = {
        name: pd.Series(list(column), dtype=object)
        for name, column in zip(header, zip(*cells, strict=True), strict=True)
    }
    lines = np.array([number for number, _ in below], dtype=np.int64)
    others = [name for name in names if name != title]
    facts = {"kind": "excel", "sheet": title, "other_sheets": others, "left_out_above": skipped}
    return Sheet(str(file), columns, lines, [], facts)


def _from_parquet(file: Path) -> Sheet:
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file).read()  # read_table refuses a header that stands twice
    except (pa.ArrowException, OSError) as error:
        raise FileError(file, None, f"cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    if not table.num_rows:
        raise FileError(file, None, "has no rows")
    nested = [field.name for field in table.schema if pa.types.is_nested(field.type)]
    columns = []
    for field, column in zip(table.schema, table.columns, strict=True):
        kind = field.type
        if pa.types.is_dictionary(kind):
            kind, column = kind.value_type, column.cast(kind.value_type)
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            try:
                column = column.cast(pa.string())
            except pa.ArrowException:
                raise FileError(file, None, f"column {field.name} holds bytes that are no text") from None
        columns.append(pa.nulls(len(column)) if pa.types.is_nested(kind) else column)
    table = pa.table(columns, names=table.schema.names)  # an index of pandas is a column like others
    # an integer that may be missing stays an integer: as a float it would lose its last digits
    frame = table.to_pandas(self_destruct=True, split_blocks=True, types_mapper=_INTEGERS.get)
    return _of_frame(str(file), frame, {"kind": "parquet", "nested": nested})


def _from_database(address: str, query: str | None) -> Sheet:
    """Return the rows of a query; the password of an address is never shown."""
    import sqlalchemy
    from sqlalchemy.exc import SQLAlchemyError

    try:
        url = sqlalchemy.make_url(address)
        shown = url.render_as_string(hide_password=True)
    except SQLAlchemyError:
        raise FileError("database", None, "is no address of a database; one is sqlite:///crm.db") from None
    if query is None:
        raise FileError(shown, None, 'say what to read, as in --query "select * from customers"')
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).is_file()):
        raise FileError(shown, None, "cannot be read: no such file")  # SQLite would make an empty one
    try:
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            frame = pd.read_sql_query(sqlalchemy.text(query), connection, dtype_backend="numpy_nullable")
    except ImportError as error:
        raise FileError(shown, None, f"needs a driver that is not installed: {error.name}") from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise FileError(shown, None, f"cannot be read: {reason}") from None
    if frame.empty:
        raise FileError(shown, None, "the query gives no rows")
    return _of_frame(shown, _decoded(shown, frame), {"kind": "database", "query": query})


def _decoded(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a query with bytes as text. Raises FileError where they are none."""
    for k, title in enumerate(frame.columns):
        column = frame.iloc[:, k]
        if column.dtype == object and any(isinstance(cell, bytes) for cell in column):
            try:
                text = [cell.decode() if isinstance(cell, bytes) else cell for cell in column]
            except UnicodeDecodeError:
                raise FileError(name, None, f"column {title} holds bytes that are no text") from None
            frame.isetitem(k, pd.Series(text, dtype=object, index=frame.index))
    return frame


def _of_frame(name: str, frame: pd.DataFrame, facts: dict[str, Any]) -> Sheet:
    header = _headers(name, 1, [str(column) for column in frame.columns])
    columns = {header[k]: frame.iloc[:, k].reset_index(drop=True) for k in range(len(header))}
    return Sheet(name, columns, np.arange(1, len(frame) + 1, dtype=np.int64), [], facts)


def names_of(files: Sequence[str]) -> list[str]:
    """Return what each file is called: its name, or its path where two have the same name.

    >>> names_of(["a/x.csv", "b/y.csv"]), names_of(["a/x.csv", "b/x.csv"])
    (['x.csv', 'y.csv'], ['a/x.csv', 'b/x.csv'])
    """
    names = [file if "://" in file else Path(file).name for file in files]
    return [name if names.count(name) == 1 else file for name, file in zip(names, files, strict=True)]


def stacked(sheets: Sequence[Sheet]) -> tuple[dict[str, pd.Series], NDArray[np.int64], pd.Categorical]:
    """Return the columns of several tables below each other, with the line and the table of each row.

    Raises
    ------
    FileError
        If a table has other headers than the first.
    """
    first = sheets[0]
    for sheet in sheets[1:]:
        missing = [name for name in first.columns if name not in sheet.columns]
        more = [name for name in sheet.columns if name not in first.columns]
        if missing or more:
            words = [f"lacks {', '.join(missing)}"] if missing else []
            words += [f"has {', '.join(more)} as well"] if more else []
            differs = f"has other columns than {first.name}: {'; '.join(words)}"
            raise FileError(sheet.name, None, f"{differs}. Import it apart, or join them")
    lines = np.concatenate([sheet.lines for sheet in sheets])
    which = np.repeat(np.arange(len(sheets), dtype=np.int32), [len(sheet.lines) for sheet in sheets])
    called = names_of([sheet.name for sheet in sheets])
    titles = list(dict.fromkeys(called))
    places = np.array([titles.index(each) for each in called], dtype=np.int32)
    names = pd.Categorical.from_codes(places[which], categories=titles)
    if len(sheets) == 1:
        return dict(first.columns), lines, names
    joined = {name: pd.concat([s.columns[name] for s in sheets], ignore_index=True) for name in first.columns}
    return joined, lines, names
