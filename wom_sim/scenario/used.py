"""Whether a policy uses a key of its scenario at all, and whether the firm sets that key or would have to find it out.

What is not used changes no result: its effect is exactly 0, whatever a sample shows. "Used" is claimed in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dis import get_instructions
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from wom_sim import policies
from wom_sim.scenario.models import Doing, Policy, Scenario, Then
from wom_sim.scenario.overrides import key_parts
from wom_sim.scenario.relevance import bears
from wom_sim.scenario.tree import quoted

_NOTHING = {"name", "question", "story", "sources", "search", "worlds", "currency"}
"""Tables and keys that say what a scenario is about, or what other commands do with it."""
_BY_THE_STUDY = ("run", "replications")
_OUTSIDE_THE_PLAN = {"abuse_credible", "pause_above", "programme_cost"}
"""Levers that the engines read, whatever the policy."""
_OURS = "wom_sim."

_FOUND_OUT = {
    "calls_saved", "acceptance", "spared_by_review", "cost_each", "programme_cost", "abuse_credible", "grievance",
    "severity", "newsworthiness", "choose.error_rate", "choose.abuse_calls", "response.severity", "response.news",
    "response.cost",
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
    if parts[0] == "choose" and (policy.choose is not None or _for_everyone(policy)):
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
    if policy.use not in policies.POLICIES or policy.then is not None:
        return False
    given = policies.policy(policy.use).defaults.for_all if policy.for_all is None else policy.for_all
    return bool(given) and "for_everyone" in _mentioned(policy.use)


def _reads(step: Policy | Then, name: str) -> bool:
    """Return whether the plan of a policy, or what it calls, mentions a lever; one of another package may read any."""
    return name in _OUTSIDE_THE_PLAN or step.use not in policies.POLICIES or name in _mentioned(step.use)


@cache
def _mentioned(use: str) -> frozenset[str]:
    """Return every name in the code of a policy's plan and of what it calls in this package."""
    found: set[str] = set()
    seen: set[FunctionType] = set()
    waiting: list[Any] = [policies.policy(use).plan]
    while waiting:
        called = waiting.pop()
        function = getattr(called, "py_func", called)  # of a compiled rule, what was compiled
        if isinstance(function, FunctionType) and function not in seen:
            seen.add(function)
            for code in _codes(function.__code__):
                found |= set(code.co_names)
                waiting += _called(code, function.__globals__)
    return frozenset(found)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a piece of code and those that are defined within it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def _called(code: CodeType, around: dict[str, Any]) -> list[Any]:
    """Return what code may call in this package: names of its file, and members of modules (``rows.join``)."""
    found, before = [], None
    for step in get_instructions(code):
        value = around.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
        if isinstance(before, ModuleType) and step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            value = getattr(before, step.argval, None)
        if str(getattr(value, "__module__", "")).startswith(_OURS):
            found.append(value)
        before = value
    return found
