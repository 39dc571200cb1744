"""``[search]``: what ``recommend`` may vary, for each lever the values to try.

What is not listed stays as the policy has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import model_validator

from wom_sim.scenario.fields import Section, key

Channel = Literal["letter", "email", "text", "phone", "personal"]
Framing = Literal["blames_customer", "neutral", "blames_firm", "thanks_and_explains"]


class Values(Section):
    """A table of levers, each a list of values to try, none of them twice."""

    @model_validator(mode="after")
    def _each_once(self) -> Values:
        for name, values in self.lists():
            if not values:
                raise ValueError(f"{name}: there is nothing to try in an empty list")
            if len(set(values)) < len(values):
                raise ValueError(f"{name}: a value is listed twice")
        return self

    def lists(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield the name of each lever that is listed, and its values."""
        for name in type(self).model_fields:
            values = getattr(self, name)
            if isinstance(values, tuple):
                yield name, values


class SearchChoose(Values):
    """Whom to let go: values to try."""

    calls_at_least: tuple[float, ...] | None = key(None, "Service calls a month, at least", unit="calls a month")
    least_profitable_share: tuple[float, ...] | None = key(None, "Only this least profitable share of customers")
    profit_below: tuple[float, ...] | None = key(None, "Only customers whose profit is below", unit="currency a month")
    by: tuple[Literal["profit", "value"], ...] | None = key(None, "Measure of worth")
    abuse_only: tuple[bool, ...] | None = key(None, "Only abusers")
    limit: tuple[int, ...] | None = key(None, "At most so many", unit="people")
    spare_profitable_households: tuple[bool, ...] | None = key(
        None, "Spare those whose household as a whole is profitable"
    )
    advocates: tuple[bool, ...] | None = key(None, "Only advocates, or never them")
    ties_at_most: tuple[int, ...] | None = key(None, "Only who has no more ties", unit="ties")
    harm_at_most: tuple[float, ...] | None = key(
        None, "Only whose departure is expected to cost no more through others", unit="currency"
    )
    spare_most_harmful: tuple[float, ...] | None = key(
        None, "Spare this share: whose departure is expected to cost most through others", unit="share, 0 to 1"
    )


class SearchResponse(Values):
    """What the firm says once the story burns: values to try."""

    kind: tuple[Literal["ignore", "explain", "apologise", "compensate", "reinstate"], ...] | None = key(
        None, "What it does"
    )
    after_days: tuple[int, ...] | None = key(None, "Days from the first national coverage", unit="days")


class Search(Values):
    """What ``recommend`` may vary, each a list of values to try. Defaults are used for all if no lever is listed."""

    policies: tuple[str, ...] | None = key(None, "Only these policies, by name; all if absent")
    start_day: tuple[int, ...] | None = key(None, "Day on which the firm begins", unit="days")
    per_day: tuple[float, ...] | None = key(None, "Customers dealt with a day; all at once if 0", unit="people a day")
    channel: tuple[Channel, ...] | None = key(None, "How they are told")
    framing: tuple[Framing, ...] | None = key(None, "How it is put")
    notice_days: tuple[int, ...] | None = key(None, "Days from being told to the end of service", unit="days")
    fee_waived: tuple[float, ...] | None = key(None, "Fee for ending early that is waived", unit="currency")
    payment: tuple[float, ...] | None = key(None, "Money paid to who leaves", unit="currency")
    price_rise: tuple[float, ...] | None = key(None, "Rise of the price (reprice)", unit="share")
    fee_per_call: tuple[float, ...] | None = key(
        None, "Fee that reprice charges for a service call", unit="currency a call"
    )
    help_to_move: tuple[bool, ...] | None = key(None, "Help to find another provider")
    individual_review: tuple[bool, ...] | None = key(None, "Each case is looked at by a person")
    appeal: tuple[bool, ...] | None = key(None, "There is an appeal")
    explanation: tuple[float, ...] | None = key(None, "How far who and why is explained in public, 0 to 1")
    please_call: tuple[bool, ...] | None = key(None, "The message ends with 'please call customer care'")
    second_round_after: tuple[int, ...] | None = key(
        None, "Days after a refused offer until dismissal (paid_exit)", unit="days"
    )
    warn_days: tuple[int, ...] | None = key(None, "Days to moderate after a warning (warn_then_end)", unit="days")
    return_after: tuple[int, ...] | None = key(None, "Days out of service (suspend)", unit="days")
    pause_above: tuple[float, ...] | None = key(
        None, "Stop rule: no new treatments on days when buzz is above this", unit="posts"
    )
    choose: SearchChoose = SearchChoose()
    response: SearchResponse = SearchResponse()

    def levers(self) -> dict[str, tuple[Any, ...]]:
        """Return the values of each lever that is listed, by its path: ``notice_days``, ``choose.limit``."""
        own = {name: values for name, values in self.lists() if name != "policies"}
        inner = {
            f"{table}.{name}": values
            for table, levers in (("choose", self.choose), ("response", self.response))
            for name, values in levers.lists()
        }
        return own | inner
