"""Every indicator of a run read off its event log a second time: row by row, in plain Python, by its meaning.

Nothing of ``wom_sim.outcomes`` and no sum that the engines keep is used. Where the log does not say what is asked
(when somebody would have left without the policy), the people of the reference engine are asked (a ``Census``).
"""

from __future__ import annotations

from typing import NamedTuple

from loud_firm import Census

from wom_sim.scenario import Scenario
from wom_sim.simulation import Result
from wom_sim.world import trace as tr
from wom_sim.world.people import CUSTOMER, SEEKER, People

BY_THE_FIRM = (tr.DISMISSED, tr.ACCEPTED, tr.HANDED_OVER)
MONTH = 30


class Event(NamedTuple):
    """A row of the log."""

    day: int
    event: int
    person: int
    source: int
    cause: int
    label: int
    group: int
    line: int
    amount: int

    @property
    def acted_on(self) -> bool:
        return bool(self.group & tr.G_TREATED)


class Reader:
    """One run, its log as plain rows, and who is profitable by the money of the scenario."""

    def __init__(self, result: Result, people: People, census: Census) -> None:
        log = result.trace.events()
        self.rows = [Event(*(int(row[name]) for name in Event._fields)) for row in log]
        self.result, self.people, self.census = result, people, census

    @property
    def days(self) -> int:
        """Return how long the run is, which goes on until what was done last has had its time."""
        return len(self.result.trace.buzz)

    def of(self, *events: int) -> list[Event]:
        return [row for row in self.rows if row.event in events]

    def people_in(self, *events: int) -> set[int]:
        return {row.person for row in self.of(*events)}

    def customer(self, person: int) -> bool:
        return bool(self.people[person]["traits"] & CUSTOMER)

    def profitable(self, person: int) -> bool:
        """Margin less calls at what they cost is above the scenario's limit."""
        money = self.result.scenario.money
        return self.customer(person) and profit(self.people, person, self.result.scenario) > money.profitable_above


def contribution(people: People, person: int, scenario: Scenario) -> float:
    """Return what a customer brings a month before calls, in currency: what they pay less what goes with them."""
    row = people[person]
    said = scenario.population.segments[row["segment"]]
    pays = (float(row["margin"]) + said.account_cost) / (1.0 - said.variable_cost)
    return pays * (1.0 - said.variable_cost * said.variable_avoidable) - said.account_cost * said.account_avoidable


def call(people: People, person: int, scenario: Scenario) -> tuple[float, float]:
    """Return what a call of a customer costs that would be spared without it, in currency: contact, and credit."""
    money = scenario.money
    spared = money.contact_avoidable * money.cost_per_call - money.income_per_call
    return spared, money.credit_per_call if people[person]["traits"] & SEEKER else 0.0


def profit(people: People, person: int, scenario: Scenario) -> float:
    """Return what a customer contributes in a month, in currency."""
    calls = float(people[person]["calls"])
    return contribution(people, person, scenario) - calls * sum(call(people, person, scenario))


def first_day(rows: list[Event]) -> float:
    return float(min((row.day for row in rows), default=float("nan")))


def counted(read: Reader) -> dict[str, float]:
    """Return what counts people, calls, posts and days."""
    outlets = read.result.scenario.media.outlets
    national = [row for row in read.of(tr.PICKED_UP) if outlets[row.person].national]
    reached = read.people_in(tr.HEARD)
    return {
        "reached": len(reached),
        "reached_profitable": sum(map(read.profitable, reached)),
        "reached_prospects": sum(not read.customer(person) for person in reached),
        "conversations": len(read.census.conversations),
        "posts": len(read.of(tr.POSTS)),
        "first_post_day": first_day(read.of(tr.POSTS)),
        "pickups": len(read.people_in(tr.PICKED_UP)),
        "national_coverage": float(bool(national)),
        "national_day": first_day(national),
        "extra_calls": len(read.of(tr.CALLS)),
        "let_go": len(let_go(read)),
    }


def let_go(read: Reader) -> set[int]:
    """Return whose service the firm ended: by the log, and those who would have left on the very day anyway."""
    found = {row.person for row in read.of(tr.LEFT) if row.cause in BY_THE_FIRM}
    logged = read.people_in(tr.LEFT)
    for row, told in zip(read.result.treatments, read.result.trace.told.tolist(), strict=True):
        person, end = int(row["person"]), told + int(row["notice"])
        if told >= 0 and row["notice"] >= 0 and person not in logged and int(read.census.gone[person]) == end:
            found.add(person)
    return found


def net_by_month(read: Reader, profitable: bool | None) -> dict[int, int]:
    """Return departures more than without the policy, of those not acted on, by month; None: of all of them."""
    months: dict[int, int] = {}

    def count(day: int, change: int) -> None:
        months[day // MONTH] = months.get(day // MONTH, 0) + change

    for row in read.of(tr.LEFT, tr.STAYED):
        if row.acted_on or (profitable is not None and read.profitable(row.person) != profitable):
            continue
        if row.event == tr.STAYED:
            count(row.day, -1)
            continue
        count(row.day, 1)
        if row.label == tr.EARLIER:
            count(int(read.census.gone_otherwise[row.person]), -1)
    return months


def joins_lost(read: Reader) -> int:
    """Return joins that never came, less those that came because of the policy."""
    lost, won = read.people_in(tr.NOT_JOINED), read.people_in(tr.JOINED)
    return len(lost - won) - sum(row.person not in lost and row.label != tr.EARLIER for row in read.of(tr.JOINED))


def churn_change(read: Reader) -> float:
    """Return the largest change of monthly churn of those not acted on, in points of all customers."""
    months = net_by_month(read, None)
    last = (read.days - 1) // MONTH
    changes = [months.get(month, 0) for month in range(last + 1)]
    largest = max(changes, key=abs)
    return 100.0 * largest / read.result.scenario.population.customers


class Lost(NamedTuple):
    """Profitable customers whom a policy makes leave by the end of the run, by how; and whom it keeps."""

    story: set[int]
    contagion: set[int]
    household: set[int]
    firm: set[int]
    kept: set[int]

    @property
    def everyone(self) -> set[int]:
        return self.story | self.contagion | self.household | self.firm


def lost_and_kept(read: Reader) -> Lost:
    """Return who is gone at the end and would not be, and the other way round, told apart by the log."""
    story, contagion, household, firm = set(), set(), set(), set()
    left = {row.person: row for row in read.of(tr.LEFT)}
    for person, row in left.items():
        if row.label != tr.BECAUSE or not read.profitable(person):
            continue
        if row.acted_on:
            firm.add(person)
        elif row.cause == tr.WITH_HOUSEHOLD:
            household.add(person)
        elif row.cause == tr.CONTAGION:
            contagion.add(person)
        else:
            story.add(person)
    kept = {person for person in read.people_in(tr.STAYED) if person not in left and read.profitable(person)}
    return Lost(story, contagion, household, firm, kept)


def by_line(read: Reader) -> dict[str, float]:
    """Return the sum of each line of the ledger, in currency."""
    sums = dict.fromkeys(tr.LEDGER_NAMES, 0)
    for row in read.rows:
        if row.line != tr.NO_LINE:
            sums[tr.LEDGER_NAMES[row.line]] += row.amount
    return {name: cents / 100.0 for name, cents in sums.items()}


def reputational_cost(read: Reader) -> float:
    """Return what talk costs, in currency: by what happened to whom, without a look at the lines of the ledger.

    Profitable customers whom the firm did not act on and who leave, or leave sooner, for what they heard or for ties
    who left (not with their household); prospects who would have joined; calls of those who were not told; and what
    the firm answers and an authority demands. Who is kept is no gain here.
    """
    amount = 0
    for row in read.rows:
        if row.event == tr.LEFT:
            bystander = read.profitable(row.person) and not row.acted_on
            mine = bystander and row.cause != tr.WITH_HOUSEHOLD and row.label in (tr.BECAUSE, tr.EARLIER)
        elif row.event == tr.CALLS:
            mine = not row.acted_on
        else:
            mine = row.event in (tr.JOINED, tr.NOT_JOINED, tr.RESPONDS, tr.DEMANDS)
        amount -= row.amount if mine else 0
    return amount / 100.0
