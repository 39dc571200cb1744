"""A house style: colours, font, logo, footer and names, from a file of its own, for all that is shown.

Not in the scenario: a scenario says what was simulated, and its fingerprint would change with a footer.
"""

from __future__ import annotations

import base64
import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim.charts.house import faults
from wom_sim.charts.style import contrast_on_white
from wom_sim.present.own_file import check_keys, read_toml, refuse, table_of, text_of

TEXTS = ("font", "footer", "author", "confidentiality")
KEYS = ("accent", "colours", "logo", "date", *TEXTS)
MOST_COLOURS = 8
_TEXT_CONTRAST = 4.5
"""Least contrast of text on white. Source: WCAG 2.1, level AA."""
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_FONT = re.compile(r"[\w][\w .-]{0,60}")
_LOGOS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_MOST_BYTES = 2_000_000


class Brand(NamedTuple):
    """A house style; what is empty is as without one. ``logo``: content of a PNG or JPEG file."""

    accent: str = ""
    colours: tuple[str, ...] = ()
    font: str = ""
    logo: bytes = b""
    footer: str = ""
    author: str = ""
    date: date | None = None
    confidentiality: str = ""

    @property
    def foot(self) -> list[str]:
        """Return what stands at the foot of slides and pages."""
        return [text for text in (self.confidentiality, self.footer, self.author) if text]

    @property
    def logo_address(self) -> str:
        """Return the logo as a data address, "" where there is none."""
        return f"data:{kind_of(self.logo)};base64,{base64.b64encode(self.logo).decode()}" if self.logo else ""


def read_brand(path: Path) -> Brand:
    """Return the house style in a file, from its table ``[brand]``.

    Raises
    ------
    OwnFileError
        For a file that cannot be read, a key or value that is not allowed, and colours that cannot be seen or told
        apart.
    """
    given = read_toml(path, "--brand")
    check_keys(path, "", given, ("brand",))
    table = table_of(path, "brand", given.get("brand"))
    check_keys(path, "brand.", table, KEYS)
    texts = {key: text_of(path, f"brand.{key}", table[key]) for key in TEXTS if key in table}
    if not _FONT.fullmatch(texts.get("font", "Arial")):
        refuse(path, "brand.font", f"given {texts['font']!r}", "the name of a font")
    when = table.get("date")
    if when is not None and type(when) is not date:
        refuse(path, "brand.date", f"given {when!r}", "a date, as 2026-11-27")
    colours, accent = _colours(path, table)
    return Brand(accent=accent, colours=colours, logo=_logo(path, table.get("logo")), date=when, **texts)


def _colours(path: Path, table: Any) -> tuple[tuple[str, ...], str]:
    """Return the colours of charts, and that of titles and bands: the first of them where none is given."""
    colours = table.get("colours", [])
    if not isinstance(colours, list) or len(colours) > MOST_COLOURS:
        refuse(path, "brand.colours", f"given {colours!r}", f"a list of at most {MOST_COLOURS} colours, as #005A91")
    for n, colour in enumerate(colours, start=1):
        _check_colour(path, f"brand.colours[{n}]", colour)
    colours = [colour.upper() for colour in colours]
    for n, what in faults(colours):
        refuse(path, f"brand.colours[{n + 1}]", what, "colours that everybody can see on white and tell apart")
    accent = table.get("accent", next((c for c in colours if contrast_on_white(c) >= _TEXT_CONTRAST), ""))
    if accent:
        _check_colour(path, "brand.accent", accent)
        if contrast_on_white(accent) < _TEXT_CONTRAST:
            what = f"given {accent}, whose contrast on white is {contrast_on_white(accent):.1f}"
            refuse(path, "brand.accent", what, f"at least {_TEXT_CONTRAST:g}, since text is set in it")
    return tuple(colours), accent.upper()


def _check_colour(path: Path, key: str, colour: Any) -> None:
    if not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
        refuse(path, key, f"given {colour!r}", "a colour, as #005A91")


def _logo(path: Path, name: Any) -> bytes:
    """Return the content of a logo, whose name is relative to the file."""
    if name is None:
        return b""
    file = path.parent / text_of(path, "brand.logo", name)
    try:
        if file.stat().st_size > _MOST_BYTES:
            refuse(path, "brand.logo", f"{file} has {file.stat().st_size:,} bytes", f"at most {_MOST_BYTES:,}")
        content = file.read_bytes()
    except OSError as error:
        refuse(path, "brand.logo", f"{file} cannot be read: {error.strerror}", "a PNG or JPEG file")
    if not kind_of(content):
        refuse(path, "brand.logo", f"{file} is neither PNG nor JPEG", "a PNG or JPEG file")
    return content


def kind_of(content: bytes) -> str:
    """Return the media type of a picture, "" for one that is not allowed."""
    return next((kind for head, kind in _LOGOS.items() if content.startswith(head)), "")
