"""A value as text, by unit and language: what terminal, verdict, report, deck and notebook say of it is the same.

The digits come from ``wom_sim.words``, as those of the charts do.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from wom_sim.words import SHARES, Words

NO_BREAK = "\N{NO-BREAK SPACE}"
COVERED = "national_coverage"
_PARTED = re.compile(r" (?:(?<=\d )(?=%)|(?<=[$€£¥] )(?=\d)|(?<=\b[A-Z]{3} )(?=\d))")


@dataclass(frozen=True)
class Figures:
    """How one language writes values of one currency; ``joined``: no line breaks between a number and its unit.

    ``months``: over how many months money counts; infinite for ever, None where that is not to be said.
    """

    words: Words
    currency: str
    joined: bool = True
    months: float | None = None

    @classmethod
    def plain(cls, currency: str, months: float | None = None) -> Figures:
        """Return those of English text in a terminal."""
        return cls(Words("en"), currency, joined=False, months=months)

    @property
    def over(self) -> str:
        """Return over how long money counts, with the space before it: what every net value is to be read with.

        >>> Figures.plain("USD", 36).over, Figures.plain("USD", math.inf).over
        (' over 36 months', ' over all the time that customers stay')
        """
        if self.months is None:
            return ""
        if math.isinf(self.months):
            return self.words.say("number.counted_ever")
        return self.words.say("number.counted", n=self.words.number(self.months))

    def value(self, value: float, unit: str, brief: bool = False) -> str:
        r"""Return a value in the words of its unit, with three digits that count.

        >>> Figures(Words("en"), "USD").value(5387.4, "people"), Figures(Words("en"), "USD").value(-2e6, "currency")
        ('5,390', '−$2\xa0million')
        """
        if unit in ("day", "month"):
            return self.words.number(round(value, 1)) if math.isfinite(value) else self.words.say("report.never")
        return self._text(self.words.quantity(value + 0.0, unit, self.currency, brief))

    def difference(self, value: float, unit: str, brief: bool = False) -> str:
        """Return a difference with its sign."""
        return self._text(self.words.signed_quantity(value + 0.0, unit, self.currency, brief))

    def interval(self, low: float, high: float, unit: str, brief: bool = False) -> str:
        r"""Return "low to high", "at least low" or "at most high"; an empty text where neither end is known.

        >>> Figures.plain("USD").interval(0.1, 0.3, "chance"), Figures.plain("USD").interval(math.nan, 0.3, "chance")
        ('10 % to 30 %', 'at most 30 %')
        """
        known = math.isfinite(low), math.isfinite(high)
        if not all(known):
            end, key = (low, "number.at_least") if known[0] else (high, "number.at_most")
            return self.words.say(key, end=self._end(end, unit, brief)) if any(known) else ""
        if unit in ("day", "month") or unit in SHARES:
            ends = self._end(low, unit, brief), self._end(high, unit, brief)
        else:
            ends = self.words.ends(low, high, unit, self.currency, brief)
        return self.words.say("number.span", low=self._text(ends[0]), high=self._text(ends[1]))

    def _end(self, end: float, unit: str, brief: bool) -> str:
        return self._text(self.words.rough_share(end)) if unit in SHARES else self.value(end, unit, brief)

    def known(self, low: float, high: float, unit: str, kind: str, n: int, brief: bool = False) -> str:
        r"""Return what the runs tell of a mean beside itself; ``kind``: what the ends are, as the summary has it.

        >>> Figures.plain("USD").known(0.0, 0.259, "chance", "bound", 10)
        'at most 26 %'
        >>> Figures.plain("USD").known(-64_300.0, 0.0, "currency", "bound", 5)
        'at least −$64,300'
        >>> Figures.plain("USD").known(math.nan, math.nan, "people", "none seen", 10)
        'in none of 10 runs'
        """
        if kind in ("none seen", "seldom"):
            key = "number.none_in" if kind == "none seen" else "number.seldom_in"
            return self.words.say(key, n=self.words.number(n))
        if low == high:
            return ""
        if kind == "bound":
            low = math.nan if low == 0.0 else low
            high = math.nan if high == 0.0 or (high == 1.0 and unit == "chance") else high  # 0: of what can only cost
        return self.interval(low, high, unit, brief)

    def estimate(self, value: float, low: float, high: float, unit: str = "currency") -> str:
        r"""Return a value for a cell, with its interval in a line below where there is one.

        >>> Figures.plain("USD").estimate(2.04e6, 1.96e6, 2.13e6), Figures.plain("USD").estimate(0.0, 0.0, 0.0)
        ('$2 M\n($2 M to $2.1 M)', '$0')
        """
        interval = "" if low == high else self.interval(low, high, unit, brief=True)
        told = self.value(value, unit, brief=True)
        return f"{told}\n({interval})" if interval else told

    def money(self, value: float, brief: bool = False) -> str:
        """Return an amount in the currency."""
        return self.value(value, "currency", brief)

    def people(self, value: float) -> str:
        """Return a number of people."""
        return self.value(value, "people")

    def mean(self, indicator: str, unit: str, mean: float, n: int, brief: bool = False) -> str:
        """Return the mean of an indicator over ``n`` runs; a chance as the number of runs in which it came about."""
        return self.in_runs(mean, n) if indicator == COVERED else self.value(mean, unit, brief)

    def paid_back(self, month: float, n: int, runs: int) -> str:
        """Return in which month a policy has paid itself back, and in how many runs if not in all; NaN: in none.

        ``month`` is the median over the ``n`` of ``runs`` in which it ever does; 0: nothing was ever owed.

        >>> Figures.plain("USD").paid_back(9.0, 7, 10), Figures.plain("USD").paid_back(0.0, 10, 10)
        ('in month 9 (7 of 10 runs)', 'at once')
        """
        say, number = self.words.say, self.words.number
        if n == 0:
            return say("months.never")
        told = say("months.at_once") if month == 0.0 else say("months.month", n=number(math.ceil(month)))
        return told if n == runs else say("months.some", when=told, k=number(n), of=number(runs))

    def said_runs(self, share: float, runs: int, drawn: bool = False) -> str:
        """Return the same with its noun, for a sentence: "9 of 10 runs", or a share where worlds were drawn.

        >>> tell = Figures.plain("USD")
        >>> tell.said_runs(0.9, 10), tell.said_runs(0.0, 10), tell.said_runs(1.0, 10), tell.said_runs(1.0, 1)
        ('9 of 10 runs', 'none of 10 runs', 'all 10 runs', '1 of 1 runs')
        """
        if drawn:
            return self.words.say("report.in_share", share=self.words.share(share))
        if share in (0.0, 1.0) and runs > 1:
            return self.words.say("report.in_every_run" if share else "report.in_no_run", n=self.words.number(runs))
        return self.words.say("report.in_runs", k=self.words.number(round(share * runs)), n=self.words.number(runs))

    def in_runs(self, share: float, runs: int) -> str:
        """Return a share of the runs as a count: "9 of 10"."""
        return self.words.say("report.of_runs", k=self.words.number(round(share * runs)), n=self.words.number(runs))

    def _text(self, text: str) -> str:
        return text.replace(" ", NO_BREAK) if self.joined else text

    def scaled(self, value: float, one: float) -> float:
        """Return a value in units of ``one`` with the digits in which ``value`` tells it: 3,349,424 as 3.3 million.

        A chart that stays editable then shows the digits that every other place shows.
        """
        return shown_digits(value) / one


def unparted(text: str) -> str:
    r"""Return a text in which no line ends between a number and its sign for per cent, or its currency.

    >>> unparted("in up to 26 % of runs"), unparted("$ 200")
    ('in up to 26\xa0% of runs', '$\xa0200')
    """
    return _PARTED.sub(NO_BREAK, text)


def shown_digits(value: float) -> float:
    """Return an amount rounded as money is told: a decimal of millions, else three digits that count.

    >>> shown_digits(3_349_424.0), shown_digits(-509_431.0), shown_digits(123_456_789.0)
    (3300000.0, -509000.0, 123000000.0)
    """
    size, value = abs(value), value + 0.0  # 0 has no sign
    if not math.isfinite(value):
        return 0.0
    for one in (1e9, 1e6):
        if float(f"{size / one:.3g}") >= 1.0:
            return math.copysign(round(size / one, 0 if size / one >= 99.95 else 1) * one, value)
    return math.copysign(float(f"{size:.3g}"), value)
