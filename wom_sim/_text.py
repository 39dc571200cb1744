"""Tables that people send: bytes to text, columns apart, and the signs that numbers are written with.

What is said of a file here is said alike of a customer table and of a file of ties.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import stat
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""Signs that may stand between columns, and their names."""
SAMPLE_LINES = 200
"""Lines that are looked at to find the sign between columns."""

_PACKED: tuple[tuple[bytes, str, Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.decompress),
    (b"BZh", "bzip2", bz2.decompress),
    (b"\xfd7zXZ\x00", "xz", lzma.decompress),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_KINDS = (
    (stat.S_ISDIR, "is a folder; expected a file"),
    (stat.S_ISFIFO, "is a named pipe; expected a file, so write what comes out of it to one"),
    (stat.S_ISSOCK, "is a socket; expected a file"),
    (stat.S_ISCHR, "is a device; expected a file"),
    (stat.S_ISBLK, "is a device; expected a file"),
)


class FileError(ValueError):
    """A file cannot be used. ``line``: from 1, None where it is the whole file; ``words``: what is wrong."""

    def __init__(self, file: Path | str, line: int | None, words: str) -> None:
        self.file, self.line, self.words = Path(file), line, words
        super().__init__(f"{file}: {words}" if line is None else f"{file}, line {line}: {words}")


class Content(NamedTuple):
    """What a file holds: its bytes unpacked, and how they were packed (empty: not at all)."""

    data: bytes
    packing: str


def check_regular(file: Path) -> None:
    """Raise FileError unless ``file`` is a file; a pipe is never opened, since that could wait for ever."""
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError) as error:
        raise FileError(file, None, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    for is_kind, words in _KINDS:
        if is_kind(mode):
            raise FileError(file, None, f"cannot be read: {words}")


def content_of(file: Path) -> Content:
    """Return what a file holds, unpacked where it is packed (gzip, bzip2, xz; told by its first bytes).

    Raises
    ------
    FileError
        If it is no file, cannot be read, or was packed and is damaged.
    """
    check_regular(file)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise FileError(file, None, f"cannot be read: {error.strerror or error}") from None
    for mark, name, unpack in _PACKED:
        if data.startswith(mark):
            try:
                return Content(unpack(data), name)
            except (OSError, EOFError, lzma.LZMAError, zlib.error, ValueError):
                raise FileError(file, None, f"is packed ({name}) and damaged or cut off") from None
    return Content(data, "")


def encoding_of(file: Path, data: bytes) -> str:
    """Return the encoding of a text: UTF-8 or UTF-16 where it is one, else Windows-1252.

    Raises
    ------
    FileError
        If it is not text, or some lines are UTF-8 and others are not.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(file, data, "utf-16")
    control = _CONTROL.search(data)
    if control is not None:
        what = "a zero byte" if control[0] == b"\0" else f"the byte {control[0][0]}"
        raise FileError(file, data.count(b"\n", 0, control.start()) + 1, f"is not text: it holds {what}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _other_encoding(file, data)
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"


def _checked(file: Path, data: bytes, encoding: str) -> str:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        raise FileError(file, None, f"is not text in {encoding.upper()}") from None
    return encoding


def _other_encoding(file: Path, data: bytes) -> str:
    """Return Windows-1252 for a text that is not UTF-8, unless some of its lines are."""
    right = wrong = None
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            right = right or number
        except UnicodeDecodeError:
            wrong = wrong or number
    if right is not None:
        raise FileError(file, wrong, f"mixes encodings: line {right} is UTF-8, this line is not; save it in one")
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        raise FileError(file, wrong, "is not text in UTF-8 nor in Windows-1252") from None
    return "cp1252"


def check_encoding(file: Path, data: bytes, encoding: str) -> str:
    """Return an encoding that was asked for; raise FileError if there is none such, or the text is not in it."""
    try:
        data.decode(encoding)
    except LookupError:
        raise FileError(file, None, f"encoding: given {encoding!r}, which is not known") from None
    except UnicodeError:
        raise FileError(file, None, f"is not text in {encoding}") from None
    return encoding


def lines_of(data: bytes, encoding: str) -> Iterable[str]:
    """Return the lines of a text one by one, with their own line ends."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")


def separator_of(lines: Sequence[str]) -> str | None:
    """Return the sign between columns: the one that cuts most lines into equally many cells; None where none does.

    >>> separator_of(["name;weight", "Ada;0,5", "Bo;1"])
    ';'
    """
    best: tuple[tuple[float, int], str] | None = None
    for sign in SEPARATORS:
        widths = Counter(widths_of(lines, sign))
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        key = (count / max(1, sum(widths.values())), width)
        if width > 1 and (best is None or key > best[0]):
            best = (key, sign)
    return None if best is None else best[1]


def widths_of(lines: Sequence[str], sign: str) -> Iterator[int]:
    """Yield the number of cells of each row, up to one that cannot be read."""
    with suppress(csv.Error):
        for row in csv.reader(lines, delimiter=sign):
            if row:
                yield len(row)


_SIGNS = re.compile(r"(EUR|USD|GBP|CHF|SEK|NOK|DKK|kr\.?|[€$£¥₹\s'’_])", re.IGNORECASE)
_FIGURES = re.compile(r"(?P<minus>-?)(?P<digits>\d[\d.,]*|[.,]\d+)(?P<power>[eE][+-]?\d{1,3})?")


def bare_number(text: str) -> str | None:
    """Return a number without currency sign and spaces, a minus in front; None where the text is no number.

    >>> bare_number("€ 1.234,50"), bare_number("(12.00)"), bare_number("12,00-"), bare_number("a dozen")
    ('1.234,50', '-12.00', '-12,00', None)
    """
    bare = _SIGNS.sub("", text.replace("−", "-"))
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    if bare.endswith("-") and not bare.startswith("-"):
        bare = f"-{bare[:-1]}"
    bare = bare.removesuffix(",").removesuffix("-").removesuffix(",") if bare.endswith(",-") else bare
    bare = bare.removeprefix("+")
    return bare if _FIGURES.fullmatch(bare) else None


def decimal_sign(bare: str) -> str | None:
    """Return the decimal sign that a bare number gives away; "?" where it may be either; None where it says nothing.

    >>> [decimal_sign(each) for each in ("1.234,50", "29,95", "1.234.567", "1.234", "0.234", "12")]
    [',', ',', ',', '?', '.', None]
    """
    figures = bare.lstrip("-")
    if "e" in bare.lower():
        return "." if "." in figures else None
    points, commas = figures.count("."), figures.count(",")
    if points and commas:
        return "," if figures.rfind(",") > figures.rfind(".") else "."
    if not points and not commas:
        return None
    sign, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    whole, _, part = figures.partition(sign)
    return "?" if len(part) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0") else sign


def number_of(bare: str, decimal: str) -> float | None:
    """Return a bare number whose decimal sign is known; None where its groups of thousands are no groups.

    >>> number_of("1.234,50", ","), number_of("1,234.50", ","), number_of("-12", ".")
    (1234.5, None, -12.0)
    """
    group = "." if decimal == "," else ","
    whole, _, part = bare.partition(decimal)
    if group in part or decimal in part:
        return None
    if group in whole and not re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", whole):
        return None
    try:
        return float(whole.replace(group, "") + ("." + part if part else ""))
    except (ValueError, OverflowError):
        return None
