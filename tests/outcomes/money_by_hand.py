"""What each event of money is worth, from the people and the scenario, month by month and with no rule of ours.

A customer's month begins with their bill; who stays owes the month's profit, received at its end. What they would
have brought beyond the run is added up month after month until nothing is left of it, instead of by a formula.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from log_readings import MONTH, Event, Reader, profit

from wom_sim.world import trace as tr
from wom_sim.world.people import SEEKER
from wom_sim.world.treatments import CAP_CREDITS

LONG = 6000
"""Months after which nothing is left, at the discounts of these tests."""


class Money:
    """Amounts of a run, event by event, in currency at day 0."""

    def __init__(self, read: Reader) -> None:
        self.read, self.said = read, read.result.scenario
        money = self.said.money
        self.discount = (1.0 + money.discount) ** (1.0 / 12.0) - 1.0
        self.learning = (1.0 + self.discount) * math.exp(1.0 / money.credits_teach_months) - 1.0
        self.days = self.said.run.days
        policy = next(p for p in self.said.policies if p.name == read.result.policy)
        self.policy = policy
        self.dismissed = [
            int(told)
            for row, told in zip(read.result.treatments, read.result.trace.told.tolist(), strict=True)
            if told >= 0 and row["action"] == 1
        ]

    @cached_property
    def newcomer(self) -> float:
        """Return the mean worth of a customer who is met today, free or bound as they are."""
        people, found = self.read.people, []
        for person in filter(self.read.customer, range(len(people))):
            locked = self.said.behaviour.leaving.locked if people[person]["contract"] else 1.0
            q = (1.0 - float(people[person]["churn"]) * locked) / (1.0 + self.discount)
            found.append(profit(people, person, self.said) * float(np.cumprod(np.full(LONG, q)).sum()))
        return sum(found) / len(found)

    # -- a customer's months -------------------------------------------------------------------------------

    def bills(self, person: int, first: int, last: int | None) -> list[int]:
        """Return the months whose bill comes on day ``first`` or later and before ``last`` (None: the end of time)."""
        day = int(self.read.people[person]["bill_day"])
        until = self.days if last is None else last
        within = [month for month in range(self.days // MONTH + 2) if first <= month * MONTH + day < until]
        return within

    def stream(self, person: int, amount: float, first: int, last: int | None, churn: float, discount: float) -> float:
        """Return the worth of an amount a month from a day on until another, or for ever (at a churn after the run)."""
        total = sum(amount / (1.0 + discount) ** (month + 1) for month in self.bills(person, first, last))
        if last is not None:
            return total
        before = len(self.bills(person, 0, None))
        there, months = np.cumprod(np.full(LONG, 1.0 - churn)), np.arange(before + 1.0, before + LONG + 1.0)
        return total + amount * float(there @ (1.0 + discount) ** -months)

    def learned(self, person: int) -> float:
        """Return by how much a seeker's credits will rise, a month."""
        row, money = self.read.people[person], self.said.money
        if not row["traits"] & SEEKER:
            return 0.0
        return float(row["calls"]) * money.credit_per_call * money.credits_teach

    def worth(self, person: int, first: int, last: int | None, churn: float | None = None) -> float:
        """Return the profit of a customer between two days; credits that rise are two constants, at either discount."""
        own = float(self.read.people[person]["churn"]) if churn is None else churn
        learned, usual = self.learned(person), profit(self.read.people, person, self.said)
        total = self.stream(person, usual - learned, first, last, own, self.discount)
        return total + self.stream(person, learned, first, last, own, self.learning)

    def taught(self, person: int, first: int, last: int | None) -> float:
        """Return what a customer's complaints teach between two days."""
        row = self.read.people[person]
        if row["traits"] & SEEKER:
            return 0.0
        a_month = self.said.money.complaint_value * (1.0 - math.exp(-float(row["calls"])))
        return self.stream(person, a_month, first, last, float(row["churn"]), self.discount)

    def at_once(self, amount: float, day: int) -> float:
        return amount / (1.0 + self.discount) ** (day // MONTH)

    # -- events --------------------------------------------------------------------------------------------

    def of(self, event: Event) -> float | None:
        """Return what an event is worth to the firm; None where it is booked after the run (see ``of_row``)."""
        name = tr.EVENT_NAMES[event.event].replace(" ", "_")
        found: float | None = getattr(self, f"_{name}")(event)
        return found

    def roundings(self, event: Event) -> int:
        """Return how often an amount was rounded to the cent: a demand for each customer, an earlier join twice."""
        number = len(self.dismissed) if event.event == tr.DEMANDS else 1
        return number + (event.event == tr.JOINED and event.label == tr.EARLIER)

    def _until(self, event: Event) -> int | None:
        return int(self.read.census.gone_otherwise[event.person]) if event.label == tr.EARLIER else None

    def _left(self, event: Event) -> float:
        return -self.worth(event.person, event.day, self._until(event))

    def _stayed(self, event: Event) -> float:
        return self.worth(event.person, event.day, None)

    def _teaches(self, event: Event) -> float:
        taught = self.taught(event.person, event.day, self._until(event))
        return taught if event.label == tr.PREVENTED else -taught

    def _newcomer(self, day: int) -> float:
        """An average customer, whose worth is summed over the months to come, less what winning one costs."""
        return self.at_once(self.newcomer - self.said.money.acquisition_cost, day)

    def _joined(self, event: Event) -> float:
        otherwise = int(self.read.census.joined_otherwise[event.person])
        return self._newcomer(event.day) - (self._newcomer(otherwise) if event.label == tr.EARLIER else 0.0)

    def _did_not_join(self, event: Event) -> float:
        return -self._newcomer(event.day)

    def _calls(self, event: Event) -> float:
        return -self.at_once(self.said.money.net_cost_per_call, event.day)

    def _row(self, event: Event) -> int:
        rows = zip(self.read.result.treatments, self.read.result.trace.told.tolist(), strict=True)
        (found,) = (k for k, (row, told) in enumerate(rows) if told == event.day and row["person"] == event.person)
        return found

    def _gives(self, event: Event) -> float:
        return -self.at_once(float(self.read.result.treatments[self._row(event)]["given"]), event.day)

    def _handles(self, event: Event) -> float:
        return -self.at_once(float(self.read.result.treatments[self._row(event)]["cost"]), event.day)

    def _starts(self, event: Event) -> float:
        return -(self.policy.programme_cost or 0.0)

    def _responds(self, event: Event) -> float:
        return -self.at_once(self.policy.response.cost, event.day)

    def _demands(self, event: Event) -> float:
        """On the day of the report for all who were dismissed by then, afterwards for each as it comes."""
        outlet, reported = self.said.media.outlets[event.person], int(self.read.result.trace.picked_up[event.person])
        number = sum(day <= reported for day in self.dismissed) if event.day == reported else 1
        return -self.at_once(outlet.cost_per_dismissal, event.day) * number

    def _pays(self, event: Event) -> None:
        return None

    def _outlook(self, event: Event) -> None:
        return None

    # -- what is known when the run is over ----------------------------------------------------------------

    def of_row(self, k: int) -> tuple[float, float]:
        """Return what a treatment's price is worth and what its lasting churn does to the usual profit.

        The churn that lasts is that of the last treatment of a person that was delivered.
        """
        result, row = self.read.result, self.read.result.treatments[k]
        person, told, left = int(row["person"]), int(result.trace.told[k]), int(result.trace.left[k])
        if told < 0 or row["profit_change"] == 0.0:
            return 0.0, 0.0
        mine = [j for j in range(len(result.treatments)) if int(result.treatments[j]["person"]) == person]
        last = max((j for j in mine if result.trace.told[j] >= 0), key=lambda j: int(result.trace.told[j]))
        usual = float(self.read.people[person]["churn"])
        now = min(1.0, usual * float(result.treatments[last]["hazard_multiplier"]))
        until = None if left < 0 else left
        change = float(row["profit_change"])
        spared = self.learned(person) if row["action"] == CAP_CREDITS else 0.0
        paid = self.stream(person, change + spared, told, until, now, self.discount)
        paid -= self.stream(person, spared, told, until, now, self.learning)
        if left >= 0 or k != last or now == usual:
            return paid, 0.0
        return paid, self.worth(person, self.days, None, now) - self.worth(person, self.days, None, usual)
