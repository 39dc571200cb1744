"""Numbers and money as people say them: three digits that count, large units in words."""

from __future__ import annotations

import math
from typing import NamedTuple

MINUS = "\N{MINUS SIGN}"
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_UNITS = ((2, 1e9), (1, 1e6), (0, 1e3))


class Style(NamedTuple):
    """How a language writes numbers: marks, the gap after a sign of currency, and the names of large units."""

    decimal: str
    group: str
    sign_gap: str
    unknown: str
    scales: tuple[str, ...]
    brief: tuple[str, ...]


def number(value: float, style: Style, extra: int = 0) -> str:
    """Return a number to three significant digits (and ``extra`` ones), millions and billions in words."""
    if not math.isfinite(value):
        return style.unknown
    rounded = float(f"{value:.{3 + extra}g}")
    size = abs(rounded)
    if size >= 1e9:
        text = _scaled(size / 1e9, style.scales[2], style, "{:,.10g}")
    elif size >= 1e6:
        text = _scaled(size / 1e6, style.scales[1], style, "{:.10g}")
    elif size >= 1e-3:
        text = _marks(f"{size:,.10g}", style)
    else:
        text = _marks(f"{size:.3g}", style)
    return (MINUS if rounded < 0.0 else "") + text


def share(value: float, style: Style) -> str:
    """Return a share as a percentage with a decimal where it has one."""
    if not math.isfinite(value):
        return style.unknown
    text = _marks(_plain(f"{100.0 * abs(value):.1f}"), style)
    return f"{MINUS if value < 0.0 and text != '0' else ''}{text} %"


def money(value: float, currency: str, style: Style, brief: bool, extra: int = 0) -> str:
    """Return an amount of money; ``brief`` names thousands too, and all units by their short names.

    ``extra``: so many digits more than usual, where two amounts would else look the same.
    """
    if not math.isfinite(value):
        return style.unknown
    sign = f"{SIGNS[currency]}{style.sign_gap}" if currency in SIGNS else f"{currency} " if currency else ""
    digits = _amount(abs(value), style, brief, extra)
    return f"{MINUS if value < 0.0 and digits != '0' else ''}{sign}{digits}"


def currency_of(unit: str, currency: str) -> str | None:
    """Return the ISO code when ``unit`` is money ("currency ..." or a code of its own), else None.

    >>> currency_of("currency", "USD"), currency_of("EUR", "USD"), currency_of("people", "USD")
    ('USD', 'EUR', None)
    """
    if unit.split(" ")[0] == "currency":
        return currency
    return unit if len(unit) == 3 and unit.isalpha() and unit.isupper() else None


def _amount(size: float, style: Style, brief: bool, extra: int) -> str:
    """Return the digits and the unit of an amount that is not negative."""
    for place, one in _UNITS:
        if float(f"{size / one:.3g}") < 1.0:
            continue
        if place == 0 and not brief:
            return _marks(f"{float(f'{size:.{3 + extra}g}'):,.0f}", style)
        decimals = (0 if size / one >= 99.95 else 1) + extra
        digits = _plain(f"{size / one:,.{decimals}f}")
        return (style.brief if brief else style.scales)[place].format(n=_marks(digits, style))
    decimals = (0 if size >= 99.5 else 1 if size >= 1.0 else 2) + extra
    return _marks(_plain(f"{size:.{decimals}f}"), style)


def _scaled(size: float, unit: str, style: Style, form: str) -> str:
    return unit.format(n=_marks(form.format(size), style))


def _marks(digits: str, style: Style) -> str:
    """Return English digits with the marks of a language."""
    return digits.translate({ord(","): style.group, ord("."): style.decimal})


def _plain(digits: str) -> str:
    """Return digits without zeros at the end of the decimals."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
