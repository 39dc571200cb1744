"""Numbers as people are told them: found in a text, with the precision at which they are shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

SCALES = {"k": 1e3, "M": 1e6, "bn": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}
MONEY, SHARE, PLAIN = "money", "share", "plain"
_NUMBER = re.compile(
    r"(?<![\w.,#/-])(?P<sign>[−+-]?)(?P<money>\$?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?: ?(?P<scale>thousand|million|billion|bn|k|M)\b)?(?P<share> ?%)?(?![\w/]|-\w|\.\d)"
)

_OF_A_SPAN = re.compile(r" to [−+-]?\d[\d.]* ?%")


class Told(NamedTuple):
    """A number that is told: what it is (shares as 0..1), half a unit of its last digit, its kind and its text."""

    value: float
    half: float
    kind: str
    text: str

    def is_for(self, value: float) -> bool:
        """Return whether a value, rounded once, is told so; a number in words has no sign of its own."""
        return abs(value - self.value) <= self.half * (1.0 + 1e-6) + 1e-12


def numbers_in(text: str) -> Iterator[tuple[Told, int]]:
    """Yield every number of a text and where it stands."""
    plain = text.replace("\xa0", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    for match in _NUMBER.finditer(plain):
        told = _told(match)
        if told.kind == PLAIN and _OF_A_SPAN.match(plain, match.end()):  # "3 to 72 %"
            told = Told(told.value / 100.0, told.half / 100.0, SHARE, told.text)
        yield told, match.start()


def one(text: str) -> Told:
    """Return the only number of a text."""
    (found,) = (told for told, _ in numbers_in(text))
    return found


def two(text: str) -> tuple[Told, Told]:
    """Return the two numbers of an interval."""
    low, high = (told for told, _ in numbers_in(text))
    return low, high


def _told(match: re.Match[str]) -> Told:
    digits = match["digits"].replace(",", "")
    scale = SCALES.get(match["scale"] or "", 1.0) * (0.01 if match["share"] else 1.0)
    value = float(digits)
    decimals = len(digits.partition(".")[2])
    unit = 10.0**-decimals
    if value:  # three digits count: the noughts after them are none
        unit = max(unit, 10.0 ** (math.floor(math.log10(value)) - 2))
    kind = MONEY if match["money"] else SHARE if match["share"] else PLAIN
    sign = -1.0 if match["sign"] in ("−", "-") else 1.0
    return Told(sign * value * scale, unit * scale / 2.0, kind, match[0].strip())
