"""A table from Parquet, read by pyarrow, or from a query to a database, by SQLAlchemy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa

from wom_sim._text import FileError
from wom_sim.intake.sheets import Sheet, of_frame

_INTEGERS = {
    pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(), pa.uint16(): pd.UInt16Dtype(), pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}  # fmt: skip


def read_parquet(file: Path) -> Sheet:
    """Return the table of a Parquet file; nested columns are left empty. Raises FileError if it cannot be read."""
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
    return of_frame(str(file), frame, {"kind": "parquet", "nested": nested})


def read_database(address: str, query: str | None) -> Sheet:
    """Return the rows of a query; the password of an address is never shown.

    ``address``: as SQLAlchemy has it, ``sqlite:///crm.db``. Raises FileError without a query, a driver, or rows.
    """
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
    return of_frame(shown, _decoded(shown, frame), {"kind": "database", "query": query})


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
