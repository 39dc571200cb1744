"""Cells as dates: written in any order, packed (20240131), or as the days that Excel counts."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.intake.cells import Read, different, each_once, plain

_EXCEL_DAYS = (20_000, 60_000)  # 1954 to 2064
_EXCEL_FIRST = date(1899, 12, 30)
_YEARS = (1900, 2100)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_PACKED_DATE = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_THREE = re.compile(r"(\d{1,2})([-/.\s])(\d{1,2})\2(\d{4}|\d{2})(?:[T ]\d.*)?")
_WORDY = re.compile(
    r"(\d{1,2})[-\s.]+([A-Za-zäéû]{3,9})\.?[-\s,]+(\d{4})|([A-Za-zäéû]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})"
)
_MONTHS = {
    name: k
    for k, names in enumerate(
        (
            "jan januari january januar", "feb februari february februar", "mar mrt maart march marz", "apr april",
            "may mei mai", "jun juni june", "jul juli july", "aug augustus august", "sep sept september",
            "oct okt october oktober", "nov november", "dec dez december dezember",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
DAY_FIRST, MONTH_FIRST = "day first", "month first"


def orders_of(columns: list[pd.Series]) -> dict[str, str]:
    """Return for each sign between the parts of dates whether day or month is first; "?" where nothing tells.

    All columns of dates of a file are looked at together: 03-11-2019 alone tells nothing, beside 25-11-2019 it does.
    A point is only written with the day first. A sign with both (25/11 and 11/25) is told by each date for itself,
    and "?" for those that do not tell.
    """
    firsts: dict[str, set[str]] = {}
    for column in columns:
        for cell in different(column):
            found = _THREE.fullmatch(cell.strip()) if isinstance(cell, str) else None
            if found is None:
                continue
            one, two = int(found[1]), int(found[3])
            tells = firsts.setdefault(found[2], set())
            if one > 12 >= two:
                tells.add(DAY_FIRST)
            elif two > 12 >= one:
                tells.add(MONTH_FIRST)
            elif one != two:
                tells.add("?")
    orders = {}
    for sign, tells in firsts.items():
        clear = tells - {"?"}
        orders[sign] = DAY_FIRST if sign == "." else clear.pop() if len(clear) == 1 else "?" if "?" in tells else ""
    return orders


def dates(column: pd.Series, orders: dict[str, str]) -> Read:
    """Read dates; numbers of days as Excel counts them are taken for dates, and said."""
    if pd.api.types.is_datetime64_any_dtype(column):
        codes, days = pd.factorize(pd.to_datetime(column).dt.normalize(), use_na_sentinel=True)
        read = [_day(day.year, day.month, day.day) for day in days]
        stamps, said = (np.array([*part], dtype=object) for part in zip(*read, (None, ""), strict=True))
        return Read(stamps[codes], said[codes])
    return each_once(column, lambda cell: date_of(cell, orders))


def date_of(cell: Any, orders: dict[str, str]) -> tuple[date | None, str]:
    """Return the date of a cell, None if it has none, and the key of what is to be said of it, "" if nothing."""
    if isinstance(cell, date):
        return _day(cell.year, cell.month, cell.day)
    text = str(cell).strip()
    if isinstance(cell, (int, float, np.integer, np.floating)) or text.replace(".", "", 1).isdecimal():
        return _counted_date(text)
    return _written_date(text, orders)


def _counted_date(text: str) -> tuple[date | None, str]:
    """Return the date of a number: 20240131, or days as Excel counts them."""
    packed = _PACKED_DATE.fullmatch(text)
    if packed is not None:
        return _day(*(int(part) for part in packed.groups()))
    try:
        days = float(text)
    except (ValueError, OverflowError):
        return None, "no_date"
    if _EXCEL_DAYS[0] <= days <= _EXCEL_DAYS[1]:
        return _EXCEL_FIRST + timedelta(days=int(days)), "excel_date"
    return None, "no_date"


def _written_date(text: str, orders: dict[str, str]) -> tuple[date | None, str]:
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    three = _THREE.fullmatch(text)
    if three is not None:
        one, two, year = int(three[1]), int(three[3]), int(three[4])
        year += 0 if len(three[4]) == 4 else 2000 if year < 70 else 1900
        first = DAY_FIRST if one > 12 or one == two else MONTH_FIRST if two > 12 else orders.get(three[2], "?")
        if first not in (DAY_FIRST, MONTH_FIRST):
            return None, "either_date"
        return _day(year, two, one) if first == DAY_FIRST else _day(year, one, two)
    wordy = _WORDY.fullmatch(text)
    if wordy is not None:
        day, name, year_text = (wordy[1], wordy[2], wordy[3]) if wordy[1] else (wordy[5], wordy[4], wordy[6])
        month = _MONTHS.get(plain(name))
        if month is not None:
            return _day(int(year_text), month, int(day))
    return None, "no_date"


def _day(year: int, month: int, day: int) -> tuple[date | None, str]:
    if not _YEARS[0] <= year <= _YEARS[1]:
        return None, "far_date"
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, "impossible_date"
