"""What a cell says: a number, a date, yes or no, or nothing. A cell that may mean two things is never guessed.

A cell is text (from CSV) or already a value (from Excel, Parquet, SQL). Each different cell is read once.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wom_sim._text import bare_number, decimal_sign, number_of

UNKNOWN = frozenset(
    [
        "unknown",
        "onbekend",
        "unbekannt",
        "inconnu",
        "n/a",
        "na",
        "nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "?",
        "unk",
        "nvt",
        "n.v.t.",
        "#n/a",
        "#value!",
        "#null!",
        "missing",
        "(blank)",
        "<na>",
        "nat",
        "n.b.",
        "nb",
    ]
) | {"not available", "niet bekend", "not known"}
"""What people write for nothing, in lower case."""
YES = frozenset(["yes", "y", "true", "t", "1", "ja", "j", "oui", "si", "waar", "wahr", "x"])
NO = frozenset(["no", "n", "false", "f", "0", "nee", "nein", "non", "onwaar", "falsch"])
LEFT = frozenset(
    [
        "churned",
        "churn",
        "left",
        "cancelled",
        "canceled",
        "opgezegd",
        "exited",
        "inactive",
        "inactief",
        "closed",
        "terminated",
        "ended",
        "beeindigd",
        "vertrokken",
        "gekundigt",
        "ehemalig",
        "former",
        "lost",
        "gestopt",
        "weg",
        "attrited",
    ]
) | {"attrited customer", "former customer", "ex klant"}
STAYS = frozenset(
    [
        "active",
        "actief",
        "stayed",
        "current",
        "joined",
        "open",
        "lopend",
        "aktiv",
        "live",
        "retained",
        "customer",
        "klant",
        "running",
        "existing",
    ]
) | {"existing customer", "current customer"}
"""Words for a customer who has left, and for one who is there; accents are dropped before they are looked up."""
FILLERS = frozenset({999.0, 9999.0, 99999.0, 999999.0, -1.0, -999.0, -9999.0})
"""Numbers that stand for "unknown" where they lie far from all others."""
FAR = 10.0
"""How many times the largest other number makes a filler. Assumption."""
LARGEST = 1e12
"""No amount or count of a customer is beyond this."""

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


class Read(NamedTuple):
    """A column as it was read: a value a row (None where there is none), and what is to be said of a row's cell.

    ``said`` holds for each row the key of a sentence (``import.cell.*``), or "" where the cell is as it should be or
    empty. ``result`` is of objects, or of floats with NaN for none.
    """

    result: NDArray[Any]
    said: NDArray[np.object_]


def plain(text: object) -> str:
    """Return a text in lower case without accents and outer blanks, with one blank between words.

    >>> plain("  Beëindigd "), plain("False.")
    ('beeindigd', 'false')
    """
    bare = unicodedata.normalize("NFKD", str(text))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().split()).rstrip(".")


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return True
    if isinstance(cell, float):
        return math.isnan(cell)
    return isinstance(cell, str) and not cell.strip()


def is_unknown(cell: Any) -> bool:
    """Whether a cell says in a word that nothing is known."""
    return isinstance(cell, str) and (cell.strip().lower() in UNKNOWN or plain(cell) in UNKNOWN)


def of_text(column: pd.Series) -> bool:
    """Whether a column holds text and knows it: then its cells need not each be an object, which takes memory."""
    return isinstance(column.dtype, pd.StringDtype)


def different(column: pd.Series) -> list[Any]:
    """Return the different cells of a column."""
    return list(pd.unique(column if of_text(column) else column.astype(object)))


def number_of_different(column: pd.Series) -> int:
    """Return how many different cells a column has, blank ones aside."""
    if of_text(column):
        return int(pc.count_distinct(pa.array(column, from_pandas=True)).as_py())
    return int(column.nunique())


def blanks(column: pd.Series) -> NDArray[np.bool_]:
    """Return which cells of a column hold nothing."""
    if of_text(column):
        empty: NDArray[np.bool_] = (column.isna() | (column.str.strip() == "")).to_numpy(dtype=bool, na_value=True)
        return empty
    return np.array([is_blank(cell) for cell in column.tolist()], dtype=bool)


def each_once(column: pd.Series, read: Callable[[Any], tuple[Any, str]]) -> Read:
    """Read each different cell once; ``read`` returns its value and the key of what is to be said of it."""
    codes, found = pd.factorize(column if of_text(column) else column.astype(object), use_na_sentinel=True)
    values = np.empty(len(found) + 1, dtype=object)  # the last: no cell
    said = np.full(len(found) + 1, "", dtype=object)
    for k, cell in enumerate(found.tolist()):
        if is_blank(cell):
            continue
        values[k], said[k] = (None, "unknown") if is_unknown(cell) else read(cell)
    return Read(values[codes], said[codes])


# -- numbers --------------------------------------------------------------------------------------------------------


def decimals_of(column: pd.Series) -> str:
    """Return the decimal sign of a column of text: "," or ".", "?" where its cells may be read either way.

    >>> decimals_of(pd.Series(["1.234,50", "29,95"])), decimals_of(pd.Series(["1.234", "2.500"]))
    (',', '?')
    """
    found: set[str] = set()
    for cell in different(column):
        bare = bare_number(cell) if isinstance(cell, str) else None
        sign = None if bare is None else decimal_sign(bare)
        if sign is not None:
            found.add(sign)
    clear = found - {"?"}
    if len(clear) == 1:
        return clear.pop()
    return "?" if "?" in found else "."


def numbers(column: pd.Series, decimal: str) -> Read:
    """Read numbers; with fillers for "unknown" (9999) taken away where they lie far from all others."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        said = np.full(len(values), "", dtype=object)
        wrong = np.isinf(values) | (np.abs(values) > LARGEST)
        values, said = np.where(wrong, np.nan, values), np.where(wrong, "beyond", said)
    else:
        read = each_once(column, lambda cell: _number(cell, decimal))
        values = np.array([math.nan if value is None else value for value in read.result], dtype=np.float64)
        said = read.said
    filler = _fillers(values)
    return Read(np.where(filler, np.nan, values), np.where(filler, "filler", said))


def _number(cell: Any, decimal: str) -> tuple[float | None, str]:
    if isinstance(cell, (date, datetime, bool)):
        return None, "no_number"
    if isinstance(cell, str):
        bare = bare_number(cell)
        if bare is None:
            return None, "no_number"
        sign = decimal_sign(bare)
        number = number_of(bare, decimal if sign in (None, "?") or "e" in bare.lower() else sign)
    else:
        try:
            number = float(cell)
        except (TypeError, ValueError, OverflowError):
            return None, "no_number"
    if number is None:
        return None, "no_number"
    return (number, "") if abs(number) <= LARGEST else (None, "beyond")


def _fillers(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which numbers stand for "unknown": a filler that is the largest by far, or the only one below 0."""
    found = np.isin(values, list(FILLERS))
    if not found.any():
        return found
    others = values[~found & ~np.isnan(values)]
    if not len(others):
        return np.zeros_like(found)
    return found & np.where(values > 0, values > FAR * others.max(), others.min() >= 0)


# -- dates ----------------------------------------------------------------------------------------------------------


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
    return each_once(column, lambda cell: _date(cell, orders))


def _date(cell: Any, orders: dict[str, str]) -> tuple[date | None, str]:
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


# -- yes and no, lengths, promoters ---------------------------------------------------------------------------------


def yes_no(column: pd.Series, yes: frozenset[str], no: frozenset[str]) -> Read:
    """Read yes and no by the words for each (plain: lower case, no accents)."""

    def read(cell: Any) -> tuple[bool | None, str]:
        if isinstance(cell, (bool, np.bool_)):
            text = "true" if cell else "false"
        elif isinstance(cell, (int, float, np.integer, np.floating)):
            text = f"{cell:g}"
        else:
            text = plain(cell).removesuffix(".0")
        return (True, "") if text in yes else (False, "") if text in no else (None, "no_yes_no")

    return each_once(column, read)


_TERM = re.compile(r"(\d+(?:[.,]\d+)?)\s*-?\s*(d|w|m|y|q|j|k)\w*")
_TERM_MONTHS = {"m": 1.0, "y": 12.0, "j": 12.0, "q": 3.0, "k": 3.0, "w": 7 / 30.4375, "d": 1 / 30.4375}
_COUNT = {"one": 1, "een": 1, "ein": 1, "two": 2, "twee": 2, "zwei": 2, "three": 3, "drie": 3, "four": 4, "five": 5}
_TERM_WORDS = (
    (r"month to month|monthly|month|maandelijks|per maand|maand|monatlich|flexibel|flexible|rolling", 1.0),
    (r"quarterly|quarter|per kwartaal|kwartaal", 3.0),
    (r"half ?yearly|halfjaar\w*", 6.0),
    (r"yearly|annual|annually|year|jaarlijks|per jaar|jaar|jahrlich", 12.0),
    (r"biennial|two yearly|tweejaarlijks", 24.0),
)


def term_of(cell: Any) -> tuple[float | None, str]:
    """Return the length of a contract in months.

    >>> [term_of(each)[0] for each in ("Month-to-month", "One year", "Two year", "24 months", "2 jaar", "jaarlijks")]
    [1.0, 12.0, 24.0, 24.0, 24.0, 12.0]
    """
    if isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool):
        return (float(cell), "") if 0 <= float(cell) <= 240 else (None, "no_term")
    words = plain(cell).replace("-", " ").split()
    text = " ".join(str(_COUNT.get(word, word)) for word in words)
    if re.fullmatch(r"\d{1,3}(\.0+)?", text):
        return term_of(float(text))
    found = _TERM.fullmatch(text.removesuffix(" contract").removesuffix(" plan"))
    if found is not None:
        return float(found[1].replace(",", ".")) * _TERM_MONTHS[found[2]], ""
    for pattern, months in _TERM_WORDS:
        if re.fullmatch(rf"({pattern})( (contract|plan|subscription|abonnement))?", text):
            return months, ""
    return None, "no_term"


def terms(column: pd.Series) -> Read:
    """Read lengths of contracts, in months."""
    return each_once(column, term_of)


PROMOTER = 9.0
"""A score from which somebody is a promoter. Source: Reichheld (2003), scores of 0 to 10."""


def promoters(column: pd.Series, yes: frozenset[str], no: frozenset[str]) -> Read:
    """Read advocates: yes and no, or scores of 0 to 10, of which 9 and 10 are promoters."""
    scores = numbers(column, ".")
    known = scores.result[~np.isnan(scores.result)]
    if len(known) and known.max() > 1.0:
        found = np.array([None if math.isnan(v) or not 0 <= v <= 10 else v >= PROMOTER for v in scores.result], object)
        beyond = ~np.isnan(scores.result) & (found == None)  # noqa: E711 - elementwise
        return Read(found, np.where(beyond, "no_score", scores.said))
    return yes_no(column, yes | {"promoter", "advocate", "ambassadeur"}, no | {"passive", "detractor", "passief"})
