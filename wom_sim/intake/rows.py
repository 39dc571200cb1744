"""The rows of a table by its mapping: each is taken as it is, taken with cells left out, or refused with a reason."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections.abc import Mapping as Table
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim.intake import history
from wom_sim.intake.cells import Read, each_once, is_blank, is_unknown, number_of_different, of_text, plain
from wom_sim.intake.contract_terms import terms
from wom_sim.intake.dates import dates, orders_of
from wom_sim.intake.mapping import DAYS_A_MONTH, OPEN, PERIODS, Column, Mapping
from wom_sim.intake.meanings import BY_NAME
from wom_sim.intake.numbers import numbers
from wom_sim.intake.sheets import Refused
from wom_sim.intake.yes_no import LEFT, NO, STAYS, YES, promoters, yes_no
from wom_sim.populations.customer_file import SCHEMA

_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")


class Told(NamedTuple):
    """What is to be said of a cell: its row, column, and the key of the sentence (``import.cell.*``)."""

    row: int
    column: str
    key: str


class Taken(NamedTuple):
    """What became of the rows; ``history``: when these customers came and left, if it was asked for."""

    table: pa.Table
    refused: list[Refused]
    told: list[Told]
    lines: NDArray[np.int64]
    files: pd.Categorical
    negative: int
    zeros: list[str]
    history: pa.Table | None


def take(
    mapping: Mapping,
    columns: dict[str, pd.Series],
    lines: NDArray[np.int64],
    files: pd.Categorical,
    secret: bytes,
    timed: bool = False,
) -> Taken:
    """Return the customers of a table.

    ``columns`` is emptied once it is read, since a large table need not be kept twice. ``secret``: where it is not
    empty, ids are hashed with it. ``timed``: when they came and left is kept too.
    """
    told: list[Told] = []
    found = _read_all(mapping, columns, told)
    size = len(lines)
    ids = _ids(mapping, columns, size)
    columns.clear()
    refused = np.full(size, "", dtype=object)
    refused[(ids == "").to_numpy(dtype=bool)] = "no_id"
    refused[ids.str.fullmatch(_ROUNDED.pattern).to_numpy(dtype=bool)] = "rounded_id"
    frame = pd.DataFrame({"customer": ids} | found)
    del ids, found
    frame = _derive(frame, mapping, told)
    turned = [Refused(str(files[k]), int(lines[k]), str(refused[k]), {}) for k in np.flatnonzero(refused != "")]
    frame["file"], frame["line"] = files, lines
    kept = frame[refused == ""] if turned else frame
    if mapping.rows == "invoices":
        kept = _by_customer(kept, mapping)
    else:
        kept, again = _once(kept)
        turned += again
    zeros = _alike_but_for_zeros(kept["customer"])
    told = [each for each in told if refused[each.row] == ""]
    negative = int((kept["revenue"] < 0).sum()) if "revenue" in kept else 0
    if secret:
        kept = kept.assign(customer=[hashed(text, secret) for text in kept["customer"]])
        zeros = []
    times = history.kept(kept) if timed else None
    del frame
    return Taken(_table(kept), turned, told, lines, files, negative, zeros, times)


def hashed(text: str, secret: bytes) -> str:
    """Return 32 hex digits that stand for an id; without the secret nobody can try ids out (keyed BLAKE2)."""
    return hashlib.blake2b(text.encode(), key=secret[:64], digest_size=16).hexdigest()


def new_secret() -> bytes:
    """Return a secret that is used once and kept nowhere."""
    return secrets.token_bytes(32)


def _ids(mapping: Mapping, columns: Table[str, pd.Series], size: int) -> pd.Series:
    """Return the id of each row as text, empty where there is none."""
    if "customer" not in mapping.columns:
        return pd.Series(np.arange(1, size + 1)).astype(str)
    column = columns[mapping.columns["customer"].names[0]]
    if not of_text(column):
        ids = ["" if is_blank(cell) or is_unknown(cell) else id_text(cell) for cell in column.tolist()]
        return pd.Series(ids, dtype=str)
    ids = column.fillna("").str.strip()
    wordy = ids[~ids.str.contains(r"\d") & (ids != "")]  # no word for nothing has a digit
    unknown = wordy[[is_unknown(text) for text in wordy]]
    if len(unknown):
        ids = ids.where(~ids.index.isin(unknown.index), "")
    return ids


def id_text(cell: Any) -> str:
    """Return an id as text: with its zeros in front, and without the .0 that a table of numbers adds.

    >>> id_text(" 000123 "), id_text(123.0), id_text(9007199254740993)
    ('000123', '123', '9007199254740993')
    """
    if isinstance(cell, float | Decimal):
        if not math.isfinite(cell):
            return ""
        if cell == int(cell):
            return str(int(cell))
    return str(cell).strip()


def _read_all(mapping: Mapping, columns: Table[str, pd.Series], told: list[Told]) -> dict[str, Any]:
    """Return the values of each meaning, as its mapping says."""
    dated = [columns[c.names[0]] for name, c in mapping.columns.items() if BY_NAME[name].kind == "date"]
    orders = orders_of(dated)
    found: dict[str, Any] = {}
    for name, column in mapping.columns.items():
        if name == "customer":
            continue
        kind = BY_NAME[name].kind
        cell = columns[column.names[0]]
        if kind == "text":
            found[name] = _households(columns, column) if name == "household" else _words(cell)
            continue
        read = _read(kind, column, cell, orders)
        for row in np.flatnonzero(read.said != ""):
            told.append(Told(int(row), column.names[0], str(read.said[row])))
        found[name] = read.result
        if kind == "amount" or name == "calls":
            found[name] = read.result / PERIODS.get(column.per or "month", 1.0)
        elif name == "tenure":
            found[name] = read.result * PERIODS.get(column.per or "month", 1.0)
    return found


def _read(kind: str, column: Column, cell: pd.Series, orders: dict[str, str]) -> Read:
    """Return the cells of a column, read as its kind."""
    if kind in ("amount", "count"):
        return numbers(cell, column.decimal or ".")
    if kind == "date":
        known = {sign: column.order or OPEN if order in (OPEN, "") else order for sign, order in orders.items()}
        return dates(cell, known)
    if kind == "term":
        return terms(cell)
    yes = frozenset(map(plain, column.yes)) if column.yes is not None else YES | LEFT
    no = frozenset(map(plain, column.no)) if column.no is not None else NO | STAYS
    return promoters(cell, yes, no) if kind == "score" else yes_no(cell, yes, no)


def _words(column: pd.Series) -> NDArray[np.object_]:
    read = each_once(column, lambda cell: (id_text(cell), ""))
    return read.result


def _households(columns: Table[str, pd.Series], column: Column) -> pd.Series:
    """Return the number of each household, in the order of the table; spaces and capitals make no difference.

    An address is not kept: the number stands for it.
    """
    parts = [
        each_once(columns[name], lambda cell: (re.sub(r"\W+", "", plain(id_text(cell))), "")).result
        for name in column.names
    ]
    joined = ["|".join(row) if all(row) else None for row in zip(*parts, strict=True)]
    codes = pd.factorize(pd.Series(joined, dtype=object), use_na_sentinel=True)[0]
    return pd.Series(np.where(codes < 0, None, codes), dtype="Int64")


def _derive(frame: pd.DataFrame, mapping: Mapping, told: list[Told]) -> pd.DataFrame:
    """Return the rows with what follows from others: tenure, months of contract left, revenue a month of a total."""
    for name in ("calls", "tenure", "cost"):
        if name in frame:
            _leave_out(frame, name, (frame[name] < 0).to_numpy(), mapping, "negative", told)
    if mapping.as_of is not None and "since" in frame:
        months = _months(frame["since"], mapping.as_of)
        _leave_out(frame, "since", (months > 0).to_numpy(), mapping, "future", told)
        if "tenure" not in frame:
            until = frame["left_on"].map(lambda day: _earlier(day, mapping.as_of)) if "left_on" in frame else None
            months = months if until is None else -_months(until, mapping.as_of) + months
            frame["tenure"] = (-months).where(months <= 0)
    if mapping.as_of is not None and "contract_end" in frame:
        frame["contract_months_left"] = _months(frame["contract_end"], mapping.as_of).clip(lower=0.0)
    if "left_on" in frame:
        gone = frame["left_on"].map(lambda day: not pd.isna(day) and (mapping.as_of is None or day <= mapping.as_of))
        told_left = frame["churned"].map(lambda v: v is True) if "churned" in frame else False
        frame["churned"] = (gone | told_left).astype(object)
    revenue = mapping.columns.get("revenue")
    if revenue is not None and revenue.per == "lifetime":
        frame["revenue"] = frame["revenue"] / frame["tenure"].clip(lower=1.0) if "tenure" in frame else np.nan
    return frame.rename(columns={"tenure": "tenure_months", "contract": "contract_months"})


def _earlier(day: Any, as_of: date | None) -> Any:
    """Return the earlier of two days; of none, the second."""
    return as_of if pd.isna(day) or (as_of is not None and day > as_of) else day


def _months(days: pd.Series, since: date) -> pd.Series:
    """Return the months from a day to each date; NaN where there is none."""
    return pd.to_datetime(days, errors="coerce").sub(pd.Timestamp(since)).dt.days / DAYS_A_MONTH


def _leave_out(
    frame: pd.DataFrame, name: str, wrong: NDArray[np.bool_], mapping: Mapping, key: str, told: list[Told]
) -> None:
    """Empty the cells of a column that cannot be, and say so."""
    if wrong.any():
        frame.loc[wrong, name] = None
        told += [Told(int(row), mapping.columns[name].names[0], key) for row in np.flatnonzero(wrong)]


def _once(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Refused]]:
    """Return the rows with each id once, the first, and those that come again."""
    if number_of_different(frame["customer"]) == len(frame):
        return frame, []
    again = frame["customer"].duplicated().to_numpy()
    first = frame[~again].set_index("customer")
    derived = ("contract_months_left", "tenure_months") if "since" in frame else ("contract_months_left",)
    values = [name for name in frame.columns if name not in ("customer", "file", "line", *derived)]
    refused = []
    for row in frame[again].itertuples(index=False):
        one = first.loc[row.customer]
        differ = [name for name in values if not _same(getattr(row, name), one[name])]
        first_line = str(one["line"]) if one["file"] == row.file else f"{one['line']} ({one['file']})"
        about = {"first": first_line, "columns": ", ".join(differ)}
        refused.append(Refused(str(row.file), int(row.line), "differs" if differ else "same", about))
    return frame[~again], refused


def _same(one: Any, other: Any) -> bool:
    return bool(pd.isna(one) and pd.isna(other)) or (not pd.isna(one) and not pd.isna(other) and one == other)


def _by_customer(frame: pd.DataFrame, mapping: Mapping) -> pd.DataFrame:
    """Return one row a customer from several: amounts a month over the time of the table, other values as last known.

    Assumption: the table holds all invoices between its first and its last date, both months counted.
    """
    days = pd.to_datetime(frame["invoice_date"], errors="coerce") if "invoice_date" in frame else None
    months = 1.0
    if days is not None and days.notna().any():
        first, last = days.min(), days.max()
        months = float(12 * (last.year - first.year) + last.month - first.month + 1)
        frame = frame.assign(_day=days).sort_values("_day", kind="stable")
    groups = frame.groupby("customer", sort=False)
    kept = groups.last()
    for name in ("revenue", "cost", "calls"):
        if name in frame:
            kept[name] = groups[name].sum(min_count=1) / months
    kept["line"] = groups["line"].min()
    if "since" not in frame and days is not None and "tenure_months" not in frame:
        start = groups["_day"].min()
        kept["since"] = start.dt.date
        if mapping.as_of is not None:
            kept["tenure_months"] = (pd.Timestamp(mapping.as_of) - start).dt.days / DAYS_A_MONTH
    return kept.reset_index().sort_values("line", kind="stable")


def _alike_but_for_zeros(ids: pd.Series) -> list[str]:
    """Return ids that another one equals but for zeros in front."""
    led = ids[ids.str.startswith("0")]
    if led.empty:
        return []
    bare = led.str.lstrip("0")
    known = set(ids[ids.isin(set(bare))])
    return [one for one, other in zip(led, bare, strict=True) if other in known]


def _table(frame: pd.DataFrame) -> pa.Table:
    """Return the rows in the form of ``SCHEMA``; they are taken out of the frame one by one."""
    arrays = []
    for field in SCHEMA:
        if field.name not in frame:
            arrays.append(pa.nulls(len(frame), field.type))
            continue
        values = frame.pop(field.name)
        if isinstance(values.dtype, pd.CategoricalDtype):
            arrays.append(pa.array(values).cast(field.type))
        elif pa.types.is_floating(field.type):
            amounts = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
            arrays.append(pa.array(amounts, type=field.type, from_pandas=True))
        else:
            arrays.append(pa.array(values, type=field.type, from_pandas=True))
    return pa.table(arrays, schema=SCHEMA)
