"""Read a file of ties, whatever its form: it is told by how the file begins."""

from __future__ import annotations

import re
from pathlib import Path

from wom_sim._text import content_of, encoding_of
from wom_sim.networks.tie_graph import read_graph, read_pajek
from wom_sim.networks.tie_lines import Lines, TieFileError
from wom_sim.networks.tie_table import read_excel, read_table, tabular, without_size


def read_lines(file: Path) -> Lines:
    """Return the ties of a file, whatever its form.

    Raises
    ------
    FileError
        If it cannot be read, or is of no form that is known.
    """
    data = content_of(file).data
    if data.startswith(b"PK\x03\x04"):
        return tabular(file, read_excel(file, data), [], "Excel")
    if not data.strip():
        raise TieFileError(file, 1, "is empty; expected two columns, the people of each tie")
    text = data.decode(encoding_of(file, data))
    head = next((line.strip().lower() for line in text.splitlines() if line.strip()), "")
    if head.startswith("%%matrixmarket"):
        return read_table(file, without_size(text), "Matrix Market")
    if head.startswith("*"):
        return read_pajek(file, text)
    if re.match(r"(graph|creator\b.*|comment\b.*|version\b.*)\s*(\[|$)", head):
        return read_graph(file, "GML", text)
    if head.startswith("<"):
        return read_graph(file, "GEXF" if "<gexf" in text[:2000] else "GraphML", text)
    if head.startswith(("{", "[")):
        raise TieFileError(file, 1, "seems to be JSON, which is not read; expected a table, Pajek, GML or GraphML")
    if re.match(r"dl\b", head):
        raise TieFileError(file, 1, "seems to be of UCINET (DL), which is not read; export it as Pajek or as a table")
    return read_table(file, text, "")
