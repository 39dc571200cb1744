"""Known limits of rival forms of word of mouth and of leaving, as ``limits.py`` has those of the usual ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import answers as exact
import numpy as np
import rival_answers as rival
from answers import Floats, Moments
from limits import (
    FLORENTINE,
    KARATE,
    MOST_Z,
    Check,
    Limit,
    Mean,
    Shares,
    Spread,
    Verdict,
    Whole,
    knowing,
    on_days,
    size,
    told,
    who_never_hear,
)

from wom_sim.rules.leaving import LEAVES_CONTAGION
from wom_sim.world import trace as tr
from wom_sim.world.trace import Trace


@dataclass(frozen=True)
class Unspread:
    """The mean of a column is that of an infinite graph, within 4 errors as seen and ``besides`` for being finite."""

    what: str
    column: int
    mean: float
    besides: float

    def judge(self, seen: Floats) -> Verdict:
        """Return the verdict; runs without a number in the column are left out."""
        mine = seen[~np.isnan(seen[:, self.column]), self.column]
        error = float(mine.std(ddof=1)) / math.sqrt(len(mine))
        gap = float(mine.mean()) - self.mean
        words = f"z {gap / error:+.2f}"
        return Verdict(f"{self.mean:.5g}", f"{mine.mean():.5g}", words, abs(gap) <= MOST_Z * error + self.besides)


# -- what is seen in a run -------------------------------------------------------------------------------------


def talking(trace: Trace) -> Floats:
    """Return how many talk by the end of each day."""
    return np.cumsum(trace.book.daily[:, tr.D_TALKERS]).astype(float)


def talkers_and_nodes(people: int) -> Callable[[Trace], Floats]:
    """Return a reader of the number who talk, then each person's own nought or one."""

    def read(trace: Trace) -> Floats:
        log, found = trace.book.log[: int(trace.book.used[0])], np.zeros(people + 1)
        who = log["person"][log["event"] == tr.TALKS].astype(int)
        found[1 + who] = 1.0
        found[0] = len(who)
        return found

    return read


def of_a_cascade(people: int) -> Callable[[Trace], Floats]:
    """Return a reader of how many talk, whether that is a tenth of all, and the share who do if so."""

    def read(trace: Trace) -> Floats:
        found = float(talking(trace)[-1])
        large = found > 0.1 * people
        return np.array([found, float(large), found / people if large else math.nan])

    return read


def staying(trace: Trace) -> Floats:
    """Return how many of those told never leave."""
    return np.array([float((trace.left < 0).sum())])


def drawn_after(trace: Trace) -> Floats:
    """Return how many leave because ties did."""
    log = trace.book.log[: int(trace.book.used[0])]
    return np.array([float(((log["event"] == tr.LEFT) & (log["cause"] == LEAVES_CONTAGION)).sum())])


# -- the limits ------------------------------------------------------------------------------------------------


def _fixed(threshold: float) -> Limit:
    days, who = rival.watts(34, KARATE, 0, threshold)
    nodes = np.array([float(who >> i & 1) for i in range(34)])
    last = len(days) - 1

    def observe(trace: Trace) -> Floats:
        return np.concatenate([talkers_and_nodes(34)(trace), talking(trace)[: last + 1]])

    def checks() -> tuple[Check, ...]:
        by_day = tuple(
            Mean(f"people who talk by day {t}", 35 + t, Moments(float(days[t]), 0.0)) for t in range(last + 1)
        )
        return (*by_day, Shares("who talks", 1, nodes))

    return Limit(f"threshold.karate.{threshold}", "Thresholds", "watts_fixed", observe, checks, 20, 2, 2,
                 (f"behaviour.talking.threshold={threshold}",), events=True)  # fmt: skip


def _linear() -> Limit:
    def checks() -> tuple[Check, ...]:
        answer = _linear_answer()
        return (
            Mean("people who talk", 0, answer.size),
            Spread("standard deviation", 0, answer.size),
            Shares("who talks", 1, answer.node),
            Whole("distribution of the number who talk", 0, answer.dist),
        )

    return Limit("threshold.florentine", "Thresholds", "linear_threshold", talkers_and_nodes(15), checks, 60_000, 200,
                 events=True)  # fmt: skip


@cache
def _linear_answer() -> rival.Spread:
    return rival.linear_threshold(15, FLORENTINE, 1)


def _window(ties: float, people: int, runs: int) -> Limit:
    def checks() -> tuple[Check, ...]:
        answer = rival.watts_window(ties, 0.18)
        if answer.chance == 0.0:
            return (Mean("share of global cascades", 1, Moments(0.0, 0.0)),
                    Unspread("people who talk", 0, answer.mean, 20.0 / people))  # fmt: skip
        return (
            Unspread("share of global cascades", 1, answer.chance, 4.0 / people),
            Unspread("share who talk in a global cascade", 2, answer.share, 4.0 / people),
        )

    sets = (f"network.ties={ties}", f"population.customers={people}")
    return Limit(
        f"watts.ties{ties:g}", "Watts's window", "watts_window", of_a_cascade(people), checks, runs, 2, 2, sets
    )


_DAYS = (1, 2, 5, 8, 10, 15, 20, 30)


def _imitation(form: str) -> Limit:
    def checks() -> tuple[Check, ...]:
        chain = [exact.moments(d) for d in rival.imitation_chain(100, 0.03, 0.38, 30, form == "competing")]
        means = tuple(Mean(f"people who know on day {t}", k, chain[t], len(_DAYS)) for k, t in enumerate(_DAYS))
        return (*means, Spread("standard deviation on day 10", 4, chain[10]))

    return Limit(f"imitation.{form}", "Linear Bass", "bass_linear", on_days(_DAYS, 1), checks, 60_000, 40,
                 sets=(f"media.outlets.outlet.spread={form}",))  # fmt: skip


def _daley_kendall(n: int, c: float, days: int, runs: int, slow: int) -> Limit:
    def checks() -> tuple[Check, ...]:
        never = rival.how_many_never_hear(n, c)
        return (
            Mean("people who never hear", 0, exact.moments(never)),
            Whole("distribution of how many never hear", 0, never),  # few runs that end at once make up half the spread
        )

    sets = (
        f"population.customers={n}", f"run.days={days}", f"behaviour.talking.talk_days={days}",
        f"behaviour.talking.victim_strangers={c * days:g}", f"behaviour.talking.hearer_strangers={c * days:g}",
    )  # fmt: skip
    return Limit(f"daley_kendall.{n}.c{c}", "Daley-Kendall rumour", "daley_kendall", who_never_hear(n), checks, runs,
                 slow, 2, sets)  # fmt: skip


_RECOVERING = (2, 5, 10, 20)


def _recovery() -> Limit:
    def observe(trace: Trace) -> Floats:
        return np.concatenate([[size(trace) - 1.0], knowing(trace)[list(_RECOVERING)] - 1.0])

    def checks() -> tuple[Check, ...]:
        days, end = _recovered()
        by_day = tuple(Mean(f"people who know on day {t}", 1 + k, exact.moments(days[t]), len(_RECOVERING))
                       for k, t in enumerate(_RECOVERING))  # fmt: skip
        answer = exact.moments(end)
        return (Mean("people who know", 0, answer), Spread("standard deviation", 0, answer),
                Whole("distribution of final sizes", 0, end), *by_day)  # fmt: skip

    return Limit("recovery.10+1", "Geometric recovery", "recovery", observe, checks, 60_000, 100)


@cache
def _recovered() -> tuple[list[Floats], Floats]:
    return rival.recovery_chain(10, 0.05, 0.25, 150)


def _star() -> Limit:
    answer = rival.star_with_recovery(0.2, 0.5)

    def checks() -> tuple[Check, ...]:
        return (Whole("distribution of how many of two know", 0, answer),
                Mean("people who know", 0, exact.moments(answer)))  # fmt: skip

    def observe(trace: Trace) -> Floats:
        return np.array([size(trace) - 1.0])

    return Limit("recovery.star", "Geometric recovery", "recovery_star", observe, checks, 60_000, 200)


def _hazard(form: str, churn: float) -> Limit:
    def checks() -> tuple[Check, ...]:
        answer = rival.survivors_of_a_story(2000, churn, 0.7, 0.02 if form == "additive" else None, 12)
        return (Mean("customers who stay a year", 0, answer), Spread("standard deviation", 0, answer))

    sets = (f"behaviour.leaving.form={form}", f"population.segments.customers.churn={churn}")
    return Limit(f"hazard.{form}.{churn}", "Two forms of the hazard", "hazard", staying, checks, 600, 2, 2, sets)


def _departures(form: str) -> Limit:
    chance = 0.05 * 0.6 if form == "contagion" else 0.0

    def checks() -> tuple[Check, ...]:
        answer = Moments(100 * chance, math.sqrt(100 * chance * (1.0 - chance)))
        mean = Mean("people who leave because one was let go", 0, answer)
        if form == "homophily":
            return (mean,)
        return (mean, Whole("distribution of their number", 0, exact.binom.pmf(np.arange(101), 100, chance)))

    return Limit(f"departures.{form}", "Contagion or homophily", "departures", drawn_after, checks, 2_000, 2, 2,
                 (f"behaviour.leaving.departures={form}",), events=True)  # fmt: skip


def _alike(share: float) -> Limit:
    def checks() -> tuple[Check, ...]:
        answer = rival.alike_survivors(2000, 20 if share == 1.0 else 1, 0.02, 0.8, 12)
        return (Mean("customers after a year", 0, answer), Spread("standard deviation", 0, answer))

    return Limit(f"alike.{share:g}", "Contagion or homophily", "alike", told, checks, 600, 2, 2,
                 (f"population.alike_in_community={share}",))  # fmt: skip


RIVALS: tuple[Limit, ...] = (
    *(_fixed(t) for t in (0.12, 0.2, 0.34)),
    _linear(),
    _window(4.0, 4000, 1_000),
    _window(5.5, 8000, 600),
    _window(8.0, 4000, 1_000),
    *(_imitation(form) for form in ("linear", "competing")),
    _daley_kendall(100, 0.05, 800, 20_000, 2),
    _daley_kendall(100, 0.01, 3650, 4_000, 0),
    _recovery(),
    _star(),
    *(_hazard(form, churn) for form in ("proportional", "additive") for churn in (0.01, 0.05)),
    *(_departures(form) for form in ("contagion", "homophily")),
    *(_alike(share) for share in (1.0, 0.0)),
)
"""A limit of each rival form, and of the usual form beside it where that is no limit yet."""
