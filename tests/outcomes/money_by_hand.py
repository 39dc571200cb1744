"""What each event of money is worth, from the people and the scenario, month by month and with no rule of ours.

A customer's month begins with their bill; who stays owes the month's profit, received at its end; what a call costs is
spared some months after it is not made. People are as they were observed until, by luck of their own, that ends. What
they would have brought beyond the run is added up month after month, until the horizon, instead of by a formula. Every
amount is kept by the month in which it comes (``Coming``), so that cash and what lies beyond the horizon can be told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from log_readings import MONTH, Event, Reader, call, contribution, profit

from wom_sim.simulation import luck_seed
from wom_sim.world import trace as tr
from wom_sim.world.luck import uniform
from wom_sim.world.people import SEEKER
from wom_sim.world.treatments import CAP_CREDITS, WARN

LONG = 4000
"""Months after which nothing is left, at the discounts of these tests."""
CHRONIC, SETTLES = 112, 113
"""Purposes of the luck of a person: whether what is special about them is chronic, and when it ends."""
Levels = tuple[float, float]
"""An amount a month as observed, and in the long run."""


@dataclass(frozen=True)
class Coming:
    """Amounts by the month in which they come, in currency at day 0: at its beginning and at its end.

    ``rounded`` is how often, in each month, an amount may have been rounded to the cent.
    """

    begins: np.ndarray
    ends: np.ndarray
    rounded: np.ndarray

    def __add__(self, other: Coming) -> Coming:
        return Coming(self.begins + other.begins, self.ends + other.ends, self.rounded + other.rounded)

    def __neg__(self) -> Coming:
        return Coming(-self.begins, -self.ends, self.rounded)

    def __sub__(self, other: Coming) -> Coming:
        return self + -other

    def times(self, factor: int) -> Coming:
        return Coming(factor * self.begins, factor * self.ends, factor * self.rounded)

    @property
    def worth(self) -> np.ndarray:
        return self.begins + self.ends

    def before(self, month: int) -> float:
        """Return what comes before a month, added up."""
        return float(self.worth[:month].sum())

    def cash(self, discount: float) -> np.ndarray:
        """Return what is received or paid in each month, not discounted."""
        growth = (1.0 + discount) ** np.arange(len(self.begins))
        return self.begins * growth + self.ends * growth * (1.0 + discount)


NOTHING = Coming(np.zeros(LONG), np.zeros(LONG), np.zeros(LONG, dtype=int))


class Money:
    """Amounts of a run, event by event."""

    def __init__(self, read: Reader) -> None:
        self.read, self.said = read, read.result.scenario
        money = self.said.money
        self.discount = (1.0 + money.discount) ** (1.0 / 12.0) - 1.0
        self.learning = (1.0 + self.discount) * math.exp(1.0 / money.credits_teach_months) - 1.0
        self.days = read.days
        treatments = read.result.treatments
        self.begins = int(treatments["day_told"].min()) // MONTH if len(treatments) else 0
        self.forever = money.horizon_months == 1200
        self.ends = LONG if self.forever else max(self.begins + money.horizon_months, -(-self.days // MONTH))
        policy = next(p for p in self.said.policies if p.name == read.result.policy)
        self.policy = policy
        self.complaints = [row.day for row in read.rows if row.event == tr.COMPLAINS]
        self.dismissed = [
            int(told)
            for row, told in zip(treatments, read.result.trace.told.tolist(), strict=True)
            if told >= 0 and row["action"] == 1
        ]

    @cached_property
    def newcomer(self) -> Levels:
        """Return (profit, churn) of the average customer, free or bound as they are, with the mean lifetime value."""
        people, values, churns = self.read.people, [], []
        for person in filter(self.read.customer, range(len(people))):
            locked = self.said.behaviour.leaving.locked if people[person]["contract"] else 1.0
            churns.append(float(people[person]["churn"]) * locked)
            q = (1.0 - churns[-1]) / (1.0 + self.discount)
            values.append(profit(people, person, self.said) * float(np.cumprod(np.full(LONG, q)).sum()))
        churn = sum(churns) / len(churns)
        months = float(np.cumprod(np.full(LONG, (1.0 - churn) / (1.0 + self.discount))).sum())
        return sum(values) / len(values) / months, churn

    # -- a customer's months -------------------------------------------------------------------------------

    def bills(self, person: int, first: int, last: int | None) -> list[int]:
        """Return the months whose bill comes on day ``first`` or later and before ``last`` (None: the end of time)."""
        day = int(self.read.people[person]["bill_day"])
        until = self.days if last is None else last
        within = [month for month in range(self.days // MONTH + 2) if first <= month * MONTH + day < until]
        return within

    def usual_calls(self, person: int) -> float:
        """Return calls a month in the long run: the segment's mean, at most that of all."""
        segments = self.said.population.segments
        mean = sum(each.share * each.calls for each in segments)
        return min(mean, segments[self.read.people[person]["segment"]].calls)

    def special(self, person: int) -> tuple[int, float]:
        """Return the month in which what is special about a customer ends, and the chance a month that it does."""
        settling, calls = self.said.money.settling, float(self.read.people[person]["calls"])
        usual, fading = self.usual_calls(person), settling.calls
        odds = fading.chronic_share / (1.0 - fading.chronic_share)
        odds *= (max(calls / usual, usual / calls) / settling.reference) ** settling.steepness
        odds *= (self.said.choose.observed_months / 12.0) ** settling.window
        seed = np.uint64(luck_seed(self.said, self.read.result.replication))
        chronic, ends = (uniform(seed, purpose, person, 0, 0) for purpose in (CHRONIC, SETTLES))
        fades = fading.chronic_fades if chronic < odds / (1.0 + odds) else fading.passing_fades
        left, months = 1.0, 0
        while fades > 0.0 and ends < left and months < LONG:  # it lasts more than n months with chance (1 - fades)^n
            left, months = left * (1.0 - fades), months + 1
        return (self.begins + months if fades > 0.0 else LONG), fades

    def stream(
        self, person: int, amount: Levels, first: int, last: int | None, churn: float, discount: float, lag: int = 0
    ) -> np.ndarray:
        """Return by month what an amount a month is worth from a day until another, or on and on (at a churn)."""
        ends, fades = self.special(person)
        total = np.zeros(LONG)
        for month in self.bills(person, first, last):
            total[month] = amount[0 if month < ends else 1] / (1.0 + discount) ** (month + 1)
        if last is None:
            before = len(self.bills(person, 0, None))
            months = np.arange(before, LONG)
            there = np.cumprod(np.full(len(months), 1.0 - churn))
            special = np.cumprod(np.full(len(months), 1.0 - fades)) * (ends >= before)
            each = there * (amount[1] + (amount[0] - amount[1]) * special)
            total[before:] = each * (1.0 + discount) ** -(months + 1.0)
        return np.concatenate([np.zeros(lag), total[: LONG - lag] / (1.0 + self.discount) ** lag])

    def flow(self, by_month: np.ndarray, person: int, first: int) -> Coming:
        """Return what comes month by month; all that rounding leaves comes with the first, or later than is kept."""
        rounded = (by_month != 0.0).astype(int)
        begins = len(self.bills(person, 0, first))
        rounded[begins] += rounded[: min(self.ends, LONG)].sum() + 1
        return Coming(np.zeros(LONG), by_month, rounded)

    def by_calls(self, person: int, each: float) -> Levels:
        """Return a cost of each call as an amount a month."""
        return each * float(self.read.people[person]["calls"]), each * self.usual_calls(person)

    def learned(self, person: int) -> Levels:
        """Return by how much a seeker's credits will rise, a month."""
        return self.by_calls(person, call(self.read.people, person, self.said)[1] * self.said.money.credits_teach)

    def worth(self, person: int, first: int, last: int | None, churn: float | None = None) -> Coming:
        """Return the profit of a customer between two days; credits that rise are two constants, at either discount."""
        own = float(self.read.people[person]["churn"]) if churn is None else churn
        contact, credit = (self.by_calls(person, each) for each in call(self.read.people, person, self.said))
        learned, margin = self.learned(person), contribution(self.read.people, person, self.said)
        at_once = tuple(margin - credit[k] - learned[k] for k in (0, 1))
        total = self.stream(person, at_once, first, last, own, self.discount)
        total += self.stream(person, learned, first, last, own, self.learning)
        total -= self.stream(person, contact, first, last, own, self.discount, self.said.money.contact_lag_months)
        return self.flow(total, person, first)

    def taught(self, person: int, first: int, last: int | None) -> Coming:
        """Return what a customer's complaints teach between two days."""
        row = self.read.people[person]
        if row["traits"] & SEEKER:
            return NOTHING
        calls = (float(row["calls"]), self.usual_calls(person))
        a_month = tuple(self.said.money.complaint_value * (1.0 - math.exp(-each)) for each in calls)
        return self.flow(self.stream(person, a_month, first, last, float(row["churn"]), self.discount), person, first)

    def at_once(self, amount: float, day: int) -> Coming:
        begins, rounded = np.zeros(LONG), np.zeros(LONG, dtype=int)
        begins[day // MONTH], rounded[day // MONTH] = amount / (1.0 + self.discount) ** (day // MONTH), 1
        return Coming(begins, np.zeros(LONG), rounded)

    # -- events --------------------------------------------------------------------------------------------

    def of(self, event: Event) -> Coming | None:
        """Return what an event is worth to the firm; None where it is booked after the run (see ``of_row``)."""
        name = tr.EVENT_NAMES[event.event].replace(" ", "_")
        found: Coming | None = getattr(self, f"_{name}")(event)
        return found

    def roundings(self, event: Event) -> int:
        """Return how often an amount was rounded to the cent: a demand for each customer, an earlier join twice."""
        number = 1
        if event.event == tr.DEMANDS:
            cases = bool(self.said.media.outlets[event.person].case_fee)
            number = self._charged(event) if cases else len(self.dismissed)
        return number + (event.event == tr.JOINED and event.label == tr.EARLIER)

    def _until(self, event: Event) -> int | None:
        return int(self.read.census.gone_otherwise[event.person]) if event.label == tr.EARLIER else None

    def _left(self, event: Event) -> Coming:
        return -self.worth(event.person, event.day, self._until(event))

    def _stayed(self, event: Event) -> Coming:
        return self.worth(event.person, event.day, None)

    def _teaches(self, event: Event) -> Coming:
        taught = self.taught(event.person, event.day, self._until(event))
        return taught if event.label == tr.PREVENTED else -taught

    def _newcomer(self, day: int) -> Coming:
        """An average customer, whose months are added up, less what winning one costs."""
        (brings, churn), month = self.newcomer, day // MONTH
        months, by_month = np.arange(month, LONG), np.zeros(LONG)
        there = np.cumprod(np.full(len(months), 1.0 - churn))
        by_month[month:] = brings * there * (1.0 + self.discount) ** -(months + 1.0)
        rounded = (by_month != 0.0).astype(int)
        rounded[month] += rounded[: self.ends].sum() + 1
        return Coming(np.zeros(LONG), by_month, rounded) - self.at_once(self.said.money.acquisition_cost, day)

    def _joined(self, event: Event) -> Coming:
        otherwise = int(self.read.census.joined_otherwise[event.person])
        return self._newcomer(event.day) - (self._newcomer(otherwise) if event.label == tr.EARLIER else NOTHING)

    def _did_not_join(self, event: Event) -> Coming:
        return -self._newcomer(event.day)

    def _calls(self, event: Event) -> Coming:
        return -self.at_once(call(self.read.people, event.person, self.said)[0], event.day)

    def _row(self, event: Event) -> int:
        rows = zip(self.read.result.treatments, self.read.result.trace.told.tolist(), strict=True)
        (found,) = (k for k, (row, told) in enumerate(rows) if told == event.day and row["person"] == event.person)
        return found

    def _gives(self, event: Event) -> Coming:
        return -self.at_once(float(self.read.result.treatments[self._row(event)]["given"]), event.day)

    def _handles(self, event: Event) -> Coming:
        return -self.at_once(float(self.read.result.treatments[self._row(event)]["cost"]), event.day)

    def _starts(self, event: Event) -> Coming:
        return -self.at_once(self.policy.programme_cost or 0.0, 0)

    def _responds(self, event: Event) -> Coming:
        return -self.at_once(self.policy.response.cost, event.day)

    def _demands(self, event: Event) -> Coming:
        """On the day of the report for all dismissed by then, afterwards for each as it comes; or a fee a case."""
        if self.said.media.outlets[event.person].case_fee:
            return self._cases(event)
        outlet, reported = self.said.media.outlets[event.person], int(self.read.result.trace.picked_up[event.person])
        number = sum(day <= reported for day in self.dismissed) if event.day == reported else 1
        return -self.at_once(outlet.cost_per_dismissal, event.day).times(number)

    def _cases(self, event: Event) -> Coming:
        outlet = self.said.media.outlets[event.person]
        return -self.at_once(outlet.case_fee, event.day).times(self._charged(event))

    def _charged(self, event: Event) -> int:
        """Return how many of the day's formal complaints are beyond those of the year that are free."""
        outlet, days = self.said.media.outlets[event.person], self.complaints
        before = sum(day // 365 == event.day // 365 and day < event.day for day in days)
        return sum(place >= outlet.cases_free for place in range(before, before + days.count(event.day)))

    def _pays(self, event: Event) -> None:
        return None

    def _outlook(self, event: Event) -> None:
        return None

    # -- what is known when the run is over ----------------------------------------------------------------

    def of_row(self, k: int) -> tuple[Coming, Coming]:
        """Return what a treatment's price is worth and what its lasting churn does to the usual profit.

        The churn that lasts is that of the last treatment of a person that was delivered.
        """
        result, row = self.read.result, self.read.result.treatments[k]
        person, told, left = int(row["person"]), int(result.trace.told[k]), int(result.trace.left[k])
        change, follows, contact = (float(row[name]) for name in ("profit_change", "call_change", "contact_change"))
        if told < 0 or change == follows == contact == 0.0:
            return NOTHING, NOTHING
        mine = [j for j in range(len(result.treatments)) if int(result.treatments[j]["person"]) == person]
        last = max((j for j in mine if result.trace.told[j] >= 0), key=lambda j: int(result.trace.told[j]))
        usual = float(self.read.people[person]["churn"])
        now = min(1.0, usual * float(result.treatments[last]["hazard_multiplier"]))
        ends = told + int(row["lasts"]) if row["lasts"] else None
        until = min((day for day in (ends, None if left < 0 else left) if day is not None), default=None)
        ratio = self.usual_calls(person) / float(self.read.people[person]["calls"])
        if row["action"] == WARN:  # about what is called beyond the usual: none of it is left in the long run
            ratio = 0.0
        spared = self.learned(person) if row["action"] == CAP_CREDITS else (0.0, 0.0)
        at_once = (change + follows + spared[0], change + follows * ratio + spared[1])
        paid = self.stream(person, at_once, told, until, now, self.discount)
        paid -= self.stream(person, spared, told, until, now, self.learning)
        lag = self.said.money.contact_lag_months
        paid += self.stream(person, (contact, contact * ratio), told, until, now, self.discount, lag)
        price = self.flow(paid, person, told)
        if left >= 0 or k != last or now == usual or row["lasts"]:
            return price, NOTHING
        return price, self.worth(person, self.days, None, now) - self.worth(person, self.days, None, usual)

    # -- when it comes -------------------------------------------------------------------------------------

    def received(self) -> dict[int, Coming]:
        """Return what comes in each month, by line of the ledger."""
        lines = {line: NOTHING for line in range(len(tr.LEDGER_NAMES))}
        for event in self.read.rows:
            found = None if event.line == tr.NO_LINE else self.of(event)
            if found is not None:
                lines[event.line] += found
        for k in range(len(self.read.result.treatments)):
            price, outlook = self.of_row(k)
            lines[tr.L_PRICE] += price
            lines[tr.L_OUTLOOK] += outlook
        return lines
