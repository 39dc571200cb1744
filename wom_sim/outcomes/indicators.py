"""The indicators of a run: name, unit, direction, meaning, and how each is read off the trace.

An indicator is an entry of ``INDICATORS``; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from wom_sim.rules.leaving import MONTH
from wom_sim.world import trace as tr
from wom_sim.world.trace import Trace

_YEAR = 12
"""Months of a year."""
LESS, MORE, NEITHER = "less", "more", ""
"""Which direction is better for the firm."""


class Indicator(NamedTuple):
    """An indicator; ``read`` takes the trace and the number of customers at the start."""

    name: str
    unit: str
    direction: str
    meaning: str
    read: Callable[[Trace, int], float]

    @property
    def label(self) -> str:
        """Return the name in words, short enough for a heading."""
        return _LABELS.get(self.name, self.name.replace("_", " "))

    @property
    def signed(self) -> bool:
        """Return whether it may be below zero: money, a net number of people, a change, or a difference of two."""
        return self.unit.startswith(("currency", "points", "difference")) or self.meaning.startswith("net ")


_LABELS = {
    "lost_profitable": "profitable customers lost",
    "extra_profitable": "profitable customers lost, net of kept",
    "kept_profitable": "profitable customers kept",
    "reached": "people reached",
    "national_coverage": "national news",
}

PARTS_OF_LOST = ("lost_to_story", "lost_to_contagion", "lost_with_household", "lost_to_firm")
"""Indicators that add up to ``lost_profitable``."""


def _total(column: int) -> Callable[[Trace, int], float]:
    return lambda trace, customers: float(trace.book.daily[:, column].sum())


def _lost_to(*causes: int) -> Callable[[Trace, int], float]:
    """Return a reader of profitable customers not acted on who would have stayed, and left, by cause."""
    return lambda trace, customers: float(trace.book.tally[list(causes), :, tr.BECAUSE, 1].sum())


def _lost_to_firm(trace: Trace, customers: int) -> float:
    """Return how many profitable customers left, and would have stayed, of those on whom the firm acted."""
    return float(trace.book.tally[:, :, tr.BECAUSE, 3].sum())


def _kept(trace: Trace, customers: int) -> float:
    """Return how many profitable customers stayed who would have left; who leaves later after all is not among them."""
    profitable = trace.book.tally[:, :, :, 1::2].sum(axis=(0, 1, 3))
    return float(profitable[tr.PREVENTED] - profitable[tr.LATER])


def _line(line: int) -> Callable[[Trace, int], float]:
    return lambda trace, customers: float(trace.book.ledger[:, :, line].sum()) / 100.0


def _first_day(column: int) -> Callable[[Trace, int], float]:
    def read(trace: Trace, customers: int) -> float:
        days = np.flatnonzero(trace.book.daily[:, column])
        return float(days[0]) if len(days) else float("nan")

    return read


def _covered(trace: Trace, customers: int) -> float:
    return float(trace.book.daily[:, tr.D_NATIONAL].sum() > 0)


def extra_bystanders(daily: np.ndarray) -> np.ndarray:
    """Return the net extra departures of customers on whom the firm did not act, from daily columns (last axis)."""
    profitable = daily[..., tr.D_EXTRA_PROFITABLE] - daily[..., tr.D_TREATED_PROFITABLE]
    return np.asarray(profitable + daily[..., tr.D_EXTRA_OTHERS])


def extra_departures(daily: np.ndarray) -> np.ndarray:
    """Return the net extra departures of all customers, from daily columns (last axis)."""
    return np.asarray(daily[..., tr.D_TREATED_LEFT] + extra_bystanders(daily))


def _churn_change(trace: Trace, customers: int) -> float:
    extra = extra_bystanders(trace.book.daily)
    months = np.add.reduceat(extra, np.arange(0, len(extra), MONTH))
    return float(100.0 * months[np.argmax(np.abs(months))] / max(1, customers))


def _net(trace: Trace, customers: int) -> float:
    return float(trace.book.ledger.sum()) / 100.0


def _first_month(trace: Trace) -> int:
    """Return the month of the firm's first act, from which years and the horizon are counted."""
    told = trace.told[trace.told >= 0]
    return int(told.min()) // MONTH if len(told) else 0


def _cash(trace: Trace) -> np.ndarray:
    """Return what is received less what is paid in each month from the first act to the horizon, 1/100 currency.

    What was paid before the first act, as for a programme, counts with its month.
    """
    first, cash = _first_month(trace), trace.book.receipts[1, :-1].sum(axis=1)
    return np.concatenate([[cash[: first + 1].sum()], cash[first + 1 :]])


def _first_year(trace: Trace, customers: int) -> float:
    return float(_cash(trace)[:_YEAR].sum()) / 100.0


def payback(cash: np.ndarray) -> float:
    """Return in which month what has come in covers what was paid, for good; 0 if nothing is ever owed, NaN if never.

    ``cash`` is an amount a month, positive where it is good for the firm. Also NaN where no cash flows at all.

    >>> payback(np.array([-5, 2, 4, 1])), payback(np.array([2, 1])), payback(np.array([1, -2]))
    (3.0, 0.0, nan)
    """
    so_far = cash.cumsum()
    owing = np.flatnonzero(so_far < 0)
    if not cash.any() or (len(owing) and owing[-1] == len(cash) - 1):
        return float("nan")
    return float(owing[-1] + 2) if len(owing) else 0.0


def _lifetime(trace: Trace, customers: int) -> float:
    return float(trace.book.receipts[0].sum()) / 100.0


REPUTATION = (tr.L_LOST_STORY, tr.L_LOST_CONTAGION, tr.L_JOINS, tr.L_CALLS_HEARERS, tr.L_RESPONSE, tr.L_AUTHORITY)
"""Lines of the ledger that are harm to the reputation: all that people do who heard, and the answers to it. Loss-makers
who leave as well, and customers who are kept, are gains on lines of their own."""


def _reputation(trace: Trace, customers: int) -> float:
    return -float(trace.book.ledger[:, :, list(REPUTATION)].sum()) / 100.0


def _ledger_indicators() -> tuple[Indicator, ...]:
    return tuple(
        Indicator(line.name, "currency", MORE, f"ledger: {line.meaning}", _line(k)) for k, line in enumerate(tr.LEDGER)
    )


INDICATORS = (
    Indicator(
        "net_value", "currency", MORE, "sum of the ledger to the horizon, at day 0, relative to keeping everyone", _net
    ),
    Indicator(
        "first_year_cash",
        "currency",
        MORE,
        "received less paid in the twelve months from the first act, not discounted",
        _first_year,
    ),
    Indicator(
        "payback_month",
        "month",
        LESS,
        "month, from the first act, in which what has come in covers what was paid; 0 if nothing was owed",
        lambda t, n: payback(_cash(t)),
    ),
    Indicator("lifetime_value", "currency", MORE, "the same as net value, without a horizon", _lifetime),
    Indicator(
        "lost_profitable",
        "people",
        LESS,
        "profitable customers who would have stayed, and leave because of it, whoever made them leave",
        _total(tr.D_LOST_PROFITABLE),
    ),
    Indicator(
        "joins_lost", "people", LESS, "net joins lost", lambda t, n: -float(t.book.daily[:, tr.D_EXTRA_JOINS].sum())
    ),
    Indicator("national_coverage", "chance", LESS, "whether a national outlet covered the story", _covered),
    Indicator("reached", "people", LESS, "people who heard of it from others", _total(tr.D_REACHED)),
    Indicator("reached_profitable", "people", LESS, "of these, profitable customers", _total(tr.D_REACHED_PROFITABLE)),
    Indicator("reached_prospects", "people", LESS, "of these, prospects", _total(tr.D_REACHED_PROSPECTS)),
    Indicator("lost_to_story", "people", LESS, "of those lost, to what they heard", _lost_to(tr.STORY)),
    Indicator("lost_to_contagion", "people", LESS, "of those lost, to the departure of ties", _lost_to(tr.CONTAGION)),
    Indicator(
        "lost_with_household",
        "people",
        LESS,
        "of those lost, with a dismissed member of their household",
        _lost_to(tr.WITH_HOUSEHOLD),
    ),
    Indicator(
        "lost_to_firm",
        "people",
        LESS,
        "of those lost, who were acted on by the firm: a price, an offer, a mistake, a warning",
        _lost_to_firm,
    ),
    Indicator("kept_profitable", "people", MORE, "profitable customers who would have left, and stay", _kept),
    Indicator(
        "extra_profitable",
        "people",
        LESS,
        "net extra departures of profitable customers: lost less kept",
        _total(tr.D_EXTRA_PROFITABLE),
    ),
    Indicator(
        "extra_others",
        "people",
        NEITHER,
        "net extra departures of loss-makers whom the firm did not act on",
        _total(tr.D_EXTRA_OTHERS),
    ),
    Indicator(
        "churn_change",
        "points a month",
        LESS,
        "largest change of monthly churn among those not acted on",
        _churn_change,
    ),
    Indicator("told", "people", NEITHER, "customers whom the firm told", _total(tr.D_TOLD)),
    Indicator("let_go", "people", NEITHER, "customers whose service ended, or who took the offer", _total(tr.D_LET_GO)),
    Indicator("talkers", "people", LESS, "people who passed the story on", _total(tr.D_TALKERS)),
    Indicator("defenders", "people", MORE, "people who spoke well of the firm", _total(tr.D_DEFENDERS)),
    Indicator("conversations", "conversations", LESS, "conversations held", _total(tr.D_CONVERSATIONS)),
    Indicator("posts", "posts", LESS, "posts", _total(tr.D_POSTS)),
    Indicator("pickups", "outlets", LESS, "outlets that covered the story", _total(tr.D_PICKUPS)),
    Indicator("first_post_day", "day", NEITHER, "day of the first post", _first_day(tr.D_POSTS)),
    Indicator(
        "national_day", "day", NEITHER, "day of the first pick-up by a national outlet", _first_day(tr.D_NATIONAL)
    ),
    Indicator("extra_calls", "calls", LESS, "extra calls to service", _total(tr.D_CALLS)),
    Indicator(
        "reputational_cost",
        "currency",
        LESS,
        "profit lost to what people heard and to departures of ties, joins lost, calls of hearers, response, authority",
        _reputation,
    ),
    *_ledger_indicators(),
)


def read_all(trace: Trace, customers: int) -> dict[str, float]:
    """Return every indicator of a run by name; a day that never came is NaN, and 0 has no sign."""
    return {indicator.name: indicator.read(trace, customers) + 0.0 for indicator in INDICATORS}


HARDLY = 0.5
"""Fewer customers than this, on average, are told as hardly any, and only none at all as none."""


def how_many(mean: float) -> str:
    """Return how a mean number of customers is told: "some", "few" (fewer than one in two runs) or "none".

    >>> [how_many(mean) for mean in (0.0, 0.2, 0.5)]
    ['none', 'few', 'some']
    """
    return "some" if mean >= HARDLY else "few" if mean > 0.0 else "none"
