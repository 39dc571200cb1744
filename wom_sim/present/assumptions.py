"""Which numbers of a scenario are estimates, how far they may be off, and which of them this comparison used."""

from __future__ import annotations

from functools import reduce
from typing import Any, NamedTuple

from wom_sim.scenario import Parameter, Scenario, parameters
from wom_sim.scenario.models import Policy, Then

ONLY_FOR = {
    "fix_root_cause": ("fix_root_cause",), "guarantee": ("guarantee",), "nudge": ("nudge",),
    "downgrade": ("downgrade",), "transfer": ("transfer",), "cap_credits": ("cap_credits",), "reprice": ("reprice",),
    "offer": ("paid_exit",), "agree_to_price": ("reprice",), "agree_to_nudge": ("nudge",),
    "agree_to_downgrade": ("downgrade",), "agree_to_transfer": ("transfer",), "agree_to_cap_credits": ("cap_credits",),
    "p_leak": ("nudge", "downgrade"), "leak_news": ("nudge", "downgrade"), "downgraded": ("downgrade",),
    "credits_capped": ("cap_credits",), "repaired": ("fix_root_cause",), "guaranteed": ("guarantee",),
    "price_sensitivity": ("reprice",), "nudged": ("nudge",), "guarantee_share": ("guarantee",),
    "elasticity": ("reprice", "cap_credits", "downgrade", "transfer"), "repair_months": ("fix_root_cause",),
    "time_per_call": ("reprice", "cap_credits", "downgrade", "transfer"),
}  # fmt: skip
"""Keys (their last part) that only these policies use."""


class Assumption(NamedTuple):
    """A number that rests on an estimate. ``used``: what this scenario has (several in a list of outlets, say).

    ``moved``: some of them are not the default.
    """

    key: str
    used: tuple[Any, ...]
    unit: str
    plausible: tuple[float, float] | None
    grade: str
    source: str
    meaning: str
    moved: bool


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Return the estimated numbers that a comparison of this scenario uses, those with a plausible range first."""
    found = [_assumption(p, scenario) for p in parameters() if is_estimate(p.grade) and _used(p, scenario)]
    there = [a for a in found if a is not None]
    return sorted(there, key=lambda a: a.plausible is None)


def is_estimate(grade: str) -> bool:
    """Say whether a grade marks an estimate or an assumption: C alone or beside a better one, or Assumption.

    >>> is_estimate("A/C"), is_estimate("C, calibrated"), is_estimate("Assumption"), is_estimate("A")
    (True, True, True, False)
    """
    words = grade.replace(",", " ").replace("/", " ").replace(":", " ").split()
    return "C" in words or "Assumption" in words


def is_bare(grade: str) -> bool:
    """Say whether nothing better than an estimate stands behind a grade: no source that was seen or known.

    >>> is_bare("C, never measured"), is_bare("A/C"), is_bare("S/C")
    (True, False, True)
    """
    words = grade.replace(",", " ").replace("/", " ").replace(":", " ").split()
    return is_estimate(grade) and not {"A", "A-", "B"} & set(words)


def _assumption(parameter: Parameter, scenario: Scenario) -> Assumption | None:
    """Return a parameter with the value that the scenario gives it; None where it has none."""
    values = _values(scenario, parameter.key)
    if not values:
        return None
    moved = parameter.default is not None and any(v != parameter.default for v in values)
    unit = parameter.unit.partition(",")[0]
    return Assumption(
        parameter.key, tuple(dict.fromkeys(values)), unit, parameter.plausible, parameter.grade, parameter.source,
        parameter.meaning, moved,
    )  # fmt: skip


def _values(scenario: Scenario, path: str) -> list[Any]:
    """Return what a scenario has at a path; several for the items of a list, sorted where they are numbers."""
    steps = path.split(".")
    found: list[Any] = reduce(_step, steps, [scenario])
    known = [v for v in found if v is not None and not isinstance(v, bool)]
    return sorted(known) if all(isinstance(v, int | float) for v in known) else known


def _step(things: list[Any], step: str) -> list[Any]:
    name = step.removesuffix("[]")
    inner = [getattr(thing, name) for thing in things if getattr(thing, name, None) is not None]
    return [item for items in inner for item in items] if step.endswith("[]") else inner


def _used(parameter: Parameter, scenario: Scenario) -> bool:
    """Say whether a key can matter: not that of a policy, response or option that nobody chose."""
    if parameter.key.startswith("policies[]"):
        return False  # what a policy does is an option, told where the options are
    uses = {step.use for policy in scenario.policies for step in _steps(policy)}
    last = parameter.key.rpartition(".")[2]
    if parameter.key.startswith("behaviour.responding."):
        kinds = {p.response.kind for p in scenario.policies}
        return last in kinds or (last == "prompt_days" and kinds != {"ignore"})
    if parameter.key.startswith("money.last_resort."):
        return any(step.last_resort for policy in scenario.policies for step in _steps(policy))
    if ".mistake." in parameter.key:
        return any((p.choose or scenario.choose).error_rate > 0.0 for p in scenario.policies)
    if last in ("abuse_calls", "calls_settle"):
        chosen = [p.choose or scenario.choose for p in scenario.policies]
        return any(c.abuse_only if last == "abuse_calls" else c.by == "value" for c in chosen)
    return last not in ONLY_FOR or bool(uses & set(ONLY_FOR[last]))


def _steps(policy: Policy) -> list[Policy | Then]:
    return [policy] if policy.then is None else [policy, policy.then]
