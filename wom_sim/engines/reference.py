"""The reference engine: a Mesa model in which every person lives through every day. Read it aloud.

It is an ordinary Mesa model: ``Market(world, numbers, treatments, seed)``, ``step()``, ``run()``, ``running``,
``datacollector``; ``wom_sim.MarketModel`` is it of a scenario (docs/MESA.md). Of Mesa it takes the model, the agents
and the data collector only: people have ties and no place, so there is none of its spaces (each of which lays people
out in some way, by springs in Mesa 3.5).

Labels (left anyway, earlier, because of it) come from actually running the same market without the policy. Phases
are those of ``wom_sim.world.day``; every probability is a rule of ``wom_sim.rules``.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

import mesa
import numpy as np

from wom_sim._lent import lent
from wom_sim.engines.customer import Conversation, Customer, Post
from wom_sim.rules import attention, complaining, fairness, hearing, leaving, rating, spreading, steering, talking
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.day import PHASES
from wom_sim.world.luck import (
    BLOCK_ANECDOTE,
    BLOCK_AUTHORITY,
    BLOCK_BROADCAST,
    BLOCK_READER,
    BLOCK_REPORTED,
    BLOCK_STORY,
    BLOCK_TASTE,
    Purpose,
    four,
    stranger,
    uniform,
)
from wom_sim.world.members import code_of_member, most_readers, reads_it
from wom_sim.world.network import HOUSEHOLD
from wom_sim.world.numbers import Numbers
from wom_sim.world.orders import DONE, WAITS, Orders, no_orders
from wom_sim.world.own_rules import own_chance, own_reach
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.treatments import DISMISS, STORY_UNIT, Treatments, nothing
from wom_sim.world.voices import VOICE_CODE, Voices, no_voices
from wom_sim.world.world import World

_FOLLOW = int(Purpose.FOLLOW)
_OBEYED = int(Purpose.OBEYED)
_OBEYED_WHEN = int(Purpose.OBEYED_WHEN)
_PICKUP = int(Purpose.PICKUP)
_STOP = int(Purpose.STOP)
_MEETS = int(Purpose.MEETS)


def given_or_none(voices: Voices | None, orders: Orders | None) -> tuple[Voices, Orders]:
    """Return people of note and orders, none where none are given."""
    return (no_voices() if voices is None else voices, no_orders() if orders is None else orders)


def by_bill_day(customers: list[Customer]) -> dict[int, list[Customer]]:
    """Return who decides on each day of the month, in the order of their numbers."""
    billed: dict[int, list[Customer]] = {day: [] for day in range(leaving.MONTH)}
    for person in customers:
        billed[person.bill_day].append(person)
    return billed


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
    voices : Voices, optional
        The people of note; nobody if left out.
    orders : Orders, optional
        What an adaptive policy does when; nothing if left out.
    instead : Treatments, optional
        Rows that orders may put in the place of those of the treatments: as many for each such order.
    events : bool
        Whether the event log is kept.
    twin : Market, optional
        The same market, already run without the policy. It is made and run if there are treatments and none
        is given.
    customer : type, optional
        The class of the people: ``Customer``, or one of one's own that is made of it.
    """

    def __init__(
        self,
        world: World,
        numbers: Numbers,
        treatments: Treatments | None = None,
        *,
        seed: int = 0,
        voices: Voices | None = None,
        orders: Orders | None = None,
        instead: Treatments | None = None,
        events: bool = True,
        twin: Market | None = None,
        customer: type[Customer] = Customer,
    ) -> None:
        super().__init__(rng=int(seed))  # what Mesa shuffles and draws, which is nothing here, is luck of the seed too
        self.world, self.numbers, self.seed_ = world, numbers, np.uint64(seed)
        self.treatments = nothing() if treatments is None else treatments
        self.instead = nothing() if instead is None else instead
        if len(self.instead):
            self.treatments = self.treatments.copy()  # rows are changed as they are carried out
        n = len(world.people)
        if twin is None and len(self.treatments):
            twin = Market(world, numbers._replace(announced_on=0), seed=seed, events=False, customer=customer)
            twin.run()
        self.without_policy = twin is None
        never = np.full(n, -1, dtype=np.int64)
        self.otherwise_gone = never if twin is None else twin.days_gone()
        self.otherwise_joined = never if twin is None else twin.days_joined()
        self.talk_within = talking.share_within(numbers.talk_half_life, numbers.talk_days)
        self.stranger_within = talking.share_within(numbers.stranger_half_life, numbers.talk_days)
        self.customers = [customer(self, i) for i in range(n)]
        self.billed = by_bill_day(self.customers)
        self.today = 0
        self.book = tr.new_book(numbers.days, events, world.segments, numbers.end_month)
        self._lent_book = lent(self.book)
        self.first_event = 0
        self.buzz = 0.0
        self.buzz_by_day = np.zeros(numbers.days)
        self.confirmed = 1.0
        self.beta = numbers.beta
        self.response = 1.0
        self.response_news = 1.0
        self.responded_on = -1
        self.voices, self.orders = given_or_none(voices, orders)
        self.speaks = np.full(len(self.voices), -1, dtype=np.int64)
        self.obeyed = np.full(len(self.orders), WAITS, dtype=np.int64)
        self.first_told = -1
        self.programme_day = -1
        self.withdrawn = self.paused = self.stopped = False
        self.told_on = np.full(len(self.treatments), -1, dtype=np.int32)
        self.told_today: list[Customer] = []
        self.dismissed = 0
        self.worst_story = self.most_news = 0
        self.instead_now = 0
        self.nobody_has_heard()
        self.conversations: dict[int, list[Conversation]] = defaultdict(list)
        self.posts: dict[int, list[Post]] = defaultdict(list)
        self.calls: dict[int, list[Customer]] = defaultdict(list)
        self.complaints: dict[int, list[tuple[Customer, bool]]] = defaultdict(list)
        self.ends: dict[int, list[int]] = defaultdict(list)
        self.departed: list[tuple[Customer, bool]] = []
        self.by_day: dict[int, list[int]] = defaultdict(list)
        for row, day in enumerate(self.treatments["day_told"].tolist()):
            self.by_day[day].append(row)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "day": lambda m: m.today,
                "buzz": lambda m: m.buzz,
                "informed": lambda m: m.informed,
                "customers": lambda m: m.customers_at_start - m.left,
                "joined": lambda m: m.joined,
            }
        )

    @cached_property
    def customers_at_start(self) -> int:
        """Return how many customers the firm had at the start."""
        return sum(person.is_customer for person in self.customers)

    def nobody_has_heard(self) -> None:
        """Begin without news, complaints and ratings, but for complaints that authorities remember from before."""
        self.fresh: list[Customer] = []
        self.struck: list[Customer] = []
        self.swayed: dict[int, Customer] = {}
        outlets = len(self.world.outlets)
        self.informed = self.left = self.joined = 0
        self.news_today = self.anecdotes = self.loudest = self.bad_posts = 0
        self.wronged_so_far = self.cases = 0
        self.complained, self.bad_ratings, self.rated = self.numbers.complaints_before, 0.0, 1.0
        self.breaks_on = self.first_national = -1
        self.convinced = np.full(outlets, -1, dtype=np.int64)
        self.picked_up = np.full(outlets, -1, dtype=np.int64)
        self.coverage_story = np.zeros(outlets, dtype=np.int64)

    def step(self) -> None:
        """Live through one day: the phases in order. After the last day nothing happens any more."""
        if self.today < self.numbers.days:
            for phase in PHASES:
                getattr(self, phase.name)()
            self.today += 1
        self.running = self.today < self.numbers.days

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
        done = self.treatments if len(self.instead) else None
        return tr.Trace(self.book, self.buzz_by_day, self.told_on, gone, self.picked_up, done)

    def books(self) -> tr.Book:
        """Return the books as rules take them, with room for the events of one thing that happens."""
        with_room = books.with_room(self.book, books.TOLD_EVENTS)
        if with_room is not self.book:
            self.book, self._lent_book = with_room, lent(with_room)
        return self._lent_book

    def happens(self, event: int, who: Customer, amount: int) -> None:
        """Log an event of a person."""
        books.note(self.books(), self.today, event, who.number, tr.NO_SOURCE, (0, 0, who.group), amount)

    # -- the phases ----------------------------------------------------------------------------------------

    def firm(self) -> None:
        """Deliver today's treatments unless the stop rule holds them back, end service, respond to a crisis."""
        p = self.numbers
        self.told_today = []
        if self.today == 0 and p.programme_cost > 0.0:
            books.book_start(self.books(), p.programme_cost)
        self.obeys()
        if not (p.pause_above > 0.0 and self.buzz > p.pause_above) and not self.paused:
            self.programme_day += 1
            for row in [] if self.withdrawn or self.stopped else self.by_day[self.programme_day]:
                self.tells(row)
        self.ends_service()
        if p.response_after > 0 and self.first_national >= 0 and self.today == self.first_national + p.response_after:
            self.response, self.response_news = p.response_severity, p.response_news
            self.responded_on = self.today
            self.withdrawn = self.withdrawn or bool(p.response_reinstates)
            books.book_response(self.books(), self.today, p.response_cost, p.discount)

    def obeys(self) -> None:
        """Obey the orders that are due, on what the firm sees this morning."""
        p, daily = self.numbers, self.book.daily[: self.today]
        seen = (
            self.buzz,
            float(self.first_national >= 0),
            float(daily[:, tr.D_TOLD].sum() * p.represents),
            float(daily[:, tr.D_CALLS].sum() * p.represents),
            float(self.today - self.first_told) if self.first_told >= 0 else -1.0,
            self.complained,
        )
        for k, order in enumerate(self.orders):
            met = steering.is_met(int(order.trigger), float(order.limit), seen)
            if self.obeyed[k] == WAITS and met:
                v0, v1 = (uniform(self.seed_, _OBEYED_WHEN + lane, k, 0, self.today) for lane in range(2))
                after = steering.days_until_obeyed(int(order.after), float(order.spread), normal_pair(v0, v1)[0])
                self.obeyed[k] = self.today + after
            elif self.obeyed[k] == DONE and not met and order.action in (steering.PAUSE, steering.GO_ON):
                self.obeyed[k] = WAITS
            if self.obeyed[k] == self.today:
                self.obeyed[k] = DONE
                if uniform(self.seed_, _OBEYED, k, 0, self.today) < order.chance:
                    self.carries_out(order)

    def carries_out(self, order: np.void) -> None:
        """Do what an order says."""
        action = int(order["action"])
        if action in (steering.PAUSE, steering.GO_ON):
            self.paused = action == steering.PAUSE
        elif action == steering.STOP:
            self.stopped = True
        elif action == steering.CHANGE:
            self.instead_now = int(order["instead"])
        else:
            self.response, self.response_news = float(order["severity"]), float(order["news"])
            self.responded_on = self.today
            self.withdrawn = self.withdrawn or action == steering.REINSTATE
            books.book_response(self.books(), self.today, float(order["cost"]), self.numbers.discount)

    def tells(self, row: int) -> None:
        """Tell one customer what the firm does; void if they have left."""
        p = self.numbers
        person = self.customers[int(self.treatments[row].person)]
        if not person.still_customer:
            return
        self.told_on[row] = self.today
        act = self.act(row)
        for v in range(len(self.voices)):
            concerned = self.voices[v].person == person.number if self.voices[v].told else self.first_told < 0
            if concerned and self.speaks[v] < 0:
                self.speaks[v] = self.today + int(self.voices[v].after)
        if self.first_told < 0:
            self.first_told = self.today
        first, person.told = not person.told, True
        person.row, person.stopped, person.praised = row, False, bool(act.praise)
        if fairness.learns(float(act.story), float(act.grievance), bool(act.praise)):
            person.informed = person.affected = True
            person.wronged = person.wronged or not act.praise
            if person.heard_on < 0:
                person.heard_on, person.source = self.today, tr.source_of(tr.FIRM, 0)
                self.informed += 1
        self.told_today.append(person)
        if not act.praise:
            self.worst_story = max(self.worst_story, int(act.story))
            self.most_news = max(self.most_news, int(act.news))
            self.wronged_so_far += int(act.story > 0)
        costs = (float(act.given), float(act.cost), p.discount)
        books.book_told(self.books(), self.today, person.number, person.books_group(), first, costs)
        if act.action == DISMISS:
            self.dismissed += 1
            for outlet in range(len(self.world.outlets)):
                if self.picked_up[outlet] >= 0:
                    self.demands(outlet, 1)
        if act.notice >= 0:
            self.ends[self.today + int(act.notice)].append(row)

    def act(self, row: int) -> np.record:
        """Return what the firm does by a row, which an order may have changed."""
        if self.instead_now > 0:
            self.treatments[row] = self.instead[(self.instead_now - 1) * len(self.treatments) + row]
        act: np.record = self.treatments[row]
        return act

    def demands(self, outlet: int, dismissed: int) -> None:
        """Book what a consumer authority demands for each customer dismissed."""
        cost = (float(self.world.outlets[outlet].cost_per_dismissal), self.numbers.discount)
        books.book_demand(self.books(), self.today, outlet, dismissed, cost)

    def ends_service(self) -> None:
        """End service for those whose day it is; members of their household may go with them."""
        let_go = []
        rows = self.ends.pop(self.today, [])
        for row in [] if self.withdrawn else sorted(rows):
            person = self.customers[int(self.treatments[row].person)]
            if person.still_customer:
                person.leaves(books.cause_of_end(int(self.treatments[row].action)), person.source)
                let_go.append(person)
        follow: dict[int, int] = {}
        for person in let_go:
            for other, kind in person.ties:
                if kind == HOUSEHOLD and self.customers[other].still_customer:
                    u = uniform(self.seed_, _FOLLOW, other, person.number, 0)
                    if u < self.customers[other].follows():
                        source = tr.source_of(tr.BY_HOUSEHOLD, person.number)
                        follow[other] = min(follow.get(other, source), source)
        for other, source in follow.items():
            self.customers[other].leaves(tr.WITH_HOUSEHOLD, source)

    def tell(self) -> None:
        """Deliver conversations, posts, coverage and calls due today."""
        p = self.numbers
        self.fresh, self.struck, self.swayed = [], [], {}
        self.confirmed = fairness.corroboration(self.buzz, p.corroboration_boost, p.corroboration_half_point)
        stopping = [who for c in self.conversations.pop(self.today, []) for who in self.holds(c)]
        for post in self.posts.pop(self.today, []):
            self.publishes(post)
        for v in range(len(self.voices)):
            if self.speaks[v] == self.today:
                self.speaks_up(v)
        for outlet in range(len(self.world.outlets)):
            self.broadcasts(outlet)
        for caller in self.calls.pop(self.today, []):
            if caller.still_customer:
                cost = (p.contact_cost, p.discount)
                books.book_call(self.books(), self.today, caller.number, caller.source, caller.books_group(), cost)
        for talker in stopping:
            talker.stopped = True

    def dose(self, channel: int, story: int, tone: float = 1.0) -> int:
        """Return the dose of one telling today; ``tone`` is the teller's factor on its severity."""
        severity = fairness.story_severity(story / STORY_UNIT * tone, self.confirmed, self.response)
        return hearing.dose_units(self.numbers.weight[channel], severity)

    def praise(self, channel: int, story: int) -> int:
        """Return the dose of one telling of praise."""
        return hearing.dose_units(self.numbers.weight[channel], story / STORY_UNIT)

    def holds(self, talk: Conversation) -> list[Customer]:
        """Hold a conversation, unless the talker has stopped; return who stops from tomorrow on."""
        if talk.talker.stopped:
            return []
        self.book.daily[self.today, tr.D_CONVERSATIONS] += 1
        listener = self.customers[talk.listener]
        knew = listener.knew_before(self.today)
        if talk.praise:
            units = self.praise(talk.channel, talk.story)
        else:
            units = self.dose(talk.channel, talk.story)
        listener.hears(tr.source_of(talk.channel, talk.talker.number), talk.story, units, talk.praise)
        if not talk.praise and talk.channel != tr.BY_STRANGER and self.numbers.retelling == spreading.THRESHOLD:
            listener.told_by_tie()
        return self.who_stops(talk, listener) if knew else []

    def who_stops(self, talk: Conversation, listener: Customer) -> list[Customer]:
        """Return who stops talking because the listener knew already."""
        form, usual = self.numbers.stopping, self.numbers.p_stop_when_known
        meets = form == spreading.BOTH and listener.talks and not listener.stopped
        if form == spreading.BOTH:
            u = uniform(self.seed_, _MEETS, talk.talker.number, talk.listener, self.today)
        else:
            u = uniform(self.seed_, _STOP, talk.talker.number, talk.listener, talk.code)
        if u >= spreading.chance_to_stop(form, usual, meets):
            return []
        return [talk.talker, listener] if meets else [talk.talker]

    def speaks_up(self, v: int) -> None:
        """Let a person of note speak: of what the firm did to them, or of the worst that is told."""
        voice = self.voices[v]
        author = self.customers[int(voice.person)]
        story, news, praise = self.worst_story, self.most_news, False
        if voice.told:
            act = self.treatments[author.row]
            story, news, praise = int(act.story), int(act.news), bool(act.praise)
        if voice.news >= 0:
            news = int(voice.news)
        if story > 0:
            post = Post(author, 0, VOICE_CODE, story, news, int(voice.audience), praise)
            self.publishes(post, float(voice.standing))

    def makes_news(self, post: Post, standing: float) -> int:
        """Count a post of today as news; return what it is worth in all, in 1/256 posts."""
        p = self.numbers
        worth = int(post.news * standing + 0.5)
        self.news_today += worth
        self.loudest = max(self.loudest, worth)
        self.bad_posts += 1
        if p.media_rule == attention.STORY:
            u, v, _, _ = four(self.seed_, BLOCK_ANECDOTE, post.author.number, post.member, post.code)
            luck = attention.luck_of_story(p.story_spread, normal_pair(u, v)[0])
            worth_alone = attention.intensity_of_post(
                luck, p.novelty, post.news / 256.0, standing, p.coherence, p.story_alone
            )
            self.anecdotes += attention.units_of_intensity(worth_alone)
        return worth

    def publishes(self, post: Post, standing: float = 1.0) -> None:
        """Publish a post; its readers are random people. ``standing`` is that of its author."""
        author = post.author
        self.book.daily[self.today, tr.D_POSTS] += 1
        self.happens(tr.POSTS, author, post.audience)
        if not post.praise:
            self.happens(tr.NEWS, author, self.makes_news(post, standing))
        units = self.praise(tr.BY_POST, post.story) if post.praise else self.dose(tr.BY_POST, post.story)
        source = tr.source_of(tr.BY_POST, author.number)
        represents, code = self.numbers.represents, code_of_member(post.code, post.member)
        for k in range(most_readers(post.audience, represents)):
            reader, v = stranger(self.seed_, BLOCK_READER, author.number, k, code, self.world.network.pool)
            if reader != author.number and reads_it(v, k, post.audience, represents):
                self.book.daily[self.today, tr.D_READERS] += 1
                self.customers[reader].hears(source, post.story, units, post.praise)

    def broadcasts(self, outlet: int) -> None:
        """Reach people through an outlet that covers the story."""
        outlets = self.world.outlets
        if self.picked_up[outlet] < 0:
            return
        days = self.days_since_report(outlet)
        if days < 0:
            return
        age = attention.days_of_coverage(days, int(outlets[outlet].revises_after))
        reach = attention.reach_on_day(float(outlets[outlet].reach), float(outlets[outlet].half_life), age)
        if self.responded_on >= 0:
            widely = (float(outlets[outlet].reach), float(outlets[outlet].half_life))
            peak = self.numbers.second_peak
            reach = min(1.0, reach + attention.reach_after_move(*widely, self.today - self.responded_on, peak))
        reach = self.reach_among(outlet, age, reach)
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

    def reach_among(self, outlet: int, age: int, usual: float) -> float:
        """Return an outlet's reach today, ``usual`` but for who has heard, and for a rule of another package."""
        p, it = self.numbers, self.world.outlets[outlet]
        heard = float(self.book.daily[: self.today, tr.D_REACHED].sum()) / len(self.customers)
        reach = spreading.reach_by_hearing(int(it.spread), usual, float(it.imitation), heard)
        if p.own_coverage:
            today = (float(age), float(reach), heard)
            return float(own_reach(p.own_coverage, (float(it.reach), float(it.half_life)), today, p.coverage_numbers))
        return float(reach)

    def decide_to_talk(self) -> None:
        """Let those told today and those who first heard today plan conversations, posts and calls."""
        for person in self.told_today:
            person.decides_as_victim()
        for person in self.fresh:
            person.decides_as_hearer()
        for person in self.struck:
            person.decides_as_struck()
        for person in self.swayed.values():
            person.decides_as_swayed()

    def days_since_report(self, outlet: int) -> int:
        """Return how many days ago an outlet that picked the story up reported it first; negative before that."""
        lag, announced_on = int(self.world.outlets[outlet].lag), self.numbers.announced_on
        return attention.days_since_report(self.today, int(self.picked_up[outlet]), lag, announced_on)

    def chance_to_side(self, source: int) -> float:
        """Return the chance that someone who has it from ``source`` sides with the firm."""
        usual = self.numbers.sides
        if source >> tr.SOURCE_SHIFT != tr.BY_OUTLET:
            return usual
        outlet = self.world.outlets[source & tr.SOURCE_ID]
        days = self.days_since_report(source & tr.SOURCE_ID)
        theirs = attention.told_by_outlet(
            float(outlet.sides), float(outlet.sides_after), days, int(outlet.revises_after)
        )
        return hearing.chance_to_side(usual, theirs)

    def attention(self) -> None:
        """Let buzz decay and take today's posts; let outlets decide."""
        p, outlets = self.numbers, self.world.outlets
        self.buzz = attention.buzz_of_today(self.buzz, p.buzz_half_life, self.news_today / 256.0 * self.response_news)
        self.buzz_by_day[self.today] = self.buzz
        u0, u1, _, announced = four(self.seed_, BLOCK_STORY, 0, 0, 0)
        z_story = normal_pair(u0, u1)[0]
        luck = attention.luck_of_story(p.story_spread, z_story)
        told = attention.intensity_of_story(luck, p.novelty, self.buzz * p.coherence)
        today = (
            self.buzz,
            self.loudest / 256.0 * self.response_news,
            told + self.anecdotes / 4096.0 * self.response_news,
        )
        self.rates()
        self.news_today = self.anecdotes = self.loudest = self.bad_posts = 0
        self.complains()
        for outlet in range(len(outlets)):
            if self.picked_up[outlet] >= 0:
                continue
            if outlets[outlet].acts_after_news >= 0.0:
                if self.worst_story > 0 and self.authority_acts(outlet):
                    self.picks_up(outlet, self.worst_story)
                continue
            asks = float(outlets[outlet].cost_per_dismissal)
            if p.announced_on == self.today + 1 and attention.reports_announcement(announced, p.announced_chance, asks):
                self.breaks_on = self.today
                self.picks_up(outlet, p.announced_story)
            elif self.worst_story > 0:
                if self.convinced[outlet] < 0 and self.convinces(outlet, z_story, today):
                    self.convinced[outlet] = self.today
                    if self.breaks_on < 0:
                        self.breaks_on = self.today + self.days_until_reported()
                if self.convinced[outlet] >= 0 and self.today >= self.breaks_on:
                    self.picks_up(outlet, self.worst_story)
        self.settles()

    def rates(self) -> None:
        """Add today's posts to the ratings that stay, which keep some from joining."""
        p = self.numbers
        if p.rating_effect > 0.0:
            self.bad_ratings = attention.buzz_of_today(self.bad_ratings, p.rating_half_life, float(self.bad_posts))
            self.rated = rating.joins_when_rated(p.rating_effect, self.bad_ratings, p.rating_count, p.rating_stars)

    def complains(self) -> None:
        """Make the formal complaints that are due, for which an ombudsman charges; they fade from memory."""
        p = self.numbers
        if p.p_complain <= 0.0 and self.complained <= 0.0:
            return
        if self.today % complaining.YEAR == 0:
            self.cases = 0
        news = self.first_national >= 0
        made = [who for who, only_after_news in self.complaints.pop(self.today, []) if news or not only_after_news]
        for who in made:
            self.happens(tr.COMPLAINS, who, 0)
        for outlet, who_charges in enumerate(self.world.outlets):
            charged = complaining.cases_charged(self.cases, len(made), int(who_charges.cases_free))
            fee = (float(who_charges.case_fee), p.discount)
            books.book_demand(self.books(), self.today, outlet, charged, fee)
        self.cases += len(made)
        self.complained = attention.buzz_of_today(self.complained, p.complaints_half_life, float(len(made)))

    def settles(self) -> None:
        """Book what the firm pays today to settle with authorities that have begun to act."""
        for outlet, who in enumerate(self.world.outlets):
            began = self.picked_up[outlet]
            if began >= 0 and who.settlement > 0.0 and self.today == began + who.settles_after:
                paid = (float(who.settlement), self.numbers.discount)
                books.book_demand(self.books(), self.today, outlet, 1, paid)

    def authority_acts(self, outlet: int) -> bool:
        """Return whether an outlet that is an authority acts today."""
        who = self.world.outlets[outlet]
        acts, when, quietly, moved = four(self.seed_, BLOCK_AUTHORITY, outlet, 0, 0)
        if complaining.moved_by_complaints(moved, self.complained, float(who.complaints_level)):
            return True
        news = self.today - self.first_national if self.first_national >= 0 else -1
        told = self.today - self.first_told if self.first_told >= 0 else -1
        after = (float(who.acts_after_news), int(who.acts_from), int(who.acts_to))
        return bool(attention.authority_acts((acts, when, quietly), (news, told), after, float(who.acts_a_year)))

    def convinces(self, outlet: int, z_story: float, today: tuple[float, float, float]) -> bool:
        """Return whether the story convinces an outlet today."""
        p, usual = self.numbers, float(self.world.outlets[outlet].threshold)
        u = uniform(self.seed_, _PICKUP, outlet, 0, self.today)
        v0, v1, _, _ = four(self.seed_, BLOCK_TASTE, outlet, 0, 0)
        own = attention.own_threshold(usual, p.taste_spread, p.taste_common, z_story, normal_pair(v0, v1)[0])
        of_outlet = (usual, own, p.story_rate)
        if p.own_pick_up:
            return bool(u < own_chance(p.own_pick_up, today, of_outlet, p.coherence, p.pick_up_numbers))
        return bool(u < attention.chance_today(p.media_rule, today, of_outlet, p.coherence))

    def days_until_reported(self) -> int:
        """Return how many days pass until what has convinced an outlet is reported."""
        p = self.numbers
        _, _, discovered, _ = four(self.seed_, BLOCK_STORY, 0, 0, 0)
        w0, w1, w2, _ = four(self.seed_, BLOCK_REPORTED, 0, 0, 0)
        luck = (discovered, normal_pair(w0, w1)[0], w2)
        late = (p.found_late, p.late_from, p.late_to)
        told = float(self.wronged_so_far * p.represents)
        heat = (self.buzz, attention.size_of_news(told, p.coherence, self.buzz, p.act_size, p.story_size))
        return int(attention.days_until_reported(luck, (p.report_median, p.report_spread), late, heat))

    def picks_up(self, outlet: int, story: int) -> None:
        """Let an outlet pick the story up, as bad as it is told."""
        self.picked_up[outlet] = self.today
        self.coverage_story[outlet] = story
        self.book.daily[self.today, tr.D_PICKUPS] += 1
        if self.world.outlets[outlet].national:
            self.book.daily[self.today, tr.D_NATIONAL] += 1
            if self.first_national < 0:
                self.first_national = self.today
        source = tr.source_of(tr.BY_OUTLET, outlet)
        books.note(self.books(), self.today, tr.PICKED_UP, outlet, source, (0, 0, 0), 0)
        self.demands(outlet, self.dismissed)

    def bill(self) -> None:
        """Let every person whose day it is decide."""
        p = self.numbers
        self.beta = p.beta
        if self.first_national >= 0:
            days = self.today - self.first_national
            self.beta = leaving.beta_while_courted(p.beta, p.poach, days, p.poach_after, p.poach_after + p.poach_days)
        for person in self.billed[self.today % leaving.MONTH]:
            person.decides_on_bill()

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
            reason = books.reasons_needed(event["event"], event["cause"], event["group"])
            if reason:
                self.customers[event["person"]].gives_reasons(reason)
        self.first_event = int(self.book.used[0])
        self.datacollector.collect(self)
