"""The customer table that ``wom-sim import`` writes, read again: the form it must have, and its rows.

One place says what the columns are; the import writes them, and a scenario reads them (``population.file``).
"""

from __future__ import annotations

import threading
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from wom_sim._text import FileError, check_regular
from wom_sim.world.listed import CustomerTable

CUSTOMERS = "customers.parquet"
"""The name of the table in the folder that an import writes."""
SCHEMA = pa.schema(
    [
        ("customer", pa.string()), ("revenue", pa.float64()), ("cost", pa.float64()), ("calls", pa.float64()),
        ("since", pa.date32()), ("tenure_months", pa.float64()), ("contract_end", pa.date32()),
        ("contract_months", pa.float64()), ("contract_months_left", pa.float64()), ("churned", pa.bool_()),
        ("segment", pa.string()), ("household", pa.int64()), ("advocate", pa.bool_()), ("let_go", pa.bool_()),
        ("file", pa.string()), ("line", pa.int64()),
    ]
)  # fmt: skip
"""The columns of customers.parquet. Amounts and calls are a month, in the currency of the table; null is unknown."""
CHURN = "churn"
"""A column more, where the import had a history: the chance to leave a month, were there no contract."""
_NOT_NEEDED = ("file", "line", "churned", "customer")
_NOT_BELOW_0 = ("cost", "calls", "tenure_months", "contract_months", "contract_months_left")
_LARGEST = 1e15
"""Amounts and counts beyond are no customer's."""
_MAGIC = b"PAR1"


def table_in(path: Path) -> Path:
    """Return the table that a path means: itself, or that in the folder of an import."""
    return path / CUSTOMERS if path.is_dir() else path


def check(path: str | PathLike[str]) -> None:
    """Raise FileError unless a file is a customer table; only its form is looked at, so this takes no time."""
    file = Path(path)
    check_regular(file)
    with file.open("rb") as binary:
        head = binary.read(4)
    if head != _MAGIC:
        raise FileError(
            file, None, "is no customer table (customers.parquet): wom-sim import FILE --out base makes one of it"
        )
    try:
        schema = pq.read_schema(file)
    except (OSError, pa.ArrowException):
        raise FileError(file, None, "is damaged or cut off: it cannot be read as Parquet") from None
    lacking = [name for name in SCHEMA.names if name not in schema.names]
    if lacking:
        raise FileError(
            file, None, f"was not written by wom-sim import: it has no column {', '.join(lacking)}; wom-sim import "
            f"{file.name} --out base makes a customer table of it",
        )  # fmt: skip
    wanted = [*SCHEMA, pa.field(CHURN, pa.float64())] if CHURN in schema.names else SCHEMA
    wrong = [f for f in wanted if not _fits(schema.field(f.name).type, f.type)]
    if wrong:
        said = f"{wrong[0].name} is {schema.field(wrong[0].name).type}, allowed: {wrong[0].type}"
        raise FileError(file, None, f"was not written by wom-sim import: its column {said}")


def _fits(given: pa.DataType, wanted: pa.DataType) -> bool:
    return bool(given == wanted or (pa.types.is_large_string(given) and pa.types.is_string(wanted)))


_LAST: dict[tuple[str, int, int], CustomerTable] = {}
"""The table that was read last, so that looking at it before a run costs no second reading."""
_READING = threading.Lock()


def read(path: str | PathLike[str]) -> CustomerTable:
    """Return the customers of a table who have not left already.

    Raises
    ------
    FileError
        If it is no customer table, or a cell is not what an import writes: with its row, from 1.
    """
    file = Path(path)
    check(file)
    stamp = file.stat()
    asked = (str(file.resolve()), stamp.st_mtime_ns, stamp.st_size)
    with _READING:
        if asked not in _LAST:
            _LAST.clear()
            _LAST[asked] = _read(file)
        return _LAST[asked]


def _read(file: Path) -> CustomerTable:
    """Return the table, read a column at a time, so that a large one need not be there twice."""
    ids = _cells(file, "customer").cast(pa.string())
    left = pc.fill_null(_cells(file, "churned"), False).to_numpy(zero_copy_only=False)
    _check_ids(file, ids)
    stays = pa.array(~left)
    columns = {}
    names = pq.read_schema(file).names
    for field in (*SCHEMA, pa.field(CHURN, pa.float64())):
        if field.name in _NOT_NEEDED:
            continue
        told = _cells(file, field.name) if field.name in names else pa.nulls(len(ids), field.type)
        values = _column(told, field.type)
        _check_column(file, field.name, values)
        if told.null_count < len(told):
            columns[field.name] = values[~left]
        else:
            columns[field.name] = np.broadcast_to(values[:1], int((~left).sum()))
    ids = ids.filter(stays)
    if not len(ids):
        raise FileError(file, None, f"has no customer who has not left already (rows: {len(left):,})")
    pa.default_memory_pool().release_unused()
    return CustomerTable(ids, columns, int(left.sum()))


def _cells(file: Path, name: str) -> pa.Array:
    """Return a column of the file."""
    try:
        return pq.read_table(file, columns=[name])[name].combine_chunks()
    except (OSError, pa.ArrowException):
        raise FileError(file, None, "is damaged or cut off: its rows cannot be read") from None


def _column(values: pa.Array, kind: pa.DataType) -> NDArray[Any]:
    """Return a column as ``CustomerTable`` has it."""
    if pa.types.is_floating(kind):
        return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)
    if pa.types.is_date(kind):
        return np.asarray(values.to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    if pa.types.is_boolean(kind):
        return np.asarray(pc.fill_null(values.cast(pa.int8()), -1).to_numpy(), dtype=np.int8)
    if pa.types.is_integer(kind):
        return np.asarray(pc.fill_null(values, -1).to_numpy(), dtype=np.int64)
    coded = values.dictionary_encode()
    names = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(names[pc.fill_null(coded.indices, len(names) - 1).to_numpy(zero_copy_only=False)])


def _check_ids(file: Path, ids: pa.Array) -> None:
    """Raise FileError at the first row that no import writes: without an id, or with one that was there before."""
    if ids.null_count:
        raise FileError(file, None, f"row {pc.index(ids.is_null(), True).as_py() + 1}: has no id")
    if pc.count_distinct(ids).as_py() < len(ids):
        seen: set[str] = set()
        for row, name in enumerate(ids.to_pylist()):
            if name in seen:
                raise FileError(file, None, f"row {row + 1}: the id {name!r} stands in a row above as well")
            seen.add(name)


def _check_column(file: Path, name: str, values: NDArray[Any]) -> None:
    """Raise FileError at the first row with a number that cannot be."""
    if values.dtype.kind != "f":
        return
    with np.errstate(invalid="ignore"):
        if name == CHURN:
            wrong = np.flatnonzero((values < 0.0) | (values > 1.0))
            if len(wrong):
                value = values[wrong[0]]
                raise FileError(file, None, f"row {wrong[0] + 1}: churn is {value:g}, allowed: 0 to 1, or unknown")
        beyond = np.isinf(values) | (np.abs(values) > _LARGEST)
        if name in _NOT_BELOW_0:
            beyond |= values < 0.0
    if beyond.any():
        row = int(np.flatnonzero(beyond)[0])
        least = "0" if name in _NOT_BELOW_0 else f"{-_LARGEST:g}"
        raise FileError(
            file, None, f"row {row + 1}: {name} is {values[row]:g}, allowed: {least} to {_LARGEST:g}, or unknown"
        )
