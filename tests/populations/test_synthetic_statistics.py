"""A synthetic population at the defaults: whale curve, who calls, who is alike. Tolerances are computed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from markets import DEFAULT, SEED, default_people, people_of, profits_of, scenario
from scipy import stats

from wom_sim.scenario.sections.money import Money
from wom_sim.scenario.sections.population import Population, Segment
from wom_sim.simulation.building import switching_of
from wom_sim.world.people import ADVOCATE, SEEKER, households
from wom_sim.world.switching import surpluses, switching_costs

PEOPLE = 2_000_000
BLOCKS = 20
"""Whole communities each, so that what blocks give is independent."""
HOME = Population(customers=1)
MONEY = Money()


def near(people: np.ndarray, statistic: Callable[[np.ndarray], float], expected: float, errors: float = 4.0) -> None:
    """Assert that a statistic is where it should be, by the spread of its values in blocks of communities."""
    size = len(people) // BLOCKS // 150 * 150
    found = np.array([statistic(people[k * size : (k + 1) * size]) for k in range(BLOCKS)])
    error = found.std(ddof=1) / math.sqrt(BLOCKS)
    assert 0.0 < error < 0.05 * max(1.0, abs(expected)), "a test that could not fail"
    assert abs(found.mean() - expected) < errors * error, f"{found.mean()} +- {error}, expected {expected}"


def log_revenue(people: np.ndarray) -> np.ndarray:
    return np.log(people["margin"].astype(float) + DEFAULT.account_cost)


def top_fifth(profit: np.ndarray) -> float:
    """Return the share of all profit that the most profitable fifth makes."""
    return float(np.sort(profit)[-(len(profit) // 5) :].sum() / profit.sum())


def exact_top_fifth() -> float:
    """Return the same in an endless population, by integration over calls."""
    q = (np.arange(20_000) + 0.5) / 20_000
    calls = DEFAULT.calls * np.exp(DEFAULT.calls_spread * stats.norm.ppf(q) - DEFAULT.calls_spread**2 / 2.0)
    seeking = np.where(calls >= 10.0, DEFAULT.credit_seekers, 0.0)
    cost = np.concatenate([MONEY.cost_per_call * calls, (MONEY.cost_per_call + MONEY.credit_per_call) * calls])
    cost += DEFAULT.account_cost
    weight = np.concatenate([1.0 - seeking, seeking]) / len(q)
    s = DEFAULT.revenue_spread

    def above(least: float) -> tuple[float, float]:
        z = (np.log(np.maximum(least + cost, 1e-9) / DEFAULT.revenue) + s * s / 2.0) / s
        share = stats.norm.sf(z)
        return float((weight * share).sum()), float(
            (weight * (DEFAULT.revenue * stats.norm.sf(z - s) - cost * share)).sum()
        )

    low, high = -500.0, 500.0
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        low, high = (middle, high) if above(middle)[0] > 0.2 else (low, middle)
    return above(low)[1] / float(DEFAULT.revenue - (weight * cost).sum())


def test_whale_curve():
    """Kaplan & Narayanan 2001: the top fifth make 150 to 300 % of profit."""
    exact = exact_top_fifth()
    assert 1.5 <= exact <= 3.0
    near(default_people(PEOPLE), lambda people: top_fifth(profits_of(people)), exact)


def test_heavy_callers_are_as_rare_as_sprint_found():
    """About 1,000 of the 41.6 million postpaid customers called 40 times a month or more (Sprint 2007)."""
    z = (math.log(40.0 / DEFAULT.calls) + DEFAULT.calls_spread**2 / 2.0) / DEFAULT.calls_spread
    rare = stats.norm.sf(z)
    assert 41.6e6 * rare == pytest.approx(1000, rel=0.25)
    low, high = stats.poisson.interval(0.999, PEOPLE * rare)
    assert low <= (default_people(PEOPLE)["calls"] >= 40.0).sum() <= high


@pytest.mark.parametrize(
    ("column", "mean", "spread"),
    [("calls", DEFAULT.calls, DEFAULT.calls_spread), ("talkativeness", 1.0, DEFAULT.talkativeness_spread),
     ("churn", DEFAULT.churn, DEFAULT.churn_spread)],
)  # fmt: skip
def test_lognormal_columns(column, mean, spread):
    near(default_people(PEOPLE), lambda people: people[column].mean(dtype=float) / mean, 1.0)
    near(default_people(PEOPLE), lambda people: np.log(people[column].astype(float)).std(), spread)


def test_revenue():
    near(default_people(PEOPLE), lambda people: np.exp(log_revenue(people)).mean() / DEFAULT.revenue, 1.0)
    near(default_people(PEOPLE), lambda people: log_revenue(people).std(), DEFAULT.revenue_spread)


def alike(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    """Return the intraclass correlation of pairs, at the known mean and variance of the block."""
    centred = values - values.mean()
    return float((centred[first] * centred[second]).mean() / (centred * centred).mean())


def housemates(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first = np.flatnonzero(households(people)[1:] == households(people)[:-1])
    return first, first + 1


def neighbours(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of one community who do not live together: 75 numbers apart."""
    first = np.flatnonzero(np.arange(len(people)) % 150 < 75)
    return first, first + 75


TRAITS = {"revenue": log_revenue, "churn": lambda people: np.log(people["churn"].astype(float))}


@pytest.mark.parametrize("trait", TRAITS)
def test_value_runs_in_households_and_communities(trait):
    value, people = TRAITS[trait], default_people(PEOPLE)
    together = HOME.alike_in_household + HOME.alike_in_community
    near(people, lambda block: alike(value(block), *housemates(block)), together)
    near(people, lambda block: alike(value(block), *neighbours(block)), HOME.alike_in_community)
    strangers = np.arange(50_000)
    near(people, lambda block: alike(value(block), strangers, strangers + 45_000), 0.0)


def test_alike_is_as_said():
    said = scenario(300_000, alike_in_household=0.1, alike_in_community=0.6)
    people = people_of(said)
    near(people, lambda block: alike(log_revenue(block), *housemates(block)), 0.7)
    near(people, lambda block: alike(log_revenue(block), *neighbours(block)), 0.6)


@pytest.mark.parametrize("other", ["churn", "calls", "talkativeness"])
def test_revenue_is_independent_of_the_rest(other):
    def correlation(people: np.ndarray) -> float:
        return float(np.corrcoef(log_revenue(people), np.log(people[other].astype(float)))[0, 1])

    near(default_people(PEOPLE), correlation, 0.0)


def test_calls_are_a_persons_own():
    near(default_people(PEOPLE), lambda block: alike(np.log(block["calls"]), *housemates(block)), 0.0)


def test_the_rest_of_a_customer():
    people = default_people(PEOPLE)
    heavy = people["calls"] >= 10.0
    near(people, lambda p: (p["commitment"] / 255.0).mean(), DEFAULT.commitment)
    near(people, lambda p: ((p["traits"] & ADVOCATE) != 0).mean(), DEFAULT.advocates)
    near(people, lambda p: (p["bill_day"].astype(float)).mean(), 14.5)
    seekers = (people["traits"] & SEEKER) != 0
    share, number = seekers[heavy].mean(), int(heavy.sum())
    assert abs(share - DEFAULT.credit_seekers) < 4.0 * math.sqrt(0.3 * 0.7 / number)


def test_what_it_costs_to_go():
    people, switching = default_people(PEOPLE), switching_of(scenario(PEOPLE), SEED)
    everyone = np.arange(PEOPLE)
    costs, lost = switching_costs(people, switching, everyone), surpluses(people, switching, everyone)
    seekers = (people["traits"] & SEEKER) != 0
    near(costs, lambda c: c.mean(dtype=float) / DEFAULT.switching_cost, 1.0)
    near(lost[~seekers], lambda s: s.mean(dtype=float) / DEFAULT.surplus, 1.0)
    asked = lost[seekers].mean() / DEFAULT.surplus_of_seekers
    assert abs(asked - 1.0) < 4.0 / math.sqrt(seekers.sum()), "exponential: standard deviation is the mean"


def test_contracts_run_for_a_uniform_number_of_months():
    people = people_of(scenario(100_000, segments=(Segment(name="a", under_contract=0.6, contract_months=24),)))
    months = np.bincount(people["contract"], minlength=25)
    assert len(months) == 25
    assert abs(months[0] - 40_000) < 4.0 * math.sqrt(100_000 * 0.24)
    assert stats.chisquare(months[1:]).pvalue > 1e-3


def test_all_or_nothing():
    said = Segment(name="a", under_contract=1.0, contract_months=1, commitment=1.0, advocates=1.0, churn=1.0)
    people = people_of(scenario(2000, segments=(said,)))
    assert set(people["contract"].tolist()) == {1}
    assert set(people["commitment"].tolist()) == {255}
    assert ((people["traits"] & ADVOCATE) != 0).all()
    assert people["churn"].max() == 1.0
    none = people_of(scenario(2000, segments=(Segment(name="a", commitment=0.0, advocates=0.0, calls=0.0),)))
    assert not none["commitment"].any()
    assert not (none["traits"] & ADVOCATE).any()
    assert not none["calls"].any()
