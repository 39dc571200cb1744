"""A market that an override made smaller, while what the scenario counts stayed: what that does to the story."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from wom_sim.scenario.reading import read
from wom_sim.scenario.represents import fits
from wom_sim.scenario.tree import KeyPath, Node, find

if TYPE_CHECKING:
    from wom_sim.scenario.models import Scenario

_CUSTOMERS: KeyPath = ("population", "customers")
_LIMIT: KeyPath = ("choose", "limit")
_AS_LARGE = 1.05
"""A share of the customers that grows by less is told as the same."""


def smaller_market(file: str | os.PathLike[str], scenario: Scenario) -> str | None:
    """Return what a scenario's smaller market distorts, where it has fewer customers than its file states.

    None where it has as many, or where its people stand for several. ``file`` is what the scenario was loaded from;
    what it extends counts as well.
    """
    root, customers = read(file), scenario.population.customers
    stated = _whole(root, _CUSTOMERS)
    if stated is None or not 0 < customers < stated or scenario.run.represents > 1 or not _counts(scenario):
        return None
    said = (
        f"population.customers = {customers:,}, where {os.fspath(file)} states {stated:,}. What it counts does not "
        f"shrink with the market: {_chosen(root, scenario, stated)}{_outlets(scenario)}. So this is another story, not "
        f"the same one with fewer people (wom-sim show docs scaling)"
    )
    same = _standing_for(scenario, stated)
    return said if same is None else f"{said}. For the same story: --set run.represents={same} in its place"


def _whole(root: Node, path: KeyPath) -> int | None:
    """Return the whole number that stands at a path, None if there is none."""
    node = find(root, path)
    return node.value if node is not None and isinstance(node.value, int) else None


def _counts(scenario: Scenario) -> bool:
    """Return whether anything in a scenario is a count that does not follow the size of the market."""
    choice = scenario.choose
    return bool(scenario.media.outlets) or choice.limit is not None or choice.ids is not None


def _chosen(root: Node, scenario: Scenario, stated: int) -> str:
    """Return what becomes of the number of those let go."""
    limit, before, ids = scenario.choose.limit, _whole(root, _LIMIT), scenario.choose.ids
    if ids is not None:
        return f"the firm lets go of {len(ids):,} people (choose.ids)"
    if not limit or not before:
        return "the firm lets go of as many fewer people"
    share = (limit / scenario.population.customers) / (before / stated)
    if share < _AS_LARGE:
        return f"the firm lets go of {limit:,} people instead of {before:,}"
    return f"the firm lets go of up to {limit:,} people (choose.limit), {share:.3g} times as large a share of all"


def _outlets(scenario: Scenario) -> str:
    """Return at how many posts outlets report; nothing where there are none."""
    thresholds = sorted(outlet.threshold for outlet in scenario.media.outlets)
    if not thresholds:
        return ""
    ends = f"{thresholds[0]:g} to {thresholds[-1]:g}" if thresholds[0] < thresholds[-1] else f"{thresholds[0]:g}"
    return f", and outlets report at {ends} posts whatever the size of the market"


def _standing_for(scenario: Scenario, stated: int) -> int | None:
    """Return for how many a person could stand in a market of the stated size, about as many as it was made smaller."""
    full = scenario.population.model_copy(update={"customers": stated})
    whole = scenario.model_copy(update={"population": full})
    wanted = round(stated / scenario.population.customers)
    return next((number for number in range(wanted, 1, -1) if fits(whole, number)), None)
