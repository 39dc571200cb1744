"""What ``recommend`` may vary: the policies of a scenario, their levers, and the values to try.

The values come from the scenario's table ``[search]``. Where it lists no lever, each policy has the levers that are
its own to set, with values from the declarations of the keys: their choices, or round numbers over their plausible
range. All values are listed, so a space is finite, and a value that is recommended is one that somebody named.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from wom_sim.policies import heeds
from wom_sim.policies import policy as policy_named
from wom_sim.scenario import Scenario
from wom_sim.scenario.amounts import in_currency, is_money, rate_of
from wom_sim.scenario.model_keys import Slot, keys_of
from wom_sim.scenario.represents import limit_is_kept
from wom_sim.scenario.sections.policies import Policy
from wom_sim.words import ENGLISH, Words
from wom_sim.words.levers import AS_GIVEN
from wom_sim.words.said import OfPolicy, Said

_VALUES = 4
"""So many values are tried over a plausible range."""
_SHARES_OF_LIMIT = (0.25, 0.5, 1.0)

Levers = dict[str, Any]


@dataclass(frozen=True)
class Candidate:
    """A policy with levers set: ``base`` is the policy of the scenario, ``levers`` are set by path."""

    base: str
    levers: tuple[tuple[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """Return 16 hex digits that stand for it."""
        text = json.dumps([self.base, self.levers], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def text(self) -> str:
        """Return the levers in words: ``notice_days 60, payment 100``."""
        return ", ".join(f"{path} {written(value)}" for path, value in self.levers) or AS_GIVEN

    @property
    def said(self) -> Said:
        """Return policy and levers, for who watches a search: ``paid exit: notice_days 60, payment 100``."""
        levers = Said("recommend.as_given") if self.text == AS_GIVEN else self.text
        return Said("step.within", what=OfPolicy(self.base), step=levers)

    def policy(self, scenario: Scenario) -> Policy:
        """Return the policy to run; its name is the key."""
        if self.base == "keep":
            return Policy(name="keep", use="keep")
        policy = next(p for p in scenario.policies if p.name == self.base)
        changes: dict[str, Any] = {"name": self.key}
        for path, value in self.levers:
            table, _, name = path.rpartition(".")
            if not table:
                changes[name] = value
                continue
            held = changes.get(table, getattr(policy, table))
            held = scenario.choose.conditions if held is None else held
            changes[table] = type(held).model_validate(_given(held) | {name: value})
        return policy.model_copy(update=changes)


def _given(table: Any) -> dict[str, Any]:
    """Return the keys of a table that were set, and no defaults."""
    return {name: getattr(table, name) for name in table.model_fields_set}


def written(value: Any) -> str:
    """Return the value of a lever in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.6g}" if isinstance(value, int | float) else str(value).replace("_", " ")


@dataclass(frozen=True)
class Space:
    """The candidates: of each policy, levers with the values to try."""

    levers: Mapping[str, Mapping[str, tuple[Any, ...]]]

    @property
    def size(self) -> int:
        """Return how many candidates there are, besides ``keep``."""
        return sum(math.prod(len(values) for values in levers.values()) for levers in self.levers.values())

    def candidates(self) -> Iterator[Candidate]:
        """Yield every candidate."""
        for base, levers in self.levers.items():
            for values in product(*levers.values()):
                yield Candidate(base, tuple(zip(levers, values, strict=True)))

    def text(self, words: Words = ENGLISH) -> str:
        """Return what is varied, a line for each policy."""
        lines = []
        for base, levers in self.levers.items():
            told = "; ".join(f"{path} {', '.join(map(written, values))}" for path, values in levers.items())
            lines.append(f"  {words.policy_typed(base)}: {told or words.say('recommend.as_given')}")
        return "\n".join(lines)


def space_of(scenario: Scenario) -> Space:
    """Return what may be varied in a scenario.

    Raises
    ------
    ValueError
        If there is no policy but ``keep``, people are chosen by number and ``search.choose`` would choose others, or
        no rate of the scenario's currency to the dollar is known.
    """
    listed = scenario.search.levers()
    names = scenario.search.policies
    chosen = [p for p in scenario.policies if p.use != "keep" and (names is None or p.name in names)]
    if not chosen:
        raise ValueError("there is nothing to search: no policy but keep")
    if rate_of(scenario) is None:
        raise ValueError(
            f"currency: no rate of {scenario.currency} to the US dollar is known, and what other levers cost may be in "
            "dollars; state exchange.per_dollar"
        )
    found = {}
    for policy in chosen:
        levers = {path: values for path, values in listed.items() if heeds(policy.use, path)}
        found[policy.name] = levers if listed else _defaults(scenario, policy)
        _check_choice(scenario, policy, found[policy.name])
    return Space(found)


def _check_choice(scenario: Scenario, policy: Policy, levers: Mapping[str, tuple[Any, ...]]) -> None:
    choose = scenario.choose if policy.choose is None else policy.choose
    if choose.ids is not None and any(path.startswith("choose.") for path in levers):
        raise ValueError(
            f"search.choose: {policy.name} chooses people by number (choose.ids), so nothing can be varied"
        )


def _defaults(scenario: Scenario, policy: Policy) -> dict[str, tuple[Any, ...]]:
    """Return the levers of a policy and the values that their declarations suggest."""
    slots = keys_of(Policy)
    rate = rate_of(scenario)
    levers = {name: _values(name, slots[name], rate) for name in policy_named(policy.use).searched}
    choose = scenario.choose if policy.choose is None else policy.choose
    if choose.limit is not None and choose.limit > 1 and not policy.for_all:
        shares = dict.fromkeys(max(1, round(choose.limit * share)) for share in _SHARES_OF_LIMIT)
        levers["choose.limit"] = tuple(n for n in shares if limit_is_kept(n, scenario.run.represents))
    return levers


def _values(name: str, slot: Slot, rate: float | None) -> tuple[Any, ...]:
    """Return the values to try of a key: its choices, or round numbers over its plausible or allowed range.

    ``rate``: units of the scenario's currency for one US dollar, in which ranges of amounts are.
    """
    if slot.choices:
        return slot.choices
    if slot.kinds == (bool,):
        return (False, True)
    plausible, limits = slot.about.get("plausible"), slot.limits
    low, high = plausible if plausible is not None else (limits["ge"], limits["le"])
    if is_money(slot):
        low, high = in_currency(low, rate), in_currency(high, rate)
    values = _round_numbers(float(low), float(high), _VALUES if plausible is not None else 2)
    if name == "per_day":
        values = [0.0, *values]  # all at once
    return tuple(int(v) for v in values) if int in slot.kinds else tuple(values)


def _round_numbers(low: float, high: float, count: int) -> list[float]:
    """Return numbers from ``low`` to ``high``, evenly apart, or by even factors where the range is wide.

    >>> _round_numbers(0.0, 300.0, 4), _round_numbers(1.0, 64.0, 4)
    ([0.0, 100.0, 200.0, 300.0], [1.0, 4.0, 16.0, 64.0])
    """
    if low > 0 and high / low >= 10:
        steps = [low * (high / low) ** (k / (count - 1)) for k in range(count)]
    else:
        steps = [low + (high - low) * k / (count - 1) for k in range(count)]
    return [float(f"{step:.2g}") for step in steps]
