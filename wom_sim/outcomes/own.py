"""Indicators of other packages: what they declare, what they are given to read, and how one is found by its name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from wom_sim import plugins
from wom_sim.outcomes.indicators import INDICATORS, LESS, MORE, NEITHER, Indicator
from wom_sim.plugins.limit import PluginError, called

UNITS = (*dict.fromkeys(indicator.unit for indicator in INDICATORS), "share")
"""Units that an indicator may have: those that texts and charts have words for."""
_OURS = {indicator.name: indicator for indicator in INDICATORS}
RESERVED = frozenset({"policy", "replication", "seed", "world", "point", "run", "day"})
"""Names of other columns of the tables in which indicators stand."""


class Day(NamedTuple):
    """A day of a run: its number, and its counts by the name of the column of the daily table."""

    number: int
    counts: Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """What an indicator may read of a run of one policy, relative to keeping everyone.

    ``daily`` has a row a day: reached, talkers, posts, calls, departures by kind, joins, money (currency), buzz; see
    ``wom_sim.world.trace.DAILY``. ``events`` is the event log, empty unless the indicator says ``events=True``.
    ``numbers`` are those of ``[[plugins.numbers]]`` by name; ``customers`` and ``prospects`` are at the start.
    """

    policy: str
    replication: int
    customers: int
    prospects: int
    currency: str
    daily: pd.DataFrame
    events: pd.DataFrame
    numbers: Mapping[str, float] = field(default_factory=dict)

    def days(self) -> Iterator[Day]:
        """Yield the days in their order, each with its counts: for an analyser that goes along with the story."""
        names = [str(name) for name in self.daily.columns if name != "day"]
        for number, *counts in self.daily[["day", *names]].itertuples(index=False, name=None):
            yield Day(int(number), dict(zip(names, map(float, counts), strict=True)))


@dataclass(frozen=True)
class OwnIndicator:
    """An indicator of another package.

    ``name`` is that of its entry point and of its column, ``unit`` one of ``UNITS``, ``direction`` which is better for
    the firm (``LESS``, ``MORE`` or ``NEITHER``), ``meaning`` a phrase. ``read`` takes a ``Run`` and returns a number,
    NaN where there is none (a day that never came). ``events``: whether it needs the event log, which takes memory.
    """

    name: str
    unit: str
    direction: str
    meaning: str
    read: Callable[[Run], float]
    events: bool = False

    def declared(self) -> Indicator:
        """Return it as tables, texts and charts know indicators."""
        return Indicator(self.name, self.unit, self.direction, self.meaning, _only_in_a_run)


def _only_in_a_run(trace: Any, customers: int) -> float:
    raise TypeError("an indicator of another package is read when its run ends")


@lru_cache(maxsize=64)
def own(name: str) -> OwnIndicator:
    """Return the indicator of another package by its name.

    Raises
    ------
    ValueError
        If no installed package has it, and (PluginError) if it is none, or says of itself what cannot be.
    """
    found = plugins.declared(plugins.INDICATOR, name, OwnIndicator)
    if not name.isidentifier() or name in RESERVED or name in _OURS:
        raise _wrong(name, "has a name that cannot be that of a new column: letters, digits and _, and no name of ours")
    if found.unit not in UNITS:
        raise _wrong(name, f"has the unit {str(found.unit)[:60]!r}, allowed: {', '.join(UNITS)}")
    if found.direction not in (LESS, MORE, NEITHER):
        raise _wrong(name, f"has the direction {str(found.direction)[:60]!r}, allowed: {LESS!r}, {MORE!r}, {NEITHER!r}")
    if not (isinstance(found.meaning, str) and found.meaning) or not callable(found.read):
        raise _wrong(name, "needs a meaning and a function to read it")
    return found


def read_own(indicator: OwnIndicator, run: Run) -> float:
    """Return what an indicator of another package reads of a run. Raises PluginError where that is no number."""
    name = indicator.name
    value = called(name, "read", lambda: indicator.read(run), plugins.INDICATOR)
    try:
        number = float(value) + 0.0
    except (TypeError, ValueError, OverflowError):
        number = math.inf
    if math.isinf(number):
        raise _wrong(name, f"returned {str(value)[:60]!r}, allowed: a finite number, or NaN where there is none")
    return number


def _wrong(name: str, what: str) -> PluginError:
    return plugins.wrong(plugins.INDICATOR, name, OwnIndicator, what)


def others_in(columns: Iterable[Any]) -> tuple[Indicator, ...]:
    """Return the indicators of other packages of which a table has columns, in their order there.

    One whose package is not installed is not among them: its column then is just a column.
    """
    doubted = (str(column) for column in columns if column not in _OURS and column not in RESERVED)
    return _others(tuple(name for name in doubted if name.isidentifier()))


@lru_cache(maxsize=256)
def _others(names: tuple[str, ...]) -> tuple[Indicator, ...]:
    if not names:
        return ()
    there = plugins.names(plugins.INDICATOR, _OURS)
    return tuple(own(name).declared() for name in names if name in there)


def every_in(columns: Iterable[Any]) -> tuple[Indicator, ...]:
    """Return our indicators, then those of other packages of which a table has columns."""
    return (*INDICATORS, *others_in(columns))


def named(name: str) -> Indicator | None:
    """Return an indicator by its name, of ours or of an installed package; None if nobody has it."""
    return _OURS.get(name) or next(iter(others_in([name])), None)
