"""Charts that stay editable in a presentation program, as what they show: values, names, colours, no slide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wom_sim.charts.style import OKABE_ITO, OTHERS

SCALES = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, "plain"))
PARTS = (
    OKABE_ITO["bluish green"], OKABE_ITO["vermillion"], OKABE_ITO["sky blue"], OKABE_ITO["orange"],
    OKABE_ITO["reddish purple"], OKABE_ITO["blue"], OKABE_ITO["yellow"], OTHERS, OKABE_ITO["black"],
)  # fmt: skip
"""Colours of the parts of a stacked bar: as many parts as can be told apart, the last for all others."""


class Bars(NamedTuple):
    """A bar a policy with its value; ``values``: by heading, scaled; ``looks``: policies fixing the colours."""

    values: Mapping[str, float]
    looks: Sequence[str]
    axis: str
    alt: str


class Span(NamedTuple):
    """A value and the ends of its interval; the value itself where it has none."""

    value: float
    low: float
    high: float


class Grouped(NamedTuple):
    """Bars beside each other for each category, a colour a series, each with its interval where it has one."""

    categories: Sequence[str]
    series: Mapping[str, Sequence[Span]]
    axis: str
    alt: str


class Stacked(NamedTuple):
    """A bar for each category, its parts one on the other; ``parts``: by name, the colour and a value a category."""

    categories: Sequence[str]
    parts: Mapping[str, tuple[str, Sequence[float]]]
    axis: str
    alt: str


class Lines(NamedTuple):
    """A line for each policy through its points; the axis across counts days or months.

    ``headings``: by policy; ``looks``: every policy in the order that fixes the colours; ``axes``: across and up.
    """

    curves: Mapping[str, Sequence[tuple[float, float]]]
    headings: Mapping[str, str]
    looks: Sequence[str]
    axes: tuple[str, str]
    alt: str


class Exceedance(Lines):
    """A line for each policy through its points (net value, % of runs there or lower)."""


Editable = Bars | Grouped | Stacked | Lines


def scale_of(values: Sequence[float]) -> tuple[float, str]:
    """Return (one, name) of the unit in which the largest of some values is told.

    >>> scale_of([3_349_424.0, -120.0]), scale_of([0.0])
    ((1000000.0, 'million'), (1.0, 'plain'))
    """
    most = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    return next((s for s in SCALES if most >= s[0]), SCALES[-1])


def apart(amounts: Mapping[str, Sequence[float]]) -> tuple[list[str], list[str]]:
    """Return the names of the largest parts, as many as there are colours, in their order, and those of the others.

    >>> apart({"a": [1.0], "b": [-2.0]})
    (['a', 'b'], [])
    """
    if len(amounts) <= len(PARTS):
        return list(amounts), []
    by_size = sorted(amounts, key=lambda name: -max(map(abs, amounts[name])))
    large = set(by_size[: len(PARTS) - 1])
    return [name for name in amounts if name in large], [name for name in amounts if name not in large]
