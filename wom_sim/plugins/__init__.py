"""What other packages add by entry point: policies, indicators, populations, networks, rules, charts, report sections.

One mechanism for all: an entry point gives a name, a scenario uses the name, and only then is the code loaded. It is
called in a thread of its own with a time limit (``limit``), what it gives is checked, and the text of its source is
part of the key of every run that depends on it. docs/PLUGINS.md has an example of each kind.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

POLICY, INDICATOR, POPULATION, NETWORK = "policy", "indicator", "population", "network"
RULE, CHART, SECTION = "rule", "chart", "section"
KINDS: dict[str, str] = {
    POLICY: "wom_sim.policies",
    INDICATOR: "wom_sim.indicators",
    POPULATION: "wom_sim.populations",
    NETWORK: "wom_sim.networks",
    RULE: "wom_sim.rules",
    CHART: "wom_sim.charts",
    SECTION: "wom_sim.sections",
}
"""The kinds of plug-in, and the group of entry points of each."""


def names(kind: str, taken: Container[str] = ()) -> tuple[str, ...]:
    """Return the names that other packages give to plug-ins of a kind; a name in ``taken`` cannot be taken over."""
    return tuple(sorted(name for name in _points(kind) if name not in taken))


def load(kind: str, name: str) -> Any:
    """Return what the entry point ``name`` of a kind names: an object, or the module that holds it.

    Raises
    ------
    ValueError
        For a name that no installed package has, and (PluginError) for one that cannot be loaded.
    """
    from wom_sim.plugins.limit import called

    point = _points(kind).get(name)
    if point is None:
        there = ", ".join(names(kind)) or "none"
        raise ValueError(f"no installed package has a {kind} named {name!r}; there are: {there}")
    return called(name, "loaded", point.load, kind)


def _points(kind: str) -> dict[str, Any]:
    """Return the entry points of a kind by name; every installed package is asked, which takes a while."""
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=KINDS[kind])}
