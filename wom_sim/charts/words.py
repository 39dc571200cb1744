"""How numbers, money and policies read on a chart."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
UNKNOWN = "n/a"
SIGNS = {"USD": "$", "EUR": "€"}
SHARES = ("share", "chance", "probability")


def policy_name(policy: str) -> str:
    """Return a policy's name in plain words.

    >>> policy_name("case_by_case")
    'case by case'
    """
    return " ".join(str(policy).replace("_", " ").split())


def sentence(text: str) -> str:
    """Return a text with its first letter in upper case and all others as they are.

    >>> sentence("paid exit, as AT&T did")
    'Paid exit, as AT&T did'
    """
    return text[:1].upper() + text[1:]


def within(text: str) -> str:
    """Return a text as it stands within a sentence: a capital at its start becomes small, unless more follow.

    >>> within("Joins lost"), within("AT&T calls")
    ('joins lost', 'AT&T calls')
    """
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def short_number(value: float) -> str:
    """Return a number to three significant digits, millions and billions in words.

    >>> short_number(22_100_000), short_number(9_800), short_number(-3), short_number(0.25)
    ('22.1 million', '9,800', '−3', '0.25')
    """
    if not math.isfinite(value):
        return UNKNOWN
    rounded = float(f"{value:.3g}")
    size = abs(rounded)
    if size >= 1e9:
        text = f"{size / 1e9:,.10g} billion"
    elif size >= 1e6:
        text = f"{size / 1e6:.10g} million"
    elif size >= 1e-3:
        text = f"{size:,.10g}"
    else:
        text = f"{size:.3g}"
    return (MINUS if rounded < 0.0 else "") + text


def signed_number(value: float) -> str:
    """Return the same as ``short_number``, with a plus before a gain.

    >>> signed_number(15), signed_number(0), signed_number(-2_000)
    ('+15', '0', '−2,000')
    """
    return ("+" if value > 0.0 and math.isfinite(value) else "") + short_number(value)


def money(value: float, currency: str) -> str:
    """Return an amount of money in units, k, M or bn of ``currency``, an ISO code.

    >>> money(3_120_000, "USD"), money(-240_000, "EUR"), money(12_000_000, "CHF")
    ('$3.1 M', '−€240 k', 'CHF 12 M')
    """
    if not math.isfinite(value):
        return UNKNOWN
    sign = SIGNS.get(currency, f"{currency} " if currency else "")
    digits, unit = _scaled(abs(value))
    below = value < 0.0 and digits != "0"
    return f"{MINUS if below else ''}{sign}{digits}{unit}"


def signed_money(value: float, currency: str) -> str:
    """Return the same as ``money``, with a plus before a gain.

    >>> signed_money(3_120_000, "USD"), signed_money(0, "USD")
    ('+$3.1 M', '$0')
    """
    return ("+" if value > 0.0 and math.isfinite(value) else "") + money(value, currency)


def signed_quantity(value: float, unit: str, currency: str) -> str:
    """Return a difference in the words of its unit: money, percentage points, or a plain number.

    >>> signed_quantity(-5e6, "currency", "USD"), signed_quantity(0.125, "share", "")
    ('−$5 M', '+12.5 points')
    """
    code = currency_of(unit, currency)
    if code is not None:
        return signed_money(value, code)
    if unit in SHARES:
        return f"{signed_number(100.0 * value)} points"
    return signed_number(value)


def currency_of(unit: str, currency: str) -> str | None:
    """Return the ISO code when ``unit`` is money ("currency ..." or a code of its own), else None.

    >>> currency_of("currency", "USD"), currency_of("EUR", "USD"), currency_of("people", "USD")
    ('USD', 'EUR', None)
    """
    if unit.split(" ")[0] == "currency":
        return currency
    if len(unit) == 3 and unit.isalpha() and unit.isupper():
        return unit
    return None


def _scaled(size: float) -> tuple[str, str]:
    """Return the digits and the unit of an amount that is not negative."""
    for unit, one in ((" bn", 1e9), (" M", 1e6), (" k", 1e3)):
        if float(f"{size / one:.3g}") >= 1.0:
            decimals = 0 if size / one >= 99.95 else 1
            return _plain(f"{size / one:,.{decimals}f}"), unit
    return _plain(f"{size:.{0 if size >= 99.5 else 1 if size >= 1.0 else 2}f}"), ""


def _plain(digits: str) -> str:
    """Return digits without zeros at the end of the decimals."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
