"""All amounts of a scenario in its own currency: the one place where amounts are converted.

An amount that a file or ``--set`` states is in the currency of the scenario. One that nobody states is a default, in
US dollars; one of a file that is extended under another currency is in that of the file. Both are converted right after
the scenario is found valid, so that all else sees amounts of one currency. What stands in a file is never converted
again, so neither is a result's scenario, in which everything stands. Ranges of the evidence are converted where they
are read (``ranges``, ``beyond``), at the same rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from wom_sim import policies
from wom_sim.scenario.amounts import amounts, in_currency, is_money
from wom_sim.scenario.errors import Fault, ScenarioError, visible
from wom_sim.scenario.former_currency import CURRENCY, money_of
from wom_sim.scenario.model_keys import keys_of, slot_at
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.ranges import limits_of, tree_of
from wom_sim.scenario.rates import DOLLAR, DOLLARS, SOURCE, Money, code_of
from wom_sim.scenario.relevance import bears
from wom_sim.scenario.sections.exchange import Exchange
from wom_sim.scenario.sections.policies import Doing, Policy
from wom_sim.scenario.sections.worlds import Uncertain
from wom_sim.scenario.tree import KeyPath, Node, find, kind_of, origin_at, written

_CONVERTED: KeyPath = ("exchange", "converted")
_RATE: KeyPath = ("exchange", "per_dollar")
_SCALED = ("low", "mode", "high", "mean", "sd", "median", "choice", "rare")
"""The words of a distribution that are values of its number."""


class _Foreign(NamedTuple):
    """An amount that is in another currency than the scenario: key, place, value and currency."""

    key: str
    path: KeyPath
    value: float
    money: Money


def in_one_currency(scenario: Scenario, tree: Node) -> Scenario:
    """Return a scenario with all amounts in its currency. ``tree`` is what was stated of it.

    Raises
    ------
    ScenarioError
        If an amount on which something depends is in another currency, and a rate is not known.
    """
    own = money_of(tree)
    if own.code == DOLLAR and own.rate != 1.0:
        origin = origin_at(tree, _RATE)
        raise ScenarioError([Fault(origin.file, origin.line, written(tree, _RATE), f"{own.rate:g}", "1 for dollars")])
    if own.code == DOLLAR and all(_money_at(tree, path, own).code == DOLLAR for path, _ in amounts(tree)):
        return scenario
    foreign = list(_foreign(scenario, tree, own))
    _check_rates(scenario, tree, own, foreign)
    for item in foreign:
        factor = item.money.to(own)
        if factor is not None and item.value:
            scenario = _with_amount(scenario, item, factor)
    return scenario.model_copy(update={"exchange": _noted(scenario, tree, own, foreign)})


def as_it_was_run(scenario: Scenario) -> Scenario:
    """Return the scenario of a result; where an earlier version took dollars for another currency, so do its ranges."""
    exchange = scenario.exchange
    if code_of(scenario.currency) == DOLLAR or exchange.per_dollar is not None or exchange.converted is not None:
        return scenario
    return scenario.model_copy(update={"exchange": Exchange(per_dollar=1.0)})


def converted(scenario: Scenario) -> list[tuple[str, float, str]]:
    """Return key, amount and unit of what was converted and has an effect in a scenario; what is 0 has none.

    What is the same for all items of a list is there once, as ``population.segments[].surplus``.
    """
    listed = set(scenario.exchange.converted or ())
    if not listed:
        return []
    tree = tree_of(scenario)
    found: list[tuple[str, str, float, str]] = []
    every: dict[str, list[tuple[bool, float]]] = {}
    for path, value in amounts(tree):
        key, slot = written(tree, path), slot_at(path, scenario.network.kind)
        every.setdefault(kind_of(path), []).append((key in listed, value))
        if value and key in listed and slot is not None and bears(scenario, key):
            found.append((kind_of(path), key, value, slot.about["unit"]))
    alike = {kind for kind, each in every.items() if len(each) > 1 and len(set(each)) == 1}
    return list(dict.fromkeys((kind if kind in alike else key, value, unit) for kind, key, value, unit in found))


# -- what is in another currency -----------------------------------------------------------------------------


def _foreign(scenario: Scenario, tree: Node, own: Money) -> Iterator[_Foreign]:
    """Yield the amounts that are not in the currency of the scenario."""
    full = tree_of(scenario)
    for path, value in (*amounts(full), *_defaults_of_policies(scenario)):
        money = _money_at(tree, path, own)
        if money.code != own.code:
            yield _Foreign(written(full, path), path, value, money)


def _money_at(tree: Node, path: KeyPath, own: Money) -> Money:
    """Return the currency of what stands at a path: dollars where nothing does, as it is a default then."""
    node = find(tree, path)
    return DOLLARS if node is None else node.origin.money or own


def _defaults_of_policies(scenario: Scenario) -> Iterator[tuple[KeyPath, float]]:
    """Yield the amounts that policies have by default, and the scenario leaves to them."""
    if code_of(scenario.currency) == DOLLAR:
        return
    levers = [name for name, slot in {**keys_of(Doing), **keys_of(Policy)}.items() if is_money(slot)]
    for number, policy in enumerate(scenario.policies):
        steps: list[tuple[KeyPath, Any]] = [(("policies", number), policy)]
        steps += [(("policies", number, "then"), policy.then)] if policy.then is not None else []
        for path, step in steps:
            defaults = policies.policy(step.use).defaults
            for lever in levers:
                amount = getattr(defaults, lever, None)
                if amount and getattr(step, lever, 0.0) is None:
                    yield (*path, lever), float(amount)


# -- converted -----------------------------------------------------------------------------------------------


def _with_amount(scenario: Scenario, item: _Foreign, factor: float) -> Scenario:
    """Return the scenario with an amount, and the distribution that is given for it, times a factor."""
    value, slot = in_currency(item.value, factor), slot_at(item.path, scenario.network.kind)
    limits = None if slot is None else limits_of(slot)
    if limits is not None and not limits.low <= value <= limits.high:
        allowed = f"{limits.low:g} to {limits.high:g}"
        raise ScenarioError([Fault(scenario.name, key=item.key, given=f"{value:g}, converted", allowed=allowed)])
    uncertain = tuple(_scaled(each, factor) if each.key == item.key else each for each in scenario.uncertain)
    changed: Scenario = _put(scenario, item.path, value)
    return changed.model_copy(update={"uncertain": uncertain})


def _put(at: Any, path: KeyPath, value: float) -> Any:
    """Return a table or a list with another value at a path; what was set in it, and what not, stays so."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        return (*at[:part], _put(at[part], rest, value), *at[part + 1 :])
    return at.model_copy(update={part: _put(getattr(at, part), rest, value)})


def _scaled(item: Uncertain, factor: float) -> Uncertain:
    given = item.distribution
    changes: dict[str, Any] = {}
    for word in _SCALED:
        value = getattr(given, word)
        if isinstance(value, tuple):
            changes[word] = tuple(in_currency(each, factor) for each in value)
        elif value is not None:
            changes[word] = in_currency(value, factor)
    return item.model_copy(update={"distribution": given.model_copy(update=changes)})


def _noted(scenario: Scenario, tree: Node, own: Money, foreign: list[_Foreign]) -> Exchange:
    """Return the rate with its source, and what was converted: here, and before in the file of a result."""
    given = scenario.exchange
    listed = find(tree, _CONVERTED)
    before = [] if listed is None else _still_there(scenario, tree, listed)
    here = [item.key for item in foreign if item.value and item.money.to(own) is not None]
    others = {item.money.code: item.money.rate for item in foreign if item.value and item.money.code != DOLLAR}
    texts = [f"{code} {rate:g}" for code, rate in others.items() if rate is not None]
    return Exchange(
        per_dollar=own.rate,
        source=SOURCE if own.per_dollar is None and own.rate is not None and own.code != DOLLAR else given.source,
        converted=tuple(dict.fromkeys([*before, *here])),
        others=tuple(dict.fromkeys([*given.others, *texts])),
    )


def _still_there(scenario: Scenario, tree: Node, listed: Node) -> list[str]:
    """Return which amounts that a result lists as converted are what stands in that result, and not set on top."""
    full = tree_of(scenario)
    own = [written(full, path) for path, _ in amounts(full) if origin_at(tree, path).file == listed.origin.file]
    return [key for key in scenario.exchange.converted or () if key in own]


# -- refused -------------------------------------------------------------------------------------------------


def _check_rates(scenario: Scenario, tree: Node, own: Money, foreign: list[_Foreign]) -> None:
    """Raise ScenarioError with the amounts that matter and cannot be converted, and with what can be done."""
    missing = [item for item in foreign if item.money.to(own) is None and item.value and bears(scenario, item.key)]
    if not missing:
        return
    currency, n = visible(own.currency), len(missing)
    them = "1 amount that has an effect is" if n == 1 else f"{n} amounts that have an effect are"
    unknown = own if own.rate is None else next(item.money for item in missing if item.money.rate is None)
    where = "" if unknown is own else " in the file that has them"
    lines = [f"    {item.key} = {item.value:g}    # {visible(item.money.code)}" for item in missing]
    message = (
        f"no rate of {visible(unknown.currency)} to the US dollar is known, and {them} not stated in {currency}. "
        f"Either state the rate{where}, exchange.per_dollar = ({visible(unknown.currency)} for one US dollar), or "
        f"state in {currency}, in the file or with --set:"
    )
    origin = origin_at(tree, CURRENCY)
    raise ScenarioError([Fault(origin.file, origin.line, "currency", message="\n".join([message, *lines]))])
