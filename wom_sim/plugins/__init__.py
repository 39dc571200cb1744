"""What other packages add by entry point: policies, indicators, populations, networks, rules, charts, report sections.

One mechanism for all: an entry point gives a name, a scenario uses the name, and only then is the code loaded. It is
called in a thread of its own with a time limit (``limit``), what it gives is checked, and the text of its source is
part of the key of every run that depends on it. docs/PLUGINS.md has an example of each kind.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from wom_sim.plugins.limit import PluginError

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


class NoSuchError(ValueError):
    """No installed package has a plug-in of that name."""


def names(kind: str, taken: Container[str] = ()) -> tuple[str, ...]:
    """Return the names that other packages give to plug-ins of a kind; a name in ``taken`` cannot be taken over."""
    return tuple(sorted(name for name in _points(kind) if name not in taken))


def load(kind: str, name: str) -> Any:
    """Return what the entry point ``name`` of a kind names: an object, or the module that holds it.

    Raises
    ------
    NoSuchError
        For a name that no installed package has.
    PluginError
        For one that cannot be loaded.
    """
    from wom_sim.plugins.limit import called

    point = _points(kind).get(name)
    if point is None:
        there = ", ".join(names(kind)) or "none"
        raise NoSuchError(f"no installed package has a {kind} named {name!r}; there are: {there}")
    return called(name, "loaded", point.load, kind)


class Declared(Protocol):
    """What a plug-in says of itself: at least its name."""

    @property
    def name(self) -> str:
        """The name, which is that of its entry point."""


_D = TypeVar("_D", bound=Declared)


def declared(kind: str, name: str, wanted: type[_D]) -> _D:
    """Return what a plug-in says of itself: what its entry point names, or what that module calls by the kind's name.

    Raises
    ------
    ValueError
        As ``load`` does; PluginError where it is no ``wanted``, or bears another name than its entry point.
    """
    loaded = load(kind, name)
    found = getattr(loaded, kind.upper(), loaded)
    if not isinstance(found, wanted):
        raise wrong(kind, name, wanted, f"is of type {type(found).__name__}, allowed: {wanted.__name__}")
    if found.name != name:
        raise wrong(
            kind, name, wanted, f"calls itself {str(found.name)[:60]!r}; its entry point must have the same name"
        )
    return found


def wrong(kind: str, name: str, wanted: type, what: str) -> PluginError:
    """Return the error of a plug-in that cannot be used, which says where to read what it must be."""
    from wom_sim.plugins.limit import PluginError

    return PluginError(f"the {kind} {name!r} of another package {what}; see {wanted.__module__}.{wanted.__name__}")


def _points(kind: str) -> Mapping[str, Any]:
    """Return the entry points of a kind by name."""
    return _points_in(kind, tuple((place, _changed(place)) for place in sys.path))


@cache
def _points_in(kind: str, places: tuple[tuple[str, int], ...]) -> Mapping[str, Any]:
    """Ask every installed package, which takes a while: so once, until a place of packages is new or has changed."""
    from importlib.metadata import entry_points

    return MappingProxyType({point.name: point for point in entry_points(group=KINDS[kind])})


def _changed(place: str) -> int:
    """Return when a folder of packages was changed, in nanoseconds; 0 where there is none."""
    try:
        return Path(place or ".").stat().st_mtime_ns
    except OSError:
        return 0
