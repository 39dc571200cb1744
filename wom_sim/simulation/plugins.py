"""Policies of other packages, held to what a policy must give: a wrong table would be read beyond its ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np

from wom_sim.policies import POLICIES
from wom_sim.policies import policy as policy_named
from wom_sim.policies.setting import Policy, Setting
from wom_sim.world.treatments import TREATMENT_TYPE, Treatments, check


def usable(name: str) -> Policy:
    """Return a policy by name; what one of another package gives is checked each time.

    Raises
    ------
    ValueError
        If there is none of the name, or it is no policy.
    """
    found: Any = policy_named(name)
    if name in POLICIES:
        return cast(Policy, found)
    if not isinstance(found, Policy):
        raise ValueError(f"the policy {name!r} of another package is of type {type(found).__name__}, allowed: Policy")
    return replace(found, plan=lambda setting: _checked(name, found.plan(setting), setting))


def _checked(name: str, given: Any, setting: Setting) -> Treatments:
    """Return what a policy gave. Raises ValueError where it is no table of treatments of these people."""
    if not isinstance(given, np.ndarray) or given.dtype != TREATMENT_TYPE or given.ndim != 1:
        said = f"the policy {name!r} of another package returned {type(given).__name__}"
        raise ValueError(f"{said}, allowed: what wom_sim.world.treatments.table returns")
    try:
        check(given)
    except ValueError as error:
        raise ValueError(f"the policy {name!r} of another package: {error}") from None
    number = len(setting.people)
    if len(given) and int(given["person"].max()) >= number:
        person = int(given["person"].max())
        raise ValueError(f"the policy {name!r} of another package acts on person {person}; there are {number:,} people")
    return given
