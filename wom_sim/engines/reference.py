"""The reference engine: a Mesa model in which every person lives through every day. Read it aloud.

It is an ordinary Mesa model: ``Market(world, numbers, treatments, seed)``, ``step()``, ``run()``,
``datacollector``. Labels (left anyway, earlier, because of it) come from actually running the same market
without the policy. Phases are those of ``wom_sim.world.day``; every probability is a rule of ``wom_sim.rules``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import mesa
import numpy as np
from mesa.discrete_space import FixedAgent
from mesa.discrete_space import Network as MesaNetwork

from wom_sim.networks.convert import to_networkx
from wom_sim.rules import attention, fairness, hearing, leaving, money, talking
from wom_sim.world import trace as tr
from wom_sim.world.day import PHASES
from wom_sim.world.luck import (
    BLOCK_BROADCAST,
    BLOCK_HEARER,
    BLOCK_JOIN,
    BLOCK_LEAVE,
    BLOCK_READER,
    BLOCK_STRANGER,
    BLOCK_VICTIM,
    Purpose,
    four,
    monthly,
    stranger,
    uniform,
)
from wom_sim.world.network import HOUSEHOLD
from wom_sim.world.numbers import Numbers
from wom_sim.world.people import ADVOCATE, COMMITMENT_UNIT, CUSTOMER, SEEKER
from wom_sim.world.treatments import DISMISS, STORY_UNIT, Treatments, nothing
from wom_sim.world.world import World

_FOLLOW = int(Purpose.FOLLOW)
_HEARER_AUDIENCE = int(Purpose.HEARER_AUDIENCE)
_HEARER_POST = int(Purpose.HEARER_POST)
_PICKUP = int(Purpose.PICKUP)
_STOP = int(Purpose.STOP)
_STRANGERS = int(Purpose.STRANGERS)
_TELL = int(Purpose.TELL)

HEARER = 0
"""Code of what one tells as a hearer; what one tells as someone the firm told has the code round + 1."""


class Conversation(NamedTuple):
    """A conversation that is planned: who tells whom, by which channel, what, and whether it is praise."""

    talker: Customer
    listener: int
    channel: int
    code: int
    story: int
    praise: bool


class Post(NamedTuple):
    """A post that is planned."""

    author: Customer
    code: int
    story: int
    news: int
    audience: int
    praise: bool


class Customer(FixedAgent):
    """A person in the market: a customer of the firm, or a prospect who may become one."""

    def __init__(self, model: Market, number: int, cell: Any) -> None:
        super().__init__(model)
        self.cell = cell
        self.number = number
        people = model.world.people
        self.is_customer = bool(people[number].traits & CUSTOMER)
        self.advocate = bool(people[number].traits & ADVOCATE)
        self.group = int(people[number].group)
        self.churn = float(people[number].churn)
        self.contract = int(people[number].contract)
        self.bill_day = int(people[number].bill_day)
        self.talkativeness = float(people[number].talkativeness)
        self.commitment = float(people[number].commitment) / COMMITMENT_UNIT
        self.margin = float(people[number].margin)
        self.monthly_calls = float(people[number].calls)
        self.seeker = bool(people[number].traits & SEEKER)
        self.ties = list(
            zip(
                model.world.network.neighbours(number).tolist(),
                model.world.network.classes(number).tolist(),
                strict=True,
            )
        )
        self.strength = model.world.network.strengths(number).tolist()
        self.gone_on = -1
        self.joined_on = -1
        self.heard_on = -1
        self.source = tr.NO_SOURCE
        self.story = 0
        self.harm_units = 0
        self.praise_units = 0
        self.last_dose = -1
        self.told = False
        self.informed = False
        self.wronged = False
        self.praised = False
        self.struck = False
        self.row = -1
        self.affected = False
        self.stopped = False
        self.departures: list[tuple[int, float, int]] = []
        self.doses: dict[int, int] = defaultdict(int)

    # -- what is true of a person --------------------------------------------------------------------------

    @property
    def still_customer(self) -> bool:
        """Return whether the person was a customer at the start and has not left."""
        return self.is_customer and self.gone_on < 0

    def knew_before(self, day: int) -> bool:
        """Return whether the person knew the story before today's conversations."""
        return self.informed or 0 <= self.heard_on < day

    def worth(self) -> tr.Worth:
        """Return what the customer is worth."""
        p, calls, seeker = self.model.numbers, self.monthly_calls, self.seeker
        return tr.Worth(
            money.monthly_profit(self.margin, calls, seeker, p.cost_per_call, p.credit_per_call),
            money.insight_of_calls(calls, seeker, p.complaint_value),
            money.learned_credits(calls, seeker, p.credit_per_call, p.credits_teach),
            self.churn, p.discount, p.learning_discount, self.bill_day,
        )  # fmt: skip

    def books_group(self) -> int:
        """Return the group under which the person is counted."""
        return self.group | (tr.G_TREATED if self.told else 0)

    def harm(self) -> float:
        """Return the harm that the person acts on today, -1..1: none unless they are affected."""
        if not self.affected or self.last_dose < 0:
            return 0.0
        p = self.model.numbers
        return hearing.harm(
            self.harm_units, self.praise_units, p.harm_per_dose, p.buffer * self.commitment,
            self.model.today - self.last_dose, p.harm_half_life,
        )  # fmt: skip

    # -- tell ----------------------------------------------------------------------------------------------

    def hears(self, source: int, story: int, units: int, praise: bool) -> None:
        """Take a dose; on first hearing remember from whom (the lowest source of the day).

        How bad the story is, is remembered from the first day on which it does harm. Who knew the firm's good side
        until then, from others or from the firm itself, is struck by it.
        """
        today, daily = self.model.today, self.model.book.daily
        column = tr.dose_column(source, praise, len(self.model.world.outlets))
        self.doses[column] = min(tr.MOST_DOSE, self.doses[column] + units)
        if self.heard_on < 0:
            self.heard_on = today
            self.model.fresh.append(self)
        if self.heard_on == today:
            self.source = min(self.source, source)
        if praise:
            self.praise_units = min(65535, self.praise_units + units)
            daily[today, tr.D_PRAISE] += units
        else:
            new_today = self.heard_on == today and not self.informed
            if not new_today and not self.wronged and self.harm_units == 0 and units > 0:
                self.struck = True
                self.model.struck.append(self)
            if new_today or (self.struck and units > 0):
                self.story = max(self.story, story)
            self.harm_units = min(65535, self.harm_units + units)
            daily[today, tr.D_HARM] += units
        self.last_dose = today

    # -- decide to talk ------------------------------------------------------------------------------------

    def decides_as_victim(self) -> None:
        """Someone the firm told today may talk, post and call."""
        model, p, row = self.model, self.model.numbers, self.row
        act = model.treatments[row]
        code = int(act.turn) + 1
        talk, call, post, audience = four(model.seed_, BLOCK_VICTIM, self.number, 0, int(act.turn))
        if talk < talking.chance_to_talk(p.p_talk_victim, float(act.grievance)):
            praise = bool(act.praise)
            planned = self.plans_to_tell(p.victim_tells, code, int(act.story), praise)
            planned += self.plans_to_meet_strangers(p.victim_strangers, code, int(act.story), praise)
            tr.book_talk(model.books(), model.today, self.number, self.group, praise, planned)
            self.may_post(post, p.p_post, code, (int(act.story), int(act.news), audience), praise)
        self.may_call(call, float(act.p_call), p.unsolved)

    def decides_as_hearer(self) -> None:
        """Someone who first heard today takes sides, and may defend, retell, post and call."""
        model, p = self.model, self.model.numbers
        react, _, _, _ = four(model.seed_, BLOCK_HEARER, self.number, 0, 0)
        reaction = hearing.reaction(react, model.chance_to_side(self.source), p.affected)
        self.affected = reaction == hearing.AFFECTED
        tr.book_heard(model.books(), model.today, self.number, self.source, self.group)
        if self.harm_units > 0:
            self.answers(reaction == hearing.SIDES)

    def decides_as_struck(self) -> None:
        """Someone who knew good of the firm heard something bad for the first time today."""
        self.struck = False
        react, _, _, _ = four(self.model.seed_, BLOCK_HEARER, self.number, 0, 0)
        p = self.model.numbers
        self.answers(hearing.reaction(react, self.model.chance_to_side(self.source), p.affected) == hearing.SIDES)

    def answers(self, sides: bool) -> None:
        """Defend the firm, or pass the story on and post; and call service."""
        model, p = self.model, self.model.numbers
        _, retell, call, defend = four(model.seed_, BLOCK_HEARER, self.number, 0, 0)
        fan = self.advocate or self.praised
        if defend < hearing.chance_to_defend(fan, sides, p.p_defend, p.p_defend_siding):
            planned = self.plans_to_tell(p.hearer_tells, HEARER, self.story, praise=True)
            tr.book_talk(model.books(), model.today, self.number, self.group, True, planned)
        elif not sides:
            severity = fairness.story_severity(self.story / STORY_UNIT, model.confirmed, model.response)
            if retell < talking.chance_to_retell(p.p_retell, severity, self.talkativeness):
                planned = self.plans_to_tell(p.hearer_tells, HEARER, self.story, praise=False)
                planned += self.plans_to_meet_strangers(p.hearer_strangers, HEARER, self.story, praise=False)
                tr.book_talk(model.books(), model.today, self.number, self.group, False, planned)
                post = uniform(model.seed_, _HEARER_POST, self.number, 0, 0)
                audience = uniform(model.seed_, _HEARER_AUDIENCE, self.number, 0, 0)
                news = int(model.most_news * p.hearsay_news)
                self.may_post(post, p.p_post_hearer, HEARER, (self.story, news, audience), praise=False)
        if self.still_customer:
            self.may_call(call, p.p_call)

    def plans_to_tell(self, tells: tuple[float, float, float], code: int, story: int, praise: bool) -> int:
        """Plan, for each tie, whether and when to tell it; return the number of conversations planned."""
        model, p = self.model, self.model.numbers
        planned = 0
        for k, (other, kind) in enumerate(self.ties):
            chance = tells[kind]
            if self.strength:
                chance *= self.strength[k]
            u = uniform(model.seed_, _TELL, self.number, other, code)
            if u < chance:
                day = model.today + talking.delay_in_days(u / chance, p.talk_half_life, p.talk_days, model.talk_within)
                model.conversations[day].append(Conversation(self, other, kind + 1, code, story, praise))
                planned += 1
        return planned

    def plans_to_meet_strangers(self, mean: float, code: int, story: int, praise: bool) -> int:
        """Plan to tell random people; return the number of conversations planned."""
        model, p = self.model, self.model.numbers
        planned = 0
        count = talking.poisson_count(uniform(model.seed_, _STRANGERS, self.number, 0, code), mean)
        for occasion in range(count):
            other, v = stranger(model.seed_, BLOCK_STRANGER, self.number, occasion, code, model.world.network.pool)
            if other != self.number:
                day = model.today + talking.delay_in_days(v, p.stranger_half_life, p.talk_days, model.stranger_within)
                model.conversations[day].append(Conversation(self, int(other), tr.BY_STRANGER, code, story, praise))
                planned += 1
        return planned

    def may_post(self, u: float, p_post: float, code: int, what: tuple[int, int, float], praise: bool) -> None:
        """Plan a post, perhaps; ``what`` is (story, news, luck of the audience)."""
        p = self.model.numbers
        chance = talking.chance_to_post(p_post, 1.0)
        if u < chance:
            within = talking.share_within(p.post_half_life, p.post_days)
            day = self.model.today + talking.delay_in_days(u / chance, p.post_half_life, p.post_days, within)
            readers = talking.audience_of_post(what[2], p.audience_least, p.audience_tail, p.audience_most)
            self.model.posts[day].append(Post(self, code, what[0], what[1], readers, praise))

    def may_call(self, u: float, chance: float, unsolved: float = 0.0) -> None:
        """Plan a call to service, perhaps, and further ones until the matter is solved."""
        if u < chance:
            p, day = self.model.numbers, self.model.today + talking.day_of_call(u / chance)
            for _ in range(1 + talking.further_calls(u / chance, unsolved, talking.MOST_FURTHER_CALLS)):
                self.model.calls[day].append(self)
                day += p.calls_again_after

    # -- bill ----------------------------------------------------------------------------------------------

    def decides_on_bill(self) -> None:
        """On the billing day a customer stays or leaves, a prospect joins or not."""
        if self.model.today % leaving.MONTH != self.bill_day:
            return
        if self.still_customer:
            self.stays_or_leaves()
        elif not self.is_customer and self.joined_on < 0:
            self.joins_or_not()

    def stays_or_leaves(self) -> None:
        """Compare the luck of the month with the hazard."""
        model, p, today = self.model, self.model.numbers, self.model.today
        month = today // leaving.MONTH
        waived, multiplier = False, 1.0
        if self.row >= 0:
            waived = bool(model.treatments[self.row].waived)
            multiplier = float(model.treatments[self.row].hazard_multiplier)
        usual = leaving.base_hazard(self.churn, leaving.lock(self.contract, month, p.locked, False), 1.0)
        treated = leaving.base_hazard(self.churn, leaving.lock(self.contract, month, p.locked, waived), multiplier)
        u = monthly(model.seed_, BLOCK_LEAVE, self.number, month)
        cause = leaving.decision(u, usual, treated, model.beta, self.harm(), self.contagion())
        if cause != leaving.STAYS:
            self.leaves(cause, self.source)
        elif model.otherwise_gone[self.number] == today:
            tr.book_stay(model.books(), today, self.number, self.source, self.books_group(), self.worth())

    def contagion(self) -> float:
        """Return the factor on the hazard from recent departures among ties."""
        p = self.model.numbers
        return leaving.contagion(sum(self.departed_ties().values()), p.chi, p.contagion_most)

    def departed_ties(self) -> dict[int, int]:
        """Return what the departure of each tie weighs today, in 1/256 units, by channel and number of the tie."""
        p = self.model.numbers
        return {
            source: leaving.departure_units(weight, self.model.today - day, p.contagion_half_life, p.contagion_window)
            for day, weight, source in self.departures
        }

    def gives_reasons(self, reason: int) -> None:
        """Log why the person acts today: what they had heard from where, or which ties had left."""
        model, outlets = self.model, len(self.model.world.outlets)
        if reason == tr.DOSE:
            for column, units in self.doses.items():
                if units > 0:
                    tr.book_dose(model.books(), model.today, (self.number, self.group), column, outlets, units)
        elif reason == tr.TIE:
            for source, units in self.departed_ties().items():
                if units > 0:
                    tr.note(model.books(), model.today, tr.TIE, self.number, source, (0, 0, self.group), units)

    def leaves(self, cause: int, source: int) -> None:
        """Leave the firm today; a departure that the policy caused reaches the ties tomorrow."""
        model, today = self.model, self.model.today
        self.gone_on = today
        if model.without_policy:
            return
        otherwise = int(model.otherwise_gone[self.number])
        why = (source, cause, self.books_group(), otherwise)
        tr.book_departure(model.books(), today, self.number, why, self.worth())
        if tr.label_of(today, otherwise) in (tr.EARLIER, tr.BECAUSE):
            model.departed.append((self, tr.let_go(cause)))

    def joins_or_not(self) -> None:
        """Compare the luck of the month with the chance to join."""
        model, p, today = self.model, self.model.numbers, self.model.today
        u = monthly(model.seed_, BLOCK_JOIN, self.number, today // leaving.MONTH)
        worth = (p.new_customer_value, p.acquisition_cost, p.discount)
        otherwise = int(model.otherwise_joined[self.number])
        if u < leaving.chance_to_join(self.churn, p.beta_join, self.harm()):
            self.joined_on = today
            if not model.without_policy:
                tr.book_join(model.books(), today, self.number, self.source, otherwise, worth)
        elif otherwise == today:
            tr.book_no_join(model.books(), today, self.number, self.source, worth)


class Market(mesa.Model):
    """The market: people, ties, outlets and the firm.

    Parameters
    ----------
    world : World
        People, ties, outlets.
    numbers : Numbers
        The numbers of the rules.
    treatments : Treatments, optional
        What the firm does; nothing if left out.
    seed : int
        Luck seed, 0 .. 2^64-1.
    events : bool
        Whether the event log is kept.
    twin : Market, optional
        The same market, already run without the policy. It is made and run if there are treatments and none
        is given.
    """

    def __init__(
        self,
        world: World,
        numbers: Numbers,
        treatments: Treatments | None = None,
        *,
        seed: int = 0,
        events: bool = True,
        twin: Market | None = None,
    ) -> None:
        super().__init__()
        self.world, self.numbers, self.seed_ = world, numbers, np.uint64(seed)
        self.treatments = nothing() if treatments is None else treatments
        n = len(world.people)
        if twin is None and len(self.treatments):
            twin = Market(world, numbers, seed=seed, events=False)
            twin.run()
        self.without_policy = twin is None
        never = np.full(n, -1, dtype=np.int64)
        self.otherwise_gone = never if twin is None else twin.days_gone()
        self.otherwise_joined = never if twin is None else twin.days_joined()
        self.talk_within = talking.share_within(numbers.talk_half_life, numbers.talk_days)
        self.stranger_within = talking.share_within(numbers.stranger_half_life, numbers.talk_days)
        self.space = MesaNetwork(to_networkx(world.network), random=self.random)
        self.customers = [Customer(self, i, self.space[i]) for i in range(n)]
        self.today = 0
        self.book = tr.new_book(numbers.days, events, world.segments)
        self.first_event = 0
        self.buzz = 0.0
        self.buzz_by_day = np.zeros(numbers.days)
        self.confirmed = 1.0
        self.beta = numbers.beta
        self.response = 1.0
        self.response_news = 1.0
        self.programme_day = -1
        self.withdrawn = False
        self.told_on = np.full(len(self.treatments), -1, dtype=np.int32)
        self.told_today: list[Customer] = []
        self.dismissed = 0
        self.worst_story = 0
        self.most_news = 0
        self.news_today = 0
        self.picked_up = np.full(len(world.outlets), -1, dtype=np.int64)
        self.coverage_story = np.zeros(len(world.outlets), dtype=np.int64)
        self.first_national = -1
        self.conversations: dict[int, list[Conversation]] = defaultdict(list)
        self.posts: dict[int, list[Post]] = defaultdict(list)
        self.calls: dict[int, list[Customer]] = defaultdict(list)
        self.ends: dict[int, list[int]] = defaultdict(list)
        self.fresh: list[Customer] = []
        self.struck: list[Customer] = []
        self.departed: list[tuple[Customer, bool]] = []
        self.by_day: dict[int, list[int]] = defaultdict(list)
        for row, day in enumerate(self.treatments["day_told"].tolist()):
            self.by_day[day].append(row)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "day": lambda m: m.today,
                "buzz": lambda m: m.buzz,
                "informed": lambda m: sum(c.heard_on >= 0 for c in m.customers),
                "customers": lambda m: sum(c.still_customer for c in m.customers),
                "joined": lambda m: sum(c.joined_on >= 0 for c in m.customers),
            }
        )

    def step(self) -> None:
        """Live through one day: the phases in order."""
        for phase in PHASES:
            getattr(self, phase.name)()
        self.today += 1

    def run(self) -> Market:
        """Live through the days that are left."""
        while self.today < self.numbers.days:
            self.step()
        return self

    def days_gone(self) -> np.ndarray:
        """Return the day on which each person left, -1 if they did not."""
        return np.array([c.gone_on for c in self.customers], dtype=np.int64)

    def days_joined(self) -> np.ndarray:
        """Return the day on which each prospect joined, -1 if they did not."""
        return np.array([c.joined_on for c in self.customers], dtype=np.int64)

    def result(self) -> tr.Trace:
        """Return the trace of the run."""
        gone = np.where(self.told_on >= 0, self.days_gone()[self.treatments["person"]], -1).astype(np.int32)
        return tr.Trace(self.book, self.buzz_by_day, self.told_on, gone, self.picked_up)

    def books(self) -> tr.Book:
        """Return the books, with room for the events of one thing that happens."""
        self.book = tr.with_room(self.book, tr.TOLD_EVENTS)
        return self.book

    def happens(self, event: int, who: Customer, amount: int) -> None:
        """Log an event of a person."""
        tr.note(self.books(), self.today, event, who.number, tr.NO_SOURCE, (0, 0, who.group), amount)

    # -- the phases ----------------------------------------------------------------------------------------

    def firm(self) -> None:
        """Deliver today's treatments unless the stop rule holds them back, end service, respond to a crisis."""
        p = self.numbers
        self.told_today = []
        if self.today == 0 and p.programme_cost > 0.0:
            tr.book_start(self.books(), p.programme_cost)
        if not (p.pause_above > 0.0 and self.buzz > p.pause_above):
            self.programme_day += 1
            for row in [] if self.withdrawn else self.by_day[self.programme_day]:
                self.tells(row)
        self.ends_service()
        if p.response_after > 0 and self.first_national >= 0 and self.today == self.first_national + p.response_after:
            self.response, self.response_news = p.response_severity, p.response_news
            self.withdrawn = bool(p.response_reinstates)
            tr.book_response(self.books(), self.today, p.response_cost, p.discount)

    def tells(self, row: int) -> None:
        """Tell one customer what the firm does; void if they have left."""
        p, act = self.numbers, self.treatments[row]
        person = self.customers[int(act.person)]
        if not person.still_customer:
            return
        self.told_on[row] = self.today
        person.told, person.row, person.stopped, person.praised = True, row, False, bool(act.praise)
        if fairness.learns(float(act.story), float(act.grievance), bool(act.praise)):
            person.informed = person.affected = True
            person.wronged = person.wronged or not act.praise
            if person.heard_on < 0:
                person.heard_on, person.source = self.today, tr.source_of(tr.FIRM, 0)
        self.told_today.append(person)
        if not act.praise:
            self.worst_story = max(self.worst_story, int(act.story))
            self.most_news = max(self.most_news, int(act.news))
        costs = (float(act.given), float(act.cost), p.discount)
        tr.book_told(self.books(), self.today, person.number, person.books_group(), costs)
        if act.action == DISMISS:
            self.dismissed += 1
            for outlet in range(len(self.world.outlets)):
                if self.picked_up[outlet] >= 0:
                    self.demands(outlet, 1)
        if act.notice >= 0:
            self.ends[self.today + int(act.notice)].append(row)

    def demands(self, outlet: int, dismissed: int) -> None:
        """Book what a consumer authority demands for each customer dismissed."""
        cost = (float(self.world.outlets[outlet].cost_per_dismissal), self.numbers.discount)
        tr.book_demand(self.books(), self.today, outlet, dismissed, cost)

    def ends_service(self) -> None:
        """End service for those whose day it is; members of their household may go with them."""
        p, let_go = self.numbers, []
        rows = self.ends.pop(self.today, [])
        for row in [] if self.withdrawn else sorted(rows):
            person = self.customers[int(self.treatments[row].person)]
            if person.still_customer:
                person.leaves(tr.cause_of_end(int(self.treatments[row].action)), person.source)
                let_go.append(person)
        follow: dict[int, int] = {}
        for person in let_go:
            for other, kind in person.ties:
                if kind == HOUSEHOLD and self.customers[other].still_customer:
                    u = uniform(self.seed_, _FOLLOW, other, person.number, 0)
                    if u < p.household_follows:
                        source = tr.source_of(tr.BY_HOUSEHOLD, person.number)
                        follow[other] = min(follow.get(other, source), source)
        for other, source in follow.items():
            self.customers[other].leaves(tr.WITH_HOUSEHOLD, source)

    def tell(self) -> None:
        """Deliver conversations, posts, coverage and calls due today."""
        p = self.numbers
        self.fresh, self.struck = [], []
        self.confirmed = fairness.corroboration(self.buzz, p.corroboration_boost, p.corroboration_half_point)
        stopping = [c.talker for c in self.conversations.pop(self.today, []) if self.holds(c)]
        for post in self.posts.pop(self.today, []):
            self.publishes(post)
        for outlet in range(len(self.world.outlets)):
            self.broadcasts(outlet)
        for caller in self.calls.pop(self.today, []):
            if caller.still_customer:
                cost = (p.cost_per_call, p.discount)
                tr.book_call(self.books(), self.today, caller.number, caller.source, caller.books_group(), cost)
        for talker in stopping:
            talker.stopped = True

    def dose(self, channel: int, story: int, tone: float = 1.0) -> int:
        """Return the dose of one telling today; ``tone`` is the teller's factor on its severity."""
        severity = fairness.story_severity(story / STORY_UNIT * tone, self.confirmed, self.response)
        return hearing.dose_units(self.numbers.weight[channel], severity)

    def praise(self, channel: int, story: int) -> int:
        """Return the dose of one telling of praise."""
        return hearing.dose_units(self.numbers.weight[channel], story / STORY_UNIT)

    def holds(self, talk: Conversation) -> bool:
        """Hold a conversation, unless the talker has stopped; return whether the talker stops from tomorrow on."""
        if talk.talker.stopped:
            return False
        self.book.daily[self.today, tr.D_CONVERSATIONS] += 1
        listener = self.customers[talk.listener]
        knew = listener.knew_before(self.today)
        if talk.praise:
            units = self.praise(talk.channel, talk.story)
        else:
            units = self.dose(talk.channel, talk.story)
        listener.hears(tr.source_of(talk.channel, talk.talker.number), talk.story, units, talk.praise)
        if not knew:
            return False
        u = uniform(self.seed_, _STOP, talk.talker.number, talk.listener, talk.code)
        return bool(u < self.numbers.p_stop_when_known)

    def publishes(self, post: Post) -> None:
        """Publish a post; its readers are random people."""
        author = post.author
        self.book.daily[self.today, tr.D_POSTS] += 1
        if not post.praise:
            self.news_today += post.news
        self.happens(tr.POSTS, author, post.audience)
        if not post.praise:
            self.happens(tr.NEWS, author, post.news)
        units = self.praise(tr.BY_POST, post.story) if post.praise else self.dose(tr.BY_POST, post.story)
        source = tr.source_of(tr.BY_POST, author.number)
        for k in range(post.audience):
            reader, _ = stranger(self.seed_, BLOCK_READER, author.number, k, post.code, self.world.network.pool)
            if reader != author.number:
                self.book.daily[self.today, tr.D_READERS] += 1
                self.customers[reader].hears(source, post.story, units, post.praise)

    def broadcasts(self, outlet: int) -> None:
        """Reach people through an outlet that covers the story."""
        outlets = self.world.outlets
        if self.picked_up[outlet] < 0:
            return
        days = self.today - int(self.picked_up[outlet]) - int(outlets[outlet].lag)
        if days < 0:
            return
        age = attention.days_of_coverage(days, int(outlets[outlet].revises_after))
        reach = attention.reach_on_day(float(outlets[outlet].reach), float(outlets[outlet].half_life), age)
        if reach <= 0.0:
            return
        story = int(self.coverage_story[outlet])
        tone = attention.told_by_outlet(
            float(outlets[outlet].tone), float(outlets[outlet].tone_after), days, int(outlets[outlet].revises_after)
        )
        units = self.dose(tr.BY_OUTLET, story, tone)
        length = attention.skip_length(reach)
        person, k = -1, 0
        while True:
            u = four(self.seed_, BLOCK_BROADCAST, outlet, k // 4, self.today)[k % 4]
            person, k = person + 1 + attention.people_skipped(u, length), k + 1
            if person >= len(self.customers):
                return
            self.book.daily[self.today, tr.D_COVERAGE] += 1
            self.customers[person].hears(tr.source_of(tr.BY_OUTLET, outlet), story, units, False)

    def decide_to_talk(self) -> None:
        """Let those told today and those who first heard today plan conversations, posts and calls."""
        for person in self.told_today:
            person.decides_as_victim()
        for person in self.fresh:
            person.decides_as_hearer()
        for person in self.struck:
            person.decides_as_struck()

    def chance_to_side(self, source: int) -> float:
        """Return the chance that someone who has it from ``source`` sides with the firm."""
        usual = self.numbers.sides
        if source >> tr.SOURCE_SHIFT != tr.BY_OUTLET:
            return usual
        outlet = self.world.outlets[source & tr.SOURCE_ID]
        days = self.today - int(self.picked_up[source & tr.SOURCE_ID]) - int(outlet.lag)
        theirs = attention.told_by_outlet(
            float(outlet.sides), float(outlet.sides_after), days, int(outlet.revises_after)
        )
        return hearing.chance_to_side(usual, theirs)

    def attention(self) -> None:
        """Let buzz decay and take today's posts; let outlets decide."""
        p, outlets = self.numbers, self.world.outlets
        self.buzz = attention.buzz_of_today(self.buzz, p.buzz_half_life, self.news_today / 256.0 * self.response_news)
        self.news_today = 0
        self.buzz_by_day[self.today] = self.buzz
        for outlet in range(len(outlets)):
            if self.picked_up[outlet] >= 0 or self.worst_story == 0:
                continue
            u = uniform(self.seed_, _PICKUP, outlet, 0, self.today)
            if u < attention.chance_of_pickup(self.buzz, float(outlets[outlet].threshold)):
                self.picks_up(outlet)

    def picks_up(self, outlet: int) -> None:
        """Let an outlet pick the story up, as bad as it is by now."""
        self.picked_up[outlet] = self.today
        self.coverage_story[outlet] = self.worst_story
        self.book.daily[self.today, tr.D_PICKUPS] += 1
        if self.world.outlets[outlet].national:
            self.book.daily[self.today, tr.D_NATIONAL] += 1
            if self.first_national < 0:
                self.first_national = self.today
        source = tr.source_of(tr.BY_OUTLET, outlet)
        tr.note(self.books(), self.today, tr.PICKED_UP, outlet, source, (0, 0, 0), 0)
        self.demands(outlet, self.dismissed)

    def bill(self) -> None:
        """Let every person whose day it is decide."""
        p = self.numbers
        self.beta = p.beta
        if self.first_national >= 0:
            days = self.today - self.first_national
            self.beta = leaving.beta_while_courted(p.beta, p.poach, days, p.poach_after, p.poach_after + p.poach_days)
        self.agents.do("decides_on_bill")

    def contagion(self) -> None:
        """Let today's departures reach the ties from tomorrow on."""
        p = self.numbers
        for person, let_go in self.departed:
            for other, kind in person.ties:
                weight = p.departure_weight[kind] * (p.dismissed_counts if let_go else 1.0)
                source = tr.source_of(kind + 1, person.number)
                self.customers[other].departures.append((self.today, weight, source))
        self.departed = []

    def record(self) -> None:
        """Write the day's line, and why people act."""
        for event in self.book.log[self.first_event : self.book.used[0]].copy():
            reason = tr.reasons_needed(event["event"], event["cause"], event["group"])
            if reason:
                self.customers[event["person"]].gives_reasons(reason)
        self.first_event = int(self.book.used[0])
        self.datacollector.collect(self)
