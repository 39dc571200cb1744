"""A customer base from files: read, mapped, checked, and written beside its place before it is moved there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wom_sim._files import write_text_atomically
from wom_sim._text import FileError, check_regular
from wom_sim.intake import mapping as mappings
from wom_sim.intake.guess import guess
from wom_sim.intake.mapping import Mapping
from wom_sim.intake.meanings import BY_NAME, MEANINGS
from wom_sim.intake.read_sheet import read
from wom_sim.intake.rows import Taken, new_secret, take
from wom_sim.intake.sheets import Asked, Sheet, names_of, stacked
from wom_sim.populations.churn_file import CHURN_MODEL
from wom_sim.populations.customer_file import CUSTOMERS

MAPPING, REPORT, READABLE = "mapping.toml", "import.json", "report.md"
HISTORY = "history.parquet"
FILES = (CUSTOMERS, MAPPING, REPORT, READABLE, HISTORY, CHURN_MODEL)
LISTED = 1_000
"""Cells and rows that a report lists one by one; beyond, they are counted."""
_ESSENTIAL = ("revenue", "calls", "churned")


class Base(NamedTuple):
    """What an import found: tables without columns, the mapping, whether it was guessed, what became of the rows."""

    sheets: list[Sheet]
    mapping: Mapping
    guessed: bool
    taken: Taken | None
    hashed: bool


def find(
    sources: Sequence[str],
    asked: Asked,
    mapping: Path | None,
    secret: bytes | None,
    history: bool = False,
    timed: bool = False,
) -> Base:
    """Return the customers of files or of a query.

    ``mapping``: the file of a mapping, else it is guessed. ``secret``: None leaves ids as they are, an empty one makes
    one that is used once. ``history``: the table says who came and left when; with it, or ``timed``, that is kept.
    Where the mapping has an open question, the rows are not taken.

    Raises
    ------
    FileError
        If a file or the mapping cannot be used.
    """
    sheets = [read(source, asked) for source in sources]
    columns, lines, files = stacked(sheets)
    sheets = [sheet._replace(columns={}) for sheet in sheets]  # large, and stacked already
    european = any(sheet.facts.get("separator") == "semicolons" for sheet in sheets)
    chosen = guess(columns, european, history) if mapping is None else mappings.load(mapping, columns)
    for nested in {name for sheet in sheets for name in sheet.facts.get("nested", ())} & set(chosen.ignored):
        chosen.ignored[nested] = "nested"
    if not chosen.columns:
        raise FileError(
            sheets[0].name, None, f"no column is recognised among {', '.join(columns)}; name them in a mapping file"
        )
    taken = None
    if not mappings.questions(chosen):
        key = b"" if secret is None else secret or new_secret()
        pa.default_memory_pool().release_unused()
        taken = take(chosen, columns, lines, files, key, timed or history)
        if not taken.table.num_rows:
            raise FileError(sheets[0].name, None, _all_refused(taken))
    return Base(sheets, chosen, mapping is None, taken, secret is not None)


def _all_refused(taken: Taken) -> str:
    reasons = Counter(each.reason for each in taken.refused)
    return f"every row was refused: {', '.join(f'{count} {name}' for name, count in reasons.items())}"


def report(base: Base) -> dict[str, Any]:
    """Return what is to be said of an import, as plain data; no cell of the table is in it.

    Raises ValueError while questions of the import are open.
    """
    taken = base.taken
    if taken is None:
        raise ValueError("an import with open questions has no report")
    refused = [row for sheet in base.sheets for row in sheet.refused] + taken.refused
    called = dict(zip((sheet.name for sheet in base.sheets), names_of([s.name for s in base.sheets]), strict=True))
    refused = [each._replace(file=called.get(each.file, each.file)) for each in refused]
    refused.sort(key=lambda row: (row.file, row.line))
    table = taken.table
    unknown = {name: table[name].null_count for name in table.column_names if name not in ("file", "line")}
    return {
        "format": 1,
        "files": [
            {"file": called[sheet.name], "sha256": _digest(sheet.name), "rows": len(sheet.lines) + len(sheet.refused)}
            | sheet.facts
            for sheet in base.sheets
        ],
        "as_of": None if base.mapping.as_of is None else base.mapping.as_of.isoformat(),
        "mapping_guessed": base.guessed,
        "ids_hashed": base.hashed,
        "rows": sum(len(sheet.lines) + len(sheet.refused) for sheet in base.sheets),
        "customers": table.num_rows,
        "left_already": int(pc.sum(table["churned"]).as_py() or 0),
        "rows_refused": {"count": len(refused), "by_reason": dict(Counter(each.reason for each in refused))},
        "refused": [
            {"file": each.file, "line": each.line, "reason": each.reason, **each.about} for each in refused[:LISTED]
        ],
        "cells": _cells(taken),
        "cells_listed": [
            {
                "file": str(taken.files[each.row]),
                "line": int(taken.lines[each.row]),
                "column": each.column,
                "what": each.key,
            }
            for each in [told for told in taken.told if told.key != "unknown"][:LISTED]
        ],
        "unknown": unknown,
        "negative_revenue": taken.negative,
        "ids_alike_but_for_zeros": len(taken.zeros),
        "assumed": _assumed(base, unknown),
        "columns": {name: column.model_dump(exclude_none=True) for name, column in base.mapping.columns.items()},
        "ignored": base.mapping.ignored,
    }


def _digest(source: str) -> str | None:
    if "://" in source:
        return None
    with Path(source).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cells(taken: Taken) -> list[dict[str, Any]]:
    """Return how many cells of each column were left out or read in a way that is to be told."""
    counts = Counter((each.column, each.key) for each in taken.told)
    return [{"column": column, "what": key, "count": count} for (column, key), count in counts.items()]


def _assumed(base: Base, unknown: dict[str, int]) -> list[dict[str, Any]]:
    """Return what is assumed of the table that it does not say: keys of sentences (``import.assumed.*``)."""
    mapping = base.mapping
    assumed: list[dict[str, Any]] = []
    for name, column in mapping.columns.items():
        kind = BY_NAME[name].kind
        if kind in ("amount", "count"):
            key = "unit" if name == "tenure" else "per"
            assumed.append({"what": key, "column": column.names[0], "per": column.per or "month"})
        if column.order is not None:
            assumed.append({"what": "order", "column": column.names[0], "order": column.order})
    columns = mapping.columns
    if "segment" in columns and "contract" in columns and columns["segment"].column == columns["contract"].column:
        assumed.append({"what": "segment", "column": columns["contract"].names[0]})
    if "customer" not in columns:
        assumed.append({"what": "no_id"})
    if mapping.as_of is not None and ({"since", "contract_end"} & set(columns)):
        assumed.append({"what": "as_of", "day": mapping.as_of.isoformat()})
    if mapping.rows == "invoices":
        assumed.append({"what": "invoices"})
    customers = base.taken.table.num_rows if base.taken is not None else 0
    lacking = [name for name in _ESSENTIAL if unknown[name] == customers]
    assumed += [{"what": "lacking", "meaning": name} for name in lacking]
    return assumed


# -- on disk --------------------------------------------------------------------------------------------------------


def check_place(out: Path) -> None:
    """Raise FileError where a base cannot be put: on a file, or in a folder that holds anything else."""
    if not out.exists():
        if out.is_symlink():
            raise FileError(out, None, "is a link that leads nowhere; give another folder")
        return
    if not out.is_dir():
        raise FileError(out, None, "is no folder; give another name")
    others = sorted(path.name for path in out.iterdir() if path.name not in FILES)
    if others:
        raise FileError(out, None, f"holds other files ({', '.join(others[:3])}); give another folder")


def beside(out: Path) -> Path:
    """Return the hidden folder in which a base is made, and held by the one who makes it, before it gets its place."""
    place = out.resolve()
    return place.with_name(f".{place.name}.import")


def write(base: Base, out: Path, texts: dict[str, str], tables: dict[str, pa.Table]) -> None:
    """Write a base: all ``beside`` its place first, then moved there in one step; an earlier base there is replaced.

    For who holds the folder beside, and removes it. Killed between the two moves, the earlier base is in it, and is put
    back by the next import. ``texts`` and ``tables`` are by name of the file; without a table of customers, that of the
    import is written.

    Raises OSError where it cannot be written; then nothing is changed.
    """
    if base.taken is None:
        raise ValueError("an import with open questions cannot be written")
    place = out.resolve()
    new, old = beside(out) / "new", beside(out) / "old"
    put_back(out)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for name, table in ({CUSTOMERS: base.taken.table} | tables).items():
        with (new / name).open("wb") as file:
            pq.write_table(table, file)
            file.flush()
            os.fsync(file.fileno())
    for name, text in texts.items():
        write_text_atomically(new / name, text)
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def put_back(out: Path) -> None:
    """Put an earlier base back in its place where an import was killed between its two moves."""
    place, old = out.resolve(), beside(out) / "old"
    if old.is_dir() and not place.exists():
        old.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def as_json(found: dict[str, Any]) -> str:
    """Return a report as the text of ``import.json``."""
    return json.dumps(found, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, date) else value.item() if isinstance(value, np.generic) else str(value)
    )


def read_secret(file: Path) -> bytes:
    """Return the secret of a file, with which the same id gets the same hash again.

    Raises FileError where it is shorter than 16 bytes, since it could be tried out.
    """
    check_regular(file)
    secret = file.read_bytes().strip()
    if len(secret) < 16:
        raise FileError(file, None, f"holds a secret of {len(secret)} bytes; at least 16 are needed")
    return secret


def meanings() -> list[str]:
    """Return the names of all meanings, in their order."""
    return [meaning.name for meaning in MEANINGS]
