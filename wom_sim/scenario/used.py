"""Whether a policy uses a key of its scenario at all, and whether the firm sets that key or would have to find it out.

What is not used changes no result: its effect is exactly 0, whatever a sample shows. "Used" is claimed in doubt.
"""

from __future__ import annotations

from wom_sim import policies
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import key_parts
from wom_sim.scenario.relevance import bears
from wom_sim.scenario.sections.policies import Doing, Policy, Then
from wom_sim.scenario.tree import quoted

_NOTHING = {"name", "question", "story", "sources", "search", "worlds", "verdict", "currency", "seen"}
"""Tables and keys that say what a scenario is about, or what other commands do with it."""
_BY_THE_STUDY = ("run", "replications")
_FOUND_OUT = {
    "calls_saved", "acceptance", "spared_by_review", "cost_each", "programme_cost", "abuse_credible", "grievance",
    "severity", "newsworthiness", "choose.error_rate", "choose.abuse_calls", "response.severity", "response.news",
    "response.cost", "announce.chance", "announce.own_words",
}  # fmt: skip
"""Keys of a policy that say how it turns out or what it costs: nobody sets them, all others are the firm's choice."""


def is_choice(key: str) -> bool:
    """Return whether the firm sets what stands under a key: a lever, not something to find out.

    >>> is_choice("policies.paid exit.payment"), is_choice("choose.limit"), is_choice("behaviour.leaving.beta")
    (True, True, False)
    >>> is_choice('policies."hand over".acceptance'), is_choice("choose.error_rate")
    (False, False)
    """
    parts = key_parts(key)
    if not parts or parts[0] not in ("policies", "choose"):
        return False
    own = parts if parts[0] == "choose" else parts[2:]
    own = own[1:] if own[:1] == ["then"] else own
    return ".".join(map(str, own)) not in _FOUND_OUT


def uses(scenario: Scenario, policy: Policy, key: str) -> bool:
    """Return whether a result of a policy can depend on what stands under ``key``, written as ``--set`` takes it.

    ``scenario`` has the values of all other keys: an answer may depend on them.
    """
    parts = key_parts(key)
    if policy.use == "keep" or parts[0] in _NOTHING or tuple(parts) == _BY_THE_STUDY:
        return False
    if parts[0] == "policies":
        return len(parts) < 3 or (owner(scenario, key) == policy.name and _heeds(policy, parts[2:]))
    alone = scenario.model_copy(update={"policies": (policy,)})
    firms_own = parts[1:] == ["observed_months"]
    if parts[0] == "choose" and not firms_own and (policy.choose is not None or _for_everyone(policy)):
        return False
    return bears(alone, ".".join(quoted(str(part)) for part in parts))


def owner(scenario: Scenario, key: str) -> str | None:
    """Return the policy to which a key belongs, by name (``policies.NAME.`` or its number); None if it is of none."""
    parts, names = key_parts(key), [policy.name for policy in scenario.policies]
    if len(parts) < 2 or parts[0] != "policies":
        return None
    named = str(parts[1])
    return names[int(named)] if named not in names and named.isdecimal() and int(named) < len(names) else named


def _heeds(policy: Policy, parts: list[str | int]) -> bool:
    """Return whether a policy heeds a key of its own."""
    first = str(parts[0])
    if first == "choose":
        return not _for_everyone(policy)
    if first == "response":
        return policy.response.kind != "ignore" or parts[1:] in ([], ["kind"])
    if first == "then" and len(parts) > 1 and policy.then is not None:
        return str(parts[1]) not in Doing.model_fields or _reads(policy.then, str(parts[1]))
    if first not in Doing.model_fields and first not in ("for_all", "second_round_after", "start_day"):
        return True
    return any(_reads(step, first) for step in (policy, policy.then) if step is not None)


def _for_everyone(policy: Policy) -> bool:
    """Return whether a policy acts on everyone, whoever would be chosen."""
    known = policies.policy(policy.use)
    given = known.defaults.for_all if policy.for_all is None else policy.for_all
    return bool(given) and policy.then is None and "for_all" in known.own_levers


def _reads(step: Policy | Then, lever: str) -> bool:
    """Return whether a policy takes notice of a lever; one that does not say what it does may read any."""
    return policies.policy(step.use).actions is None or policies.heeds(step.use, lever)
