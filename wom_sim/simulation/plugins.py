"""Policies of other packages, held to what a policy must give: a wrong table would be read beyond its ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np

from wom_sim.plugins.limit import PluginError, called
from wom_sim.policies import POLICIES
from wom_sim.policies import policy as policy_named
from wom_sim.policies.setting import Levers, Policy, Setting
from wom_sim.world.treatments import TREATMENT_TYPE, Treatments, check


def usable(name: str) -> Policy:
    """Return a policy by name; what one of another package gives is checked each time.

    Raises
    ------
    ValueError
        If there is none of the name, or (PluginError) it is no policy; its plan, if it raises, does not come to an end
        within the limit, or gives no table.
    """
    found: Any = policy_named(name)
    if name in POLICIES:
        return cast(Policy, found)
    if not isinstance(found, Policy):
        raise PluginError(f"the policy {name!r} of another package is of type {type(found).__name__}, allowed: Policy")
    _check_declared(name, found)
    days = found.own_days
    return replace(
        found,
        plan=lambda setting: _checked(name, called(name, _ACTS, lambda: found.plan(setting)), setting),
        own_days=None if days is None else lambda setting, table: _checked(
            name, called(name, _ACTS, lambda: days(setting, table)), setting
        ),
    )  # fmt: skip


_ACTS = "carried out"
_TEXTS = ("numbers", "own_levers", "searched")


def _check_declared(name: str, found: Policy) -> None:
    """Raise PluginError where what a policy says of itself is of another type than it must be."""

    def are(values: Any, kind: type) -> bool:
        return isinstance(values, tuple) and all(isinstance(value, kind) for value in values)

    wrong = [field for field in _TEXTS if not are(getattr(found, field), str)]
    wrong += [] if found.actions is None or are(found.actions, int) else ["actions"]
    wrong += [] if isinstance(found.defaults, Levers) else ["defaults"]
    wrong += [] if callable(found.plan) else ["plan"]
    wrong += [] if found.own_days is None or callable(found.own_days) else ["own_days"]
    if wrong:
        given = f"{wrong[0]} = {str(getattr(found, wrong[0]))[:60]!r}"
        said = f"the policy {name!r} of another package has {given}, which is no {_ALLOWED[wrong[0]]}"
        raise PluginError(f"{said}; see wom_sim.policies.setting.Policy")


_ALLOWED = {
    "actions": "tuple of actions", "defaults": "Levers", "plan": "function", "own_days": "function",
    **dict.fromkeys(_TEXTS, "tuple of texts"),
}  # fmt: skip


def _checked(name: str, given: Any, setting: Setting) -> Treatments:
    """Return what a policy gave. Raises ValueError where it is no table of treatments of these people."""
    if not isinstance(given, np.ndarray) or given.dtype != TREATMENT_TYPE or given.ndim != 1:
        said = f"the policy {name!r} of another package returned {type(given).__name__}"
        raise PluginError(f"{said}, allowed: what wom_sim.world.treatments.table returns")
    try:
        check(given)
    except ValueError as error:
        raise PluginError(f"the policy {name!r} of another package: {error}") from None
    number = len(setting.people)
    if len(given) and int(given["person"].max()) >= number:
        person = int(given["person"].max())
        raise PluginError(
            f"the policy {name!r} of another package acts on person {person}; there are {number:,} people"
        )
    return given
