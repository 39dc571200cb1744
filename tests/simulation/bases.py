"""Scenarios whose base is looked at, and the base of a scenario worked out person by person in plain Python."""

from __future__ import annotations

import math

from wom_sim.scenario import Scenario
from wom_sim.simulation import build_people
from wom_sim.world.people import CUSTOMER, SEEKER

MIXED = """
name = "Mixed"
currency = "EUR"
[population]
customers = 3_000
prospects = 300
[[population.segments]]
name = "plain"
share = 0.7
revenue = 30.0
revenue_spread = 0.8
account_cost = 14.0
account_avoidable = 0.3
variable_cost = 0.25
variable_avoidable = 0.6
calls = 1.2
calls_spread = 1.4
calls_follow_revenue = 0.3
churn = 0.02
credit_seekers = 0.5
[[population.segments]]
name = "bound"
share = 0.2
revenue = 12.0
account_cost = 20.0
account_avoidable = 0.5
calls = 3.0
churn = 0.08
under_contract = 0.6
contract_months = 9
settles_to = 1.0
[[population.segments]]
name = "free"
share = 0.1
revenue = 0.0
account_cost = 1.5
calls = 0.3
settles_like = "nothing"
[money]
cost_per_call = 6.0
income_per_call = 0.5
contact_avoidable = 0.7
contact_lag_months = 3
credit_per_call = 2.5
credits_teach = 0.4
profitable_above = 0.5
settling = {calls = {chronic_share = 0.4, chronic_fades = 0.02, passing_fades = 0.18}}
[choose]
limit = 150
observed_months = 6
[run]
days = 360
replications = 2
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "few"
use = "paid_exit"
choose = {calls_at_least = 20.0, limit = 900}
[[policies]]
name = "all"
use = "reprice"
for_all = true
[[policies]]
name = "wrong"
use = "case_by_case"
choose = {by = "contribution", limit = 100, error_rate = 0.3, segments = ["plain", "bound"]}
[[policies]]
name = "nobody"
use = "transfer"
choose = {calls_at_least = 100_000.0}
"""

BANK = """
name = "Bank"
currency = "GBP"
[population]
customers = {customers}
prospects = 1_000
household_size = 1.3
[[population.segments]]
name = "personal"
share = 0.92
revenue = 9.0
revenue_spread = 0.9
account_cost = 5.0
calls = 0.3
calls_spread = 1.3
churn = 0.006
switching_cost = 40
[[population.segments]]
name = "business"
share = 0.08
revenue = 30.0
account_cost = 14.0
calls = 0.8
calls_spread = 1.3
churn = 0.008
switching_cost = 120
[money]
cost_per_call = 5.5
acquisition_cost = 25
[choose]
limit = 900
error_rate = 0.05
[run]
replications = 10
[[policies]]
name = "let go"
use = "bulk_letter"
channel = "email"
notice_days = 0
"""

SOFTWARE = """
name = "Software"
currency = "EUR"
[population]
customers = 12_000
prospects = 1_000
household_size = 1
[[population.segments]]
name = "standard"
share = 0.9875
revenue = 900.0
revenue_spread = 1.0
account_cost = 250.0
calls = 0.6
calls_spread = 0.8
churn = 0.03
under_contract = 1.0
contract_months = 12
[[population.segments]]
name = "heavy"
share = 0.0125
revenue = 900.0
account_cost = 250.0
calls = 31.0
calls_spread = 0.3
churn = 0.02
under_contract = 1.0
contract_months = 12
[money]
cost_per_call = 45.0
[choose]
segments = ["heavy"]
limit = 150
[run]
days = 365
replications = 10
[[policies]]
name = "let go"
use = "bulk_letter"
channel = "email"
notice_days = 0
"""


class Customer:
    """A customer and what they bring, from their row and the file alone."""

    def __init__(self, number: int, row, said: Scenario) -> None:
        segment = said.population.segments[int(row["segment"])]
        self.number, self.segment, self.said = number, segment, said
        money = said.money
        margin, self.calls = float(row["margin"]), float(row["calls"])
        self.seeks = bool(row["traits"] & SEEKER)
        self.churn, self.contract = float(row["churn"]), int(row["contract"])
        self.revenue = (margin + segment.account_cost) / (1.0 - segment.variable_cost)
        self.credits = self.calls * money.credit_per_call if self.seeks else 0.0
        self.booked = (
            self.revenue * (1.0 - segment.variable_cost) - segment.account_cost
            - self.calls * (money.cost_per_call - money.income_per_call) - self.credits
        )  # fmt: skip
        self.before_calls = (
            self.revenue * (1.0 - segment.variable_cost * segment.variable_avoidable)
            - segment.account_cost * segment.account_avoidable
        )  # fmt: skip
        self.contact = money.contact_avoidable * money.cost_per_call - money.income_per_call
        self.contribution = self.before_calls - self.calls * self.contact - self.credits
        self.profitable = self.contribution > money.profitable_above

    @property
    def usual(self) -> float:
        """Calls a month in the long run."""
        segments = self.said.population.segments
        mean = sum(s.share * s.calls for s in segments)
        return min(self.segment.calls, mean) if self.segment.settles_to is None else self.segment.settles_to

    def special(self, month: int) -> float:
        """Chance that what is special about them has not ended before a month."""
        settling = self.said.money.settling
        if self.segment.settles_like == "nothing" or self.calls == self.usual:
            return 1.0
        fading = getattr(settling, self.segment.settles_like)
        odds = fading.chronic_share / (1.0 - fading.chronic_share)
        odds *= (self.said.choose.observed_months / 12.0) ** settling.window
        odds *= (max(self.calls / self.usual, self.usual / self.calls) / settling.reference) ** settling.steepness
        chronic = odds / (1.0 + odds)
        return chronic * (1.0 - fading.chronic_fades) ** month + (1.0 - chronic) * (1.0 - fading.passing_fades) ** month

    def month(self, month: int, calls: float) -> float:
        """What they bring in a month of the year if they call so often, discounted to day 0."""
        money = self.said.money
        discount = (1.0 + money.discount) ** (1.0 / 12.0)
        learned = money.credits_teach * (1.0 - math.exp(-(month + 1) / money.credits_teach_months))
        credit = money.credit_per_call * (1.0 + learned) if self.seeks else 0.0
        brings = (self.before_calls - calls * credit) / discount ** (month + 1)
        if month + money.contact_lag_months < 12:
            brings -= calls * self.contact / discount ** (month + 1 + money.contact_lag_months)
        return brings

    def year(self, settles: bool) -> float:
        """What they are expected to bring in twelve months from day 0."""
        there, total = 1.0, 0.0
        for month in range(12):
            locked = self.said.behaviour.leaving.locked if month < self.contract else 1.0
            there *= 1.0 - min(1.0, self.churn * locked)
            special = self.special(month) if settles else 1.0
            total += there * (special * self.month(month, self.calls) + (1.0 - special) * self.month(month, self.usual))
        return total


def customers_of(said: Scenario) -> list[Customer]:
    """Return the customers of a scenario as they are built."""
    people = build_people(said).people
    return [Customer(i, row, said) for i, row in enumerate(people) if row["traits"] & CUSTOMER]
