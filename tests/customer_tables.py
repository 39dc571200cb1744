"""Customer tables for tests, as an import writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wom_sim.populations.customer_file import SCHEMA


def customer_table(known: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Return a table of which some columns are known; ids are 00001, 00002, ... where none are given."""
    rows = len(next(iter(known.values())))
    ids = {"customer": [f"{k:05d}" for k in range(1, rows + 1)]}
    given = ids | {"file": ["crm.csv"] * rows, "line": list(range(2, rows + 2))} | dict(known)
    schema = SCHEMA.append(pa.field("churn", pa.float64())) if "churn" in known else SCHEMA
    return pa.table([pa.array(given.get(f.name, [None] * rows), type=f.type) for f in schema], schema=schema)


def some_customers(rows: int, seed: int = 1) -> dict[str, list[Any]]:
    """Return columns with varied values, a part of them unknown, some of the customers gone."""
    rng = np.random.default_rng(seed)

    def partly(values: Any, share: float) -> list[Any]:
        there = rng.random(rows) < share
        return [value if known else None for value, known in zip(values.tolist(), there, strict=True)]

    return {
        "revenue": partly(rng.lognormal(4.0, 0.6, rows), 0.9),
        "cost": partly(rng.lognormal(3.4, 0.8, rows), 0.8),
        "calls": partly(rng.poisson(3.0, rows) * 1.5, 0.9),
        "tenure_months": partly(rng.integers(0, 60, rows) * 1.0, 0.9),
        "contract_months": partly(rng.choice([1.0, 12.0, 24.0], rows), 0.8),
        "churned": (rng.random(rows) < 0.1).tolist(),
        "segment": partly(rng.choice(["gold", "silver"], rows), 0.95),
        "household": partly(rng.integers(0, rows // 2 + 1, rows), 0.9),
        "advocate": partly(rng.random(rows) < 0.2, 0.8),
        "let_go": (rng.random(rows) < 0.1).tolist(),
    }


def write_base(folder: Path, known: Mapping[str, Sequence[Any]]) -> Path:
    """Write a table as the folder of an import has it, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(customer_table(known), folder / "customers.parquet")
    return folder
