"""Ties from Pajek, GML, GraphML and GEXF.

All but Pajek are read by networkx, whose reader of Pajek wants a name for each vertex and gives no line numbers.
"""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pandas as pd

from wom_sim.networks.tie_lines import Lines, TieFileError, shown, weight_column, with_numbers


class _RefusedError(ValueError):
    """A graph has what is not read; the message says what."""


def read_pajek(file: Path, text: str) -> Lines:
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
    return Lines(with_numbers(file, table), "Pajek", weight_column(table), [], nodes, directed)


def _check_vertices(file: Path, rows: list[tuple[int, str, str, str]], names: dict[str, str], count: int) -> None:
    """Raise TieFileError at the first line of a Pajek file with somebody who is not under *Vertices."""
    for number, *ends, _ in rows:
        for vertex in ends:
            if vertex not in names and not (vertex.isdecimal() and 1 <= int(vertex) <= count):
                words = f"{shown(vertex)} is no vertex: {max(len(names), count)} are listed under *Vertices"
                raise TieFileError(file, number, words)


def read_graph(file: Path, form: str, text: str) -> Lines:
    """Return the ties of a graph that networkx reads; the lines are the ties in their order."""
    try:
        graph = _graph(form, text)
    except Exception as error:  # the readers of networkx raise every kind on a file that is damaged
        told = isinstance(error, nx.NetworkXException | ElementTree.ParseError | _RefusedError)
        reason = " ".join(str(error).split())[:120] if told else "it is damaged or cut off"
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
    return Lines(with_numbers(file, table), form, weight_column(table), [], list(labels.values()), graph.is_directed())


def _label(node: Any, data: dict[str, Any]) -> str:
    return str(data.get("label") or data.get("name") or node)


def _graph(form: str, text: str) -> Any:
    if "<!ENTITY" in text:
        raise _RefusedError("it defines entities, which no graph needs")
    if form == "GML":
        if "multigraph" not in text:  # else a tie that comes again would be a fault, and is counted in other files
            text = re.sub(r"\bgraph\s*\[", "graph [ multigraph 1", text, count=1)
        return nx.parse_gml(text, label="id")
    if form == "GEXF":
        return nx.read_gexf(io.BytesIO(text.encode()))
    return nx.parse_graphml(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
