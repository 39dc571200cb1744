"""A base of one's own: a table of customers is imported, and two ways of letting go are compared on these customers.

The table is made by formula, as a customer system would write it: text, beyond ``_TEXT`` rows Parquet. Its
ties are drawn. Every command is a process of its own, as a user has it.

python -m benchmarks.base [--customers N] [--only-import]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.apart import environment
from benchmarks.measure import Row, Spent, emit, tell

CUSTOMERS, _TEXT, _PART = 1_000_000, 3_000_000, 2_000_000
_SCENARIO = """
name = "A base of {customers} customers"
population.file = "base"
population.fit = true
run.replications = 2
choose.limit = 1000
policies = [{{name = "letter", use = "bulk_letter"}}, {{name = "case by case", use = "case_by_case"}}]
"""


def part(first: int, number: int) -> pd.DataFrame:
    """Return some rows of the table: revenue and calls are skewed, a tenth has left, a segment in three is dear."""
    rng = np.random.default_rng(first)
    since = pd.Timestamp("2026-10-31") - pd.to_timedelta(rng.integers(30, 3650, number), unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"C{n:09d}" for n in range(first, first + number)],
            "monthly_revenue": rng.lognormal(3.9, 0.5, number).round(2),
            "calls_12m": rng.negative_binomial(0.6, 0.12, number),
            "customer_since": since.strftime("%Y-%m-%d"),
            "segment": np.array(["basic", "plus", "family"])[rng.integers(0, 3, number)],
            "churned": np.where(rng.random(number) < 0.1, "yes", "no"),
        }
    )


def write_table(file: Path, customers: int) -> None:
    """Write the table, some rows at a time."""
    writer = None
    for first in range(0, customers, _PART):
        rows = part(first, min(_PART, customers - first))
        if file.suffix == ".csv":
            rows.to_csv(file, mode="a", header=first == 0, index=False)
            continue
        table = pa.Table.from_pandas(rows, preserve_index=False)
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def command(where: Path, *arguments: str) -> tuple[Spent, float]:
    """Return what one call of the command took, and the most memory that it had, in GiB."""
    took, began = Spent(), time.perf_counter()
    log = where / "said.txt"
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "wom_sim", *arguments], cwd=where, env=environment(), stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"wom-sim {' '.join(arguments)} ended with {process.returncode}: {log.read_text()[-2000:]}")
    took.wall = time.perf_counter() - began
    took.cpu = used.ru_utime + used.ru_stime
    return took, used.ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)


def rows(customers: int, only_import: bool) -> Iterator[Row]:
    """Yield a row for the import and one for the comparison."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("WOM_SIM_BENCH_FOLDER")) as folder:
        where = Path(folder)
        file = where / ("crm.csv" if customers < _TEXT else "crm.parquet")
        tell(f"writing a table of {customers:,} rows")
        write_table(file, customers)
        size = f"{file.suffix[1:]} of {file.stat().st_size / 2**20:,.0f} MiB"
        tell("importing")
        took, peak = command(where, "import", file.name, "--out", "base")
        yield Row("base", "import", customers, 1, took.cpu, took.wall, customers, "rows", peak, note=size)
        if only_import:
            return
        (where / "scenario.toml").write_text(_SCENARIO.format(customers=customers))
        tell("comparing")
        took, peak = command(where, "compare", "scenario.toml", "--out", "compared")
        yield Row("base", "compare two policies with keep, twice", customers, 1, took.cpu, took.wall, peak=peak)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help="rows of the table")
    parser.add_argument("--only-import", action="store_true", help="do not compare")
    given = parser.parse_args()
    emit(rows(given.customers, given.only_import))


if __name__ == "__main__":
    main()
