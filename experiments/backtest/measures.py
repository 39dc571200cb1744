"""What is read off the runs of a case: one number a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wom_sim.outcomes import indicators
from wom_sim.policies.worth import profits
from wom_sim.rules.attention import days_since_report
from wom_sim.simulation import Result, numbers_of, policy_of
from wom_sim.simulation.running import announced as with_announcement
from wom_sim.world import trace as tr
from wom_sim.world.people import CUSTOMER
from wom_sim.world.world import World

Numbers = NDArray[np.float64]


class Runs(NamedTuple):
    """The runs of one policy of a case, and the world in which they took place."""

    world: World
    results: Sequence[Result]

    @property
    def customers(self) -> int:
        """Return the customers of the firm at the start."""
        return self.results[0].scenario.population.customers

    @property
    def represents(self) -> int:
        """Return for how many people each simulated person stands; daily tables are at full size already."""
        return self.results[0].scenario.run.represents


Measure = Callable[[Runs], Numbers]


def total(column: int) -> Measure:
    """Return the measure that adds up a column of the daily table."""
    return lambda runs: np.array([r.trace.book.daily[:, column].sum() for r in runs.results], dtype=float)


def in_year(column: int) -> Measure:
    """Return the measure of a daily column over the first 365 days; a run goes on until its last act had its time."""
    return lambda runs: np.array([r.trace.book.daily[:365, column].sum() for r in runs.results], dtype=float)


def covered(runs: Runs) -> Numbers:
    """Return whether (1 or 0) a national outlet took the story up."""
    return (total(tr.D_NATIONAL)(runs) > 0).astype(float)


def first_post(runs: Runs) -> Numbers:
    """Return the day of the first post from the day on which the firm begins; NaN if there is none."""
    days = [np.flatnonzero(r.trace.book.daily[:, tr.D_POSTS]) for r in runs.results]
    return np.array([each[0] if len(each) else np.nan for each in days], dtype=float)


def report_day(chosen: Callable[[np.ndarray], np.ndarray]) -> Measure:
    """Return the measure of the first day on which one of the outlets reports; NaN if none does.

    ``chosen`` says of the table of outlets which are meant.
    """

    def measure(runs: Runs) -> Numbers:
        outlets = runs.world.outlets
        meant = chosen(outlets)
        found = []
        for result in runs.results:
            picked_up, announced_on = result.trace.picked_up.tolist(), announced(result)
            days = [
                -days_since_report(0, day, int(outlet["lag"]), announced_on)
                for outlet, day, asked in zip(outlets, picked_up, meant, strict=True) if asked and day >= 0
            ]  # fmt: skip
            found.append(min(days) if days else np.nan)
        return np.array(found, dtype=float)

    return measure


def announced(result: Result) -> int:
    """Return the day after the one on which the firm told the press itself, 0 if it never did."""
    policy = policy_of(result.scenario, result.policy)
    numbers = numbers_of(result.scenario, policy, (0.0, 1.0))
    return int(with_announcement(numbers, policy, result.treatments).announced_on)


national_day = report_day(lambda outlets: outlets["national"].astype(bool))
"""Day of the first national report."""


def outlet_day(place: int) -> Measure:
    """Return the measure of the day on which the outlet at a place of the list reports."""
    return report_day(lambda outlets: np.arange(len(outlets)) == place)


def small_outlets(runs: Runs) -> Numbers:
    """Return how many of the first two outlets (forum, trade blog) report."""
    return np.array([(r.trace.picked_up[:2] >= 0).sum() for r in runs.results], dtype=float)


def churn_change(runs: Runs) -> Numbers:
    """Return the largest change of monthly churn among those not acted on, in points."""
    return np.array([r.indicators["churn_change"] for r in runs.results])


def aware(runs: Runs) -> Numbers:
    """Return the share of all people who heard of it from others, in per cent."""
    return 100.0 * total(tr.D_REACHED)(runs) / (len(runs.world.people) * runs.represents)


def with_household(runs: Runs) -> Numbers:
    """Return who left with a household member whom the firm let go, in per cent of those let go."""
    followed = [r.trace.book.tally[tr.WITH_HOUSEHOLD].sum() for r in runs.results]
    return 100.0 * np.array(followed, dtype=float) / total(tr.D_LET_GO)(runs)


def talking_share(runs: Runs) -> Numbers:
    """Return the share of the people told by the firm who pass it on, in per cent; needs the event log."""
    shares = []
    for result in runs.results:
        log = result.trace.events()
        talkers = log["person"][log["event"] == tr.TALKS]
        told = result.treatments["person"]
        shares.append(100.0 * np.isin(np.unique(told), talkers).mean())
    return np.array(shares)


def accepted(runs: Runs) -> Numbers:
    """Return the share of the people told whose service ended, in per cent."""
    return 100.0 * total(tr.D_LET_GO)(runs) / total(tr.D_TOLD)(runs)


def saving(runs: Runs) -> Numbers:
    """Return what those let go had cost in a year, in millions of currency, before anything else."""
    money = runs.results[0].scenario.money
    values = []
    for result in runs.results:
        who = np.unique(result.treatments["person"]).astype(np.int64)
        monthly = profits(runs.world.people, who, money.cost_per_call, money.credit_per_call)
        values.append(-12.0 * monthly.sum() / 1e6)
    return np.array(values)


# -- a price for all: the account of customers -----------------------------------------------------------------


def extra_departures(runs: Runs) -> Numbers:
    """Return the net departures that the policy caused, in per cent of the customers at the start."""
    extra = np.array([indicators.extra_departures(r.trace.book.daily).sum() for r in runs.results], dtype=float)
    return 100.0 * extra / runs.customers


def joined(runs: Runs) -> Numbers:
    """Return who joined, in per cent of the customers at the start: expected without the policy, and its effect."""
    _, joins = without_policy(runs)
    return joins + 100.0 * total(tr.D_EXTRA_JOINS)(runs) / runs.customers


def net_change(runs: Runs) -> Numbers:
    """Return the change of the number of customers over the run, in per cent."""
    departures, _ = without_policy(runs)
    return joined(runs) - departures - extra_departures(runs)


def without_policy(runs: Runs) -> tuple[float, float]:
    """Return expected departures and joins without the policy, in per cent of the customers at the start.

    No contracts are assumed. Newcomers stay to the end: what becomes of them is not simulated.
    """
    people = runs.world.people
    days = len(runs.results[0].trace.book.daily)
    bills = days / 30.0
    gone = 1.0 - (1.0 - people["churn"].astype(np.float64)) ** bills
    ours = (people["traits"] & CUSTOMER) != 0
    each = 100.0 * runs.represents / runs.customers
    return each * gone[ours].sum(), each * gone[~ours].sum()
