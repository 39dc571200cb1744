"""The null rule, which any model has to beat: news if at least 100 are written to, on day 6 to 7, else never.

Taken literally it is certain (*hard*), and one mistake makes its logarithmic score infinite. Nobody who used such
a rule of thumb would bet all on it, so it is also given nine chances in ten (*soft*), which is what it earns on written
waves: nine of ten were covered (20 cases). The soft rule is the rival that counts; the hard one is shown beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from questions import Question

from wom_sim.policies import policy
from wom_sim.scenario import Scenario
from wom_sim.simulation import levers_of, policy_of
from wom_sim.world.treatments import HIDDEN

Numbers = NDArray[np.float64]
ENOUGH = 100
"""People written to from which the rule expects news."""
FIRST, LAST = 6.0, 7.0
"""Days on which it expects it."""
SURE = 0.9
"""What the soft rule trusts itself."""
WRITTEN = ("letter", "email", "text")
POINTS = 20
"""Points of a soft forecast of days: 18 of them where the rule says, two where it does not."""


class Null(NamedTuple):
    """What the rule says: a chance (events) or points, evenly likely (days, amounts); hard and soft."""

    hard: Numbers
    soft: Numbers


def written_to(scenario: Scenario, name: str) -> int:
    """Return how many customers a policy writes to, at full size; 0 where it telephones, or tells nobody."""
    chosen = policy_of(scenario, name)
    levers, customers = levers_of(scenario, chosen), scenario.population.customers
    if set(policy(chosen.use).actions or ()) & set(HIDDEN) or levers.channel not in WRITTEN:
        return 0
    if levers.for_all:
        return customers
    share = 1.0 if levers.choose.least_profitable_share is None else levers.choose.least_profitable_share
    limit = customers if levers.choose.limit is None else levers.choose.limit
    return min(limit, round(share * customers))


def manner_of(scenario: Scenario, name: str) -> str:
    """Return how a policy goes about it: in secret, one by one (in writing or by telephone), or at once."""
    chosen = policy_of(scenario, name)
    levers = levers_of(scenario, chosen)
    if set(policy(chosen.use).actions or ()) & set(HIDDEN):
        return "in secret"
    if levers.per_day > 0.0:
        return "one by one, in writing" if levers.channel in WRITTEN else "one by one, by telephone"
    return "at once"


def null_of(question: Question, written: int, window: int) -> Null:
    """Return what the rule says of a question where so many are written to, within a window of days."""
    return _SAYS[question.kind](question, written >= ENOUGH, float(window))


def _event(question: Question, news: bool, window: float) -> Null:
    happens = question.null == "news" and news
    return Null(np.array([float(happens)]), np.array([SURE if happens else 1.0 - SURE]))


def _day(question: Question, news: bool, window: float) -> Null:
    """Return the day of news; the end of the window stands for never."""
    first, last = min(FIRST, window), min(LAST, window)
    sure = round(SURE * POINTS)
    if news:
        likely = np.linspace(first, last, sure)
        return Null(np.linspace(first, last, POINTS), np.append(likely, np.full(POINTS - sure, window)))
    return Null(np.array([window]), np.append(np.linspace(first, last, POINTS - sure), np.full(sure, window)))


def _amount(question: Question, news: bool, window: float) -> Null:
    """Return nothing at all, or any share; no soft version, as the rule does not say by how much it errs."""
    points = np.array([0.0]) if question.null == "nothing" else np.linspace(0.0, 100.0, 101)
    return Null(points, points)


_SAYS: dict[str, Callable[[Question, bool, float], Null]] = {"event": _event, "day": _day, "amount": _amount}
