"""Ties as they are written: tables with any sign between columns, Pajek, GML, GraphML, GEXF, Matrix Market, Excel.

Each becomes the same: two people a line as text, and where there are some, class, strength and weight. GML, GraphML
and GEXF are read by networkx; Pajek is not, since its reader wants a name for each vertex and gives no line numbers.
"""

from __future__ import annotations

import io
import re
import shlex
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pandas as pd

from wom_sim._text import (
    SAMPLE_LINES,
    SEPARATORS,
    FileError,
    bare_number,
    content_of,
    decimal_sign,
    encoding_of,
    number_of,
    separator_of,
)  # fmt: skip
from wom_sim.world.network import CLASS_NAMES

WHOLE_NUMBER = r"[0-9]{1,19}"
_LONGEST = 60  # characters of a line that are shown


class TieFileError(FileError):
    """A file of ties cannot be used. ``line``: from 1, None where it is the whole file; ``words``: what is wrong."""


class Lines(NamedTuple):
    """The lines of a file, by their number: ``table`` has first, second and, where given, kind, strength, weight.

    ``form``: what the file is; ``used``: each meaning with its column; ``ignored``: columns that mean nothing here;
    ``nodes``: all people that the file names, where it lists them apart from their ties; ``directed``: whether the
    file says who tells whom.
    """

    table: pd.DataFrame
    form: str
    used: dict[str, str]
    ignored: list[str]
    nodes: list[str]
    directed: bool


_FROM = [
    "source",
    "from",
    "src",
    "van",
    "bron",
    "a",
    "node1",
    "fromnode",
    "fromnodeid",
    "caller",
    "ego",
    "u",
    "person1",
    "user1",
    "id1",
    "i",
    "start",
    "sender",
    "beller",
    "sourceid",
    "fromid",
    "persoon1",
    "klant1",
    "von",
]
_TO = [
    "target",
    "to",
    "dst",
    "naar",
    "doel",
    "b",
    "node2",
    "tonode",
    "tonodeid",
    "callee",
    "alter",
    "v",
    "person2",
    "user2",
    "id2",
    "j",
    "end",
    "receiver",
    "gebelde",
    "targetid",
    "toid",
    "persoon2",
    "klant2",
    "nach",
]
_MEANS = {
    "kind": ["tie", "class", "tieclass", "soortrelatie"],
    "strength": ["p", "probability", "kans"],
    "weight": [
        "weight",
        "gewicht",
        "value",
        "strength",
        "sterkte",
        "kracht",
        "count",
        "calls",
        "minutes",
        "duration",
        "aantal",
        "freq",
        "frequency",
        "belletjes",
        "minuten",
        "waarde",
        "weging",
        "ncalls",
        "w",
    ],
    "sign": ["sign", "teken", "polarity"],
    "time": ["time", "timestamp", "date", "datum", "tijd", "year", "jaar", "week", "day", "dag"],
    "type": ["type"],
}
_COMMENT = re.compile(r"\s*(#|%|//)")
_KONECT = re.compile(r"%\s*(sym|asym|bip)\b\s*(\w*)")


def read_lines(file: Path) -> Lines:
    """Return the ties of a file, whatever its form.

    Raises
    ------
    FileError
        If it cannot be read, or is of no form that is known.
    """
    data = content_of(file).data
    if data.startswith(b"PK\x03\x04"):
        return _tabular(file, _excel(file, data), [], "Excel")
    if not data.strip():
        raise TieFileError(file, 1, "is empty; expected two columns, the people of each tie")
    text = data.decode(encoding_of(file, data))
    head = next((line.strip().lower() for line in text.splitlines() if line.strip()), "")
    if head.startswith("%%matrixmarket"):
        return _table_of_text(file, _without_size(text), "Matrix Market")
    if head.startswith("*"):
        return _pajek(file, text)
    if re.match(r"(graph|creator\b.*|comment\b.*|version\b.*)\s*(\[|$)", head):
        return _of_graph(file, "GML", text)
    if head.startswith("<"):
        return _of_graph(file, "GEXF" if "<gexf" in text[:2000] else "GraphML", text)
    if head.startswith(("{", "[")):
        raise TieFileError(file, 1, "seems to be JSON, which is not read; expected a table, Pajek, GML or GraphML")
    if re.match(r"dl\b", head):
        raise TieFileError(file, 1, "seems to be of UCINET (DL), which is not read; export it as Pajek or as a table")
    return _table_of_text(file, text, "")


def shown(text: str) -> str:
    """Return a text in quotes, cut where it is long."""
    return repr(text if len(text) <= _LONGEST else text[:_LONGEST] + "...")


# -- tables ---------------------------------------------------------------------------------------------------------


def _table_of_text(file: Path, text: str, form: str) -> Lines:
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
    return _tabular(file, table, comments, form or f"a table with {name}")


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


def _without_size(text: str) -> str:
    """Return the text of a Matrix Market file with its line of sizes emptied."""
    lines = text.splitlines()
    size = next((k for k, line in enumerate(lines) if line.strip() and not line.startswith("%")), None)
    if size is not None:
        lines[size] = ""
    return "\n".join(lines)


def _excel(file: Path, data: bytes) -> pd.DataFrame:
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


def _tabular(file: Path, cells: pd.DataFrame, comments: list[str], form: str) -> Lines:
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
    table = _with_numbers(file, table)
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


def _with_numbers(file: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with weights and signs as numbers; a time is no number of the model."""
    table = table.drop(columns="time", errors="ignore")
    for role in ("weight", "sign"):
        if role in table:
            table[role] = _weights(file, table[role])
    return table


def _weights(file: Path, texts: pd.Series) -> pd.Series:
    """Return weights as numbers; where a comma may be for decimals or for thousands, that is refused."""
    codes, different = pd.factorize(texts)
    bare = [bare_number(text) if text else "" for text in different]
    signs = [decimal_sign(text) if text else None for text in bare]
    commas = {sign for text, sign in zip(bare, signs, strict=True) if text and "," in text}
    if commas == {"?"}:
        wrong = next(text for text, sign in zip(different, signs, strict=True) if sign == "?" and "," in text)
        line = int(texts.index[(texts == wrong).to_numpy()][0])
        words = f"{shown(wrong)} may be a decimal or thousands; write it without a sign for thousands"
        raise TieFileError(file, line, words)
    numbers = [_weight(text, sign) for text, sign in zip(bare, signs, strict=True)]
    wrong_codes = [k for k, number in enumerate(numbers) if number is None or not np.isfinite(number)]
    if wrong_codes:
        row = int(np.flatnonzero(np.isin(codes, wrong_codes))[0])
        raise TieFileError(file, int(texts.index[row]), f"{shown(str(texts.iloc[row]))} is not a weight: a number")
    return pd.Series(np.array(numbers, dtype=np.float64)[codes], index=texts.index)


def _weight(bare: str | None, sign: str | None) -> float | None:
    """Return a weight, 1 where there is none; None where it is no number. A point alone is for decimals."""
    if not bare:
        return 1.0 if bare == "" else None
    return number_of(bare, "," if sign == "," or (sign == "?" and "," in bare) else ".")


# -- graphs ---------------------------------------------------------------------------------------------------------


def _pajek(file: Path, text: str) -> Lines:
    """Return the ties of a Pajek file: ``*Edges`` and ``*Arcs``, with the names of ``*Vertices`` where it has some."""
    section, names, rows = "", {}, []
    directed = False
    count = 0
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("%"):
            continue
        if bare.startswith("*"):
            section, *more = bare.lower().split()
            count = int(more[0]) if section == "*vertices" and more and more[0].isdecimal() else count
            if section not in ("*vertices", "*edges", "*arcs", "*network"):
                words = f"{shown(bare)} is a part of Pajek that is not read; read are: *Vertices, *Edges, *Arcs"
                raise TieFileError(file, number, words)
            directed = directed or section == "*arcs"
            continue
        try:
            cells = shlex.split(bare, posix=True)
        except ValueError:
            cells = bare.split()
        if section == "*vertices":
            names[cells[0]] = cells[1] if len(cells) > 1 else cells[0]
        elif len(cells) < 2:
            raise TieFileError(file, number, f"expected two vertices, found {shown(bare)}")
        else:
            rows.append((number, cells[0], cells[1], cells[2] if len(cells) > 2 else ""))
    if not rows:
        raise TieFileError(file, None, "has no ties")
    _check_vertices(file, rows, names, count)
    distinct = len(set(names.values())) == len(names)
    table = pd.DataFrame(rows, columns=["line", "first", "second", "weight"]).set_index("line")
    nodes = list(names) or [str(k) for k in range(1, count + 1)]
    if distinct and names:
        for column in ("first", "second"):
            table[column] = table[column].map(lambda vertex: names.get(vertex, vertex))
        nodes = [names[vertex] for vertex in nodes]
    if (table["weight"] == "").all():
        table = table.drop(columns="weight")
    return Lines(_with_numbers(file, table), "Pajek", _used(table), [], nodes, directed)


def _check_vertices(file: Path, rows: list[tuple[int, str, str, str]], names: dict[str, str], count: int) -> None:
    """Raise TieFileError at the first line of a Pajek file with somebody who is not under *Vertices."""
    for number, *ends, _ in rows:
        for vertex in ends:
            if vertex not in names and not (vertex.isdecimal() and 1 <= int(vertex) <= count):
                words = f"{shown(vertex)} is no vertex: {max(len(names), count)} are listed under *Vertices"
                raise TieFileError(file, number, words)


def _used(table: pd.DataFrame) -> dict[str, str]:
    return {"weight": "weight"} if "weight" in table else {}


def _of_graph(file: Path, form: str, text: str) -> Lines:
    """Return the ties of a graph that networkx reads; the lines are the ties in their order."""
    try:
        graph = _graph(form, text)
    except Exception as error:  # the readers of networkx raise every kind on a file that is damaged
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise TieFileError(file, None, f"cannot be read as {form}: {reason}") from None
    labels = {node: _label(node, data) for node, data in graph.nodes(data=True)}
    if len(set(labels.values())) < len(labels):
        labels = {node: str(node) for node in graph}
    rows, keys = [], ("weight", "value")
    for a, b, data in graph.edges(data=True):
        weight = next((data[key] for key in keys if data.get(key) is not None), "")
        rows.append((labels[a], labels[b], str(weight)))
    if not rows:
        raise TieFileError(file, None, "has no ties")
    table = pd.DataFrame(rows, columns=["first", "second", "weight"], index=range(1, len(rows) + 1))
    if (table["weight"] == "").all():
        table = table.drop(columns="weight")
    return Lines(_with_numbers(file, table), form, _used(table), [], list(labels.values()), graph.is_directed())


def _label(node: Any, data: dict[str, Any]) -> str:
    return str(data.get("label") or data.get("name") or node)


def _graph(form: str, text: str) -> Any:
    if "<!ENTITY" in text:
        raise ValueError("it defines entities, which no graph needs")
    if form == "GML":
        if "multigraph" not in text:  # else a tie that comes again would be a fault, and is counted in other files
            text = re.sub(r"\bgraph\s*\[", "graph [ multigraph 1", text, count=1)
        return nx.parse_gml(text, label="id")
    if form == "GEXF":
        return nx.read_gexf(io.BytesIO(text.encode()))
    return nx.parse_graphml(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
