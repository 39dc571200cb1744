"""What a US dollar is worth in other currencies: one table, with its year and source."""

from __future__ import annotations

from typing import NamedTuple

DOLLAR = "USD"
"""The currency of every default and of every range that the evidence gives."""
YEAR = 2024
SOURCE = f"built in: mean of {YEAR}, after the yearly averages of the IRS, from memory (grade M)"
_SIGNS = {"$": DOLLAR, "US$": DOLLAR, "€": "EUR", "£": "GBP"}
_PER_DOLLAR = {
    DOLLAR: 1.0,
    "AUD": 1.516, "BRL": 5.392, "CAD": 1.370, "CHF": 0.881, "CNY": 7.189, "CZK": 23.2, "DKK": 6.896, "EUR": 0.924,
    "GBP": 0.783, "HUF": 366.0, "ILS": 3.70, "INR": 83.7, "JPY": 151.4, "MXN": 18.3, "NOK": 10.76, "NZD": 1.653,
    "PLN": 3.981, "SEK": 10.58, "SGD": 1.336, "ZAR": 18.3,
}  # fmt: skip
"""Units of a currency for one US dollar."""


class Money(NamedTuple):
    """A currency, as somebody wrote it, and its units for one US dollar where that was stated."""

    currency: str
    per_dollar: float | None = None

    @property
    def code(self) -> str:
        """Return the code of the currency, whether it was written as a code or as a sign."""
        return code_of(self.currency)

    @property
    def rate(self) -> float | None:
        """Return the units for one US dollar: as stated, else built in, else None."""
        return self.per_dollar if self.per_dollar is not None else built_in(self.currency)

    def to(self, other: Money) -> float | None:
        """Return by what an amount is multiplied to be one in another currency; None where a rate is missing.

        >>> Money("GBP").to(Money("£", 0.5)), Money("USD").to(Money("XYZ", 4.0)), Money("XYZ").to(Money("USD"))
        (1.0, 4.0, None)
        """
        if self.code == other.code:
            return 1.0
        return None if self.rate is None or other.rate is None else other.rate / self.rate


DOLLARS = Money(DOLLAR)


def code_of(currency: str) -> str:
    """Return the code of a currency that is written as a code or as a sign.

    >>> code_of("eur"), code_of("$"), code_of("points")
    ('EUR', 'USD', 'POINTS')
    """
    written = currency.strip().upper()
    return _SIGNS.get(written, written)


def built_in(currency: str) -> float | None:
    """Return the units of a currency for one US dollar, or None where the table has none."""
    return _PER_DOLLAR.get(code_of(currency))
