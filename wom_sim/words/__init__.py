"""All words that charts, report and deck write, in one catalogue a language, and numbers as people say them.

``en.toml`` and ``nl.toml`` hold the same keys with the same placeholders; a test sees to it. Another language is a
file beside them, which may lack keys: these are said in English. A key belongs to
who says it: ``chart.*``, ``report.*``, ``deck.*``; ``name.*`` and ``number.*`` are shared.
"""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from wom_sim.words.languages import EVERY, WHOLE
from wom_sim.words.numbers import Style, currency_of, money, number, share

__all__ = ["ENGLISH", "EVERY", "LANGUAGES", "Words", "catalogue", "own_texts", "sentence"]

LANGUAGES = WHOLE
SHARES = ("share", "chance", "probability")
_HUNDREDTH = 0.01
_MOST_EXTRA = 8
"""More digits than so many are not added to tell two numbers apart."""


@lru_cache(maxsize=len(EVERY))
def catalogue(lang: str) -> Mapping[str, str]:
    """Return every text of a language by its key, as in ``chart.reached.title``; in English what it does not say.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    own = own_texts(lang)
    return own if lang in WHOLE else {**catalogue("en"), **own}


@lru_cache(maxsize=len(EVERY))
def own_texts(lang: str) -> Mapping[str, str]:
    """Return the texts that the file of a language itself has. Raises as ``catalogue``."""
    if lang not in EVERY:
        raise ValueError(f"language: given {lang!r}, allowed: {', '.join(EVERY)}")
    text = (Path(__file__).parent / f"{lang}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(tree: Mapping[str, Any], head: str) -> list[tuple[str, str]]:
    """Return the leaves of nested tables with their keys joined by dots."""
    leaves: list[tuple[str, str]] = []
    for key, value in tree.items():
        leaves += _flat(value, f"{head}{key}.") if isinstance(value, dict) else [(f"{head}{key}", str(value))]
    return leaves


def sentence(text: str) -> str:
    """Return a text with its first letter in upper case and all others as they are.

    >>> sentence("paid exit, as AT&T did")
    'Paid exit, as AT&T did'
    """
    return text[:1].upper() + text[1:]


class Words:
    """The words of one language; ``policies``: what a scenario calls its own policies in it, by their names.

    >>> Words("en").number(22_100_000), Words("nl").number(22_100_000)
    ('22.1 million', '22,1 miljoen')
    """

    def __init__(self, lang: str = "en", policies: Mapping[str, str] | None = None) -> None:
        self.lang = lang
        self._called = dict(policies or {})
        self._texts = catalogue(lang)
        say = self._texts.__getitem__
        scales = ("{n}", *(say(f"number.{name}") for name in ("million", "billion")))
        brief = tuple(say(f"number.{name}") for name in ("brief_thousand", "brief_million", "brief_billion"))
        self._style = Style(
            say("number.decimal"), say("number.group"), say("number.sign_gap"), say("number.unknown"), scales, brief
        )

    @property
    def partial(self) -> str:
        """Return that some texts are in English, "" where none is."""
        known = len(set(own_texts(self.lang)) & set(self._texts))
        if known == len(self._texts):
            return ""
        return self.say("language.partial", n=self.exact(known), of=self.exact(len(self._texts)))

    # -- texts ----------------------------------------------------------------------------------------------

    def say(self, key: str, /, **values: object) -> str:
        """Return the text of a key with its placeholders filled; ``{n:one|many}`` is the word that goes with ``n``.

        >>> [Words().say("verdict.happened_lost", policy="it", lost=n, covered="none") for n in ("1", "1.2")]
        ... # doctest: +NORMALIZE_WHITESPACE
        ['; on average it loses 1 profitable customer, and it makes national news in none',
         '; on average it loses 1.2 profitable customers, and it makes national news in none']

        Raises
        ------
        KeyError
            When the catalogue has no such key, or a placeholder is not given.
        """
        return _FORMS.vformat(self._texts[key], (), values)

    def count(self, key: str, n: float, /, **values: object) -> str:
        """Return the text ``key.one`` for one of it, else ``key.many``; both may hold the number as ``{n}``."""
        return self.say(f"{key}.{'one' if n == 1 else 'many'}", n=self.people(n), **values)

    def text(self, key: str, otherwise: str) -> str:
        """Return the text of a key as it is; ``otherwise`` where the catalogue has none."""
        return self._texts.get(key, otherwise)

    def within(self, text: str) -> str:
        """Return a name as it stands after a colon: small at its start, but where nouns have capitals as it is.

        >>> Words("en").within("Low end"), Words("en").within("AT&T calls"), Words("de").within("Unteres Ende")
        ('low end', 'AT&T calls', 'Unteres Ende')
        """
        if self.say("language.nouns") == "capital" or not text[1:2].islower():
            return text
        return text[:1].lower() + text[1:]

    def name(self, kind: str, name: str, otherwise: str | None = None) -> str:
        """Return what a thing of the model is called (``name.KIND.NAME``); ``otherwise`` or itself if not there."""
        plain = " ".join(str(name).replace("_", " ").split())
        found = self._texts.get(f"name.{kind}.{plain.replace(' ', '_')}")
        return found if found is not None else plain if otherwise is None else otherwise

    def policy(self, name: str) -> str:
        """Return a policy's name: as the scenario calls it in this language, else that of a policy of the package.

        One of the user's that is called nothing else stays as it is.

        >>> Words("nl").policy("case_by_case"), Words("nl").policy("our own_plan")
        ('individuele aanpak', 'our own_plan')
        >>> Words("nl", {"our own_plan": "ons plan"}).policy("our own_plan")
        'ons plan'
        """
        return self._called.get(str(name)) or self.name("policy", name, otherwise=str(name))

    def policy_typed(self, name: str) -> str:
        """Return a policy's name for a table of the terminal: in English as it is typed, else as ``policy``.

        >>> Words("en").policy_typed("case_by_case"), Words("nl").policy_typed("case_by_case")
        ('case_by_case', 'individuele aanpak')
        """
        return self._called.get(str(name), str(name)) if self.lang == "en" else self.policy(name)

    def number_typed(self, value: float, form: str) -> str:
        """Return a number beside keys of a scenario: in English in a ``form`` as it is typed, else as ``number``.

        >>> Words("en").number_typed(1234.5, ".6g"), Words("nl").number_typed(1234.5, ".6g")
        ('1234.5', '1.230')
        """
        return format(value, form) if self.lang == "en" else self.number(float(value))

    def counted(self, thing: str, n: int) -> str:
        """Return a number of things in words, as ``count.THING`` has it.

        >>> Words("en").counted("run", 1), Words("nl").counted("run", 2_000)
        ('1 run', '2.000 doorrekeningen')
        """
        return self.say(f"count.{thing}", n=self.exact(n))

    def policy_said(self, name: str) -> str:
        """Return a policy's name within a sentence: ``keep`` as keeping everyone, one of the user's in quotes.

        >>> Words().policy_said("keep"), Words().policy_said("case by case"), Words().policy_said("our own plan")
        ('keeping everyone', 'going case by case', '“our own plan”')
        """
        if name == "keep":
            return self.say("report.keep")
        if called := self._called.get(name):
            return self.say("report.quoted", name=called)
        known = self._texts.get(f"report.policy.{name.replace(' ', '_')}")
        return self.say("report.quoted", name=name) if known is None else known

    def parameter(self, key: str, meaning: str) -> str:
        """Return what a number of the model is called in this language; ``meaning`` where there is no word for it."""
        return self._texts.get(f"report.parameter.{key}", meaning)

    def unit(self, unit: str) -> str:
        """Return a unit of a number of the model in this language; itself where there is no word for it.

        >>> Words("nl").unit("days"), Words("nl").unit("a year")
        ('dagen', 'per jaar')
        """
        return self._texts.get(f"report.unit.{unit.replace(' ', '_')}", unit)

    def grade(self, grade: str) -> str:
        """Return how good a source is in this language; the letters are the same in all.

        >>> Words("nl").grade("C, never measured"), Words("nl").grade("A/C")
        ('C, nooit gemeten', 'A/C')
        """
        return self._texts.get(f"report.grade.{grade}", grade)

    def listed(self, parts: Sequence[str]) -> str:
        """Return several texts as a list.

        >>> Words("en").listed(["a", "b", "c"])
        'a, b and c'
        """
        if len(parts) < 2:
            return "".join(parts)
        return self.say("number.list", first=", ".join(parts[:-1]), last=parts[-1])

    def date(self, day: date) -> str:
        """Return a date.

        >>> Words("en").date(date(2007, 7, 9)), Words("nl").date(date(2007, 7, 9))
        ('9 July 2007', '9 juli 2007')
        """
        return self.say("number.date", day=day.day, month=self.say(f"number.month.{day.month}"), year=day.year)

    # -- numbers --------------------------------------------------------------------------------------------

    def number(self, value: float) -> str:
        """Return a number to three significant digits, millions and billions in words."""
        return number(value, self._style)

    def exact(self, value: int) -> str:
        """Return a whole number with all its digits.

        >>> Words("en").exact(125_826), Words("nl").exact(125_826)
        ('125,826', '125.826')
        """
        return f"{value:,}".replace(",", self.say("number.group"))

    def fixed(self, value: float, decimals: int = 1, *, grouped: bool = True) -> str:
        """Return a number with so many decimals, its thousands ``grouped``.

        >>> Words("en").fixed(1234.56), Words("nl").fixed(1234.56)
        ('1,234.6', '1.234,6')
        """
        whole, dot, rest = (f"{value:,.{decimals}f}" if grouped else f"{value:.{decimals}f}").partition(".")
        point = self.say("number.decimal") if dot else ""
        return whole.replace(",", self.say("number.group")) + point + rest

    def signed(self, value: float) -> str:
        """Return the same as ``number``, with a plus before a gain."""
        return _plus(value, self.number(value))

    def money(self, value: float, currency: str, brief: bool = False) -> str:
        """Return an amount of money; ``currency`` is an ISO code; ``brief`` for ticks and cells.

        >>> Words("en").money(3_120_000, "USD"), Words("nl").money(-240_000, "EUR")
        ('$3.1 million', '−€ 240.000')
        >>> Words("en").money(3_120_000, "USD", brief=True), Words("nl").money(-240_000, "EUR", brief=True)
        ('$3.1 M', '−€ 240 dzd')
        """
        return money(value, currency, self._style, brief)

    def signed_money(self, value: float, currency: str, brief: bool = False) -> str:
        """Return the same as ``money``, with a plus before a gain."""
        return _plus(value, self.money(value, currency, brief))

    def people(self, value: float) -> str:
        """Return a number of people, which may be a mean: whole from ten on.

        >>> Words().people(21.5), Words().people(1.65)
        ('22', '1.65')
        """
        return self.number(_whole(value))

    def signed_people(self, value: float) -> str:
        """Return the same as ``people``, with a plus before a gain."""
        return self.signed(_whole(value))

    def share(self, value: float) -> str:
        """Return a share as a percentage.

        >>> Words("en").share(0.925), Words("nl").share(0.925)
        ('92.5 %', '92,5 %')
        """
        return share(value, self._style)

    def whole_share(self, value: float) -> str:
        """Return a share in whole per cent; what is nearly all or nothing is not rounded to all or nothing.

        >>> Words().whole_share(0.603), Words().whole_share(0.001), Words("nl").whole_share(0.999)
        ('60 %', 'under 1 %', 'ruim 99 %')
        """
        if 0.0 < value < 0.005:
            return self.say("number.under", share=self.share(0.01))
        if 0.995 <= value < 1.0:
            return self.say("number.over", share=self.share(0.99))
        return self.share(round(value, 2))

    def rough_share(self, value: float) -> str:
        """Return a share with two digits that count, as an end of an interval is known at most.

        >>> Words().rough_share(0.2589), Words().rough_share(0.0112), Words("nl").rough_share(0.00298)
        ('26 %', '1.1 %', '0,3 %')
        """
        return self.share(float(f"{value:.2g}"))

    def ends(self, low: float, high: float, unit: str, currency: str, brief: bool = False) -> tuple[str, str]:
        """Return both ends of an interval, with more digits where they would else look the same and are not.

        >>> Words().ends(1_480_000.0, 1_520_000.0, "currency", "USD"), Words().ends(3.0, 3.0, "people", "USD")
        (('$1.48 million', '$1.52 million'), ('3', '3'))
        >>> Words().ends(-4e-9, 4e-9, "currency", "USD")
        ('$0', '$0')
        >>> Words().ends(-4.554, 298.0, "currency", "USD")  # rounded once
        ('−$4.6', '$298')
        """
        same = low == high
        if currency_of(unit, currency) is not None and math.isfinite(low) and math.isfinite(high):
            same = round(low, 2) == round(high, 2)  # what is less than a hundredth is a remainder of arithmetic
            low, high = (0.0 if abs(end) < _HUNDREDTH / 2.0 else end for end in (low, high))
        for extra in range(1 if same else _MOST_EXTRA):
            first, last = (self._quantity(end + 0.0, unit, currency, brief, extra) for end in (low, high))
            if first != last:
                break
        return first, last

    def quantity(self, value: float, unit: str, currency: str, brief: bool = False) -> str:
        """Return a value in the words of its unit: money, a percentage, or a plain number."""
        return self._quantity(value, unit, currency, brief, 0)

    def _quantity(self, value: float, unit: str, currency: str, brief: bool, extra: int) -> str:
        code = currency_of(unit, currency)
        if code is not None:
            return money(value, code, self._style, brief, extra)
        if unit in SHARES:
            return self.share(value)
        return number(_whole(value) if unit == "people" else value, self._style, extra)

    def signed_quantity(self, value: float, unit: str, currency: str, brief: bool = False) -> str:
        """Return a difference in the words of its unit: money, percentage points, or a plain number.

        >>> Words("en").signed_quantity(-5e6, "currency", "USD"), Words("en").signed_quantity(0.125, "share", "")
        ('−$5 million', '+12.5 points')
        """
        code = currency_of(unit, currency)
        if code is not None:
            return self.signed_money(value, code, brief)
        if unit in SHARES:
            return self.say("number.points", n=self.signed(100.0 * value))
        return self.signed_people(value) if unit == "people" else self.signed(value)


class _Forms(string.Formatter):
    """Fills placeholders, and chooses between two words by what was told: one, or any other number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as ``format`` does; for a specification ``one|many`` that word."""
        one, bar, many = format_spec.partition("|")
        if not bar:
            return format(value, format_spec)
        return one if str(value) == "1" else many


_FORMS = _Forms()


def _whole(value: float) -> float:
    """Return a number of people without decimals, from ten to a hundred; three digits do the rest, rounding once."""
    return math.copysign(math.floor(abs(value) + 0.5), value) if 10.0 <= abs(value) < 100.0 else value


def _plus(value: float, text: str) -> str:
    """Return the text with a plus before it if the value is above zero, and is not told as zero."""
    told = any(digit in "123456789" for digit in text)
    return ("+" if value > 0.0 and math.isfinite(value) and told else "") + text


ENGLISH = Words("en")
"""What is said where no other language is asked for."""
