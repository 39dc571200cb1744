"""What can be moved on the page: of each policy, of all, of what nobody knows, and of people and money.

A control is a key of the scenario as ``--set`` takes it, so that the page can do nothing that the command cannot. Which
policies heed which lever, ranges, sources and units come from their declarations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from wom_sim.policies import heeds
from wom_sim.policies import policy as policy_named
from wom_sim.rules.leaving import MONTH
from wom_sim.scenario import Scenario
from wom_sim.scenario.amounts import in_currency, is_money, rate_of
from wom_sim.scenario.evidence import unmeasured
from wom_sim.scenario.model_keys import Slot, keys_of, slot_at
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.ranges import limits_of, tree_of
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.tree import Node, find, quoted
from wom_sim.words import Words, sentence

FIRST = ("per_day", "notice_days", "payment", "fee_waived", "framing", "explanation")
"""The levers of a policy that come first; with how many and whom, which stand above the policies, they are eight."""
MOST_IN_SIGHT = 6
MOST_POLICIES = 6
OF_ALL = ("choose.limit", "choose.by")
_FEE = 300.0
"""To how many US dollars a slider goes whose amount has no plausible range. Assumption; more can be typed."""
_STEPS = 100
_SMALLER = 10
"""The slider of how many customers there are goes down to this part of them."""
_MONEY = (
    "money.cost_per_call", "money.acquisition_cost", "money.horizon_months", "population.customers",
    "population.prospects",
)  # fmt: skip
_OF_SEGMENTS = ("revenue", "churn", "calls", "account_cost", "account_avoidable", "under_contract")


@dataclass(frozen=True)
class Control:
    """Something that can be moved. ``kind``: number, choice or yes; ``default``: the value before any change.

    ``low``, ``high``, ``step``: of the slider; a number beside it takes what the scenario allows. ``note``: plausible
    range and source. ``choices``: pairs of value and label.
    """

    key: str
    label: str
    kind: str
    value: Any
    default: Any
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    unit: str = ""
    note: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    policy: str = ""


@dataclass(frozen=True)
class Controls:
    """All controls of a scenario: ``policies`` by name, the first ``MOST_IN_SIGHT`` in sight."""

    of_all: list[Control]
    policies: dict[str, list[Control]]
    unknown: list[Control]
    money: list[Control]

    def __iter__(self) -> Iterator[Control]:
        """Yield every control."""
        yield from self.of_all
        for each in self.policies.values():
            yield from each
        yield from self.unknown
        yield from self.money


def controls(scenario: Scenario, before: Scenario, words: Words) -> Controls:
    """Return what can be moved in a scenario; ``before``: the scenario without any change, whose values are marked."""
    made = _Maker(scenario, before, words)
    return Controls(
        [c for key in OF_ALL if (c := made.control(key, _label(words, key.partition(".")[2]))) is not None],
        {policy.name: made.of_policy(policy) for policy in scenario.policies},
        made.unknown(),
        made.money(),
    )


def _label(words: Words, lever: str) -> str:
    known = {"limit": "app.lever.limit", "by": "app.lever.by", "per_day": "app.lever.per_day"}
    return words.say(known.get(lever, f"report.lever.{lever}"))


class _Maker:
    """Makes controls of one scenario in one language."""

    def __init__(self, scenario: Scenario, before: Scenario, words: Words) -> None:
        self._scenario, self._words = scenario, words
        self._tree, self._before = tree_of(scenario), tree_of(before)
        self._rate = rate_of(scenario)

    def of_policy(self, policy: Policy) -> list[Control]:
        """Return the levers of a policy that it heeds, those in sight first."""
        if policy.use == "keep":
            return []
        slots = keys_of(Policy)
        searched = policy_named(policy.use).searched
        own = [name for name in searched if name not in FIRST]
        first = [name for name in (*own, *FIRST) if heeds(policy.use, name)]
        rest = [
            name
            for name, slot in slots.items()
            if name not in first and f"report.lever.{name}" in _texts(self._words) and heeds(policy.use, name)
            and (slot.kinds[0] in (int, float, bool) or slot.choices)
        ]  # fmt: skip
        found = [
            self._made(f"policies.{quoted(policy.name)}.{name}", slots[name], self._of_policy(policy, name), name)
            for name in (*first[:MOST_IN_SIGHT], *first[MOST_IN_SIGHT:], *rest)
        ]
        return [control for control in found if control is not None]

    def _of_policy(self, policy: Policy, name: str) -> tuple[Any, Any]:
        """Return the value of a lever and what it was before any change."""

        def of(tree: Node) -> Any:
            path = path_of(tree, f"policies.{quoted(policy.name)}")
            node = None if path is None else find(tree, (*path, name))
            default = getattr(policy_named(policy.use).defaults, name, None)
            return default if node is None else node.value

        return of(self._tree), of(self._before)

    def control(self, key: str, label: str, note: str = "") -> Control | None:
        """Return the control of a key, None where the scenario has no single number or word there."""
        path = path_of(self._tree, key)
        slot = None if path is None else slot_at(path, self._scenario.network.kind)
        if path is None or slot is None:
            return None
        node, former = find(self._tree, path), path_of(self._before, key)
        was = None if former is None else find(self._before, former)
        value = None if node is None else node.value
        if isinstance(value, dict | list):
            return None
        return self._made(key, slot, (value, None if was is None else was.value), "", label, note)

    def _made(
        self, key: str, slot: Slot, values: tuple[Any, Any], lever: str, label: str = "", note: str = ""
    ) -> Control | None:
        value, default = values
        label = sentence(label or _label(self._words, lever))
        policy = key.split(".")[1].strip('"') if lever else ""
        if slot.choices:
            pairs = tuple((each, self._option(each)) for each in slot.choices)
            return Control(key, label, "choice", value, default, choices=pairs, policy=policy)
        if slot.kinds[0] is bool:
            return Control(key, label, "yes", bool(value), bool(default), policy=policy)
        if value is None or slot.kinds[0] not in (int, float):
            return None
        low, high = self._range(slot, float(value))
        whole = slot.kinds[0] is int
        step = _step(low, high, whole)
        unit = self._unit(slot)
        unit = "" if unit in label.lower().split() else unit  # "Days of notice" says it
        return Control(key, label, "number", _typed(value), _typed(default), low, high, step, unit, note, policy=policy)

    def _option(self, value: str) -> str:
        texts = _texts(self._words)
        return texts.get(f"report.option.{value}", texts.get(f"app.by.{value}", value.replace("_", " ")))

    def _unit(self, slot: Slot) -> str:
        unit = str(slot.about.get("unit", "")).partition(",")[0]
        if is_money(slot):
            rest = unit.partition(" ")[2]
            return f"{self._scenario.currency} {self._words.unit(rest)}".strip()
        return self._words.unit(unit)

    def _range(self, slot: Slot, value: float) -> tuple[float, float]:
        """Return the ends of the slider: what is plausible, widened to the value; else what is allowed, or up to twice.

        A range that begins just above nothing is widened to nothing, where that is allowed.
        """
        limits, plausible = limits_of(slot), slot.about.get("plausible")
        factor = (self._rate or 1.0) if is_money(slot) else 1.0
        if plausible is not None:
            low, high = (in_currency(float(end), factor) for end in plausible)
        else:
            low = limits.low if math.isfinite(limits.low) else 0.0
            high = _FEE * factor if is_money(slot) else limits.high
            if not math.isfinite(high) or high > 1_000.0:
                high = max(2.0 * value, 10.0)
        low, high = min(low, value), max(high, value)
        if limits.low == 0.0 and low > 0.0 and low <= 0.2 * high:
            low = 0.0
        return (low, high) if high > low else (low, low + 1.0)

    def unknown(self) -> list[Control]:
        """Return the numbers that nobody has measured and that have a plausible range, with range and source."""
        found = []
        for number in unmeasured(self._scenario):
            if number.plausible is None or "[]" in number.key:
                continue
            low, high = (self._words.number(end) for end in number.plausible)
            note = self._words.say(
                "app.unknown_note", low=low, high=high, grade=self._words.grade(number.grade), source=number.source
            )
            label = self._words.parameter(number.key, number.meaning)
            found.append(self.control(number.key, label, note))
        return [control for control in found if control is not None and control.kind == "number"]

    def money(self) -> list[Control]:
        """Return size, what things cost, and what a customer of each segment is like."""
        keys = [(key, self._words.say(f"app.money.{key}")) for key in _MONEY]
        if self._scenario.population.file is None:
            for segment in self._scenario.population.segments:
                keys += [
                    (f"population.segments.{quoted(segment.name)}.{name}",
                     f"{segment.name}: {self._words.say(f'app.segment.{name}')}")
                    for name in _OF_SEGMENTS
                ]  # fmt: skip
        else:
            keys = [(key, label) for key, label in keys if not key.startswith("population.")]
        found = [self.control(key, label) for key, label in keys]
        chosen = self._scenario.choose.limit or 1
        least = {
            "money.horizon_months": -(-self._scenario.run.days // MONTH),
            "population.customers": max(chosen, self._scenario.population.customers // _SMALLER),
        }
        return [replace(c, low=float(max(c.low, least.get(c.key, c.low)))) for c in found if c is not None]


def _typed(value: Any) -> Any:
    """Return a number as one types it: 1 for 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


def _texts(words: Words) -> Any:
    from wom_sim.words import catalogue

    return catalogue(words.lang)


def _step(low: float, high: float, whole: bool) -> float:
    """Return the step of a slider: a round one, about a hundred of them.

    >>> _step(0.0, 300.0, False), _step(0.0, 90.0, True), _step(0.2, 0.65, False)
    (2.0, 1.0, 0.005)
    """
    rough = (high - low) / _STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(n * power for n in (1.0, 2.0, 5.0, 10.0) if n * power >= rough * 0.75)
    return max(1.0, round(step)) if whole else float(f"{step:.3g}")


def may_be_set(key: str, found: Controls) -> bool:
    """Return whether an address may change a key: one that has a control, or the list of policies itself."""
    return key == "policies" or any(control.key == key for control in found)


def with_policies(policies: list[dict[str, Any]]) -> str:
    """Return a list of policies as ``--set`` takes it."""
    return f"[{', '.join(_inline(policy) for policy in policies)}]"


def policies_as_data(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the policies of a scenario with what was set in each, and no defaults."""
    return [p.model_dump(mode="json", exclude_none=True, exclude_unset=True) for p in scenario.policies]


def _inline(value: Any) -> str:
    """Return a value as TOML in one line.

    >>> _inline({"name": "a b", "for_all": True, "per_day": 2.0})
    '{"name" = "a b", "for_all" = true, "per_day" = 2.0}'
    """
    import json

    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(each) for each in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return "inf" if value > 0 else "-inf"
    return json.dumps(value, ensure_ascii=False)
