"""What lies beyond the range for which it is known how people react, and how the model goes on from there.

The range stands beside the key (``calibrated`` in its declaration). Beyond it a result is an extrapolation: the model
keeps to the pessimistic side, and whoever shows the result says so, with the texts ``beyond.*`` of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import NamedTuple

from wom_sim import policies
from wom_sim.scenario.amounts import in_currency, is_money, rate_of
from wom_sim.scenario.model_keys import Slot, keys_of
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.money import LastResort
from wom_sim.scenario.sections.policies import Doing, Policy, Then
from wom_sim.scenario.tree import quoted
from wom_sim.words import Words, sentence

FEES = "fees"
"""In the place of a lever: fees a call and a rise of the price together, for whoever calls much."""
_MOST_CALLS = 100.0
"""Hardly anyone calls more often in a month."""


class Beyond(NamedTuple):
    """A value above the known range ``low`` to ``high``. ``what``: the lever, or ``fees`` or ``last_resort``.

    ``calls``: a month from which on fees take so much; ``months``: over which customers weigh what is beyond.
    """

    policy: str
    what: str
    key: str
    value: float
    low: float
    high: float
    unit: str
    months: float = 0.0
    calls: float = 0.0


def beyond(scenario: Scenario, among: Iterable[Policy] | None = None) -> list[Beyond]:
    """Return what lies beyond the known ranges in a scenario, or in policies ``among`` those that it may have."""
    found: list[Beyond] = []
    for policy in scenario.policies if among is None else among:
        steps: list[tuple[str, Policy | Then]] = [(f"policies.{quoted(policy.name)}", policy)]
        if policy.then is not None:
            steps.append((f"policies.{quoted(policy.name)}.then", policy.then))
        for path, step in steps:
            found += _of_levers(scenario, policy.name, path, step)
            found += _of_fees(scenario, policy.name, path, step)
            found += _of_last_resort(scenario, policy.name, step)
    return list(dict.fromkeys(found))


def _of_levers(scenario: Scenario, name: str, path: str, step: Policy | Then) -> Iterator[Beyond]:
    """Yield the levers that a scenario sets beyond their range, or may draw there; defaults of policies lie within."""
    spreads = {item.key: item.distribution.spread for item in scenario.uncertain}
    for lever, slot in keys_of(Doing).items():
        key, value = f"{path}.{lever}", getattr(step, lever)
        if value is None or "calibrated" not in slot.about:
            continue
        if is_money(slot) and rate_of(scenario) is None:
            continue  # nobody knows where the range ends in this currency, which whoever shows a result says
        low, high = _range(scenario, slot)
        most = max(float(value), spreads.get(key, (0.0, 0.0))[1])
        if most > high and policies.heeds(step.use, lever):
            months = scenario.behaviour.leaving.price_months
            yield Beyond(name, lever, key, most, low, high, slot.about["unit"], months)


def _of_fees(scenario: Scenario, name: str, path: str, step: Policy | Then) -> Iterator[Beyond]:
    """Yield from how many calls a month on fees and rise together are beyond, for someone with their segment's revenue.

    Nothing where hardly anyone calls so often.
    """
    fee = step.fee_per_call
    if not fee or not policies.heeds(step.use, "fee_per_call"):
        return
    from wom_sim.rules.calls import calls_at_fee  # the compiler, which others need not wait for

    calling, leaving = scenario.behaviour.calling, scenario.behaviour.leaving
    rise = step.price_rise if step.price_rise is not None else policies.policy(step.use).defaults.price_rise
    each = fee * float(calls_at_fee(1.0, fee, calling.time_per_call, calling.elasticity))
    choose = scenario.choose if step.choose is None else step.choose
    everyone = choose.segments is None or bool(getattr(step, "for_all", False))
    least = min(s.revenue for s in scenario.population.segments if everyone or s.name in (choose.segments or ()))
    calls = max(0.0, (leaving.price_seen - rise) * least / each)
    if calls <= _MOST_CALLS:
        seen, months = leaving.price_seen, leaving.price_months
        yield Beyond(name, FEES, f"{path}.fee_per_call", seen, 0.0, seen, "share", months, calls)


def _of_last_resort(scenario: Scenario, name: str, step: Policy | Then) -> Iterator[Beyond]:
    """Yield the price of the provider of last resort, if someone is handed over to it and nobody speaks of so much."""
    if not step.last_resort or not policies.heeds(step.use, "last_resort"):
        return
    slot = keys_of(LastResort)["price"]
    low, high = _range(scenario, slot)
    price = scenario.money.last_resort.price
    if price > high:
        months = scenario.behaviour.leaving.price_months
        yield Beyond(name, "last_resort", "money.last_resort.price", price, low, high, "times", months)


def _range(scenario: Scenario, slot: Slot) -> tuple[float, float]:
    """Return the range of a key, dollars converted; an end that is a key is what the scenario has there."""
    rate = rate_of(scenario) if is_money(slot) else 1.0
    low, high = (
        float(reduce(getattr, end.split("."), scenario)) if isinstance(end, str) else in_currency(float(end), rate)  # type: ignore[arg-type]
        for end in slot.about["calibrated"]
    )
    return low, high


# -- in words ------------------------------------------------------------------------------------------------


def in_words(item: Beyond, words: Words, currency: str, called: str | None = None) -> str:
    """Return a sentence on what lies beyond: the value, the range, and how the model goes on from there.

    ``called``: the policy as it is called in a sentence, if that is not its own name.
    """
    policy = words.policy_said(item.policy) if called is None else called
    return sentence(words.say(f"beyond.{item.what}", policy=policy, **_told(item, words, currency)))


def in_short(item: Beyond, words: Words, currency: str) -> str:
    """Return the value and the range as a part of a sentence."""
    return words.say(f"beyond.short.{item.what}", **_told(item, words, currency))


def _told(item: Beyond, words: Words, currency: str) -> dict[str, str]:
    told = {name: words.quantity(getattr(item, name), item.unit, currency) for name in ("value", "low", "high")}
    return told | {"months": words.number(item.months), "calls": words.number(item.calls)}
