"""Which font the charts use, and which scripts it does not have."""

from __future__ import annotations

from typing import Any

_SCRIPTS = {
    "Greek": "\N{GREEK CAPITAL LETTER OMEGA}", "Cyrillic": "\N{CYRILLIC CAPITAL LETTER ZHE}",
    "Arabic": "\N{ARABIC LETTER AIN}", "Hebrew": "\N{HEBREW LETTER ALEF}", "Devanagari": "\N{DEVANAGARI LETTER A}",
    "Chinese": "\u5ba2", "emoji": "\N{GRINNING FACE}",
}  # fmt: skip
"""A letter of each script."""


def used_font() -> str:
    """Return name and file of the font of the charts."""
    path = _file()
    return f"{_font(path).family_name} ({path})"


def missing_scripts() -> list[str]:
    """Return the scripts of which the font has no letters; names in them show as boxes."""
    font = _font(_file())
    return [script for script, letter in _SCRIPTS.items() if not font.get_char_index(ord(letter))]


def _file() -> str:
    from matplotlib.font_manager import FontProperties, findfont

    return str(findfont(FontProperties()))


def _font(path: str) -> Any:
    from matplotlib.font_manager import get_font

    return get_font(path)
