"""Cells as the length of a contract, in months."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.intake.cells import Read, each_once, plain

_TERM = re.compile(r"(\d+(?:[.,]\d+)?)\s*-?\s*(d|w|m|y|q|j|k)\w*")
_TERM_MONTHS = {"m": 1.0, "y": 12.0, "j": 12.0, "q": 3.0, "k": 3.0, "w": 7 / 30.4375, "d": 1 / 30.4375}
_COUNT = {"one": 1, "een": 1, "ein": 1, "two": 2, "twee": 2, "zwei": 2, "three": 3, "drie": 3, "four": 4, "five": 5}
_TERM_WORDS = (
    (r"month to month|monthly|month|maandelijks|per maand|maand|monatlich|flexibel|flexible|rolling", 1.0),
    (r"quarterly|quarter|per kwartaal|kwartaal", 3.0),
    (r"half ?yearly|halfjaar\w*", 6.0),
    (r"yearly|annual|annually|year|jaarlijks|per jaar|jaar|jahrlich", 12.0),
    (r"biennial|two yearly|tweejaarlijks", 24.0),
)


def term_of(cell: Any) -> tuple[float | None, str]:
    """Return the length of a contract in months.

    >>> [term_of(each)[0] for each in ("Month-to-month", "One year", "Two year", "24 months", "2 jaar", "jaarlijks")]
    [1.0, 12.0, 24.0, 24.0, 24.0, 12.0]
    """
    if isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool):
        return (float(cell), "") if 0 <= float(cell) <= 240 else (None, "no_term")
    words = plain(cell).replace("-", " ").split()
    text = " ".join(str(_COUNT.get(word, word)) for word in words)
    if re.fullmatch(r"\d{1,3}(\.0+)?", text):
        return term_of(float(text))
    found = _TERM.fullmatch(text.removesuffix(" contract").removesuffix(" plan"))
    if found is not None:
        return float(found[1].replace(",", ".")) * _TERM_MONTHS[found[2]], ""
    for pattern, months in _TERM_WORDS:
        if re.fullmatch(rf"({pattern})( (contract|plan|subscription|abonnement))?", text):
            return months, ""
    return None, "no_term"


def terms(column: pd.Series) -> Read:
    """Read lengths of contracts, in months."""
    return each_once(column, term_of)
