"""What the firm does; one policy a file, each called as ``policy(people, network, luck) -> treatments``.

A policy is a file here and a line in ``POLICIES``, or an entry point of another package in the group
``wom_sim.policies``. Importing this package imports none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from wom_sim import plugins

POLICIES: dict[str, str] = {
    "keep": "wom_sim.policies.keep",
    "bulk_letter": "wom_sim.policies.bulk_letter",
    "case_by_case": "wom_sim.policies.case_by_case",
    "paid_exit": "wom_sim.policies.paid_exit",
    "reprice": "wom_sim.policies.reprice",
    "nudge": "wom_sim.policies.nudge",
    "downgrade": "wom_sim.policies.downgrade",
    "transfer": "wom_sim.policies.transfer",
    "cap_credits": "wom_sim.policies.cap_credits",
    "fix_root_cause": "wom_sim.policies.fix_root_cause",
    "guarantee": "wom_sim.policies.guarantee",
    "warn_then_end": "wom_sim.policies.warn_then_end",
    "suspend": "wom_sim.policies.suspend",
    "at_renewal": "wom_sim.policies.at_renewal",
    "enforce": "wom_sim.policies.enforce",
}


def names() -> tuple[str, ...]:
    """Return the name of every policy: ours in the order of ``POLICIES``, then those of other packages."""
    return (*POLICIES, *plugins.names(plugins.POLICY, POLICIES))


def policy(name: str) -> Any:
    """Import the policy ``name`` and return its attribute ``POLICY``.

    An entry point may name the module or the policy itself. It is loaded here, and nowhere else.

    Raises
    ------
    ValueError
        For a name that nobody has, and (PluginError) for a policy of another package that cannot be loaded.
    """
    if name in POLICIES:
        return import_module(POLICIES[name]).POLICY
    try:
        loaded = plugins.load(plugins.POLICY, name)
    except plugins.NoSuchError:
        raise ValueError(f"no policy is named {name!r}; there are {', '.join(names())}") from None
    return getattr(loaded, "POLICY", loaded)


def heeds(use: str, lever: str) -> bool:
    """Return whether a policy takes notice of a lever: it does something, and the lever is not the own one of others.

    Of a policy that does not say what it does, it is taken to be so but for levers that others call their own.
    """
    mine = policy(use)
    own = {own for name in POLICIES for own in policy(name).own_levers}
    return mine.actions != () and (lever not in own or lever in mine.own_levers)
