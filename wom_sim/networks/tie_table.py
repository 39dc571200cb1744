"""Ties from a table: columns with any sign between them, KONECT, SNAP, Matrix Market, or a sheet of Excel."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from wom_sim._text import SAMPLE_LINES, SEPARATORS, bare_number, separator_of
from wom_sim.networks.tie_lines import WHOLE_NUMBER, Lines, TieFileError, shown, with_numbers
from wom_sim.world.network import CLASS_NAMES

_FROM = [
    "source", "from", "src", "van", "bron", "a", "node1", "fromnode", "fromnodeid", "caller", "ego", "u", "person1",
    "user1", "id1", "i", "start", "sender", "beller", "sourceid", "fromid", "persoon1", "klant1", "von",
]  # fmt: skip
_TO = [
    "target", "to", "dst", "naar", "doel", "b", "node2", "tonode", "tonodeid", "callee", "alter", "v", "person2",
    "user2", "id2", "j", "end", "receiver", "gebelde", "targetid", "toid", "persoon2", "klant2", "nach",
]  # fmt: skip
_MEANS = {
    "kind": ["tie", "class", "tieclass", "soortrelatie"],
    "strength": ["p", "probability", "kans"],
    "weight": [
        "weight", "gewicht", "value", "strength", "sterkte", "kracht", "count", "calls", "minutes", "duration",
        "aantal", "freq", "frequency", "belletjes", "minuten", "waarde", "weging", "ncalls", "w",
    ],
    "sign": ["sign", "teken", "polarity"],
    "time": ["time", "timestamp", "date", "datum", "tijd", "year", "jaar", "week", "day", "dag"],
    "type": ["type"],
}  # fmt: skip
_COMMENT = re.compile(r"\s*(#|%|//)")
_KONECT = re.compile(r"%\s*(sym|asym|bip)\b\s*(\w*)")


def read_table(file: Path, text: str, form: str) -> Lines:
    """Return the ties of a table as text; ``form``: what it is, "" for any sign between columns.

    Raises
    ------
    TieFileError
        At the first line that is wrong.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    first = next((k for k, line in enumerate(lines) if line.strip() and not _COMMENT.match(line)), None)
    if first is None:
        raise TieFileError(file, None, "has no ties: every line is a comment")
    comments = [line.strip() for line in lines[:first] if line.strip()]
    if comments:
        text = re.sub(r"(?m)^[ \t]*(#|%|//).*$", "", text)
    sample = [line for line in lines[first : first + SAMPLE_LINES] if line.strip() and not _COMMENT.match(line)]
    separator = separator_of(sample)
    if separator is None:
        if len(sample[0].split()) < 2:
            raise TieFileError(file, first + 1, f"expected at least 2 columns, found 1: {shown(sample[0].strip())}")
        separator = r"\s+"
    table = _parsed(file, text, separator, first)
    name = "spaces" if separator == r"\s+" else SEPARATORS[separator]
    return tabular(file, table, comments, form or f"a table with {name}")


def _parsed(file: Path, text: str, separator: str, first: int) -> pd.DataFrame:
    """Return the cells as text, by the number of their line; empty lines are left out."""
    try:
        table = pd.read_csv(
            io.StringIO(text), sep=separator, header=None, dtype=str, na_filter=False, skip_blank_lines=False,
            skiprows=first, skipinitialspace=True,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        raise _unparsed(file, error, first) from None
    except pd.errors.EmptyDataError:
        raise TieFileError(file, None, "has no ties") from None
    table.index += first + 1
    for column in table:
        table[column] = table[column].fillna("").str.strip()
    return table[(table != "").any(axis=1)]


def _unparsed(file: Path, error: pd.errors.ParserError, first: int) -> TieFileError:
    """Return in our words what pandas says of a file that is no table."""
    reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
    wide = re.fullmatch(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    if wide is not None:
        expected, line, found = (int(number) for number in wide.groups())
        return TieFileError(file, line, f"expected {expected} columns as in line {first + 1}, found {found}")
    quoted = re.fullmatch(r"EOF inside string starting at row (\d+)", reason)
    if quoted is not None:
        return TieFileError(file, int(quoted[1]) + 1 + first, "a quotation mark is opened here and never closed")
    return TieFileError(file, None, reason)


def without_size(text: str) -> str:
    """Return the text of a Matrix Market file with its line of sizes emptied."""
    lines = text.splitlines()
    size = next((k for k, line in enumerate(lines) if line.strip() and not line.startswith("%")), None)
    if size is not None:
        lines[size] = ""
    return "\n".join(lines)


def read_excel(file: Path, data: bytes) -> pd.DataFrame:
    """Return the cells of the first sheet that has any, as text. Raises TieFileError if it cannot be read."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = [[_excel_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError):
        raise TieFileError(file, None, "is a packed file (zip), and no Excel file that can be read") from None
    width = max((len(row) for row in rows), default=0)
    table = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype=str)
    table.index += 1
    if width < 2:
        raise TieFileError(file, None, f"expected at least 2 columns, found {width}")
    return table[(table != "").any(axis=1)]


def _excel_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def tabular(file: Path, cells: pd.DataFrame, comments: list[str], form: str) -> Lines:
    """Return the ties of a table of text: its header found, its columns by their names or else by their place."""
    if cells.empty:
        raise TieFileError(file, None, "has no ties")
    if cells.shape[1] < 2:  # its columns seemed to be two where a space was one within a number
        raise TieFileError(file, 1, f"expected at least 2 columns, found 1: {shown(str(cells.iloc[0, 0]))}")
    konect = next((found for found in map(_KONECT.match, comments) if found), None)
    if konect is not None and konect[1] == "bip":
        raise TieFileError(file, 1, "ties people to things (bipartite); expected ties between people")
    names, below = _named(cells, comments)
    if below.empty:
        raise TieFileError(file, None, "has no ties below its header")
    roles = _roles(names, below, konect)
    table = pd.DataFrame({role: below[column] for role, column in roles.items() if role != "type"})
    directed = konect is not None and konect[1] == "asym"
    if "type" in roles:
        directed = bool((below[roles["type"]].str.lower() == "directed").any())
    table = with_numbers(file, table)
    said = {role: names[column] or f"column {column + 1}" for role, column in roles.items() if role in table}
    ignored = [
        name or f"column {k + 1}" for k, name in enumerate(names) if k not in roles.values() and _fills(below[k])
    ]
    return Lines(table, "KONECT" if konect is not None else form, said, ignored, [], directed)


def _fills(column: pd.Series) -> bool:
    return bool((column != "").any())


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _named(cells: pd.DataFrame, comments: list[str]) -> tuple[list[str], pd.DataFrame]:
    """Return the names of the columns, empty where there is no header, and the rows below."""
    top, below = [str(cell) for cell in cells.iloc[0]], cells.iloc[1:]
    known = any(_bare(name) in names for name, names in zip(top[:2], (_FROM, _TO), strict=True))
    numbers = [bool(re.fullmatch(WHOLE_NUMBER, cell)) for cell in top[:2]]
    people = set(below[0]) | set(below[1])
    if known or (not all(numbers) and not (any(numbers) or (set(top[:2]) & people))):
        return top, below
    if comments:
        said = re.split(r"\t|,|;|\s+", comments[-1].lstrip("#%/ \t"))
        if len(said) == len(top) and _bare(said[0]) in _FROM:
            return said, cells
    return [""] * len(top), cells


def _roles(names: list[str], below: pd.DataFrame, konect: re.Match[str] | None) -> dict[str, int]:
    """Return the column of each meaning."""
    bare = [_bare(name) for name in names]
    one = next((k for k, name in enumerate(bare) if name in _FROM), None)
    two = next((k for k, name in enumerate(bare) if name in _TO), None)
    roles = {"first": 0, "second": 1} if one is None or two is None else {"first": one, "second": two}
    others = [k for k in range(len(names)) if k not in roles.values()]
    for k in others:
        role = next((role for role, known in _MEANS.items() if bare[k] in known), None)
        if role is not None and role not in roles:
            roles[role] = k
    _by_content(names, below, konect, roles, [k for k in others if k not in roles.values()])
    if "type" in roles and set(below[roles["type"]]) & set(CLASS_NAMES):
        roles.setdefault("kind", roles["type"])
    return roles


def _by_content(
    names: list[str], below: pd.DataFrame, konect: re.Match[str] | None, roles: dict[str, int], left: list[int]
) -> None:
    """Give columns without a name that is known a meaning by what they hold."""
    headless = not any(names)
    for k in left:
        filled = below[k][below[k] != ""]
        if "kind" not in roles and len(filled) and set(filled) & set(CLASS_NAMES):
            roles["kind"] = k
        elif roles.get("kind") == k - 1 and not headless and len(names) == 4 and "strength" not in roles:
            roles["strength"] = k
        elif headless and k == 2 and filled.map(lambda cell: bare_number(cell) is not None).all():
            signed = konect is not None and konect[2] == "signed"
            roles["sign" if signed or (set(filled) <= {"-1", "1", "+1"} and "-1" in set(filled)) else "weight"] = k
