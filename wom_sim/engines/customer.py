"""The reference engine's person: what one customer or prospect hears, tells, decides and does. Read it aloud."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import mesa

from wom_sim.rules import complaining, fairness, hearing, leaving, spreading, talking
from wom_sim.rules.worth import Worth
from wom_sim.world import books
from wom_sim.world import trace as tr
from wom_sim.world.accounts import share_of_cost, worth_of
from wom_sim.world.luck import (
    BLOCK_AUDIENCE,
    BLOCK_COMPLAINS,
    BLOCK_HEARER,
    BLOCK_JOIN,
    BLOCK_LEAVE,
    BLOCK_SETTLES,
    BLOCK_STRANGER,
    BLOCK_VICTIM,
    Purpose,
    four,
    monthly,
    stranger,
    uniform,
)
from wom_sim.world.members import days_later
from wom_sim.world.network import CLASS_BITS, CLASS_MASK
from wom_sim.world.own_rules import own_decision, own_harm
from wom_sim.world.people import ADVOCATE, COMMITMENT_UNIT, CUSTOMER, PERSON_TYPE, SEEKER
from wom_sim.world.shuffle import normal_pair
from wom_sim.world.treatments import STORY_UNIT

if TYPE_CHECKING:
    import numpy as np

    from wom_sim.engines.reference import Market

_HEARER_AUDIENCE = int(Purpose.HEARER_AUDIENCE)
_HEARER_POST = int(Purpose.HEARER_POST)
_LASTS = int(Purpose.LASTS)
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
    """A post that is planned; ``member`` says which of those for whom the author stands posts, 0 the first."""

    author: Customer
    member: int
    code: int
    story: int
    news: int
    audience: int
    praise: bool


class Customer(mesa.Agent):
    """A person in the market: a customer of the firm, or a prospect who may become one."""

    def __init__(self, model: Market, number: int) -> None:
        super().__init__(model)
        self.number = number
        row = dict(zip(PERSON_TYPE.names or (), model.world.people[number].item(), strict=True))
        self.is_customer, self.advocate = bool(row["traits"] & CUSTOMER), bool(row["traits"] & ADVOCATE)
        self.group, self.churn, self.contract = row["group"], row["churn"], row["contract"]
        self.bill_day, self.talkativeness = row["bill_day"], row["talkativeness"]
        self.commitment = row["commitment"] / COMMITMENT_UNIT
        self.margin, self.segment, self.cost_share = row["margin"], row["segment"], share_of_cost(row["traits"])
        self.monthly_calls, self.seeker = row["calls"], bool(row["traits"] & SEEKER)
        ties = model.world.network.row(number).tolist()
        self.ties = [(tie >> CLASS_BITS, tie & CLASS_MASK) for tie in ties]
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
        self.talks = False
        self.told_by_ties = 0
        self.talked = False
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

    def worth(self) -> Worth:
        """Return what the customer is worth."""
        p, account = self.model.numbers, self.model.world.accounts[self.segment]
        chronic, ends, _, _ = four(self.model.seed_, BLOCK_SETTLES, self.number, 0, 0)
        return worth_of(
            (self.margin, self.monthly_calls, self.churn, self.bill_day, self.seeker),
            (float(account["stays"]) * self.cost_share, *(float(part) for part in tuple(account)[1:6])),
            (p.contact_cost, p.credit_per_call, p.complaint_value, p.credits_teach),
            (p.discount, p.learning_discount, p.contact_lag, p.observed_from, p.end_month),
            (p.special_steepness, p.special_reference), (chronic, ends),
        )  # fmt: skip

    def follows(self) -> float:
        """Return the chance to go with somebody of the household who is let go."""
        own = float(self.model.world.accounts[self.segment]["follows"])
        return leaving.chance_to_follow(own, self.model.numbers.household_follows)

    def books_group(self) -> int:
        """Return the group under which the person is counted."""
        return self.group | (tr.G_TREATED if self.told else 0)

    def harm(self) -> float:
        """Return the harm that the person acts on today, -1..1: none unless they are affected."""
        if not self.affected or self.last_dose < 0:
            return 0.0
        p = self.model.numbers
        fades = p.harm_half_life if self.is_customer or p.join_half_life <= 0.0 else p.join_half_life
        since, buffered = self.model.today - self.last_dose, p.buffer * self.commitment
        if p.own_harm:
            doses = (self.harm_units / 256.0, self.praise_units / 256.0, p.harm_per_dose)
            return float(own_harm(p.own_harm, doses, buffered, (float(since), fades), p.harm_numbers))
        return hearing.harm(self.harm_units, self.praise_units, p.harm_per_dose, buffered, since, fades)

    # -- tell ----------------------------------------------------------------------------------------------

    def hears(self, source: int, story: int, units: int, praise: bool) -> None:
        """Take a dose; on first hearing remember from whom (the lowest source of the day).

        How bad the story is, is remembered from the first day on which it does harm. Who knew the firm's good side
        until then, from others or from the firm itself, is struck by it.
        """
        today, daily = self.model.today, self.model.book.daily
        column = books.dose_column(source, praise, len(self.model.world.outlets))
        self.doses[column] = min(books.MOST_DOSE, self.doses[column] + units)
        if self.heard_on < 0:
            self.heard_on = today
            self.model.informed += 1
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
        chance, praise = talking.chance_to_talk(p.p_talk_victim, float(act.grievance)), bool(act.praise)
        talk, call, _, _ = four(model.seed_, BLOCK_VICTIM, self.number, 0, int(act.turn))
        if talk < chance:
            self.talks = self.talks or not praise
            planned = self.plans_to_tell(p.victim_tells, code, int(act.story), praise)
            planned += self.plans_to_meet_strangers(p.victim_strangers, code, int(act.story), praise)
            self.book_talk(praise, planned)
        for member in range(p.represents):  # posts are counted, so each of those for whom the person stands decides
            talk, _, post, audience = four(model.seed_, BLOCK_VICTIM, self.number, member, int(act.turn))
            if talk < chance:
                told = model.today + days_later(member, float(act.apart))
                what = Post(self, member, code, int(act.story), int(act.news), 0, praise)
                self.may_post(told, (post, p.p_post, audience), what)
        if p.p_complain > 0.0 and not praise:
            self.may_complain(act)
        self.may_call(call, float(act.p_call), p.unsolved)

    def book_talk(self, praise: bool, planned: int) -> None:
        """Book the decision to talk, or to speak well of the firm, and note who has passed the story on."""
        how = (praise, not praise and not self.talked)
        self.talked = self.talked or not praise
        books.book_talk(self.model.books(), self.model.today, self.number, self.group, how, planned)

    def may_complain(self, act: np.void) -> None:
        """Let each of those for whom the person stands plan a formal complaint of a kind, or not."""
        model, p = self.model, self.model.numbers
        felt, turn = float(act["grievance"]), int(act["turn"])
        for member in range(p.represents):
            u, v, _, _ = four(model.seed_, BLOCK_COMPLAINS, self.number, member, turn)
            kind = complaining.kind_of_complaint(u, p.p_complain, felt, p.complain_more)
            if kind != complaining.SILENT:
                told = model.today + days_later(member, float(act["apart"]))
                day = told + complaining.day_of_complaint(v, p.complain_from, p.complain_to)
                model.complaints[day].append((self, kind == complaining.AFTER_NEWS))

    def decides_as_hearer(self) -> None:
        """Someone who first heard today takes sides, and may defend, retell, post and call."""
        model, p = self.model, self.model.numbers
        react, _, _, _ = four(model.seed_, BLOCK_HEARER, self.number, 0, 0)
        reaction = hearing.reaction(react, model.chance_to_side(self.source), p.affected)
        self.affected = reaction == hearing.AFFECTED
        books.book_heard(model.books(), model.today, self.number, self.source, self.group)
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
        _, _, call, _ = four(model.seed_, BLOCK_HEARER, self.number, 0, 0)
        if self.defends(sides):
            planned = self.plans_to_tell(p.hearer_tells, HEARER, self.story, praise=True)
            self.book_talk(True, planned)
        elif not sides and self.retells():
            self.passes_it_on()
        if self.still_customer:
            self.may_call(call, p.p_call)

    def defends(self, sides: bool) -> bool:
        """Return whether the person, who heard something bad, defends the firm."""
        p = self.model.numbers
        _, _, _, defend = four(self.model.seed_, BLOCK_HEARER, self.number, 0, 0)
        fan = self.advocate or self.praised
        return bool(defend < hearing.chance_to_defend(fan, sides, p.p_defend, p.p_defend_siding))

    def retells(self) -> bool:
        """Return whether the person passes on what they heard."""
        model, p = self.model, self.model.numbers
        _, retell, _, _ = four(model.seed_, BLOCK_HEARER, self.number, 0, 0)
        severity = fairness.story_severity(self.story / STORY_UNIT, model.confirmed, model.response)
        share = self.told_by_ties / len(self.ties) if self.ties else 0.0
        chance = talking.chance_to_retell(p.p_retell, severity, self.talkativeness)
        felt, threshold = (severity, self.talkativeness, share), (p.threshold, p.threshold_spread)
        return bool(spreading.retells(p.retelling, retell, chance, felt, threshold))

    def passes_it_on(self) -> None:
        """Plan to tell ties and strangers what one heard, and perhaps to post it."""
        model, p = self.model, self.model.numbers
        self.talks = True
        planned = self.plans_to_tell(p.hearer_tells, HEARER, self.story, praise=False)
        planned += self.plans_to_meet_strangers(p.hearer_strangers, HEARER, self.story, praise=False)
        self.book_talk(False, planned)
        news = int(model.most_news * p.hearsay_news)
        for member in range(p.represents):
            post = uniform(model.seed_, _HEARER_POST, self.number, member, 0)
            audience = uniform(model.seed_, _HEARER_AUDIENCE, self.number, member, 0)
            what = Post(self, member, HEARER, self.story, news, 0, False)
            self.may_post(model.today, (post, p.p_post_hearer, audience), what)

    def told_by_tie(self) -> None:
        """Count that a tie told the story; where many must, the person thinks about it again today."""
        if not self.talks and not self.wronged:
            self.told_by_ties += 1
            self.model.swayed[self.number] = self

    def decides_as_swayed(self) -> None:
        """Someone whom another tie told today passes it on once enough of them did."""
        if self.talks or self.harm_units == 0:
            return
        react, _, _, _ = four(self.model.seed_, BLOCK_HEARER, self.number, 0, 0)
        p = self.model.numbers
        sides = hearing.reaction(react, self.model.chance_to_side(self.source), p.affected) == hearing.SIDES
        if not sides and not self.defends(sides) and self.retells():
            self.passes_it_on()

    def days_of_talk(self, code: int) -> int:
        """Return for how many days the person talks."""
        p = self.model.numbers
        u = uniform(self.model.seed_, _LASTS, self.number, 0, code)
        return int(spreading.days_of_talk(p.duration, u, p.talk_mean_days, p.talk_days))

    def plans_to_tell(self, tells: tuple[float, float, float], code: int, story: int, praise: bool) -> int:
        """Plan, for each tie, whether and when to tell it; return the number of conversations planned."""
        model, p = self.model, self.model.numbers
        planned, lasts = 0, self.days_of_talk(code)
        for k, (other, kind) in enumerate(self.ties):
            chance = tells[kind]
            if self.strength:
                chance *= self.strength[k]
            u = uniform(model.seed_, _TELL, self.number, other, code)
            if u < chance:
                after = talking.delay_in_days(u / chance, p.talk_half_life, p.talk_days, model.talk_within)
                if after <= lasts:
                    told = Conversation(self, other, kind + 1, code, story, praise)
                    model.conversations[model.today + after].append(told)
                    planned += 1
        return planned

    def plans_to_meet_strangers(self, mean: float, code: int, story: int, praise: bool) -> int:
        """Plan to tell random people; return the number of conversations planned."""
        model, p = self.model, self.model.numbers
        planned, lasts = 0, self.days_of_talk(code)
        count = talking.poisson_count(uniform(model.seed_, _STRANGERS, self.number, 0, code), mean)
        for occasion in range(count):
            other, v = stranger(model.seed_, BLOCK_STRANGER, self.number, occasion, code, model.world.network.pool)
            after = talking.delay_in_days(v, p.stranger_half_life, p.talk_days, model.stranger_within)
            if other != self.number and after <= lasts:
                told = Conversation(self, int(other), tr.BY_STRANGER, code, story, praise)
                model.conversations[model.today + after].append(told)
                planned += 1
        return planned

    def may_post(self, told: int, luck: tuple[float, float, float], what: Post) -> None:
        """Plan a post, perhaps, after the day ``told``; ``luck`` is (u, chance to post, luck of the audience)."""
        p = self.model.numbers
        chance = talking.chance_to_post(luck[1], 1.0)
        if luck[0] < chance:
            within = talking.share_within(p.post_half_life, p.post_days)
            day = told + talking.delay_in_days(luck[0] / chance, p.post_half_life, p.post_days, within)
            self.model.posts[day].append(what._replace(audience=self.audience(luck[2], what)))

    def audience(self, u: float, post: Post) -> int:
        """Return how many people read a post, by its own luck ``u``, or as many as follow its author and more."""
        p, seed = self.model.numbers, self.model.seed_
        if p.audience_rule == talking.PARETO:
            return int(talking.audience_of_post(u, p.audience_least, p.audience_tail, p.audience_most))
        u0, u1, _, _ = four(seed, BLOCK_AUDIENCE, self.number, post.member, 0)
        _, _, passed, _ = four(seed, BLOCK_AUDIENCE, self.number, post.member, post.code)
        follow, pass_on = (p.followers_median, p.followers_spread), (p.passed_on, p.passed_on_tail)
        return int(talking.audience_by_followers((normal_pair(u0, u1)[0], passed), follow, pass_on, p.audience_most))

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
        if p.own_hazard:
            felt = (model.beta, self.harm(), self.contagion())
            cause = own_decision(u, (usual, treated), felt, p.own_hazard, p.hazard_numbers)
        else:
            felt = (model.beta, self.harm(), self.contagion())
            cause = leaving.decision_by(p.hazard_form, u, (usual, treated), felt, p.reference_churn)
        if cause != leaving.STAYS:
            self.leaves(cause, self.source)
        elif model.otherwise_gone[self.number] == today:
            books.book_stay(model.books(), today, self.number, self.source, self.books_group(), self.worth())

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
                    books.book_dose(model.books(), model.today, (self.number, self.group), column, outlets, units)
        elif reason == tr.TIE:
            for source, units in self.departed_ties().items():
                if units > 0:
                    books.note(model.books(), model.today, tr.TIE, self.number, source, (0, 0, self.group), units)

    def leaves(self, cause: int, source: int) -> None:
        """Leave the firm today; a departure that the policy caused reaches the ties tomorrow."""
        model, today = self.model, self.model.today
        self.gone_on = today
        model.left += 1
        if model.without_policy:
            return
        otherwise = int(model.otherwise_gone[self.number])
        why = (source, cause, self.books_group(), otherwise)
        books.book_departure(model.books(), today, self.number, why, self.worth())
        if books.label_of(today, otherwise) in (tr.EARLIER, tr.BECAUSE):
            model.departed.append((self, books.let_go(cause)))

    def joins_or_not(self) -> None:
        """Compare the luck of the month with the chance to join."""
        model, p, today = self.model, self.model.numbers, self.model.today
        u = monthly(model.seed_, BLOCK_JOIN, self.number, today // leaving.MONTH)
        worth = (p.new_customer_profit, p.new_customer_churn, p.acquisition_cost, p.discount, p.end_month)
        otherwise = int(model.otherwise_joined[self.number])
        if u < leaving.chance_to_join(self.churn, p.beta_join, self.harm()) * model.rated:
            self.joined_on = today
            model.joined += 1
            if not model.without_policy:
                books.book_join(model.books(), today, self.number, self.source, otherwise, worth)
        elif otherwise == today:
            books.book_no_join(model.books(), today, self.number, self.source, worth)
