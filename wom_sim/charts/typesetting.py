"""Measuring and wrapping text, in inches."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

from wom_sim.charts.style import PLAIN, Face

_PITCH = 1.25
"""Distance of two lines of text, in sizes of the type."""

_DPI = 150.0
_PAIR = 3
_APART = re.compile(r"[ -~\u00a0-\u024f\u0391-\u03c9\u0410-\u044f\u2010-\u22ff\u25a0-\u25ff]+")
"""Latin, Greek and Cyrillic letters, punctuation, signs: each stands for itself, but for kerning."""
_JOINING = "f"
"""Letters that the font may draw as one with the next."""
_NOTHING = 1e-9
_PROBED = (("A", "v"), ("k", "e"), ("r", "c"), ("T", "o"), ("a", "1"), ("y", ","))
_JOINED = "ff"
"""Letters that the font draws as one, whose distance to what follows is not that of the second."""
_NO_BREAK = "\N{NO-BREAK SPACE}"
_UNITS = re.compile(
    r"(?<=\d) (?=(?:k|M|bn|million|billion|points|people|dzd|mln|mld|miljoen|miljard|procentpunt|mensen)\b|%)"
    r"|(?:(?<=\b[A-Z]{3})|(?<=[$€£])) (?=\d)"
)


def line_height(face: Face = PLAIN) -> float:
    """Return the height of a line of text in inches."""
    return _PITCH * face.size / 72.0


def text_width(text: str, face: Face = PLAIN) -> float:
    """Return the width of one line of text in inches, as matplotlib sets it; nothing of its drawing is loaded.

    It is put together from pairs of letters, which are measured once; to set whole lines takes a hundred times as long.
    Where a script joins or stacks letters, the line is set whole.
    """
    return _width(text, face.size, face.bold)


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool) -> float:
    """Return the width of a line of any colour, which makes no letter wider."""
    face = Face(size, bold)
    if len(text) < _PAIR or not stands_apart(text):
        return _set(text, face)
    return sum(_step(a, b, face) for a, b in pairwise(text)) + _set(text[-1], face)


def stands_apart(text: str) -> bool:
    """Return whether each letter of a text looks as it does alone: no script that joins or stacks letters."""
    return _JOINED not in text and _APART.fullmatch(text) is not None


@lru_cache(maxsize=16_384)
def _step(letter: str, following: str, face: Face) -> float:
    """Return how far to the right of a letter the next one begins, kerning included."""
    if letter not in _JOINING and _adds_up(face):
        return _advance(letter, face) + _kerning(letter, following, face)
    return _set(letter + following, face) - _set(following, face)


@lru_cache(maxsize=64)
def _adds_up(face: Face) -> bool:
    """Return whether this matplotlib sets a letter by the font's own advance and kerning: ten times as fast to ask.

    Before 3.11 it rounded them in ways of its own.
    """
    whole = ((a, b, _set(a + b, face) - _set(b, face)) for a, b in _PROBED)
    return all(abs(_advance(a, face) + _kerning(a, b, face) - step) < _NOTHING for a, b, step in whole)


@lru_cache(maxsize=4096)
def _advance(letter: str, face: Face) -> float:
    """Return how far a letter moves on, in inches, without kerning."""
    return float(_font(face).load_char(ord(letter)).horiAdvance) / 64.0 / _DPI


def _kerning(letter: str, following: str, face: Face) -> float:
    """Return how much further, or less far, a letter moves on before another one, in inches."""
    from matplotlib.ft2font import Kerning

    font = _font(face)
    pair = (font.get_char_index(ord(each)) for each in (letter, following))
    return float(font.get_kerning(*pair, Kerning.UNFITTED)) / 64.0 / _DPI


def _font(face: Face) -> Any:
    """Return the font of a face at its size; it is matplotlib's own, one a thread, so the size is set each time."""
    from matplotlib.font_manager import get_font

    font = get_font(_font_file(face.bold))
    font.set_size(face.size, _DPI)
    return font


@lru_cache(maxsize=4096)
def _set(text: str, face: Face) -> float:
    """Return the width of a text in inches as matplotlib sets it."""
    font = _font(face)
    font.clear()
    font.set_text(text, 0.0)
    return float(font.get_width_height()[0]) / 64.0 / _DPI


@lru_cache(maxsize=2)
def _font_file(bold: bool) -> str:
    from matplotlib.font_manager import FontProperties, findfont

    return str(findfont(FontProperties(weight="bold" if bold else "normal")))


def wrap(text: str, width: float, face: Face = PLAIN) -> list[str]:
    """Return a text in lines no wider than ``width`` inches.

    A number stays with its unit; a word wider than a line is cut.
    """
    lines: list[str] = []
    line = ""
    for word in _UNITS.sub(_NO_BREAK, " ".join(text.split())).split(" "):
        trial = f"{line} {word}".strip()
        if text_width(trial, face) <= width:
            line = trial
            continue
        lines += [line] if line else []
        *cut, line = _cut(word, width, face)
        lines += cut
    return [each.replace(_NO_BREAK, " ") for each in [*lines, line] if each]


def unbroken(text: str) -> str:
    r"""Return a text in which a number stays with its unit, whatever program breaks its lines.

    >>> unbroken("costs 3.1 million")
    'costs 3.1\xa0million'
    """
    return _UNITS.sub(_NO_BREAK, text)


def wrap_by_clause(text: str, width: float, face: Face = PLAIN) -> list[str]:
    """Return the same as ``wrap``, but broken after ";" or ":" where each clause then fits on a line."""
    lines = wrap(text, width, face)
    clauses = [line for clause in re.split(r"(?<=[;:]) ", text) for line in wrap(clause, width, face)]
    return clauses if 1 < len(clauses) <= len(lines) else lines


def _cut(word: str, width: float, face: Face) -> list[str]:
    """Return a word in pieces no wider than ``width``, of at least one letter each."""
    pieces = []
    while len(word) > 1 and text_width(word, face) > width:
        length = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or text_width(word[:n], face) <= width)
        pieces.append(word[:length])
        word = word[length:]
    return [*pieces, word]
