"""The base in a few sentences, and what in it cannot be what was meant; every figure is a cell of the table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from wom_sim.policies import policy as policy_named
from wom_sim.scenario import Scenario
from wom_sim.scenario.figures import figures_for
from wom_sim.simulation import policies_of, policy_of
from wom_sim.simulation.base_names import BASE, CHOICE
from wom_sim.words import Words
from wom_sim.words.figures import Figures
from wom_sim.world.treatments import DISMISS, NUDGE, OFFER, TRANSFER

_ENDS = {DISMISS, OFFER, TRANSFER, NUDGE}
"""Actions after which a customer is meant to be gone."""
_MOST_NAMED = 3
"""Policies and segments named in a sentence; of more it is said how many there are."""

Built = dict[str, float]
"""Figures as built, by name."""


class Chosen(NamedTuple):
    """Those whom some policies choose alike: the policies, the figures as built, and how many were to be chosen."""

    policies: tuple[str, ...]
    built: Built
    limit: float


def figures_of(table: pd.DataFrame, section: str, group: str, column: str = "built") -> Built:
    """Return the figures of a group of a section of the base by name."""
    rows = table[(table["section"] == section) & (table["group"].astype(str) == group)]
    return dict(zip(rows["name"].astype(str), rows[column].astype(float), strict=True))


def choices(table: pd.DataFrame) -> list[Chosen]:
    """Return whom the policies choose; policies whose figures are all the same stand together."""
    found: dict[str, Chosen] = {}
    for policy in dict.fromkeys(table.loc[table["section"] == CHOICE, "group"].astype(str)):
        built, stated = (figures_of(table, CHOICE, policy, column) for column in ("built", "stated"))
        same = repr((built, stated["chosen"]))  # in which what is not there is equal to itself
        before = found[same].policies if same in found else ()
        found[same] = Chosen((*before, policy), built, stated["chosen"])
    return list(found.values())


def named(names: tuple[str, ...], scenario: Scenario, words: Words) -> str:
    """Return policies within a sentence: in quotes as they are called, "every policy", or how many more there are."""
    acting = [policy.name for policy in policies_of(scenario) if policy.use != "keep"]
    if len(names) > 1 and len(names) == len(acting):
        return words.say("base.every_policy")
    quoted = [words.say("report.quoted", name=name) for name in names[:_MOST_NAMED]]
    more = [words.say("base.more", n=len(names) - _MOST_NAMED)] if len(names) > _MOST_NAMED else []
    return words.listed([*quoted, *more])


def brief(table: pd.DataFrame, scenario: Scenario, figures: Figures) -> list[str]:
    """Return the base in a sentence or two, and whom the policies choose."""
    say, value = figures.words.say, figures.value
    base = figures_of(table, BASE, "")
    if not base.get("customers"):
        return []
    told = {
        "n": value(base["customers"], "people"), "contribution": value(base["profitable_by_contribution"], "share"),
        "books": value(base["profitable_by_books"], "share"), "revenue": value(base["revenue_year"], "currency"),
        "brings": value(base["contribution_year"], "currency"), "booked": value(base["booked_profit_year"], "currency"),
    }  # fmt: skip
    return [say("base.brief", **told), *(_brief_chosen(each, scenario, figures) for each in choices(table))]


def _brief_chosen(each: Chosen, scenario: Scenario, figures: Figures) -> str:
    say, value, built = figures.words.say, figures.value, each.built
    policies = named(each.policies, scenario, figures.words)
    chosen = value(built["chosen"], "people")
    if "saving_year" not in built:
        return say("base.brief_everyone", policies=policies, n=chosen)
    if built["chosen"] == 0.0:
        return say("base.brief_nobody", policies=policies)
    each_brings = {"booked": "booked_profit_each", "brings": "contribution_each"}
    told = {name: value(built[figure], "currency") for name, figure in each_brings.items()}
    for name, figure in {"saving": "saving_year", "settled": "saving_settled_year"}.items():
        key = "base.brief_saves" if built[figure] >= 0.0 else "base.brief_costs"
        told[name] = say(key, amount=value(abs(built[figure]), "currency"))
    told |= {"ends": value(built["settles"], "share"), "bound": value(built["in_contract"], "share")}
    return say("base.brief_chosen", policies=policies, n=chosen, qualify=value(built["qualify"], "people"), **told)


def warnings(table: pd.DataFrame, scenario: Scenario, figures: Figures) -> list[str]:
    """Return what was built that cannot be what was meant, a sentence each."""
    base = figures_of(table, BASE, "")
    if not base:
        return []
    if base["customers"] == 0.0:
        return [figures.words.say("base.warning.no_customers")]
    said = list(_without_revenue(table, base, figures))
    for each in choices(table):
        said += [
            figures.words.say(f"base.warning.{key}", **values)
            for key, values in _of_choice(each, _best_paying(table), (scenario, figures))
        ]
    return said


def warnings_as_data(table: pd.DataFrame, scenario: Scenario) -> list[str]:
    """Return the same in English."""
    return warnings(table, scenario, figures_for(scenario))


def _without_revenue(table: pd.DataFrame, base: Built, figures: Figures) -> Iterator[str]:
    number = base["without_revenue"]
    if number == 0.0:
        return
    rows = table[(table["section"] == BASE) & (table["name"] == "without_revenue") & (table["built"] > 0.0)]
    names = [name for name in rows["group"].astype(str) if name]
    more = [figures.words.say("base.more", n=len(names) - _MOST_NAMED)] if len(names) > _MOST_NAMED else []
    told = {"n": figures.people(number), "all": figures.people(base["customers"])}
    yield figures.words.say(
        "base.warning.without_revenue", segments=figures.words.listed([*names[:_MOST_NAMED], *more]), **told
    )


def _best_paying(table: pd.DataFrame) -> float:
    """Return the mean revenue of the segment that pays most, in currency a month."""
    rows = table[(table["section"] == BASE) & (table["name"] == "revenue")]
    return float(rows["built"].max())


def _of_choice(each: Chosen, pays: float, told_in: tuple[Scenario, Figures]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the key of each warning about those whom some policies choose, and its values.

    ``pays`` is what the mean customer pays of the segment that pays most: nobody costs more than that and their calls,
    unless a cost is that of a year.
    """
    built, (scenario, figures) = each.built, told_in
    policies = named(each.policies, scenario, figures.words)
    if built["qualify"] == 0.0:
        yield "none_qualifies", {"policies": policies}
    elif not math.isnan(each.limit) and built["qualify"] < each.limit:
        told = {"limit": figures.people(each.limit), "n": figures.people(built["qualify"])}
        yield "fewer", {"policies": policies, **told}
    if built["chosen"] == 0.0:
        return
    amounts = {"loss": -built["booked_profit_each"], "revenue": pays, "calls": built["busiest_calls"]}
    if amounts["loss"] > pays + amounts["calls"]:
        yield "too_large", {"policies": policies, **{name: figures.money(value) for name, value in amounts.items()}}
    yield from _better_off(each, scenario, figures)


def _better_off(each: Chosen, scenario: Scenario, figures: Figures) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield that the firm is better off with those whom it would let go, where it is."""
    letting_go = tuple(name for name in each.policies if _lets_go(scenario, name))
    share, brings = each.built["profitable"], each.built["contribution_total"]
    if not letting_go or (share <= 0.5 and brings <= 0.0):
        return
    key = "mostly_profitable" if brings <= 0.0 else "better_off" if share > 0.5 else "brings_together"
    told = {"share": figures.value(share, "share"), "n": figures.people(each.built["chosen"])}
    if brings > 0.0:
        told["brings"] = figures.money(brings)
    yield key, {"policies": named(letting_go, scenario, figures.words), **told}


def _lets_go(scenario: Scenario, name: str) -> bool:
    """Return whether a policy is meant to end with customers gone; one that does not say is."""
    use = policy_named(policy_of(scenario, name).use)
    return use.actions is None or bool(_ENDS.intersection(use.actions))
