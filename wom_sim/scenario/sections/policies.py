"""``[[policies]]``: what is done to each customer, how it is said, and what comes next."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.policies import POLICIES
from wom_sim.scenario.fields import Section, key
from wom_sim.scenario.sections.choose import Choose
from wom_sim.scenario.sections.response import Announcement, Response, Retreat, When
from wom_sim.scenario.sections.search import Channel, Framing

_LONGEST = 3650


class Named(Section):
    """A policy's name, what it is, and whom it chooses."""

    name: str = key(..., "Name in tables and charts", min_length=1, max_length=40)
    use: str = key(..., f"The policy: {', '.join(POLICIES)}", min_length=1)
    choose: Choose | None = key(None, "Whom to let go; the scenario's own choice if absent")
    start_day: int | None = key(None, "Day on which the firm begins", unit="days", ge=0, le=3650)


class Waves(Section):
    """A policy in waves: the same again, so many days later."""

    times: int = key(..., "How many waves", ge=2, le=100)
    days_apart: int = key(..., "Days from the beginning of one to that of the next", unit="days", ge=1, le=3650)
    each: Literal["anew", "part"] = key(
        "anew",
        "Each wave chooses anew among those on whom none has acted, by what is known at the start; or takes an equal "
        "part of those who are chosen once, the worst first",
    )


class Doing(Section):
    """What is done to each customer, and how it is said. What is not given is the policy's own default."""

    per_day: float | None = key(
        None, "Customers dealt with a day; all at once if 0", unit="people a day", plausible=(1, 64), ge=0.0
    )
    channel: Channel | None = key(None, "How they are told")
    framing: Framing | None = key(None, "How it is put")
    notice_days: int | None = key(
        None, "Days from being told to the end of service", unit="days", plausible=(7, 90), calibrated=(0, 90), ge=0,
        le=3650,
    )  # fmt: skip
    fee_waived: float | None = key(None, "Fee for ending early that is waived", unit="currency", ge=0.0)
    balance_waived: float | None = key(None, "Open balance that is waived", unit="currency", ge=0.0)
    payment: float | None = key(
        None, "Money paid to who leaves", unit="currency", plausible=(0, 300), calibrated=(0, 300), ge=0.0
    )
    price_rise: float | None = key(
        None, "Rise of the price as a share of what a customer pays: 0.6 is 60 %", unit="share", plausible=(0.1, 0.6),
        calibrated=(0.0, "behaviour.leaving.price_seen"), ge=0.0, le=10.0,
    )  # fmt: skip
    fee_per_call: float | None = key(
        None, "Fee that reprice charges for a service call, beside the rise (set price_rise = 0 for the fee alone)",
        unit="currency a call", source="case documents: EUR 2 a minute", grade="S", plausible=(0.0, 10.0),
        calibrated=(0.0, 10.0), ge=0.0, le=1e6,
    )  # fmt: skip
    calls_saved: float | None = key(
        None,
        "Share of calls that downgrade leaves unanswered, that credit seekers no longer make under cap_credits, or "
        "that fall away within a year under fix_root_cause", unit="share", grade="Assumption", ge=0.0, le=1.0,
    )  # fmt: skip
    acceptance: float | None = key(
        None, "Share who go along when transfer hands them over; credit seekers do not", source="EVIDENCE 12: .9",
        grade="C", ge=0.0, le=1.0,
    )  # fmt: skip
    last_resort: bool | None = key(None, "Transfer hands over to the joint provider of last resort: money.last_resort")
    warn_days: int | None = key(
        None, "Days that warn_then_end gives them to moderate after each warning", unit="days", plausible=(7, 30),
        ge=1, le=3650,
    )  # fmt: skip
    return_after: int | None = key(
        None, "Days after which suspend lets them back", unit="days", plausible=(30, 365), ge=1, le=3650
    )
    term_months: int | None = key(
        None,
        "Months from one renewal to the next that at_renewal waits for, 0: every bill once the contract has ended",
        unit="months", ge=0, le=120,
    )  # fmt: skip
    converted_pays: float | None = key(
        None, "What a borrower pays a month whom enforce has made a customer", unit="currency a month",
        source="Netflix 2023: about 8 for an extra member", grade="M", ge=0.0,
    )  # fmt: skip
    cost_each: float | None = key(
        None, "What carrying it out costs for each, beside telling them", unit="currency", ge=0.0
    )
    help_to_move: bool | None = key(None, "Help to find another provider")
    individual_review: bool | None = key(None, "Each case is looked at by a person")
    spared_by_review: float | None = key(None, "Share of the chosen whom the review spares", ge=0.0, le=1.0)
    stated_criterion: bool | None = key(None, "The reason is stated")
    ground_in_terms: bool | None = key(None, "The terms give a ground")
    appeal: bool | None = key(None, "There is an appeal")
    explanation: float | None = key(None, "How far who and why is explained in public, 0 to 1", ge=0.0, le=1.0)
    please_call: bool | None = key(None, "The message ends with 'please call customer care'")
    grievance: float | None = key(None, "Sets the grievance of all, instead of the rule", ge=0.0, le=1.0)
    severity: float | None = key(None, "Sets the severity for observers, instead of the rule", ge=0.0, le=1.0)
    newsworthiness: float | None = key(None, "Sets the newsworthiness of a post, instead of the rule", ge=0.0, le=1.0)


class Then(Doing):
    """What the firm does next to those of the chosen whom the policy has left, with levers of its own."""

    use: str = key(..., "The policy of the second step", min_length=1)
    choose: Choose | None = key(None, "Whom of them; all of them if absent")
    after_days: int = key(..., "Days from being told of the first step", unit="days", ge=1, le=3650)


class Policy(Doing, Named):
    """A way of letting go. What is not given is the policy's own default: ``wom-sim show policies``."""

    for_all: bool | None = key(None, "Everyone, whoever would be chosen (reprice, fix_root_cause, guarantee)")
    abuse_credible: bool | None = key(None, "Whether the public believes that the chosen abused the service")
    second_round_after: int | None = key(
        None, "Days after a refused offer until dismissal; never if absent", unit="days", ge=1, le=3650
    )
    pause_above: float | None = key(
        None, "Stop rule: no new treatments on days when buzz is above this", unit="posts", gt=0.0
    )
    programme_cost: float | None = key(None, "Fixed cost of the programme", unit="currency", ge=0.0)
    coherence: float | None = key(
        None,
        "How far the cases are one story: 1 where all can show the same words of the same week, 0 where each has its "
        "own reasons",
        unit="share, 0 to 1", grade="Assumption", ge=0.0, le=1.0,
    )  # fmt: skip
    announce: Announcement | None = key(None, "That the firm goes to the press itself; it does not if absent")
    when: tuple[When, ...] = key((), "What the firm does on what it sees: an adaptive policy", max_length=20)
    retreat: Retreat | None = key(None, "That it may give in to pressure; it does not if absent")
    response: Response = Response()
    then: Then | None = key(None, "What happens next to those of the chosen who remain")
    waves: Waves | None = key(None, "The policy in waves, with what follows it")

    @model_validator(mode="after")
    def _something_first(self) -> Policy:
        if self.then is not None and "keep" in (self.use, self.then.use):
            raise ValueError("then: keep does nothing to anyone, so nothing can follow it, nor it follow")
        return self

    @model_validator(mode="after")
    def _waves_for_some(self) -> Policy:
        if self.waves is None:
            return self
        if self.use == "keep":
            raise ValueError("waves: keep does nothing, so it has no waves")
        if self.for_all:
            raise ValueError("waves: with for_all the first wave is for everyone, and no second one is left")
        last = (self.start_day or 0) + (self.waves.times - 1) * self.waves.days_apart
        if last > _LONGEST:
            raise ValueError(f"waves: the last begins on day {last:,}, allowed: up to {_LONGEST:,}")
        return self
