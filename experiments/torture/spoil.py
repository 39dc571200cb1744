"""Ways to spoil what is well formed: texts, tables, bytes and folders. All luck comes from the caller."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable

VALUES = (
    "-1", "0", "1", "0.5", "1e308", "-1e308", "1e-320", "nan", "inf", "-inf", "9223372036854775808", "1" * 5000, "true",
    '""', "[]", "{}", "[[1]]", '"NA"', '"=1+1"', '"<b>x</b>"', '"[/bold]"', '"\\u0000"', '"\\u001b[2J"',
    '"\\U0001F600"',
    "1979-05-27", "07:32:00", "0x10", "'", "{low=1}", "{low=2,high=1}", "{low=1,high=nan}", "{mode=1}",
    '"' + "a" * 3000 + '"', "[" * 50 + "]" * 50, "[" * 3000, "1_000", "+1", '"../../etc/passwd"', '"/dev/zero"', '"."',
    '"a\\u0000b"', '"' + "d/" * 2000 + '"', '"\\ud800"', '"con"', "0b1", "1e400", "-0.0", "2147483648", '"1"', "[1, 2]",
    '["a"]', "{a=1}", '"builtin:bank"', '"keep"',
)  # fmt: skip
"""What may stand behind a key of a TOML file, for better or worse."""
FIELDS = (
    "", " ", "NA", "nan", "None", "null", "-", "=1+1", "+31 6", "@x", "0", "-1", "1e309", "1e-400", "9" * 400, "1,5",
    "1.234,56", "1,234.56", "(12.50)", "12-", "€ 12", "31-02-2020", "2020-02-30", "99999-01-01", "0000-00-00", "45292",
    "yes", "ja", "TRUE", "\ufeff", "\u202e", "\x00", "\x1b[2J", '"', '""', '"a', "a" * 70000, "😀", "﷽" * 50,
    "1\u00a0000", "١٢٣", "½", "0x1F", "1_000", "inf", "-inf", ";", ",", "\t", "|", "#REF!", "00001", "1.0", "12.0.0",
    "2024-01-01T00:00:00+99:00", "24:61",
)  # fmt: skip
"""What may stand in a cell of a table, for better or worse."""
_TABLES = ("run", "money", "policies", "population.segments", "[policies]", "[population.segments]", "x", "worlds",
           "media", "[seen]", "choose", "network", "[factors]", "design", "")  # fmt: skip
_KEYS = ("days", "k" * 999, "payment", "a.b", "", '"a b"', "name", "use", "extends", "path", "limit", "kind", "seed")


def toml(text: str, luck: random.Random) -> bytes:
    """Return a TOML file with one to four things wrong with it, or not."""
    lines = text.splitlines() or [""]
    for _ in range(luck.choice((1, 1, 1, 2, 3, 4))):
        at = luck.randrange(len(lines))
        way = luck.randrange(11)
        if way <= 1 and "=" in lines[at]:
            lines[at] = f"{lines[at].partition('=')[0]}= {luck.choice(VALUES)}"
        elif way == 2:
            lines.insert(at, luck.choice(lines))
        elif way == 3 and len(lines) > 1:
            del lines[at]
        elif way == 4:
            lines[at] = lines[at][: luck.randrange(len(lines[at]) + 1)]
        elif way == 5:
            lines.insert(at, f"{luck.choice(_KEYS)} = {luck.choice(VALUES)}")
        elif way == 6:
            lines.insert(at, f"[{luck.choice(_TABLES)}]")
        elif way == 7:
            lines[at] = lines[at].replace('"', luck.choice(("'", "", '""', '"""')))
        elif way == 8:
            lines[at] = "".join(luck.sample(lines[at], len(lines[at])))
        elif way == 9 and any(c.isdigit() for c in lines[at]):
            old = luck.choice([c for c in lines[at] if c.isdigit()])
            lines[at] = lines[at].replace(old, luck.choice(("-1", "9e9", "", "0", "1e30")), 1)
        else:
            lines.insert(0, f"extends = {luck.choice(VALUES)}")
    whole = "\n".join(lines).encode("utf-8", "surrogatepass")
    return content(whole, luck) if luck.random() < 0.15 else whole


def table(text: str, luck: random.Random, marks: str = ",;\t ") -> bytes:
    """Return a table of text lines with one to five things wrong with it, or not."""
    lines = text.splitlines() or [""]
    mark = max(marks, key=text.count)
    for _ in range(luck.randint(1, 5)):
        at = luck.randrange(len(lines))
        way = luck.randrange(9)
        cells = lines[at].split(mark)
        if way <= 2:
            cells[luck.randrange(len(cells))] = luck.choice(FIELDS)
            lines[at] = mark.join(cells)
        elif way == 3:
            lines[at] = mark.join([*cells, luck.choice(FIELDS)])
        elif way == 4:
            lines[at] = mark.join(cells[:-1])
        elif way == 5:
            lines.insert(at, luck.choice(lines))
        elif way == 6 and len(lines) > 1:
            del lines[at]
        elif way == 7:
            lines[at] = lines[at].replace(mark, luck.choice(marks))
        else:
            lines.insert(at, luck.choice(("", "#", "%", "a" + mark * 50, "\x00" * 5, lines[at] * 20)))
    whole = luck.choice(("\n", "\n", "\n", "\r\n", "\r")).join(lines)
    form = luck.choice(("utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-32"))
    spoilt = whole.encode(form, "replace")
    return content(spoilt, luck) if luck.random() < 0.15 else spoilt


def content(whole: bytes, luck: random.Random) -> bytes:
    """Return bytes of which something is flipped, cut off, doubled, moved, blank or put in between."""
    spoilt = bytearray(whole)
    for _ in range(luck.randint(1, 3)):
        size = len(spoilt)
        start = luck.randrange(size + 1)
        end = min(size, start + luck.choice((1, 1, 2, 8, 64, 512, 4096)))
        way = luck.randrange(7)
        if way <= 1 and size:
            spoilt[luck.randrange(size)] ^= 1 << luck.randrange(8)
        elif way == 2:
            del spoilt[start:]
        elif way == 3:
            del spoilt[start:end]
        elif way == 4:
            spoilt[start:start] = spoilt[start:end]
        elif way == 5:
            spoilt[start:end] = bytes(end - start)
        else:
            spoilt[start:start] = luck.randbytes(luck.choice((1, 4, 100)))
    return bytes(spoilt)


def packed(whole: bytes, luck: random.Random, inner: Callable[[bytes, random.Random], bytes] = content) -> bytes:
    """Return a zip file (xlsx, pptx) of which a member is spoilt, missing or huge, or its bytes are."""
    if luck.random() < 0.3:
        return content(whole, luck)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victim, way = luck.choice(names), luck.randrange(5)
        for name in names:
            held = old.read(name)
            if name == victim and way == 0:
                continue
            if name == victim and way <= 3:
                held = _xml(held, luck) if way < 3 else inner(held, luck)
            new.writestr(name, held)
        if way == 4:
            new.writestr(luck.choice(("../../up.txt", "/abs", "a" * 300, "\u202e.xml", "big.bin")), b"0" * 200_000)
    return made.getvalue()


def _xml(whole: bytes, luck: random.Random) -> bytes:
    """Return XML with a value of an attribute or a text exchanged."""
    marks = [k for k, byte in enumerate(whole) if byte == ord('"')]
    if len(marks) < 2:
        return content(whole, luck)
    first = luck.randrange(len(marks) - 1)
    given = luck.choice((b"", b"-1", b"99999999999999999999", b"nan", b"&x;", b"rId999", b"<", b"\x00", b"a" * 5000))
    return whole[: marks[first] + 1] + given + whole[marks[first + 1] :]


def zipped(whole: bytes, luck: random.Random) -> bytes:
    """Return gzip of bytes; now and then spoilt."""
    made = gzip.compress(whole, 1, mtime=0)
    return content(made, luck) if luck.random() < 0.5 else made
