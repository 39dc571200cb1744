"""Results of runs on disk: Parquet parts, each written under a temporary name, flushed, and renamed.

A part that no manifest lists is not there: parts are found through the manifest alone, never by looking for files.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim._files import write_bytes_atomically
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.results.errors import DamagedError

FOLDER = "parts"
RUN = "run"


def path_of(folder: Path, part: int) -> Path:
    """Return the file of a part."""
    return folder / FOLDER / f"{part:06d}.parquet"


def write_part(
    folder: Path, part: int, keys: Sequence[bytes], values: NDArray[np.float64], own: Sequence[str] = ()
) -> str:
    """Write the results of runs: a row a run, its key and its indicators; return its SHA-256.

    ``own``: the names of indicators of other packages, whose values stand after ours.

    It is on disk when this returns.

    Raises OSError, and leaves nothing behind, if it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {RUN: pa.array(list(keys), type=pa.binary(len(keys[0])))}
    for number, name in enumerate(names_of(own)):
        columns[name] = pa.array(np.ascontiguousarray(values[:, number]))
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd", use_dictionary=False)
    path = path_of(folder, part)
    path.parent.mkdir(exist_ok=True)
    write_bytes_atomically(path, buffer.getvalue())
    flush_folder(path.parent)
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def names_of(own: Sequence[str]) -> list[str]:
    """Return the names of our indicators, then those of other packages: the columns of results in their order."""
    return [*(indicator.name for indicator in INDICATORS), *own]


def read_part(folder: Path, part: int, sha256: str | None = None, own: Sequence[str] = ()) -> NDArray[np.float64]:
    """Return the indicators of a part, a row a run. Raises DamagedError where it is lost, or not what was written."""
    try:
        table = _table_of(folder, part, names_of(own), sha256)[0]
    except DamagedError as error:
        raise DamagedError(f"{error}; wom-sim sweep repair {folder} has its runs made again") from None
    return np.column_stack([table.column(name).to_numpy() for name in names_of(own)])


def keys_of(folder: Path, part: int, sha256: str | None = None) -> tuple[list[bytes], str]:
    """Return the keys of the runs in a part, in their order, and its SHA-256. Raises DamagedError as ``read_part``."""
    table, found = _table_of(folder, part, [RUN], sha256)
    return table.column(RUN).to_pylist(), found


def _table_of(folder: Path, part: int, columns: Sequence[str], sha256: str | None) -> tuple[Any, str]:
    """Return columns of a part and its SHA-256, which must be ``sha256`` if that is known.

    The bytes belong to Python. ``read_table`` may let go of them in a thread of Arrow's, after the command has said all
    that it had to say: where Python is ending by then, that thread aborts the process (code 134). A ``ParquetFile`` has
    no threads.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = path_of(folder, part)
    try:
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if sha256 not in (None, found):
            raise DamagedError(f"{path}: is not as it was written: damaged, or changed since")
        with pq.ParquetFile(pa.BufferReader(content)) as held:
            table = held.read(columns=list(columns), use_threads=False)  # leaves out a column that is not there
        return table.select(list(columns)), found
    except FileNotFoundError:
        raise DamagedError(f"{path}: is lost") from None
    except (pa.ArrowException, OSError, KeyError) as error:
        raise DamagedError(f"{path}: cannot be read: {error}") from None


def read_places(held: PartCache, places: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return the indicators at (part, place in it), a row each, in this order."""
    values = np.empty((len(places), held.width))
    where = np.array(places, dtype=np.int64).reshape(-1, 2)
    for part in np.unique(where[:, 0]):
        rows = where[:, 0] == part
        values[rows] = held.part(int(part))[where[rows, 1]]
    return values


class PartCache:
    """Parts read lately. ``hashes``: the SHA-256 of parts, by number, so that damage is seen; ``own`` as above."""

    def __init__(self, folder: Path, hashes: Mapping[int, str], own: Sequence[str] = (), most: int = 64) -> None:
        self.width = len(names_of(own))
        self.part = lru_cache(maxsize=most)(lambda part: read_part(folder, part, hashes.get(part), own))


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
