"""What the back-test asks of a case: how the runs answer, and what the null rule says.

The null rule: news if at least 100 are written to, on day 6 to 7; by telephone never; nobody else leaves. It says
nothing of authorities, reversals and acceptance. There the plainest reading stands in: nothing else happens, and any
share may accept. ``by_rule`` tells the two apart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import measures as m
import numpy as np
from measures import Numbers, Runs

from wom_sim.world import trace as tr

Kind = Literal["event", "day", "amount"]
Says = Literal["news", "nothing", "anything"]
Read = Callable[[Runs, int], Numbers]


class Question(NamedTuple):
    """A question: its kind, its words, how runs answer it within a window of days, and what the null says.

    ``day`` names the question that asks when the event took place. ``log`` says that distances are of ln(1 + the
    number). ``silent`` names why the model has no answer of its own, so that it is listed and not compared.
    """

    name: str
    kind: Kind
    words: str
    read: Read
    null: Says
    by_rule: bool
    day: str | None = None
    log: bool = False
    unit: str = ""
    silent: str = ""


def _within(outlets: Callable[[Runs], np.ndarray]) -> Read:
    """Return whether (1 or 0) one of the outlets meant reports within the window."""
    return lambda runs, window: (first_day(runs, outlets(runs)) < window).astype(float)


def first_day(runs: Runs, meant: np.ndarray) -> Numbers:
    """Return the day of the first report of the outlets meant, from the firm's first act; infinity if there is none."""
    scenario = runs.results[0].scenario
    start = next(p.start_day or 0 for p in scenario.policies if p.name == runs.results[0].policy)
    days = m.report_day(lambda outlets: meant)(runs) - start
    return np.where(np.isnan(days), np.inf, days)


def national(runs: Runs) -> np.ndarray:
    """Return which outlets are national."""
    return runs.world.outlets["national"].astype(bool)


def press(runs: Runs) -> np.ndarray:
    """Return which outlets are press of any kind: national ones, and the trade blog."""
    return national(runs) | _named(runs, "trade blog")


def authority(runs: Runs) -> np.ndarray:
    """Return which outlet is the consumer authority."""
    return _named(runs, "consumer authority")


def _named(runs: Runs, name: str) -> np.ndarray:
    return np.array([o.name == name for o in runs.results[0].scenario.media.outlets])


def _day(runs: Runs, window: int) -> Numbers:
    """Return the day of the first national report; the end of the window if there is none within it."""
    return np.minimum(first_day(runs, national(runs)), float(window))


def _never(runs: Runs, window: int) -> Numbers:
    return np.zeros(len(runs.results))


def _plain(measure: m.Measure) -> Read:
    return lambda runs, window: measure(runs)


def _posts(runs: Runs, window: int) -> Numbers:
    return np.array([r.trace.book.daily[:window, tr.D_POSTS].sum() for r in runs.results], dtype=float)


NO_RETREAT = "no firm of the model retreats under pressure unless its policy is written so"
QUESTIONS = (
    Question("national", "event", "a national newspaper or broadcaster reports", _within(national), "news", True,
             day="national_day"),
    Question("national_day", "day", "day of the first national report", _day, "news", True, log=True, unit="days"),
    Question("reported", "event", "any press reports, trade press included", _within(press), "news", True),
    Question("authority", "event", "an authority or consumer body acts", _within(authority), "nothing", False),
    Question("churn_change", "amount", "largest change of monthly churn of those who stay", _plain(m.churn_change),
             "nothing", True, unit="points"),
    Question("caused_departures", "amount", "customers lost because of it", _plain(m.extra_departures), "nothing", True,
             unit="% of customers"),
    Question("customers_change", "amount", "change of the number of customers", _plain(m.net_change), "nothing", True,
             unit="%"),
    Question("accepted", "amount", "share who accept the offer", _plain(m.accepted), "anything", False, unit="%"),
    Question("posts", "amount", "public posts", _posts, "nothing", False, log=True, unit="posts"),
    Question("reversal", "event", "the firm takes it back", _never, "nothing", False, silent=NO_RETREAT),
)  # fmt: skip


def question_named(name: str) -> Question | None:
    """Return the question of a name, None if there is none."""
    return next((q for q in QUESTIONS if q.name == name), None)
