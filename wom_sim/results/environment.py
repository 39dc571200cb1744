"""Which packages a result was made with: a lock file of what is installed here of what this package needs."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution

from wom_sim.scenario import Scenario

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def lock_text(scenario: Scenario | None = None) -> str:
    """Return "name==version" lines of this package and all that it needs, sorted, as pip reads them.

    With a scenario, also the packages of the plug-ins that it uses.
    """
    found: dict[str, str] = {}
    for name in ("wom_sim", *(plugin_packages(scenario) if scenario is not None else ())):
        _add(name, found)
    lines = [f"{name}=={version}" for name, version in sorted(found.items())]
    return "".join(f"{line}\n" for line in lines)


def plugin_packages(scenario: Scenario) -> list[str]:
    """Return the names of the installed packages whose plug-ins a scenario uses."""
    from importlib.metadata import entry_points

    from wom_sim import plugins
    from wom_sim.policies import POLICIES

    steps = [use for p in scenario.policies for use in (p.use, p.then.use if p.then is not None else p.use)]
    used = {(plugins.POLICY, use) for use in steps if use not in POLICIES} | set(scenario.plugins.used())
    used |= {(plugins.CHART, name) for name in scenario.plugins.charts}
    used |= {(plugins.SECTION, name) for name in scenario.plugins.sections}
    names = set()
    for kind, name in used:
        for point in entry_points(group=plugins.KINDS[kind], name=name):
            if point.dist is not None:
                names.add(point.dist.name)
    return sorted(names)


def _add(name: str, found: dict[str, str]) -> None:
    """Add an installed package, and what it needs without extras."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    if plain in found:
        return
    try:
        known = distribution(name)
    except PackageNotFoundError:
        if plain == "wom-sim":  # a checkout that is on the path, not installed
            from wom_sim import __version__

            found[plain] = __version__
        return
    found[plain] = known.version
    for needed in known.requires or ():
        match = _NAME.match(needed)
        if match is not None and "extra ==" not in needed:
            _add(match.group(), found)
