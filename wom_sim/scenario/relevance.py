"""On which numbers nothing depends in a scenario, because no policy of it does what they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wom_sim import policies
from wom_sim.scenario.models import Policy, Scenario, Then


class Deeds:
    """What the policies of a scenario do, as far as it decides which numbers matter."""

    def __init__(self, scenario: Scenario) -> None:
        steps: list[Policy | Then] = [*scenario.policies, *(p.then for p in scenario.policies if p.then is not None)]
        self.uses = {step.use for step in steps}
        self.channels = {_lever(step, "channel") for step in steps}
        self.helps = any(_lever(step, "help_to_move") for step in steps)
        self.framings = {_lever(step, "framing") for step in steps}
        self.reviews = any(_lever(step, "individual_review") for step in steps)
        self.last_resort = any(_lever(step, "last_resort") for step in steps)
        self.responses = {policy.response.kind for policy in scenario.policies}
        credible = [bool(_lever(policy, "abuse_credible")) for policy in scenario.policies]
        self.abuse_credible, self.abuse_not_credible = any(credible), not all(credible)
        choices = [scenario.choose, *(step.choose for step in steps if step.choose is not None)]
        doubted = {item.key.rpartition(".")[2] for item in scenario.uncertain}
        self.errs = "error_rate" in doubted or any(choice.error_rate > 0.0 for choice in choices)
        self.abuse_only = any(choice.abuse_only for choice in choices)
        self.by_value = any(choice.by == "value" for choice in choices)
        self.explains = "explanation" in doubted or any(_lever(step, "explanation") > 0.0 for step in steps)
        self.revises = any(outlet.revises_after for outlet in scenario.media.outlets)
        self.poaches = "poach" in doubted or scenario.rivals.poach > 0.0
        self.refuses = "refuse" in doubted or scenario.rivals.refuse > 0.0
        self.announces = "notice_days" in doubted or any(_lever(step, "notice_days") > 30 for step in steps)


def _lever(step: Policy | Then, name: str) -> Any:
    """Return a lever of a step: what the scenario gives, or else the policy's own default."""
    given = getattr(step, name, None)
    return getattr(policies.policy(step.use).defaults, name) if given is None else given


def _used(*names: str) -> Callable[[Deeds], bool]:
    return lambda deeds: bool(deeds.uses & set(names))


_ACTIONS = {
    "dismiss": ("bulk_letter", "case_by_case", "paid_exit"), "offer": ("paid_exit",), "reprice": ("reprice",),
    "nudge": ("nudge",), "downgrade": ("downgrade",), "transfer": ("transfer",), "cap_credits": ("cap_credits",),
    "fix_root_cause": ("fix_root_cause",), "guarantee": ("guarantee",),
}  # fmt: skip
"""Each action, and the policies that take it: who accepts no offer may be dismissed."""
_WRITTEN, _SPOKEN = ("letter", "email", "text"), ("phone", "personal")


def _through(*channels: str) -> Callable[[Deeds], bool]:
    return lambda deeds: bool(deeds.channels & set(channels))


def _responds(*kinds: str) -> Callable[[Deeds], bool]:
    return lambda deeds: bool(deeds.responses & set(kinds))


def _frames(framing: str) -> Callable[[Deeds], bool]:
    return lambda deeds: framing in deeds.framings


_BY_ACTION = {
    f"{table}.{action}": _used(*uses)
    for table in ("media.action_news", "behaviour.fairness.severity", "behaviour.fairness.observed")
    for action, uses in _ACTIONS.items()
}
_BY_CHANNEL = {
    f"{table}.{channel}": _through(channel)
    for table in ("media.channel_news", "behaviour.fairness.channel", "money.handling")
    for channel in (*_WRITTEN, *_SPOKEN)
}
_BY_FRAMING = {
    f"behaviour.fairness.{table}.{framing}": _frames(framing)
    for table in ("framing", "framing_shift")
    for framing in ("blames_customer", "neutral", "blames_firm", "thanks_and_explains")
}
_AGREES = {
    f"behaviour.fairness.agree_to_{name}": _used(name) for name in ("nudge", "downgrade", "transfer", "cap_credits")
}
_RESPONSES = ("explain", "apologise", "compensate", "reinstate")
_ONLY_IF: dict[str, Callable[[Deeds], bool]] = {
    **_BY_ACTION, **_BY_CHANNEL, **_BY_FRAMING, **_AGREES,
    **{f"behaviour.responding.{kind}": _responds(kind) for kind in _RESPONSES},
    "behaviour.responding.prompt_days": _responds(*_RESPONSES),
    "media.p_leak": _used("nudge", "downgrade"),
    "media.leak_news": _used("nudge", "downgrade"),
    "media.outlets[].tone_after": lambda deeds: deeds.revises,
    "media.outlets[].sides_after": lambda deeds: deeds.revises,
    "behaviour.fairness.agree_to_price": _used("reprice"),
    "behaviour.fairness.less_if_announced": lambda deeds: deeds.announces,
    "behaviour.fairness.less_if_helped": lambda deeds: deeds.helps,
    "behaviour.fairness.explained_away": lambda deeds: deeds.explains,
    "behaviour.fairness.mistake": lambda deeds: deeds.errs,
    "behaviour.hearing.sides_with_firm": lambda deeds: deeds.abuse_not_credible,
    "behaviour.hearing.sides_if_abuse": lambda deeds: deeds.abuse_credible,
    "behaviour.leaving.price_sensitivity": _used("reprice", "transfer"),
    "behaviour.leaving.downgraded": _used("downgrade"),
    "behaviour.leaving.credits_capped": _used("cap_credits"),
    "behaviour.leaving.repaired": _used("fix_root_cause"),
    "behaviour.leaving.guaranteed": _used("guarantee"),
    "behaviour.calling.elasticity": _used("reprice"),
    "behaviour.calling.time_per_call": _used("reprice"),
    "behaviour.calling.repair_months": _used("fix_root_cause"),
    "choose.abuse_calls": lambda deeds: deeds.abuse_only,
    "money.calls_settle": lambda deeds: deeds.by_value,
    "money.handling.review": lambda deeds: deeds.reviews,
    "money.last_resort": lambda deeds: deeds.last_resort,
    "rivals.poach_after": lambda deeds: deeds.poaches,
    "rivals.poach_days": lambda deeds: deeds.poaches,
    "rivals.refused_cost": lambda deeds: deeds.refuses,
}  # fmt: skip
"""Numbers, or tables of them, that matter only to who does something. What is not listed always matters; a test
holds the list against the engines' input. Policies from outside the package may read anything: then all matters."""


def bears(scenario: Scenario, key: str) -> bool:
    """Return whether anything depends on the number under ``key`` in this scenario."""
    deeds = Deeds(scenario)
    if deeds.uses - set(policies.POLICIES):
        return True
    plain = without_names(key)
    return all(needed(deeds) for name, needed in _ONLY_IF.items() if plain == name or plain.startswith(f"{name}."))


def without_names(key: str) -> str:
    """Return a key with ``[]`` for the name of an outlet.

    >>> without_names("media.outlets.television.lag"), without_names("money.discount")
    ('media.outlets[].lag', 'money.discount')
    """
    return f"media.outlets[].{key.rpartition('.')[2]}" if key.startswith("media.outlets.") else key
