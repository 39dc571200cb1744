"""Results of runs on disk: Parquet parts, each written under a temporary name, flushed, and renamed.

A part that no manifest lists is not there: parts are found through the manifest alone, never by looking for files.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wom_sim._files import write_bytes_atomically
from wom_sim.outcomes.indicators import INDICATORS

FOLDER = "parts"
RUN = "run"


def path_of(folder: Path, part: int) -> Path:
    """Return the file of a part."""
    return folder / FOLDER / f"{part:06d}.parquet"


def write_part(folder: Path, part: int, keys: Sequence[bytes], values: NDArray[np.float64]) -> None:
    """Write the results of runs: a row a run, its key and its indicators. It is on disk when this returns.

    Raises OSError, and leaves nothing behind, if it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {RUN: pa.array(list(keys), type=pa.binary(len(keys[0])))}
    for number, indicator in enumerate(INDICATORS):
        columns[indicator.name] = pa.array(np.ascontiguousarray(values[:, number]))
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd", use_dictionary=False)
    path = path_of(folder, part)
    path.parent.mkdir(exist_ok=True)
    write_bytes_atomically(path, buffer.getvalue())
    flush_folder(path.parent)


def read_part(folder: Path, part: int) -> NDArray[np.float64]:
    """Return the indicators of a part, a row a run."""
    import pyarrow.parquet as pq

    table = pq.read_table(path_of(folder, part), columns=[i.name for i in INDICATORS], partitioning=None)
    return np.column_stack([table.column(i.name).to_numpy() for i in INDICATORS])


def read_places(folder: Path, places: Sequence[tuple[int, int]], held: PartCache | None = None) -> NDArray[np.float64]:
    """Return the indicators at (part, place in it), a row each, in this order."""
    cache = PartCache(folder) if held is None else held
    values = np.empty((len(places), len(INDICATORS)))
    where = np.array(places, dtype=np.int64).reshape(-1, 2)
    for part in np.unique(where[:, 0]):
        rows = where[:, 0] == part
        values[rows] = cache.part(int(part))[where[rows, 1]]
    return values


class PartCache:
    """Parts read lately."""

    def __init__(self, folder: Path, most: int = 64) -> None:
        self.part = lru_cache(maxsize=most)(lambda part: read_part(folder, part))


def remove_orphans(folder: Path, listed: Sequence[int]) -> int:
    """Remove what a former runner wrote and did not list, and what it did not finish writing; return how many."""
    place = folder / FOLDER
    known = {path_of(folder, part).name for part in listed}
    gone = 0
    for file in place.iterdir() if place.is_dir() else ():
        if file.name not in known:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def flush_folder(folder: Path) -> None:
    """Make the names in a folder last, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
