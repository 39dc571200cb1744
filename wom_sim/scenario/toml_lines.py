"""On which line of a TOML text each key stands.

``tomllib`` does not say. The text has been read by ``tomllib`` before, so this scanner may take it that the
text is valid TOML, and need only find where things begin and end.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

from wom_sim.scenario.tree import DEEPEST, KeyPath

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # up to two quotes may stand before the closing three
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_NUMBERS = re.compile(r"\[[\s\d_+\-.eE,]*\]")
_NUMBER = re.compile(r"[^\s,]+")
_LONG = 10_000
"""Characters from which on a list of numbers is read at once: one of 300,000 people takes seconds item by item."""
_SCALAR = re.compile(r"[^,\]}#\r\n]*")


def locate(text: str) -> dict[KeyPath, int]:
    r"""Return the line, from 1, of every table, key and item of a list in a valid TOML ``text``.

    A table's line is that of its header, or of the first key that implies it. The root's is 1. Raises
    RecursionError for tables nested more than ``DEEPEST``.

    >>> locate("a = 1\n[b]\nc.d = [2,\n3]")[("b", "c", "d", 1)]
    4
    """
    return _Scanner(text).scan()


class _Scanner:
    """Walks through a text once; ``at`` is the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(m.end() for m in re.finditer(r"\n", text))]
        self.lines: dict[KeyPath, int] = {(): 1}
        self.lengths: dict[KeyPath, int] = {}  # of arrays of tables: how many [[...]] there were so far

    def scan(self) -> dict[KeyPath, int]:
        """Read statement after statement."""
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[[", self.at):
                table = self._array_header()
            elif self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Move past ``pattern`` and return what it covered."""
        match = pattern.match(self.text, self.at)
        if match is None:  # cannot happen in valid TOML; go on rather than loop
            self.at += 1
            return ""
        self.at = match.end()
        return match.group()

    def _mark(self, path: KeyPath, at: int) -> None:
        """Note the line of ``path``; the first mention counts."""
        if len(path) > DEEPEST:  # its prefixes would fill the memory
            raise RecursionError("tables are nested too deeply")
        self.lines.setdefault(path, bisect_right(self.starts, at))

    def _key(self) -> list[str]:
        """Read a key: bare or quoted parts, joined by dots."""
        parts = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at] in "\"'":
                parts.append(next(iter(tomllib.loads(self._skip(_STRING) + " = 0"))))
            else:
                parts.append(self._skip(_BARE_KEY))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _resolve(self, parts: list[str], at: int) -> KeyPath:
        """Return the path that a header's leading parts mean: the last item of each array of tables."""
        path: KeyPath = ()
        for part in parts:
            path = (*path, part)
            self._mark(path, at)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path

    def _header(self) -> KeyPath:
        """Read ``[table]``."""
        at = self.at
        self.at += 1
        path = self._resolve(self._key(), at)
        self.at += 1
        self.lines[path] = bisect_right(self.starts, at)  # better than a sub-table before it
        return path

    def _array_header(self) -> KeyPath:
        """Read ``[[array of tables]]``: one more item."""
        at = self.at
        self.at += 2
        parts = self._key()
        self.at += 2
        array: KeyPath = (*self._resolve(parts[:-1], at), parts[-1])
        self._mark(array, at)
        number = self.lengths.get(array, 0)
        self.lengths[array] = number + 1
        self._mark((*array, number), at)
        return (*array, number)

    def _pair(self, table: KeyPath) -> None:
        """Read ``key = value`` of ``table``."""
        at = self.at
        path = table
        for part in self._key():
            path = (*path, part)
            self._mark(path, at)
        self.at += 1
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        """Read the value of ``path``, with everything in it."""
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening and opening in "\"'":
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        """Read ``[a, b]``, over as many lines as it takes."""
        match = _NUMBERS.match(self.text, self.at)
        if match is not None and match.end() - self.at > _LONG:
            self._numbers(path, match)
            return
        self.at += 1
        number = 0
        self._skip(_BLANK)
        while self.at < len(self.text) and self.text[self.at] != "]":
            self._mark((*path, number), self.at)
            self._value((*path, number))
            self._separator()
            number += 1
        self.at += 1

    def _numbers(self, path: KeyPath, match: re.Match[str]) -> None:
        """Read a long list of numbers; those on the line on which it begins have its line without being noted."""
        self.at = match.end()
        line = bisect_right(self.starts, match.start())
        start = self.starts[line] if line < len(self.starts) else match.end()
        before = sum(1 for _ in _NUMBER.finditer(self.text, match.start() + 1, min(start, match.end() - 1)))
        for number, token in enumerate(_NUMBER.finditer(self.text, min(start, match.end()), match.end() - 1), before):
            self.lines.setdefault((*path, number), bisect_right(self.starts, token.start()))

    def _inline_table(self, path: KeyPath) -> None:
        """Read ``{a = 1, b = 2}``."""
        self.at += 1
        self._skip(_BLANK)
        while self.at < len(self.text) and self.text[self.at] != "}":
            self._pair(path)
            self._separator()
        self.at += 1

    def _separator(self) -> None:
        """Read the comma, if any, with the blanks and comments around it."""
        self._skip(_BLANK)
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip(_BLANK)
