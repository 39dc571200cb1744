"""A table from CSV, TSV and their kind, read by the csv module of Python: it alone tells lines and odd widths."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim._text import (
    SAMPLE_LINES,
    SEPARATORS,
    FileError,
    check_encoding,
    content_of,
    encoding_of,
    lines_of,
    separator_of,
    widths_of,
)
from wom_sim.intake.sheets import Refused, Sheet, headers_of

_CHUNK = 50_000


def read_text(file: Path, encoding: str | None) -> Sheet:
    """Return the table of a text file; ``encoding`` None: found by its bytes. Raises FileError if it is no table."""
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
            return skipped, headers_of(file, line, row)
    raise FileError(file, None, "has no row that could be a header")


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
