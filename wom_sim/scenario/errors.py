"""What is wrong with a scenario, where, and what would be right. Imports nothing heavy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_LONGEST_NAME = 100  # of a name for which another is offered: to compare long ones takes minutes, and no key is so long
_CLOSE = 0.6  # likeness from which a name is offered; difflib's own default


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    ``file``: as the user named it, or ``--set key=value``. ``line``: from 1, None where there is none.
    ``key``: its path, as ``--set`` takes it; empty if the fault is the file's. ``given`` and ``allowed``: in
    words, or None where ``message`` says it all. ``suggestion``: "did you mean 'customers'?", or None.
    """

    file: str
    line: int | None = None
    key: str = ""
    given: str | None = None
    allowed: str | None = None
    message: str = ""
    suggestion: str | None = None

    def __str__(self) -> str:
        """Return the fault on one line: place, key, what is wrong, what may have been meant."""
        file = visible(self.file) or "''"
        place = file if self.line is None else f"{file}:{self.line}"
        parts = [place, self.key] if self.key else [place]
        wrong = self.message or f"given {self.given}, allowed: {self.allowed}"
        return ": ".join([*parts, wrong]) + (f"; {self.suggestion}" if self.suggestion else "")


class ScenarioError(ValueError):
    """A scenario cannot be used. ``faults`` holds everything that is wrong with it; ``str`` is one a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """Return the faults, one a line."""
        return "\n".join(str(fault) for fault in self.faults)


def visible(text: str) -> str:
    r"""Return ``text`` with what a terminal would obey rather than show written as an escape.

    >>> visible("end" + chr(7))
    'end\\x07'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def likeness(a: str, b: str) -> float:
    """Say how alike two names are, 0 to 1; case does not count, nor whether _, - or a space joins words."""
    first, second = (re.sub(r"[-_\s]+", "_", name.strip().lower()) for name in (a, b))
    return SequenceMatcher(None, first, second).ratio()


def closest(name: str, known: Iterable[str], least: float = _CLOSE) -> str | None:
    """Return the known name most like ``name``, or None if none is alike by ``least`` or more.

    >>> closest("custmers", ["customers", "prospects"])
    'customers'
    """
    if len(name) > _LONGEST_NAME:
        return None
    known = [candidate for candidate in known if len(candidate) <= _LONGEST_NAME]
    best = max(known, key=lambda candidate: likeness(name, candidate), default=None)
    return best if best is not None and likeness(name, best) >= least else None


def did_you_mean(name: str, known: Iterable[str], least: float = _CLOSE) -> str | None:
    """Return "did you mean 'customers'?", or None if no known name is close."""
    best = closest(name, known, least)
    return None if best is None else f"did you mean '{visible(best)}'?"
