"""The mapping that a table suggests: by the words of its headers, and only where the cells can be read so."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import pandas as pd

from wom_sim.intake.cells import Read, blanks, different, is_blank, is_unknown, number_of_different, plain
from wom_sim.intake.contract_terms import terms
from wom_sim.intake.dates import DAY_FIRST, date_of, dates, orders_of
from wom_sim.intake.mapping import OPEN, Column, Mapping
from wom_sim.intake.meanings import (
    BY_NAME,
    HOUSE_NUMBER,
    LEAKED,
    MEANINGS,
    PERSONAL,
    POSTCODE,
    Meaning,
    bare_header,
    fits,
    period_of,
)  # fmt: skip
from wom_sim.intake.numbers import decimals_of, numbers
from wom_sim.intake.yes_no import LEFT, NO, STAYS, YES, promoters, yes_no

_SAMPLE = 5_000
_TWICE = re.compile(r" column \d+$")
"""How a header that stands twice, or is empty, ends (``sheets``)."""
_READABLE = 0.6
"""Share of the cells of a column, blank ones aside, that must be readable for a meaning to be guessed. Assumption."""
_ROWS_PER_CUSTOMER = 1.5
"""Rows for each id from which a table seems to hold invoices and not customers. Assumption."""
_FIELDS = 200
"""A column with more different words than this is no segment. Assumption."""
_NEARLY_DATES = ("", "excel_date", "either_date", "impossible_date", "far_date")
_ANY_ORDER = dict.fromkeys("-/. ", DAY_FIRST)


def guess(columns: Table[str, pd.Series], european: bool, history: bool = False) -> Mapping:
    """Return what the columns seem to mean; what may be read in two ways is left open as "?".

    ``european``: columns are separated by semicolons, so that days come before months where nothing else tells.
    ``history``: the table says who came and left when, so that an end is that of a customer and not of a contract.
    """
    headers = {name: bare_header(name) for name in columns}
    usable = {name: bare for name, bare in headers.items() if not LEAKED.fullmatch(bare)}
    taken: dict[str, str] = {}
    for meaning in MEANINGS:
        best = _best(meaning, usable, columns, set(taken.values()))
        if best is not None:
            taken[meaning.name] = best
    if history and "left_on" not in taken and "contract_end" in taken:
        taken["left_on"] = taken.pop("contract_end")
    chosen = {name: _column(name, header, columns[header], headers[header]) for name, header in taken.items()}
    _pair_up(chosen, headers, columns)
    european = european or any(column.decimal == "," for column in chosen.values())
    chosen = _with_orders(chosen, columns, european)
    rows = _rows(chosen, columns)
    if rows == "customers":
        chosen.pop("invoice_date", None)
    used = {header for column in chosen.values() for header in column.names}
    ignored = {name: _why_ignored(bare, columns) for name, bare in headers.items() if name not in used}
    ends = {} if not history or "left_on" not in taken else {taken["left_on"]: "left"}
    return Mapping(as_of=_as_of(columns, headers | ends, european), rows=rows, columns=chosen, ignored=ignored)


def _best(meaning: Meaning, headers: Table[str, str], columns: Table[str, pd.Series], taken: set[str]) -> str | None:
    """Return the column whose header fits a meaning best among those whose cells do."""
    ranked = sorted(
        (-fits(meaning, bare), k, name) for k, (name, bare) in enumerate(headers.items()) if name not in taken
    )
    for score, _, name in ranked:
        if score == 0:
            return None
        if _readable(meaning, columns[name].iloc[:_SAMPLE]):
            return name
    return None


def _readable(meaning: Meaning, column: pd.Series) -> bool:
    """Whether the cells of a column can be read as a meaning."""
    blank = np.array([is_blank(cell) or is_unknown(cell) for cell in column], dtype=bool)
    known = column[~blank]
    if not len(known):
        return False
    if meaning.kind == "id":
        return True
    if meaning.kind == "text":
        words = known.nunique()
        return meaning.name == "household" or words <= max(3, min(_FIELDS, len(known) // 2))
    said = _read_as(meaning.kind, known).said
    right = _NEARLY_DATES if meaning.kind == "date" else ("", "filler", "beyond")
    return float(np.isin(said.astype(str), right).mean()) >= _READABLE


def _read_as(kind: str, column: pd.Series) -> Read:
    if kind in ("amount", "count"):
        return numbers(column, ".")
    if kind == "date":
        return dates(column, _ANY_ORDER)
    if kind == "term":
        return terms(column)
    if kind == "score":
        return promoters(column, YES, NO)
    return yes_no(column, YES | LEFT, NO | STAYS)


def _column(name: str, header: str, column: pd.Series, bare: str) -> Column:
    """Return how the cells of a column seem to be written."""
    kind = BY_NAME[name].kind
    if kind in ("amount", "count"):
        decimal = decimals_of(column)
        return Column(column=header, per=_unit(name, bare), decimal=decimal)  # type: ignore[arg-type]
    if name == "churned":
        yes, no = _poles(column, swapped="acti" in bare or "aktiv" in bare)
        return Column(column=header, yes=yes, no=no)
    return Column(column=header)


def _unit(name: str, bare: str) -> str:
    """Return the unit of a column of time, or the period over which something is counted."""
    if name == "tenure":
        words = set(bare.split())
        return "day" if words & {"days", "dagen"} else "year" if words & {"years", "jaren"} else "month"
    return period_of(bare) or "month"


def _poles(column: pd.Series, swapped: bool) -> tuple[list[str], list[str]]:
    """Return the words of a column for "has left" and for "is there".

    ``swapped``: the column says who is active, so that its yes is a customer who stays.
    """
    yes, no = YES | LEFT, NO | STAYS
    if swapped:
        yes, no = NO | LEFT, YES | STAYS
    words = {_word(cell) for cell in different(column) if not is_blank(cell)}
    return sorted(words & yes), sorted(words & no)


def _word(cell: object) -> str:
    if isinstance(cell, (bool, np.bool_)):
        return "true" if cell else "false"
    return f"{cell:g}" if isinstance(cell, (int, float, np.integer, np.floating)) else plain(cell)


def _pair_up(chosen: dict[str, Column], headers: Table[str, str], columns: Table[str, pd.Series]) -> None:
    """Let a contract stand for the segment, and postcode with house number for the household, if none else does."""
    if "segment" not in chosen and "contract" in chosen:
        column = columns[chosen["contract"].names[0]]
        if not pd.api.types.is_numeric_dtype(column) and column.nunique() <= _FIELDS:
            chosen["segment"] = Column(column=chosen["contract"].column)
    code = next((name for name, bare in headers.items() if POSTCODE.fullmatch(bare)), None)
    number = next((name for name, bare in headers.items() if HOUSE_NUMBER.fullmatch(bare)), None)
    if "household" not in chosen and code is not None and number is not None:
        chosen["household"] = Column(column=[code, number])


def _with_orders(chosen: dict[str, Column], columns: Table[str, pd.Series], european: bool) -> dict[str, Column]:
    """Return the columns with the order of day and month where some dates do not tell it themselves."""
    dated = [name for name in chosen if BY_NAME[name].kind == "date"]
    orders = orders_of([columns[chosen[name].names[0]] for name in dated])
    for name in dated:
        column = columns[chosen[name].names[0]]
        signs = orders_of([column])
        if any(orders[sign] == OPEN for sign, tells in signs.items() if tells == OPEN):
            order = DAY_FIRST if european else OPEN
            chosen[name] = Column(column=chosen[name].column, order=order)  # type: ignore[arg-type]
        elif signs:
            found = {orders[sign] for sign in signs} - {""}
            if len(found) == 1:
                chosen[name] = Column(column=chosen[name].column, order=found.pop())  # type: ignore[arg-type]
    return chosen


def _rows(chosen: Table[str, Column], columns: Table[str, pd.Series]) -> Literal["customers", "?"]:
    """Return whether rows are customers; "?" where ids come again so often that rows may be invoices."""
    if "customer" not in chosen:
        return "customers"
    ids = columns[chosen["customer"].names[0]]
    known = ids[~blanks(ids)]
    return "?" if len(known) >= _ROWS_PER_CUSTOMER * max(1, number_of_different(known)) else "customers"


def _why_ignored(bare: str, columns: Table[str, pd.Series]) -> str:
    """Return the key of the reason why a column is not used (``import.ignored.*``)."""
    if LEAKED.fullmatch(bare):
        return "leaked"
    if _TWICE.search(bare):
        return "twice"
    if POSTCODE.fullmatch(bare):
        return "postcode"
    return "personal" if PERSONAL.fullmatch(bare) else "not_needed"


def _as_of(columns: Table[str, pd.Series], headers: Table[str, str], european: bool) -> date:
    """Return the day of the table: the latest date in it that is not in the future; today where there is none."""
    today = datetime.now(UTC).date()
    dated = [
        name for name, bare in headers.items()
        if not any(word in bare for word in ("end", "eind", "renew", "verl", "verval", "expir", "birth", "geboorte"))
        and _holds_dates(columns[name])
    ]  # fmt: skip
    orders = orders_of([columns[name] for name in dated])
    known = {
        sign: (DAY_FIRST if european else order) if order == OPEN else order for sign, order in orders.items()
    }
    latest = [
        day for name in dated for day in pd.unique(pd.Series(dates(columns[name], known).result, dtype=object))
        if day is not None and not is_blank(day) and day <= today
    ]  # fmt: skip
    return max(latest, default=today)


def _holds_dates(column: pd.Series) -> bool:
    """Whether a column holds dates; numbers alone are none, though Excel counts days."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return True
    known = [cell for cell in column.iloc[:200] if not is_blank(cell)]
    if not known:
        return False
    said = [date_of(cell, _ANY_ORDER)[1] for cell in known]
    return sum(each in ("", "impossible_date") for each in said) >= max(1.0, _READABLE * len(known)) and not all(
        isinstance(cell, (int, float, np.integer, np.floating)) or str(cell).replace(".", "", 1).isdecimal()
        for cell in known
    )
