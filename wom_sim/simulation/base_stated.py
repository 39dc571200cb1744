"""What a scenario file states of its customers, before anybody is built: means, and what they add up to."""

from __future__ import annotations

import math
from statistics import NormalDist

from wom_sim.outcomes.base import YEAR
from wom_sim.populations.synthetic import HEAVY_CALLER
from wom_sim.scenario import Scenario
from wom_sim.scenario.sections.money import Money
from wom_sim.scenario.sections.population import Segment

Amounts = dict[str, float]
"""Figures of a base by name."""


def calls_from(mean: float, spread: float, least: float) -> float:
    """Return the part of mean calls that comes of those who call at least so often; calls are log-normal.

    >>> round(calls_from(2.0, 1.0, 0.0), 6), round(calls_from(2.0, 1.0, 10.0), 3), calls_from(12.0, 0.0, 10.0)
    (2.0, 0.267, 12.0)
    """
    if spread == 0.0 or mean == 0.0 or least <= 0.0:
        return mean if mean >= least else 0.0
    return mean * NormalDist().cdf((math.log(mean / least) + 0.5 * spread * spread) / spread)


def per_customer(segment: Segment) -> Amounts:
    """Return what a file states of the mean customer of a segment: currency and calls a month, shares."""
    return {
        "revenue": segment.revenue,
        "calls": segment.calls,
        "credited_calls": segment.credit_seekers * calls_from(segment.calls, segment.calls_spread, HEAVY_CALLER),
        "churn": segment.churn,
        "in_contract": segment.under_contract if segment.contract_months > 0 else 0.0,
        "without_revenue": float(segment.revenue == 0.0),
    }


def stated_sums(scenario: Scenario, segment: Segment) -> Amounts:
    """Return the sums over all customers of a segment that its means imply; as ``base_sums`` has them."""
    customers = scenario.population.customers * segment.share
    means = per_customer(segment)
    return {"customers": customers} | {name: customers * mean for name, mean in means.items()}


def year_of(sums: Amounts, segment: Segment, money: Money) -> Amounts:
    """Return revenue, costs by kind, contribution and booked profit of twelve months like today, in currency.

    ``sums`` are those of one segment (customers, and a month's revenue, calls and calls that earn a credit); the cost
    of accounts is among them where customers have one of their own.
    """
    revenue, calls = YEAR * sums["revenue"], YEAR * sums["calls"]
    account, variable = YEAR * sums["customers"] * segment.account_cost, revenue * segment.variable_cost
    goes = segment.account_avoidable
    if sums.get("account_cost", 0.0) > 0.0:  # customers have costs of their own
        account, goes = YEAR * sums["account_cost"], sums["account_cost_avoidable"] / sums["account_cost"]
    call_costs, credited = calls * money.cost_per_call, YEAR * sums["credited_calls"] * money.credit_per_call
    parts = {
        "account_cost": (account, goes),
        "variable_cost": (variable, segment.variable_avoidable),
        "call_cost": (call_costs, money.contact_avoidable),
    }
    avoidable = {f"{name}_avoidable": cost * share for name, (cost, share) in parts.items()}
    allocated = {f"{name}_allocated": cost * (1.0 - share) for name, (cost, share) in parts.items()}
    income = {"revenue_year": revenue, "call_income": calls * money.income_per_call}
    contribution = sum(income.values()) - sum(avoidable.values()) - credited
    costs = {name: value for pair in zip(avoidable.items(), allocated.items(), strict=True) for name, value in pair}
    booked = contribution - sum(allocated.values())
    return income | costs | {"credits": credited, "contribution_year": contribution, "booked_profit_year": booked}
