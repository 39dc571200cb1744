"""Exact answers of rival forms: thresholds, linear imitation, rumours that both stop, recovery, hazards, likeness."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal, localcontext
from functools import cache
from typing import NamedTuple

import numpy as np
from answers import Edges, Floats, Moments, moments
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import binom, norm, poisson

_TINY = 1e-13


class Spread(NamedTuple):
    """Chance of each person, moments and distribution of the number who talk."""

    node: Floats
    size: Moments
    dist: Floats


def neighbours_of(n: int, edges: Edges) -> list[list[int]]:
    """Return the neighbours of each."""
    found: list[list[int]] = [[] for _ in range(n)]
    for a, b in edges:
        found[a].append(b)
        found[b].append(a)
    return found


def linear_threshold(n: int, edges: Edges, seed: int) -> Spread:
    """Return who talks in the linear threshold model with thresholds even on 0..1 and ties of equal weight.

    Each but the seed picks one neighbour at random, and talks if its picks lead to the seed: Kempe, Kleinberg & Tardos
    (2003), claim 2.6. All combinations are gone through.
    """
    near = neighbours_of(n, edges)
    near[seed] = [seed]
    weight = 1.0 / math.prod(len(around) for around in near)
    node, dist = np.zeros(n), np.zeros(n + 1)
    for picks in itertools.product(*near):
        active = np.zeros(n, dtype=bool)
        active[seed] = True
        while True:
            after = active | active[list(picks)]
            if np.array_equal(after, active):
                break
            active = after
        node += weight * active
        dist[int(active.sum())] += weight
    return Spread(node, moments(dist), dist)


def watts(n: int, edges: Edges, seed: int, threshold: float) -> tuple[list[int], int]:
    """Return how many talk after each day, and who in the end (bits), where all have one threshold: no luck at all."""
    near, active, days = neighbours_of(n, edges), {seed}, [1]
    while True:
        found = {i for i in range(n) if near[i] and len(active & set(near[i])) / len(near[i]) >= threshold}
        after = active | found
        days.append(len(after))
        if after == active:
            return days, sum(1 << i for i in active)
        active = after


class Window(NamedTuple):
    """Watts's cascades on a large random graph: their chance and size if they are global; the mean size if none are."""

    chance: float
    share: float
    mean: float


@cache
def watts_window(ties: float, threshold: float) -> Window:
    """Return what one talker sets off on a large random graph with Poisson degrees.

    Vulnerable is who needs one tie only: who has at most 1/threshold of them. A cascade is global if the seed has a tie
    that leads into the giant cluster of the vulnerable (Watts 2002); then it is as large as the stable share of ties
    that lead to somebody who talks (Gleeson & Cahalane 2007).
    """
    most = math.floor(1.0 / threshold + 1e-9)
    degrees = np.arange(0, 200)
    share = poisson.pmf(degrees, ties)
    along = share[1:] * degrees[1:] / ties  # of who is at the end of a tie
    open_, few = along[:most], degrees[1 : most + 1]

    def dies(x: float) -> float:
        return 1.0 - float(open_.sum()) + float((open_ * x ** (few - 1)).sum())

    reproduction = float((open_ * (few - 1)).sum())
    if reproduction <= 1.0:
        return Window(0.0, 0.0, 1.0 + ties * float(open_.sum()) / (1.0 - reproduction))
    root = brentq(lambda x: dies(x) - x, 0.0, 1.0 - 1e-9)
    needed = np.ceil(threshold * degrees - 1e-9)
    q = 0.5
    for _ in range(10_000):
        q = float((along * binom.sf(needed[1:] - 1, degrees[1:] - 1, q)).sum())
    final = float((share[1:] * binom.sf(needed[1:] - 1, degrees[1:], q)).sum())
    return Window(1.0 - math.exp(-ties * (1.0 - root)), final, math.nan)


def imitation_chain(n: int, p: float, q: float, steps: int, competing: bool = False) -> list[Floats]:
    """Return the distribution of how many of ``n`` know after 0, 1, ... days by the hazard p + q A/n (Bass 1969).

    ``competing``: by 1 - (1 - p) exp(-q A/n).
    """
    now = np.zeros(n + 1)
    now[0] = 1.0
    found = [now]
    for _ in range(steps):
        after = np.zeros(n + 1)
        for a in np.flatnonzero(now > _TINY):
            hears = 1.0 - (1.0 - p) * math.exp(-q * a / n) if competing else min(1.0, p + q * a / n)
            after[a:] += now[a] * binom.pmf(np.arange(n - a + 1), n - a, hears)
        now = after
        found.append(now)
    return found


@cache
def _all_stop(n: int, c: float, stale: int) -> tuple[float, ...]:
    """Return the chance that of m who talk all stop on a day, m = 0 .. n, where ``stale`` others know; see below.

    By inclusion of who does not: sums that nearly cancel, so with 60 digits.
    """
    with localcontext() as context:
        context.prec = 80
        alone = Decimal(-c * stale / n).exp()  # tells nobody who has stopped
        apart = Decimal(-c / n).exp()  # a pair does not meet
        found = [Decimal(1)]
        for m in range(1, n + 1):
            some = sum(
                math.comb(m, k) * alone**k * apart ** (k * (k - 1) // 2 + k * (m - k)) * found[m - k]
                for k in range(1, m + 1)
            )
            found.append(1 - some)
        return tuple(float(x) for x in found)


def rumour_of_both(n: int, c: float) -> Moments:
    """Return the moments of ``how_many_never_hear``."""
    return moments(how_many_never_hear(n, c))


@cache
def how_many_never_hear(n: int, c: float) -> Floats:
    """Return the distribution of how many of ``n`` never hear the rumour of Daley & Kendall.

    Each talker meets Poisson(c) people a day.

    All is judged in the evening. An ignorant hears with chance 1 - exp(-c s/n), s talking; a talker stops who tells one
    of the z who have stopped, and so do both of two talkers who meet, which a pair does with chance 1 - exp(-c/n). How
    many stop is the number of points with a line in a random graph.
    """
    never, weight = np.zeros(n), np.zeros((2 * n + 1, n))
    weight[2 * (n - 1) + 1, n - 1] = 1.0
    for level in range(2 * n, -1, -1):
        for i in np.flatnonzero(weight[level] > _TINY).tolist():
            s, w = level - 2 * i, float(weight[level, i])
            if s == 0:
                never[i] += w
                continue
            hear = binom.pmf(np.arange(i + 1), i, 1.0 - math.exp(-c * s / n))
            stop = _stopping(n, c, s, n - i - s)
            change = np.outer(hear, stop)
            change *= w / (1.0 - change[0, 0])
            change[0, 0] = 0.0
            a, b = np.ogrid[: len(hear), : len(stop)]
            np.add.at(weight, (level - a - b, np.broadcast_to(i - a, change.shape)), change)
    return never / never.sum()


@cache
def _stopping(n: int, c: float, s: int, stale: int) -> Floats:
    """Return the distribution of how many of ``s`` talkers stop on a day."""
    all_stop = _all_stop(n, c, stale)
    k = np.arange(s, -1, -1.0)  # go on
    quiet = np.exp(-c * stale / n * k - c / n * (k * (k - 1.0) / 2.0 + k * (s - k)))
    ways = np.array([math.comb(s, m) for m in range(s + 1)], dtype=float)
    found = ways * quiet * np.array(all_stop[: s + 1])
    return found / found.sum()


def rumour_one_at_a_time(n: int) -> Moments:
    """Return the same where one thing happens at a time: two of X + (Y - 1)/2 + Z go on by who is met."""
    never, weight = np.zeros(n), {(n - 1, 1): 1.0}
    for x in range(n - 1, -1, -1):
        for y in range(n - x, 0, -1):
            w = weight.pop((x, y), 0.0)
            if w == 0.0:
                continue
            rates = (float(x), (y - 1) / 2.0, float(n - x - y))
            total = sum(rates)
            for rate, after in zip(rates, ((x - 1, y + 1), (x, y - 2), (x, y - 1)), strict=True):
                if rate > 0.0 and after[1] == 0:
                    never[after[0]] += w * rate / total
                elif rate > 0.0:
                    weight[after] = weight.get(after, 0.0) + w * rate / total
    return moments(never)


def recovery_chain(n: int, beta: float, gamma: float, steps: int) -> tuple[list[Floats], Floats]:
    """Return how many of ``n`` others know after 0, 1, ... days, and in the end, where all know each other.

    Each talker tells each other with chance beta a day, and stops after it with chance gamma: the chain binomial of
    Reed and Frost with geometric recovery.
    """
    now, days = {(n, 1): 1.0}, []
    for _ in range(steps + 1):
        known = np.zeros(n + 1)
        for (ignorant, _talking), w in now.items():
            known[n - ignorant] += w
        days.append(known)
        after: dict[tuple[int, int], float] = {}
        for (ignorant, talking), w in now.items():
            new = binom.pmf(np.arange(ignorant + 1), ignorant, 1.0 - (1.0 - beta) ** talking)
            done = binom.pmf(np.arange(talking + 1), talking, gamma)
            for a, b in itertools.product(range(ignorant + 1), range(talking + 1)):
                state = (ignorant - a, talking + a - b)
                after[state] = after.get(state, 0.0) + w * float(new[a] * done[b])
        now = {state: w for state, w in after.items() if w > 1e-18}
    return days, days[-1]


def star_with_recovery(beta: float, gamma: float) -> Floats:
    """Return the chance that a talker with two ties reaches none, one and both of them."""
    day = 1.0 - gamma
    none = gamma * (1.0 - beta) ** 2 / (1.0 - day * (1.0 - beta) ** 2)
    one_not = gamma * (1.0 - beta) / (1.0 - day * (1.0 - beta))
    return np.array([none, 2.0 * (one_not - none), 1.0 - 2.0 * one_not + none])


def survivors_of_a_story(n: int, churn: float, beta: float, reference: float | None, months: int) -> Moments:
    """Return how many of ``n`` stay for ``months`` bills, harmed in full from day 1 on; one in thirty is billed before.

    ``reference`` is the hazard to which exp(beta) is applied for all, by an added hazard; else to each one's own.
    """
    raised = churn * math.exp(beta) if reference is None else churn + reference * (math.exp(beta) - 1.0)
    stays = 29.0 / 30.0 * (1.0 - raised) ** months + (1.0 - churn) * (1.0 - raised) ** (months - 1) / 30.0
    return Moments(n * stays, math.sqrt(n * stays * (1.0 - stays)))


def alike_survivors(n: int, group: int, churn: float, spread: float, months: int) -> Moments:
    """Return how many of ``n`` are left after ``months`` where the members of a group have one log-normal churn."""

    def mean_of(power: int) -> float:
        def at(z: float) -> float:
            left = (1.0 - min(1.0, churn * math.exp(spread * z - 0.5 * spread**2))) ** months
            return float(left**power * norm.pdf(z))

        return quad(at, -12.0, 12.0, limit=400)[0]

    one, both = mean_of(1), mean_of(2)
    of_group = group * (one - both) + group**2 * (both - one**2)
    return Moments(n * one, math.sqrt(n / group * of_group))
