"""The final table of a study, sorted by point, policy and replication; the same bytes however the runs were done.

It is written a block at a time, so memory does not grow with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wom_sim._files import replaced, write_text_atomically
from wom_sim._tables import csv_rows, guarded_block
from wom_sim.results.seal import content_hash
from wom_sim.study.folder import failures_of, own_of
from wom_sim.study.manifest import Manifest
from wom_sim.study.parts import PartCache, flush_folder, names_of, read_places

BLOCK = 65_536
RESULT_TABLES = ("table.parquet", "table.csv")
"""The tables of a study, whose hashes are noted when they are written."""


def write_tables(folder: Path, manifest: Manifest) -> int:
    """Write ``table.parquet``, ``table.csv`` and, if runs failed, ``failures.csv``; return the rows of the table.

    Raises OSError if one cannot be written; a former one then stays.
    """
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    blocks = Blocks(folder, manifest)
    schema = blocks.schema()
    rows = 0
    options = {"compression": "zstd", "use_dictionary": list(blocks.texts), "store_schema": False}
    quoting = pa_csv.WriteOptions(quoting_style="needed")
    with (
        replaced(folder / "table.parquet") as parquet,
        replaced(folder / "table.csv") as text,
        pq.ParquetWriter(parquet, schema, **options) as first,
        pa_csv.CSVWriter(text, guarded_block(schema.empty_table()).schema, write_options=quoting) as second,
    ):
        for block in blocks:
            first.write_table(block, row_group_size=BLOCK)
            second.write_table(guarded_block(block))
            rows += block.num_rows
    _write_failures(folder, manifest)
    flush_folder(folder)
    manifest.set_meta(**{f"sha256 of {name}": str(content_hash(folder / name)) for name in RESULT_TABLES})
    return rows


class Blocks:
    """The rows of the table in blocks, as Arrow tables."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest
        self.policies: list[str] = json.loads(manifest.meta("policies"))
        self.columns: list[str] = json.loads(manifest.meta("columns"))
        self.outputs: list[str] = json.loads(manifest.meta("outputs"))
        self._types = [self._type_of(number) for number in range(len(self.columns))]

    @property
    def texts(self) -> Iterator[str]:
        """Yield the columns that hold text."""
        yield "policy"
        yield from (name for name, kind in zip(self.columns, self._types, strict=True) if kind is str)

    def schema(self) -> Any:
        """Return the columns and their types."""
        import pyarrow as pa

        kinds = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
        return pa.schema(
            [("point", pa.int64()), ("policy", pa.string()), ("replication", pa.int64())]
            + [(name, kinds[kind]) for name, kind in zip(self.columns, self._types, strict=True)]
            + [(name, pa.float64()) for name in self.outputs]
        )

    def __iter__(self) -> Iterator[Any]:
        import pyarrow as pa

        schema = self.schema()
        own = own_of(self._manifest)
        held = PartCache(self._folder, self._manifest.hashes(), own)
        index = {name: number for number, name in enumerate(names_of(own))}
        for block in self._manifest.places(BLOCK):
            values = read_places(held, [row[3:] for row in block])
            points = [row[0] for row in block]
            cells = self._manifest.cells(points[0], points[-1])
            arrays = [
                pa.array(points, type=pa.int64()),
                pa.array([self.policies[row[1]] for row in block], type=pa.string()),
                pa.array([row[2] for row in block], type=pa.int64()),
            ]
            for number, convert in enumerate(map(_converter, self._types)):
                found = [convert(cells[point][number]) for point in points]
                arrays.append(pa.array(found, type=schema.field(3 + number).type))
            for name in self.outputs:
                column = values[:, index[name]] + 0.0  # which makes minus zero plain
                arrays.append(pa.array(column, mask=np.isnan(column)))
            yield pa.table(arrays, schema=schema)

    def _type_of(self, column: int) -> type:
        """Return the type of a column of the design: whole numbers, numbers, true or false, or else text."""
        kinds: set[type] = set()
        last = 0
        while cells := self._manifest.cells(last, last + BLOCK - 1):
            kinds |= {type(row[column]) for row in cells.values()}
            last += BLOCK
        kinds.discard(type(None))
        if kinds == {int, float}:
            return float
        return kinds.pop() if len(kinds) == 1 else float if not kinds else str


def _converter(kind: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        if kind is str and isinstance(value, bool):
            return "true" if value else "false"
        return kind(value)

    return convert


def _write_failures(folder: Path, manifest: Manifest) -> None:
    """Write which runs failed and why, in a line each; the whole tracebacks are in the manifest."""
    listed = [(point, policy, r, key, error) for point, policy, r, key, _, error in failures_of(manifest)]
    path = folder / "failures.csv"
    if not listed:
        path.unlink(missing_ok=True)
        return
    write_text_atomically(path, csv_rows(("point", "policy", "replication", "run", "error"), listed))
