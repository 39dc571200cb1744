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
        self.responses = {policy.response.kind for policy in scenario.policies}
        credible = [bool(_lever(policy, "abuse_credible")) for policy in scenario.policies]
        self.abuse_credible, self.abuse_not_credible = any(credible), not all(credible)
        choices = [scenario.choose, *(step.choose for step in steps if step.choose is not None)]
        doubted = {item.key.rpartition(".")[2] for item in scenario.uncertain}
        self.errs = "error_rate" in doubted or any(choice.error_rate > 0.0 for choice in choices)
        self.by_value = any(choice.by == "value" for choice in choices)
        self.explains = "explanation" in doubted or any(_lever(step, "explanation") > 0.0 for step in steps)
        self.announces = "notice_days" in doubted or any(_lever(step, "notice_days") > 30 for step in steps)


def _lever(step: Policy | Then, name: str) -> Any:
    """Return a lever of a step: what the scenario gives, or else the policy's own default."""
    given = getattr(step, name, None)
    return getattr(policies.policy(step.use).defaults, name) if given is None else given


def _used(*names: str) -> Callable[[Deeds], bool]:
    return lambda deeds: bool(deeds.uses & set(names))


_ONLY_IF: dict[str, Callable[[Deeds], bool]] = {
    "media.channel_news.phone": lambda deeds: "phone" in deeds.channels,
    "media.channel_news.personal": lambda deeds: "personal" in deeds.channels,
    "media.p_leak": _used("nudge", "downgrade"),
    "media.leak_news": _used("nudge", "downgrade"),
    "behaviour.fairness.less_if_announced": lambda deeds: deeds.announces,
    "behaviour.fairness.less_if_helped": lambda deeds: deeds.helps,
    "behaviour.fairness.explained_away": lambda deeds: deeds.explains,
    "behaviour.fairness.severity.fix_root_cause": _used("fix_root_cause"),
    "behaviour.fairness.severity.guarantee": _used("guarantee"),
    "behaviour.fairness.observed.nudge": _used("nudge"),
    "behaviour.fairness.observed.downgrade": _used("downgrade"),
    "behaviour.fairness.mistake": lambda deeds: deeds.errs,
    "behaviour.hearing.sides_with_firm": lambda deeds: deeds.abuse_not_credible,
    "behaviour.hearing.sides_if_abuse": lambda deeds: deeds.abuse_credible,
    "behaviour.leaving.price_sensitivity": _used("reprice", "transfer"),
    "behaviour.leaving.downgraded": _used("downgrade"),
    "behaviour.leaving.credits_capped": _used("cap_credits"),
    "behaviour.leaving.repaired": _used("fix_root_cause"),
    "behaviour.leaving.guaranteed": _used("guarantee"),
    "behaviour.responding.explain": lambda deeds: "explain" in deeds.responses,
    "behaviour.responding.apologise": lambda deeds: "apologise" in deeds.responses,
    "behaviour.responding.compensate": lambda deeds: "compensate" in deeds.responses,
    "behaviour.calling.elasticity": _used("reprice"),
    "behaviour.calling.time_per_call": _used("reprice"),
    "behaviour.calling.repair_months": _used("fix_root_cause"),
    "money.calls_settle": lambda deeds: deeds.by_value,
    "money.last_resort": _used("transfer"),
}
"""Numbers, or tables of them, that matter only to who does something. What is not listed always matters; a test
holds the list against the engines' input. Policies from outside the package may read anything: then all matters."""


def bears(scenario: Scenario, key: str) -> bool:
    """Return whether anything depends on the number under ``key`` in this scenario."""
    deeds = Deeds(scenario)
    if deeds.uses - set(policies.POLICIES):
        return True
    return all(needed(deeds) for name, needed in _ONLY_IF.items() if key == name or key.startswith(f"{name}."))
