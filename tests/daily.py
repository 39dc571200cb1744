"""Which of many like tests run after each change: the first few; the others are of ``make science``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def few(values: Iterable[Any], keep: int = 1) -> list[Any]:
    """Return the values of a parameter, all but the first ``keep`` marked ``science``.

    A plain tuple stands for several parameters, as pytest takes it; a named one is one value.
    """
    every = list(values)
    rest = [value if type(value) is tuple else (value,) for value in every[keep:]]
    return [*every[:keep], *(pytest.param(*value, marks=pytest.mark.science) for value in rest)]
