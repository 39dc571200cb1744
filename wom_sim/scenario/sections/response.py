"""What a policy does as the story goes: ``response``, ``announce``, ``when`` and ``retreat``."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, fraction, key
from wom_sim.scenario.sections.search import Channel


class Response(Section):
    """What the firm says once the story burns."""

    kind: Literal["ignore", "explain", "apologise", "compensate", "reinstate"] = key(
        "ignore", "What it does; reinstate also withdraws what has not taken effect yet"
    )
    after_days: int = key(5, "Days from the first national coverage", unit="days", ge=1, le=3650)
    severity: float = key(
        1.0, "Factor on the severity of the story from then on", source="EVIDENCE 6", grade="C", ge=0.0, le=3.0
    )
    news: float | None = key(
        None, "Factor on the newsworthiness of posts from then on; by the kind of response if absent",
        source="Herhausen et al. 2019", grade="A/C", ge=0.0, le=3.0,
    )  # fmt: skip
    cost: float = key(0.0, "Cost", unit="currency", ge=0.0)


class Announcement(Section):
    """The firm tells the press itself what it does."""

    shift: int = key(
        0, "When: days from the day on which the first customer is told; negative is before", unit="days", ge=-365,
        le=3650,
    )  # fmt: skip
    chance: float = fraction(
        0.6, "Chance that it is reported", source="firms that announced: day 0-1", grade="C", plausible=(0.3, 0.9)
    )
    own_words: float = key(
        0.8, "Factor on the severity of the story as the firm tells it", grade="Assumption", plausible=(0.5, 1.0),
        ge=0.0, le=5.0,
    )  # fmt: skip


class When(Section):
    """What an adaptive policy does on a trigger."""

    trigger: Literal["buzz_above", "buzz_below", "national_report", "people_told", "calls", "days", "complaints"] = key(
        ...,
        "What the firm sees. buzz_above, buzz_below: yesterday's buzz; national_report: the first one; people_told: so "
        "many have been told; calls: so many calls to service over it; days: so long since the first was told; "
        "complaints: so many formal ones",
    )
    level: float = key(0.0, "The number that goes with the trigger; none with national_report", ge=0.0, le=1e12)
    after_days: int = key(0, "Days from seeing it to acting on it", unit="days", ge=0, le=3650)
    days_spread: float = key(
        0.0, "Spread (log) of these days, which are then the median; always so many if 0", source="17 retreats: 1.4",
        grade="C", ge=0.0, le=5.0,
    )  # fmt: skip
    do: Literal[
        "pause", "go_on", "stop", "explain", "apologise", "compensate", "reinstate", "pay", "change_channel"
    ] = key(
        ...,
        "What it does: pause and go_on may come again and again, all others once. stop: nobody else is told. "
        "reinstate: nobody else is told, and what has not taken effect yet is withdrawn. pay: who is told from then on "
        "gets payment. change_channel: who is told from then on is told by channel. Of these two the latest holds",
    )
    payment: float | None = key(None, "With pay, or change_channel: money paid to who leaves", unit="currency", ge=0.0)
    channel: Channel | None = key(None, "With change_channel, or pay: how they are told from then on")
    chance: float = fraction(
        1.0, "Chance that it does so: below 1 for what is done under pressure",
        source="with national coverage, fees for all are withdrawn in .5 of cases, dismissals in .2", grade="C",
    )  # fmt: skip
    severity: float = key(1.0, "Factor on the severity of the story after a response", grade="C", ge=0.0, le=3.0)
    news: float | None = key(
        None, "Factor on the newsworthiness of posts after a response; by its kind if absent", ge=0.0, le=3.0
    )
    cost: float = key(0.0, "Cost of a response", unit="currency", ge=0.0)

    @model_validator(mode="after")
    def _says_what(self) -> When:
        changes = self.do in ("pay", "change_channel")
        missing = {"pay": "payment", "change_channel": "channel"}.get(self.do)
        if missing is not None and getattr(self, missing) is None:
            raise ValueError(f"{missing}: missing; do = {self.do!r} needs it")
        given = next((name for name in ("payment", "channel") if getattr(self, name) is not None), None)
        if given is not None and not changes:
            raise ValueError(f"{given}: given with do = {self.do!r}, allowed: with pay and change_channel")
        return self


class Retreat(Section):
    """The firm gives in to pressure: with a national report it may take back what has not taken effect."""

    chance: float | None = key(
        None, "Chance that it does; if absent .5 where the policy is for all customers, else .2",
        source="17 reversals, 20 that were not reversed: .25-.7 and .07-.4", grade="C", ge=0.0, le=1.0,
    )  # fmt: skip
    median_days: int = key(
        11, "Median of the days from the first national report", unit="days", source="17 reversals: quartiles 4 and 34",
        grade="C", ge=0, le=3650,
    )  # fmt: skip
    spread: float = key(
        1.4, "Standard deviation of the logarithm of these days", source="17 reversals", grade="C", ge=0.0, le=5.0
    )
    cost: float = key(0.0, "What it costs", unit="currency", ge=0.0)
