"""Read a table: the kind of a file is told by its first bytes, never by its name."""

from __future__ import annotations

from pathlib import Path

from wom_sim._text import FileError, check_regular
from wom_sim.intake.read_excel import read_excel
from wom_sim.intake.read_frame import read_database, read_parquet
from wom_sim.intake.read_text import read_text
from wom_sim.intake.sheets import Asked, Sheet

_ZIP, _OLE, _PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1"


def read(source: str, asked: Asked) -> Sheet:
    """Return the table of a file, or of a query where ``source`` is the address of a database.

    Raises
    ------
    FileError
        If it cannot be read, is no table, or has no header.
    """
    if "://" in source:
        return read_database(source, asked.query)
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
        return read_excel(file, asked.sheet)
    if head.startswith(_PARQUET):
        return read_parquet(file)
    return read_text(file, asked.encoding)
