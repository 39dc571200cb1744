"""Results on disk: each file is written under a temporary name, flushed and renamed; ``run.json`` comes last."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wom_sim._files import write_bytes_atomically, write_text_atomically
from wom_sim._tables import csv_text
from wom_sim.results.files import STAGE, Stage
from wom_sim.results.folder import claim
from wom_sim.results.provenance import provenance
from wom_sim.scenario import to_toml
from wom_sim.simulation import Result, world_seed
from wom_sim.study.base_words import warnings_as_data

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow as pa

    from wom_sim.study.compare import Comparison

ARRAYS = "runs.npz"


def _with_text(table: pa.Table) -> pa.Table:
    """Return a table whose columns without any value are of text, of which pandas before 3 says nothing."""
    import pyarrow as pa

    text = next((f.type for f in table.schema if pa.types.is_large_string(f.type)), pa.string())
    unknown = [f.with_type(text) if pa.types.is_null(f.type) else f for f in table.schema]
    return table.cast(pa.schema(unknown, table.schema.metadata))


class EventFile:
    """The event log of all runs as one Parquet file; renamed to its name when complete.

    Runs are in it by their number, whichever ended first, so that the same runs give the same bytes; one that ends
    before another with a lower number waits for it.
    """

    def __init__(self, path: str | Path | None, before: Path | None = None) -> None:
        self._path, self._before = None if path is None else Path(path), before
        self._writer: Any = None
        self._waiting: dict[int, pa.Table] = {}
        self._next = 0

    def __enter__(self) -> EventFile:
        return self

    def add(self, number: int, result: Result) -> None:
        """Append the events of a run; ``number``: its place among the runs, from 0 on."""
        if self._path is None:
            return
        import pyarrow as pa

        events = result.events
        events.insert(0, "policy", result.policy)
        events.insert(1, "replication", result.replication)
        for name in ("event", "channel", "cause", "label", "line"):
            events[name] = events[name].astype(str)
        self._waiting[number] = _with_text(pa.Table.from_pandas(events, preserve_index=False))
        while self._next in self._waiting:
            self._write(self._waiting.pop(self._next))
            self._next += 1

    def _write(self, table: pa.Table) -> None:
        import pyarrow.parquet as pq

        assert self._path is not None
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._temporary(), table.schema)
            self._copy_before()
        self._writer.write_table(table)

    def _copy_before(self) -> None:
        """Copy the log that comes before, a run at a time."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._before is None:
            return
        with pq.ParquetFile(self._before) as old:
            for number in range(old.num_row_groups):
                rows = old.read_row_group(number)
                for field in self._writer.schema:
                    if field.name not in rows.column_names:  # of an earlier version, which did not keep it
                        rows = rows.append_column(field, pa.nulls(rows.num_rows, field.type))
                self._writer.write_table(rows.select(self._writer.schema.names))

    def _temporary(self) -> Path:
        assert self._path is not None
        return self._path.with_name(f".{self._path.name}.{os.getpid()}.part")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is None or self._path is None:
            return
        self._writer.close()
        temporary = self._temporary()
        if kind is None:
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(self._path)
        else:
            temporary.unlink(missing_ok=True)


def write_parquet(path: Path, table: pd.DataFrame, about: Mapping[bytes, str] | None = None) -> None:
    """Write a table as Parquet; ``about``: texts that the file carries beside the table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = _with_text(pa.Table.from_pandas(table, preserve_index=False))
    if about is not None:
        made = made.replace_schema_metadata({**(made.schema.metadata or {}), **about})
    buffer = io.BytesIO()
    pq.write_table(made, buffer)
    write_bytes_atomically(path, buffer.getvalue())


def write_tables(comparison: Comparison, folder: Path) -> list[str]:
    """Write scenario and tables into ``folder``, and return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / STAGE, ignore_errors=True)  # of a renewal that was cut short: not of this result
    write_text_atomically(folder / "scenario.toml", to_toml(comparison.scenario))
    written = ["scenario.toml"]
    for name in ("summary", "differences", "departures", "paired", "risk", "ledger", "months", "base"):
        write_text_atomically(folder / f"{name}.csv", csv_text(getattr(comparison, name)))
        written.append(f"{name}.csv")
    if comparison.origins is not None and comparison.attribution is not None:
        write_text_atomically(folder / "attribution.csv", csv_text(comparison.attribution))
        write_parquet(folder / "origins.parquet", comparison.origins)
        written += ["attribution.csv", "origins.parquet"]
    for name in ("replications", "daily"):
        write_parquet(folder / f"{name}.parquet", getattr(comparison, name))
        written.append(f"{name}.parquet")
    return [*written, _write_arrays(comparison, folder)]


def _write_arrays(comparison: Comparison, folder: Path) -> str:
    """Write what is kept of each run as arrays (a field that maps policies to arrays), so that runs can be added."""
    mappings = {f.name: getattr(comparison, f.name) for f in fields(comparison)}
    held = {
        f"{name}/{policy}": array
        for name, mapping in mappings.items()
        if isinstance(mapping, dict)
        for policy, array in mapping.items()
        if isinstance(array, np.ndarray)
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **held)  # type: ignore[arg-type]
    write_bytes_atomically(folder / ARRAYS, buffer.getvalue())
    return ARRAYS


def read_arrays(folder: Path) -> dict[str, dict[str, np.ndarray]]:
    """Return what ``write_tables`` kept of each run: by field and policy, replications first; nothing if not kept."""
    found: dict[str, dict[str, np.ndarray]] = {}
    if (folder / ARRAYS).exists():
        with np.load(folder / ARRAYS, allow_pickle=False) as held:
            for name in held.files:
                field, _, policy = name.partition("/")
                found.setdefault(field, {})[policy] = held[name]
    return found


def manifest(comparison: Comparison, files: list[str], command: list[str] | None = None) -> dict[str, Any]:
    """Return scenario, fingerprint, files read, versions, commit, seeds, engine, times and files written."""
    scenario = comparison.scenario
    return (
        {"kind": "comparison"}
        | provenance(scenario, command)
        | {
            "engine": comparison.plan.engine,
            "workers": comparison.plan.workers,
            "seeds": {
                "world": world_seed(scenario) if scenario.run.same_world else "one for each replication",
                "luck": {str(r): str(s) for r, s in _seeds(comparison).items()},
            },
            "people": comparison.plan.people,
            "represents": comparison.plan.represents,
            "runs": comparison.plan.runs,
            "seconds": {name: round(value, 3) for name, value in comparison.seconds.items()},
            "verdict": comparison.verdict,
            "warnings": warnings_as_data(comparison.base, scenario),
            "files": sorted(files),
        }
    )


def _seeds(comparison: Comparison) -> dict[int, int]:
    return dict(zip(comparison.replications["replication"], comparison.replications["seed"], strict=True))


def write_run(result: Result, folder: Path, events: bool) -> list[str]:
    """Write a single run into a folder: daily table, event log if ``events``, scenario, ``run.json``; return names."""
    claim(folder, "run", again=True)
    with Stage(folder) as stage:
        write_text_atomically(stage.place / "scenario.toml", to_toml(result.scenario))
        write_parquet(stage.place / "daily.parquet", result.daily)
        if events:
            write_parquet(stage.place / "events.parquet", result.events)
        files = ["daily.parquet", *(["events.parquet"] if events else []), "scenario.toml"]
        about = {"policy": result.policy, "replication": result.replication}
        stage.finish({"kind": "run"} | provenance(result.scenario) | about | {"files": files})
    return files
